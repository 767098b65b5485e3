//! What a person typed, taken apart.
//!
//! Words, `"phrases"`, `-excluded` and `-"excluded phrases"`; every other sign only separates.
//! There is no grammar that input could break, and no recursion that it could exhaust.

use crate::error::Error;
use crate::{analysis, tokens};

/// Longer texts are refused, in characters.
pub const LONGEST_TEXT: usize = 1_000;
/// More words are left out, and [`crate::Reading`] says so.
const MOST_WORDS: usize = 24;

/// The parts of a text query. All words are in lower case.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Text {
    /// Single words, stop words left out unless there is nothing else.
    pub(crate) words: Vec<String>,
    /// Words that must follow each other; a single one must occur as written.
    pub(crate) phrases: Vec<Vec<String>>,
    /// Words or phrases that must not occur.
    pub(crate) excluded: Vec<Vec<String>>,
    /// The whole input, as it might be an id or an external key.
    pub(crate) key: String,
    /// How many words were too many.
    pub(crate) unread: usize,
}

impl Text {
    /// Takes a text apart; nothing if it holds no word at all. Fails if it is too long.
    pub(crate) fn parse(input: &str) -> Result<Option<Self>, Error> {
        if input.chars().nth(LONGEST_TEXT).is_some() {
            return Err(Error::TextTooLong { limit: LONGEST_TEXT });
        }
        let input = analysis::nfc(input.to_owned());
        let mut text = Self { key: analysis::lower(input.trim()), ..Self::default() };
        text.scan(&input);
        text.drop_stop_words();
        let found = !(text.words.is_empty() && text.phrases.is_empty() && text.excluded.is_empty());
        Ok(found.then_some(text))
    }

    /// The words that a hit should show: all but the excluded ones.
    pub(crate) fn shown(&self) -> impl Iterator<Item = &String> {
        self.words.iter().chain(self.phrases.iter().flatten())
    }

    fn scan(&mut self, input: &str) {
        let parts: Vec<&str> = input.split(is_quote).collect();
        let last = parts.len() - 1;
        let mut left = MOST_WORDS;
        let mut negated = false;
        for (place, part) in parts.into_iter().enumerate() {
            let quoted = place % 2 == 1 && place < last;
            if quoted {
                let words = self.take_words(part, &mut left);
                self.add_phrase(words, negated);
            } else {
                self.scan_plain(part, &mut left);
            }
            negated = !quoted && ends_with_minus(part);
        }
    }

    fn scan_plain(&mut self, part: &str, left: &mut usize) {
        for chunk in part.split_whitespace() {
            let words = self.take_words(chunk, left);
            if chunk.starts_with('-') {
                self.add_phrase(words, true);
            } else {
                for word in words {
                    if !self.words.contains(&word) {
                        self.words.push(word);
                    }
                }
            }
        }
    }

    fn take_words(&mut self, text: &str, left: &mut usize) -> Vec<String> {
        let mut words: Vec<String> =
            tokens::words(text).filter_map(|place| text.get(place)).map(analysis::lower).collect();
        self.unread += words.len().saturating_sub(*left);
        words.truncate(*left);
        *left -= words.len();
        words
    }

    fn add_phrase(&mut self, words: Vec<String>, negated: bool) {
        if !words.is_empty() {
            let list = if negated { &mut self.excluded } else { &mut self.phrases };
            list.push(words);
        }
    }

    fn drop_stop_words(&mut self) {
        let rest: Vec<String> =
            self.words.iter().filter(|word| !analysis::is_stop_word(word)).cloned().collect();
        if !rest.is_empty() || !self.phrases.is_empty() {
            self.words = rest;
        }
    }
}

/// Whether a sign opens or closes a phrase.
pub(crate) fn is_quote(char: char) -> bool {
    matches!(char, '"' | '„' | '“' | '”' | '»' | '«')
}

fn ends_with_minus(part: &str) -> bool {
    part.strip_suffix('-')
        .is_some_and(|rest| rest.is_empty() || rest.ends_with(char::is_whitespace))
}
