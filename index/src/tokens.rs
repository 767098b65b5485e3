//! The words of a text as they stand there, and the terms that they become.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::mem;
use std::ops::Range;
use std::sync::Arc;

use rustc_hash::FxBuildHasher;
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use crate::word::{self, Word};

/// Longer words are no language and not indexed, in bytes; German compounds stay below this.
pub(crate) const LONGEST_WORD: usize = 100;
/// Texts lie so many positions apart: the end of one is not near the beginning of the next.
pub(crate) const APART: usize = 8;
/// So many words are remembered by whoever indexes.
const MOST_KNOWN: usize = 50_000;
/// What may stand between a first part that was left out and its compound: `Vor- und …`.
const CONNECTORS: [&str; 5] = ["und", "oder", "sowie", "bzw", "wie"];

/// The places of the words of a text: letters and digits; everything else separates.
///
/// The endings of `Bürger*innen`, `Bürger:in`, `Bürger_innen` and `Bürger/-innen` are no words.
pub(crate) fn words(text: &str) -> Words<'_> {
    Words { text, rest: 0 }
}

/// See [`words`].
pub(crate) struct Words<'a> {
    text: &'a str,
    /// Where what was not yet read begins.
    rest: usize,
}

impl Words<'_> {
    fn candidate(&mut self) -> Option<Range<usize>> {
        let start = self.rest + self.text.get(self.rest..)?.find(char::is_alphanumeric)?;
        let behind = self.text.get(start..)?;
        let end = start + behind.find(|char: char| !char.is_alphanumeric()).unwrap_or(behind.len());
        self.rest = end;
        Some(start..end)
    }
}

impl Iterator for Words<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        loop {
            let place = self.candidate()?;
            if !is_gender_ending(self.text, &place) {
                return Some(place);
            }
        }
    }
}

fn is_gender_ending(text: &str, place: &Range<usize>) -> bool {
    let word = text.get(place.clone()).unwrap_or_default();
    if !(word.eq_ignore_ascii_case("in") || word.eq_ignore_ascii_case("innen")) {
        return false;
    }
    let ahead = text.get(..place.start).unwrap_or_default();
    let ahead = ahead.strip_suffix('-').filter(|it| it.ends_with('/')).unwrap_or(ahead);
    ahead
        .strip_suffix(['*', ':', '_', '/', '(', '·'])
        .is_some_and(|ahead| ahead.ends_with(char::is_alphabetic))
}

/// Which terms stand for a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Terms {
    /// The word itself, in lower case.
    Written,
    /// Its stem, and the stems of the words inside of it, each behind a hyphen. A compound takes as
    /// many positions as it has parts, so `Nahverkehrsangebot` and `Angebot Nahverkehr` can be told
    /// apart, and `Kita-Plätze` and `Kitaplätze` cannot.
    Stems,
}

/// The term for a word inside of others; no word begins like it.
pub(crate) fn inside(stem: &str) -> String {
    format!("-{stem}")
}

/// Turns text into terms of one sort.
#[derive(Clone)]
pub(crate) struct German {
    terms: Terms,
    /// Words that were met before: whoever indexes is alone with them and needs no lock.
    known: HashMap<String, Arc<Word>, FxBuildHasher>,
}

impl German {
    pub(crate) fn new(terms: Terms) -> Self {
        Self { terms, known: HashMap::default() }
    }

    fn word(&mut self, lower: &str) -> Arc<Word> {
        if let Some(known) = self.known.get(lower) {
            return Arc::clone(known);
        }
        if self.known.len() >= MOST_KNOWN {
            self.known.clear();
        }
        let word = word::word(lower);
        self.known.insert(lower.to_owned(), Arc::clone(&word));
        word
    }
}

impl Tokenizer for German {
    type TokenStream<'a> = Stream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Stream<'a> {
        Stream {
            german: self,
            words: words(text),
            lower: String::new(),
            fronts: Vec::new(),
            waiting: Vec::new(),
            position: APART,
            next_position: APART,
            token: Token::default(),
        }
    }
}

/// The terms of a text, one after the other.
pub(crate) struct Stream<'a> {
    german: &'a mut German,
    words: Words<'a>,
    /// The word at hand in lower case.
    lower: String,
    /// First parts whose compound follows: `kinder` and `jugend` in `Kinder-, Jugend- und …`.
    fronts: Vec<String>,
    /// What the word at hand stands for, the last position first: positions must never go down.
    waiting: Vec<Waiting>,
    position: usize,
    next_position: usize,
    token: Token,
}

impl Stream<'_> {
    /// The next term of the word at hand.
    fn emit(&mut self) -> bool {
        let Some(next) = self.waiting.pop() else { return false };
        self.token.text.clear();
        match next.part.and_then(|part| next.word.parts.get(part)) {
            None => self.token.text.push_str(&next.word.stem),
            Some(part) => {
                self.token.text.push('-');
                self.token.text.push_str(&part.stem);
            }
        }
        self.token.position = self.position + next.from;
        true
    }

    /// Adds what a word stands for.
    fn wait(&mut self, word: &Arc<Word>) {
        self.waiting.extend(word.parts.iter().enumerate().rev().map(|(number, part)| Waiting {
            from: part.from,
            word: Arc::clone(word),
            part: Some(number),
        }));
        self.waiting.push(Waiting { from: 0, word: Arc::clone(word), part: None });
    }

    /// Takes the next word at hand; its first term may follow at once.
    fn take(&mut self, place: Range<usize>) {
        lower_into(&mut self.lower, self.words.text.get(place.clone()).unwrap_or_default());
        self.token.offset_from = place.start;
        self.token.offset_to = place.end;
        self.token.position_length = 1;
        self.position = self.next_position;
        self.token.position = self.position;
        if self.german.terms == Terms::Written {
            self.next_position += 1;
            self.token.text.clone_from(&self.lower);
            return;
        }
        let word = self.german.word(&self.lower);
        let completed = self.completed_fronts(place.end);
        if completed.is_empty() && word.parts.is_empty() {
            self.next_position += 1;
            self.token.text.clone_from(&word.stem);
            return;
        }
        self.wait(&word);
        let mut length = word.length();
        for word in &completed {
            length = length.max(word.length());
            self.wait(word);
        }
        if !completed.is_empty() {
            self.waiting.sort_by_key(|waiting| Reverse(waiting.from));
        }
        self.next_position += length;
        self.emit();
    }

    /// `Vor- und Nachmittagsbetreuung` also stands for the compound that was not written out.
    fn completed_fronts(&mut self, end: usize) -> Vec<Arc<Word>> {
        let behind = self.words.text.get(end..).unwrap_or_default();
        let is_front =
            behind.strip_prefix('-').is_some_and(|it| !it.starts_with(char::is_alphanumeric));
        if is_front {
            self.fronts.push(self.lower.clone());
            return Vec::new();
        }
        if self.fronts.is_empty() || CONNECTORS.contains(&self.lower.as_str()) {
            return Vec::new();
        }
        let fronts = mem::take(&mut self.fronts);
        let completed = fronts.iter().filter_map(|front| word::completed(front, &self.lower));
        completed.map(|word| word::word(&word)).collect()
    }
}

/// Writes a word in lower case, the letters of German without looking anything up.
fn lower_into(lower: &mut String, written: &str) {
    lower.clear();
    for char in written.chars() {
        match char {
            'ä' | 'ö' | 'ü' | 'ß' => lower.push(char),
            _ if char.is_ascii() => lower.push(char.to_ascii_lowercase()),
            _ => lower.extend(char.to_lowercase()),
        }
    }
}

/// A term of the word at hand.
struct Waiting {
    /// Its position from that of the word.
    from: usize,
    word: Arc<Word>,
    /// Which of its parts; none for the word itself.
    part: Option<usize>,
}

impl TokenStream for Stream<'_> {
    fn advance(&mut self) -> bool {
        if self.emit() {
            return true;
        }
        let Some(place) = self.words.find(|place| place.len() <= LONGEST_WORD) else {
            return false;
        };
        self.take(place);
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}
