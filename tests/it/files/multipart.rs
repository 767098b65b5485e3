//! Files that come with a GraphQL request.

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::test_app::Answer;

const UPLOAD: &str =
    "mutation($input: UploadDocumentFileInput!) { uploadDocumentFile(input: $input) {
    document { revision file { name size textState } } userErrors { code path message }
} }";

/// A part of a body: its name, the name of a file, its content.
type Part<'a> = (&'a str, Option<&'a str>, &'a str);

fn body(parts: &[Part<'_>]) -> String {
    let mut body = String::new();
    for (name, file, content) in parts {
        let file = file.map(|file| format!("; filename=\"{file}\"")).unwrap_or_default();
        body += &format!(
            "--grenze\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{content}\r\n"
        );
    }
    body + "--grenze--\r\n"
}

async fn send(app: &TestApp, token: &str, body: String, preflight: Option<(&str, &str)>) -> Answer {
    let mut request = Request::post("/graphql")
        .header("content-type", "multipart/form-data; boundary=grenze")
        .header("accept-language", "en")
        .header("authorization", format!("Bearer {token}"));
    if let Some((name, value)) = preflight {
        request = request.header(name, value);
    }
    app.send(request.body(Body::from(body)).expect("a request")).await
}

fn operations(id: &str, more: &Value) -> String {
    let mut input = json!({ "id": id, "file": null });
    input.as_object_mut().expect("an object").extend(more.as_object().cloned().unwrap_or_default());
    json!({ "query": UPLOAD, "variables": { "input": input } }).to_string()
}

const MAP: &str = r#"{"0": ["variables.input.file"]}"#;
const ASKED: Option<(&str, &str)> = Some(("graphql-require-preflight", "1"));

#[tokio::test(flavor = "multi_thread")]
async fn a_mutation_brings_a_file() {
    let app = TestApp::start().await;
    let id = app.document("Papier").await;
    let with = async |more: Value, text: &str| {
        let operations = operations(&id, &more);
        let parts =
            [("operations", None, &*operations), ("map", None, MAP), ("0", Some("a.txt"), text)];
        let answer = send(&app, &app.editor, body(&parts), ASKED).await.json();
        assert_eq!(answer.get("errors"), None, "{answer}");
        answer["data"]["uploadDocumentFile"].clone()
    };
    let file = with(json!({}), "Hallo").await;
    let expected = json!({ "name": "a.txt", "size": 5, "textState": "READ" });
    assert_eq!(file["document"]["file"], expected, "{file}");
    assert_eq!(file["document"]["revision"], 2);
    let renamed = with(json!({ "name": "b.txt", "expectedRevision": 2 }), "Hallo!").await;
    assert_eq!(renamed["document"]["file"]["name"], "b.txt");
    let stale = with(json!({ "expectedRevision": 2 }), "Hallo?").await;
    assert_eq!(stale["userErrors"][0]["code"], "STALE");
    assert_eq!(app.fetch(Some(&app.editor), &id, &[]).await.text, "Hallo!");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_another_site_cannot_send_one() {
    let app = TestApp::start().await;
    let id = app.document("Papier").await;
    let operations = operations(&id, &json!({}));
    let parts =
        [("operations", None, &*operations), ("map", None, MAP), ("0", Some("a.txt"), "Hallo")];
    for preflight in [None, Some(("graphql-require-preflight", "")), Some(("x-other", "1"))] {
        let answer = send(&app, &app.editor, body(&parts), preflight).await;
        assert_eq!(answer.status, 403, "{}", answer.text);
    }
    let apollo = Some(("apollo-require-preflight", "true"));
    assert_eq!(send(&app, &app.editor, body(&parts), apollo).await.status, 200);
    let stranger = send(&app, &app.neighbour, body(&parts), ASKED).await.json();
    let errors = &stranger["data"]["uploadDocumentFile"]["userErrors"];
    assert_eq!(errors[0]["code"], "NOT_FOUND", "{stranger}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_malformed_is_refused_and_writes_nothing() {
    let app = TestApp::start().await;
    let id = app.document("Papier").await;
    let operations = &*operations(&id, &json!({}));
    let (first, file) = (("operations", None, operations), ("0", Some("a.txt"), "Hallo"));
    let nowhere = r#"{"0": ["variables.input.nowhere"]}"#;
    let query = r#"{"0": ["query"]}"#;
    let long = "x".repeat(3_000_000);
    let cases: [(&str, String); 14] = [
        ("no parts", String::new()),
        ("no frame", "Hallo".to_owned()),
        ("cut off", body(&[first, ("map", None, MAP), file]).replace("\r\n--grenze--\r\n", "")),
        ("no map", body(&[first, file])),
        ("no operations", body(&[("map", None, MAP), file])),
        ("no file", body(&[first, ("map", None, MAP)])),
        ("another file", body(&[first, ("map", None, MAP), ("1", Some("a.txt"), "Hallo")])),
        ("two files", body(&[first, ("map", None, MAP), file, file])),
        ("a map to nowhere", body(&[first, ("map", None, nowhere), file])),
        ("a map into the query", body(&[first, ("map", None, query), file])),
        ("a map that is none", body(&[first, ("map", None, "[]"), file])),
        ("broken operations", body(&[("operations", None, "{"), ("map", None, MAP), file])),
        ("a batch", body(&[("operations", None, "[]"), ("map", None, MAP), file])),
        ("endless operations", body(&[("operations", None, &long), ("map", None, MAP), file])),
    ];
    for (what, body) in cases {
        let answer = send(&app, &app.editor, body, ASKED).await;
        assert!([400, 413].contains(&answer.status.as_u16()), "{what}: {}", answer.text);
        assert!(answer.json()["errors"][0]["message"].is_string(), "{what}");
    }
    let empty = body(&[first, ("map", None, MAP), ("0", Some("a.txt"), "")]);
    let empty = send(&app, &app.editor, empty, ASKED).await;
    assert_eq!(
        (empty.status.as_u16(), &empty.json()["errors"][0]["extensions"]["code"]),
        (422, &json!("REQUIRED"))
    );
    // The stand-in of a file is worth nothing by itself.
    let input = json!({ "id": id, "file": 0 });
    let alone = app.edit(UPLOAD, json!({ "input": input })).await;
    assert_eq!(alone["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{alone}");
    assert_eq!(app.fetch(Some(&app.editor), &id, &[]).await.status, 404, "nothing was written");
}
