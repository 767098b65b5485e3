//! What a watch finds reaches the webhook that it names.

use serde_json::{Value, json};

use super::Post;

/// Tells watches of what has happened.
async fn dispatch(post: &Post) -> usize {
    let services = post.app.app.services().clone();
    let dispatched = tokio::spawn(async move { services.dispatch().await }).await;
    dispatched.expect("no panic").expect("a database").expect("nobody else is at it")
}

#[tokio::test(flavor = "multi_thread")]
async fn each_event_that_a_watch_finds_is_a_message_of_its_own() {
    let post = Post::start().await;
    let app = &post.app;
    let (webhook, _) = post.webhook("/ok").await;
    let watch = json!({
        "name": "Busse", "selection": { "search": "Bus" }, "channel": "WEBHOOK",
        "webhook": webhook, "rhythm": "AT_ONCE", "kinds": ["SOLUTION_PUBLISHED", "SOLUTION_ARCHIVED"],
    });
    let fields = "watch { channel address webhook { id } paused }";
    let made = post.must("createWatch", watch.clone(), fields).await;
    let expected = json!({
        "channel": "WEBHOOK", "address": null, "webhook": { "id": webhook }, "paused": false,
    });
    assert_eq!(made["watch"], expected);
    dispatch(&post).await;
    // What the owner does is no news to them, and neither is what they do not look for.
    app.published(&app.editor, app.complete("musterdorf", "Eigener Bus").await).await;
    app.published(&app.neighbour, app.complete("neustadt", "Hausarzt").await).await;
    let bus = app.published(&app.neighbour, app.complete("neustadt", "Fremder Bus").await).await;
    // It is told as it is found: what is put away before anybody has looked is only told of as that.
    dispatch(&post).await;
    post.receiver.received(1).await;
    app.archive(&app.neighbour, &bus).await;
    dispatch(&post).await;
    let received = post.receiver.received(2).await;
    let mut told: Vec<Value> = received
        .iter()
        .map(|it| serde_json::from_str::<Value>(&it.body).expect("JSON"))
        .map(|it| json!([it["type"], it["subject"], it["data"]["title"]]))
        .collect();
    told.sort_by_key(Value::to_string);
    assert_eq!(
        told,
        [
            json!(["org.allmende.solution.archived", bus, null]),
            json!(["org.allmende.solution.published", bus, "Fremder Bus"]),
        ]
    );
    assert_eq!(dispatch(&post).await, 0, "once is enough");

    // A day's news comes together, and still each by itself.
    let mut daily = watch;
    daily["rhythm"] = json!("DAILY");
    post.must("createWatch", daily, "watch { id }").await;
    let before = post.receiver.received(2).await.len();
    let bus = app.published(&app.neighbour, app.complete("neustadt", "Noch ein Bus").await).await;
    dispatch(&post).await;
    let at_once = post.receiver.received(before + 1).await.len();
    assert_eq!(at_once, before + 1);
    post.later(chrono::TimeDelta::hours(30));
    dispatch(&post).await;
    let last = post.receiver.received(at_once + 1).await.pop().expect("a message");
    assert!(last.body.contains(&bus), "{last:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_sends_to_a_webhook_of_others() {
    let post = Post::start().await;
    let (webhook, _) = post.webhook("/ok").await;
    let refused = async |token: &str, more: Value| {
        let mut input = json!({ "name": "Alles", "selection": {}, "channel": "WEBHOOK" });
        for (name, value) in more.as_object().expect("fields") {
            input[name] = value.clone();
        }
        post.app.refused(Some(token), "createWatch", input).await
    };
    let (editor, neighbour) = (post.app.editor.clone(), post.app.neighbour.clone());
    let unknown = "Webhook:01J5Z3NDEKTSV4RRFFQ69G5FAV";
    for id in [webhook.as_str(), unknown] {
        assert_eq!(refused(&neighbour, json!({ "webhook": id })).await, "NOT_FOUND webhook");
    }
    assert_eq!(refused(&editor, json!({})).await, "REQUIRED webhook");
    let feed = json!({ "channel": "FEED", "webhook": webhook });
    assert_eq!(refused(&editor, feed).await, "NOT_ALLOWED webhook");
    let address = json!({ "webhook": webhook, "address": "amt@example.org" });
    assert_eq!(refused(&editor, address).await, "NOT_ALLOWED address");

    // One that is gone takes nothing, and its watch says so.
    let input = json!({
        "name": "Alles", "selection": {}, "channel": "WEBHOOK", "webhook": webhook,
        "rhythm": "AT_ONCE",
    });
    let watch = post.must("createWatch", input, "watch { id }").await["watch"]["id"].clone();
    dispatch(&post).await;
    post.must("deleteWebhook", json!({ "id": webhook }), "deletedId").await;
    let app = &post.app;
    app.published(&app.neighbour, app.complete("neustadt", "Bus").await).await;
    dispatch(&post).await;
    let question = "query($id: ID!) { node(id: $id) { ... on Watch { webhook { id } } } }";
    let seen = app.run(Some(&app.editor), question, json!({ "id": watch })).await;
    assert_eq!(seen["data"]["node"], json!({ "webhook": null }));
    assert_eq!(post.receiver.received(0).await.len(), 0);
}
