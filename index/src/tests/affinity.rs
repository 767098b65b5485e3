use super::support::*;
use crate::{Affinity, Document, Facet, Index, Order, OrderBy, Query};

fn placed(id: &str, title: &str, places: &[&str]) -> Document {
    let mut document = titled(id, title);
    document.facets =
        places.iter().map(|place| (Facet::Municipality, (*place).to_owned())).collect();
    document
}

fn world() -> Index {
    let (index, mut writer) = index_of(vec![
        placed("far", "Bus Bus Bus", &["m9"]),
        placed("near", "Bus im Dorf", &["m1"]),
    ]);
    writer.put(placed("both", "Bus im Dorf", &["m2", "m1"])).unwrap();
    writer.put(placed("middle", "Bus im Dorf", &["m2"])).unwrap();
    writer.put(placed("nowhere", "Bus im Dorf", &[])).unwrap();
    writer.commit(2).unwrap();
    index
}

fn values() -> Affinity {
    likeness(&[("m1", 0.9), ("m2", 0.5), ("m7", 1.0)])
}

fn asked(by: OrderBy, affinity: Affinity, typed: Option<&str>) -> Query {
    let order = Order { by, descending: true };
    Query { text: typed.map(str::to_owned), order, affinity: Some(affinity), ..Query::default() }
}

#[test]
fn every_hit_tells_its_best_likeness() {
    let hits = world().search(&asked(OrderBy::Affinity, values(), None)).unwrap().hits;
    let told: Vec<(&str, Option<f32>)> =
        hits.iter().map(|hit| (hit.id.as_str(), hit.affinity)).collect();
    let expected = [("both", 0.9), ("near", 0.9), ("middle", 0.5), ("far", 0.0), ("nowhere", 0.0)];
    assert_eq!(told, expected.map(|(id, value)| (id, Some(value))));
    assert_eq!(world().search(&Query::default()).unwrap().hits[0].affinity, None);
}

#[test]
fn the_least_affinity_is_a_filter() {
    let index = world();
    for (minimum, count) in [(0.0, 5), (0.1, 3), (0.5, 3), (0.6, 2), (0.95, 0)] {
        let mut affinity = values();
        affinity.minimum = Some(minimum);
        for by in [OrderBy::Affinity, OrderBy::Relevance, OrderBy::Title] {
            for typed in [None, Some("Bus")] {
                let query = asked(by, affinity.clone(), typed);
                let hits = index.search(&query).unwrap();
                assert_eq!((hits.total, hits.hits.len() as u64), (count, count));
                assert_eq!(index.count(&query).unwrap(), count);
                assert_eq!(index.matches(&query, "near").unwrap().is_some(), minimum <= 0.9);
                assert_eq!(index.matches(&query, "far").unwrap().is_some(), minimum <= 0.0);
            }
        }
    }
}

#[test]
fn likeness_raises_the_score_by_its_weight() {
    let index = world();
    let plain = index
        .search(&Query { affinity: None, ..asked(OrderBy::Relevance, values(), Some("Bus")) })
        .unwrap();
    for weight in [0.0, 0.5, 3.0] {
        let affinity = Affinity { weight, ..values() };
        let hits = index.search(&asked(OrderBy::Relevance, affinity, Some("Bus"))).unwrap().hits;
        assert!(hits.is_sorted_by(|one, two| one.score >= two.score));
        for hit in hits {
            let before = plain.hits.iter().find(|plain| plain.id == hit.id).unwrap().score;
            let expected = before * (1.0 + weight * hit.affinity.unwrap());
            assert!((hit.score - expected).abs() < 1e-4, "{} {expected}", hit.score);
        }
    }
    let near = index
        .search(&asked(OrderBy::Relevance, Affinity { weight: 3.0, ..values() }, Some("Bus")))
        .unwrap();
    assert_eq!(plain.hits[0].id, "far");
    assert_ne!(near.hits[0].id, "far");
}

#[test]
fn without_text_the_score_starts_at_one() {
    let hits = world().search(&asked(OrderBy::Relevance, values(), None)).unwrap().hits;
    let scores: Vec<f32> = hits.iter().map(|hit| hit.score).collect();
    assert_eq!(scores, [1.9, 1.9, 1.5, 1.0, 1.0]);
}

#[test]
fn values_that_are_no_numbers_count_as_nothing() {
    let odd = likeness(&[("m1", f32::NAN), ("m2", f32::INFINITY), ("m9", 0.3)]);
    assert_eq!(ids(&world(), &asked(OrderBy::Affinity, odd, None))[0], "far");
}
