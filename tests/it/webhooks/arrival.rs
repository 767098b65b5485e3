//! What arrives, how it is signed, and what becomes of it.

use allmende::domain::{Actor, Event, EventKind, WebhookId};
use allmende::store::Change;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use hmac::{Hmac, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use super::Post;
use super::receiver::Received;

/// The signature of what arrived, worked out as a receiver does.
fn signature(secret: &str, received: &Received) -> String {
    let key = STANDARD.decode(secret.strip_prefix("whsec_").expect("a prefix")).expect("base64");
    let (id, at) = (received.header("webhook-id"), received.header("webhook-timestamp"));
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("a key");
    mac.update(format!("{id}.{at}.{}", received.body).as_bytes());
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_arrives_as_a_signed_cloud_event_and_its_owner_sees_it() {
    let post = Post::start().await;
    let (webhook, secret) = post.webhook("/ok").await;
    let id = post.ping(&webhook).await;
    let received = post.receiver.received(1).await.remove(0);
    assert_eq!(received.header("webhook-id"), id);
    assert_eq!(received.header("webhook-timestamp"), post.now().timestamp().to_string());
    assert_eq!(received.header("webhook-signature"), signature(&secret, &received));
    assert_eq!(received.header("content-type"), "application/cloudevents+json; charset=utf-8");
    assert!(received.header("user-agent").contains("+https://hub.example.org"), "{received:?}");
    let envelope: Value = serde_json::from_str(&received.body).expect("JSON");
    let expected = json!({
        "specversion": "1.0", "id": id, "source": "https://hub.example.org",
        "type": "org.allmende.webhook.ping", "subject": webhook,
        "time": "2026-01-01T00:00:00.000Z", "datacontenttype": "application/json",
        "data": { "webhook": webhook },
    });
    assert_eq!(envelope, expected);

    let seen = post.delivered(&id).await;
    assert_eq!(seen["body"], json!(received.body));
    let attempt = json!([{ "at": "2026-01-01T00:00:00+00:00", "status": 204, "trouble": null }]);
    assert_eq!(seen["attempts"], attempt);
    let looked = post.look(&webhook).await;
    assert_eq!((&looked["deliveredCount"], &looked["failedCount"]), (&json!(1), &json!(0)));
    assert!(looked["lastDeliveredAt"].is_string(), "{looked}");
    let figures = axum::http::Request::get("/metrics").body(axum::body::Body::empty());
    let figures = post.app.send(figures.expect("a request")).await.text;
    for line in ["allmende_webhook_delivered_total 1", "allmende_webhook_deliveries_waiting 0"] {
        assert!(figures.contains(line), "{figures}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn for_a_day_after_a_change_of_the_secret_both_sign() {
    let post = Post::start().await;
    let (webhook, old) = post.webhook("/ok").await;
    let fields = "webhook { previousSecretUntil } secret";
    let rotated = post.must("rotateWebhookSecret", json!({ "id": webhook }), fields).await;
    let new = rotated["secret"].as_str().expect("a secret");
    assert_eq!(rotated["webhook"]["previousSecretUntil"], "2026-01-02T00:00:00+00:00");
    post.ping(&webhook).await;
    let received = post.receiver.received(1).await.remove(0);
    let both = format!("{} {}", signature(new, &received), signature(&old, &received));
    assert_eq!(received.header("webhook-signature"), both);

    post.later(TimeDelta::hours(24));
    post.ping(&webhook).await;
    let received = post.receiver.received(2).await.remove(1);
    assert_eq!(received.header("webhook-signature"), signature(new, &received));
    assert_eq!(post.look(&webhook).await["previousSecretUntil"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_is_told_together_with_what_another_change_writes() {
    let post = Post::start().await;
    let app = &post.app;
    let (webhook, _) = post.webhook("/ok").await;
    let solution =
        app.published(&app.editor, app.complete("musterdorf", "Mitfahrbank").await).await;
    let (services, id) = (app.app.services(), webhook.parse::<WebhookId>().expect("an id"));
    let journal = services.store().journal(0, 1_000).await.expect("the journal");
    let is_published = |event: &&Event| event.kind == EventKind::SolutionPublished;
    let event = journal.iter().rev().find(is_published).expect("an entry");
    let note = Event { actor: Actor::Hub, title: None, public: false, ..event.clone() };
    let told = async |webhook: &WebhookId| {
        let change = services.with_delivery(Change::default(), webhook, None, event).await;
        let written = services.store().commit(change.expect("a change"), note.clone()).await;
        written.expect("the database answers");
        services.courier().wake();
    };
    told(&id).await;
    let received = post.receiver.received(1).await.remove(0);
    let envelope: Value = serde_json::from_str(&received.body).expect("JSON");
    assert_eq!(envelope["type"], "org.allmende.solution.published");
    assert_eq!(envelope["subject"], json!(solution));
    let data = &envelope["data"];
    assert_eq!(
        (&data["title"], &data["kind"]),
        (&json!("Mitfahrbank"), &json!("SOLUTION_PUBLISHED"))
    );
    assert_eq!(data["cursor"], json!(event.seq.to_string()));
    let delivery = received.header("webhook-id").to_owned();
    post.delivered(&delivery).await;
    let question = "query($id: ID!) { node(id: $id) { ... on Delivery { event { kind cursor } webhook { id } } } }";
    let seen = app.edit(question, json!({ "id": delivery })).await;
    let expected = json!({
        "event": { "kind": "SOLUTION_PUBLISHED", "cursor": event.seq.to_string() },
        "webhook": { "id": webhook },
    });
    assert_eq!(seen["data"]["node"], expected);

    // The address that it names answers what the solution is.
    let url = data["url"].as_str().expect("an address");
    let path = url.strip_prefix("https://hub.example.org").expect("of the hub");
    let request = axum::http::Request::get(path).body(axum::body::Body::empty());
    let answer = app.send(request.expect("a request")).await.json();
    assert_eq!(answer["data"]["node"], json!({ "__typename": "Solution", "id": solution }));

    // A webhook that is disabled or gone hears of nothing.
    post.must("disableWebhook", json!({ "id": webhook }), "webhook { id }").await;
    told(&id).await;
    post.must("deleteWebhook", json!({ "id": webhook }), "deletedId").await;
    told(&id).await;
    assert_eq!(services.waiting_deliveries().await.expect("a number"), 0);
    assert_eq!(post.receiver.at_path("/ok").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_long_over_is_forgotten() {
    let post = Post::start().await;
    let (good, _) = post.webhook("/ok").await;
    let (gone, _) = post.webhook("/gone").await;
    let arrived = post.ping(&good).await;
    post.delivered(&arrived).await;
    let failed = post.ping(&gone).await;
    post.until(&failed, |it| it["state"] == "FAILED").await;
    // Whoever sends tidies up by the way.
    post.later(TimeDelta::days(6));
    post.delivered(&post.ping(&good).await).await;
    assert!(post.look(&arrived).await.is_object());
    post.later(TimeDelta::days(2));
    post.delivered(&post.ping(&good).await).await;
    assert_eq!(post.look(&arrived).await, Value::Null);
    assert!(post.look(&failed).await.is_object());
    post.later(TimeDelta::days(23));
    post.delivered(&post.ping(&good).await).await;
    assert_eq!(post.look(&failed).await, Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_are_listed_page_by_page_from_the_newest_on() {
    let post = Post::start().await;
    let (webhook, _) = post.webhook("/ok").await;
    let mut ids = Vec::new();
    for _ in 0..5 {
        post.later(TimeDelta::seconds(1));
        let id = post.ping(&webhook).await;
        post.delivered(&id).await;
        ids.insert(0, json!(id));
    }
    let page = async |arguments: &str| {
        let question = format!(
            "{{ viewer {{ webhooks {{ deliveries({arguments}) {{
                edges {{ cursor node {{ id }} }}
                pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }}
            }} }} }} }}"
        );
        let answer = post.app.edit(&question, json!({})).await;
        let page = answer["data"]["viewer"]["webhooks"][0]["deliveries"].clone();
        let edges = page["edges"].as_array().unwrap_or_else(|| panic!("{answer}")).clone();
        let nodes: Vec<Value> = edges.iter().map(|edge| edge["node"]["id"].clone()).collect();
        let info = page["pageInfo"].clone();
        let more = (info["hasPreviousPage"] == true, info["hasNextPage"] == true);
        (nodes, more, info)
    };
    let (nodes, more, info) = page("first: 2").await;
    assert_eq!((&nodes[..], more), (&ids[..2], (false, true)));
    let after = info["endCursor"].as_str().expect("a cursor");
    let (nodes, more, info) = page(&format!("first: 2, after: \"{after}\"")).await;
    assert_eq!((&nodes[..], more), (&ids[2..4], (true, true)));
    let before = info["startCursor"].as_str().expect("a cursor");
    let (nodes, more, _) = page(&format!("last: 1, before: \"{before}\"")).await;
    assert_eq!((&nodes[..], more), (&ids[1..2], (true, true)));
    let (nodes, more, _) = page("state: DELIVERED, last: 5").await;
    assert_eq!((&nodes[..], more), (&ids[..], (false, false)));
    assert_eq!(page("state: PENDING").await.0, Vec::<Value>::new());
    let wrong = "{ viewer { webhooks { deliveries(after: \"x\") { edges { cursor } } } } }";
    let answer = post.app.edit(wrong, json!({})).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{answer}");
}
