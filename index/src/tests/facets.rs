use std::collections::BTreeMap;

use super::support::*;
use crate::{Document, Facet, FacetCounts, Filter, Query};

fn counted(
    documents: &[Document],
    facet: Facet,
    wanted: impl Fn(&Document) -> bool,
) -> Vec<(String, u64)> {
    let mut counts = BTreeMap::<String, u64>::new();
    for document in documents.iter().filter(|document| wanted(document)) {
        let mut values = values(document, facet);
        values.sort_unstable();
        values.dedup();
        for value in values {
            *counts.entry(value).or_default() += 1;
        }
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts
}

fn values(document: &Document, facet: Facet) -> Vec<String> {
    if facet == Facet::Kind {
        return vec![document.kind.clone()];
    }
    let of = document.facets.iter().filter(|(of, _)| *of == facet);
    of.map(|(_, value)| value.clone()).collect()
}

fn has(document: &Document, facet: Facet, value: &str) -> bool {
    values(document, facet).iter().any(|given| given == value)
}

fn pairs(counts: &FacetCounts) -> Vec<(String, u64)> {
    counts.values.iter().map(|count| (count.value.clone(), count.count)).collect()
}

#[test]
fn counts_are_exact_over_segments_and_deletions() {
    let (index, _writer, documents) = random_world(7, 400);
    let wanted = [Facet::Topic, Facet::Kind, Facet::Owner, Facet::Municipality];
    let counts = index.facets(&Query::default(), &wanted).unwrap();
    assert_eq!(counts.iter().map(|counts| counts.facet).collect::<Vec<_>>(), wanted);
    for counts in &counts {
        assert_eq!(pairs(counts), counted(&documents, counts.facet, |_| true));
    }
    assert!(counts[2].values.is_empty());
}

#[test]
fn a_filter_does_not_hide_the_other_values_of_its_own_facet() {
    let (index, _writer, documents) = random_world(8, 400);
    let topic = Filter::AnyOf(Facet::Topic, vec!["energie".to_owned()]);
    let place = Filter::AnyOf(Facet::Municipality, vec!["m1".to_owned()]);
    let kinds = vec!["Solution".to_owned()];
    for filter in [
        Filter::And(vec![topic.clone(), place.clone()]),
        Filter::And(vec![Filter::And(vec![topic.clone()]), place.clone()]),
    ] {
        let query = Query { filter, kinds: kinds.clone(), ..Query::default() };
        let counts = index
            .facets(&query, &[Facet::Kind, Facet::Topic, Facet::State, Facet::Municipality])
            .unwrap();
        let (energy, m1) = (
            |d: &Document| has(d, Facet::Topic, "energie"),
            |d: &Document| has(d, Facet::Municipality, "m1"),
        );
        let solution = |d: &Document| d.kind == "Solution";
        assert_eq!(pairs(&counts[0]), counted(&documents, Facet::Kind, |d| energy(d) && m1(d)));
        assert_eq!(pairs(&counts[1]), counted(&documents, Facet::Topic, |d| solution(d) && m1(d)));
        assert_eq!(
            pairs(&counts[3]),
            counted(&documents, Facet::Municipality, |d| solution(d) && energy(d))
        );
        assert!(
            counts[0].values.len() > 1 && counts[1].values.len() > 1 && counts[3].values.len() > 1
        );
    }
}

#[test]
fn a_filter_inside_an_alternative_stays() {
    let (index, _writer, documents) = random_world(9, 200);
    let topic = Filter::AnyOf(Facet::Topic, vec!["energie".to_owned()]);
    let query = filtered(Filter::Or(vec![topic]));
    let counts = index.facets(&query, &[Facet::Topic]).unwrap();
    assert_eq!(
        pairs(&counts[0]),
        counted(&documents, Facet::Topic, |d| has(d, Facet::Topic, "energie"))
    );
}

#[test]
fn a_value_given_twice_counts_once() {
    let mut document = titled("a", "x");
    document.facets = vec![(Facet::Topic, "t".to_owned()), (Facet::Topic, "t".to_owned())];
    let (index, _writer) = index_of(vec![document]);
    assert_eq!(
        pairs(&index.facets(&Query::default(), &[Facet::Topic]).unwrap()[0]),
        [("t".to_owned(), 1)]
    );
}

#[test]
fn counts_respect_the_least_affinity() {
    let (index, _writer, documents) = random_world(10, 200);
    let mut affinity = likeness(&[("m1", 0.8), ("m2", 0.3)]);
    affinity.minimum = Some(0.5);
    let query = Query { affinity: Some(affinity), ..Query::default() };
    let counts = index.facets(&query, &[Facet::Kind]).unwrap();
    assert_eq!(
        pairs(&counts[0]),
        counted(&documents, Facet::Kind, |d| has(d, Facet::Municipality, "m1"))
    );
    assert_eq!(
        index.count(&query).unwrap(),
        counts[0].values.iter().map(|count| count.count).sum::<u64>()
    );
}

#[test]
fn many_values_of_few_hits_are_counted_as_exactly() {
    let (index, _writer) = index_of(
        (0..500)
            .map(|number| Document {
                facets: vec![(Facet::Municipality, format!("m{}", number % 250))],
                text: if number % 100 == 7 { "Bus" } else { "Laden" }.to_owned(),
                ..titled(&format!("d{number}"), "Mobil")
            })
            .collect(),
    );
    let counts = index.facets(&text("Bus"), &[Facet::Municipality]).unwrap();
    let expected = ["m107", "m157", "m207", "m57", "m7"].map(|value| (value.to_owned(), 1));
    assert_eq!(pairs(&counts[0]), expected);
    let counts = index.facets(&text("Mobil"), &[Facet::Municipality]).unwrap();
    assert_eq!(counts[0].values.len(), 250);
    assert!(counts[0].values.iter().all(|count| count.count == 2));
}
