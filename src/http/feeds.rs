//! Atom feeds, and the solutions that they lead to.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, VARY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, Method, Response, StatusCode};
use chrono::{DateTime, Timelike, Utc};
use sha2::{Digest, Sha256};

use super::files::{finished, holds, text};
use super::refusal::Refusal;
use super::{Gateway, asker};
use crate::domain::{Language, Problem, What};
use crate::service::{Error, FeedOf, ListError};
use crate::web::atom;

/// What a name of a feed ends with.
const ENDING: &str = ".atom";
/// How HTTP writes a moment.
const MOMENT: &str = "%a, %d %b %Y %H:%M:%S GMT";

/// All solutions.
pub(super) async fn solutions(
    State(gateway): State<Gateway>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response<Body>, Refusal> {
    feed(&gateway, &method, &headers, Some(FeedOf::Solutions), "/feeds/solutions.atom").await
}

/// Those of a topic or municipality, or what a watch tells of.
pub(super) async fn named(
    State(gateway): State<Gateway>,
    Path((kind, name)): Path<(String, String)>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response<Body>, Refusal> {
    let of = name.strip_suffix(ENDING).map(str::to_owned).and_then(|name| match kind.as_str() {
        "topics" => Some(FeedOf::Topic(name)),
        "municipalities" => Some(FeedOf::Municipality(name)),
        "watches" => Some(FeedOf::Watch(name)),
        _ => None,
    });
    feed(&gateway, &method, &headers, of, &format!("/feeds/{kind}/{name}")).await
}

async fn feed(
    gateway: &Gateway,
    method: &Method,
    headers: &HeaderMap,
    of: Option<FeedOf>,
    path: &str,
) -> Result<Response<Body>, Refusal> {
    let (services, language) = (gateway.api.services(), asker::language(headers));
    let refused = |error: Error| Refusal::of_service(&error, language);
    let missing = || refused(Problem::at("feed", What::NotFound).into());
    let of = of.ok_or_else(missing)?;
    let page = match services.feed_of(&of, language).await {
        Ok(page) => page.ok_or_else(missing)?,
        Err(ListError::Service(error)) => return Err(refused(error)),
        Err(error) => {
            tracing::error!(%error, "a feed cannot be listed");
            return Err(Refusal::Internal);
        }
    };
    let written = atom::written(&page, path, services.public_url(), language);
    // It is the same as long as it says the same, whatever else happens in the hub.
    let digest: String =
        Sha256::digest(&written).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let etag = format!("\"{digest}\"");
    let answer = Response::builder()
        .header(ETAG, &etag)
        .header(LAST_MODIFIED, page.updated.format(MOMENT).to_string())
        .header(VARY, "Accept-Language")
        .header(X_CONTENT_TYPE_OPTIONS, "nosniff");
    let answer = match of {
        FeedOf::Watch(_) => answer
            .header(CACHE_CONTROL, "private, no-cache")
            .header("x-robots-tag", "noindex")
            .header("referrer-policy", "no-referrer"),
        _ => answer
            .header(CACHE_CONTROL, "public, no-cache")
            .header("access-control-allow-origin", "*"),
    };
    if is_known(headers, &etag, page.updated) {
        return finished(answer.status(StatusCode::NOT_MODIFIED), Body::empty());
    }
    let answer = answer.header(CONTENT_TYPE, "application/atom+xml; charset=utf-8");
    let body = if method == Method::HEAD { Body::empty() } else { Body::from(written) };
    finished(answer, body)
}

/// Whether a client has it already. The tag says more than the moment, and goes before it.
fn is_known(headers: &HeaderMap, etag: &str, updated: DateTime<Utc>) -> bool {
    match text(headers, &IF_NONE_MATCH) {
        Some(known) => holds(known, etag),
        None => {
            let since = text(headers, &IF_MODIFIED_SINCE);
            let since = since.and_then(|since| DateTime::parse_from_rfc2822(since).ok());
            // HTTP knows no parts of a second.
            let updated = updated.with_nanosecond(0).unwrap_or(updated);
            // It may also have become older: what was the newest is gone.
            since.is_some_and(|since| updated == since)
        }
    }
}

/// A public solution, as it stands in the open data.
pub(super) async fn solution(
    gateway: &Gateway,
    slug: &str,
    language: Language,
) -> Result<Response<Body>, Refusal> {
    let refused = |error: Error| Refusal::of_service(&error, language);
    let found = gateway.api.services().open_solution(slug).await.map_err(refused)?;
    let missing = || refused(Problem::at("solution", What::NotFound).into());
    let row = found.ok_or_else(missing)?;
    let answer = Response::builder()
        .header(CONTENT_TYPE, "application/json")
        .header(CACHE_CONTROL, "public, no-cache")
        .header("access-control-allow-origin", "*")
        .header(VARY, "Accept")
        .header(X_CONTENT_TYPE_OPTIONS, "nosniff");
    finished(answer, Body::from(row.json()))
}
