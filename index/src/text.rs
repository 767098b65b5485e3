//! What a person typed, taken apart.
//!
//! Words, `"phrases"`, `-excluded` and `-"excluded phrases"`; every other sign only separates.
//! There is no grammar that input could break, and no recursion that it could exhaust.

use unicode_normalization::UnicodeNormalization;

use crate::{analysis, tokens};

/// More characters are cut off.
const MOST_CHARS: usize = 300;
/// More words are left out.
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
}

impl Text {
    /// Takes a text apart; nothing if it holds no word at all.
    pub(crate) fn parse(input: &str) -> Option<Self> {
        let input = cut(input);
        let mut text = Self { key: analysis::lower(input.trim()), ..Self::default() };
        text.scan(&input);
        text.drop_stop_words();
        let found = !(text.words.is_empty() && text.phrases.is_empty() && text.excluded.is_empty());
        found.then_some(text)
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
                let words = take_words(part, &mut left);
                self.add_phrase(words, negated);
            } else {
                self.scan_plain(part, &mut left);
            }
            negated = !quoted && ends_with_minus(part);
        }
    }

    fn scan_plain(&mut self, part: &str, left: &mut usize) {
        for chunk in part.split_whitespace() {
            let words = take_words(chunk, left);
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

/// Normalised input of bounded length; never more than a few hundred characters are looked at.
fn cut(input: &str) -> String {
    let mut chars = input.chars().take(4 * MOST_CHARS).nfc();
    let mut kept: String = chars.by_ref().take(MOST_CHARS).collect();
    if chars.next().is_some_and(char::is_alphanumeric)
        && let Some((end, char)) = kept.char_indices().rfind(|(_, char)| !char.is_alphanumeric())
    {
        kept.truncate(end + char.len_utf8());
    }
    kept
}

fn is_quote(char: char) -> bool {
    matches!(char, '"' | '„' | '“' | '”' | '»' | '«')
}

fn ends_with_minus(part: &str) -> bool {
    part.strip_suffix('-')
        .is_some_and(|rest| rest.is_empty() || rest.ends_with(char::is_whitespace))
}

fn take_words(text: &str, left: &mut usize) -> Vec<String> {
    let words = tokens::words(text).take(*left).filter_map(|place| text.get(place));
    let words: Vec<String> = words.map(analysis::lower).collect();
    *left -= words.len();
    words
}
