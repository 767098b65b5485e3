//! Parts of a file that a client asks for.

use std::ops::Range;

/// What of a file is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Asked {
    /// All of it.
    Whole,
    /// These bytes.
    Part(Range<u64>),
    /// Bytes that there are not.
    Beyond,
}

/// Reads a `Range` header. Several ranges at once, other units and what cannot be read ask for the
/// whole file, as the specification allows.
pub(super) fn asked(header: Option<&str>, size: u64) -> Asked {
    let range = header.and_then(|header| header.trim().strip_prefix("bytes="));
    let Some((first, last)) = range.and_then(|range| range.split_once('-')) else {
        return Asked::Whole;
    };
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse::<u64>().unwrap_or(u64::MAX))
    };
    let (first, last) = (first.trim(), last.trim());
    let range = match (number(first), number(last)) {
        (Some(first), Some(last)) if first <= last => first..last.saturating_add(1).min(size),
        (Some(first), None) if last.is_empty() => first..size,
        (None, Some(count)) if first.is_empty() => size.saturating_sub(count)..size,
        _ => return Asked::Whole,
    };
    if range.start < range.end { Asked::Part(range) } else { Asked::Beyond }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_the_specification_asks() {
        let check = |header, expected| assert_eq!(asked(header, 100), expected, "{header:?}");
        check(None, Asked::Whole);
        check(Some("bytes=0-9"), Asked::Part(0..10));
        check(Some("bytes=90-"), Asked::Part(90..100));
        check(Some("bytes=90-200"), Asked::Part(90..100));
        check(Some("bytes=-10"), Asked::Part(90..100));
        check(Some("bytes=-200"), Asked::Part(0..100));
        check(Some("bytes=100-"), Asked::Beyond);
        check(Some("bytes=-0"), Asked::Beyond);
        check(Some("bytes=99999999999999999999-"), Asked::Beyond);
        check(Some("bytes=9-3"), Asked::Whole);
        check(Some("bytes=0-1,3-4"), Asked::Whole);
        check(Some("lines=0-9"), Asked::Whole);
        check(Some("bytes=+1-2"), Asked::Whole);
    }
}
