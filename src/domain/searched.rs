//! What is searched for, summed up over everybody: to see what people miss.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Longer texts are no searches that others repeat.
const LONGEST: usize = 80;
/// So many digits in a row may be a telephone number, a postal code with more, or a key.
const MOST_DIGITS: usize = 5;

/// A text that was searched for on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Searched {
    /// The day, in UTC.
    pub day: NaiveDate,
    /// The text, in lower case.
    pub text: String,
    /// How often.
    pub asked: u64,
    /// How many entries matched all of it the last time.
    pub hits: u64,
    /// How often somebody opened what it found.
    pub opened: u64,
}

/// A text as it is counted; nothing if it may say something of a person: an address of mail or web,
/// a long number, a long text.
#[must_use]
pub fn countable(text: &str) -> Option<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let longest_number = text.split(|char: char| !char.is_ascii_digit()).map(str::len).max();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let harmless = (1..=LONGEST).contains(&text.chars().count())
        && !text.contains(['@', '/'])
        && longest_number.unwrap_or_default() < MOST_DIGITS
        && digits < 2 * MOST_DIGITS;
    harmless.then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_says_nothing_of_a_person_is_counted() {
        assert_eq!(countable("  Bürgerbus   im Dorf "), Some("bürgerbus im dorf".to_owned()));
        assert_eq!(countable("Förderung 2024"), Some("förderung 2024".to_owned()));
        for text in ["", " ", "amt@example.org", "03741 12345", "0151 234 567 89", "https://x"] {
            assert_eq!(countable(text), None, "{text}");
        }
        assert_eq!(countable(&"wort ".repeat(20)), None);
    }
}
