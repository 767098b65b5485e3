//! Who asks, from the headers of a request.

use axum::http::HeaderMap;
use axum::http::header::{ACCEPT_LANGUAGE, AUTHORIZATION};
use futures_util::future::BoxFuture;

use super::client::Client;
use super::refusal::Refusal;
use super::session;
use crate::domain::{Admitted, Language};
use crate::graphql::Asker;
use crate::service::{Error, Services};

/// Who sends something, and by what they were let in.
pub(super) struct Caller {
    /// Who, and by what.
    pub(super) admitted: Admitted,
    /// The language of the answer.
    pub(super) language: Language,
    /// Where they are.
    pub(super) client: Client,
}

impl Caller {
    /// Who asks, for the API.
    pub(super) fn asker(&self) -> Asker {
        Asker { viewer: self.admitted.viewer.clone(), language: self.language }
    }

    /// Waits until what the caller was let in by is over.
    pub(super) fn until_over(&self, services: &Services) -> BoxFuture<'static, ()> {
        let (services, admitted) = (services.clone(), self.admitted.clone());
        Box::pin(async move { services.until_over(&admitted).await })
    }
}

/// Who sent a request.
pub(super) async fn asker(services: &Services, headers: &HeaderMap) -> Result<Asker, Refusal> {
    Ok(caller(services, headers, Client::default()).await?.asker())
}

/// Who sent a request, and by what they were let in.
pub(super) async fn caller(
    services: &Services,
    headers: &HeaderMap,
    client: Client,
) -> Result<Caller, Refusal> {
    let admitted = match headers.get(AUTHORIZATION) {
        None => signed_in(services, headers).await?,
        Some(value) => {
            let admitted = bearer(services, value.to_str().unwrap_or_default()).await;
            admitted.map_err(|error| Refusal::of_service(&error, language(headers)))?
        }
    };
    Ok(Caller { admitted, language: language(headers), client })
}

/// Who is signed in with the cookie that the request brought.
async fn signed_in(services: &Services, headers: &HeaderMap) -> Result<Admitted, Refusal> {
    let Some(secret) = session::secret_of(headers) else { return Ok(Admitted::nobody()) };
    if !session::follows_a_link(headers) {
        session::from_own_page(headers)?;
    }
    match services.admit_session(secret).await {
        Ok(admitted) => Ok(admitted.unwrap_or(Admitted::nobody())),
        Err(error) => Err(Refusal::of_service(&error, language(headers))),
    }
}

/// Who holds the token of an `Authorization` value.
pub(super) async fn bearer(services: &Services, authorization: &str) -> Result<Admitted, Error> {
    let token =
        authorization.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let (_, token) = token.ok_or(Error::Unauthenticated)?;
    services.admit_token(token.trim()).await
}

/// The language of a request.
pub(super) fn language(headers: &HeaderMap) -> Language {
    let header = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    Language::from_header(header.unwrap_or_default())
}
