//! Signing in and out with a browser: `POST /session` and `DELETE /session`.
//!
//! The session's secret lies in a cookie that no script can read and that no page of another site can
//! send along. What changes something is asked for besides: it must come from a page of the hub's own.

use axum::body::Body;
use axum::extract::{Request as HttpRequest, State};
use axum::http::header::{CACHE_CONTROL, HOST, HeaderValue, ORIGIN, REFERER};
use axum::http::{HeaderMap, HeaderName, Response, StatusCode};
use axum::response::IntoResponse;
use serde::Deserialize;

use super::client::Client;
use super::cookies::{self, Cookie};
use super::refusal::Refusal;
use super::{Gateway, asker, graphql, parameters};
use crate::domain::Secret;

/// Holds the session's secret.
pub(super) const COOKIE: Cookie = Cookie { name: "allmende_session", path: "/" };

/// What signs somebody in.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Credentials {
    email: String,
    password: String,
}

/// Begins a session; one that the browser had before ends.
pub(super) async fn begin(
    State(gateway): State<Gateway>,
    client: Client,
    headers: HeaderMap,
    request: HttpRequest,
) -> Result<Response<Body>, Refusal> {
    parameters::check_content_type(&headers)?;
    from_own_page(&headers)?;
    let body = graphql::body(&gateway, request).await?;
    let given: Credentials = serde_json::from_slice(&body)
        .map_err(|_| Refusal::Parameters("the body must be an object with email and password"))?;
    let cookie = sign_in(&gateway, client, &headers, &given.email, &given.password).await?;
    let mut answer = no_content();
    cookie.give(&mut answer);
    Ok(answer)
}

/// The cookie of a session that has begun.
pub(super) struct Begun {
    secret: Secret,
    secure: bool,
}

impl Begun {
    /// Sends it along with an answer.
    pub(super) fn give(&self, answer: &mut Response<Body>) {
        COOKIE.set(answer.headers_mut(), self.secret.reveal(), None, self.secure);
    }
}

/// Begins a session with an address and a password; one that the browser had before ends.
pub(super) async fn sign_in(
    gateway: &Gateway,
    client: Client,
    headers: &HeaderMap,
    email: &str,
    password: &str,
) -> Result<Begun, Refusal> {
    let begun = gateway.api.services().sign_in(email, password, client.address).await;
    let (_, secret) =
        begun.map_err(|error| Refusal::of_sign_in(&error, asker::language(headers)))?;
    if let Some(before) = secret_of(headers) {
        end_session(gateway, before).await?;
    }
    Ok(Begun { secret, secure: cookies::are_secure(gateway, client) })
}

/// Ends the session of the browser.
pub(super) async fn end(
    State(gateway): State<Gateway>,
    client: Client,
    headers: HeaderMap,
) -> Result<Response<Body>, Refusal> {
    from_own_page(&headers)?;
    let mut answer = no_content();
    sign_out(&gateway, client, &headers, &mut answer).await?;
    Ok(answer)
}

/// Ends the session of the browser, and takes its cookie away with an answer.
pub(super) async fn sign_out(
    gateway: &Gateway,
    client: Client,
    headers: &HeaderMap,
    answer: &mut Response<Body>,
) -> Result<(), Refusal> {
    if let Some(secret) = secret_of(headers) {
        end_session(gateway, secret).await?;
    }
    COOKIE.forget(answer.headers_mut(), cookies::are_secure(gateway, client));
    Ok(())
}

/// Ends the session with this secret.
pub(super) async fn end_session(gateway: &Gateway, secret: &str) -> Result<(), Refusal> {
    gateway.api.services().sign_out(secret).await.map_err(|error| {
        tracing::error!(%error, "a session could not be ended");
        Refusal::Internal
    })
}

/// The session's secret that a request brought.
pub(super) fn secret_of(headers: &HeaderMap) -> Option<&str> {
    COOKIE.of(headers)
}

/// Whether a request comes from a page of the hub's own, as browsers say it; programs say nothing.
pub(super) fn from_own_page(headers: &HeaderMap) -> Result<(), Refusal> {
    let said = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let site = said("sec-fetch-site").is_none_or(|site| matches!(site, "same-origin" | "none"));
    let host = said(HOST.as_str()).unwrap_or_default();
    let own = |origin: &str| origin.split_once("://").is_some_and(|(_, from)| from == host);
    let origin = said(ORIGIN.as_str()).is_none_or(own);
    if site && origin { Ok(()) } else { Err(Refusal::CrossSite) }
}

/// Whether a form comes from a page of the hub's own. Here somebody has to say so: a browser says where
/// a form was, and where it does not, the address of that page has to.
pub(super) fn from_own_form(headers: &HeaderMap) -> Result<(), Refusal> {
    from_own_page(headers)?;
    if headers.contains_key("sec-fetch-site") || headers.contains_key(ORIGIN) {
        return Ok(());
    }
    let said = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let page = said(&REFERER).and_then(|page| page.split_once("://"));
    let from = page.and_then(|(_, rest)| rest.split('/').next());
    let is_own = from.is_some_and(|from| said(&HOST) == Some(from));
    if is_own { Ok(()) } else { Err(Refusal::CrossSite) }
}

/// Whether somebody comes by a link, from wherever: the answer is shown to who followed it, and to
/// nobody else. So comes back who has signed in elsewhere. Forms of other sites name their origin.
pub(super) fn follows_a_link(headers: &HeaderMap) -> bool {
    let says = |name: &str, value: &str| headers.get(name).is_some_and(|it| it == value);
    says("sec-fetch-mode", "navigate")
        && says("sec-fetch-dest", "document")
        && !headers.contains_key(ORIGIN)
}

fn no_content() -> Response<Body> {
    (StatusCode::NO_CONTENT, [(CACHE_CONTROL, HeaderValue::from_static("no-store"))])
        .into_response()
}
