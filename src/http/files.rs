//! The files of documents: `/documents/{id}/file`.

use std::fmt::Write;

use axum::body::{Body, Bytes};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, Request as HttpRequest, State};
use axum::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE,
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_MATCH, IF_NONE_MATCH, IF_RANGE, RANGE, VARY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::response::Builder;
use axum::http::{HeaderMap, HeaderName, Method, Response, StatusCode};
use futures_util::{Stream, StreamExt, TryStreamExt};
use serde::Deserialize;
use serde_json::json;

use super::Gateway;
use super::downloads::sent;
use super::multipart::length;
use super::range::{Asked, asked};
use super::refusal::Refusal;
use super::uploads::{Allowance, Cut, paced};
use super::{asker, graphql, multipart};
use crate::domain::{DocumentFile, DocumentId, Label, Problem, ProjectDocument, What};
use crate::graphql::Asker;
use crate::service::{Error, Services};

/// What may be told of a file in the address.
#[derive(Deserialize)]
pub(super) struct Told {
    name: Option<String>,
}

/// Gives a document the body as its file.
pub(super) async fn put(
    State(gateway): State<Gateway>,
    Path(id): Path<String>,
    told: Result<Query<Told>, QueryRejection>,
    headers: HeaderMap,
    request: HttpRequest,
) -> Result<Response<Body>, Refusal> {
    let services = gateway.api.services();
    let asker = asker::asker(services, &headers).await?;
    let refused = |error: Error| Refusal::of_service(&error, asker.language);
    let id = key(&id).map_err(|problem| refused(Error::from(problem)))?;
    let Query(told) = told.map_err(|_| Refusal::Parameters("the query string cannot be read"))?;
    let revision = expected_revision(&headers)?;
    services.may_give_file(&asker.viewer, &id, revision).await.map_err(refused)?;
    let most = services.largest_file();
    if length(&headers).is_some_and(|length| length > most) {
        return Err(Refusal::file_too_large(most, asker.language));
    }
    let _place = gateway.uploads.begin()?;
    let body = paced(request.into_body(), gateway.limits, Allowance::new(u64::MAX));
    let body = body.map_err(|cut| match cut {
        Cut::Slow(seconds) => Refusal::SlowBody(seconds),
        Cut::Broken | Cut::TooLarge => Refusal::BrokenBody,
    });
    let name = told.name.unwrap_or_default();
    let document = give(services, &asker, (&id, revision), body, &name).await?;
    Ok(described(&document, &asker))
}

/// Gives a document the file that a form brings along.
pub(super) async fn give_of_form(
    gateway: &Gateway,
    asker: &Asker,
    id: &str,
    request: HttpRequest,
) -> Result<(), Refusal> {
    let services = gateway.api.services();
    let refused = |error: Error| Refusal::of_service(&error, asker.language);
    let id = key(id).map_err(|problem| refused(Error::from(problem)))?;
    services.may_give_file(&asker.viewer, &id, None).await.map_err(refused)?;
    let _place = gateway.uploads.begin()?;
    let file = multipart::file_of_form(gateway, asker, request).await?;
    let chosen = file.filter(|file| !file.name.is_empty());
    let missing = || refused(Error::from(Problem::at("file", What::Required)));
    let file = chosen.ok_or_else(missing)?;
    let name = file.name.clone();
    give(services, asker, (&id, None), file.pieces(), &name).await.map(drop)
}

/// Takes a file in, piece by piece, and gives it to a document of this revision.
async fn give(
    services: &Services,
    asker: &Asker,
    (id, revision): (&DocumentId, Option<u32>),
    body: impl Stream<Item = Result<Bytes, Refusal>> + Send,
    name: &str,
) -> Result<ProjectDocument, Refusal> {
    let refused = |error: Error| Refusal::of_service(&error, asker.language);
    let mut incoming = services.incoming(&asker.viewer).await.map_err(refused)?;
    let mut body = std::pin::pin!(body);
    while let Some(piece) = body.next().await {
        incoming.take(&piece?).await.map_err(|error| refused(Error::from(error)))?;
    }
    let received = incoming.finish().await.map_err(|error| refused(Error::from(error)))?;
    let given = services.give_file(&asker.viewer, id, revision, &received, name).await;
    given.map_err(refused)
}

/// Gives the file of a document out.
pub(super) async fn get(
    State(gateway): State<Gateway>,
    method: Method,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response<Body>, Refusal> {
    let services = gateway.api.services();
    let asker = asker::asker(services, &headers).await?;
    let refused = |error: Error| Refusal::of_service(&error, asker.language);
    let missing = || refused(Error::from(Problem::at("id", What::NotFound)));
    let id = key(&id).map_err(|problem| refused(Error::from(problem)))?;
    let document = services.document_with_file(&asker.viewer, &id).await.map_err(refused)?;
    let is_public = document.as_ref().is_some_and(|document| document.publication.is_public());
    let file = document.and_then(|document| document.file).ok_or_else(missing)?;
    let etag = format!("\"{}\"", file.hash);
    let answer = common(is_public, &etag);
    if text(&headers, &IF_NONE_MATCH).is_some_and(|known| holds(known, &etag)) {
        return finished(answer.status(StatusCode::NOT_MODIFIED), Body::empty());
    }
    // A part is of use only if the client's other parts are of the same file.
    let same = text(&headers, &IF_RANGE).is_none_or(|known| known.trim() == etag);
    let range = text(&headers, &RANGE).filter(|_| same && method == Method::GET);
    let size = file.bytes;
    let (answer, range) = match asked(range, size) {
        Asked::Whole => (answer.header(CONTENT_LENGTH, size), None),
        Asked::Part(range) => {
            let told = format!("bytes {}-{}/{size}", range.start, range.end - 1);
            let answer = answer.status(StatusCode::PARTIAL_CONTENT).header(CONTENT_RANGE, told);
            (answer.header(CONTENT_LENGTH, range.end - range.start), Some(range))
        }
        Asked::Beyond => {
            let answer = answer.status(StatusCode::RANGE_NOT_SATISFIABLE);
            return finished(
                answer.header(CONTENT_RANGE, format!("bytes */{size}")),
                Body::empty(),
            );
        }
    };
    let answer = answer
        .header(CONTENT_TYPE, file.kind.media_type())
        .header(CONTENT_DISPOSITION, disposition(&file))
        .header(ACCEPT_RANGES, "bytes");
    if method == Method::HEAD {
        return finished(answer, Body::empty());
    }
    let content = services.content(&file, range).await.map_err(refused)?;
    finished(answer, sent(content, gateway.limits.request))
}

/// The document of an address; what is no id names no document.
fn key(id: &str) -> Result<DocumentId, Problem> {
    id.parse().map_err(|_| Problem::at("id", What::NotFound))
}

/// The revision that `If-Match` asks for.
fn expected_revision(headers: &HeaderMap) -> Result<Option<u32>, Refusal> {
    match text(headers, &IF_MATCH).map(str::trim) {
        None | Some("*") => Ok(None),
        Some(tag) => {
            let revision = tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"'));
            let revision = revision.and_then(|revision| revision.parse().ok());
            let form = Refusal::Parameters("If-Match must be a revision in quotes, such as \"7\"");
            revision.map(Some).ok_or(form)
        }
    }
}

/// A header that is text.
pub(super) fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// Whether one of the tags of a header is this one.
pub(super) fn holds(known: &str, etag: &str) -> bool {
    let mut tags = known.split(',').map(|tag| tag.trim().trim_start_matches("W/"));
    tags.any(|tag| tag == "*" || tag == etag)
}

/// What every answer about a file says: it is never taken for anything else than it is, and no
/// code in it runs. What is not public is kept by nobody; what is may leave any day, so whoever
/// keeps it asks first.
fn common(is_public: bool, etag: &str) -> Builder {
    let cache = if is_public { "public, no-cache" } else { "private, no-store" };
    Response::builder()
        .header(ETAG, etag)
        .header(CACHE_CONTROL, cache)
        .header(VARY, "Authorization, Cookie")
        .header(X_CONTENT_TYPE_OPTIONS, "nosniff")
        .header(CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'")
}

/// An answer, made.
pub(super) fn finished(answer: Builder, body: Body) -> Result<Response<Body>, Refusal> {
    answer.body(body).map_err(|error| {
        tracing::error!(%error, "an answer could not be made");
        Refusal::Internal
    })
}

/// How a file is called: in ASCII for old clients, in full after RFC 5987 for all others.
fn disposition(file: &DocumentFile) -> String {
    let shown = if file.kind.is_shown() { "inline" } else { "attachment" };
    let plain = |letter: char| letter.is_ascii_graphic() && !"\"\\%".contains(letter);
    let ascii: String = file
        .name
        .chars()
        .map(|letter| if plain(letter) || letter == ' ' { letter } else { '_' })
        .collect();
    let mut full = String::new();
    for byte in file.name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            full.push(char::from(byte));
        } else {
            // A text takes whatever is written to it.
            let _written = write!(full, "%{byte:02X}").is_ok();
        }
    }
    format!("{shown}; filename=\"{ascii}\"; filename*=UTF-8''{full}")
}

/// What came of an upload.
fn described(document: &ProjectDocument, asker: &Asker) -> Response<Body> {
    let file = document.file.as_ref().map(|file| {
        json!({
            "name": file.name,
            "mediaType": file.kind.media_type(),
            "size": file.bytes,
            "sha256": file.hash.as_str(),
            "pages": file.pages,
            "textState": file.text.name().to_uppercase(),
            "textFailure": file.failure.map(|failure| failure.name().to_uppercase()),
            "textMessage": file.failure.map_or_else(
                || file.text.label(asker.language),
                |failure| failure.label(asker.language),
            ),
            "url": format!("/documents/{}/file", document.id),
        })
    });
    let told =
        json!({ "id": document.id.to_string(), "revision": document.revision, "file": file });
    graphql::json(&told)
}
