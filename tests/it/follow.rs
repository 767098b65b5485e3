//! Subscriptions: what was missed and what happens now, each once, in order, only what is wanted.

mod random;
mod refusals;
mod seam;
mod selection;
mod shared;

use std::sync::Arc;
use std::time::Duration;

use allmende::domain::{Language, Viewer};
use allmende::graphql::{self, Asker, Operation, Told};
use async_graphql::{Request, Variables};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::support::TestApp;

const PUBLISHED: &str = "subscription($after: String) {
    solutionPublished(after: $after) { cursor occurredAt solutionId solution { id lifecycle } }
}";
const ACTIVITY: &str = "subscription($after: String, $kinds: [EventKind!], $municipality: ID) {
    activity(after: $after, kinds: $kinds, municipality: $municipality) {
        cursor kind subjectId subject { id }
    }
}";

/// Somebody who listens.
struct Subscriber(graphql::Subscriber);

impl Subscriber {
    async fn new(app: &TestApp, token: Option<&str>, document: &str, variables: Value) -> Self {
        Self::at(app, token, document, variables, None).await
    }

    /// The same, behind a place that the transport knows.
    async fn at(
        app: &TestApp,
        token: Option<&str>,
        document: &str,
        variables: Value,
        resume: Option<String>,
    ) -> Self {
        let api = app.app.api();
        let viewer = match token {
            None => Viewer::Anonymous,
            Some(token) => app.app.services().authenticate(token).await.expect("a sound token"),
        };
        let mut request = Request::new(document).variables(Variables::from_json(variables));
        let operation = api.check(&mut request).expect("a sound document");
        assert_eq!(operation, Operation::Subscription);
        let asker = Asker { viewer, language: Language::English };
        Self(api.subscribe(request, asker, resume).await)
    }

    /// What the hub says next; nothing when the stream has ended.
    async fn told(&mut self) -> Option<Told> {
        let next = tokio::time::timeout(Duration::from_secs(30), self.0.next()).await;
        next.expect("something is told in time")
    }

    /// The next answer; nothing when the stream has ended.
    async fn answer(&mut self) -> Option<Value> {
        let json = |text: &str| serde_json::from_str::<Value>(text).expect("an answer is JSON");
        match self.told().await? {
            Told::Next(message) => Some(json(&message.text)),
            Told::Failed(errors) => Some(json!({ "errors": json(&errors) })),
            Told::Resume(cursor) => panic!("too slow, at {cursor}"),
        }
    }

    /// The next thing that is told.
    async fn next(&mut self) -> Value {
        let answer = self.answer().await.expect("the stream goes on");
        let told = answer["data"].as_object().and_then(|data| data.values().next());
        told.unwrap_or_else(|| panic!("nothing is told: {answer}")).clone()
    }

    /// The ids of the next so many solutions.
    async fn ids(&mut self, count: usize) -> Vec<String> {
        let mut ids = Vec::new();
        for _ in 0..count {
            ids.push(self.next().await["solutionId"].as_str().expect("an id").to_owned());
        }
        ids
    }
}

/// How many tasks publish at once, and how many solutions each.
const WRITERS: usize = 4;
const EACH: usize = 5;

/// Lets several tasks publish at once. The ids come in no order.
fn publishers(app: &Arc<TestApp>, input: &Value) -> JoinSet<Vec<String>> {
    let mut publishers = JoinSet::new();
    for writer in 0..WRITERS {
        let (app, mut input) = (Arc::clone(app), input.clone());
        publishers.spawn(async move {
            let mut ids = Vec::new();
            for number in 0..EACH {
                input["title"] = json!(format!("Versuch {writer}-{number}"));
                ids.push(app.published(&app.editor, input.clone()).await);
            }
            ids
        });
    }
    publishers
}

/// Listens from a place while others publish, and gives the cursors and ids of what was told.
async fn heard(app: &TestApp, after: &str, count: usize) -> Vec<(u64, String)> {
    let mut subscriber = Subscriber::new(app, None, PUBLISHED, json!({ "after": after })).await;
    let mut heard = Vec::new();
    for _ in 0..count {
        let told = subscriber.next().await;
        assert_eq!(told["solution"]["id"], told["solutionId"], "{told}");
        assert_eq!(told["solution"]["lifecycle"], "PUBLISHED", "{told}");
        let cursor = told["cursor"].as_str().expect("a cursor");
        let id = told["solutionId"].as_str().expect("an id");
        heard.push((cursor.parse().expect("a number"), id.to_owned()));
    }
    heard
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_missed_and_what_happens_now_meet_without_gap_or_double() {
    let app = Arc::new(TestApp::start().await);
    let input = app.complete("musterdorf", "Versuch").await;
    // Each round a subscriber comes a little later into the writing.
    for missed in [0, 1, 7, 19] {
        let head = app.head().await;
        let mut publishers = publishers(&app, &input);
        let mut counting =
            Subscriber::new(&app, None, PUBLISHED, json!({ "after": head.to_string() })).await;
        counting.ids(missed).await;
        let heard = heard(&app, &head.to_string(), WRITERS * EACH).await;

        let mut published = Vec::new();
        while let Some(ids) = publishers.join_next().await {
            published.extend(ids.expect("a publisher ends well"));
        }
        let mut ids: Vec<_> = heard.iter().map(|(_, id)| id.clone()).collect();
        ids.sort();
        published.sort();
        assert_eq!(ids, published, "each once, {missed} missed");
        assert!(heard.is_sorted_by(|one, two| one.0 < two.0), "{heard:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subscriber_goes_on_behind_any_cursor_that_it_was_told() {
    let app = TestApp::start().await;
    let head = app.head().await.to_string();
    for number in 0..4 {
        let title = format!("Folge {number}");
        app.published(&app.editor, app.complete("musterdorf", &title).await).await;
    }
    let all = heard(&app, &head, 4).await;
    for (position, (cursor, _)) in all.iter().enumerate() {
        let last = app.published(&app.editor, app.complete("musterdorf", "Danach").await).await;
        let rest = all.len() - position - 1;
        let mut again = heard(&app, &cursor.to_string(), rest + position + 1).await;
        assert_eq!(again.pop().map(|(_, id)| id), Some(last));
        assert_eq!(again[..rest], all[position + 1..]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_place_that_the_transport_knows_goes_before_the_argument() {
    let app = TestApp::start().await;
    let head = app.head().await;
    let id = app.published(&app.editor, app.complete("musterdorf", "Neu").await).await;
    let (variables, resume) = (json!({ "after": "0" }), Some(head.to_string()));
    let mut subscriber = Subscriber::at(&app, None, PUBLISHED, variables, resume).await;
    let Some(Told::Next(message)) = subscriber.told().await else { panic!("nothing is told") };
    let told: Value = serde_json::from_str(&message.text).expect("an answer is JSON");
    let told = &told["data"]["solutionPublished"];
    assert_eq!(told["solutionId"], json!(id));
    assert_eq!(message.cursor.map(|seq| json!(seq.to_string())), Some(told["cursor"].clone()));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_cursor_only_what_happens_from_now_on_is_told() {
    let app = TestApp::start().await;
    app.published(&app.editor, app.complete("musterdorf", "Vorher").await).await;
    app.settle().await;
    let mut subscriber = Subscriber::new(&app, None, PUBLISHED, json!({})).await;
    let id = app.published(&app.editor, app.complete("musterdorf", "Nachher").await).await;
    assert_eq!(subscriber.ids(1).await, [id]);
}
