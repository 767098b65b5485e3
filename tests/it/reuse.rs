//! Who took a solution over, and why it was helpful.

mod adoptions;
mod feedback;
mod merged;

use allmende::domain::Role;
use serde_json::{Value, json};

use crate::support::TestApp;

/// An id of a kind that stands for nothing.
fn nothing(kind: &str) -> Value {
    json!(format!("{kind}:01J5Z3NDEKTSV4RRFFQ69G5FAV"))
}

/// An editor of `altdorf`, whose solution T1 is.
async fn altdorf(app: &TestApp) -> String {
    app.token(Role::Editor, "altdorf").await
}

/// A field of the solution T1.
async fn of_solution(app: &TestApp, token: Option<&str>, field: &str) -> Value {
    app.settle().await;
    let question = format!("{{ solution(by: {{externalKey: \"T1\"}}) {{ field: {field} }} }}");
    app.run(token, &question, json!({})).await["data"]["solution"]["field"].clone()
}

/// What happened to a record, as somebody may know.
async fn told(app: &TestApp, token: Option<&str>, id: &Value) -> Vec<String> {
    app.settle().await;
    let question = "{ events(last: 100) { edges { node { kind subjectId } } } }";
    let answer = app.run(token, question, json!({})).await;
    let edges = answer["data"]["events"]["edges"].as_array().expect("a list").clone();
    let ours = edges.iter().map(|edge| &edge["node"]).filter(|node| node["subjectId"] == *id);
    ours.map(|node| node["kind"].as_str().expect("a kind").to_owned()).collect()
}
