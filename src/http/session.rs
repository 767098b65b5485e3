//! Signing in and out with a browser: `POST /session` and `DELETE /session`.
//!
//! The session's secret lies in a cookie that no script can read and that no page of another site can
//! send along. What changes something is asked for besides: it must come from a page of the hub's own.

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, COOKIE, HOST, HeaderValue, ORIGIN, SET_COOKIE};
use axum::http::{HeaderMap, Response, StatusCode};
use axum::response::IntoResponse;
use serde::Deserialize;

use super::refusal::Refusal;
use super::{Gateway, asker, parameters};

/// The name of the cookie.
const COOKIE_NAME: &str = "allmende_session";

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
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response<Body>, Refusal> {
    parameters::check_content_type(&headers)?;
    from_own_page(&headers)?;
    let given: Credentials = serde_json::from_slice(&body)
        .map_err(|_| Refusal::Parameters("the body must be an object with email and password"))?;
    let services = gateway.api.services();
    let begun = services.sign_in(&given.email, &given.password).await;
    let (_, secret) =
        begun.map_err(|error| Refusal::of_sign_in(&error, asker::language(&headers)))?;
    if let Some(before) = secret_of(&headers) {
        end_session(&gateway, before).await?;
    }
    Ok(with_cookie(secret.reveal(), &headers, ""))
}

/// Ends the session of the browser.
pub(super) async fn end(
    State(gateway): State<Gateway>,
    headers: HeaderMap,
) -> Result<Response<Body>, Refusal> {
    from_own_page(&headers)?;
    if let Some(secret) = secret_of(&headers) {
        end_session(&gateway, secret).await?;
    }
    Ok(with_cookie("", &headers, "; Max-Age=0"))
}

async fn end_session(gateway: &Gateway, secret: &str) -> Result<(), Refusal> {
    gateway.api.services().sign_out(secret).await.map_err(|error| {
        tracing::error!(%error, "a session could not be ended");
        Refusal::Internal
    })
}

/// The session's secret that a request brought.
pub(super) fn secret_of(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|cookies| cookies.split(';')).map(str::trim);
    pairs.find_map(|pair| pair.strip_prefix(COOKIE_NAME)?.strip_prefix('='))
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

/// An answer that sets the cookie. Behind a proxy that speaks TLS it is for TLS only.
fn with_cookie(value: &str, headers: &HeaderMap, end: &str) -> Response<Body> {
    let forwarded = headers.get("x-forwarded-proto").and_then(|value| value.to_str().ok());
    let secure = if forwarded == Some("https") { "; Secure" } else { "" };
    let cookie = format!("{COOKIE_NAME}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{end}");
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        headers.insert(SET_COOKIE, cookie);
    }
    response
}
