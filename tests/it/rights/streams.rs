//! Streams end with what their client was let in by.

use std::time::Duration;

use allmende::app::{Around, system_clock, system_ids};
use allmende::domain::Role;
use allmende::http::{Limits, TrustedProxies, router, serve};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::support::TestApp;
use crate::support::socket::Socket;

const PASSWORD: &str = "ein langes Kennwort";
const EMAIL: &str = "bauamt@musterdorf.example.org";
const ACTIVITY: &str = "subscription { activity { kind } }";

/// A hub on a real port, with an account that somebody signs in to.
struct Served {
    app: TestApp,
    url: String,
    admin: String,
    account: String,
    shutdown: CancellationToken,
}

impl Drop for Served {
    fn drop(&mut self) {
        self.shutdown.cancel();
    }
}

impl Served {
    async fn start() -> Self {
        Self::around(TestApp::start().await).await
    }

    async fn around(app: TestApp) -> Self {
        let admin = app.token(Role::Admin, "musterdorf").await;
        let create = "mutation($input: CreateAccountInput!) {
            createAccount(input: $input) { account { id } userErrors { message } }
        }";
        let place = app.municipality("musterdorf").await;
        let input = json!({
            "email": EMAIL, "password": PASSWORD,
            "grants": [{ "role": "EDITOR", "municipality": place }, { "role": "READER" }],
        });
        let made = app.run(Some(&admin), create, json!({ "input": input })).await;
        let account = made["data"]["createAccount"]["account"]["id"].as_str();
        let account = account.unwrap_or_else(|| panic!("{made}")).to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("a port"));
        let shutdown = CancellationToken::new();
        let (limits, proxies) = (Limits::default(), TrustedProxies::default());
        let router = router(app.app.api().clone(), limits, proxies, shutdown.clone());
        tokio::spawn(serve(listener, router, 100, shutdown.clone()));
        Self { app, url, admin, account, shutdown }
    }

    /// A token of the account, and its id.
    async fn token(&self, cookie: &str, expires_at: Option<DateTime<Utc>>) -> (String, String) {
        let create = "mutation($input: CreateAccessTokenInput!) {
            createAccessToken(input: $input) { secret accessToken { id } userErrors { message } }
        }";
        let grant = json!({ "role": "READER" });
        let input = json!({ "name": "Anzeige", "grant": grant, "expiresAt": expires_at });
        let made = self.app.run(Some(cookie), create, json!({ "input": input })).await;
        let made = &made["data"]["createAccessToken"];
        let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("{made}")).to_owned();
        (text(&made["secret"]), text(&made["accessToken"]["id"]))
    }

    async fn run(&self, document: &str, variables: Value) {
        let answer = self.app.run(Some(&self.admin), document, variables).await;
        assert_eq!(answer["errors"], Value::Null, "{answer}");
    }

    async fn update(&self, change: Value) {
        let update = "mutation($input: UpdateAccountInput!) {
            updateAccount(input: $input) { userErrors { message } }
        }";
        let mut input = change;
        input["id"] = json!(self.account);
        self.run(update, json!({ "input": input })).await;
    }

    /// A WebSocket of somebody, on which a subscription runs.
    async fn socket(&self, token: Option<&str>, cookie: Option<&str>) -> Socket {
        let payload = match token {
            Some(token) => json!({ "authorization": format!("Bearer {token}") }),
            None => json!({}),
        };
        let mut socket = Socket::open_as(&self.url, cookie, payload).await;
        let subscription = json!({
            "type": "subscribe", "id": "1", "payload": { "query": ACTIVITY },
        });
        // The answer to a ping tells that what was sent before it has been taken in.
        socket.say(&[subscription, json!({ "type": "ping" })]).await;
        assert_eq!(socket.hear().await, Ok(json!({ "type": "pong" })));
        socket
    }

    /// An event stream of somebody.
    async fn events(&self, token: &str) -> reqwest::Response {
        let request = reqwest::Client::new()
            .post(format!("{}/graphql", self.url))
            .header("content-type", "application/json")
            .header("accept", "text/event-stream")
            .bearer_auth(token)
            .body(json!({ "query": ACTIVITY }).to_string());
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status(), 200);
        answer
    }
}

/// The rest of an event stream, which ends in time.
async fn rest(stream: reqwest::Response) -> String {
    let text = tokio::time::timeout(Duration::from_secs(20), stream.text()).await;
    text.expect("an end in time").expect("text")
}

const REVOKE: &str =
    "mutation($id: ID!) { revokeAccessToken(input: {id: $id}) { userErrors { code } } }";

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_token_ends_its_streams_and_no_others() {
    let hub = Served::start().await;
    let cookie = hub.app.sign_in(EMAIL, PASSWORD).await;
    let (secret, id) = hub.token(&cookie, None).await;
    let (other, _) = hub.token(&cookie, None).await;
    let socket = hub.socket(Some(&secret), None).await;
    let events = hub.events(&secret).await;
    let mut stays = hub.socket(Some(&other), None).await;
    let mut nobody = hub.socket(None, None).await;
    hub.run(REVOKE, json!({ "id": id })).await;
    assert_eq!(socket.end().await, 4403);
    assert!(rest(events).await.ends_with("event: complete\ndata:\n\n"));
    for socket in [&mut stays, &mut nobody] {
        socket.say(&[json!({ "type": "ping" })]).await;
        assert_eq!(socket.hear().await, Ok(json!({ "type": "pong" })));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_runs_out_takes_its_streams_along() {
    let clock = system_clock();
    let ids = system_ids(clock.clone());
    let app = TestApp::start_by(clock.clone(), ids, Around::default()).await;
    let hub = Served::around(app).await;
    let cookie = hub.app.sign_in(EMAIL, PASSWORD).await;
    let soon = clock.now() + TimeDelta::seconds(4);
    let (secret, _) = hub.token(&cookie, Some(soon)).await;
    let socket = hub.socket(Some(&secret), None).await;
    let events = hub.events(&secret).await;
    assert_eq!(socket.end().await, 4403);
    assert!(rest(events).await.ends_with("event: complete\ndata:\n\n"));
    assert!(clock.now() >= soon, "not before");
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_ends_the_streams_of_this_session() {
    let hub = Served::start().await;
    let (office, home) =
        (hub.app.sign_in(EMAIL, PASSWORD).await, hub.app.sign_in(EMAIL, PASSWORD).await);
    let socket = hub.socket(None, Some(&office)).await;
    let mut stays = hub.socket(None, Some(&home)).await;
    let signed_out = reqwest::Client::new().delete(format!("{}/session", hub.url));
    let answer = signed_out.header("cookie", &office).send().await.expect("an answer");
    assert_eq!(answer.status(), 204);
    assert_eq!(socket.end().await, 4403);
    stays.say(&[json!({ "type": "ping" })]).await;
    assert_eq!(stays.hear().await, Ok(json!({ "type": "pong" })));
    // Another password ends all of them.
    hub.update(json!({ "password": "ein anderes Kennwort" })).await;
    assert_eq!(stays.end().await, 4403);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_may_do_less_has_to_come_back_and_whoever_may_do_more_goes_on() {
    let hub = Served::start().await;
    let cookie = hub.app.sign_in(EMAIL, PASSWORD).await;
    let place = hub.app.municipality("musterdorf").await;
    let mut socket = hub.socket(None, Some(&cookie)).await;
    let editor = json!({ "role": "EDITOR", "municipality": place });
    let (reader, moderator) = (json!({ "role": "READER" }), json!({ "role": "MODERATOR" }));
    hub.update(json!({ "grants": [editor, reader, moderator], "name": "Bauamt" })).await;
    hub.app.settle().await;
    socket.say(&[json!({ "type": "ping" })]).await;
    assert_eq!(socket.hear().await, Ok(json!({ "type": "pong" })));
    hub.update(json!({ "grants": [reader, moderator] })).await;
    assert_eq!(socket.end().await, 4403);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_is_disabled_or_erased_ends_all_its_streams() {
    for erased in [false, true] {
        let hub = Served::start().await;
        let cookie = hub.app.sign_in(EMAIL, PASSWORD).await;
        let (secret, _) = hub.token(&cookie, None).await;
        let by_token = hub.socket(Some(&secret), None).await;
        let by_session = hub.socket(None, Some(&cookie)).await;
        let events = hub.events(&secret).await;
        if erased {
            let erase = "mutation($id: ID!) { eraseAccount(input: {id: $id}) { erasedId } }";
            hub.run(erase, json!({ "id": hub.account })).await;
        } else {
            hub.update(json!({ "disabled": true })).await;
        }
        assert_eq!((by_token.end().await, by_session.end().await), (4403, 4403), "{erased}");
        assert!(rest(events).await.ends_with("event: complete\ndata:\n\n"));
    }
}
