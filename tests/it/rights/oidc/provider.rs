//! Providers that change their keys, are away, and say things in other places.

use tokio::net::TcpListener;

use super::*;
use crate::support::Hub;

#[tokio::test(flavor = "multi_thread")]
async fn a_new_key_is_looked_for_once_and_not_again_and_again() {
    let (app, issuer) = hub().await;
    let sign_in = async || Browser::default().sign_in(&app, &issuer).await.status.as_u16();
    let looks = || issuer.told.lock().expect("no panic").looks;
    assert_eq!((looks(), sign_in().await, looks()), (0, 303, 1));
    assert_eq!((sign_in().await, looks()), (303, 1), "what was fetched is kept");
    issuer.tell(|told| told.key = Key::Ed25519(2));
    assert_eq!((sign_in().await, looks()), (303, 2), "the key is new");
    assert_eq!((sign_in().await, looks()), (303, 2));
    issuer.tell(|told| told.key = Key::Ed25519(3));
    assert_eq!((sign_in().await, looks()), (401, 2), "too soon after the look before");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_starts_without_its_provider_and_signs_in_once_it_is_there() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("a port");
    drop(listener);
    let app = TestApp::start_around(around(&format!("http://{address}"))).await;
    let answer = Browser::default().get(&app, "/session/oidc").await;
    assert_eq!(code(&answer), (503, "UNAVAILABLE".to_owned()));
    assert!(answer.text.contains("cannot be reached"), "{}", answer.text);

    let listener = TcpListener::bind(address).await.expect("the port is free again");
    let issuer = Issuer::on(listener, Key::Ed25519(1));
    issuer.tell(|told| told.claims = claims(&["leitung"]));
    let there = async {
        while Browser::default().get(&app, "/session/oidc").await.status != StatusCode::SEE_OTHER {
            tokio::task::yield_now().await;
        }
    };
    let limit = std::time::Duration::from_secs(20);
    tokio::time::timeout(limit, there).await.expect("it is asked again");
    let mut browser = Browser::default();
    assert_eq!(browser.sign_in(&app, &issuer).await.status, StatusCode::SEE_OTHER);
    assert_eq!(browser.viewer(&app).await["grants"][0]["role"], "ADMIN");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_goes_away_in_between_is_no_reason_to_distrust_anybody() {
    let (app, issuer) = hub().await;
    let mut browser = Browser::default();
    let back = browser.go(&app, &issuer, "/session/oidc").await;
    drop(issuer);
    let answer = browser.get(&app, &back).await;
    assert_eq!(code(&answer), (503, "UNAVAILABLE".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_id_token_leaves_open_the_user_info_says() {
    let (app, issuer) = hub().await;
    issuer.tell(|told| {
        told.claims = json!({ "sub": "4711" });
        told.user_info = claims(&["allmende-editor:neustadt"]);
    });
    let mut browser = Browser::default();
    assert_eq!(browser.sign_in(&app, &issuer).await.status, StatusCode::SEE_OTHER);
    let viewer = browser.viewer(&app).await;
    assert_eq!(viewer["grants"][0]["municipality"]["slug"], "neustadt", "{viewer}");

    issuer.tell(|told| told.user_info["sub"] = json!("somebody else"));
    let answer = Browser::default().sign_in(&app, &issuer).await;
    assert_eq!(code(&answer), (401, "UNAUTHENTICATED".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_hub_signs_in_and_its_log_holds_nothing_that_others_could_use() {
    let issuer = Issuer::start(Key::Ed25519(1)).await;
    let now = allmende::app::system_clock().now().timestamp();
    issuer.tell(|told| {
        told.claims = claims(&["leitung"]);
        told.claims["exp"] = json!(now + 600);
    });
    let directory = tempfile::tempdir().expect("a directory");
    let settings = [
        "--log",
        "trace",
        "--public-url",
        "https://hub.example.org",
        "--oidc-issuer",
        &issuer.url,
        "--oidc-client-id",
        CLIENT.0,
        "--oidc-client-secret",
        CLIENT.1,
        "--oidc-roles-claim",
        "realm_access.roles",
        "--oidc-roles",
        "leitung = admin",
    ];
    let hub = Hub::start_with(directory.path(), &settings);
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    let client = client.build().expect("a client");
    let get = async |path: &str, cookie: &str| {
        let request = client.get(format!("{}{path}", hub.url)).header("cookie", cookie);
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status(), 303, "{path}");
        let text = |name: &str| {
            let values = answer.headers().get_all(name).iter();
            values.map(|value| value.to_str().expect("text").to_owned()).collect::<Vec<_>>()
        };
        let cookies = text("set-cookie");
        let cookies: Vec<_> =
            cookies.iter().filter_map(|it| Some(it.split_once(';')?.0.to_owned())).collect();
        (text("location").concat(), cookies.join("; "))
    };
    let (there, cookie) = get("/session/oidc", "").await;
    let back = issuer.sign_in(&there).await;
    let (path, session) = get(&back, &cookie).await;
    assert_eq!(path, "/");
    assert!(session.contains("allmende_session=alm_"), "{session}");
    assert_eq!(hub.terminate(), 0);

    let log = Hub::log(directory.path());
    assert!(log.contains("/session/oidc/callback"), "requests are logged");
    let secrets = session.split("; ").chain([&*cookie]).filter_map(|pair| pair.split_once('='));
    let secrets = secrets.map(|(_, secret)| secret).filter(|secret| !secret.is_empty());
    for secret in secrets.chain(["code-1", "zugang", CLIENT.1]) {
        assert!(!log.contains(secret), "{secret} is in the log");
    }
}
