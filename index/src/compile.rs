//! Queries in the engine's terms, built by hand: user text never meets the engine's own query language.

use std::ops::Bound;
use std::sync::Arc;

use tantivy::Term;
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, DisjunctionMaxQuery, PhraseQuery, Query as EngineQuery,
    RangeQuery, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::tokenizer::TextAnalyzer;

use crate::analysis;
use crate::condition::Condition;
use crate::document::{Facet, HighlightField, Number};
use crate::error::Error;
use crate::query::{Filter, Query};
use crate::schema;
use crate::text::Text;

/// Deeper filters are refused.
const DEEPEST: usize = 32;
/// What further fields add to the best one.
const TIE_BREAKER: f32 = 0.3;
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
pub(crate) fn compile(query: &Query, lifted: Option<Facet>) -> Result<Compiled, Error> {
    let text = query.text.as_deref().and_then(Text::parse).unwrap_or_default();
    let mut stems = analysis::stem_analyzer();
    let mut conditions = vec![filter(&query.filter, lifted, DEEPEST)?];
    if !query.kinds.is_empty() && lifted != Some(Facet::Kind) {
        conditions.push(any_of(schema::facet(Facet::Kind), &query.kinds));
    }
    for phrase in &text.excluded {
        conditions.push(Condition::Not(Box::new(Condition::Leaf(
            phrase_query(phrase, &mut stems).into(),
        ))));
    }
    conditions.retain(|condition| !matches!(condition, Condition::All));
    let found = matching(&text, &mut stems);
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
fn matching(text: &Text, stems: &mut TextAnalyzer) -> Option<Boxed> {
    let mut must: Vec<Boxed> = Vec::new();
    if !text.words.is_empty() {
        let words: Vec<Boxed> = text.words.iter().map(|word| word_query(word, stems)).collect();
        let least = least_of(words.len());
        must.push(Box::new(BooleanQuery::union_with_minimum_required_clauses(words, least)));
    }
    must.extend(text.phrases.iter().map(|phrase| phrase_query(phrase, stems)));
    if must.is_empty() {
        return None;
    }
    let key = boosted(term(schema::KEY, &text.key), KEY_BOOST);
    Some(Box::new(BooleanQuery::union(vec![Box::new(BooleanQuery::intersection(must)), key])))
}

/// How many of the words must match: all of two, three quarters of more.
fn least_of(words: usize) -> usize {
    if words <= 2 { words } else { (words * 3).div_ceil(4) }
}

fn word_query(word: &str, stems: &mut TextAnalyzer) -> Boxed {
    let mut fields = stemmed(&[word], stems, |field, terms| {
        terms.into_iter().next().map(|(_, term)| -> Boxed {
            boosted(Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)), boost(field))
        })
    });
    fields.push(boosted(
        Box::new(TermQuery::new(
            Term::from_field_text(schema::EXACT, word),
            IndexRecordOption::WithFreqs,
        )),
        EXACT_BOOST,
    ));
    fields.push(boosted(term(schema::KEY, word), KEY_BOOST));
    Box::new(DisjunctionMaxQuery::with_tie_breaker(fields, TIE_BREAKER))
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
