//! Nodes that die or fall asleep in the middle: what they were about is done again.

use std::path::Path;
use std::sync::atomic::Ordering;
use std::time::Duration;

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::Post;
use super::receiver::Receiver;
use crate::support::Hub;
use crate::support::hub::allmende;

#[tokio::test(flavor = "multi_thread")]
async fn who_was_overtaken_writes_nothing_and_the_message_comes_again_under_its_id() {
    let post = Post::start().await;
    let (webhook, _) = post.webhook("/gated").await;
    let id = post.ping(&webhook).await;
    post.receiver.received(1).await;
    // The node sleeps through the end of its lease, and another one takes over.
    let store = post.app.app.services().store().clone();
    let taken = loop {
        post.seconds.fetch_add(120, Ordering::SeqCst);
        let asked = store.acquire("webhooks", "another node", post.now(), TimeDelta::minutes(1));
        if let Some(taken) = asked.await.expect("the database answers") {
            break taken;
        }
    };
    post.receiver.open(1);
    store.give_back(&taken, post.now()).await.expect("the database answers");
    post.receiver.open(1);
    post.app.app.services().courier().wake();
    let received = post.receiver.received(2).await;
    assert!(received.iter().all(|it| it.header("webhook-id") == id));
    let seen = post.delivered(&id).await;
    assert_eq!(seen["attempts"].as_array().map(Vec::len), Some(1), "the first one is nowhere");
}

fn command(directory: &Path, arguments: &[&str]) -> String {
    let output = allmende(directory).args(arguments).output().expect("the program runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text").trim().to_owned()
}

async fn run(hub: &Hub, token: &str, query: &str, variables: Value) -> Value {
    let answer = hub.run(token, query, &variables).await.expect("the hub answers");
    assert_eq!(answer.get("errors"), None, "{answer}");
    answer["data"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_that_is_killed_in_the_middle_sends_again_after_its_start() {
    let directory = tempfile::tempdir().expect("a directory");
    // Nothing has to be there but somebody who may have a webhook.
    let token = command(directory.path(), &["token", "create", "--role", "admin"]);
    let receiver = Receiver::start().await;
    let hub = Hub::start_with(directory.path(), &["--webhooks-to-private"]);
    let create = "mutation($url: String!) {
        createWebhook(input: {url: $url}) { webhook { id } userErrors { code } }
    }";
    let made = run(&hub, &token, create, json!({ "url": receiver.at("/gated") })).await;
    let webhook = &made["createWebhook"]["webhook"]["id"];
    let test = "mutation($id: ID!) { testWebhook(input: {id: $id}) { delivery { id } } }";
    let sent = run(&hub, &token, test, json!({ "id": webhook })).await;
    let id = sent["testWebhook"]["delivery"]["id"].as_str().expect("an id").to_owned();
    receiver.received(1).await;
    hub.kill();

    receiver.open(2);
    // The lease of the one that died has to end by itself: nobody could give it back.
    let hub = Hub::start_with(directory.path(), &["--webhooks-to-private"]);
    let received = receiver.received_within(2, Duration::from_secs(100)).await;
    assert!(received.iter().all(|it| it.header("webhook-id") == id && it.body == received[0].body));
    let look = "query($id: ID!) { node(id: $id) { ... on Delivery { state } } }";
    let mut state = Value::Null;
    for _ in 0..600 {
        state = run(&hub, &token, look, json!({ "id": id })).await["node"]["state"].clone();
        if state == "DELIVERED" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(state, "DELIVERED");
    assert_eq!(hub.terminate(), 0);
}
