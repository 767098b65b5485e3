//! Lists: pages, orders, counts, filters, likeness, and what a search finds.

mod choices;
mod journal;
mod paging;
mod search;

use serde_json::{Value, json};

use crate::support::TestApp;

/// Solutions of two places that differ in everything that lists are ordered by.
pub async fn filled() -> TestApp {
    let app = TestApp::start().await;
    for (number, title) in [
        "Zuhause alt werden",
        "Ärztebus",
        "Mitfahrbank",
        "Apfelallee",
        "Rufbus",
        "Öffentlicher Bus",
    ]
    .into_iter()
    .enumerate()
    {
        for (token, place) in [(&app.editor, "musterdorf"), (&app.neighbour, "neustadt")] {
            let mut input = app.complete(place, &format!("{title} {number}")).await;
            input["problem"] = json!("Kein Bus. ".repeat(number + 1));
            for field in ["lessons", "steps", "place", "sustaining"].iter().take(number) {
                input[field] = json!("Gesagt.");
            }
            let id = app.published(token, input).await;
            if number % 2 == 0 {
                app.update(token, json!({ "id": id, "teaser": "Geändert." })).await;
            }
        }
    }
    app.settle().await;
    app
}

/// The entries of a list.
pub fn edges(list: &Value) -> &Vec<Value> {
    list["edges"].as_array().unwrap_or_else(|| panic!("no list: {list}"))
}

/// One field of each entry's node.
fn nodes(list: &Value, field: &str) -> Vec<String> {
    let text = |edge: &Value| edge["node"][field].as_str().expect("text").to_owned();
    edges(list).iter().map(text).collect()
}

/// Asks as nobody, and gives the data.
pub async fn data(app: &TestApp, question: &str, variables: Value) -> Value {
    let answer = app.run(None, question, variables).await;
    assert!(answer["errors"].is_null(), "{answer}");
    answer["data"].clone()
}
