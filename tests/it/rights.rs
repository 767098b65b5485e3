//! Who may do what, and who may know what.

mod audit;
mod fields;
mod journal;
mod matrix;
mod mutations;
mod oidc;
mod review;
mod secrecy;
mod sessions;
mod streams;

use insta::assert_json_snapshot;
use serde_json::{Value, json};

use crate::support::TestApp;

/// The kinds of records that editors keep, as mutations name them.
const KINDS: [&str; 4] = ["Solution", "Contact", "Document", "Profile"];

/// What makes a record of a kind for a municipality.
fn input(kind: &str, municipality: &str) -> Value {
    match kind {
        "Solution" => json!({ "title": "Neu", "municipalities": [municipality] }),
        "Contact" => json!({ "municipality": municipality, "role": "Bauamt" }),
        "Document" => json!({
            "municipality": municipality, "title": "Plan", "kind": "PLAN",
            "url": "https://musterdorf.example.org/plan",
        }),
        _ => json!({ "municipality": municipality, "referenceDate": "2025-12-31" }),
    }
}

/// Runs one mutation of a kind of record.
async fn mutate(
    app: &TestApp,
    token: Option<&str>,
    action: &str,
    kind: &str,
    input: Value,
) -> Value {
    let type_name = action[..1].to_uppercase() + &action[1..] + kind;
    let document = format!(
        "mutation($input: {type_name}Input!) {{
            payload: {action}{kind}(input: $input) {{
                record: {} {{ id }} userErrors {{ code path message }}
            }}
        }}",
        kind.to_lowercase()
    );
    app.run(token, &document, json!({ "input": input })).await
}

/// A record of a kind that `musterdorf` keeps to itself.
async fn draft(app: &TestApp, kind: &str) -> String {
    let own = app.municipality("musterdorf").await;
    let answer = mutate(app, Some(&app.editor), "create", kind, input(kind, &own)).await;
    answer["data"]["payload"]["record"]["id"].as_str().expect("a draft").to_owned()
}

/// A record of a kind that `musterdorf` shows to everybody.
async fn shown(app: &TestApp, kind: &str) -> String {
    if kind == "Solution" {
        return app.published(&app.editor, app.complete("musterdorf", "Offen").await).await;
    }
    let id = draft(app, kind).await;
    let answer = mutate(app, Some(&app.editor), "publish", kind, json!({ "id": id })).await;
    assert_eq!(answer["data"]["payload"]["record"]["id"], json!(id), "{answer}");
    id
}

/// The code with which somebody is turned away, for each mutation, on records that all may read.
async fn refusals(app: &TestApp, token: Option<&str>) -> Vec<(String, Value)> {
    let own = app.municipality("musterdorf").await;
    let mut codes = Vec::new();
    for kind in KINDS {
        let id = shown(app, kind).await;
        let before = app.head().await;
        for action in ["create", "update", "publish", "archive"] {
            let input = if action == "create" { input(kind, &own) } else { json!({ "id": id }) };
            let answer = mutate(app, token, action, kind, input).await;
            assert_eq!(answer["data"]["payload"], Value::Null, "{answer}");
            let error = &answer["errors"][0];
            assert_eq!(error["path"], json!(["payload"]), "{answer}");
            codes.push((format!("{action}{kind}"), error["extensions"]["code"].clone()));
        }
        assert_eq!(app.head().await, before, "a refused change to a {kind} was written");
    }
    codes
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_writes_without_a_token() {
    let app = TestApp::start().await;
    for (mutation, code) in refusals(&app, None).await {
        assert_eq!(code, "UNAUTHENTICATED", "{mutation}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_writes_nothing() {
    let app = TestApp::start().await;
    for (mutation, code) in refusals(&app, Some(&app.reader)).await {
        assert_eq!(code, "FORBIDDEN", "{mutation}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_editor_of_another_municipality_writes_nothing() {
    let app = TestApp::start().await;
    for (mutation, code) in refusals(&app, Some(&app.neighbour)).await {
        assert_eq!(code, "FORBIDDEN", "{mutation}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gives_a_solution_to_a_municipality_of_others() {
    let app = TestApp::start().await;
    let id = app.draft(&app.editor, app.complete("musterdorf", "Unser").await).await;
    let (own, other) = (app.municipality("musterdorf").await, app.municipality("neustadt").await);
    let before = app.head().await;
    for (action, input, place) in [
        ("create", json!({ "title": "Ihres", "municipalities": [own, other] }), "1"),
        ("update", json!({ "id": id, "municipalities": [own, other] }), "1"),
        ("update", json!({ "id": id, "municipalities": [other] }), "0"),
    ] {
        let answer = mutate(&app, Some(&app.editor), action, "Solution", input).await;
        let error = &answer["data"]["payload"]["userErrors"][0];
        assert_eq!(error["code"], "NOT_ALLOWED", "{answer}");
        assert_eq!(error["path"], json!(["municipalities", place]), "{answer}");
    }
    assert_eq!(app.head().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_token_is_turned_away_before_anything_is_read() {
    let app = TestApp::start().await;
    for token in ["", "nonsense", &app.editor[1..], &format!("{}x", app.editor)] {
        let request = axum::http::Request::post("/graphql")
            .header("content-type", "application/json")
            .header("authorization", format!("Bearer {token}"));
        let body = axum::body::Body::from(r#"{"query":"{ __typename }"}"#);
        let answer = app.send(request.body(body).expect("a request")).await;
        assert_eq!(answer.status, 401, "{token}");
        assert_eq!(answer.headers["www-authenticate"], "Bearer");
        let answer = answer.json();
        assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
        assert_eq!(answer.get("data"), None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_viewer_is_who_holds_the_token() {
    let app = TestApp::start().await;
    let mut viewers = Vec::new();
    for token in [None, Some(&app.reader), Some(&app.editor), Some(&app.neighbour)] {
        let question = "{ viewer { grants { role municipality { slug } } } }";
        let answer = app.run(token.map(String::as_str), question, json!({})).await;
        viewers.push(answer["data"]["viewer"].clone());
    }
    assert_json_snapshot!(viewers, @r#"
    [
      null,
      {
        "grants": [
          {
            "role": "READER",
            "municipality": {
              "slug": "musterdorf"
            }
          }
        ]
      },
      {
        "grants": [
          {
            "role": "EDITOR",
            "municipality": {
              "slug": "musterdorf"
            }
          }
        ]
      },
      {
        "grants": [
          {
            "role": "EDITOR",
            "municipality": {
              "slug": "neustadt"
            }
          }
        ]
      }
    ]
    "#);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_is_told_so_in_the_language_of_the_request() {
    let app = TestApp::start().await;
    let id = app.solution("T1").await;
    let body = json!({
        "query": "mutation($id: ID!) { archiveSolution(input: {id: $id}) { userErrors { code } } }",
        "variables": { "id": id },
    });
    for (language, begins) in
        [(None, "Ihre Rolle"), (Some("de-DE,de"), "Ihre Rolle"), (Some("en"), "your role")]
    {
        let mut request = axum::http::Request::post("/graphql")
            .header("content-type", "application/json")
            .header("authorization", format!("Bearer {}", app.reader));
        if let Some(language) = language {
            request = request.header("accept-language", language);
        }
        let request = request.body(axum::body::Body::from(body.to_string()));
        let answer = app.send(request.expect("a request")).await.json();
        let message = answer["errors"][0]["message"].as_str().expect("a message");
        assert!(message.starts_with(begins), "{language:?}: {message}");
    }
}
