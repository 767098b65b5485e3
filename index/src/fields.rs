//! Conditions that somebody types between the words: `topic:mobility`, `-state:SN`,
//! `population:<5000`, `thema:"Wohnen und Bauen"`.

use std::ops::RangeInclusive;

use crate::analysis;
use crate::text::is_quote;

/// A condition, as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name, in lower case.
    pub name: String,
    /// Its values: at least one, none of them empty; several are divided by commas, quoted ones are
    /// one.
    pub values: Vec<String>,
    /// Whether it must not hold.
    pub excluded: bool,
    /// All of it as it was typed.
    pub typed: String,
}

/// What somebody typed: words, and conditions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    /// Everything but the conditions.
    pub words: String,
    /// The conditions in their order.
    pub fields: Vec<Field>,
    /// Names that look like those of conditions but are none; what follows them is among the words.
    pub unknown: Vec<String>,
}

/// Takes conditions with these names out of a text.
///
/// There is no grammar that input could break: what is no condition stays where it is.
#[must_use]
pub fn fields(text: &str, is_known: impl Fn(&str) -> bool) -> Typed {
    let mut typed = Typed::default();
    let mut rest = text;
    let mut quoted = false;
    while let Some(first) = rest.chars().next() {
        let at_start = typed.words.is_empty() || typed.words.ends_with(char::is_whitespace);
        if at_start
            && !quoted
            && let Some((field, length)) = field(rest)
        {
            if is_known(&field.name) {
                typed.fields.push(field);
                rest = rest.get(length..).unwrap_or_default();
                continue;
            }
            typed.unknown.push(field.name);
        }
        quoted ^= is_quote(first);
        typed.words.push(first);
        rest = rest.get(first.len_utf8()..).unwrap_or_default();
    }
    typed
}

/// The condition that a text begins with, and its length.
fn field(text: &str) -> Option<(Field, usize)> {
    let positive = text.strip_prefix('-').unwrap_or(text);
    let end = positive.find(|char: char| !char.is_alphabetic() && char != '_')?;
    let (name, rest) = positive.split_at_checked(end)?;
    let value = rest.strip_prefix(':').filter(|_| name.chars().count() > 1)?;
    let is_quoted = value.starts_with(is_quote);
    let (value, behind) = match value.strip_prefix(is_quote) {
        Some(value) => value.split_once(is_quote)?,
        None => value.split_at_checked(value.find(char::is_whitespace).unwrap_or(value.len()))?,
    };
    // Neither a web address nor `Bürger:innen` is a condition.
    let is_ending = |value: &str| {
        let word: String = value.chars().take_while(|char| char.is_alphabetic()).collect();
        matches!(word.as_str(), "in" | "innen")
    };
    let values: Vec<String> = match is_quoted {
        true => vec![value.trim().to_owned()],
        false => value.split(',').map(|value| value.trim().to_owned()).collect(),
    };
    let values: Vec<String> = values.into_iter().filter(|it| !it.is_empty()).collect();
    if values.is_empty() || value.starts_with("//") || is_ending(value) {
        return None;
    }
    let length = text.len() - behind.len();
    let typed = text.get(..length)?.to_owned();
    let name = analysis::lower(&analysis::nfc(name.to_owned()));
    Some((Field { name, values, excluded: text.len() > positive.len(), typed }, length))
}

/// Reads whole numbers: `5000`, `5.000`, `<5000`, `>=1000`, `1000..5000`, `1000-5000`.
#[must_use]
pub fn range(text: &str) -> Option<RangeInclusive<i64>> {
    let text = text.trim();
    let (from, to) = (0, i64::MAX);
    if let Some(rest) = text.strip_prefix("<=").or_else(|| text.strip_prefix('≤')) {
        return Some(from..=number(rest)?);
    }
    if let Some(rest) = text.strip_prefix(">=").or_else(|| text.strip_prefix('≥')) {
        return Some(number(rest)?..=to);
    }
    if let Some(rest) = text.strip_prefix('<') {
        return Some(from..=number(rest)?.checked_sub(1)?);
    }
    if let Some(rest) = text.strip_prefix('>') {
        return Some(number(rest)?.checked_add(1)?..=to);
    }
    for divider in ["..", "-", "–"] {
        if let Some((low, high)) = text.split_once(divider) {
            let low = if low.is_empty() { from } else { number(low)? };
            let high = if high.is_empty() { to } else { number(high)? };
            return (low <= high).then_some(low..=high);
        }
    }
    let exactly = number(text)?;
    Some(exactly..=exactly)
}

/// A number with or without dots between its thousands.
fn number(text: &str) -> Option<i64> {
    let text = text.trim();
    let mut groups = text.split('.');
    let first = groups.next()?;
    let grouped = groups.clone().next().is_some();
    let is_whole = |group: &str, longest: usize| {
        (1..=longest).contains(&group.len()) && group.bytes().all(|byte| byte.is_ascii_digit())
    };
    let fits = is_whole(first, if grouped { 3 } else { 18 })
        && groups.all(|group| group.len() == 3 && is_whole(group, 3));
    fits.then(|| text.replace('.', "").parse().ok())?
}
