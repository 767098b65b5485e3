use super::support::*;
use crate::{Document, Facet, Filter, Number, Query};

fn random_query(numbers: &mut Numbers) -> Query {
    let typed = [
        "Bus",
        "Pflege Schule",
        "Haus -Bus",
        "\"Bus Pflege\"",
        "Straße Wärme Laden Bus",
        "Bürgerbus",
        "Rufbus",
        "Lehranstalt Bus Pflege Haus Laden",
        "Buss",
        "Bus -\"Haus Schule\" -\"Pflege Bus\"",
        "-\"Bus Haus\" -Wärme",
        "\"Bus Haus\" \"Haus Pflege\" Schule",
    ];
    let mut query = Query { order: *numbers.pick(&orders()), ..text("") };
    query.text = (numbers.below(3) > 0).then(|| (*numbers.pick(&typed)).to_owned());
    if numbers.below(3) == 0 {
        query.kinds = vec!["Solution".to_owned()];
    }
    query.filter = random_filter(numbers, 3);
    if numbers.below(2) == 0 {
        let mut affinity = likeness(&[("m1", 0.7), ("m2", 0.4)]);
        affinity.minimum = (numbers.below(2) == 0).then_some(0.4);
        query.affinity = Some(affinity);
    }
    query
}

fn random_filter(numbers: &mut Numbers, depth: usize) -> Filter {
    let topic = |numbers: &mut Numbers| (*numbers.pick(&TOPICS)).to_owned();
    match numbers.below(if depth == 0 { 4 } else { 7 }) {
        0 => Filter::All,
        1 => Filter::AnyOf(Facet::Topic, vec![topic(numbers), topic(numbers)]),
        2 => Filter::AllOf(Facet::Topic, vec![topic(numbers)]),
        3 => Filter::Range(Number::Published, Some(-2), (numbers.below(2) == 0).then_some(3)),
        4 => {
            Filter::And(vec![random_filter(numbers, depth - 1), random_filter(numbers, depth - 1)])
        }
        5 => Filter::Or(vec![random_filter(numbers, depth - 1), random_filter(numbers, depth - 1)]),
        _ => Filter::Not(Box::new(random_filter(numbers, depth - 1))),
    }
}

/// What a filter says, without an index.
fn holds(filter: &Filter, document: &Document) -> bool {
    let has = |facet: Facet, value: &String| {
        document.facets.iter().any(|(of, given)| *of == facet && given == value)
    };
    match filter {
        Filter::All => true,
        Filter::None => false,
        Filter::AnyOf(facet, values) => values.iter().any(|value| has(*facet, value)),
        Filter::AllOf(facet, values) => values.iter().all(|value| has(*facet, value)),
        Filter::Range(number, from, to) => document.numbers.iter().any(|(of, value)| {
            of == number
                && from.is_none_or(|from| from <= *value)
                && to.is_none_or(|to| *value <= to)
        }),
        Filter::Id(ids) => ids.contains(&document.id),
        Filter::And(parts) => parts.iter().all(|part| holds(part, document)),
        Filter::Or(parts) => parts.iter().any(|part| holds(part, document)),
        Filter::Not(part) => !holds(part, document),
    }
}

#[test]
fn random_filters_select_what_they_say() {
    let (index, _writer, documents) = random_world(17, 400);
    let mut numbers = Numbers::new(23);
    for _ in 0..300 {
        let query = filtered(random_filter(&mut numbers, 4));
        let mut expected: Vec<&str> = documents
            .iter()
            .filter(|document| holds(&query.filter, document))
            .map(|document| document.id.as_str())
            .collect();
        expected.sort_unstable();
        assert_eq!(ids(&index, &query), expected, "{:?}", query.filter);
    }
}

#[test]
fn matches_agrees_with_search() {
    let (index, _writer, documents) = random_world(99, 150);
    let mut numbers = Numbers::new(4711);
    let (mut found, mut missed) = (0, 0);
    for _ in 0..60 {
        let query = random_query(&mut numbers);
        let hits = index.search(&query).unwrap();
        assert_eq!(hits.total, hits.hits.len() as u64);
        assert_eq!(index.count(&query).unwrap(), hits.total);
        for document in documents.iter().step_by(5) {
            let one = index.matches(&query, &document.id).unwrap();
            let listed = hits.hits.iter().find(|hit| hit.id == document.id);
            assert_eq!(one.is_some(), listed.is_some(), "{query:?} {}", document.id);
            if let (Some(one), Some(listed)) = (one, listed) {
                assert_eq!((one.kind, one.affinity), (listed.kind.clone(), listed.affinity));
                assert!((one.score - listed.score).abs() <= 1e-5 * listed.score.abs());
                found += 1;
            } else {
                missed += 1;
            }
        }
    }
    assert!(found > 100 && missed > 100, "{found} {missed}");
}

#[test]
fn a_document_alone_is_found_by_the_queries_that_find_it_among_others() {
    let (index, _writer, documents) = random_world(7, 200);
    index.set_synonyms(&[group(&["Bus", "Rufbus"]), group(&["Schule", "Lehranstalt"])]);
    let mut numbers = Numbers::new(31);
    let queries: Vec<Query> = (0..80).map(|_| random_query(&mut numbers)).collect();
    let (mut found, mut missed) = (0, 0);
    for document in documents.iter().step_by(4) {
        let alone = index.percolator(document.clone()).unwrap();
        for query in &queries {
            let listed = index.matches(query, &document.id).unwrap().is_some();
            assert_eq!(alone.holds(query).unwrap(), listed, "{query:?} {document:?}");
            *(if listed { &mut found } else { &mut missed }) += 1;
        }
    }
    assert!(found > 300 && missed > 300, "{found} {missed}");
}

#[test]
fn matches_looks_past_the_page_and_not_at_strangers() {
    let (index, _writer) = index_of(vec![titled("a", "Bus"), titled("b", "Bus")]);
    let mut query = text("Bus");
    query.page.size = 0;
    query.page.after = Some(index.search(&text("Bus")).unwrap().hits[1].cursor.clone());
    assert_eq!(index.matches(&query, "a").unwrap().unwrap().id, "a");
    assert!(index.matches(&query, "c").unwrap().is_none());
}
