//! Other words for the same thing.

use std::collections::HashMap;

use crate::word;
use crate::{analysis, tokens};

/// Words that stand for each other.
#[derive(Clone, Debug, PartialEq)]
pub struct SynonymGroup {
    /// Words, or several words that follow each other.
    pub terms: Vec<String>,
    /// What a document that holds another of them is worth, above 0 up to 1.
    pub weight: f32,
}

/// Another way to say something.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Alternative {
    /// Its words in lower case.
    pub(crate) words: Vec<String>,
    /// What it is worth.
    pub(crate) weight: f32,
}

/// All groups, by the stems of what somebody may have typed.
#[derive(Debug, Default)]
pub(crate) struct Synonyms {
    by_stems: HashMap<Vec<String>, Vec<Alternative>>,
    /// How many words the longest term has.
    longest: usize,
    /// Tells these synonyms from earlier ones.
    pub(crate) version: u64,
}

impl Synonyms {
    /// From groups of terms, in place of these.
    pub(crate) fn replaced(&self, groups: &[SynonymGroup]) -> Self {
        let mut synonyms = Self { version: self.version + 1, ..Self::default() };
        for group in groups {
            let terms: Vec<Vec<String>> = group.terms.iter().map(|term| words_of(term)).collect();
            for (place, term) in terms.iter().enumerate() {
                let stems = stems_of(term);
                if stems.is_empty() {
                    continue;
                }
                synonyms.longest = synonyms.longest.max(stems.len());
                let others = terms.iter().enumerate().filter(|(other, words)| {
                    *other != place && !words.is_empty() && stems_of(words) != stems
                });
                let others: Vec<Alternative> = others
                    .map(|(_, words)| Alternative { words: words.clone(), weight: group.weight })
                    .collect();
                synonyms.by_stems.entry(stems).or_default().extend(others);
            }
        }
        synonyms
    }

    /// Other ways to say what has these stems.
    pub(crate) fn of(&self, stems: &[String]) -> &[Alternative] {
        self.by_stems.get(stems).map(Vec::as_slice).unwrap_or_default()
    }

    /// Other ways to say these words.
    pub(crate) fn of_words(&self, words: &[String]) -> &[Alternative] {
        if self.by_stems.is_empty() { &[] } else { self.of(&stems_of(words)) }
    }

    /// Words in the order they were typed, those together that have a synonym together.
    pub(crate) fn units<'a>(&self, words: &'a [String]) -> Vec<&'a [String]> {
        let mut units = Vec::with_capacity(words.len());
        let mut rest = words;
        while !rest.is_empty() {
            let known = |count: &usize| {
                rest.get(..*count).is_some_and(|words| !self.of_words(words).is_empty())
            };
            let count = (2..=self.longest.min(rest.len())).rev().find(known).unwrap_or(1);
            let (unit, others) = rest.split_at(count);
            units.push(unit);
            rest = others;
        }
        units
    }
}

fn words_of(term: &str) -> Vec<String> {
    let term = analysis::nfc(term.to_owned());
    tokens::words(&term).filter_map(|place| term.get(place)).map(analysis::lower).collect()
}

/// The stems of the words that say something.
fn stems_of(words: &[String]) -> Vec<String> {
    let telling = words.iter().filter(|word| words.len() == 1 || !analysis::is_stop_word(word));
    telling.map(|written| word::word(written).stem.clone()).collect()
}
