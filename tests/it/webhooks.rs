//! Webhooks: what happened reaches the addresses of others, signed, in time, and nobody else.

mod arrival;
mod lease;
mod owners;
mod receiver;
mod trouble;
mod watched;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use allmende::app::{Around, Places};
use allmende::service::CourierSettings;
use chrono::{DateTime, TimeDelta, Utc};
use receiver::Receiver;
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::test_app::{places, put_forward};

/// The first of January 2026.
const START: i64 = 1_767_225_600;
const DELIVERY: &str = "query($id: ID!) { node(id: $id) { ... on Delivery {
    id kind body state nextAttemptAt endedAt attempts { at status trouble }
} } }";
const WEBHOOK: &str = "query($id: ID!) { node(id: $id) { ... on Webhook {
    state disabled { reason } deliveredCount failedCount failingSince lastDeliveredAt
    previousSecretUntil
} } }";

/// A hub that sends to this machine, somebody who receives, and a clock that a test can put forward.
struct Post {
    app: TestApp,
    receiver: Receiver,
    seconds: Arc<AtomicI64>,
}

impl Post {
    async fn start() -> Self {
        Self::with(CourierSettings::default()).await
    }

    /// The same, waiting no longer than this for an answer.
    async fn patient(patience: Duration) -> Self {
        Self::with(CourierSettings { patience, ..CourierSettings::default() }).await
    }

    async fn with(settings: CourierSettings) -> Self {
        let (clock, ids, seconds) = put_forward(TimeDelta::seconds(1));
        let webhooks = CourierSettings { to_private: true, ..settings };
        let public_url = Some("https://hub.example.org".parse().expect("an address"));
        let around = Around { public_url, webhooks, ..Around::default() };
        let app = TestApp::start_with(Places { around, ..places() }, clock, ids).await;
        Self { app, receiver: Receiver::start().await, seconds }
    }

    fn now(&self) -> DateTime<Utc> {
        let seconds = START + self.seconds.load(Ordering::SeqCst);
        DateTime::from_timestamp(seconds, 0).expect("a moment")
    }

    /// So much later; what is due then is sent.
    fn later(&self, span: TimeDelta) {
        self.seconds.fetch_add(span.num_seconds(), Ordering::SeqCst);
        self.app.app.services().courier().wake();
    }

    /// Runs a mutation of the editor's that must succeed.
    async fn must(&self, mutation: &str, input: Value, fields: &str) -> Value {
        let payload = self.app.mutate(Some(&self.app.editor), mutation, input, fields).await;
        assert_eq!(payload["userErrors"], json!([]), "{mutation}: {payload}");
        payload
    }

    /// A webhook of the editor's that leads to a path of the receiver's: its id and its secret.
    async fn webhook(&self, path: &str) -> (String, String) {
        self.webhook_at(&self.receiver.at(path)).await
    }

    async fn webhook_at(&self, url: &str) -> (String, String) {
        let made = self.must("createWebhook", json!({ "url": url }), "webhook { id } secret").await;
        let text = |value: &Value| value.as_str().expect("text").to_owned();
        (text(&made["webhook"]["id"]), text(&made["secret"]))
    }

    /// Has a message sent that tells of nothing, and gives its id.
    async fn ping(&self, webhook: &str) -> String {
        let sent = self.must("testWebhook", json!({ "id": webhook }), "delivery { id }").await;
        sent["delivery"]["id"].as_str().expect("an id").to_owned()
    }

    async fn look(&self, id: &str) -> Value {
        let question = if id.starts_with("Webhook:") { WEBHOOK } else { DELIVERY };
        let answer = self.app.edit(question, json!({ "id": id })).await;
        assert_eq!(answer.get("errors"), None, "{answer}");
        answer["data"]["node"].clone()
    }

    /// Waits until something is as it should be, and gives it.
    async fn until(&self, id: &str, holds: impl Fn(&Value) -> bool) -> Value {
        let mut seen = Value::Null;
        for _ in 0..600 {
            seen = self.look(id).await;
            if holds(&seen) {
                return seen;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("it stays as it is: {seen}");
    }

    /// Waits until a message was tried so often.
    async fn tried(&self, id: &str, times: usize) -> Value {
        self.until(id, |it| it["attempts"].as_array().is_some_and(|all| all.len() == times)).await
    }

    async fn delivered(&self, id: &str) -> Value {
        self.until(id, |it| it["state"] == "DELIVERED").await
    }
}
