//! A small identity provider on a real port, which really signs. It speaks what the hub needs of
//! OpenID Connect and, if told to, says what no provider should.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::extract::{Form, Query, State};
use axum::http::header::{AUTHORIZATION, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use openidconnect::core::{
    CoreEdDsaPrivateSigningKey, CoreJwsSigningAlgorithm, CoreRsaPrivateSigningKey,
};
use openidconnect::{JsonWebKeyId, PrivateSigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// What the hub is called there, and its secret.
pub const CLIENT: (&str, &str) = ("allmende", "ein Geheimnis = 42 %");
/// When tokens are issued: the clock of `TestApp` begins there.
const NOW: i64 = 1_767_225_600;
/// A key that signs nothing but the tokens of tests.
const RSA: &str = include_str!("issuer_rsa.pem");

/// What a key signs with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Key {
    /// RS256.
    Rsa,
    /// EdDSA, with a key made of this number.
    Ed25519(u8),
}

/// What is wrong with the tokens.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Wrong {
    Nothing,
    Nonce,
    Audience,
    FurtherAudience,
    Issuer,
    Expired,
    Key,
    Unsigned,
    SharedSecret,
    NoToken,
}

/// What the provider is told to be.
pub struct Told {
    /// What it signs with, and says that it does.
    pub key: Key,
    /// What is wrong.
    pub wrong: Wrong,
    /// What the ID token says of who signs in.
    pub claims: Value,
    /// What only the user info says.
    pub user_info: Value,
    /// The error with which it sends browsers back.
    pub error: Option<String>,
    /// How often somebody fetched its keys.
    pub looks: usize,
    codes: HashMap<String, HashMap<String, String>>,
    count: usize,
}

/// A running provider. It ends with its value.
pub struct Issuer {
    /// Its address.
    pub url: String,
    pub told: Arc<Mutex<Told>>,
    task: JoinHandle<()>,
}

impl Drop for Issuer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

#[derive(Clone)]
struct Shared {
    url: String,
    told: Arc<Mutex<Told>>,
}

impl Issuer {
    pub async fn start(key: Key) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        Self::on(listener, key)
    }

    /// A provider at a port that was chosen before.
    pub fn on(listener: TcpListener, key: Key) -> Self {
        let url = format!("http://{}", listener.local_addr().expect("a port"));
        let told = Told {
            key,
            wrong: Wrong::Nothing,
            claims: json!({ "sub": "4711" }),
            user_info: json!({ "sub": "4711" }),
            error: None,
            looks: 0,
            codes: HashMap::new(),
            count: 0,
        };
        let told = Arc::new(Mutex::new(told));
        let shared = Shared { url: url.clone(), told: Arc::clone(&told) };
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/keys", get(keys))
            .route("/authorize", get(authorize))
            .route("/token", post(token))
            .route("/userinfo", get(user_info))
            .with_state(shared);
        let task = tokio::spawn(async move {
            axum::serve(listener, router).await.expect("it serves");
        });
        Self { url, told, task }
    }

    /// Tells the provider what to be.
    pub fn tell(&self, change: impl FnOnce(&mut Told)) {
        change(&mut self.told.lock().expect("no test panicked in here"));
    }

    /// Signs in as a browser does that was sent here; gives the path that it is sent back to.
    pub async fn sign_in(&self, address: &str) -> String {
        assert!(address.starts_with(&format!("{}/authorize?", self.url)), "{address}");
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        let answer = client.build().expect("a client").get(address).send().await;
        let answer = answer.expect("it answers");
        assert_eq!(answer.status(), 303, "{address}");
        let back = answer.headers()[LOCATION].to_str().expect("text");
        back.strip_prefix("https://hub.example.org").expect("the hub").to_owned()
    }
}

async fn discovery(State(Shared { url, .. }): State<Shared>) -> Json<Value> {
    Json(json!({
        "issuer": url,
        "authorization_endpoint": format!("{url}/authorize"),
        "token_endpoint": format!("{url}/token"),
        "userinfo_endpoint": format!("{url}/userinfo"),
        "jwks_uri": format!("{url}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        // Also what must not be believed, whatever a provider says.
        "id_token_signing_alg_values_supported": ["RS256", "EdDSA", "HS256", "none"],
    }))
}

async fn keys(State(Shared { told, .. }): State<Shared>) -> Json<Value> {
    let mut told = told.lock().expect("no panic");
    told.looks += 1;
    Json(json!({ "keys": [told.key.public()] }))
}

async fn authorize(
    State(Shared { told, url }): State<Shared>,
    Query(asked): Query<HashMap<String, String>>,
) -> Response {
    let asks = |name: &str, value: &str| asked.get(name).is_some_and(|given| given == value);
    let scopes = asked.get("scope").map(String::as_str).unwrap_or_default();
    let sound = asks("response_type", "code")
        && asks("client_id", CLIENT.0)
        && asks("redirect_uri", "https://hub.example.org/session/oidc/callback")
        && asks("code_challenge_method", "S256")
        && asked.get("nonce").is_some_and(|nonce| nonce.len() >= 32)
        && scopes.split(' ').any(|scope| scope == "openid");
    if !sound {
        return StatusCode::BAD_REQUEST.into_response();
    }
    let mut told = told.lock().expect("no panic");
    let answer = match &told.error {
        Some(error) => format!("error={error}&error_description=nein"),
        None => {
            told.count += 1;
            let code = format!("code-{}", told.count);
            told.codes.insert(code.clone(), asked.clone());
            format!("code={code}")
        }
    };
    let back = format!("{}?{answer}&state={}&iss={url}", asked["redirect_uri"], asked["state"]);
    (StatusCode::SEE_OTHER, [(LOCATION, back)]).into_response()
}

async fn token(
    State(Shared { told, url }): State<Shared>,
    headers: HeaderMap,
    Form(given): Form<HashMap<String, String>>,
) -> Response {
    let mut told = told.lock().expect("no panic");
    let refused = || (StatusCode::BAD_REQUEST, Json(json!({ "error": "invalid_grant" })));
    // A code is good for one time.
    let Some(asked) = told.codes.remove(&given["code"]) else { return refused().into_response() };
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(given["code_verifier"].as_bytes()));
    let encoded: String = url::form_urlencoded::byte_serialize(CLIENT.1.as_bytes()).collect();
    let basic = format!("Basic {}", STANDARD.encode(format!("{}:{encoded}", CLIENT.0)));
    let sound = given["grant_type"] == "authorization_code"
        && given["redirect_uri"] == asked["redirect_uri"]
        && challenge == asked["code_challenge"]
        && headers.get(AUTHORIZATION).is_some_and(|given| *given == *basic);
    if !sound {
        return refused().into_response();
    }
    let mut answer = json!({ "access_token": "zugang", "token_type": "Bearer", "expires_in": 60 });
    if told.wrong != Wrong::NoToken {
        answer["id_token"] = json!(told.token(&url, &asked["nonce"]));
    }
    Json(answer).into_response()
}

async fn user_info(State(Shared { told, .. }): State<Shared>, headers: HeaderMap) -> Response {
    if headers.get(AUTHORIZATION).is_none_or(|given| given != "Bearer zugang") {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    Json(told.lock().expect("no panic").user_info.clone()).into_response()
}

impl Told {
    /// An ID token for who signs in.
    fn token(&self, url: &str, nonce: &str) -> String {
        let mut claims = json!({
            "iss": url, "aud": CLIENT.0, "nonce": nonce, "iat": NOW, "exp": NOW + 86_400,
        });
        for (name, claim) in self.claims.as_object().expect("an object") {
            claims[name] = claim.clone();
        }
        match self.wrong {
            Wrong::Nonce => claims["nonce"] = json!("another one"),
            Wrong::Audience => claims["aud"] = json!("another client"),
            Wrong::FurtherAudience => claims["aud"] = json!([CLIENT.0, "another client"]),
            Wrong::Issuer => claims["iss"] = json!("https://boese.example.org"),
            Wrong::Expired => claims["exp"] = json!(NOW - 1),
            _ => {}
        }
        let key = if self.wrong == Wrong::Key { Key::Ed25519(99) } else { self.key };
        let algorithm = match self.wrong {
            Wrong::Unsigned => "none",
            Wrong::SharedSecret => "HS256",
            _ => key.algorithm(),
        };
        let header = json!({ "alg": algorithm, "typ": "JWT", "kid": self.key.name() });
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(&header), part(&claims));
        let signature = match self.wrong {
            Wrong::Unsigned => Vec::new(),
            Wrong::SharedSecret => shared(&signed),
            _ => key.sign(signed.as_bytes()),
        };
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

/// A signature with the client's secret, which the hub itself could have made.
fn shared(signed: &str) -> Vec<u8> {
    use hmac::{Hmac, Mac};
    let mut mac = Hmac::<Sha256>::new_from_slice(CLIENT.1.as_bytes()).expect("any length");
    mac.update(signed.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

impl Key {
    fn name(self) -> String {
        match self {
            Self::Rsa => "rsa".to_owned(),
            Self::Ed25519(number) => format!("ed25519-{number}"),
        }
    }

    const fn algorithm(self) -> &'static str {
        match self {
            Self::Rsa => "RS256",
            Self::Ed25519(_) => "EdDSA",
        }
    }

    fn id(self) -> Option<JsonWebKeyId> {
        Some(JsonWebKeyId::new(self.name()))
    }

    fn rsa(self) -> CoreRsaPrivateSigningKey {
        CoreRsaPrivateSigningKey::from_pem(RSA, self.id()).expect("a key")
    }

    fn ed25519(self, number: u8) -> CoreEdDsaPrivateSigningKey {
        // A key of this kind is any 32 bytes, behind what says that it is one.
        let mut der = vec![0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
        der.extend([number; 32]);
        let body = STANDARD.encode(der);
        let pem = format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n");
        CoreEdDsaPrivateSigningKey::from_ed25519_pem(&pem, self.id()).expect("a key")
    }

    fn public(self) -> Value {
        let key = match self {
            Self::Rsa => self.rsa().as_verification_key(),
            Self::Ed25519(number) => self.ed25519(number).as_verification_key(),
        };
        serde_json::to_value(key).expect("JSON")
    }

    fn sign(self, message: &[u8]) -> Vec<u8> {
        let signature = match self {
            Self::Rsa => self.rsa().sign(&CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256, message),
            Self::Ed25519(number) => {
                self.ed25519(number).sign(&CoreJwsSigningAlgorithm::EdDsa, message)
            }
        };
        signature.expect("it signs")
    }
}
