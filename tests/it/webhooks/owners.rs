//! Whose webhooks they are, and who sees nothing of them.

use allmende::app::Around;
use allmende::domain::Role;
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::Post;
use crate::support::TestApp;

const PASSWORD: &str = "ein langes Kennwort";
const ALL: &str = "{ viewer { webhooks { id } } }";

async fn account(app: &TestApp) -> (Value, String) {
    let admin = app.token(Role::Admin, "musterdorf").await;
    let email = "bauamt@musterdorf.example.org";
    let grants = json!([{ "role": "READER" }]);
    let input = json!({ "email": email, "password": PASSWORD, "grants": grants });
    let made = app.mutate(Some(&admin), "createAccount", input, "account { id }").await;
    (made["account"]["id"].clone(), app.sign_in(email, PASSWORD).await)
}

#[tokio::test(flavor = "multi_thread")]
async fn only_its_owner_sees_a_webhook_and_to_others_it_does_not_exist() {
    let post = Post::start().await;
    let app = &post.app;
    let (webhook, secret) = post.webhook("/ok").await;
    let delivery = post.ping(&webhook).await;
    post.delivered(&delivery).await;
    let kinds =
        "[WEBHOOK_CREATED, WEBHOOK_UPDATED, WEBHOOK_DISABLED, WEBHOOK_ENABLED, WEBHOOK_DELETED]";
    let question = format!(
        "query($webhook: ID!, $delivery: ID!) {{
            webhook: node(id: $webhook) {{ id }} delivery: node(id: $delivery) {{ id }}
            viewer {{ webhooks {{ id }} }}
            events(filter: {{kinds: {kinds}}}) {{ edges {{ node {{ kind }} }} }}
        }}"
    );
    let variables = json!({ "webhook": webhook, "delivery": delivery });
    let entry = json!({ "edges": [{ "node": { "kind": "WEBHOOK_CREATED" } }] });
    let own = app.run(Some(&app.editor), &question, variables.clone()).await;
    assert_eq!(own["data"]["webhook"]["id"], json!(webhook));
    assert_eq!(own["data"]["delivery"]["id"], json!(delivery));
    assert_eq!(own["data"]["viewer"]["webhooks"], json!([{ "id": webhook }]));
    assert_eq!(own["data"]["events"], entry);
    assert!(!own.to_string().contains(&secret), "{own}");

    let (_, signed_in) = account(app).await;
    for (name, token) in [
        ("anonymous", None),
        ("account", Some(signed_in)),
        ("reader", Some(app.reader.clone())),
        ("neighbour", Some(app.neighbour.clone())),
        ("same role", Some(app.token(Role::Editor, "musterdorf").await)),
        ("moderator", Some(app.token(Role::Moderator, "musterdorf").await)),
        ("admin", Some(app.token(Role::Admin, "musterdorf").await)),
    ] {
        let seen = app.run(token.as_deref(), &question, variables.clone()).await;
        assert_eq!(
            (&seen["data"]["webhook"], &seen["data"]["delivery"]),
            (&Value::Null, &Value::Null)
        );
        let webhooks = if token.is_some() { json!([]) } else { Value::Null };
        assert_eq!(seen["data"]["viewer"].get("webhooks").unwrap_or(&Value::Null), &webhooks);
        // Admins look after what was done; where it leads stands nowhere.
        let edges = if name == "admin" { entry.clone() } else { json!({ "edges": [] }) };
        assert_eq!(seen["data"]["events"], edges, "{name}");
        let Some(token) = &token else { continue };
        for (mutation, field, id, other) in [
            ("updateWebhook", "id", &webhook, "Webhook:01J5Z3NDEKTSV4RRFFQ69G5FAV"),
            ("rotateWebhookSecret", "id", &webhook, "Webhook:01J5Z3NDEKTSV4RRFFQ69G5FAV"),
            ("enableWebhook", "id", &webhook, "Webhook:01J5Z3NDEKTSV4RRFFQ69G5FAV"),
            ("disableWebhook", "id", &webhook, "Webhook:01J5Z3NDEKTSV4RRFFQ69G5FAV"),
            ("deleteWebhook", "id", &webhook, "Webhook:01J5Z3NDEKTSV4RRFFQ69G5FAV"),
            ("testWebhook", "id", &webhook, "Webhook:01J5Z3NDEKTSV4RRFFQ69G5FAV"),
            ("replayDelivery", "id", &delivery, "Delivery:01J5Z3NDEKTSV4RRFFQ69G5FAV"),
            ("replayFailedDeliveries", "webhook", &webhook, "Webhook:01J5Z3NDEKTSV4RRFFQ69G5FAV"),
        ] {
            let hidden = app.mutate(Some(token), mutation, json!({ field: id }), "").await;
            let missing = app.mutate(Some(token), mutation, json!({ field: other }), "").await;
            assert_eq!(hidden, missing, "{mutation} by {name}");
            assert_eq!(
                hidden["userErrors"][0]["code"], "NOT_FOUND",
                "{mutation} by {name}: {hidden}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_of_an_account_makes_and_sees_no_webhooks() {
    let post = Post::start().await;
    let app = &post.app;
    let (_, signed_in) = account(app).await;
    let url = json!({ "url": post.receiver.at("/ok") });
    let made = app.mutate(Some(&signed_in), "createWebhook", url.clone(), "webhook { id }").await;
    assert_eq!(made["userErrors"], json!([]), "{made}");
    let grant = json!({ "name": "Skript", "grant": { "role": "READER" } });
    let token = app.mutate(Some(&signed_in), "createAccessToken", grant, "secret").await;
    let token = token["secret"].as_str().expect("a secret");
    assert_eq!(app.refused(Some(token), "createWebhook", url).await, "FORBIDDEN");
    let id = made["webhook"]["id"].clone();
    assert_eq!(app.refused(Some(token), "deleteWebhook", json!({ "id": id })).await, "FORBIDDEN");
    assert_eq!(app.run(Some(token), ALL, json!({})).await["data"]["viewer"]["webhooks"], json!([]));
    let node = "query($id: ID!) { node(id: $id) { id } }";
    assert_eq!(app.run(Some(token), node, json!({ "id": id })).await["data"]["node"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_has_more_than_ten_even_if_all_are_made_at_once() {
    let post = Post::start().await;
    let app = &post.app;
    let make = || async {
        let input = json!({ "url": post.receiver.at("/ok") });
        app.refused(Some(&app.editor), "createWebhook", input).await
    };
    let made = join_all((0..14).map(|_| make())).await;
    assert_eq!(made.iter().filter(|it| it.is_empty()).count(), 10, "{made:?}");
    assert!(made.iter().all(|it| it.is_empty() || it == "NOT_ALLOWED url"), "{made:?}");
    let all = app.edit(ALL, json!({})).await;
    assert_eq!(all["data"]["viewer"]["webhooks"].as_array().map(Vec::len), Some(10), "{all}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_has_messages_sent_without_end() {
    let post = Post::start().await;
    let (webhook, _) = post.webhook("/ok").await;
    for _ in 0..60 {
        post.ping(&webhook).await;
    }
    let again = async || {
        post.app.refused(Some(&post.app.editor), "testWebhook", json!({ "id": webhook })).await
    };
    assert_eq!(again().await, "TOO_OFTEN id");
    post.later(chrono::TimeDelta::hours(1));
    assert_eq!(again().await, "");
    post.receiver.received(61).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_inside_the_network_are_refused_however_they_are_written() {
    let app = TestApp::start_around(Around::default()).await;
    let head = app.head().await;
    for (url, expected) in [
        ("https://localhost/hook", "NOT_ALLOWED url"),
        ("https://hub.localhost/hook", "NOT_ALLOWED url"),
        ("https://LOCALHOST./hook", "NOT_ALLOWED url"),
        ("https://127.0.0.1/hook", "NOT_ALLOWED url"),
        ("https://127.1/hook", "NOT_ALLOWED url"),
        ("https://0x7f.1/hook", "NOT_ALLOWED url"),
        ("https://2130706433/hook", "NOT_ALLOWED url"),
        ("https://0177.0.0.1/hook", "NOT_ALLOWED url"),
        ("https://10.0.0.1/hook", "NOT_ALLOWED url"),
        ("https://192.168.1.1/hook", "NOT_ALLOWED url"),
        ("https://100.64.0.1/hook", "NOT_ALLOWED url"),
        ("https://169.254.169.254/latest/meta-data/", "NOT_ALLOWED url"),
        ("https://[::1]/hook", "NOT_ALLOWED url"),
        ("https://[::ffff:10.0.0.1]/hook", "NOT_ALLOWED url"),
        ("https://[64:ff9b::7f00:1]/hook", "NOT_ALLOWED url"),
        ("https://[fd00::1]/hook", "NOT_ALLOWED url"),
        ("http://receiver.example.org/hook", "INVALID url"),
        ("ftp://receiver.example.org/hook", "INVALID url"),
        ("https://user:password@receiver.example.org/hook", "INVALID url"),
        ("hook", "INVALID url"),
        ("", "REQUIRED url"),
    ] {
        let refused = app.refused(Some(&app.editor), "createWebhook", json!({ "url": url })).await;
        assert_eq!(refused, expected, "{url}");
    }
    let long = format!("https://receiver.example.org/{}", "x".repeat(2_048));
    let refused = app.refused(Some(&app.editor), "createWebhook", json!({ "url": long })).await;
    assert_eq!(refused, "TOO_LONG url");
    assert_eq!(app.head().await, head, "nothing was written");

    let url = json!({ "url": "https://receiver.example.org/hook" });
    let made = app.mutate(Some(&app.editor), "createWebhook", url, "webhook { id }").await;
    let change = json!({ "id": made["webhook"]["id"], "url": "https://127.0.0.1/" });
    assert_eq!(app.refused(Some(&app.editor), "updateWebhook", change).await, "NOT_ALLOWED url");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_account_was_sent_goes_with_it() {
    let post = Post::start().await;
    let app = &post.app;
    let (id, signed_in) = account(app).await;
    let input = json!({ "url": post.receiver.at("/gated"), "name": "Rechner von Quixbart" });
    let made = app.mutate(Some(&signed_in), "createWebhook", input, "webhook { id }").await;
    let test = json!({ "id": made["webhook"]["id"] });
    app.mutate(Some(&signed_in), "testWebhook", test, "delivery { id }").await;
    post.receiver.received(1).await;
    let other = post.webhook("/ok").await.0;
    let store = app.app.services().store().clone();
    let files = app.app.services().files().clone();
    let all = async || {
        let dump = crate::dump::dumped(&store, &files, true).await;
        let parts = crate::dump::parts(&dump);
        let webhooks = parts.get("records/webhook.ndjson").expect("a table");
        String::from_utf8_lossy(webhooks).into_owned()
    };
    assert!(all().await.contains("Quixbart"), "it was there");
    assert_eq!(app.app.services().waiting_deliveries().await.expect("a number"), 1);
    let admin = app.token(Role::Admin, "musterdorf").await;
    let erased = app.mutate(Some(&admin), "eraseAccount", json!({ "id": id }), "erasedId").await;
    assert_eq!(erased["erasedId"], id, "{erased}");
    assert_eq!(app.app.services().waiting_deliveries().await.expect("a number"), 0);
    let left = all().await;
    assert!(!left.contains("Quixbart") && left.contains("/ok"), "{left}");
    // What was under way then is written nowhere, and others go on.
    post.receiver.open(1);
    post.delivered(&post.ping(&other).await).await;
    assert_eq!(app.app.services().waiting_deliveries().await.expect("a number"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_revoked_gets_nothing_any_more() {
    let post = Post::start().await;
    let app = &post.app;
    let (webhook, _) = post.webhook("/failing").await;
    let id = post.ping(&webhook).await;
    post.tried(&id, 1).await;
    let admin = app.token(Role::Admin, "musterdorf").await;
    let question = "{ viewer { accessTokens { id grant { role municipality { slug } } } } }";
    let tokens = app.run(Some(&admin), question, json!({})).await;
    let tokens = tokens["data"]["viewer"]["accessTokens"].as_array().expect("a list").clone();
    for token in tokens.iter().filter(|token| token["grant"]["role"] == "EDITOR") {
        app.mutate(Some(&admin), "revokeAccessToken", json!({ "id": token["id"] }), "").await;
    }
    post.later(chrono::TimeDelta::seconds(10));
    let question =
        "{ events(filter: {kinds: [WEBHOOK_DISABLED]}) { edges { node { actor subjectId } } } }";
    let expected = json!([{ "node": { "actor": "hub", "subjectId": webhook } }]);
    let mut told = Value::Null;
    for _ in 0..600 {
        told = app.run(Some(&admin), question, json!({})).await["data"]["events"]["edges"].clone();
        if told == expected {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(told, expected);
    assert_eq!(app.app.services().waiting_deliveries().await.expect("a number"), 0);
    assert_eq!(post.receiver.at_path("/failing").len(), 1);
}
