//! Queries in the engine's terms, built by hand: user text never meets the engine's own query language.

use std::ops::Bound;
use std::sync::Arc;

use tantivy::collector::Count;
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, DisjunctionMaxQuery, FuzzyTermQuery, PhraseQuery,
    Query as EngineQuery, RangeQuery, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::tokenizer::TextAnalyzer;
use tantivy::{Searcher, Term};

use crate::analysis;
use crate::condition::Condition;
use crate::document::{Facet, HighlightField, Number};
use crate::error::Error;
use crate::query::{Filter, Query};
use crate::schema;
use crate::text::Text;
use crate::word::{self, Inside};

/// Deeper filters are refused.
const DEEPEST: usize = 32;
/// What further fields add to the best one.
const TIE_BREAKER: f32 = 0.3;
/// With fewer hits, fewer of the words have to match.
const FEW: usize = 10;
/// Weight of words that are written nearly like the one that was typed.
const MISTYPED_BOOST: f32 = 2.0;
/// Weight of words inside of words.
const PARTS_BOOST: f32 = 0.75;
/// Weight of the word as it was written.
const EXACT_BOOST: f32 = 0.5;
/// Weight of an id or external key.
const KEY_BOOST: f32 = 10.0;

type Boxed = Box<dyn EngineQuery>;

/// A query, ready to run.
pub(crate) struct Compiled {
    pub(crate) query: Boxed,
    /// Whether hits differ in how well they match.
    pub(crate) scoring: bool,
}

/// Compiles a query; the values asked for in the lifted facet are left out.
pub(crate) fn compile(
    searcher: &Searcher,
    query: &Query,
    lifted: Option<Facet>,
) -> Result<Compiled, Error> {
    let text = query.text.as_deref().and_then(Text::parse).unwrap_or_default();
    let mut stems = analysis::stem_analyzer();
    let mut conditions = vec![filter(&query.filter, lifted, DEEPEST)?];
    if !query.kinds.is_empty() && lifted != Some(Facet::Kind) {
        conditions.push(any_of(schema::facet(Facet::Kind), &query.kinds));
    }
    for phrase in &text.excluded {
        let query = match phrase.as_slice() {
            [word] => Box::new(BooleanQuery::union(stem_queries(word, &mut stems))),
            words => phrase_query(words, &mut stems),
        };
        conditions.push(Condition::Not(Box::new(Condition::Leaf(query.into()))));
    }
    conditions.retain(|condition| !matches!(condition, Condition::All));
    let lenient = query.lenient.then_some(searcher);
    let found = matching(lenient, &text, &mut stems)?;
    let scoring = found.is_some();
    let found = found.unwrap_or_else(|| Box::new(AllQuery));
    if conditions.is_empty() {
        return Ok(Compiled { query: found, scoring });
    }
    let conditions: Boxed = Box::new(Condition::And(conditions));
    Ok(Compiled { query: Box::new(BooleanQuery::intersection(vec![found, conditions])), scoring })
}

/// Whether the query itself narrows a facet down, so that its counts must be taken without that.
pub(crate) fn narrows(query: &Query, facet: Facet) -> bool {
    (facet == Facet::Kind && !query.kinds.is_empty())
        || filter_narrows(&query.filter, facet, DEEPEST)
}

fn filter_narrows(filter: &Filter, facet: Facet, levels: usize) -> bool {
    match filter {
        Filter::AnyOf(of, _) => *of == facet,
        Filter::And(parts) if levels > 0 => {
            parts.iter().any(|part| filter_narrows(part, facet, levels - 1))
        }
        _ => false,
    }
}

fn filter(wanted: &Filter, lifted: Option<Facet>, levels: usize) -> Result<Condition, Error> {
    let Some(below) = levels.checked_sub(1) else {
        return Err(Error::FilterTooDeep { limit: DEEPEST });
    };
    let inner = |parts: &[Filter], lifted| {
        parts.iter().map(|part| filter(part, lifted, below)).collect::<Result<Vec<_>, _>>()
    };
    Ok(match wanted {
        Filter::All => Condition::All,
        Filter::None => Condition::None,
        Filter::AnyOf(facet, _) if lifted == Some(*facet) => Condition::All,
        Filter::AnyOf(facet, values) => any_of(schema::facet(*facet), values),
        Filter::AllOf(facet, values) => {
            let field = schema::facet(*facet);
            Condition::And(
                values.iter().map(|value| Condition::Leaf(term(field, value).into())).collect(),
            )
        }
        Filter::Range(number, from, to) => Condition::Leaf(range(*number, *from, *to).into()),
        Filter::Id(ids) => any_of(schema::ID, ids),
        Filter::And(parts) => Condition::And(inner(parts, lifted)?),
        Filter::Or(parts) => Condition::Or(inner(parts, None)?),
        Filter::Not(part) => Condition::Not(Box::new(filter(part, None, below)?)),
    })
}

fn range(number: Number, from: Option<i64>, to: Option<i64>) -> Boxed {
    let field = schema::number(number);
    let from = Bound::Included(Term::from_field_i64(field, from.unwrap_or(i64::MIN)));
    let to = to.map_or(Bound::Unbounded, |to| Bound::Included(Term::from_field_i64(field, to)));
    Box::new(RangeQuery::new(from, to))
}

/// What the words and phrases of a text find; nothing if it has none.
///
/// How many of several words must match is asked of the whole index, not of what a filter leaves:
/// so every filter, count and facet of a text sees the same hits.
fn matching(
    lenient: Option<&Searcher>,
    text: &Text,
    stems: &mut TextAnalyzer,
) -> Result<Option<Boxed>, Error> {
    let mut words: Vec<Boxed> = Vec::with_capacity(text.words.len());
    for word in &text.words {
        words.push(word_query(lenient, word, stems)?);
    }
    let phrases: Vec<Boxed> =
        text.phrases.iter().map(|phrase| phrase_query(phrase, stems)).collect();
    if words.is_empty() && phrases.is_empty() {
        return Ok(None);
    }
    let mut least = least_of(words.len());
    let Some(searcher) = lenient else {
        return Ok(Some(at_least(&words, least, &phrases, &text.key)));
    };
    // Whoever types a key wants what has it, not what is written nearly so.
    let is_key = searcher.doc_freq(&Term::from_field_text(schema::KEY, &text.key))? > 0;
    loop {
        let found = at_least(&words, least, &phrases, &text.key);
        if least <= 1 || is_key || searcher.search(&found, &Count)? >= FEW {
            return Ok(Some(found));
        }
        least -= 1;
    }
}

/// What matches so many of the words, and all phrases.
fn at_least(words: &[Boxed], least: usize, phrases: &[Boxed], key: &str) -> Boxed {
    let copies = |queries: &[Boxed]| queries.iter().map(|query| query.box_clone()).collect();
    let mut must: Vec<Boxed> = copies(phrases);
    if !words.is_empty() {
        must.push(Box::new(BooleanQuery::union_with_minimum_required_clauses(
            copies(words),
            least,
        )));
    }
    let key = boosted(term(schema::KEY, key), KEY_BOOST);
    Box::new(BooleanQuery::union(vec![Box::new(BooleanQuery::intersection(must)), key]))
}

/// How many of the words must match at first: all of two, three quarters of more.
fn least_of(words: usize) -> usize {
    if words <= 2 { words } else { (words * 3).div_ceil(4) }
}

/// The stem of a word in each text field.
fn stem_queries(word: &str, stems: &mut TextAnalyzer) -> Vec<Boxed> {
    stemmed(&[word], stems, |field, terms| {
        terms.into_iter().next().map(|(_, term)| -> Boxed {
            boosted(Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)), boost(field))
        })
    })
}

fn word_query(
    lenient: Option<&Searcher>,
    word: &str,
    stems: &mut TextAnalyzer,
) -> Result<Boxed, Error> {
    let mut fields = stem_queries(word, stems);
    if let Some(searcher) = lenient {
        fields.extend(mistyped(searcher, word)?);
    }
    fields.extend(inside_queries(word, lenient.is_some()));
    fields.push(boosted(
        Box::new(TermQuery::new(
            Term::from_field_text(schema::EXACT, word),
            IndexRecordOption::WithFreqs,
        )),
        EXACT_BOOST,
    ));
    fields.push(boosted(term(schema::KEY, word), KEY_BOOST));
    Ok(Box::new(DisjunctionMaxQuery::with_tie_breaker(fields, TIE_BREAKER)))
}

/// Words that are written nearly like this one, if nobody has ever written it.
fn mistyped(searcher: &Searcher, word: &str) -> Result<Option<Boxed>, Error> {
    let distance = match word.chars().count() {
        0..=3 => return Ok(None),
        4..=7 => 1,
        _ => 2,
    };
    let exact = Term::from_field_text(schema::EXACT, word);
    let stem = Term::from_field_text(schema::PARTS, &word::word(word).stem);
    if searcher.doc_freq(&exact)? > 0 || searcher.doc_freq(&stem)? > 0 {
        return Ok(None);
    }
    Ok(Some(boosted(Box::new(FuzzyTermQuery::new(exact, distance, true)), MISTYPED_BOOST)))
}

/// The word inside of compounds, and the words inside of it: all of them, or else half.
fn inside_queries(word: &str, half: bool) -> Vec<Boxed> {
    let part = |stem: &String| -> Boxed {
        let term = Term::from_field_text(schema::PARTS, stem);
        Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))
    };
    let word = word::word(word);
    let Inside { finest, groups } = &word.inside;
    let mut queries = vec![boosted(part(&word.stem), PARTS_BOOST)];
    if half {
        queries.extend(groups.iter().map(|group| boosted(part(group), PARTS_BOOST)));
    }
    if !finest.is_empty() {
        let least = if half { finest.len().div_ceil(2) } else { finest.len() };
        let finest = finest.iter().map(part).collect();
        let union = BooleanQuery::union_with_minimum_required_clauses(finest, least);
        queries.push(boosted(Box::new(union), PARTS_BOOST));
    }
    queries
}

/// Words that follow each other in one field; a single one must occur as it is written.
fn phrase_query(words: &[String], stems: &mut TextAnalyzer) -> Boxed {
    if let [word] = words {
        let exact = Term::from_field_text(schema::EXACT, word);
        return Box::new(TermQuery::new(exact, IndexRecordOption::WithFreqs));
    }
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let fields = stemmed(&words, stems, |field, terms| {
        let phrase = PhraseQuery::new_with_offset(terms);
        Some(boosted(Box::new(phrase), boost(field)))
    });
    Box::new(DisjunctionMaxQuery::with_tie_breaker(fields, TIE_BREAKER))
}

/// One query for each text field, made from the stems of the words and their positions.
fn stemmed(
    words: &[&str],
    stems: &mut TextAnalyzer,
    make: impl Fn(HighlightField, Vec<(usize, Term)>) -> Option<Boxed>,
) -> Vec<Boxed> {
    let stems: Vec<String> = words.iter().map(|word| stem(word, stems)).collect();
    let terms_in = |field| {
        let field = schema::text(field);
        stems.iter().map(|stem| Term::from_field_text(field, stem)).enumerate().collect()
    };
    HighlightField::ALL.iter().filter_map(|field| make(*field, terms_in(*field))).collect()
}

/// The stem of a word; words too long for the index stay as they are and are not found.
fn stem(word: &str, stems: &mut TextAnalyzer) -> String {
    analysis::tokens(stems, word).into_iter().next().unwrap_or_else(|| word.to_owned())
}

fn boost(field: HighlightField) -> f32 {
    match field {
        HighlightField::Title => 4.0,
        HighlightField::Topics => 2.5,
        HighlightField::Teaser | HighlightField::Places => 2.0,
        HighlightField::Problem => 1.5,
        HighlightField::Approach | HighlightField::Results => 1.2,
        HighlightField::Text => 1.0,
    }
}

fn term(field: Field, value: &str) -> Boxed {
    Box::new(TermQuery::new(Term::from_field_text(field, value), IndexRecordOption::Basic))
}

fn any_of(field: Field, values: &[String]) -> Condition {
    match values {
        [] => Condition::None,
        [value] => Condition::Leaf(term(field, value).into()),
        _ => {
            let terms = values.iter().map(|value| Term::from_field_text(field, value));
            Condition::Leaf(Arc::new(TermSetQuery::new(terms)))
        }
    }
}

fn boosted(query: Boxed, boost: f32) -> Boxed {
    Box::new(BoostQuery::new(query, boost))
}
