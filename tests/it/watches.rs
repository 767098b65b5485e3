//! Searches that people save, and what they are told.

mod feeds;
mod keeping;
mod mail;
mod rights;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use allmende::domain::Role;
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::contacts::requests::{plain, sending};
use crate::contacts::smtp::{Does, SmtpServer, Taken};
use crate::support::TestApp;
use crate::support::test_app::put_forward;

/// The password of whoever signs in.
const PASSWORD: &str = "ein langes Kennwort";

/// A hub with a mail server, and a clock that a test can put forward: it is one o'clock in the morning
/// of the first of January 2026, a Thursday, in Germany.
struct Post {
    app: TestApp,
    server: SmtpServer,
    minutes: Arc<AtomicI64>,
}

impl Post {
    async fn start(plan: impl IntoIterator<Item = Does>) -> Self {
        let server = SmtpServer::start(plan).await;
        let (clock, ids, minutes) = put_forward(TimeDelta::minutes(1));
        let app = TestApp::start_with(sending(&server.url), clock, ids).await;
        let post = Self { app, server, minutes };
        // The hub begins to follow its journal here.
        post.dispatch().await;
        post
    }

    /// Tells watches of what has happened and of what is due; gives how many letters were written.
    async fn dispatch(&self) -> usize {
        let services = self.app.app.services().clone();
        let dispatched = tokio::spawn(async move { services.dispatch().await }).await;
        dispatched.expect("no panic").expect("a database").expect("nobody else is at it")
    }

    /// So many minutes later.
    async fn later(&self, minutes: i64) -> usize {
        self.minutes.fetch_add(minutes, Ordering::SeqCst);
        self.dispatch().await
    }

    /// Waits until so many letters have come, and gives the last one.
    async fn letter(&self, count: usize) -> Taken {
        self.server.letters(count).await.pop().expect("a letter")
    }

    /// Waits until nothing is on its way any more, and gives how many letters have come.
    async fn count(&self) -> usize {
        let services = self.app.app.services().clone();
        let delivered = tokio::spawn(async move { services.deliver_messages().await }).await;
        delivered.expect("no panic").expect("the database answers");
        self.server.count()
    }

    /// Makes an account that reads for a municipality, and signs in.
    async fn member(&self, name: &str, grants: Value) -> String {
        let admin = self.app.token(Role::Admin, "musterdorf").await;
        let email = format!("{name}@example.org");
        let input = json!({ "email": email, "password": PASSWORD, "name": name, "grants": grants });
        let made = self.app.mutate(Some(&admin), "createAccount", input, "account { id }").await;
        assert_eq!(made["userErrors"], json!([]), "{made}");
        self.app.sign_in(&email, PASSWORD).await
    }
}

/// A watch of everything that comes out, told of by mail.
fn by_mail() -> Value {
    json!({ "name": "Busse", "selection": {}, "channel": "MAIL" })
}

/// Saves a watch, and gives the payload.
async fn create(app: &TestApp, token: &str, input: Value, more: Value) -> Value {
    let mut input = input;
    for (field, value) in more.as_object().expect("fields") {
        input[field] = value.clone();
    }
    let fields = "watch { id name channel address awaitsConfirmation paused rhythm nextLetterAt }
        feedUrl";
    let made = app.mutate(Some(token), "createWatch", input, fields).await;
    assert_eq!(made["userErrors"], json!([]), "{made}");
    made
}

/// A solution of `neustadt`, published by its editor.
async fn published(app: &TestApp, title: &str) -> String {
    app.published(&app.neighbour, app.complete("neustadt", title).await).await
}

/// A letter with its body as it is read.
fn text(letter: &Taken) -> String {
    let (head, body) = letter.text.split_once("\r\n\r\n").expect("head and body");
    format!("{head}\r\n\r\n{}", plain(body))
}
