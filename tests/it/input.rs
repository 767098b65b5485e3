//! Bad input of every sort: a clear answer with a stable code, never a fault, nothing written.

mod fields;
mod limits;

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::test_app::Answer;

/// Sends a body as the editor of `musterdorf`.
async fn send(app: &TestApp, body: impl Into<Body>) -> Answer {
    let request = Request::post("/graphql")
        .header("content-type", "application/json")
        .header("accept", "application/graphql-response+json")
        .header("authorization", format!("Bearer {}", app.editor))
        .body(body.into());
    app.send(request.expect("a request")).await
}

/// The verdict of an answer: status and code, for user errors also the place.
fn verdict(answer: &Answer) -> String {
    let json = answer.json();
    let status = answer.status.as_u16();
    let payload = json["data"].as_object().and_then(|data| data.values().next());
    let error = match payload.map(|payload| &payload["userErrors"][0]) {
        Some(error) if error.is_object() => error,
        _ => &json["errors"][0],
    };
    assert!(error["message"].as_str().is_some_and(|text| !text.is_empty()), "{}", answer.text);
    match (&error["code"], &error["extensions"]["code"]) {
        (Value::String(code), _) => {
            let path = error["path"].as_array().expect("a path").iter();
            let path: Vec<_> = path.map(|part| part.as_str().unwrap_or_default()).collect();
            format!("{status} {code} {}", path.join("."))
        }
        (_, Value::String(code)) => format!("{status} {code}"),
        _ => panic!("an error without a code: {}", answer.text),
    }
}

/// Each body meets its verdict, and nothing is written.
async fn check(app: &TestApp, cases: impl IntoIterator<Item = (&str, String, &str)>) {
    let before = app.head().await;
    let mut wrong = Vec::new();
    for (name, body, expected) in cases {
        let found = verdict(&send(app, body).await);
        if found != expected {
            wrong.push(format!("{name}: {found}, not {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(app.head().await, before, "something was written");
}

fn body(query: &str) -> String {
    json!({ "query": query }).to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_no_request_is_refused() {
    let app = TestApp::start().await;
    let text = str::to_owned;
    check(
        &app,
        [
            ("nothing", text(""), "400 BAD_REQUEST"),
            ("broken JSON", text(r#"{"query": "#), "400 BAD_REQUEST"),
            ("a list", text("[]"), "400 BAD_REQUEST"),
            ("a text", text("\"{ topics { id } }\""), "400 BAD_REQUEST"),
            ("no query", text("{}"), "400 BAD_REQUEST"),
            ("a number as query", text(r#"{"query": 1}"#), "400 BAD_REQUEST"),
            (
                "variables as text",
                text(r#"{"query": "{ __typename }", "variables": "x"}"#),
                "400 BAD_REQUEST",
            ),
            (
                "a number as name",
                text(r#"{"query": "{ __typename }", "operationName": 1}"#),
                "400 BAD_REQUEST",
            ),
            ("deep JSON", "[".repeat(100_000), "400 BAD_REQUEST"),
            ("too much", " ".repeat(1024 * 1024 + 1), "413 BAD_REQUEST"),
        ],
    )
    .await;
    let broken = send(&app, vec![b'"', 0xff, 0xfe, b'"']).await;
    assert_eq!(verdict(&broken), "400 BAD_REQUEST");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_does_not_fit_the_schema_is_refused() {
    let app = TestApp::start().await;
    let unknown_operation =
        json!({ "query": "query A { __typename }", "operationName": "B" }).to_string();
    let missing = json!({ "query": "query($id: ID!) { node(id: $id) { id } }" }).to_string();
    check(
        &app,
        [
            ("an empty document", body(""), "400 GRAPHQL_PARSE_FAILED"),
            ("a broken document", body("{ topics {"), "400 GRAPHQL_PARSE_FAILED"),
            ("an unknown field", body("{ mayors { id } }"), "400 GRAPHQL_VALIDATION_FAILED"),
            (
                "an unknown argument",
                body("{ solutions(limit: 3) { totalCount } }"),
                "400 GRAPHQL_VALIDATION_FAILED",
            ),
            (
                "an unknown enum value",
                body("{ solutions(orderBy: BEST) { totalCount } }"),
                "400 GRAPHQL_VALIDATION_FAILED",
            ),
            (
                "an unknown mutation",
                body("mutation { dropEverything }"),
                "400 GRAPHQL_VALIDATION_FAILED",
            ),
            ("an unknown operation", unknown_operation, "400 GRAPHQL_VALIDATION_FAILED"),
            (
                "no name with two operations",
                body("query A { __typename } query B { __typename }"),
                "400 GRAPHQL_VALIDATION_FAILED",
            ),
            (
                "two ways to name one",
                body(r#"{ solution(by: {slug: "a", externalKey: "b"}) { id } }"#),
                "400 GRAPHQL_VALIDATION_FAILED",
            ),
            (
                "no way to name one",
                body("{ solution(by: {}) { id } }"),
                "400 GRAPHQL_VALIDATION_FAILED",
            ),
            ("a required variable left out", missing, "400 BAD_USER_INPUT"),
        ],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_argument_of_a_question_is_refused() {
    let app = TestApp::start().await;
    let by_title = "{ solutions(orderBy: TITLE) { pageInfo { endCursor } } }";
    let by_title = app.query(by_title).await;
    let by_title = by_title["data"]["solutions"]["pageInfo"]["endCursor"].as_str();
    let of_other_order = format!(
        "{{ solutions(orderBy: NEWEST, after: {:?}) {{ totalCount }} }}",
        by_title.expect("a cursor")
    );
    let solutions =
        |arguments: &str| body(&format!("{{ solutions({arguments}) {{ totalCount }} }}"));
    let events =
        |arguments: &str| body(&format!("{{ events({arguments}) {{ edges {{ cursor }} }} }}"));
    let node = |id: &str| body(&format!("{{ node(id: {id:?}) {{ id }} }}"));
    let many = body(&format!("{{ nodes(ids: {:?}) {{ id }} }}", vec!["Topic:mobility"; 101]));
    let refused = "200 BAD_USER_INPUT";
    check(
        &app,
        [
            ("first of nothing", solutions("first: 0"), refused),
            ("first below nothing", solutions("first: -1"), refused),
            ("first just too many", solutions("first: 101"), refused),
            ("first far too many", solutions("first: 1000"), refused),
            ("last of nothing", solutions("last: 0"), refused),
            ("last too many", solutions("last: 101"), refused),
            ("first and last", solutions("first: 1, last: 1"), refused),
            ("a cursor that is none", solutions("after: \"nonsense\""), refused),
            ("an empty cursor", solutions("before: \"\""), refused),
            ("a cursor of another order", body(&of_other_order), refused),
            ("likeness to nobody", solutions("orderBy: LIKENESS"), refused),
            (
                "likeness to an unknown place",
                solutions("likeMunicipality: \"Municipality:01J5Z3NDEKTSV4RRFFQ69G5FAV\""),
                refused,
            ),
            ("likeness to a topic", solutions("likeMunicipality: \"Topic:mobility\""), refused),
            ("a filter with a broken id", solutions("filter: {topics: [\"mobility\"]}"), refused),
            (
                "a filter with an id of another kind",
                solutions("filter: {topics: [\"Programme:zwk\"]}"),
                refused,
            ),
            ("a journal cursor that is none", events("after: \"soon\""), refused),
            ("a journal cursor below zero", events("after: \"-1\""), refused),
            ("a journal cursor of the future", events("after: \"1000000\""), refused),
            ("a journal page of nothing", events("first: 0"), refused),
            ("an id without a kind", node("01J5Z3NDEKTSV4RRFFQ69G5FAV"), refused),
            ("an id of an unknown kind", node("Mayor:01J5Z3NDEKTSV4RRFFQ69G5FAV"), refused),
            ("an id with a broken key", node("Solution:1"), refused),
            ("an empty id", node(""), refused),
            (
                "an id of another kind",
                body("{ solution(by: {id: \"Topic:mobility\"}) { id } }"),
                refused,
            ),
            ("too many ids", many, refused),
        ],
    )
    .await;
}
