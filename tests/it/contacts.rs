//! Contacts that can be trusted: consent that ends, messages that arrive, a look now and then.

mod consent;
pub mod requests;
mod review;
pub mod smtp;

use serde_json::{Value, json};

use crate::support::TestApp;

/// A published contact of `musterdorf`, and its id.
async fn contact(app: &TestApp, more: Value) -> String {
    let mut input = json!({
        "municipality": app.municipality("musterdorf").await,
        "role": "Stabsstelle", "office": "Rathaus",
        "person": "Kim Quixbart", "consentAt": "2026-01-01",
        "email": "k.quixbart@musterdorf.example.org", "phone": "0000 4711",
    });
    for (field, value) in more.as_object().expect("fields") {
        input[field] = value.clone();
    }
    let made = app.mutate(Some(&app.editor), "createContact", input, "contact { id }").await;
    let id = made["contact"]["id"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned();
    let input = json!({ "id": id });
    app.mutate(Some(&app.editor), "publishContact", input, "contact { id }").await;
    id
}

/// What somebody sees of a contact.
async fn seen(app: &TestApp, token: Option<&str>, id: &str, fields: &str) -> Value {
    let question =
        format!("query($id: ID!) {{ node(id: $id) {{ ... on Contact {{ {fields} }} }} }}");
    app.run(token, &question, json!({ "id": id })).await["data"]["node"].clone()
}
