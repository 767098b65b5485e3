//! Pages of those who write and review: signing in, forms that lose nothing, the way of two people.

mod entries;
mod review;
mod sign_in;
mod writing;

use axum::body::Body;
use axum::http::Request;
use url::form_urlencoded::Serializer;

use crate::support::TestApp;
use crate::support::test_app::Answer;

const HOST: &str = "hub.example.org";
const ORIGIN: &str = "https://hub.example.org";
/// What somebody may write anywhere.
pub const EVIL: &str = "<script>alert(1)</script>\" onmouseover=\"x \u{202e}rtl مرحبا";

/// How a browser is known: by a cookie, or here also by a token.
fn known(request: axum::http::request::Builder, who: &str) -> axum::http::request::Builder {
    match who {
        "" => request,
        cookie if cookie.contains('=') => request.header("cookie", cookie),
        token => request.header("authorization", format!("Bearer {token}")),
    }
}

pub async fn read(app: &TestApp, who: &str, path: &str) -> Answer {
    let request = known(Request::get(path), who).header("accept", "text/html");
    app.send(request.body(Body::empty()).expect("a request")).await
}

fn written(pairs: &[(&str, &str)]) -> String {
    Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// A form as a browser sends it, with these headers besides.
async fn send_with(
    app: &TestApp,
    who: &str,
    path: &str,
    pairs: &[(&str, &str)],
    headers: &[(&str, &str)],
) -> Answer {
    let mut request = known(Request::post(path), who)
        .header("host", HOST)
        .header("content-type", "application/x-www-form-urlencoded");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    app.send(request.body(Body::from(written(pairs))).expect("a request")).await
}

pub async fn send(app: &TestApp, who: &str, path: &str, pairs: &[(&str, &str)]) -> Answer {
    send_with(app, who, path, pairs, &[("origin", ORIGIN), ("accept", "text/html")]).await
}

/// Where an answer leads.
pub fn led(answer: &Answer) -> String {
    let to = answer.headers.get("location").unwrap_or_else(|| panic!("{}", answer.text));
    to.to_str().expect("text").to_owned()
}

/// What a solution needs to be handed over, as it is typed.
async fn complete(app: &TestApp, slug: &str) -> Vec<(&'static str, String)> {
    let complete = app.complete(slug, "Rufbus").await;
    let id = |field: &str| complete[field][0].as_str().expect("an id").to_owned();
    vec![
        ("title", "Rufbus".to_owned()),
        ("municipalities[]", id("municipalities")),
        ("teaser", "Ein Satz.".to_owned()),
        ("topics[]", "Topic:mobility".to_owned()),
        ("problem", "Es fehlt an allem.".to_owned()),
        ("approach", "Alle packen an.".to_owned()),
        ("status", "RUNNING".to_owned()),
        ("contacts[]", id("contacts")),
        ("language", "de".to_owned()),
    ]
}

fn lent<'a>(pairs: &'a [(&'static str, String)]) -> Vec<(&'static str, &'a str)> {
    pairs.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

/// The revision that a form was written on.
pub fn revision(page: &Answer) -> String {
    let (_, rest) = page.text.split_once("name=\"expectedRevision\" value=\"").expect("a form");
    rest.split('"').next().expect("a number").to_owned()
}

/// Makes a complete draft, and gives the path of its page.
async fn draft(app: &TestApp, who: &str, slug: &str) -> String {
    let pairs = complete(app, slug).await;
    let made = send(app, who, "/work/solutions/new", &lent(&pairs)).await;
    assert_eq!(made.status, 303, "{}", made.text);
    led(&made).split('?').next().expect("a path").to_owned()
}

pub fn path_of(address: &str) -> &str {
    address.split('?').next().expect("a path")
}
