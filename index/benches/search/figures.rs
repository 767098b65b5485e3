//! What is told of the whole: how long searches take, how fast documents go in, how large it gets.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use allmende_index::{Facet, Filter, Index, Query, Root, Writer};
use tantivy::collector::{Count, TopDocs};
use tantivy::query::TermQuery;
use tantivy::schema::{Field, IndexRecordOption, Schema, TEXT};
use tantivy::{IndexReader, TantivyDocument, Term};

use crate::corpus::{self, Words};
use crate::{FACETS, text};

const SEARCHES: usize = 2_000;

/// An index of made-up documents on the disk; tells what it cost.
pub(crate) fn built(root: &Root, count: usize) -> Result<(Index, Writer), Box<dyn Error>> {
    let mut words = Words::new(1);
    let documents: Vec<_> = (0..count).map(|number| corpus::document(number, &mut words)).collect();
    let began = now();
    let mut builder = root.build("bench")?;
    for document in documents {
        builder.put(document)?;
    }
    let (index, mut writer) = builder.finish(1)?;
    let took = began.elapsed();
    writer.settle()?;
    let bytes = size(root.path())?;
    eprintln!(
        "{count} documents: {:.0} a second, {} bytes each",
        count as f64 / took.as_secs_f64(),
        bytes / count as u64
    );
    Ok((index, writer))
}

fn size(path: &Path) -> std::io::Result<u64> {
    let mut bytes = 0;
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        let metadata = entry.metadata()?;
        bytes += if metadata.is_dir() { size(&entry.path())? } else { metadata.len() };
    }
    Ok(bytes)
}

/// The engine alone: the same texts in one field, words in lower case.
pub(crate) struct Bare {
    reader: IndexReader,
    field: Field,
}

impl Bare {
    pub(crate) fn built(count: usize) -> Result<Self, Box<dyn Error>> {
        let mut schema = Schema::builder();
        let field = schema.add_text_field("text", TEXT);
        let index = tantivy::Index::create_in_ram(schema.build());
        let mut writer = index.writer_with_num_threads(1, 50_000_000)?;
        let mut words = Words::new(1);
        for number in 0..count {
            let it = corpus::document(number, &mut words);
            let mut document = TantivyDocument::default();
            for text in [it.title, it.teaser, it.problem, it.approach, it.results, it.text] {
                document.add_text(field, text);
            }
            writer.add_document(document)?;
        }
        writer.commit()?;
        Ok(Self { reader: index.reader()?, field })
    }

    /// The twenty best documents with a word, and how many there are.
    pub(crate) fn search(&self, word: &str) -> tantivy::Result<usize> {
        let term = Term::from_field_text(self.field, word);
        let query = TermQuery::new(term, IndexRecordOption::WithFreqs);
        let found = (TopDocs::with_limit(20).order_by_score(), Count);
        Ok(self.reader.searcher().search(&query, &found)?.1)
    }
}

/// How long many different searches take.
pub(crate) fn distribution(index: &Index, bare: &Bare) -> Result<(), Box<dyn Error>> {
    let mut words = Words::new(3);
    let searches: Vec<String> = (0..SEARCHES).map(|_| words.query()).collect();
    let published = ["published".to_owned(), "needs_update".to_owned()].to_vec();
    let visible = Filter::Or(vec![Filter::AnyOf(Facet::Lifecycle, published)]);
    let with_filter = |text: Query| Query { filter: visible.clone(), ..text };
    tell("bare term query, first word", &searches, |typed| {
        let word = typed.split(' ').next().unwrap_or_default().to_lowercase();
        bare.search(&word).map(drop).map_err(Into::into)
    })?;
    tell("search", &searches, |typed| Ok(index.search(&text(typed)).map(drop)?))?;
    tell("search of what is published", &searches, |typed| {
        Ok(index.search(&with_filter(text(typed))).map(drop)?)
    })?;
    tell("search of what is published, with four facets", &searches, |typed| {
        let query = with_filter(text(typed));
        index.search(&query)?;
        Ok(index.facets(&query, &FACETS).map(drop)?)
    })
}

fn tell(
    name: &str,
    searches: &[String],
    mut ask: impl FnMut(&str) -> Result<(), Box<dyn Error>>,
) -> Result<(), Box<dyn Error>> {
    let mut times = Vec::with_capacity(searches.len());
    for warm in [false, true] {
        for typed in searches {
            let began = now();
            ask(typed)?;
            if warm {
                times.push(began.elapsed());
            }
        }
    }
    times.sort_unstable();
    let at = |share: usize| times.get(times.len() * share / 1_000).copied().unwrap_or_default();
    let micros = |time: Duration| time.as_micros();
    eprintln!(
        "{name}: p50 {} µs, p90 {} µs, p99 {} µs",
        micros(at(500)),
        micros(at(900)),
        micros(at(990))
    );
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "a measurement needs the real clock")]
fn now() -> Instant {
    Instant::now()
}
