//! Numbers as people type them.

use crate::domain::Language;

/// A number, with its digits in groups or not; nothing if it is none.
pub(super) fn number(text: &str, language: Language) -> Option<f64> {
    let (group, point) = match language {
        Language::German => ('.', ','),
        Language::English => (',', '.'),
    };
    let plain: String = text
        .chars()
        .filter(|letter| !letter.is_whitespace() && *letter != '€')
        .map(|letter| if letter == '−' { '-' } else { letter })
        .collect();
    let (whole, rest) = match plain.split_once(point) {
        Some((whole, rest)) => (whole, Some(rest)),
        None => (plain.as_str(), None),
    };
    let digits = match (is_grouped(whole, group), rest) {
        (true, rest) => joined(&whole.replace(group, ""), rest),
        // A single mark that makes no groups of three is the other language's point.
        (false, None) => whole.replacen(group, ".", 1),
        (false, Some(_)) => return None,
    };
    let sound = digits.chars().all(|letter| letter.is_ascii_digit() || matches!(letter, '-' | '.'));
    digits.parse().ok().filter(|number: &f64| sound && number.is_finite())
}

/// Whether marks stand between groups of three digits, if there are any.
fn is_grouped(whole: &str, group: char) -> bool {
    let mut parts = whole.split(group);
    let first = parts.next().unwrap_or_default().trim_start_matches('-');
    let mut rest = parts.peekable();
    rest.peek().is_none() || (1..=3).contains(&first.len()) && rest.all(|part| part.len() == 3)
}

fn joined(whole: &str, rest: Option<&str>) -> String {
    match rest {
        Some(rest) => format!("{whole}.{rest}"),
        None => whole.to_owned(),
    }
}

/// A number as it stands in a field.
pub(super) fn typed(number: f64, language: Language) -> String {
    let text = number.to_string();
    match language {
        Language::German => text.replace('.', ","),
        Language::English => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_type_them() {
        use Language::{English, German};
        for (text, language, expected) in [
            ("1.500", German, Some(1_500.0)),
            ("1.500,5", German, Some(1_500.5)),
            ("2,5", German, Some(2.5)),
            ("2.5", German, Some(2.5)),
            ("12 000 €", German, Some(12_000.0)),
            ("−3", German, Some(-3.0)),
            ("1,500.25", English, Some(1_500.25)),
            ("2,5", English, Some(2.5)),
            ("0.125", English, Some(0.125)),
            ("1.2.3", German, None),
            ("1.50,5", German, None),
            ("viele", German, None),
            ("inf", English, None),
            ("1e9", English, None),
            ("", German, None),
        ] {
            assert_eq!(number(text, language), expected, "{text} {language:?}");
        }
        for value in [0.5, 1_234.567, -2.0, 1_000_000.0] {
            for language in [German, English] {
                assert_eq!(number(&typed(value, language), language), Some(value));
            }
        }
    }
}
