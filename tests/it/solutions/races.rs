//! Several people change at the same moment.

use std::sync::Arc;

use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::support::TestApp;

/// How many change at once.
const EDITORS: usize = 6;

/// Runs the same kind of change many times at once, and gives the payloads.
async fn at_once(app: &Arc<TestApp>, mutation: &'static str, inputs: Vec<Value>) -> Vec<Value> {
    let mut changes = JoinSet::new();
    for input in inputs {
        let app = Arc::clone(app);
        changes.spawn(async move {
            let answer = app.edit(mutation, json!({ "input": input })).await;
            assert!(answer["errors"].is_null(), "{answer}");
            answer["data"]["payload"].clone()
        });
    }
    changes.join_all().await
}

/// How many payloads have a solution; all others have this code.
fn winners(payloads: &[Value], code: &str) -> usize {
    let lost = |payload: &&Value| payload["solution"].is_null();
    for payload in payloads.iter().filter(lost) {
        assert_eq!(payload["userErrors"][0]["code"], code, "{payload}");
    }
    payloads.len() - payloads.iter().filter(lost).count()
}

const CREATE: &str = "mutation($input: CreateSolutionInput!) {
    payload: createSolution(input: $input) { solution { slug } userErrors { code path } }
}";
const UPDATE: &str = "mutation($input: UpdateSolutionInput!) {
    payload: updateSolution(input: $input) { solution { revision title } userErrors { code path } }
}";

#[tokio::test(flavor = "multi_thread")]
async fn of_changes_on_the_same_revision_exactly_one_is_made() {
    let app = Arc::new(TestApp::start().await);
    let id = app.draft(&app.editor, app.complete("musterdorf", "Umkämpft").await).await;
    let before = app.head().await;
    let change = |n| json!({ "id": id, "title": format!("Fassung {n}"), "expectedRevision": 1 });
    let payloads = at_once(&app, UPDATE, (0..EDITORS).map(change).collect()).await;
    assert_eq!(winners(&payloads, "STALE"), 1, "{payloads:?}");
    assert_eq!(app.head().await, before + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_external_key_is_won_by_one() {
    let app = Arc::new(TestApp::start().await);
    let mut input = app.complete("musterdorf", "Umkämpft").await;
    input["externalKey"] = json!("X1");
    let before = app.head().await;
    let payloads = at_once(&app, CREATE, vec![input; EDITORS]).await;
    assert_eq!(winners(&payloads, "TAKEN"), 1, "{payloads:?}");
    assert_eq!(app.head().await, before + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_title_is_for_everybody() {
    let app = Arc::new(TestApp::start().await);
    let input = app.complete("musterdorf", "Beliebt").await;
    let payloads = at_once(&app, CREATE, vec![input; EDITORS]).await;
    let mut slugs: Vec<_> =
        payloads.iter().map(|payload| payload["solution"]["slug"].to_string()).collect();
    slugs.sort();
    slugs.dedup();
    assert_eq!(slugs.len(), EDITORS, "{payloads:?}");
}
