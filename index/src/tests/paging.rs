use std::cmp::Reverse;

use super::support::*;
use crate::{Cursor, Direction, Document, Facet, Hit, Index, Number, Order, OrderBy, Page, Query};

fn query(order: Order, typed: Option<&str>) -> Query {
    let affinity = Some(likeness(&[("m1", 0.9), ("m2", 0.9), ("m3", 0.2)]));
    Query { text: typed.map(str::to_owned), order, affinity, ..Query::default() }
}

fn list(index: &Index, query: &Query) -> Vec<Hit> {
    let page = Page { size: 10_000, ..Page::default() };
    index.search(&Query { page, ..query.clone() }).unwrap().hits
}

fn forward(index: &Index, query: &Query, size: usize) -> Vec<Hit> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let page = Page { size, after: after.take(), ..Page::default() };
        let first = page.after.is_none();
        let hits = index.search(&Query { page, ..query.clone() }).unwrap();
        assert_eq!(hits.has_previous, !first);
        after = hits.hits.last().map(|hit| hit.cursor.to_string().parse::<Cursor>().unwrap());
        all.extend(hits.hits);
        assert_eq!(hits.has_next, (all.len() as u64) < hits.total);
        if !hits.has_next {
            return all;
        }
    }
}

fn backward(index: &Index, query: &Query, size: usize) -> Vec<Hit> {
    let (mut all, mut before) = (Vec::<Hit>::new(), None);
    loop {
        let page =
            Page { size, direction: Direction::Backward, before: before.take(), after: None };
        let last = page.before.is_none();
        let mut hits = index.search(&Query { page, ..query.clone() }).unwrap();
        assert_eq!(hits.has_next, !last);
        before = hits.hits.first().map(|hit| hit.cursor.clone());
        hits.hits.append(&mut all);
        all = hits.hits;
        assert_eq!(hits.has_previous, (all.len() as u64) < hits.total);
        if !hits.has_previous {
            return all;
        }
    }
}

#[test]
fn pages_in_both_directions_make_up_the_whole_list_in_every_order() {
    for seed in 1..=2 {
        let (index, _writer, documents) = random_world(seed, 260);
        for order in orders() {
            for typed in [None, Some("Bus Pflege"), Some("Straße")] {
                let query = query(order, typed);
                let whole = list(&index, &query);
                assert!(typed.is_some() || whole.len() == documents.len());
                assert!(whole.len() > 20);
                for size in [2, 7, 50] {
                    assert_eq!(
                        forward(&index, &query, size),
                        whole,
                        "{order:?} {typed:?} by {size}"
                    );
                    assert_eq!(
                        backward(&index, &query, size),
                        whole,
                        "{order:?} {typed:?} by {size}"
                    );
                }
            }
        }
    }
}

fn expected(documents: &[Document], order: Order) -> Vec<String> {
    let mut sorted: Vec<&Document> = documents.iter().collect();
    sorted.sort_by_key(|document| document.id.clone());
    let number = |document: &Document| document.numbers.first().map(|(_, value)| *value);
    let title = |document: &Document| TITLES.iter().position(|title| *title == document.title);
    let like = |document: &Document| {
        let tenths = document.facets.iter().map(|(facet, value)| match (facet, value.as_str()) {
            (Facet::Municipality, "m1" | "m2") => 9,
            (Facet::Municipality, "m3") => 2,
            _ => 0,
        });
        i64::from(tenths.max().unwrap_or(0))
    };
    let key = |document: &Document| match order.by {
        OrderBy::Number(_) => number(document),
        OrderBy::Title => title(document).map(|place| i64::try_from(place).unwrap()),
        OrderBy::Affinity | OrderBy::Relevance => Some(like(document)),
    };
    // The sort is stable, so equal documents stay in the order of their ids.
    if order.descending {
        sorted.sort_by_key(|document| (key(document).is_none(), Reverse(key(document))));
    } else {
        sorted.sort_by_key(|document| (key(document).is_none(), key(document)));
    }
    sorted.into_iter().map(|document| document.id.clone()).collect()
}

#[test]
fn the_list_is_in_the_order_asked_for() {
    let (index, _writer, documents) = random_world(11, 300);
    for order in orders() {
        let ids: Vec<String> =
            list(&index, &query(order, None)).into_iter().map(|hit| hit.id).collect();
        assert_eq!(ids, expected(&documents, order), "{order:?}");
    }
}

#[test]
fn relevance_puts_the_best_first() {
    let (index, _writer, _) = random_world(5, 200);
    let order = Order { by: OrderBy::Relevance, descending: true };
    let hits = list(&index, &query(order, Some("Pflege")));
    assert!(hits.is_sorted_by(|one, two| one.score >= two.score));
    assert!(hits.first().unwrap().score > hits.last().unwrap().score);
}

#[test]
fn documents_that_arrive_between_two_pages_neither_double_nor_hide_others() {
    for order in orders() {
        let (index, mut writer, documents) = random_world(21, 200);
        let query = query(order, None);
        let mut seen: Vec<String> = Vec::new();
        let (mut after, mut numbers) = (None, Numbers::new(77));
        for round in 0.. {
            let page = Page { size: 9, after: after.take(), ..Page::default() };
            let hits = index.search(&Query { page, ..query.clone() }).unwrap();
            after = hits.hits.last().map(|hit| hit.cursor.clone());
            seen.extend(hits.hits.into_iter().map(|hit| hit.id));
            if !hits.has_next {
                break;
            }
            if round < 20 {
                for number in 0..3 {
                    let mut new = random(5000 + round * 3 + number, &mut numbers);
                    new.id.push_str("-new");
                    writer.put(new).unwrap();
                }
                writer.commit(1000).unwrap();
            }
        }
        let old: Vec<String> = seen.iter().filter(|id| !id.ends_with("-new")).cloned().collect();
        assert_eq!(old, expected(&documents, order), "{order:?}");
        seen.sort_unstable();
        assert!(seen.windows(2).all(|pair| pair[0] != pair[1]), "{order:?}");
    }
}

#[test]
fn a_cursor_outlives_its_document() {
    for order in orders() {
        let (index, mut writer, _) = random_world(31, 150);
        let query = query(order, None);
        let whole = list(&index, &query);
        writer.delete(&whole[40].id).unwrap();
        writer.commit(1000).unwrap();
        for (direction, rest) in
            [(Direction::Forward, &whole[41..]), (Direction::Backward, &whole[..40])]
        {
            let forward = direction == Direction::Forward;
            let cursor = Some(whole[40].cursor.clone());
            let (after, before) = if forward { (cursor, None) } else { (None, cursor) };
            let page = Page { size: 1000, direction, after, before };
            assert_eq!(
                index.search(&Query { page, ..query.clone() }).unwrap().hits,
                rest,
                "{order:?}"
            );
        }
    }
}

#[test]
fn a_window_between_two_cursors_knows_what_lies_on_both_sides() {
    let (index, _writer, _) = random_world(41, 120);
    let query = query(Order { by: OrderBy::Number(Number::Published), descending: true }, None);
    let whole = list(&index, &query);
    for direction in [Direction::Forward, Direction::Backward] {
        let (after, before) = (Some(whole[9].cursor.clone()), Some(whole[20].cursor.clone()));
        let page = Page { size: 100, direction, after, before };
        let hits = index.search(&Query { page, ..query.clone() }).unwrap();
        assert_eq!(hits.hits, whole[10..20]);
        assert_eq!(
            (hits.total, hits.has_previous, hits.has_next),
            (whole.len() as u64, true, true)
        );
    }
}

#[test]
fn the_extremes_of_numbers_have_their_place() {
    let (index, mut writer) = Index::in_memory().unwrap();
    for (id, value) in
        [("a", Some(i64::MIN)), ("b", Some(-1)), ("c", Some(0)), ("d", Some(i64::MAX)), ("e", None)]
    {
        let mut document = titled(id, "x");
        document.numbers.extend(value.map(|value| (Number::Quality, value)));
        writer.put(document).unwrap();
        writer.commit(1).unwrap();
    }
    let by = OrderBy::Number(Number::Quality);
    assert_eq!(
        ids(&index, &query(Order { by, descending: false }, None)),
        ["a", "b", "c", "d", "e"]
    );
    assert_eq!(
        ids(&index, &query(Order { by, descending: true }, None)),
        ["d", "c", "b", "a", "e"]
    );
}

#[test]
fn a_page_of_nothing_still_counts() {
    let (index, _writer, documents) = random_world(51, 30);
    let page = Page { size: 0, ..Page::default() };
    let hits = index.search(&Query { page, ..Query::default() }).unwrap();
    assert_eq!((hits.hits.len(), hits.total), (0, documents.len() as u64));
    assert!(hits.has_next && !hits.has_previous);
}
