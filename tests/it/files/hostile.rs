//! Files that are made to do harm, sent to a real hub. Each gets a clear answer, and the hub goes
//! on; what reads them is another process, which may die of them.

mod bodies;
mod cases;

use std::path::Path;

use reqwest::{Response, StatusCode};
use serde_json::{Value, json};

use crate::support::Hub;
use crate::support::hub::allmende;
use cases::{Case, Outcome, cases};

/// How much the hub may grow over all of them, in megabytes. The files take next to nothing of it,
/// a gigabyte less than two; database and index take their share for each change of a record.
const MOST_GROWTH: u64 = 220;

/// A hub as a real process, and somebody who sends it files.
struct Sender {
    hub: Hub,
    token: String,
    document: String,
    http: reqwest::Client,
}

impl Sender {
    async fn start(directory: &Path, settings: &[&str]) -> Self {
        let command = |arguments: &[&str]| {
            let output = allmende(directory).args(arguments).output().expect("the program runs");
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            String::from_utf8(output.stdout).expect("text").trim().to_owned()
        };
        command(&["seed"]);
        let token = command(&["token", "create", "--municipality", "geestland"]);
        let hub = Hub::start_with(directory, settings);
        let query = "{ municipality(by: {slug: \"geestland\"}) { id } }";
        let found = hub.run(&token, query, &json!({})).await.expect("the hub answers");
        let input = json!({
            "municipality": found["data"]["municipality"]["id"], "title": "Papier", "kind": "CONCEPT",
        });
        let query = "mutation($input: CreateDocumentInput!) { createDocument(input: $input) { document { id } } }";
        let made = hub.run(&token, query, &json!({ "input": input })).await;
        let made = made.expect("the hub answers");
        let document = made["data"]["createDocument"]["document"]["id"].as_str();
        let document = document.unwrap_or_else(|| panic!("{made}")).to_owned();
        Self { hub, token, document, http: reqwest::Client::new() }
    }

    fn address(&self) -> String {
        format!("{}/documents/{}/file", self.hub.url, self.document)
    }

    async fn send(&self, name: &str, content: impl Into<reqwest::Body>) -> Response {
        let request = self.http.put(self.address()).query(&[("name", name)]);
        let request = request.bearer_auth(&self.token).header("accept-language", "en");
        request.body(content).send().await.expect("an answer")
    }

    /// What the document's file is now.
    async fn file(&self) -> Value {
        let query =
            "query($id: ID!) { node(id: $id) { ... on ProjectDocument { file { sha256 } } } }";
        let variables = json!({ "id": self.document });
        let answer = self.hub.run(&self.token, query, &variables).await.expect("it still answers");
        answer["data"]["node"]["file"].clone()
    }

    async fn check(&self, case: Case) {
        let Case { what, name, content, expected } = case;
        let before = self.file().await;
        let answer = self.send(&name, content).await;
        let status = answer.status();
        let headers = answer.headers().clone();
        let told: Value = serde_json::from_str(&answer.text().await.expect("text")).expect("JSON");
        assert_eq!(headers["content-type"], "application/json", "{what}: {told}");
        match expected {
            Outcome::Refused(expected, code) => {
                assert_eq!(status.as_u16(), expected, "{what}: {told}");
                assert_eq!(told["errors"][0]["extensions"]["code"], code, "{what}: {told}");
                assert_eq!(self.file().await, before, "{what}: a refusal changes nothing");
            }
            Outcome::Kept { kind, text, failure, called } => {
                assert_eq!(status, StatusCode::OK, "{what}: {told}");
                let file = &told["file"];
                assert_eq!(file["mediaType"], kind, "{what}: {told}");
                assert_eq!(file["textState"], text, "{what}: {told}");
                assert_eq!(file["textFailure"], json!(failure), "{what}: {told}");
                assert!(called.is_none_or(|called| file["name"] == called), "{what}: {told}");
                self.check_given(what, kind).await;
            }
        }
    }

    /// What is kept is given out as what it is, and nothing of it runs.
    async fn check_given(&self, what: &str, kind: &str) {
        let given = self.http.get(self.address()).bearer_auth(&self.token).send().await;
        let headers = given.expect("an answer").headers().clone();
        assert_eq!(headers["content-type"], kind, "{what}");
        assert_eq!(headers["x-content-type-options"], "nosniff", "{what}");
        assert_eq!(headers["content-security-policy"], "sandbox; default-src 'none'", "{what}");
        let disposition = headers["content-disposition"].to_str().expect("ASCII");
        assert!(disposition.starts_with("attachment; "), "{what}: {disposition}");
        let harmful = ["..", "/", "\\", "\r", "\n", "%00", "%2F", "%5C", "%E2%80%AE"];
        assert!(!harmful.iter().any(|it| disposition.contains(it)), "{what}: {disposition}");
        assert!(disposition.len() < 2_000, "{what}: {disposition}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_files_get_clear_answers_and_the_hub_goes_on() {
    let directory = tempfile::tempdir().expect("a directory");
    let sender = Sender::start(directory.path(), &[]).await;
    // What any hub needs once it has taken in and found its first file is no growth.
    sender.check(cases::ordinary()).await;
    let before = sender.hub.most_memory();
    for case in cases() {
        sender.check(case).await;
    }
    let endless = bodies::endless(&sender, 1_024).await;
    assert_eq!(endless.0, Some(413), "a gigabyte is refused at the limit");
    assert!(endless.1 < 70, "it sent {} MiB before it was stopped", endless.1);
    let after = sender.hub.most_memory();
    println!("the hub used {before} MB before, {after} MB at most");
    assert!(after < before + MOST_GROWTH, "the hub grew from {before} to {after} MB");
    let left = std::fs::read_dir(directory.path().join("data/arrivals")).expect("a directory");
    assert_eq!(left.count(), 0, "nothing is left of what came in");
    assert_eq!(sender.hub.terminate(), 0, "it ends as ever");
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_connections_hold_no_place_for_ever() {
    let directory = tempfile::tempdir().expect("a directory");
    let settings =
        ["--request-timeout", "5s", "--upload-timeout", "8s", "--max-file-bytes", "65536"];
    let sender = Sender::start(directory.path(), &settings).await;
    // More than there are places: eight of them hold one, nobody else gets in, and none stays.
    let mut slow: Vec<_> = (0..12).map(|_| bodies::slow(&sender)).collect();
    let ends: Vec<_> = slow.iter_mut().map(bodies::status).collect();
    let count = |status: u16| ends.iter().filter(|end| **end == Some(status)).count();
    assert_eq!(count(408), 8, "bodies that pause are ended: {ends:?}");
    assert!(count(503) > 0, "there is no place for more: {ends:?}");
    let trickled = bodies::trickle(&sender);
    assert_eq!(trickled, Some(408), "a body that never pauses and never ends");
    assert_eq!(bodies::claims(&sender, 10, 5), Some(400), "less than was promised");
    assert_eq!(
        bodies::claims(&sender, 5, 10),
        Some(200),
        "more than was promised is no part of it"
    );
    assert_eq!(bodies::claims(&sender, 1_000_000, 0), Some(413), "refused by its own words");
    assert_eq!(sender.send("a.txt", "Text").await.status(), 200, "there is room again");
    assert_eq!(sender.hub.terminate(), 0, "it ends as ever");
}
