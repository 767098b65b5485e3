//! Messages reach contacts, and tell the asker nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use allmende::app::{Around, Places};
use allmende::domain::Role;
use allmende::mail;
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::smtp::{Does, SmtpServer};
use super::{contact, seen};
use crate::support::TestApp;
use crate::support::test_app::{places, put_forward};

/// A hub with a mail server, and a clock that a test can put forward.
struct Post {
    app: TestApp,
    server: SmtpServer,
    minutes: Arc<AtomicI64>,
}

/// A hub in memory that sends mail there.
pub fn sending(url: &str) -> Places {
    let mail = mail::Settings {
        server: url.to_owned(),
        from: "Allmende <hub@example.org>".to_owned(),
        timeout: Duration::from_secs(2),
    };
    let public_url = Some("https://hub.example.org".parse().expect("an address"));
    Places { around: Around { public_url, mail: Some(mail), ..Around::default() }, ..places() }
}

impl Post {
    async fn start(plan: impl IntoIterator<Item = Does>) -> Self {
        let server = SmtpServer::start(plan).await;
        let (clock, ids, minutes) = put_forward(TimeDelta::minutes(1));
        let app = TestApp::start_with(sending(&server.url), clock, ids).await;
        Self { app, server, minutes }
    }

    /// So many minutes later, with what is due delivered.
    async fn later(&self, minutes: i64) {
        self.minutes.fetch_add(minutes, Ordering::SeqCst);
        let services = self.app.app.services().clone();
        tokio::spawn(async move { services.deliver_messages().await })
            .await
            .expect("no panic")
            .expect("the database answers");
    }

    /// Waits until nothing is on its way: also what has arrived is noted.
    async fn done(&self) {
        for _ in 0..600 {
            let waiting = self.app.app.services().waiting_letters().await;
            if waiting.expect("the database answers") == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("messages wait for ever");
    }

    /// Waits until a contact is marked as one that is not reached.
    async fn bounced(&self, id: &str) {
        for _ in 0..600 {
            let contact = seen(&self.app, None, id, "reachabilityUncertain").await;
            if contact["reachabilityUncertain"] == true {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("no mark of a bounce");
    }
}

fn question(id: &str) -> Value {
    json!({
        "contact": id, "subject": "Bürgerbus", "message": "Was hat er gekostet?\n.\nGrüße",
        "replyTo": "amt@neustadt.example.org", "name": "Bauamt Neustadt",
    })
}

async fn ask(app: &TestApp, token: Option<&str>, input: Value) -> Value {
    app.mutate(token, "requestContact", input, "contact { id email }").await
}

/// The text of a letter whose body is quoted-printable or plain.
pub fn plain(text: &str) -> String {
    let joined = text.replace("=\r\n", "");
    let mut bytes = Vec::new();
    let mut rest = joined.as_bytes();
    while let [first, more @ ..] = rest {
        let code = (*first == b'=').then(|| more.get(..2)).flatten();
        let code = code.and_then(|code| std::str::from_utf8(code).ok());
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &more[2..];
            }
            None => {
                bytes.push(*first);
                rest = more;
            }
        }
    }
    String::from_utf8(bytes).expect("text")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_arrives_and_the_asker_learns_no_address() {
    let post = Post::start([]).await;
    let app = &post.app;
    for visibility in ["PUBLIC", "MEMBERS", "ON_REQUEST"] {
        let id = contact(app, json!({ "visibility": visibility })).await;
        let made = ask(app, Some(&app.neighbour), question(&id)).await;
        assert_eq!(made["userErrors"], json!([]));
        assert_eq!(made["contact"]["id"], json!(id));
        assert_eq!(made["contact"]["email"].is_null(), visibility == "ON_REQUEST");
    }
    let letters = post.server.letters(3).await;
    for letter in &letters {
        assert_eq!(letter.to, "k.quixbart@musterdorf.example.org");
        let text = plain(&letter.text);
        for part in [
            "From: Allmende <hub@example.org>\r\n",
            "Reply-To: \"Bauamt Neustadt\" <amt@neustadt.example.org>\r\n",
            "Was hat er gekostet?\r\n.\r\nGrüße",
            "angemeldet mit einer Rolle für Neustadt",
            "https://hub.example.org",
        ] {
            let quoted = part.replace('"', "");
            assert!(text.contains(part) || text.contains(&quoted), "{part} in {text}");
        }
    }
    let journal = app.app.services().store().journal(0, 1_000).await.expect("the journal");
    let asked: Vec<_> =
        journal.iter().filter(|event| format!("{:?}", event.kind) == "ContactRequested").collect();
    assert_eq!(asked.len(), 3);
    assert!(asked.iter().all(|event| !event.public));
    let told = format!("{asked:?}");
    assert!(!told.contains("amt@") && !told.contains("gekostet"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_solution_leads_to_its_contact() {
    let post = Post::start([]).await;
    let app = &post.app;
    let id = app.solution("T1").await;
    let mut input = question("");
    input.as_object_mut().expect("fields").remove("contact");
    input.as_object_mut().expect("fields").remove("subject");
    input["solution"] = json!(id);
    let made = ask(app, Some(&app.neighbour), input.clone()).await;
    assert_eq!(made["userErrors"], json!([]), "{made}");
    let letter = post.server.letters(1).await.remove(0);
    assert_eq!(letter.to, "rathaus@musterdorf.example.org");
    assert!(plain(&letter.text).contains("Lösung: Dorfarzt gefunden"), "{}", letter.text);
    input["contact"] = json!("Contact:01J5Z3NDEKTSV4RRFFQ69G5FAV");
    assert_eq!(
        app.refused(Some(&app.neighbour), "requestContact", input).await,
        "NOT_ALLOWED contact"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_mail_server_nothing_is_taken() {
    let app = TestApp::start().await;
    let id = contact(&app, json!({})).await;
    let head = app.head().await;
    assert_eq!(seen(&app, None, &id, "acceptsRequests").await["acceptsRequests"], false);
    let document = "mutation($input: RequestContactInput!) {
        requestContact(input: $input) { contact { id } }
    }";
    let answer = app.run(Some(&app.neighbour), document, json!({ "input": question(&id) })).await;
    let error = &answer["errors"][0];
    assert_eq!(error["extensions"]["code"], "UNAVAILABLE");
    assert!(error["message"].as_str().expect("a text").contains("mail server"), "{error}");
    assert_eq!(app.head().await, head);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_hidden_looks_like_who_does_not_exist() {
    let post = Post::start([]).await;
    let app = &post.app;
    let id = contact(app, json!({})).await;
    app.mutate(Some(&app.editor), "archiveContact", json!({ "id": id }), "contact { id }").await;
    let nobody = "Contact:01J5Z3NDEKTSV4RRFFQ69G5FAV";
    for token in [&app.reader, &app.neighbour] {
        let hidden = ask(app, Some(token), question(&id)).await;
        assert_eq!(hidden, ask(app, Some(token), question(nobody)).await);
        assert_eq!(hidden["userErrors"][0]["code"], "NOT_FOUND", "{hidden}");
    }
    assert_eq!(ask(app, None, question(&id)).await, "UNAUTHENTICATED");
    let silent = contact(app, json!({ "email": null })).await;
    let refused = app.refused(Some(&app.neighbour), "requestContact", question(&silent)).await;
    assert_eq!(refused, "NOT_ALLOWED contact");
    assert_eq!(post.server.calls(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_slips_into_the_head_of_a_message_and_nobody_sends_without_end() {
    let post = Post::start([]).await;
    let app = &post.app;
    let id = contact(app, json!({})).await;
    for (field, value) in [
        ("subject", "a\r\nBcc: b@example.org"),
        ("name", "Kim\nBcc: b@example.org"),
        ("replyTo", "a@example.org\r\nBcc: b@example.org"),
        ("replyTo", "a@example.org, b@example.org"),
        ("replyTo", "a@-x.example.org"),
        ("message", "a\u{0}b"),
    ] {
        let mut input = question(&id);
        input[field] = json!(value);
        let refused = app.refused(Some(&app.neighbour), "requestContact", input).await;
        assert_eq!(refused, format!("INVALID {field}"));
    }
    for _ in 0..10 {
        let made = ask(app, Some(&app.neighbour), question(&id)).await;
        assert_eq!(made["userErrors"], json!([]));
    }
    let refused = app.refused(Some(&app.neighbour), "requestContact", question(&id)).await;
    assert_eq!(refused, "TOO_OFTEN message");
    for _ in 0..10 {
        ask(app, Some(&app.reader), question(&id)).await;
    }
    let other = app.token(Role::Reader, "neustadt").await;
    let refused = app.refused(Some(&other), "requestContact", question(&id)).await;
    assert_eq!(refused, "TOO_OFTEN contact");
    assert_eq!(post.server.letters(20).await.len(), 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_refused_makes_its_contact_uncertain_until_somebody_looks() {
    let post = Post::start([Does::Answer("550 no such mailbox")]).await;
    let app = &post.app;
    let id = contact(app, json!({ "reviewBy": "2027-01-01" })).await;
    ask(app, Some(&app.neighbour), question(&id)).await;
    post.bounced(&id).await;
    post.done().await;
    let marks = "bouncedAt needsReview reachabilityUncertain";
    let own = seen(app, Some(&app.editor), &id, marks).await;
    assert!(own["bouncedAt"].is_string() && own["needsReview"] == true, "{own}");
    assert_eq!(seen(app, Some(&app.neighbour), &id, marks).await["bouncedAt"], Value::Null);
    post.later(3_000).await;
    assert_eq!((post.server.count(), post.server.calls()), (0, 1), "it is not tried again");

    app.mutate(Some(&app.editor), "confirmContact", json!({ "id": id }), "contact { id }").await;
    assert_eq!(seen(app, None, &id, marks).await["reachabilityUncertain"], false);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_that_is_refused_for_what_is_in_it_says_nothing_of_its_contact() {
    let post = Post::start([Does::Judge("554 5.7.1 this is spam")]).await;
    let app = &post.app;
    let id = contact(app, json!({})).await;
    ask(app, Some(&app.neighbour), question(&id)).await;
    post.server.called(1).await;
    // The next one arrives, and the first would be tried again a minute later. No claim has ended by
    // then, so what is just being noted is not taken for left behind.
    ask(app, Some(&app.neighbour), question(&id)).await;
    post.server.letters(1).await;
    post.server.called(2).await;
    post.later(2).await;
    post.later(2).await;
    assert_eq!((post.server.count(), post.server.calls()), (1, 2), "it is not tried again");
    let mark = seen(app, None, &id, "reachabilityUncertain").await;
    assert_eq!(mark["reachabilityUncertain"], false);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_is_between_the_asker_and_the_contact() {
    let post = Post::start([Does::Answer("550 no such mailbox")]).await;
    let app = &post.app;
    let id = contact(app, json!({})).await;
    let asker = app.token(Role::Editor, "neustadt").await;
    ask(app, Some(&asker), question(&id)).await;
    post.bounced(&id).await;
    app.settle().await;
    let moderator = app.token(Role::Moderator, "neustadt").await;
    let admin = app.token(Role::Admin, "neustadt").await;
    let asked = "query($filter: EventFilter) { events(filter: $filter, last: 9) {
        edges { node { id kind actor actorName } }
    } }";
    let entries = async |token: &str, filter: Value| {
        let answer = app.run(Some(token), asked, json!({ "filter": filter })).await;
        let edges = answer["data"]["events"]["edges"].as_array();
        let edges = edges.unwrap_or_else(|| panic!("{answer}")).clone();
        edges.into_iter().map(|edge| edge["node"].clone()).collect::<Vec<_>>()
    };
    let about = json!({ "subject": id, "kinds": ["CONTACT_REQUESTED"] });
    let known = entries(&admin, about.clone()).await.remove(0);
    let actor = known["actor"].clone();
    assert!(actor.is_string(), "{known}");
    for token in [&moderator, &app.editor] {
        let entry = entries(token, about.clone()).await.remove(0);
        assert_eq!((&entry["actor"], &entry["actorName"]), (&Value::Null, &Value::Null));
        let node = "query($id: ID!) { node(id: $id) { ... on Event { kind actor actorName } } }";
        let node = app.run(Some(token), node, json!({ "id": known["id"] })).await;
        let expected = json!({ "kind": "CONTACT_REQUESTED", "actor": null, "actorName": null });
        assert_eq!(node["data"]["node"], expected, "{node}");
        // Neither does the question for somebody's doings give it away.
        let theirs = json!({ "actor": actor, "kinds": ["CONTACT_REQUESTED"] });
        assert_eq!(entries(token, theirs).await, Vec::<Value>::new());
    }
    // That it did not arrive is something that the hub found out.
    let bounced = json!({ "subject": id, "kinds": ["CONTACT_BOUNCED"] });
    assert_eq!(entries(&app.editor, bounced).await.remove(0)["actor"], "hub");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_not_ready_gets_the_message_later_and_once() {
    let plan = [Does::Answer("451 later"), Does::Hang, Does::Greet("535 who are you")];
    let post = Post::start(plan).await;
    let id = contact(&post.app, json!({})).await;
    ask(&post.app, Some(&post.app.neighbour), question(&id)).await;
    post.server.called(1).await;
    let mut tries = 0;
    while post.server.count() == 0 {
        tries += 1;
        assert!(tries < 20, "it never arrives");
        post.later(20).await;
    }
    post.done().await;
    post.later(3_000).await;
    post.later(3_000).await;
    assert!(post.server.is_done());
    assert_eq!(post.server.letters(1).await.len(), 1);
    let mark = seen(&post.app, None, &id, "reachabilityUncertain").await;
    assert_eq!(mark["reachabilityUncertain"], false);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_never_ready_ends_in_a_mark_unless_it_is_the_hubs_own() {
    for (answer, uncertain) in [
        (Does::Answer("451 later"), true),
        (Does::Greet("535 who are you"), false),
        // What is in a letter says nothing of who it is for.
        (Does::Judge("451 I have to think about that"), false),
    ] {
        let post = Post::start([answer; 30]).await;
        let id = contact(&post.app, json!({})).await;
        ask(&post.app, Some(&post.app.neighbour), question(&id)).await;
        post.server.called(1).await;
        for _ in 0..30 {
            post.later(1_200).await;
        }
        // The clock may have passed the end of a claim while somebody was still at it.
        assert!(post.server.count() == 0 && post.server.calls() >= 9);
        let mark = seen(&post.app, None, &id, "reachabilityUncertain").await;
        assert_eq!(mark["reachabilityUncertain"], json!(uncertain));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_several_who_deliver_one_does() {
    let post = Post::start([]).await;
    let app = &post.app;
    let id = contact(app, json!({})).await;
    for _ in 0..5 {
        ask(app, Some(&app.neighbour), question(&id)).await;
    }
    let mut working = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let services = app.app.services().clone();
        working.spawn(async move { services.deliver_messages().await });
    }
    while let Some(ended) = working.join_next().await {
        ended.expect("no panic").expect("the database answers");
    }
    post.server.letters(5).await;
    // An hour later a claim has ended: what is still being noted would be taken for left behind.
    post.done().await;
    post.later(60).await;
    assert_eq!(post.server.count(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_written_to_who_withdrew_meanwhile() {
    let post = Post::start([Does::Answer("451 later")]).await;
    let app = &post.app;
    let id = contact(app, json!({})).await;
    ask(app, Some(&app.neighbour), question(&id)).await;
    post.server.called(1).await;
    app.mutate(Some(&app.editor), "withdrawConsent", json!({ "id": id }), "pending").await;
    post.later(60).await;
    post.later(3_000).await;
    assert_eq!((post.server.count(), post.server.calls()), (0, 1));
}
