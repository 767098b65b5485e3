//! What a document may ask for: as much as pages need, and no more.

use std::fmt::Write;

use super::{body, send, verdict};
use crate::support::TestApp;

/// A municipality's parent's parent's …, so many fields deep.
fn deep(depth: usize) -> String {
    let levels = depth - 2;
    let (open, close) = ("parent { ".repeat(levels), "}".repeat(levels));
    format!("{{ municipality(by: {{slug: \"musterdorf\"}}) {{ {open} name {close} }} }}")
}

/// So many names for the same field.
fn aliases(count: usize) -> String {
    let fields = (0..count).map(|n| format!("a{n}: __typename ")).collect::<String>();
    format!("{{ {fields} }}")
}

/// Parents of parents, each asked for twice by fragments: a line more doubles what is asked for.
fn doubled(levels: usize) -> String {
    let mut document = "{ municipality(by: {slug: \"musterdorf\"}) { ...F0 } }".to_owned();
    for level in 0..levels {
        let parent = format!("parent {{ ...F{} }}", level + 1);
        write!(document, " fragment F{level} on Municipality {{ {parent} {parent} }}")
            .expect("room");
    }
    document + &format!(" fragment F{levels} on Municipality {{ id }}")
}

/// Fragments of fragments without any field between them, each spread twice.
fn spread(levels: usize) -> String {
    let mut document = "{ ...F0 }".to_owned();
    for level in 0..levels {
        let next = format!("...F{}", level + 1);
        write!(document, " fragment F{level} on Query {{ {next} {next} }}").expect("room");
    }
    document + &format!(" fragment F{levels} on Query {{ __typename }}")
}

/// The solutions of the municipalities of solutions, so many each.
fn pages(size: usize) -> String {
    let inner = format!("solutions(first: {size}) {{ edges {{ node {{ title }} }} }}");
    let places = format!("municipalities {{ {inner} }}");
    format!("{{ solutions(first: {size}) {{ edges {{ node {{ {places} }} }} }} }}")
}

async fn answered(app: &TestApp, document: &str) -> String {
    let answer = send(app, body(document)).await;
    if answer.json()["errors"].is_null() { "answered".to_owned() } else { verdict(&answer) }
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_are_at_most_fifteen_fields_deep() {
    let app = TestApp::start().await;
    assert_eq!(answered(&app, &deep(15)).await, "answered");
    assert_eq!(answered(&app, &deep(16)).await, "400 QUERY_TOO_COMPLEX");
    assert_eq!(answered(&app, &deep(40)).await, "400 QUERY_TOO_COMPLEX");
    assert_eq!(answered(&app, &deep(10_000)).await, "400 GRAPHQL_PARSE_FAILED");
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_use_at_most_fifty_aliases() {
    let app = TestApp::start().await;
    assert_eq!(answered(&app, &aliases(50)).await, "answered");
    assert_eq!(answered(&app, &aliases(51)).await, "400 QUERY_TOO_COMPLEX");
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_have_at_most_two_thousand_selections_with_their_fragments() {
    let app = TestApp::start().await;
    assert_eq!(answered(&app, &doubled(8)).await, "answered");
    assert_eq!(answered(&app, &doubled(10)).await, "400 QUERY_TOO_COMPLEX");
    assert_eq!(answered(&app, &spread(5)).await, "answered");
    assert_eq!(answered(&app, &spread(30)).await, "400 QUERY_TOO_COMPLEX");
    assert_eq!(answered(&app, &spread(100)).await, "400 QUERY_TOO_COMPLEX");
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_in_pages_multiply() {
    let app = TestApp::start().await;
    assert_eq!(answered(&app, &pages(20)).await, "answered");
    assert_eq!(answered(&app, &pages(100)).await, "400 QUERY_TOO_COMPLEX");
}
