//! Small worlds to search in.

use std::collections::HashMap;
use std::sync::Arc;

use crate::{
    Affinity, Document, Facet, Filter, Index, Number, Order, OrderBy, Page, Query, SynonymGroup,
    Writer,
};

pub(super) fn titled(id: &str, title: &str) -> Document {
    Document {
        id: id.to_owned(),
        kind: "Solution".to_owned(),
        title: title.to_owned(),
        ..Document::default()
    }
}

pub(super) fn index_of(documents: Vec<Document>) -> (Index, Writer) {
    let (index, mut writer) = Index::in_memory().unwrap();
    for document in documents {
        writer.put(document).unwrap();
    }
    writer.commit(1).unwrap();
    (index, writer)
}

pub(super) fn text(text: &str) -> Query {
    Query {
        text: Some(text.to_owned()),
        page: Page { size: 1000, ..Page::default() },
        ..Query::default()
    }
}

/// Words for the same thing.
pub(super) fn group(terms: &[&str]) -> SynonymGroup {
    SynonymGroup { terms: terms.iter().map(|term| (*term).to_owned()).collect(), weight: 0.8 }
}

/// The same, content with little.
pub(super) fn lenient(typed: &str) -> Query {
    Query { lenient: true, ..text(typed) }
}

pub(super) fn filtered(filter: Filter) -> Query {
    Query { filter, page: Page { size: 1000, ..Page::default() }, ..Query::default() }
}

pub(super) fn ids(index: &Index, query: &Query) -> Vec<String> {
    index.search(query).unwrap().hits.into_iter().map(|hit| hit.id).collect()
}

pub(super) fn found(index: &Index, typed: &str) -> Vec<String> {
    let mut ids = ids(index, &text(typed));
    ids.sort_unstable();
    ids
}

pub(super) fn likeness(values: &[(&str, f32)]) -> Affinity {
    let values: HashMap<String, f32> =
        values.iter().map(|(key, value)| ((*key).to_owned(), *value)).collect();
    Affinity { values: Arc::new(values), minimum: None, weight: 1.0 }
}

/// The same numbers in every run.
pub(super) struct Numbers(u64);

impl Numbers {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    pub(super) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

/// Titles in the order of a German dictionary.
pub(super) const TITLES: [&str; 8] = [
    "Ämter öffnen",
    "Amtszeit",
    "„Bürgerbus“ fährt",
    "dorfladen",
    "Ofen",
    "Öffnung",
    "Straße",
    "Zebra",
];
pub(super) const TOPICS: [&str; 4] = ["energie", "mobilitaet", "pflege", "verwaltung"];
pub(super) const PLACES: [&str; 5] = ["m1", "m2", "m3", "m4", "m5"];
const WORDS: [&str; 8] =
    ["Bus", "Laden", "Schule", "Wärme", "Pflege", "Straßen", "Verwaltung", "Haus"];

/// A document with many ties to others; some lack a title, a number or a place.
pub(super) fn random(number: usize, numbers: &mut Numbers) -> Document {
    let id = format!("Solution:{:05}", (number * 7919) % 100_000);
    let title = if numbers.below(10) == 0 { "" } else { numbers.pick(&TITLES) };
    let mut document = titled(&id, title);
    document.kind = (*numbers.pick(&["Solution", "Municipality", "Contact"])).to_owned();
    let length = 1 + numbers.below(12);
    document.text = (0..length).map(|_| *numbers.pick(&WORDS)).collect::<Vec<_>>().join(" ");
    document.problem = (*numbers.pick(&WORDS)).to_owned();
    if numbers.below(6) > 0 {
        document.numbers.push((Number::Published, i64::try_from(numbers.below(9)).unwrap() - 4));
    }
    for _ in 0..numbers.below(3) {
        document.facets.push((Facet::Municipality, (*numbers.pick(&PLACES)).to_owned()));
        document.facets.push((Facet::Topic, (*numbers.pick(&TOPICS)).to_owned()));
    }
    document
}

/// Documents spread over several segments, some of them deleted or replaced.
pub(super) fn random_world(seed: u64, count: usize) -> (Index, Writer, Vec<Document>) {
    let mut numbers = Numbers::new(seed);
    let (index, mut writer) = Index::in_memory().unwrap();
    let mut documents: Vec<Document> = Vec::new();
    for number in 0..count {
        let document = random(number, &mut numbers);
        writer.put(document.clone()).unwrap();
        documents.push(document);
        if number % 61 == 60 {
            let old = numbers.below(documents.len());
            writer.delete(&documents.swap_remove(old).id).unwrap();
            let changed = numbers.below(documents.len());
            documents[changed].title = "Zebra".to_owned();
            writer.put(documents[changed].clone()).unwrap();
            writer.commit(u64::try_from(number).unwrap()).unwrap();
        }
    }
    writer.commit(u64::try_from(count).unwrap()).unwrap();
    (index, writer, documents)
}

pub(super) fn orders() -> Vec<Order> {
    [OrderBy::Relevance, OrderBy::Number(Number::Published), OrderBy::Title, OrderBy::Affinity]
        .into_iter()
        .flat_map(|by| [false, true].map(|descending| Order { by, descending }))
        .collect()
}
