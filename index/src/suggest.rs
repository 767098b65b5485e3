//! What somebody who is typing may want to type.

use tantivy::schema::Value;
use tantivy::{DocAddress, DocId, Searcher, TantivyDocument};

use crate::document::HighlightField;
use crate::lexicon::lexicon;
use crate::matching::{Bits, Known, beginning_with};
use crate::{analysis, compound, schema, tokens};

/// How many words of titles may begin like one that is typed.
const MOST_WORDS: usize = 50;
/// How many different words that are typed are looked at.
const MOST_TYPED: usize = 6;
/// How many titles are looked at to choose the best, in each segment.
const MOST_TITLES: usize = 40;

/// A title that goes with what is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TitleSuggestion {
    /// The id of its document.
    pub id: String,
    /// The title.
    pub title: String,
}

/// Titles that hold words which begin like all that are typed; those that begin so themselves
/// first, then the shorter ones. Only among the documents that are given.
pub(crate) fn titles(
    searcher: &Searcher,
    known: &Known,
    allowed: &[Bits],
    typed: &str,
    size: usize,
) -> tantivy::Result<Vec<TitleSuggestion>> {
    let words = words_of(typed);
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let mut beginnings = Vec::with_capacity(words.len());
    for word in &words {
        beginnings.push(beginning_with(searcher, schema::TITLE, word, MOST_WORDS)?);
    }
    let mut found = Vec::new();
    for ((number, segment), allowed) in (0..).zip(searcher.segment_readers()).zip(allowed) {
        let mut all = allowed.clone();
        for beginning in &beginnings {
            let mut any = Bits::none(segment.max_doc());
            for word in beginning {
                any.or(&*known.holding(segment, schema::TITLE, word)?);
            }
            all.and(&any);
        }
        let docs: Vec<DocId> = all.iter().take(MOST_TITLES).collect();
        for doc in docs {
            let document: TantivyDocument = searcher.doc(DocAddress::new(number, doc))?;
            let stored = |field| document.get_first(field).and_then(|it| it.as_str());
            let title = stored(schema::text(HighlightField::Title)).unwrap_or_default().to_owned();
            let id = stored(schema::ID).unwrap_or_default().to_owned();
            found.push(TitleSuggestion { id, title });
        }
    }
    let beginning = analysis::lower(&analysis::nfc(typed.trim().to_owned()));
    found.sort_by_cached_key(|it| {
        let begins = analysis::lower(&it.title).starts_with(&beginning);
        (!begins, it.title.chars().count(), it.title.clone(), it.id.clone())
    });
    found.truncate(size);
    Ok(found)
}

/// What is typed with its last word completed in the most frequent ways. Only words that the
/// documents that are given hold.
pub(crate) fn words(
    searcher: &Searcher,
    known: &Known,
    allowed: &[Bits],
    typed: &str,
    size: usize,
) -> tantivy::Result<Vec<String>> {
    let typed = analysis::nfc(typed.to_owned());
    let Some(last) = tokens::words(&typed).last().filter(|last| last.end == typed.len()) else {
        return Ok(Vec::new());
    };
    let (ahead, last) = typed.split_at(last.start);
    if ahead.ends_with(':') {
        // The value of a condition.
        return Ok(Vec::new());
    }
    let last = analysis::lower(last);
    let mut counted = Vec::new();
    for word in beginning_with(searcher, schema::WRITTEN, &last, MOST_WORDS)? {
        let count = holding(searcher, known, allowed, &word)?;
        if count > 0 && word != last && !analysis::is_stop_word(&word) {
            counted.push((count, word));
        }
    }
    counted.sort_unstable_by(|one, two| two.0.cmp(&one.0).then_with(|| one.1.cmp(&two.1)));
    counted.truncate(size);
    Ok(counted.iter().map(|(_, word)| format!("{ahead}{}", as_written(word))).collect())
}

/// How many of the documents that are given hold a word as it is written.
pub(crate) fn holding(
    searcher: &Searcher,
    known: &Known,
    allowed: &[Bits],
    word: &str,
) -> tantivy::Result<u64> {
    let mut count = 0;
    for (segment, allowed) in searcher.segment_readers().iter().zip(allowed) {
        let mut holding = allowed.clone();
        holding.and(&*known.holding(segment, schema::WRITTEN, word)?);
        count += holding.len();
    }
    Ok(count)
}

fn words_of(typed: &str) -> Vec<String> {
    let typed = analysis::nfc(typed.to_owned());
    let mut words = Vec::new();
    for word in tokens::words(&typed).filter_map(|place| typed.get(place)).map(analysis::lower) {
        if words.len() < MOST_TYPED && !words.contains(&word) {
            words.push(word);
        }
    }
    words
}

/// Nouns as they are written.
pub(crate) fn as_written(word: &str) -> String {
    let known = lexicon().entry(word);
    let is_noun = known.map_or_else(
        || !compound::split(word).is_empty(),
        |entry| entry.noun || entry.lemma.is_none(),
    );
    let mut chars = word.chars();
    match chars.next().filter(|_| is_noun) {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => word.to_owned(),
    }
}
