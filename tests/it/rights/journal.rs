//! What the journal tells to whom.

use serde_json::{Value, json};

use super::{KINDS, draft};
use crate::support::TestApp;

/// What somebody reads in the journal about one record.
async fn told(app: &TestApp, token: Option<&str>, id: &str) -> Vec<String> {
    app.settle().await;
    let question = "{ events(last: 100) { edges { node { kind subjectId title } } } }";
    let answer = app.run(token, question, json!({})).await;
    let events = answer["data"]["events"]["edges"].as_array().expect("a list").iter();
    let about = events.map(|edge| &edge["node"]).filter(|event| event["subjectId"] == json!(id));
    about.map(|event| event["kind"].as_str().expect("a kind").to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn events_of_drafts_are_told_to_their_editors_only() {
    let app = TestApp::start().await;
    for kind in KINDS {
        let id = draft(&app, kind).await;
        for other in [None, Some(app.reader.as_str()), Some(app.neighbour.as_str())] {
            assert_eq!(told(&app, other, &id).await, Vec::<String>::new(), "{kind}");
        }
        let own = told(&app, Some(&app.editor), &id).await;
        assert_eq!(own, [format!("{}_CREATED", kind.to_uppercase())]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_publication_is_told_to_all_and_what_came_before_it_still_is_not() {
    let app = TestApp::start().await;
    let id = app.draft(&app.editor, app.complete("musterdorf", "Offen").await).await;
    app.update(&app.editor, json!({ "id": id, "title": "Offener" })).await;
    app.publish(&app.editor, &id).await;
    app.archive(&app.editor, &id).await;
    let public = ["SOLUTION_PUBLISHED", "SOLUTION_ARCHIVED"];
    assert_eq!(told(&app, None, &id).await, public);
    assert_eq!(told(&app, Some(&app.reader), &id).await, public);
    let all = ["SOLUTION_CREATED", "SOLUTION_UPDATED", "SOLUTION_PUBLISHED", "SOLUTION_ARCHIVED"];
    assert_eq!(told(&app, Some(&app.editor), &id).await, all);
}

#[tokio::test(flavor = "multi_thread")]
async fn that_a_draft_was_put_away_is_told_to_its_editors_only() {
    let app = TestApp::start().await;
    let id = app.draft(&app.editor, app.complete("musterdorf", "Verworfen").await).await;
    app.archive(&app.editor, &id).await;
    for other in [None, Some(app.reader.as_str()), Some(app.neighbour.as_str())] {
        assert_eq!(told(&app, other, &id).await, Vec::<String>::new());
    }
    let own = told(&app, Some(&app.editor), &id).await;
    assert_eq!(own, ["SOLUTION_CREATED", "SOLUTION_ARCHIVED"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_that_is_not_told_looks_like_none() {
    let app = TestApp::start().await;
    draft(&app, "Solution").await;
    let hidden = app.head().await;
    for seq in [0, hidden, hidden + 1, u64::MAX] {
        let question = "query($id: ID!) { node(id: $id) { id } }";
        let answer =
            app.run(Some(&app.neighbour), question, json!({ "id": format!("Event:{seq}") })).await;
        assert_eq!(answer, json!({ "data": { "node": null } }), "{seq}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn access_tokens_are_never_told() {
    let app = TestApp::start().await;
    let everybody = [None, Some(&app.reader), Some(&app.editor), Some(&app.neighbour)];
    for viewer in everybody.map(|token| token.map(String::as_str)) {
        let question = "{ events(last: 100) { edges { node { kind subjectId } } } }";
        let answer = app.run(viewer, question, json!({})).await.to_string();
        assert!(answer.contains("SOLUTION_PUBLISHED"), "{answer}");
        assert!(!answer.contains("TOKEN_CREATED") && !answer.contains("AccessToken"), "{answer}");
        // The entries of the three tokens are the last ones.
        let head = app.head().await;
        for seq in head - 2..=head {
            let question = format!("{{ node(id: \"Event:{seq}\") {{ id }} }}");
            assert_eq!(app.run(viewer, &question, json!({})).await["data"]["node"], Value::Null);
        }
    }
}
