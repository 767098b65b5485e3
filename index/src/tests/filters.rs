use super::support::*;
use crate::{Document, Error, Facet, Filter, Number};

fn with(id: &str, topics: &[&str], published: Option<i64>) -> Document {
    let mut document = titled(id, "Titel");
    document.facets = topics.iter().map(|topic| (Facet::Topic, (*topic).to_owned())).collect();
    document.numbers = published.map(|value| (Number::Published, value)).into_iter().collect();
    document
}

fn topics(values: &[&str]) -> Vec<String> {
    values.iter().map(|value| (*value).to_owned()).collect()
}

#[test]
fn each_filter_selects_what_it_says() {
    let (index, _writer) = index_of(vec![
        with("a", &["x"], Some(-5)),
        with("b", &["x", "y"], Some(0)),
        with("c", &["y"], Some(i64::MAX)),
        with("d", &[], None),
    ]);
    let x = || Filter::AnyOf(Facet::Topic, topics(&["x"]));
    let y = || Filter::AnyOf(Facet::Topic, topics(&["y"]));
    let range = |from, to| Filter::Range(Number::Published, from, to);
    let cases: Vec<(Filter, &[&str])> = vec![
        (Filter::All, &["a", "b", "c", "d"]),
        (Filter::None, &[]),
        (x(), &["a", "b"]),
        (Filter::AnyOf(Facet::Topic, topics(&["x", "y", "z"])), &["a", "b", "c"]),
        (Filter::AnyOf(Facet::Topic, vec![]), &[]),
        (Filter::AnyOf(Facet::State, topics(&["x"])), &[]),
        (Filter::AllOf(Facet::Topic, topics(&["x", "y"])), &["b"]),
        (Filter::AllOf(Facet::Topic, vec![]), &["a", "b", "c", "d"]),
        (range(Some(0), None), &["b", "c"]),
        (range(None, Some(0)), &["a", "b"]),
        (range(Some(-4), Some(5)), &["b"]),
        (range(Some(5), Some(-4)), &[]),
        (range(None, None), &["a", "b", "c"]),
        (range(Some(i64::MIN), Some(i64::MAX)), &["a", "b", "c"]),
        (Filter::Id(topics(&["d", "a", "nobody"])), &["a", "d"]),
        (Filter::And(vec![]), &["a", "b", "c", "d"]),
        (Filter::And(vec![x(), y()]), &["b"]),
        (Filter::Or(vec![]), &[]),
        (Filter::Or(vec![x(), y()]), &["a", "b", "c"]),
        (Filter::Not(Box::new(x())), &["c", "d"]),
        (Filter::Not(Box::new(Filter::Not(Box::new(x())))), &["a", "b"]),
        (Filter::Not(Box::new(Filter::All)), &[]),
        (Filter::And(vec![y(), Filter::Not(Box::new(Filter::None))]), &["b", "c"]),
    ];
    for (filter, expected) in cases {
        let query = filtered(filter);
        assert_eq!(ids(&index, &query), expected, "{:?}", query.filter);
        assert_eq!(index.count(&query).unwrap(), expected.len() as u64, "{:?}", query.filter);
        let mut with_text = query;
        with_text.text = Some("Titel".to_owned());
        assert_eq!(ids(&index, &with_text).len(), expected.len(), "{:?}", with_text.filter);
    }
}

#[test]
fn kinds_narrow_and_values_are_matched_exactly() {
    let mut other = titled("b", "x");
    other.kind = "Contact".to_owned();
    other.facets.push((Facet::Owner, "Stadt Köln, Amt 5".to_owned()));
    let (index, _writer) = index_of(vec![titled("a", "x"), other]);
    let mut query = filtered(Filter::All);
    query.kinds = topics(&["Contact"]);
    assert_eq!(ids(&index, &query), ["b"]);
    query.kinds = topics(&["Contact", "Solution"]);
    assert_eq!(ids(&index, &query), ["a", "b"]);
    let owner = |value: &str| filtered(Filter::AnyOf(Facet::Owner, topics(&[value])));
    assert_eq!(ids(&index, &owner("Stadt Köln, Amt 5")), ["b"]);
    assert!(ids(&index, &owner("stadt köln, amt 5")).is_empty());
    assert!(ids(&index, &owner("Stadt")).is_empty());
}

#[test]
fn a_filter_that_is_too_deep_is_refused() {
    let (index, _writer) = index_of(vec![titled("a", "x")]);
    let nested = |depth| (0..depth).fold(Filter::All, |inner, _| Filter::Not(Box::new(inner)));
    assert_eq!(index.count(&filtered(nested(20))).unwrap(), 1);
    assert!(matches!(index.count(&filtered(nested(200))), Err(Error::FilterTooDeep { .. })));
    assert!(matches!(
        index.facets(&filtered(nested(200)), &[Facet::Kind]),
        Err(Error::FilterTooDeep { .. })
    ));
}
