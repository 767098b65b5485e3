//! Documents like another one: those that share the words that tell most about it.

use std::collections::HashMap;

use tantivy::collector::TopDocs;
use tantivy::query::TermQuery;
use tantivy::schema::{IndexRecordOption, Value};
use tantivy::{Searcher, TantivyDocument, Term};

use super::bm25::Postings;
use super::plan::{Plan, Unit, Way};
use crate::document::HighlightField;
use crate::query::Like;
use crate::{analysis, schema, tokens, word};

/// How many of its words are looked for.
const MOST_WORDS: usize = 24;
/// How many of them make a document alike, as a share: one in so many.
const ONE_IN: usize = 6;
/// Weight of words inside of words.
const INSIDE_BOOST: f32 = 0.5;
/// Longer texts are not read to the end, in bytes.
const LONGEST: usize = 50_000;

/// Looks for documents like another one, or like a text; for none if there is no such document.
pub(super) fn plan(searcher: &Searcher, like: &Like) -> tantivy::Result<Plan> {
    match like {
        Like::Document(id) => like_document(searcher, id),
        Like::Written { title, text } => {
            let texts = [(HighlightField::Title, title.as_str()), (HighlightField::Text, text)];
            let stems = telling(searcher, texts.into_iter(), Source::Outside)?;
            let enough = stems.len().div_ceil(ONE_IN).max(2).min(stems.len().max(1));
            Ok(Plan { enough: Some(enough), ..sharing(searcher, stems)? })
        }
    }
}

fn like_document(searcher: &Searcher, id: &str) -> tantivy::Result<Plan> {
    let this = Term::from_field_text(schema::ID, id);
    let found = searcher.search(
        &TermQuery::new(this, IndexRecordOption::Basic),
        &TopDocs::with_limit(1).order_by_score(),
    )?;
    let Some((_, address)) = found.first() else {
        let units = vec![Unit::default()];
        return Ok(Plan { enough: Some(usize::MAX), units, ..Plan::default() });
    };
    let document: TantivyDocument = searcher.doc(*address)?;
    let texts = HighlightField::ALL.iter().map(|field| {
        let text = document.get_first(schema::text(*field)).and_then(|value| value.as_str());
        (*field, text.unwrap_or_default())
    });
    let mut plan = sharing(searcher, telling(searcher, texts, Source::Index)?)?;
    plan.enough = Some(plan.units.len().div_ceil(ONE_IN).max(2));
    if let Some(this) = Postings::worth(searcher, schema::ID, id, 0.0)? {
        plan.excluded.push(Way::Words { members: vec![vec![this]], least: 1, half: 1 });
    }
    Ok(plan)
}

/// Looks for documents that share some of these stems.
fn sharing(searcher: &Searcher, stems: Vec<String>) -> tantivy::Result<Plan> {
    let mut plan = Plan::default();
    for stem in stems {
        let mut ways = Vec::new();
        for (form, boost) in [(&tokens::inside(&stem), INSIDE_BOOST), (&stem, 1.0)] {
            if let Some(postings) = Postings::scored(searcher, schema::STEMS, form, boost)? {
                ways.push(Way::Words { members: vec![vec![postings]], least: 1, half: 1 });
            }
        }
        plan.units.push(Unit { ways, forms: Vec::new() });
    }
    if plan.units.is_empty() {
        plan.units.push(Unit::default());
    }
    Ok(plan)
}

/// Where a text comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Source {
    /// A document of the index: only what stands in others as well tells something.
    Index,
    /// Somebody who writes: short, so the words inside of words count too, here and there.
    Outside,
}

/// The stems that tell most: frequent here, rare elsewhere, but not only here.
fn telling<'a>(
    searcher: &Searcher,
    texts: impl Iterator<Item = (HighlightField, &'a str)>,
    source: Source,
) -> tantivy::Result<Vec<String>> {
    let mut counts: HashMap<String, f32> = HashMap::new();
    // Places are alike by likeness, not by name.
    for (field, text) in texts.filter(|(field, _)| *field != HighlightField::Places) {
        let text = text.get(..text.floor_char_boundary(LONGEST)).unwrap_or_default();
        for place in tokens::words(text) {
            let written = analysis::lower(text.get(place).unwrap_or_default());
            if written.chars().count() > 2 && !analysis::is_stop_word(&written) {
                let (word, weight) = (word::word(&written), schema::weight(field) as f32);
                *counts.entry(word.stem.clone()).or_default() += weight;
                for part in word.finest().filter(|_| source == Source::Outside) {
                    *counts.entry(part.clone()).or_default() += weight * INSIDE_BOOST;
                }
            }
        }
    }
    let documents = searcher.num_docs() as f32;
    let mut worth = Vec::with_capacity(counts.len());
    for (stem, count) in counts {
        let standing = |form: &str| searcher.doc_freq(&Term::from_field_text(schema::STEMS, form));
        let (frequency, least) = match source {
            Source::Index => (standing(&stem)?, 2),
            Source::Outside => (standing(&stem)? + standing(&tokens::inside(&stem))?, 1),
        };
        if frequency >= least {
            let frequency = frequency as f32;
            let rarity = (documents / frequency).max(1.0).ln();
            worth.push((count / (count + 2.0) * rarity, stem));
        }
    }
    worth.sort_unstable_by(|one, two| two.0.total_cmp(&one.0).then_with(|| one.1.cmp(&two.1)));
    Ok(worth.into_iter().take(MOST_WORDS).map(|(_, stem)| stem).collect())
}
