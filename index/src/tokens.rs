//! The words of a text as they stand there, and the terms that they become.

use std::cmp::Reverse;
use std::mem;
use std::ops::Range;
use std::sync::Arc;

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use crate::word::{self, Word};

/// Longer words are no language and not indexed, in bytes; German compounds stay below this.
pub(crate) const LONGEST_WORD: usize = 100;
/// What may stand between a first part that was left out and its compound: `Vor- und …`.
const CONNECTORS: [&str; 5] = ["und", "oder", "sowie", "bzw", "wie"];

/// The places of the words of a text: letters and digits; everything else separates.
///
/// The endings of `Bürger*innen`, `Bürger:in`, `Bürger_innen` and `Bürger/-innen` are no words.
pub(crate) fn words(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut rest = 0;
    let next = move || {
        let start = rest + text.get(rest..)?.find(char::is_alphanumeric)?;
        let behind = text.get(start..)?;
        let end = start + behind.find(|char: char| !char.is_alphanumeric()).unwrap_or(behind.len());
        rest = end;
        Some(start..end)
    };
    std::iter::from_fn(next).filter(|place| !is_gender_ending(text, place))
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
    /// Its stem.
    Stems,
    /// Its stem, and the stems of the words inside of it. A compound takes as many positions as
    /// it has parts, so `Nahverkehrsangebot` and `Angebot Nahverkehr` can be told apart, and
    /// `Kita-Plätze` and `Kitaplätze` cannot.
    Parts,
}

/// Turns text into terms of one sort.
#[derive(Clone)]
pub(crate) struct German(pub(crate) Terms);

impl Tokenizer for German {
    type TokenStream<'a> = Stream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Stream<'a> {
        Stream {
            text,
            terms: self.0,
            words: Box::new(words(text).filter(|place| place.len() <= LONGEST_WORD)),
            lower: String::new(),
            fronts: Vec::new(),
            waiting: Vec::new(),
            position: 0,
            next_position: 0,
            token: Token::default(),
        }
    }
}

/// The terms of a text, one after the other.
pub(crate) struct Stream<'a> {
    text: &'a str,
    terms: Terms,
    words: Box<dyn Iterator<Item = Range<usize>> + 'a>,
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
        self.token.position = self.position + next.from;
        let stem = match next.part {
            None => Some(&next.word.stem),
            Some(part) => next.word.parts.get(part).map(|part| &part.stem),
        };
        self.token.text.clone_from(stem.unwrap_or(&next.word.stem));
        true
    }

    /// Adds what a word stands for.
    fn wait(&mut self, word: &Arc<Word>) {
        self.waiting.push(Waiting { from: 0, word: Arc::clone(word), part: None });
        if self.terms == Terms::Parts {
            self.waiting.extend(word.parts.iter().enumerate().map(|(number, part)| Waiting {
                from: part.from,
                word: Arc::clone(word),
                part: Some(number),
            }));
        }
    }

    /// Takes the next word at hand.
    fn take(&mut self, place: Range<usize>) {
        self.lower.clear();
        let written = self.text.get(place.clone()).unwrap_or_default();
        if written.is_ascii() {
            self.lower.push_str(written);
            self.lower.make_ascii_lowercase();
        } else {
            self.lower.extend(written.chars().flat_map(char::to_lowercase));
        }
        self.token.offset_from = place.start;
        self.token.offset_to = place.end;
        self.token.position_length = 1;
        self.position = self.next_position;
        if self.terms == Terms::Written {
            self.next_position += 1;
            self.token.text.clone_from(&self.lower);
            self.token.position = self.position;
            return;
        }
        let word = word::word(&self.lower);
        let mut length = word.length();
        self.wait(&word);
        for completed in self.completed_fronts(place.end) {
            length = length.max(completed.length());
            self.wait(&completed);
        }
        self.waiting.sort_by_key(|waiting| Reverse(waiting.from));
        self.next_position += length;
    }

    /// `Vor- und Nachmittagsbetreuung` also stands for the compound that was not written out.
    fn completed_fronts(&mut self, end: usize) -> Vec<Arc<Word>> {
        let behind = self.text.get(end..).unwrap_or_default();
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
        let Some(place) = self.words.next() else { return false };
        self.take(place);
        self.terms == Terms::Written || self.emit()
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}
