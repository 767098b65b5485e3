//! Shows where a text matches.

use std::collections::HashSet;
use std::ops::Range;

use tantivy::tokenizer::TextAnalyzer;

use crate::analysis;
use crate::document::HighlightField;
use crate::text::Text;
use crate::{compound, word};

/// How long a snippet is, in bytes; it is cut at word boundaries.
const LENGTH: usize = 240;
/// How much of a snippet may precede its first match.
const LEAD: usize = 60;
/// Only this much of a text is looked at.
const LOOKED_AT: usize = 200_000;

/// The part of a document's text that shows best why it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Highlight {
    /// Which text.
    pub field: HighlightField,
    /// Its pieces in order; put together they are a part of the text, plain and not escaped.
    pub fragments: Vec<Fragment>,
}

/// A piece of a snippet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fragment {
    /// The piece.
    pub text: String,
    /// Whether it is a word that was searched for.
    pub matched: bool,
}

/// Finds the words of one text query in stored texts.
pub(crate) struct Highlighter {
    analyzer: TextAnalyzer,
    stems: HashSet<String>,
}

/// A word that matches: where, and what it is reduced to.
struct Match {
    place: Range<usize>,
    stem: String,
}

impl Highlighter {
    /// For the words of a text; nothing if it has none.
    pub(crate) fn new(text: &str) -> Option<Self> {
        let text = Text::parse(text)?;
        let mut analyzer = analysis::stem_analyzer();
        let mut stems: HashSet<String> =
            text.shown().flat_map(|word| analysis::tokens(&mut analyzer, word)).collect();
        stems.extend(text.shown().flat_map(|word| word::word(word).inside.finest.clone()));
        (!stems.is_empty()).then_some(Self { analyzer, stems })
    }

    /// The best part of a text, if it matches at all.
    pub(crate) fn highlight(&mut self, field: HighlightField, text: &str) -> Option<Highlight> {
        let text = text.get(..text.floor_char_boundary(LOOKED_AT))?;
        let matches = self.matches(text);
        let window = window(text, &matches)?;
        let inside = matches
            .iter()
            .map(|found| &found.place)
            .filter(|place| window.start <= place.start && place.end <= window.end);
        Some(Highlight { field, fragments: fragments(text, &window, inside) })
    }

    fn matches(&mut self, text: &str) -> Vec<Match> {
        let mut found = Vec::new();
        let stems = &self.stems;
        self.analyzer.token_stream(text).process(&mut |token| {
            let place = token.offset_from..token.offset_to;
            if stems.contains(&token.text) {
                found.push(Match { place, stem: token.text.clone() });
            } else {
                found.extend(
                    text.get(place.clone())
                        .into_iter()
                        .flat_map(|written| inner_matches(written, place.start, stems)),
                );
            }
        });
        found
    }
}

/// The parts of a compound that match.
fn inner_matches(written: &str, start: usize, stems: &HashSet<String>) -> Vec<Match> {
    let word = analysis::lower(written);
    if word.len() != written.len() {
        // Places in one are not places in the other then.
        return Vec::new();
    }
    let parts = compound::split(&word);
    let matches = parts.into_iter().zip(word::word(&word).inside.finest.clone());
    let matches = matches.filter(|(_, stem)| stems.contains(stem));
    matches
        .map(|(part, stem)| Match { place: start + part.start..start + part.end, stem })
        .collect()
}

/// Where the most different words meet; of equals the first.
fn window(text: &str, matches: &[Match]) -> Option<Range<usize>> {
    let mut best: Option<((usize, usize), usize)> = None;
    for (index, first) in matches.iter().enumerate() {
        let end = first.place.start + LENGTH - LEAD;
        let near = matches.iter().skip(index).take_while(|found| found.place.end <= end);
        let (mut words, mut count) = (HashSet::new(), 0);
        for found in near {
            words.insert(found.stem.as_str());
            count += 1;
        }
        let worth = (words.len(), count);
        if best.is_none_or(|(most, _)| worth > most) {
            best = Some((worth, first.place.start));
        }
    }
    best.map(|(_, start)| around(text, start))
}

/// A stretch of whole words around a place.
fn around(text: &str, place: usize) -> Range<usize> {
    if text.len() <= LENGTH {
        return 0..text.len();
    }
    let lead =
        text.floor_char_boundary(place.saturating_sub(LEAD).min(text.len().saturating_sub(LENGTH)));
    let start = match lead {
        0 => 0,
        _ => next_word(text, lead).filter(|start| *start <= place).unwrap_or(place),
    };
    let end = text.floor_char_boundary(start + LENGTH);
    if end >= text.len() {
        return start..text.len();
    }
    let whole = text
        .get(start..end)
        .and_then(|part| part.rfind(char::is_whitespace))
        .map(|end| start + end);
    start..whole.filter(|end| *end > place).unwrap_or(end)
}

/// The start of the first word behind the next gap.
fn next_word(text: &str, from: usize) -> Option<usize> {
    let rest = text.get(from..)?;
    let gap = rest.find(char::is_whitespace)?;
    let word = rest.get(gap..)?.find(|char: char| !char.is_whitespace())?;
    Some(from + gap + word)
}

fn fragments<'a>(
    text: &str,
    window: &Range<usize>,
    matches: impl Iterator<Item = &'a Range<usize>>,
) -> Vec<Fragment> {
    let mut fragments = Vec::new();
    let mut push = |place: Range<usize>, matched| {
        if let Some(piece) = text.get(place).filter(|piece| !piece.is_empty()) {
            fragments.push(Fragment { text: piece.to_owned(), matched });
        }
    };
    let mut done = window.start;
    for place in matches {
        push(done..place.start, false);
        push(place.clone(), true);
        done = place.end;
    }
    push(done..window.end, false);
    fragments
}
