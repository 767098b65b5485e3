//! What becomes of what others made of a duplicate.

use allmende::domain::Role;
use serde_json::{Value, json};

use crate::support::TestApp;

/// What was made of a solution, as everybody sees it.
async fn made_of(app: &TestApp, id: &str) -> Value {
    app.settle().await;
    let question = "query($id: ID!) { solution(by: {id: $id}) {
        adoptionCounts { inUse }
        adoptions { edges { node { municipality { slug } status } } }
        feedback { edges { node { municipality { slug } text } } }
    } }";
    app.run(None, question, json!({ "id": id })).await["data"]["solution"].take()
}

async fn is_used_by_neustadt(app: &TestApp, id: &str) {
    let which = json!({ "by": { "slug": "neustadt" } });
    let neustadt = "query($by: MunicipalityBy!) { municipality(by: $by) { id } }";
    let neustadt = app.run(None, neustadt, which).await["data"]["municipality"]["id"].take();
    let adoption = json!({ "solution": id, "municipality": neustadt, "status": "IN_USE" });
    assert_eq!(app.refused(Some(&app.neighbour), "declareAdoption", adoption).await, "");
    let feedback = json!({ "solution": id, "municipality": neustadt, "text": "Hat uns geholfen." });
    assert_eq!(app.refused(Some(&app.neighbour), "giveFeedback", feedback).await, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn adoptions_and_feedback_go_to_the_solution_that_took_its_place() {
    let app = TestApp::start().await;
    let moderator = app.token(Role::Moderator, "altdorf").await;
    let kept = app.published(&app.editor, app.complete("musterdorf", "Original").await).await;
    let double = app.published(&app.editor, app.complete("musterdorf", "Doppelgänger").await).await;
    is_used_by_neustadt(&app, &double).await;
    let before = made_of(&app, &double).await;
    assert_eq!(before["adoptionCounts"]["inUse"], 1);
    let merge = json!({ "id": double, "into": kept, "reason": "Doppelt." });
    assert_eq!(app.refused(Some(&moderator), "mergeSolution", merge).await, "");
    assert_eq!(made_of(&app, &kept).await, before);
    let nothing = json!({
        "adoptionCounts": { "inUse": 0 },
        "adoptions": { "edges": [] },
        "feedback": { "edges": [] },
    });
    assert_eq!(made_of(&app, &double).await, nothing);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_said_something_of_both_is_counted_once() {
    let app = TestApp::start().await;
    let moderator = app.token(Role::Moderator, "altdorf").await;
    let kept = app.published(&app.editor, app.complete("musterdorf", "Original").await).await;
    let double = app.published(&app.editor, app.complete("musterdorf", "Doppelgänger").await).await;
    is_used_by_neustadt(&app, &double).await;
    is_used_by_neustadt(&app, &kept).await;
    let before = made_of(&app, &kept).await;
    let merge = json!({ "id": double, "into": kept, "reason": "Doppelt." });
    assert_eq!(app.refused(Some(&moderator), "mergeSolution", merge).await, "");
    assert_eq!(made_of(&app, &kept).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_taken_back_there_gives_way_to_what_holds_here() {
    let app = TestApp::start().await;
    let moderator = app.token(Role::Moderator, "altdorf").await;
    let kept = app.published(&app.editor, app.complete("musterdorf", "Original").await).await;
    let double = app.published(&app.editor, app.complete("musterdorf", "Doppelgänger").await).await;
    is_used_by_neustadt(&app, &double).await;
    is_used_by_neustadt(&app, &kept).await;
    let before = made_of(&app, &double).await;
    let question = "query($id: ID!) { solution(by: {id: $id}) {
        adoptions { edges { node { id } } } feedback { edges { node { id } } }
    } }";
    let mut there = app.run(None, question, json!({ "id": kept })).await["data"]["solution"].take();
    for (list, mutation) in [("adoptions", "withdrawAdoption"), ("feedback", "withdrawFeedback")] {
        let id = json!({ "id": there[list]["edges"][0]["node"]["id"].take() });
        assert_eq!(app.refused(Some(&app.neighbour), mutation, id).await, "");
    }
    assert_eq!(made_of(&app, &kept).await["adoptionCounts"]["inUse"], 0);
    let merge = json!({ "id": double, "into": kept, "reason": "Doppelt." });
    assert_eq!(app.refused(Some(&moderator), "mergeSolution", merge).await, "");
    assert_eq!(made_of(&app, &kept).await, before);
}
