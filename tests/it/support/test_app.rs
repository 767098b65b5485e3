//! A hub in memory with a few records, a clock and keys that are the same in every run.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use allmende::app::{App, Around, FilePlaces, Places, Silent, in_memory};
use allmende::domain::{Clock, Ids, Role, Viewer};
use allmende::http::{Limits, TrustedProxies, router};
use allmende::service::Seed;
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use chrono::{DateTime, TimeDelta};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use super::migrated::migrated;

/// The records that every test app holds.
const FIXTURE: &str = include_str!("fixture.toml");

/// A running hub without sockets.
pub struct TestApp {
    pub app: App,
    pub router: Router,
    /// Token of an editor of `musterdorf`.
    pub editor: String,
    /// Token of an editor of `neustadt`.
    pub neighbour: String,
    /// Token of a reader of `musterdorf`.
    pub reader: String,
}

/// An answer, read to its end.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }
}

/// A clock that goes on one second at each look, and keys that count up.
pub fn determined() -> (Clock, Ids) {
    let ticks = AtomicU64::new(0);
    let start = DateTime::from_timestamp(1_767_225_600, 0).expect("the first of January 2026");
    let clock = Clock::from_fn(move || {
        let tick = i64::try_from(ticks.fetch_add(1, Ordering::Relaxed)).expect("few ticks");
        start + TimeDelta::seconds(tick)
    });
    let counter = Arc::new(AtomicU64::new(1));
    let ids = Ids::from_fn(clock.clone(), move || {
        let mut bytes = [0; 20];
        bytes[12..].copy_from_slice(&counter.fetch_add(1, Ordering::Relaxed).to_be_bytes());
        bytes
    });
    (clock, ids)
}

/// A clock that stands at the first of January 2026 until a test puts it forward, by so many of these
/// spans; and ids that come from it.
pub fn put_forward(span: TimeDelta) -> (Clock, Ids, Arc<AtomicI64>) {
    let spans = Arc::new(AtomicI64::new(0));
    let later = spans.clone();
    let start = DateTime::from_timestamp(1_767_225_600, 0).expect("the first of January 2026");
    let clock = Clock::from_fn(move || {
        let spans = i32::try_from(later.load(Ordering::SeqCst)).expect("few spans");
        start + span * spans
    });
    let (_, ids) = determined();
    (clock, ids, spans)
}

/// Nothing outlives the test; files are read by the real program, which this binary is not.
pub fn places() -> Places {
    let usual = in_memory();
    let reader = Some(env!("CARGO_BIN_EXE_allmende").into());
    let files = FilePlaces { reader, ..usual.files.clone() };
    Places { database: migrated(), files, ..usual }
}

impl TestApp {
    pub async fn start() -> Self {
        Self::start_around(Around::default()).await
    }

    /// The same, with something around it.
    pub async fn start_around(around: Around) -> Self {
        let (clock, ids) = determined();
        Self::start_by(clock, ids, around).await
    }

    /// The same by another clock.
    pub async fn start_by(clock: Clock, ids: Ids, around: Around) -> Self {
        Self::start_with(Places { around, ..places() }, clock, ids).await
    }

    /// The same in other places, with a clock of the test's own.
    pub async fn start_with(places: Places, clock: Clock, ids: Ids) -> Self {
        let app = App::start(places, clock, ids, &mut Silent).await.expect("a hub");
        let mut seed = Seed::default();
        seed.read("fixture.toml", FIXTURE).expect("a sound fixture");
        app.services().import(seed, &mut Silent).await.expect("the fixture fits the rules");
        app.settle().await.expect("the database answers");
        let token = async |role, slug| {
            let made = app.services().create_token(&Viewer::Operator, role, Some(slug)).await;
            made.expect("a municipality of the fixture").reveal().to_owned()
        };
        let editor = token(Role::Editor, "musterdorf").await;
        let neighbour = token(Role::Editor, "neustadt").await;
        let reader = token(Role::Reader, "musterdorf").await;
        Self { editor, neighbour, reader, ..Self::around(app) }
    }

    /// A further token.
    pub async fn token(&self, role: Role, slug: &str) -> String {
        let made = self.app.services().create_token(&Viewer::Operator, role, Some(slug)).await;
        made.expect("a municipality of the fixture").reveal().to_owned()
    }

    /// The same around a hub that the test has filled itself; there are no tokens then.
    pub fn around(app: App) -> Self {
        let (limits, proxies) = (Limits::default(), TrustedProxies::default());
        let router = router(app.api().clone(), limits, proxies, CancellationToken::new());
        Self { app, router, editor: String::new(), neighbour: String::new(), reader: String::new() }
    }

    /// Sends a request through the router, in a task of its own with a fresh stack, as a server
    /// does: unoptimised, the executors of GraphQL and of the database nest deeply.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = tokio::spawn(self.router.clone().oneshot(request));
        let response = response.await.expect("no panic").expect("a router never fails");
        let (parts, body) = response.into_parts();
        let body = body.collect().await.expect("a whole body").to_bytes();
        let text = String::from_utf8(body.to_vec()).expect("text");
        Answer { status: parts.status, headers: parts.headers, text }
    }

    /// Runs a document as somebody, and gives the whole answer.
    pub async fn run(&self, token: Option<&str>, query: &str, variables: Value) -> Value {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let mut request = Request::post("/graphql")
            .header("content-type", "application/json")
            .header("accept", "application/graphql-response+json")
            .header("accept-language", "en");
        match token {
            Some(cookie) if cookie.contains('=') => request = request.header("cookie", cookie),
            Some(token) => request = request.header("authorization", format!("Bearer {token}")),
            None => {}
        }
        self.send(request.body(Body::from(body)).expect("a request")).await.json()
    }

    /// Signs in as a browser does, and gives the cookie, which [`Self::run`] takes in a token's place.
    pub async fn sign_in(&self, email: &str, password: &str) -> String {
        let body = json!({ "email": email, "password": password }).to_string();
        let request = Request::post("/session").header("content-type", "application/json");
        let answer = self.send(request.body(Body::from(body)).expect("a request")).await;
        let cookie = answer.headers.get("set-cookie").unwrap_or_else(|| panic!("{}", answer.text));
        cookie.to_str().expect("text").split(';').next().expect("a pair").to_owned()
    }

    /// Runs a document without a token.
    pub async fn query(&self, query: &str) -> Value {
        self.run(None, query, json!({})).await
    }

    /// Runs a document as the editor of `musterdorf`.
    pub async fn edit(&self, query: &str, variables: Value) -> Value {
        self.run(Some(&self.editor), query, variables).await
    }

    /// The id of a municipality of the fixture.
    pub async fn municipality(&self, slug: &str) -> String {
        let answer =
            self.query(&format!("{{ municipality(by: {{slug: \"{slug}\"}}) {{ id }} }}")).await;
        answer["data"]["municipality"]["id"]
            .as_str()
            .expect("a municipality of the fixture")
            .to_owned()
    }

    /// The id of a solution of the fixture.
    pub async fn solution(&self, key: &str) -> String {
        let answer =
            self.query(&format!("{{ solution(by: {{externalKey: \"{key}\"}}) {{ id }} }}")).await;
        answer["data"]["solution"]["id"].as_str().expect("a solution of the fixture").to_owned()
    }

    /// Waits until the index has taken in everything.
    pub async fn settle(&self) {
        self.app.settle().await.expect("the database answers");
    }
}
