//! Signing in with an identity provider, which is a real one on a real port.

mod accounts;
mod attacks;
mod provider;

use std::collections::BTreeMap;
use std::net::SocketAddr;

use allmende::app::Around;
use allmende::domain::RoleMap;
use allmende::outbound::ProviderSettings;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::issuer::{CLIENT, Issuer, Key, Wrong};
use crate::support::test_app::Answer;

const WHO: &str = "{ viewer { accountId grants { role municipality { slug } } } }";

/// What the hub knows of a provider.
fn around(issuer: &str) -> Around {
    let lines =
        ["allmende-editor:* = editor@*", "kreis-lesen = reader@140000000001", "leitung = admin"];
    let rules = lines.iter().map(|line| line.parse().expect("a sound line")).collect();
    let provider = ProviderSettings {
        issuer: issuer.to_owned(),
        client_id: CLIENT.0.to_owned(),
        client_secret: Some(CLIENT.1.to_owned()),
        scopes: vec!["email".to_owned()],
        redirect: "https://hub.example.org/session/oidc/callback".to_owned(),
        roles: Some(RoleMap { claim: "realm_access.roles".to_owned(), rules }),
    };
    let public_url = Some("https://hub.example.org".parse().expect("an address"));
    Around { public_url, provider: Some(provider), ..Around::default() }
}

/// A hub with a provider, who says that somebody is an editor of `musterdorf`.
async fn hub() -> (TestApp, Issuer) {
    let issuer = Issuer::start(Key::Ed25519(1)).await;
    issuer.tell(|told| told.claims = claims(&["allmende-editor:musterdorf"]));
    (TestApp::start_around(around(&issuer.url)).await, issuer)
}

/// What the provider says of somebody with these roles.
fn claims(roles: &[&str]) -> Value {
    json!({
        "sub": "4711", "email": "Bauamt@Musterdorf.example.org", "email_verified": true,
        "realm_access": { "roles": roles },
    })
}

/// A browser with its cookies, somewhere on the network.
#[derive(Default)]
struct Browser {
    cookies: BTreeMap<String, String>,
    address: Option<SocketAddr>,
}

impl Browser {
    async fn get(&mut self, app: &TestApp, path: &str) -> Answer {
        let cookies: Vec<_> =
            self.cookies.iter().map(|(name, it)| format!("{name}={it}")).collect();
        let mut request =
            Request::get(path).header("cookie", cookies.join("; ")).header("accept-language", "en");
        if let Some(address) = self.address {
            request = request.extension(ConnectInfo(address));
        }
        let answer = app.send(request.body(Body::empty()).expect("a request")).await;
        for cookie in answer.headers.get_all("set-cookie") {
            let cookie = cookie.to_str().expect("text");
            let (pair, _) = cookie.split_once(';').expect("attributes");
            let (name, value) = pair.split_once('=').expect("a pair");
            if cookie.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    /// Goes to the provider and signs in there; gives the path that it is sent back to.
    async fn go(&mut self, app: &TestApp, issuer: &Issuer, path: &str) -> String {
        let answer = self.get(app, path).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        issuer.sign_in(answer.headers["location"].to_str().expect("text")).await
    }

    /// Signs in, all the way.
    async fn sign_in(&mut self, app: &TestApp, issuer: &Issuer) -> Answer {
        let back = self.go(app, issuer, "/session/oidc?return=/solutions%3Fq=1").await;
        self.get(app, &back).await
    }

    /// As whom the hub knows it.
    async fn viewer(&self, app: &TestApp) -> Value {
        let session = self.cookies.get("allmende_session");
        let cookie = session.map(|session| format!("allmende_session={session}"));
        app.run(cookie.as_deref(), WHO, json!({})).await["data"]["viewer"].clone()
    }
}

/// The code of a refusal.
fn code(answer: &Answer) -> (u16, String) {
    let code = answer.json()["errors"][0]["extensions"]["code"].as_str().map(str::to_owned);
    (answer.status.as_u16(), code.unwrap_or_else(|| panic!("{}", answer.text)))
}

#[tokio::test(flavor = "multi_thread")]
async fn who_signs_in_with_the_provider_has_the_roles_that_it_says() {
    let issuer = Issuer::start(Key::Rsa).await;
    let roles = ["allmende-editor:musterdorf", "kreis-lesen", "fremd", "allmende-editor:nirgends"];
    issuer.tell(|told| told.claims = claims(&roles));
    let app = TestApp::start_around(around(&issuer.url)).await;
    let mut browser = Browser::default();

    let begun = browser.get(&app, "/session/oidc?return=/solutions%3Fq=1").await;
    assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", begun.text);
    assert_eq!(begun.headers["cache-control"], "no-store");
    let cookie = begun.headers["set-cookie"].to_str().expect("text");
    assert!(
        cookie.ends_with("; Path=/session/oidc; HttpOnly; SameSite=Lax; Secure; Max-Age=600"),
        "{cookie}"
    );
    let back = issuer.sign_in(begun.headers["location"].to_str().expect("text")).await;
    let answer = browser.get(&app, &back).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(answer.headers["location"], "/solutions?q=1");
    let cookies: Vec<_> = answer.headers.get_all("set-cookie").iter().collect();
    assert!(cookies.iter().any(|cookie| {
        let cookie = cookie.to_str().expect("text");
        cookie.starts_with("allmende_session=alm_")
            && cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax; Secure")
    }));
    assert!(!browser.cookies.contains_key("allmende_sign_in"), "it is used up");

    let viewer = browser.viewer(&app).await;
    let editor = json!({ "role": "EDITOR", "municipality": { "slug": "musterdorf" } });
    let reader = json!({ "role": "READER", "municipality": { "slug": "musterdorf" } });
    assert_eq!(viewer["grants"], json!([reader, editor]), "{viewer}");
    let cookie = format!("allmende_session={}", browser.cookies["allmende_session"]);
    let draft = app.draft(&cookie, app.complete("musterdorf", "Vom Anmeldedienst").await).await;
    assert!(draft.starts_with("Solution:"));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_provider_there_is_nothing_to_sign_in_with() {
    let app = TestApp::start().await;
    for path in ["/session/oidc", "/session/oidc/callback?state=a&code=b"] {
        let answer = Browser::default().get(&app, path).await;
        assert_eq!(code(&answer), (404, "NOT_FOUND".to_owned()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_hub_says_in_the_readers_language_why_nobody_is_signed_in() {
    let (app, issuer) = hub().await;
    issuer.tell(|told| told.error = Some("access_denied".to_owned()));
    let mut browser = Browser::default();
    let answer = browser.sign_in(&app, &issuer).await;
    assert_eq!(code(&answer), (401, "UNAUTHENTICATED".to_owned()));
    assert!(answer.text.contains("The sign-in was given up."), "{}", answer.text);
    assert!(!answer.text.contains("nein"), "what a stranger wrote is not repeated");
    assert!(!browser.cookies.contains_key("allmende_sign_in"));

    let request = Request::get("/session/oidc/callback").body(Body::empty()).expect("a request");
    let answer = app.send(request).await;
    assert!(answer.text.contains("Bitte neu beginnen"), "{}", answer.text);
    for (error, expected) in [("temporarily_unavailable", 503), ("<script>", 401)] {
        issuer.tell(|told| told.error = Some(error.replace('<', "%3C").replace('>', "%3E")));
        assert_eq!(browser.sign_in(&app, &issuer).await.status.as_u16(), expected, "{error}");
    }
}
