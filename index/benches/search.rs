//! What searching, listing, counting and writing cost on 20,000 documents.
//!
//! `cargo bench -p allmende-index`

use std::hint::black_box;

use allmende_index::{
    Affinity, Document, Error, Facet, Filter, Index, Number, Order, OrderBy, Query, Root, Writer,
};
use criterion::{Criterion, criterion_group, criterion_main};

const DOCUMENTS: usize = 20_000;
const WORDS: [&str; 24] = [
    "Bürgerbus",
    "Nahverkehr",
    "Wärmeplanung",
    "Dorfladen",
    "Pflege",
    "Senioren",
    "Schule",
    "Kindergarten",
    "Straße",
    "Beleuchtung",
    "Klimaschutz",
    "Photovoltaik",
    "Verwaltung",
    "Digitalisierung",
    "Leerstand",
    "Feuerwehr",
    "Jugend",
    "Beteiligung",
    "Haushalt",
    "Bibliothek",
    "Radweg",
    "Wohnen",
    "Gewerbe",
    "Ehrenamt",
];

/// The same words in every run; some are far more frequent than others.
struct Words(u64);

impl Words {
    fn below(&mut self, limit: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or_default() % limit
    }

    fn text(&mut self, length: usize) -> String {
        let mut text = String::new();
        for _ in 0..length {
            let most = 1 + self.below(WORDS.len());
            let place = self.below(most);
            text.push_str(WORDS.get(place).copied().unwrap_or_default());
            text.push_str(if self.below(9) == 0 { ". Die Gemeinde " } else { " " });
            if self.below(3) == 0 {
                text.push_str(&format!("wort{} ", self.below(30_000)));
            }
        }
        text
    }
}

fn document(number: usize, words: &mut Words) -> Document {
    let time = 1_700_000_000_000 + i64::try_from(number).unwrap_or_default() * 60_000;
    Document {
        id: format!("Solution:{number:026}"),
        kind: "Solution".to_owned(),
        title: words.text(5),
        teaser: words.text(20),
        topics: words.text(4),
        problem: words.text(40),
        approach: words.text(60),
        results: words.text(40),
        text: words.text(60),
        places: format!("Gemeinde{}", number % 5_000),
        facets: vec![
            (Facet::Topic, format!("topic-{}", words.below(30))),
            (Facet::Topic, format!("topic-{}", words.below(30))),
            (Facet::State, format!("state-{}", words.below(16))),
            (Facet::Status, format!("status-{}", words.below(4))),
            (Facet::Municipality, format!("m{}", number % 5_000)),
        ],
        numbers: vec![
            (Number::Published, time),
            (Number::Quality, i64::try_from(words.below(100)).unwrap_or_default()),
        ],
    }
}

fn build(root: &Root) -> Result<(Index, Writer), Error> {
    let mut words = Words(1);
    let mut builder = root.build("bench")?;
    for number in 0..DOCUMENTS {
        builder.put(document(number, &mut words))?;
    }
    builder.finish(1)
}

fn affinity() -> Affinity {
    let values = (0_u16..5_000).map(|number| (format!("m{number}"), f32::from(number) / 5_000.0));
    Affinity { values: std::sync::Arc::new(values.collect()), minimum: None, weight: 0.5 }
}

fn reading(criterion: &mut Criterion, index: &Index) {
    let text = |text: &str| Query { text: Some(text.to_owned()), ..Query::default() };
    let published = Order { by: OrderBy::Number(Number::Published), descending: true };
    let state = Filter::AnyOf(Facet::State, vec!["state-3".to_owned(), "state-5".to_owned()]);
    let queries = [
        ("search one rare word", text("wort4711")),
        ("search two words", text("Bürgerbus Ehrenamt")),
        ("search five words", text("Wohnen Gewerbe Radweg Jugend Bibliothek")),
        ("search a phrase", text("\"Die Gemeinde Bürgerbus\"")),
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
        (
            "list by title",
            Query { order: Order { by: OrderBy::Title, descending: false }, ..Query::default() },
        ),
    ];
    for (name, query) in &queries {
        criterion.bench_function(name, |bencher| {
            bencher.iter(|| black_box(index.search(query).map(|hits| hits.total)));
        });
    }
    let facets = [Facet::Topic, Facet::State, Facet::Status, Facet::Kind];
    criterion.bench_function("facets of everything", |bencher| {
        bencher.iter(|| {
            black_box(index.facets(&Query::default(), &facets).map(|counts| counts.len()))
        });
    });
    criterion.bench_function("facets of a search", |bencher| {
        bencher.iter(|| {
            black_box(index.facets(&text("Bürgerbus Ehrenamt"), &facets).map(|counts| counts.len()))
        });
    });
    let ids: Vec<String> = index
        .search(&text("Bürgerbus Ehrenamt"))
        .map(|hits| hits.hits.into_iter().map(|hit| hit.id).collect())
        .unwrap_or_default();
    criterion.bench_function("highlights of twenty", |bencher| {
        bencher.iter(|| {
            black_box(index.highlights("Bürgerbus Ehrenamt", &ids).map(|found| found.len()))
        });
    });
}

fn writing(criterion: &mut Criterion, writer: &mut Writer) {
    let (mut words, mut cursor) = (Words(2), 1);
    criterion.bench_function("commit of one document", |bencher| {
        bencher.iter(|| {
            cursor += 1;
            let number = words.below(DOCUMENTS);
            writer.put(document(number, &mut words)).and_then(|()| writer.commit(cursor))
        });
    });
}

fn all(criterion: &mut Criterion) {
    let Ok(directory) = tempfile::tempdir() else { return };
    let root = Root::new(directory.path());
    match build(&root) {
        Ok((index, mut writer)) => {
            reading(criterion, &index);
            writing(criterion, &mut writer);
        }
        Err(error) => eprintln!("the index could not be built: {error}"),
    }
}

criterion_group!(benches, all);
criterion_main!(benches);
