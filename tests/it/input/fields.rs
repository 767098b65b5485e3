//! Fields of a solution with something wrong in them.

use serde_json::{Value, json};

use super::check;
use crate::support::TestApp;

/// A change of what a sound solution is made of.
async fn spoilt(app: &TestApp, changes: Value) -> String {
    let mut input = app.complete("musterdorf", "Gut").await;
    for (field, value) in changes.as_object().expect("fields") {
        input[field] = value.clone();
    }
    let query = "mutation($input: CreateSolutionInput!) {
        createSolution(input: $input) { userErrors { code path message } }
    }";
    json!({ "query": query, "variables": { "input": input } }).to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_solution_with_something_wrong_is_refused_with_the_place() {
    let app = TestApp::start().await;
    let nowhere = "Municipality:01J5Z3NDEKTSV4RRFFQ69G5FAV";
    let topics = ["a", "b", "c", "d", "e"].map(|topic| format!("Topic:{topic}"));
    let cases = [
        (json!({ "title": "" }), "200 REQUIRED title"),
        (json!({ "title": " \n" }), "200 REQUIRED title"),
        (json!({ "title": "ä".repeat(101) }), "200 TOO_LONG title"),
        (json!({ "teaser": "ä".repeat(201) }), "200 TOO_LONG teaser"),
        (json!({ "problem": "ä".repeat(20_001) }), "200 TOO_LONG problem"),
        (json!({ "municipalities": [] }), "200 REQUIRED municipalities"),
        (json!({ "municipalities": [nowhere] }), "200 NOT_FOUND municipalities.0"),
        (json!({ "municipalities": ["Topic:mobility"] }), "200 BAD_USER_INPUT"),
        (json!({ "municipalities": ["musterdorf"] }), "200 BAD_USER_INPUT"),
        (json!({ "topics": topics }), "200 TOO_MANY topics"),
        (json!({ "topics": ["Topic:mobility", "Topic:alchemy"] }), "200 NOT_FOUND topics.1"),
        (json!({ "targetGroups": ["TargetGroup:martians"] }), "200 NOT_FOUND targetGroups.0"),
        (json!({ "partners": [{ "role": "FUNDER" }] }), "200 REQUIRED partners.0.name"),
        (
            json!({ "sources": [{ "title": "Q", "url": "javascript:x" }] }),
            "200 INVALID sources.0.url",
        ),
        (json!({ "digitalTools": [{ "name": "" }] }), "200 REQUIRED digitalTools.0.name"),
        (json!({ "costs": { "oneOff": { "from": 2, "to": 1 } } }), "200 INVALID costs.oneOff"),
        (json!({ "lessons": "Null: \0" }), "200 INVALID lessons"),
        (json!({ "externalKey": "" }), "200 REQUIRED externalKey"),
        (json!({ "monthsToEffect": 601 }), "200 OUT_OF_RANGE monthsToEffect"),
        (json!({ "monthsToEffect": 70_000 }), "200 OUT_OF_RANGE monthsToEffect"),
        (json!({ "monthsToEffect": -3 }), "200 OUT_OF_RANGE monthsToEffect"),
        (json!({ "participation": { "people": -1 } }), "200 OUT_OF_RANGE participation.people"),
        (
            json!({ "costs": { "yearly": { "from": 1, "to": -1 } } }),
            "200 OUT_OF_RANGE costs.yearly.to",
        ),
        (json!({ "costs": { "year": -1 } }), "200 OUT_OF_RANGE costs.year"),
        (json!({ "period": { "starts": "sometime" } }), "200 BAD_USER_INPUT"),
        (json!({ "lastChecked": "2026-02-30" }), "200 BAD_USER_INPUT"),
        (
            json!({ "keywords": (0..51).map(|n| format!("Bus {n}")).collect::<Vec<_>>() }),
            "200 TOO_MANY keywords",
        ),
        (json!({ "status": "DREAMT" }), "400 BAD_USER_INPUT"),
        (json!({ "mayor": "?" }), "400 BAD_USER_INPUT"),
        (json!({ "title": null }), "400 BAD_USER_INPUT"),
    ];
    let mut bodies = Vec::new();
    for (changes, expected) in cases {
        let name: String = changes.to_string().chars().take(60).collect();
        bodies.push((name, spoilt(&app, changes).await, expected));
    }
    let bodies = bodies.iter().map(|(name, body, expected)| (&**name, body.clone(), *expected));
    check(&app, bodies).await;
}
