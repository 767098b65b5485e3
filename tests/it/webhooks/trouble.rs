//! Receivers that answer badly, late, or not at all.

use std::time::Duration;

use allmende::service::CourierSettings;
use chrono::TimeDelta;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::Post;

/// An address at which somebody hangs up at once.
async fn hangs_up() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { while listener.accept().await.is_ok() {} });
    format!("http://{address}/")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_bad_answer_is_named_and_tried_again() {
    let post = Post::patient(Duration::from_secs(1)).await;
    // So late: what it wants, but not earlier than the usual pause.
    let cases = [
        (post.receiver.at("/failing"), json!(500), "REFUSED", 5),
        (post.receiver.at("/large-error"), json!(500), "REFUSED", 5),
        (post.receiver.at("/moved"), json!(301), "REDIRECTED", 5),
        (post.receiver.at("/busy"), json!(429), "REFUSED", 120),
        (post.receiver.at("/busy-until"), json!(503), "REFUSED", 600),
        (post.receiver.at("/hangs"), Value::Null, "TIMEOUT", 5),
        (hangs_up().await, Value::Null, "NO_CONNECTION", 5),
        ("http://127.0.0.1:9/".to_owned(), Value::Null, "NO_CONNECTION", 5),
        (format!("https://127.0.0.1:{}/", post.receiver.port()), Value::Null, "CERTIFICATE", 5),
    ];
    let mut sent = Vec::new();
    for (url, ..) in &cases {
        let (webhook, _) = post.webhook_at(url).await;
        sent.push(post.ping(&webhook).await);
    }
    for ((url, status, trouble, pause), id) in cases.iter().zip(&sent) {
        let seen = post.tried(id, 1).await;
        assert_eq!(seen["state"], "PENDING", "{url}: {seen}");
        let attempt = &seen["attempts"][0];
        assert_eq!((&attempt["status"], &attempt["trouble"]), (status, &json!(trouble)), "{url}");
        let next = seen["nextAttemptAt"].as_str().expect("a moment");
        let next = chrono::DateTime::parse_from_rfc3339(next).expect("a moment");
        let rests = next.to_utc() - post.now();
        let range = TimeDelta::seconds(*pause)..=TimeDelta::seconds(*pause + 1);
        assert!(range.contains(&rests), "{url}: {rests}");
    }
    assert_eq!(post.receiver.at_path("/ok").len(), 0, "no redirect is followed");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_for_a_receiver_does_not_grow_for_ever() {
    let settings = CourierSettings { most_waiting: 3, ..CourierSettings::default() };
    let post = Post::with(settings).await;
    let (other, _) = post.webhook("/ok").await;
    let (webhook, _) = post.webhook("/failing").await;
    for _ in 0..3 {
        post.tried(&post.ping(&webhook).await, 1).await;
    }
    assert_eq!(post.look(&webhook).await["state"], "ACTIVE");
    post.tried(&post.ping(&webhook).await, 1).await;
    // The next round finds four.
    post.delivered(&post.ping(&other).await).await;
    let stopped = post.until(&webhook, |it| it["disabled"]["reason"] == "OVERFLOWING").await;
    assert_eq!(stopped["state"], "DISABLED", "{stopped}");
    assert_eq!(post.look(&other).await["state"], "ACTIVE");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_answer_is_a_success_as_soon_as_it_begins() {
    let post = Post::start().await;
    let (webhook, _) = post.webhook("/large").await;
    let seen = post.delivered(&post.ping(&webhook).await).await;
    assert_eq!(seen["attempts"][0]["status"], 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_tried_for_three_days_under_one_id_and_can_be_sent_again() {
    let post = Post::start().await;
    let (webhook, _) = post.webhook("/failing").await;
    let id = post.ping(&webhook).await;
    for times in 1..10 {
        let seen = post.tried(&id, times).await;
        assert_eq!(seen["state"], "PENDING", "{seen}");
        let next = seen["nextAttemptAt"].as_str().expect("a moment");
        let next = chrono::DateTime::parse_from_rfc3339(next).expect("a moment").to_utc();
        post.later(next - post.now() + TimeDelta::seconds(1));
    }
    let seen = post.tried(&id, 10).await;
    assert_eq!((&seen["state"], &seen["nextAttemptAt"]), (&json!("FAILED"), &Value::Null));
    let days = (post.now().timestamp() - super::START) / 86_400;
    assert_eq!(days, 3);
    let received = post.receiver.received(10).await;
    assert!(received.iter().all(|it| it.header("webhook-id") == id && it.body == received[0].body));
    let looked = post.look(&webhook).await;
    assert_eq!((&looked["state"], &looked["failedCount"]), (&json!("ACTIVE"), &json!(1)));

    // The receiver is mended.
    let change = json!({ "id": webhook, "url": post.receiver.at("/ok") });
    post.must("updateWebhook", change, "webhook { id }").await;
    let since = json!({ "webhook": webhook, "since": "2026-01-02T00:00:00Z" });
    let none = post.must("replayFailedDeliveries", since, "replayed").await;
    assert_eq!(none["replayed"], 0);
    let since = json!({ "webhook": webhook, "since": "2026-01-01T00:00:00Z" });
    let again = post.must("replayFailedDeliveries", since, "replayed webhook { id }").await;
    assert_eq!(again["replayed"], 1);
    post.delivered(&id).await;
    post.must("replayDelivery", json!({ "id": id }), "delivery { state }").await;
    let received = post.receiver.received(12).await;
    assert!(received.iter().all(|it| it.header("webhook-id") == id));
    assert_eq!(post.receiver.at_path("/ok").len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_says_to_be_gone_hears_nothing_more() {
    let post = Post::start().await;
    let (webhook, _) = post.webhook("/gone").await;
    let id = post.ping(&webhook).await;
    let seen = post.until(&id, |it| it["state"] == "FAILED").await;
    assert_eq!(seen["attempts"][0]["trouble"], "GONE", "{seen}");
    let looked = post.look(&webhook).await;
    assert_eq!(looked["disabled"], json!({ "reason": "GONE" }));
    let refused =
        post.app.refused(Some(&post.app.editor), "testWebhook", json!({ "id": webhook })).await;
    assert_eq!(refused, "WRONG_STATE id");
    let refused =
        post.app.refused(Some(&post.app.editor), "replayDelivery", json!({ "id": id })).await;
    assert_eq!(refused, "WRONG_STATE id");
    let fields = "webhook { state disabled { at } }";
    let enabled = post.must("enableWebhook", json!({ "id": webhook }), fields).await;
    assert_eq!(enabled["webhook"], json!({ "state": "ACTIVE", "disabled": null }));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_without_success_for_five_days_is_disabled_and_what_waits_is_given_up() {
    let post = Post::start().await;
    let (webhook, _) = post.webhook("/failing").await;
    let first = post.ping(&webhook).await;
    post.tried(&first, 1).await;
    post.later(TimeDelta::days(4));
    post.tried(&first, 2).await;
    assert!(post.look(&webhook).await["failingSince"].is_string());
    // One waits for its next try when the other one is the last straw.
    post.later(TimeDelta::days(1) - TimeDelta::minutes(1));
    post.tried(&first, 3).await;
    post.later(TimeDelta::minutes(1));
    let second = post.ping(&webhook).await;
    let seen = post.until(&second, |it| it["state"] == "FAILED").await;
    let troubles: Vec<_> =
        seen["attempts"].as_array().expect("a list").iter().map(|it| &it["trouble"]).collect();
    assert_eq!(troubles, ["REFUSED", "DISABLED"], "{seen}");
    let seen = post.look(&first).await;
    assert_eq!(
        (&seen["state"], &seen["attempts"][3]["trouble"]),
        (&json!("FAILED"), &json!("DISABLED"))
    );
    assert_eq!(post.look(&webhook).await["disabled"]["reason"], "FAILING");
    let admin = post.app.token(allmende::domain::Role::Admin, "musterdorf").await;
    let question = "{ events(filter: {kinds: [WEBHOOK_DISABLED]}) { edges { node { actor subjectId title } } } }";
    let told = post.app.run(Some(&admin), question, json!({})).await;
    let expected = json!([{ "node": { "actor": "hub", "subjectId": webhook, "title": null } }]);
    assert_eq!(told["data"]["events"]["edges"], expected);
    // What was given up is there to be sent later.
    post.must("enableWebhook", json!({ "id": webhook }), "webhook { id }").await;
    let change = json!({ "id": webhook, "url": post.receiver.at("/ok") });
    post.must("updateWebhook", change, "webhook { id }").await;
    post.must("replayFailedDeliveries", json!({ "webhook": webhook }), "replayed").await;
    post.delivered(&first).await;
    post.delivered(&second).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_hangs_holds_up_nobody_else() {
    let post = Post::start().await;
    let (hanging, _) = post.webhook("/hangs").await;
    let (other, _) = post.webhook_at(&post.receiver.elsewhere("/ok")).await;
    for _ in 0..40 {
        post.ping(&hanging).await;
    }
    let mut sent = Vec::new();
    for _ in 0..5 {
        sent.push(post.ping(&other).await);
    }
    for id in &sent {
        let seen = post.delivered(id).await;
        assert_eq!(seen["attempts"].as_array().map(Vec::len), Some(1));
    }
    assert!((1..=2).contains(&post.receiver.most_hanging()), "{}", post.receiver.most_hanging());
    // The end of the program does not wait for it either.
    let stopped = tokio::time::timeout(Duration::from_secs(15), post.app.app.stop()).await;
    assert!(stopped.is_ok(), "the hub does not end");
}
