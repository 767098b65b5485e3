//! Words that are typed wrongly, or not to the end.

use std::collections::{BTreeSet, HashMap};

use tantivy::query::FuzzyTermQuery;
use tantivy::schema::Field;
use tantivy::{Searcher, Term};

use super::Correction;
use super::audience::Audience;
use super::bm25::Postings;
use crate::lexicon::lexicon;
use crate::{compound, schema, tokens, word};

/// How many words that are written nearly so are looked for.
const MOST_NEARLY: usize = 5;
/// How many of them are asked whether anybody may know them.
const MOST_CANDIDATES: usize = 50;
/// Weight of a word that is written nearly so, by the number of differences.
const NEARLY_BOOST: [f32; 2] = [0.8, 0.6];
/// How many words that begin so are looked for, and in how many of the dictionary.
const MOST_COMPLETED: usize = 50;
const MOST_LOOKED_AT: usize = 5_000;
/// Weight of a word that begins as the last one that was typed.
const COMPLETED_BOOST: f32 = 0.9;

/// A word that stands nowhere, and words that are written nearly so.
pub(super) struct Nearly {
    pub(super) typed: String,
    found: Vec<String>,
    pub(super) boost: f32,
}

impl Nearly {
    /// The stems of the words, each once.
    pub(super) fn stems(&self) -> BTreeSet<String> {
        self.found.iter().map(|written| word::word(written).stem.clone()).collect()
    }
}

impl From<&Nearly> for Correction {
    fn from(nearly: &Nearly) -> Self {
        Self { typed: nearly.typed.clone(), nearly: nearly.found.clone() }
    }
}

/// Words written nearly like those that nobody has ever written, neither alone nor inside of others.
pub(super) fn corrections(
    audience: &Audience<'_>,
    words: &[String],
) -> tantivy::Result<Vec<Nearly>> {
    let mut corrections = Vec::new();
    for typed in words {
        if is_right(audience, typed)? {
            continue;
        }
        for (distance, boost) in (1..=distance(typed)).zip(NEARLY_BOOST) {
            let found = nearly(audience, typed, distance)?;
            if !found.is_empty() {
                corrections.push(Nearly { typed: typed.clone(), found, boost });
                break;
            }
        }
    }
    Ok(corrections)
}

/// Whether a word is one, or stands somewhere, or is made of such.
fn is_right(audience: &Audience<'_>, typed: &str) -> tantivy::Result<bool> {
    let is_number = typed.chars().all(|char| char.is_ascii_digit());
    if is_number || lexicon().entry(typed).is_some() || !compound::split(typed).is_empty() {
        return Ok(true);
    }
    let stem = &word::word(typed).stem;
    Ok(audience.knows(schema::WRITTEN, typed)?
        || audience.knows(schema::STEMS, stem)?
        || audience.knows(schema::STEMS, &tokens::inside(stem))?)
}

/// How many differences are forgiven: none in short words, where most would be another word.
fn distance(typed: &str) -> u8 {
    match typed.chars().count() {
        0..=3 => 0,
        4..=7 => 1,
        8..=40 => 2,
        // To compare so long words takes more memory than they are worth.
        _ => 0,
    }
}

/// The most frequent words with at most so many differences and the same first letter.
fn nearly(audience: &Audience<'_>, typed: &str, distance: u8) -> tantivy::Result<Vec<String>> {
    let term = Term::from_field_text(schema::WRITTEN, typed);
    let automaton = FuzzyTermQuery::new(term, distance, true).automaton()?;
    let mut frequencies: HashMap<String, u32> = HashMap::new();
    for segment in audience.searcher.segment_readers() {
        let inverted = segment.inverted_index(schema::WRITTEN)?;
        let mut terms = inverted.terms().search(&automaton).into_stream()?;
        while terms.advance() {
            if let Ok(word) = std::str::from_utf8(terms.key())
                && first_letter(word) == first_letter(typed)
            {
                *frequencies.entry(word.to_owned()).or_default() += terms.value().doc_freq;
            }
        }
    }
    let mut found = Vec::new();
    for word in most_frequent(frequencies, MOST_CANDIDATES) {
        if found.len() < MOST_NEARLY && audience.knows(schema::WRITTEN, &word)? {
            found.push(word);
        }
    }
    Ok(found)
}

/// The first letter, without the dots of an umlaut.
fn first_letter(word: &str) -> Option<char> {
    word.chars().next().map(|first| match first {
        'ä' => 'a',
        'ö' => 'o',
        'ü' => 'u',
        other => other,
    })
}

fn most_frequent(frequencies: HashMap<String, u32>, count: usize) -> Vec<String> {
    let mut words: Vec<(u32, String)> =
        frequencies.into_iter().map(|(word, frequency)| (frequency, word)).collect();
    words.sort_unstable_by(|one, two| two.0.cmp(&one.0).then_with(|| one.1.cmp(&two.1)));
    words.into_iter().take(count).map(|(_, word)| word).collect()
}

/// The documents with words that begin so, or so with umlauts for what was typed as ae, oe and ue.
pub(super) fn completed(searcher: &Searcher, beginning: &str) -> tantivy::Result<Vec<Postings>> {
    let mut stems: BTreeSet<String> = BTreeSet::new();
    let spelt = word::with_umlauts(beginning);
    for beginning in [Some(beginning), spelt.as_deref()].into_iter().flatten() {
        for written in beginning_with(searcher, schema::WRITTEN, beginning, MOST_COMPLETED)? {
            stems.insert(word::word(&written).stem.clone());
        }
    }
    let postings =
        stems.iter().map(|stem| Postings::scored(searcher, schema::STEMS, stem, COMPLETED_BOOST));
    Ok(postings.collect::<tantivy::Result<Vec<_>>>()?.into_iter().flatten().collect())
}

/// Whether those who ask may know of a word that begins so.
pub(super) fn begins_known(audience: &Audience<'_>, beginning: &str) -> tantivy::Result<bool> {
    let spelt = word::with_umlauts(beginning);
    for beginning in [Some(beginning), spelt.as_deref()].into_iter().flatten() {
        for word in beginning_with(audience.searcher, schema::WRITTEN, beginning, MOST_COMPLETED)? {
            if audience.knows(schema::WRITTEN, &word)? {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// The most frequent words of a field that begin so.
pub(crate) fn beginning_with(
    searcher: &Searcher,
    field: Field,
    beginning: &str,
    count: usize,
) -> tantivy::Result<Vec<String>> {
    let mut frequencies: HashMap<String, u32> = HashMap::new();
    for segment in searcher.segment_readers() {
        let inverted = segment.inverted_index(field)?;
        let mut terms = inverted.terms().range().ge(beginning).into_stream()?;
        let mut looked_at = 0;
        while looked_at < MOST_LOOKED_AT && terms.advance() {
            let Ok(word) = std::str::from_utf8(terms.key()) else { continue };
            if !word.starts_with(beginning) {
                break;
            }
            *frequencies.entry(word.to_owned()).or_default() += terms.value().doc_freq;
            looked_at += 1;
        }
    }
    Ok(most_frequent(frequencies, count))
}
