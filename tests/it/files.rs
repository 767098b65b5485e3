//! Uploaded files: taken in, searched, given out.

mod given;
mod hostile;
mod multipart;
mod samples;
mod swept;
mod upload;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::test_app::Answer;

impl TestApp {
    /// Makes a document without a link and gives its id.
    async fn document(&self, title: &str) -> String {
        let municipality = self.municipality("musterdorf").await;
        let input = json!({ "municipality": municipality, "title": title, "kind": "CONCEPT" });
        let made = self.on_document("createDocument", "CreateDocumentInput", input).await;
        made["document"]["id"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned()
    }

    /// Runs a change of a document as the editor of `musterdorf`, and gives its payload.
    async fn on_document(&self, mutation: &str, input_type: &str, input: Value) -> Value {
        let query = format!(
            "mutation($input: {input_type}!) {{ {mutation}(input: $input) {{
                document {{ id revision url file {{ name kind mediaType size sha256 pages textState textFailure textMessage url }} }}
                userErrors {{ code path message }}
            }} }}"
        );
        let answer = self.edit(&query, json!({ "input": input })).await;
        assert_eq!(answer.get("errors"), None, "{answer}");
        answer["data"][mutation].clone()
    }

    /// Sends a file as the body of a PUT.
    async fn put(&self, token: &str, id: &str, name: &str, file: impl Into<Body>) -> Answer {
        let request = Request::put(format!("/documents/{id}/file?name={name}"))
            .header("accept-language", "en")
            .header("authorization", format!("Bearer {token}"));
        self.send(request.body(file.into()).expect("a request")).await
    }

    /// The same, as the editor of `musterdorf`, with success.
    async fn give(&self, id: &str, name: &str, file: impl Into<Body>) -> Value {
        let answer = self.put(&self.editor, id, name, file).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        answer.json()
    }

    /// Asks for a file.
    async fn fetch(&self, token: Option<&str>, id: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::get(format!("/documents/{id}/file"));
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::empty()).expect("a request")).await
    }

    /// What a search finds, as title, page and passage of its last highlight.
    async fn found(&self, token: Option<&str>, text: &str) -> Value {
        self.settle().await;
        let query =
            "query($text: String!) { search(text: $text, strict: true, kinds: [PROJECT_DOCUMENT]) { edges {
            node { ... on ProjectDocument { title } } highlights { field page html }
        } } }";
        let answer = self.run(token, query, json!({ "text": text })).await;
        let edges = answer["data"]["search"]["edges"].as_array();
        let edges = edges.unwrap_or_else(|| panic!("{answer}")).iter().map(|edge| {
            let passage = edge["highlights"].as_array().and_then(|all| all.last()).cloned();
            let passage = passage.unwrap_or_default();
            json!([edge["node"]["title"], passage["page"], passage["html"]])
        });
        Value::Array(edges.collect())
    }
}
