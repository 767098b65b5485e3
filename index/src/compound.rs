//! Takes German compounds apart: `nahverkehrsangebot` into `nah`, `verkehrs` and `angebot`.
//!
//! Every way to read a word as parts costs something; the cheapest way counts, if it is cheap
//! enough. A part costs one, more if it is rare, short, or joined in an unusual form.

use std::ops::Range;

use crate::lexicon::{Entry, Lexicon, Link, lexicon};

/// Shorter words have no parts.
const SHORTEST_WORD: usize = 6;
/// Shorter parts are none.
const SHORTEST_PART: usize = 3;
/// Longer words are not looked at.
const LONGEST_WORD: usize = 80;
/// What a part may cost on the average.
const MOST_A_PART: f32 = 1.5;
/// What the parts of a word may cost that the dictionaries know as one word.
const MOST_OF_KNOWN: f32 = 2.36;
/// What frequency costs, by band; the first is for words that were never met.
const RARITY: [f32; 8] = [0.7, 0.0, 0.05, 0.15, 0.25, 0.4, 0.5, 0.7];

/// The parts of a word in lower case, from left to right; nothing if it is none.
pub(crate) fn split(word: &str) -> Vec<Range<usize>> {
    let count = word.chars().count();
    if !(SHORTEST_WORD..=LONGEST_WORD).contains(&count) {
        return Vec::new();
    }
    let lexicon = lexicon();
    let known = lexicon.entry(word).unwrap_or_default();
    if known.whole || (known.lemma.is_some() && !known.noun) {
        return Vec::new();
    }
    // Bürgerinnen has as few parts as Bürger.
    if lexicon.lemma(word).is_some_and(|lemma| lemma != word && split(&lemma).is_empty()) {
        return Vec::new();
    }
    let Some((cost, parts)) = cheapest(lexicon, word) else { return Vec::new() };
    let most = match known.lemma {
        Some(_) => MOST_OF_KNOWN,
        None => MOST_A_PART * parts.len() as f32,
    };
    if parts.len() < 2 || cost > most {
        return Vec::new();
    }
    parts.into_iter().flat_map(|part| finest(word, part)).collect()
}

/// The parts of a part, or the part itself.
fn finest(word: &str, part: Range<usize>) -> Vec<Range<usize>> {
    let inner = word.get(part.clone()).map(split).unwrap_or_default();
    if inner.is_empty() {
        return vec![part];
    }
    inner.into_iter().map(|inner| part.start + inner.start..part.start + inner.end).collect()
}

/// The cheapest way to the start of a part: what it costs, and where the part before starts.
type Step = Option<(f32, usize)>;

fn cheapest(lexicon: &Lexicon, word: &str) -> Option<(f32, Vec<Range<usize>>)> {
    let mut steps: Vec<Step> = vec![None; word.len() + 1];
    *steps.first_mut()? = Some((0.0, 0));
    for start in 0..word.len() {
        let Some((so_far, _)) = steps.get(start).copied().flatten() else { continue };
        let rest = word.get(start..)?;
        for (length, entry) in lexicon.beginnings(rest) {
            let (end, part) = (start + length, rest.get(..length)?);
            if length == word.len() {
                continue;
            }
            let Some(cost) = part_cost(entry, part, end == word.len()) else { continue };
            let step = steps.get_mut(end)?;
            if step.is_none_or(|(known, _)| so_far + cost < known) {
                *step = Some((so_far + cost, start));
            }
        }
    }
    let (cost, mut start) = steps.last().copied().flatten()?;
    let mut parts = Vec::from([Range { start, end: word.len() }]);
    while start > 0 {
        let (_, before) = steps.get(start).copied().flatten()?;
        parts.push(before..start);
        start = before;
    }
    parts.reverse();
    Some((cost, parts))
}

fn part_cost(entry: Entry, part: &str, is_last: bool) -> Option<f32> {
    let length = part.chars().count();
    if length < SHORTEST_PART {
        return None;
    }
    let joint = match (is_last, entry.link) {
        (true, _) if entry.noun => 0.0,
        (true, _) => return None,
        (false, Link::None) => return None,
        (false, Link::Noun) => 0.0,
        (false, Link::Stem) => 0.15,
        (false, Link::Guess) => 0.25,
    };
    let short = match (length, entry.usual) {
        (3, false) => 0.6,
        (3, true) | (4, _) => 0.1,
        _ => 0.0,
    };
    let rarity = RARITY.get(usize::from(entry.band)).copied().unwrap_or(1.0);
    // Short rare words are everywhere inside of others.
    let factor = if length <= 4 { 2.0 } else { 1.0 };
    Some(1.0 + joint + short + rarity * factor)
}

/// The places within a word where one part ends and another begins, in bytes.
///
/// For explanations and evaluations; the analysis itself works with the parts.
#[must_use]
pub fn boundaries(word: &str) -> Vec<usize> {
    split(&crate::analysis::lower(word)).iter().skip(1).map(|part| part.start).collect()
}
