//! Signing in with a browser, and what its cookie is good for.

use std::net::SocketAddr;
use std::time::Duration;

use allmende::domain::Role;
use allmende::http::{Limits, TrustedProxies, router};
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode};
use futures_util::future::join_all;
use futures_util::stream;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::support::TestApp;

const PASSWORD: &str = "ein langes Kennwort";
const CREATE: &str = "mutation($input: CreateAccountInput!) {
    createAccount(input: $input) { account { id grants { role } } userErrors { code path } }
}";

async fn sign_up(app: &TestApp) -> String {
    let admin = app.token(Role::Admin, "musterdorf").await;
    let input = json!({
        "email": "Bauamt@Musterdorf.example.org", "password": PASSWORD,
        "grants": [{ "role": "EDITOR", "municipality": app.municipality("musterdorf").await }],
    });
    let answer = app.run(Some(&admin), CREATE, json!({ "input": input })).await;
    let account = &answer["data"]["createAccount"]["account"];
    account["id"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
}

fn sign_in() -> axum::http::request::Builder {
    Request::post("/session")
        .header("content-type", "application/json")
        .header("host", "hub.example.org")
}

fn credentials(password: &str) -> Body {
    Body::from(
        json!({ "email": "bauamt@musterdorf.example.org", "password": password }).to_string(),
    )
}

const WHO: &str = "{ viewer { accountId grants { role municipality { slug } } } }";

#[tokio::test(flavor = "multi_thread")]
async fn who_never_ends_a_sentence_is_not_waited_for() {
    let app = TestApp::start().await;
    let limits = Limits { request: Duration::from_millis(100), ..Limits::default() };
    let (proxies, end) = (TrustedProxies::default(), CancellationToken::new());
    let app = TestApp { router: router(app.app.api().clone(), limits, proxies, end), ..app };
    let body = stream::pending::<Result<&str, std::convert::Infallible>>();
    let request = sign_in().body(Body::from_stream(body)).expect("a request");
    let answer = tokio::time::timeout(Duration::from_secs(30), app.send(request)).await;
    assert_eq!(answer.expect("an answer in time").status, StatusCode::REQUEST_TIMEOUT);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_begins_with_the_password_and_ends_when_asked() {
    let app = TestApp::start().await;
    let account = sign_up(&app).await;
    let answer = app.send(sign_in().body(credentials(PASSWORD)).expect("a request")).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text);
    let cookie = answer.headers["set-cookie"].to_str().expect("text").to_owned();
    assert!(cookie.contains("; HttpOnly; SameSite=Lax"), "{cookie}");
    let cookie = cookie.split(';').next().expect("a pair").to_owned();
    let viewer = app.run(Some(&cookie), WHO, json!({})).await["data"]["viewer"].clone();
    assert_eq!(viewer["accountId"], json!(account));
    assert_eq!(viewer["grants"][0]["municipality"]["slug"], "musterdorf");

    let end = Request::delete("/session").header("cookie", &cookie);
    let ended = app.send(end.body(Body::empty()).expect("a request")).await;
    assert_eq!(ended.status, StatusCode::NO_CONTENT);
    let viewer = app.run(Some(&cookie), WHO, json!({})).await["data"]["viewer"].clone();
    assert_eq!(viewer, Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_and_an_unknown_address_look_alike_and_are_not_tried_for_ever() {
    let app = TestApp::start().await;
    sign_up(&app).await;
    let wrong = async |email: &str| {
        let body = json!({ "email": email, "password": "falsch geraten" }).to_string();
        app.send(sign_in().body(Body::from(body)).expect("a request")).await
    };
    let (known, unknown) =
        (wrong("bauamt@musterdorf.example.org").await, wrong("niemand@example.org").await);
    assert_eq!((known.status, &known.text), (unknown.status, &unknown.text));
    assert_eq!(known.status, StatusCode::UNAUTHORIZED);
    for _ in 0..4 {
        wrong("bauamt@musterdorf.example.org").await;
    }
    let late = app.send(sign_in().body(credentials(PASSWORD)).expect("a request")).await;
    assert_eq!(late.status, StatusCode::TOO_MANY_REQUESTS, "even the right one has to wait");
    assert!(late.headers.contains_key("retry-after"));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_guesses_twenty_times_at_once_has_guessed_five_times() {
    let app = TestApp::start().await;
    sign_up(&app).await;
    let guess = async || {
        let request = sign_in().body(credentials("falsch geraten")).expect("a request");
        app.send(request).await.status
    };
    let all = join_all((0..20).map(|_| guess())).await;
    let count = |wanted| all.iter().filter(|status| **status == wanted).count();
    assert_eq!(count(StatusCode::UNAUTHORIZED), 5, "{all:?}");
    assert_eq!(count(StatusCode::TOO_MANY_REQUESTS), 15, "{all:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_knows_the_password_may_sign_in_as_often_as_needed() {
    let app = TestApp::start().await;
    sign_up(&app).await;
    for _ in 0..6 {
        app.sign_in("bauamt@musterdorf.example.org", PASSWORD).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_page_of_another_site_can_use_a_session() {
    let app = TestApp::start().await;
    sign_up(&app).await;
    let cookie = app.sign_in("bauamt@musterdorf.example.org", PASSWORD).await;
    for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://boese.example.org")]
    {
        let body = json!({ "query": WHO }).to_string();
        let request = Request::post("/graphql")
            .header("content-type", "application/json")
            .header("host", "hub.example.org")
            .header("cookie", &cookie)
            .header(name, value);
        let answer = app.send(request.body(Body::from(body)).expect("a request")).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{name}: {}", answer.text);
        let begun = sign_in().header(name, value).body(credentials(PASSWORD));
        assert_eq!(app.send(begun.expect("a request")).await.status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_are_for_admins_and_their_passwords_for_nobody() {
    let app = TestApp::start().await;
    sign_up(&app).await;
    let moderator = app.token(Role::Moderator, "musterdorf").await;
    for token in [&app.editor, &app.reader, &moderator] {
        let answer = app.run(Some(token), "{ accounts { id } }", json!({})).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN");
    }
    let admin = app.token(Role::Admin, "musterdorf").await;
    let question = "{ accounts { email hasPassword disabled } }";
    let answer = app.run(Some(&admin), question, json!({})).await;
    let expected = json!([{
        "email": "bauamt@musterdorf.example.org", "hasPassword": true, "disabled": false,
    }]);
    assert_eq!(answer["data"]["accounts"], expected);
    let short = json!({ "email": "a@example.org", "password": "zu kurz", "grants": [] });
    let answer = app.run(Some(&admin), CREATE, json!({ "input": short })).await;
    assert_eq!(answer["data"]["createAccount"]["userErrors"][0]["path"], json!(["password"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_does_what_its_maker_may_until_it_is_revoked() {
    let app = TestApp::start().await;
    sign_up(&app).await;
    let cookie = app.sign_in("bauamt@musterdorf.example.org", PASSWORD).await;
    let create = "mutation($grant: GrantInput!) {
        createAccessToken(input: {name: \"Webseite\", grant: $grant}) {
            accessToken { id } secret userErrors { code path }
        }
    }";
    let own = app.municipality("musterdorf").await;
    let foreign = app.municipality("neustadt").await;
    for grant in [
        json!({ "role": "EDITOR", "municipality": foreign }),
        json!({ "role": "APPROVER", "municipality": own }),
        json!({ "role": "ADMIN" }),
    ] {
        let answer = app.run(Some(&cookie), create, json!({ "grant": grant })).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{grant}");
    }
    let grant = json!({ "role": "EDITOR", "municipality": own });
    let answer = app.run(Some(&cookie), create, json!({ "grant": grant })).await;
    let made = &answer["data"]["createAccessToken"];
    let secret = made["secret"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned();
    let id = app.draft(&secret, app.complete("musterdorf", "Von der Webseite").await).await;
    assert!(id.starts_with("Solution:"));
    let revoke = "mutation($id: ID!) {
        revokeAccessToken(input: {id: $id}) { accessToken { revokedAt } userErrors { code } }
    }";
    let other =
        app.run(Some(&app.editor), revoke, json!({ "id": made["accessToken"]["id"] })).await;
    assert_eq!(other["data"]["revokeAccessToken"]["userErrors"][0]["code"], "NOT_FOUND");
    app.run(Some(&cookie), revoke, json!({ "id": made["accessToken"]["id"] })).await;
    let answer = app.run(Some(&secret), WHO, json!({})).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_makes_no_tokens_and_knows_of_no_other_one() {
    let app = TestApp::start().await;
    sign_up(&app).await;
    let cookie = app.sign_in("bauamt@musterdorf.example.org", PASSWORD).await;
    let input = json!({ "name": "Anzeige", "grant": { "role": "READER" } });
    let make = async |who: &str| {
        let create = "mutation($input: CreateAccessTokenInput!) {
            createAccessToken(input: $input) { accessToken { id } secret }
        }";
        app.run(Some(who), create, json!({ "input": input })).await
    };
    let (one, other) = (make(&cookie).await, make(&cookie).await);
    let id = |made: &Value| made["data"]["createAccessToken"]["accessToken"]["id"].clone();
    let secret = one["data"]["createAccessToken"]["secret"].as_str();
    let secret = secret.unwrap_or_else(|| panic!("{one}"));
    let seen = async |who: &str| {
        let question = "{ viewer { accessTokens { id } } }";
        let answer = app.run(Some(who), question, json!({})).await;
        answer["data"]["viewer"]["accessTokens"].clone()
    };
    assert_eq!(seen(&cookie).await.as_array().map(Vec::len), Some(2));
    assert_eq!(seen(secret).await, json!([{ "id": id(&one) }]));

    let copy = make(secret).await;
    assert_eq!(copy["errors"][0]["extensions"]["code"], "FORBIDDEN", "{copy}");
    let revoke = async |id: Value| {
        let revoke = "mutation($id: ID!) {
            revokeAccessToken(input: {id: $id}) { accessToken { revokedAt } userErrors { code } }
        }";
        let answer = app.run(Some(secret), revoke, json!({ "id": id })).await;
        answer["data"]["revokeAccessToken"].clone()
    };
    assert_eq!(revoke(id(&other)).await["userErrors"][0]["code"], "NOT_FOUND");
    assert!(revoke(id(&one)).await["accessToken"]["revokedAt"].is_string());
    assert_eq!(seen(&cookie).await.as_array().map(Vec::len), Some(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cookie_is_for_tls_only_if_a_trusted_proxy_says_that_it_is_spoken() {
    let app = TestApp::start().await;
    sign_up(&app).await;
    let cookie = async |peer: [u8; 4], said: &str| {
        let request = sign_in()
            .header("x-forwarded-proto", said)
            .extension(ConnectInfo(SocketAddr::from((peer, 4711))));
        let answer = app.send(request.body(credentials(PASSWORD)).expect("a request")).await;
        answer.headers["set-cookie"].to_str().expect("text").to_owned()
    };
    // Only this machine is trusted, unless the operator says something else.
    assert!(cookie([127, 0, 0, 1], "https").await.ends_with("; Secure"));
    assert!(!cookie([127, 0, 0, 1], "http").await.contains("Secure"));
    assert!(!cookie([192, 0, 2, 1], "https").await.contains("Secure"));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_guesses_for_many_addresses_has_to_wait_wherever_the_guesses_seem_to_come_from() {
    let app = TestApp::start().await;
    sign_up(&app).await;
    let guess = async |peer: [u8; 4], client: &str, email: String| {
        let body = json!({ "email": email, "password": "falsch geraten" }).to_string();
        let request = sign_in()
            .header("x-forwarded-for", client)
            .extension(ConnectInfo(SocketAddr::from((peer, 4711))));
        app.send(request.body(Body::from(body)).expect("a request")).await.status
    };
    for number in 0..50 {
        let email = format!("niemand{number}@example.org");
        // Somebody far away makes places up; they count as one.
        let made_up = format!("198.51.100.{number}");
        assert_eq!(guess([192, 0, 2, 1], &made_up, email).await, StatusCode::UNAUTHORIZED);
    }
    let email = || "niemand@example.org".to_owned();
    let waits = guess([192, 0, 2, 1], "198.51.100.99", email()).await;
    assert_eq!(waits, StatusCode::TOO_MANY_REQUESTS);
    // Behind the proxy of this machine everybody counts alone.
    let other = guess([127, 0, 0, 1], "198.51.100.1", email()).await;
    assert_eq!(other, StatusCode::UNAUTHORIZED);
    let same = guess([127, 0, 0, 1], "192.0.2.1", email()).await;
    assert_eq!(same, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_signed_in_changes_the_own_password_and_nobody_else_does() {
    let app = TestApp::start().await;
    sign_up(&app).await;
    let address = "bauamt@musterdorf.example.org";
    let cookie = app.sign_in(address, PASSWORD).await;
    let change = async |token: Option<&str>, present: &str, new: &str| {
        let input = json!({ "currentPassword": present, "newPassword": new });
        app.refused(token, "changePassword", input).await
    };
    let new = "ein anderes Kennwort";
    assert_eq!(change(None, PASSWORD, new).await, "UNAUTHENTICATED");
    assert_eq!(change(Some(&app.editor), PASSWORD, new).await, "FORBIDDEN");
    assert_eq!(change(Some(&cookie), new, new).await, "NOT_ALLOWED currentPassword");
    assert_eq!(change(Some(&cookie), PASSWORD, "kurz").await, "NOT_ALLOWED newPassword");
    assert_eq!(change(Some(&cookie), PASSWORD, new).await, "");
    let viewer = app.run(Some(&cookie), WHO, json!({})).await["data"]["viewer"].clone();
    assert_eq!(viewer, Value::Null, "signed out everywhere");
    let old = app.send(sign_in().body(credentials(PASSWORD)).expect("a request")).await;
    assert_eq!(old.status, StatusCode::UNAUTHORIZED);
    let cookie = app.sign_in(address, new).await;
    // A desk that was left open is no place to guess.
    for _ in 0..5 {
        assert_eq!(change(Some(&cookie), "geraten", new).await, "NOT_ALLOWED currentPassword");
    }
    assert_eq!(change(Some(&cookie), new, PASSWORD).await, "TOO_OFTEN currentPassword");
}
