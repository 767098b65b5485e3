//! Links in letters: `GET` shows what they are for, `POST` does it, without anybody signing in.

use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, Response, StatusCode};
use serde::Deserialize;

use super::files::finished;
use super::refusal::Refusal;
use super::{Gateway, asker};
use crate::domain::{Language, LinkPurpose, WatchId};
use crate::service::Error;
use crate::web::pages;

/// What stands in a link.
#[derive(Deserialize)]
pub(super) struct Link {
    proof: String,
}

type Given = Result<Query<Link>, QueryRejection>;

/// The page that asks whether that is wanted for which the link is.
pub(super) async fn ask(
    State(gateway): State<Gateway>,
    Path((id, purpose)): Path<(String, String)>,
    link: Given,
    headers: HeaderMap,
) -> Result<Response<Body>, Refusal> {
    let language = asker::language(&headers);
    let refused = |error: Error| Refusal::of_service(&error, language);
    let Some((purpose, id, proof)) = read(&id, &purpose, link) else {
        return answer(None, language);
    };
    let found = gateway.api.services().linked_watch(purpose, &id, &proof).await.map_err(refused)?;
    answer(found.map(|_| pages::question(purpose, language)), language)
}

/// Does it: for the button of the page, and for that of mail programs (RFC 8058).
pub(super) async fn follow(
    State(gateway): State<Gateway>,
    Path((id, purpose)): Path<(String, String)>,
    link: Given,
    headers: HeaderMap,
) -> Result<Response<Body>, Refusal> {
    let language = asker::language(&headers);
    let refused = |error: Error| Refusal::of_service(&error, language);
    let Some((purpose, id, proof)) = read(&id, &purpose, link) else {
        return answer(None, language);
    };
    let done = gateway.api.services().follow_link(purpose, &id, &proof).await.map_err(refused)?;
    answer(done.then(|| pages::outcome(purpose, language)), language)
}

/// What a link says; nothing if it cannot be one of the hub's own.
fn read(id: &str, purpose: &str, link: Given) -> Option<(LinkPurpose, WatchId, String)> {
    let Query(Link { proof }) = link.ok()?;
    Some((LinkPurpose::of_name(purpose)?, WatchId::from_key(id).ok()?, proof))
}

fn answer(page: Option<String>, language: Language) -> Result<Response<Body>, Refusal> {
    let status = if page.is_some() { StatusCode::OK } else { StatusCode::NOT_FOUND };
    let page = page.unwrap_or_else(|| pages::no_such_link(language));
    let answer = Response::builder()
        .status(status)
        .header(CONTENT_TYPE, "text/html; charset=utf-8")
        .header(CACHE_CONTROL, "private, no-store")
        .header(VARY, "Accept-Language")
        .header("x-robots-tag", "noindex")
        // What proves a link stands in the address.
        .header("referrer-policy", "no-referrer")
        .header(CONTENT_SECURITY_POLICY, "default-src 'none'; form-action 'self'; frame-ancestors 'none'")
        .header(X_CONTENT_TYPE_OPTIONS, "nosniff");
    finished(answer, Body::from(page))
}
