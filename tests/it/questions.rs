//! Municipalities ask each other.

mod asked;
mod rights;

use allmende::domain::Role;
use serde_json::{Value, json};

use crate::support::TestApp;

/// What a village without a doctor wants to know.
async fn input(app: &TestApp) -> Value {
    json!({
        "municipality": app.municipality("musterdorf").await,
        "title": "Wie findet man einen Hausarzt?",
        "text": "Unserer geht in den Ruhestand, die Praxis steht bald leer.",
        "topics": ["Topic:health_care"],
    })
}

/// A question of `musterdorf`, and its id.
async fn asked(app: &TestApp) -> Value {
    let payload = app.mutate(Some(&app.editor), "askQuestion", input(app).await, "question { id }");
    let id = payload.await["question"]["id"].clone();
    app.settle().await;
    id
}

/// An editor of `altdorf`.
async fn altdorf(app: &TestApp) -> String {
    app.token(Role::Editor, "altdorf").await
}

/// An answer of `altdorf` to a question, and its id.
async fn answered(app: &TestApp, token: &str, question: &Value, text: &str) -> Value {
    let input = json!({
        "id": question, "municipality": app.municipality("altdorf").await, "text": text,
        "solutions": [app.solution("T1").await],
    });
    let fields = "question { answers { id } }";
    let payload = app.mutate(Some(token), "answerQuestion", input, fields).await;
    assert_eq!(payload["userErrors"], json!([]), "{payload}");
    payload["question"]["answers"].as_array().expect("answers").last().expect("ours")["id"].clone()
}

/// A question as somebody sees it; null if that one sees nothing.
async fn seen(app: &TestApp, token: Option<&str>, id: &Value, fields: &str) -> Value {
    let question =
        format!("query($id: ID!) {{ node(id: $id) {{ ... on Question {{ {fields} }} }} }}");
    app.run(token, &question, json!({ "id": id })).await["data"]["node"].clone()
}

/// The kinds of events that happened to a question, as everybody may know.
async fn told(app: &TestApp, id: &Value) -> Vec<String> {
    app.settle().await;
    let question = "{ events(last: 100) { edges { node { kind subjectId } } } }";
    let answer = app.query(question).await;
    let edges = answer["data"]["events"]["edges"].as_array().expect("a list").clone();
    let ours = edges.iter().map(|edge| &edge["node"]).filter(|node| node["subjectId"] == *id);
    ours.map(|node| node["kind"].as_str().expect("a kind").to_owned()).collect()
}
