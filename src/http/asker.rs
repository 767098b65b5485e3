//! Who asks, from the headers of a request.

use axum::http::HeaderMap;
use axum::http::header::{ACCEPT_LANGUAGE, AUTHORIZATION};

use super::refusal::Refusal;
use super::session;
use crate::domain::{Language, Viewer};
use crate::graphql::Asker;
use crate::service::{Error, Services};

/// Who sent a request.
pub(super) async fn asker(services: &Services, headers: &HeaderMap) -> Result<Asker, Refusal> {
    let viewer = match headers.get(AUTHORIZATION) {
        None => signed_in(services, headers).await?,
        Some(value) => bearer(services, value.to_str().unwrap_or_default()).await?,
    };
    Ok(Asker { viewer, language: language(headers) })
}

/// Who is signed in with the cookie that the request brought.
async fn signed_in(services: &Services, headers: &HeaderMap) -> Result<Viewer, Refusal> {
    let Some(secret) = session::secret_of(headers) else { return Ok(Viewer::Anonymous) };
    session::from_own_page(headers)?;
    match services.signed_in(secret).await {
        Ok(viewer) => Ok(viewer.unwrap_or(Viewer::Anonymous)),
        Err(error) => {
            tracing::error!(%error, "a session could not be looked up");
            Err(Refusal::Internal)
        }
    }
}

/// Who holds the token of an `Authorization` value.
pub(super) async fn bearer(services: &Services, authorization: &str) -> Result<Viewer, Refusal> {
    let token =
        authorization.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let (_, token) = token.ok_or(Refusal::Token)?;
    match services.authenticate(token.trim()).await {
        Ok(viewer) => Ok(viewer),
        Err(Error::Unauthenticated) => Err(Refusal::Token),
        Err(error) => {
            tracing::error!(%error, "a token could not be looked up");
            Err(Refusal::Internal)
        }
    }
}

/// The language of a request.
pub(super) fn language(headers: &HeaderMap) -> Language {
    let header = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    Language::from_header(header.unwrap_or_default())
}
