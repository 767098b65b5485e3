//! Who may keep a process, and what is refused.

use allmende::domain::Role;
use serde_json::{Value, json};

use super::{NOTHING, begun, change, input};
use crate::support::TestApp;

/// Each mutation of a process with an input that is in order.
async fn mutations(app: &TestApp, id: &Value, measure: &Value) -> Vec<(&'static str, Value)> {
    vec![
        ("createStrategyProcess", input(app).await),
        ("updateStrategyProcess", json!({ "id": id, "ends": "2026" })),
        ("setProcessStep", json!({ "id": id, "step": "PLAN", "state": "DONE" })),
        ("removeProcessStep", json!({ "id": id, "step": "PLAN" })),
        ("addMeasure", json!({ "id": id, "title": "Laden" })),
        ("updateMeasure", json!({ "id": id, "measure": measure, "status": "DONE" })),
        ("removeMeasure", json!({ "id": id, "measure": measure })),
        ("draftSolutionFromMeasure", json!({ "id": id, "measure": measure })),
        ("publishStrategyProcess", json!({ "id": id })),
        ("archiveStrategyProcess", json!({ "id": id })),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn only_those_whose_process_it_is_keep_it() {
    let app = TestApp::start().await;
    let moderator = app.token(Role::Moderator, "neustadt").await;
    let id = begun(&app).await;
    let new = json!({ "id": id, "title": "Rufbus", "status": "DONE" });
    let process = change(&app, "addMeasure", new, "measures { id }").await;
    let measure = &process["measures"][0]["id"];
    let reader = app.token(Role::Reader, "neustadt").await;
    let unknown = json!(format!("StrategyProcess:{NOTHING}"));
    let before = app.head().await;
    for (mutation, input) in mutations(&app, &id, measure).await {
        assert_eq!(
            app.refused(None, mutation, input.clone()).await,
            "UNAUTHENTICATED",
            "{mutation}"
        );
        for other in [&app.editor, &moderator, &reader] {
            let refused = app.refused(Some(other), mutation, input.clone()).await;
            if mutation == "createStrategyProcess" {
                assert_eq!(refused, "FORBIDDEN");
                continue;
            }
            // A draft of others looks like nothing.
            let mut nothing = input.clone();
            nothing["id"] = unknown.clone();
            let missing = app.refused(Some(other), mutation, nothing).await;
            assert_eq!(
                (refused.as_str(), missing.as_str()),
                ("NOT_FOUND id", "NOT_FOUND id"),
                "{mutation}"
            );
        }
    }
    assert_eq!(app.head().await, before, "a refused change was written");
    change(&app, "publishStrategyProcess", json!({ "id": id }), "id").await;
    for (mutation, input) in mutations(&app, &id, measure).await {
        for other in [&app.editor, &moderator, &reader] {
            let refused = app.refused(Some(other), mutation, input.clone()).await;
            assert_eq!(refused, "FORBIDDEN", "{mutation}");
        }
    }
    assert_eq!(app.head().await, before + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_seen_by_those_whose_it_is() {
    let app = TestApp::start().await;
    let id = begun(&app).await;
    let question = "query($id: ID!) { node(id: $id) { id } }";
    for (token, expected) in [
        (None, &Value::Null),
        (Some(&app.editor), &Value::Null),
        (Some(&app.reader), &Value::Null),
        (Some(&app.neighbour), &id),
    ] {
        let answer = app.run(token.map(String::as_str), question, json!({ "id": id })).await;
        assert_eq!(answer["data"]["node"]["id"], *expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_process_is_told() {
    let app = TestApp::start().await;
    let nothing = format!("Organisation:{NOTHING}");
    let before = app.head().await;
    for (field, value, expected) in [
        ("municipality", json!(format!("Municipality:{NOTHING}")), "NOT_FOUND municipality"),
        ("programme", json!("Programme:nothing"), "NOT_FOUND programme"),
        ("ends", json!("2023"), "INVALID ends"),
        (
            "priorities",
            json!([{ "topic": "Topic:nothing", "title": "X" }]),
            "NOT_FOUND priorities.0.topic",
        ),
        (
            "priorities",
            json!([{ "topic": "Topic:mobility", "title": "" }]),
            "REQUIRED priorities.0.title",
        ),
        (
            "facilitations",
            json!([{ "organisation": nothing, "role": "X" }]),
            "NOT_FOUND facilitations.0.organisation",
        ),
        ("swot", json!({ "weaknesses": [" "] }), "REQUIRED swot.weaknesses.0"),
        ("review", json!({ "notReached": [""] }), "REQUIRED review.notReached.0"),
        ("starts", json!("bald"), "BAD_USER_INPUT"),
    ] {
        let mut input = input(&app).await;
        input[field] = value;
        let refused = app.refused(Some(&app.neighbour), "createStrategyProcess", input).await;
        assert_eq!(refused, expected);
    }
    assert_eq!(app.head().await, before);
    let id = begun(&app).await;
    for (field, value, expected) in [
        ("date", json!("0001"), "OUT_OF_RANGE date"),
        ("ends", json!("2020"), "INVALID ends"),
        ("state", Value::Null, "REQUIRED state"),
        ("documents", json!([format!("ProjectDocument:{NOTHING}")]), "NOT_FOUND documents.0"),
        ("participation", json!([{ "people": -1 }]), "OUT_OF_RANGE participation.0.people"),
        ("expectedRevision", json!(9), "STALE expectedRevision"),
    ] {
        let mut input = json!({ "id": id, "step": "PLAN", "date": "2024" });
        input[field] = value;
        let refused = app.refused(Some(&app.neighbour), "setProcessStep", input).await;
        assert_eq!(refused, expected);
    }
}
