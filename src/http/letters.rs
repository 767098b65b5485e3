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

/// The page that asks whether letters may come.
pub(super) async fn ask_to_confirm(
    State(gateway): State<Gateway>,
    Path(id): Path<String>,
    link: Given,
    headers: HeaderMap,
) -> Result<Response<Body>, Refusal> {
    ask(&gateway, LinkPurpose::Confirm, &id, link, &headers).await
}

/// Lets letters come.
pub(super) async fn confirm(
    State(gateway): State<Gateway>,
    Path(id): Path<String>,
    link: Given,
    headers: HeaderMap,
) -> Result<Response<Body>, Refusal> {
    follow(&gateway, LinkPurpose::Confirm, &id, link, &headers).await
}

/// The page that asks whether no more letters should come.
pub(super) async fn ask_to_unsubscribe(
    State(gateway): State<Gateway>,
    Path(id): Path<String>,
    link: Given,
    headers: HeaderMap,
) -> Result<Response<Body>, Refusal> {
    ask(&gateway, LinkPurpose::Unsubscribe, &id, link, &headers).await
}

/// Lets no more letters come: for the button of the page, and for that of mail programs (RFC 8058).
pub(super) async fn unsubscribe(
    State(gateway): State<Gateway>,
    Path(id): Path<String>,
    link: Given,
    headers: HeaderMap,
) -> Result<Response<Body>, Refusal> {
    follow(&gateway, LinkPurpose::Unsubscribe, &id, link, &headers).await
}

async fn ask(
    gateway: &Gateway,
    purpose: LinkPurpose,
    id: &str,
    link: Given,
    headers: &HeaderMap,
) -> Result<Response<Body>, Refusal> {
    let language = asker::language(headers);
    let refused = |error: Error| Refusal::of_service(&error, language);
    let known = match read(id, link) {
        Some((id, proof)) => {
            let found = gateway.api.services().linked_watch(purpose, &id, &proof).await;
            found.map_err(refused)?.is_some()
        }
        None => false,
    };
    answer(known.then(|| pages::question(purpose, language)), language)
}

async fn follow(
    gateway: &Gateway,
    purpose: LinkPurpose,
    id: &str,
    link: Given,
    headers: &HeaderMap,
) -> Result<Response<Body>, Refusal> {
    let language = asker::language(headers);
    let refused = |error: Error| Refusal::of_service(&error, language);
    let done = match read(id, link) {
        Some((id, proof)) => {
            gateway.api.services().follow_link(purpose, &id, &proof).await.map_err(refused)?
        }
        None => false,
    };
    answer(done.then(|| pages::outcome(purpose, language)), language)
}

/// What a link says; nothing if it cannot be one of the hub's own.
fn read(id: &str, link: Given) -> Option<(WatchId, String)> {
    let Query(Link { proof }) = link.ok()?;
    Some((WatchId::from_key(id).ok()?, proof))
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
