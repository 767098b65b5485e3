//! Signing in and out with a browser: `POST /session` and `DELETE /session`.
//!
//! The session's secret lies in a cookie that no script can read and that no page of another site can
//! send along. What changes something is asked for besides: it must come from a page of the hub's own.

use axum::body::Body;
use axum::extract::{Request as HttpRequest, State};
use axum::http::header::{CACHE_CONTROL, HOST, HeaderValue, ORIGIN};
use axum::http::{HeaderMap, Response, StatusCode};
use axum::response::IntoResponse;
use serde::Deserialize;

use super::client::Client;
use super::cookies::{self, Cookie};
use super::refusal::Refusal;
use super::{Gateway, asker, graphql, parameters};

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
    let services = gateway.api.services();
    let begun = services.sign_in(&given.email, &given.password, client.address).await;
    let (_, secret) =
        begun.map_err(|error| Refusal::of_sign_in(&error, asker::language(&headers)))?;
    if let Some(before) = secret_of(&headers) {
        end_session(&gateway, before).await?;
    }
    let mut answer = no_content();
    let secure = cookies::are_secure(&gateway, client);
    COOKIE.set(answer.headers_mut(), secret.reveal(), None, secure);
    Ok(answer)
}

/// Ends the session of the browser.
pub(super) async fn end(
    State(gateway): State<Gateway>,
    client: Client,
    headers: HeaderMap,
) -> Result<Response<Body>, Refusal> {
    from_own_page(&headers)?;
    if let Some(secret) = secret_of(&headers) {
        end_session(&gateway, secret).await?;
    }
    let mut answer = no_content();
    COOKIE.forget(answer.headers_mut(), cookies::are_secure(&gateway, client));
    Ok(answer)
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
