//! Shows where a text matches.

use std::collections::HashSet;
use std::ops::Range;

use crate::document::HighlightField;
use crate::error::Error;
use crate::matching::Reading;
use crate::query::Query;
use crate::synonyms::Synonyms;
use crate::text::Text;
use crate::{analysis, compound, tokens, word};

/// How long a snippet is, in bytes; it is cut at word boundaries.
const LENGTH: usize = 240;
/// How much of a snippet may precede its first match.
const LEAD: usize = 60;
/// What stands between the pages of a document.
const PAGE_BREAK: char = '\u{c}';
/// How much of a text is looked at in any case.
const LOOKED_AT_FIRST: usize = 200_000;
/// Only this much of a text is looked at.
const LOOKED_AT: usize = 1_100_000;

/// The part of a document's text that shows best why it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Highlight {
    /// Which text.
    pub field: HighlightField,
    /// Its pieces in order; put together they are a part of the text, plain and not escaped.
    pub fragments: Vec<Fragment>,
    /// Which page it stands on, from 1; only of texts with form feeds between their pages.
    pub page: Option<usize>,
}

impl Highlight {
    /// The snippet as HTML: everything escaped, matches within `<mark>`.
    #[must_use]
    pub fn html(&self) -> String {
        let mut html = String::new();
        for fragment in &self.fragments {
            html.push_str(if fragment.matched { "<mark>" } else { "" });
            for char in fragment.text.chars() {
                match char {
                    '&' => html.push_str("&amp;"),
                    '<' => html.push_str("&lt;"),
                    '>' => html.push_str("&gt;"),
                    '"' => html.push_str("&quot;"),
                    '\'' => html.push_str("&#39;"),
                    other => html.push(other),
                }
            }
            html.push_str(if fragment.matched { "</mark>" } else { "" });
        }
        html
    }
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
    stems: HashSet<String>,
    /// How words may begin, if somebody is still typing.
    beginnings: Vec<String>,
    /// How many words were typed: a page that has so many is as good as any.
    typed: usize,
}

/// The best place of a page.
struct Passage<'a> {
    /// Which page, from 0.
    number: usize,
    page: &'a str,
    matches: Vec<Match>,
    worth: (usize, usize),
    start: usize,
}

/// A word that matches: where, and what it is reduced to.
struct Match {
    place: Range<usize>,
    stem: String,
}

impl Highlighter {
    /// For the words of a text, other words for them, and words written nearly so; nothing if it
    /// has none.
    pub(crate) fn new(
        query: &Query,
        reading: &Reading,
        synonyms: &Synonyms,
    ) -> Result<Option<Self>, Error> {
        let text = query.text.as_deref().map(Text::parse).transpose()?.flatten();
        let Some(text) = text else { return Ok(None) };
        let last = text.words.last().filter(|_| query.unfinished);
        let beginnings =
            last.into_iter().flat_map(|last| [Some(last.clone()), word::with_umlauts(last)]);
        let units = synonyms.units(&text.words);
        let others = units.iter().flat_map(|words| synonyms.of_words(words));
        let others = others.flat_map(|other| {
            let telling = |word: &&String| other.words.len() == 1 || !analysis::is_stop_word(word);
            other.words.iter().filter(telling)
        });
        let typed = text.words.len();
        let mut stems = HashSet::new();
        let nearly = reading.corrections.iter().flat_map(|correction| &correction.nearly);
        for word in others.chain(nearly).map(|written| word::word(written)) {
            stems.insert(word.stem.clone());
        }
        for word in text.shown().map(|written| word::word(written)) {
            stems.insert(word.stem.clone());
            stems.extend(word.finest().cloned());
        }
        let beginnings = beginnings.flatten().collect();
        Ok((!stems.is_empty()).then_some(Self { stems, beginnings, typed }))
    }

    /// The best part of a text, if it matches at all; of a text with pages it lies on one of them.
    pub(crate) fn highlight(&self, field: HighlightField, text: &str) -> Option<Highlight> {
        let text = text.get(..text.floor_char_boundary(LOOKED_AT))?;
        let mut best: Option<Passage<'_>> = None;
        let mut looked_at = 0;
        for (number, page) in text.split(PAGE_BREAK).enumerate() {
            let enough = best.as_ref().is_some_and(|best| best.worth.0 >= self.typed);
            if enough && looked_at > LOOKED_AT_FIRST {
                break;
            }
            looked_at += page.len();
            let matches = self.matches(page);
            let Some((worth, start)) = densest(&matches) else { continue };
            if best.as_ref().is_none_or(|best| worth > best.worth) {
                best = Some(Passage { number, page, matches, worth, start });
            }
        }
        let best = best?;
        let window = around(best.page, best.start);
        let page = text.contains(PAGE_BREAK).then_some(best.number + 1);
        let inside = best
            .matches
            .iter()
            .map(|found| &found.place)
            .filter(|place| window.start <= place.start && place.end <= window.end);
        Some(Highlight { field, fragments: fragments(best.page, &window, inside), page })
    }

    fn matches(&self, text: &str) -> Vec<Match> {
        let mut found = Vec::new();
        for place in tokens::words(text) {
            let lower = analysis::lower(text.get(place.clone()).unwrap_or_default());
            let word = word::word(&lower);
            let begins = |beginning: &String| lower.starts_with(beginning);
            if self.stems.contains(&word.stem) || self.beginnings.iter().any(begins) {
                found.push(Match { place, stem: word.stem.clone() });
            } else if word.finest().any(|stem| self.stems.contains(stem)) {
                self.inside(&lower, &place, &mut found);
            }
        }
        found
    }

    /// The parts of a compound that match; all of it if its places in lower case are others.
    fn inside(&self, lower: &str, place: &Range<usize>, found: &mut Vec<Match>) {
        let word = word::word(lower);
        let parts = compound::split(lower);
        let fits = lower.len() == place.len() && parts.len() == word.length();
        for (number, stem) in word.finest().enumerate() {
            if !self.stems.contains(stem) {
                continue;
            }
            let part = parts.get(number).filter(|_| fits);
            let part = part.map(|part| place.start + part.start..place.start + part.end);
            found.push(Match { place: part.unwrap_or(place.clone()), stem: stem.clone() });
            if !fits {
                return;
            }
        }
    }
}

/// Where the most different words meet, and how many words do; of equals the first.
fn densest(matches: &[Match]) -> Option<((usize, usize), usize)> {
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
    best
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
