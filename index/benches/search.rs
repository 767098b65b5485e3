//! What searching, listing, counting and writing cost on 100,000 documents.
//!
//! `cargo bench -p allmende-index`
//!
//! The documents are made up, of German words as frequent as words are in texts, the longest of
//! them compounds. Criterion gives the mean of each kind of question, and of a bare term query of
//! the engine on the same texts to compare it with; the table in the beginning gives the
//! distribution over many different searches, and what writing costs.

#[path = "search/corpus.rs"]
mod corpus;
#[path = "search/figures.rs"]
mod figures;

use std::error::Error;
use std::hint::black_box;

use allmende_index::{Affinity, Facet, Filter, Index, Number, Order, OrderBy, Query, Root, Writer};
use criterion::{Criterion, criterion_group, criterion_main};

use corpus::Words;

const DOCUMENTS: usize = 100_000;
const FACETS: [Facet; 4] = [Facet::Topic, Facet::State, Facet::Status, Facet::Kind];

fn text(text: &str) -> Query {
    Query { text: Some(text.to_owned()), lenient: true, ..Query::default() }
}

fn affinity() -> Affinity {
    let values = (0_u16..5_000).map(|number| (format!("m{number}"), f32::from(number) / 5_000.0));
    Affinity { values: std::sync::Arc::new(values.collect()), minimum: None, weight: 0.5 }
}

fn reading(criterion: &mut Criterion, index: &Index) {
    let published = Order { by: OrderBy::Number(Number::Published), descending: true };
    let title = Order { by: OrderBy::Title, descending: false };
    let state = Filter::AnyOf(Facet::State, vec!["state-3".to_owned(), "state-5".to_owned()]);
    let queries = [
        ("search one frequent word", text("Gemeinde")),
        ("search one compound", text("Pflegeberatung")),
        ("search two words", text("Bürgerbus Ehrenamt")),
        ("search five words", text("Wohnen Gewerbe Radweg Jugend Bibliothek")),
        ("search a phrase", text("\"neue Angebote\"")),
        ("search with a typing error", text("Pflegebertung")),
        ("search filtered", Query { filter: state.clone(), ..text("Bürgerbus Ehrenamt") }),
        (
            "search with affinity",
            Query { affinity: Some(affinity()), ..text("Bürgerbus Ehrenamt") },
        ),
        ("list by published", Query { order: published, ..Query::default() }),
        (
            "list by published, filtered",
            Query { order: published, filter: state, ..Query::default() },
        ),
        ("list by title", Query { order: title, ..Query::default() }),
    ];
    for (name, query) in &queries {
        criterion.bench_function(name, |bencher| {
            bencher.iter(|| black_box(index.search(query).map(|hits| hits.total)));
        });
    }
    for (name, query) in [
        ("facets of everything", Query::default()),
        ("facets of a search", text("Bürgerbus Ehrenamt")),
    ] {
        criterion.bench_function(name, |bencher| {
            bencher.iter(|| black_box(index.facets(&query, &FACETS).map(|counts| counts.len())));
        });
    }
    let hits = index.search(&text("Bürgerbus Ehrenamt")).map(|hits| hits.hits).unwrap_or_default();
    let ids: Vec<String> = hits.into_iter().map(|hit| hit.id).collect();
    criterion.bench_function("highlights of twenty", |bencher| {
        bencher.iter(|| {
            black_box(index.highlights(&text("Bürgerbus Ehrenamt"), &ids).map(|it| it.len()))
        });
    });
}

/// How many queries wait for a new document.
const WAITING: usize = 1_000;

/// A new document against many different queries, with all that it takes to get ready for them; and
/// the same queries asked of the index of all documents.
fn percolating(criterion: &mut Criterion, index: &Index) {
    let mut words = Words::new(3);
    let document = corpus::document(7, &mut words);
    let state = |number: usize| Filter::AnyOf(Facet::State, vec![format!("state-{}", number % 16)]);
    let queries: Vec<Query> = (0..WAITING)
        .map(|number| {
            let typed = [words.word(40), words.word(40)].join(" ");
            Query { filter: state(number), lenient: false, ..text(&typed) }
        })
        .collect();
    criterion.bench_function("a new document against 1,000 queries", |bencher| {
        bencher.iter(|| {
            let alone = index.percolator(document.clone())?;
            let found = queries.iter().map(|query| alone.holds(query).map(u32::from));
            Ok::<u32, allmende_index::Error>(black_box(found.sum::<Result<u32, _>>()?))
        });
    });
    criterion.bench_function("a document of the index against 10 queries", |bencher| {
        bencher.iter(|| {
            let found = queries.iter().take(10).map(|query| index.matches(query, &document.id));
            black_box(found.filter(|found| matches!(found, Ok(Some(_)))).count())
        });
    });
}

fn writing(criterion: &mut Criterion, writer: &mut Writer) {
    let (mut words, mut cursor) = (Words::new(2), 1);
    criterion.bench_function("commit of one document", |bencher| {
        bencher.iter(|| {
            cursor += 1;
            let number = words.below(DOCUMENTS);
            writer.put(corpus::document(number, &mut words)).and_then(|()| writer.commit(cursor))
        });
    });
}

fn all(criterion: &mut Criterion) {
    if let Err(error) = measure(criterion) {
        eprintln!("nothing could be measured: {error}");
    }
}

fn measure(criterion: &mut Criterion) -> Result<(), Box<dyn Error>> {
    let directory = tempfile::tempdir()?;
    let root = Root::new(directory.path());
    let (index, mut writer) = figures::built(&root, DOCUMENTS)?;
    let bare = figures::Bare::built(DOCUMENTS)?;
    figures::distribution(&index, &bare)?;
    criterion.bench_function("bare term query of the engine", |bencher| {
        bencher.iter(|| black_box(bare.search("gemeinde").ok()));
    });
    reading(criterion, &index);
    percolating(criterion, &index);
    writing(criterion, &mut writer);
    Ok(())
}

criterion_group!(benches, all);
criterion_main!(benches);
