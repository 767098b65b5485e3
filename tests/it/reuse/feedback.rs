//! "Helpful for us because".

use allmende::domain::Role;
use serde_json::{Value, json};

use super::{altdorf, nothing, of_solution, told};
use crate::support::TestApp;

async fn input(app: &TestApp, text: &str) -> Value {
    json!({
        "solution": app.solution("T1").await,
        "municipality": app.municipality("musterdorf").await,
        "text": text,
    })
}

async fn given(app: &TestApp, text: &str) -> Value {
    let fields = "feedback { id text publication municipality { slug } solution { title } }";
    let payload =
        app.mutate(Some(&app.editor), "giveFeedback", input(app, text).await, fields).await;
    assert_eq!(payload["userErrors"], json!([]));
    payload["feedback"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn there_is_one_of_each_municipality_which_it_may_change() {
    let app = TestApp::start().await;
    let first = given(&app, "Die Satzung passte uns.").await;
    let expected = json!({
        "id": first["id"], "text": "Die Satzung passte uns.", "publication": "PUBLISHED",
        "municipality": { "slug": "musterdorf" }, "solution": { "title": "Dorfarzt gefunden" },
    });
    assert_eq!(first, expected);
    let second = given(&app, "Die Kosten stimmten.").await;
    assert_eq!(second["id"], first["id"]);
    let list = "feedback { totalCount edges { node { text } } }";
    let one = json!({
        "totalCount": 1, "edges": [{ "node": { "text": "Die Kosten stimmten." } }],
    });
    assert_eq!(of_solution(&app, None, list).await, one);

    let which = json!({ "id": first["id"] });
    app.mutate(Some(&app.editor), "withdrawFeedback", which.clone(), "").await;
    assert_eq!(
        of_solution(&app, Some(&app.editor), "feedback { totalCount }").await["totalCount"],
        0
    );
    let again = app.refused(Some(&app.editor), "withdrawFeedback", which.clone()).await;
    assert_eq!(again, "WRONG_STATE id");
    let question = "query($id: ID!) { node(id: $id) { id } }";
    for (token, expected) in [(&app.editor, &first["id"]), (&app.neighbour, &Value::Null)] {
        let answer = app.run(Some(token), question, which.clone()).await;
        assert_eq!(answer["data"]["node"]["id"], *expected);
    }
    assert_eq!(given(&app, "Doch gut.").await["id"], first["id"]);
    assert_eq!(
        told(&app, None, &first["id"]).await,
        ["FEEDBACK_GIVEN", "FEEDBACK_UPDATED", "FEEDBACK_WITHDRAWN", "FEEDBACK_UPDATED"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_what() {
    let app = TestApp::start().await;
    let moderator = app.token(Role::Moderator, "neustadt").await;
    let altdorf = altdorf(&app).await;
    let id = given(&app, "Gut.").await["id"].clone();
    let give = input(&app, "Gut.").await;
    let withdraw = json!({ "id": id });
    for (mutation, input) in
        [("giveFeedback", give.clone()), ("withdrawFeedback", withdraw.clone())]
    {
        assert_eq!(app.refused(None, mutation, input.clone()).await, "UNAUTHENTICATED");
        for other in [&app.reader, &app.neighbour, &altdorf] {
            assert_eq!(app.refused(Some(other), mutation, input.clone()).await, "FORBIDDEN");
        }
    }
    assert_eq!(app.refused(Some(&moderator), "giveFeedback", give).await, "FORBIDDEN");
    assert_eq!(app.refused(Some(&moderator), "withdrawFeedback", withdraw).await, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_feedback_is_told() {
    let app = TestApp::start().await;
    let before = app.head().await;
    for (field, value, expected) in [
        ("text", json!(""), "REQUIRED text"),
        ("text", json!("x".repeat(501)), "TOO_LONG text"),
        ("text", json!("\u{7}"), "INVALID text"),
        ("solution", nothing("Solution"), "NOT_FOUND solution"),
        ("municipality", nothing("Municipality"), "NOT_FOUND municipality"),
    ] {
        let mut input = input(&app, "Gut.").await;
        input[field] = value;
        assert_eq!(app.refused(Some(&app.editor), "giveFeedback", input).await, expected);
    }
    let missing = json!({ "id": nothing("Feedback") });
    assert_eq!(app.refused(Some(&app.editor), "withdrawFeedback", missing).await, "NOT_FOUND id");
    assert_eq!(app.head().await, before);
    let mut own = input(&app, "Wir sind gut.").await;
    own["municipality"] = json!(app.municipality("altdorf").await);
    let refused = app.refused(Some(&altdorf(&app).await), "giveFeedback", own).await;
    assert_eq!(refused, "NOT_ALLOWED municipality");
}
