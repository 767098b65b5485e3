//! Signing in with an identity provider: `GET /session/oidc` sends the browser there,
//! `GET /session/oidc/callback` takes it back.

use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header::{CACHE_CONTROL, HeaderValue, LOCATION};
use axum::http::{HeaderMap, Response, StatusCode};
use axum::response::IntoResponse;
use serde::Deserialize;

use super::client::Client;
use super::cookies::{self, Cookie};
use super::refusal::Refusal;
use super::{Gateway, asker, session};
use crate::domain::{Language, PendingSignIn, ReturnPath};
use crate::graphql::Code;
use crate::service::{Returned, SignInError};

/// Binds a sign-in to the browser in which it began.
const COOKIE: Cookie = Cookie { name: "allmende_sign_in", path: "/session/oidc" };

/// Where the browser wants to be afterwards.
#[derive(Deserialize)]
pub(super) struct Wish {
    #[serde(rename = "return")]
    to: Option<String>,
}

/// What the provider sends the browser back with.
#[derive(Deserialize)]
pub(super) struct Answer {
    state: Option<String>,
    code: Option<String>,
    error: Option<String>,
    iss: Option<String>,
}

/// Sends a browser to the provider.
pub(super) async fn begin(
    State(gateway): State<Gateway>,
    client: Client,
    headers: HeaderMap,
    wish: Result<Query<Wish>, QueryRejection>,
) -> Result<Response<Body>, Refusal> {
    let unfit = Refusal::Parameters("return must be a path of this hub, like /solutions");
    let Ok(Query(wish)) = wish else { return Err(unfit) };
    let to = wish.to.map_or(Ok(ReturnPath::default()), |to| to.parse()).map_err(|_| unfit)?;
    let begun = gateway.api.services().begin_elsewhere(&to, client.address).await;
    let (secret, address) = begun.map_err(|error| refusal(error, asker::language(&headers)))?;
    let mut answer = redirect(&address)?;
    let secure = cookies::are_secure(&gateway, client);
    let seconds = Some(PendingSignIn::SECONDS);
    COOKIE.set(answer.headers_mut(), secret.reveal(), seconds, secure);
    Ok(answer)
}

/// Takes a browser back and signs it in; a session that it had before ends.
pub(super) async fn finish(
    State(gateway): State<Gateway>,
    client: Client,
    headers: HeaderMap,
    answer: Result<Query<Answer>, QueryRejection>,
) -> Response<Body> {
    let finished = match answer {
        Ok(Query(answer)) => signed_in(&gateway, client, &headers, answer).await,
        Err(_) => Err(refusal(SignInError::Unknown, asker::language(&headers))),
    };
    let mut answer = finished.unwrap_or_else(IntoResponse::into_response);
    // Whatever came of it, it cannot be finished once more.
    let given = answer.headers_mut();
    COOKIE.forget(given, cookies::are_secure(&gateway, client));
    given.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

async fn signed_in(
    gateway: &Gateway,
    client: Client,
    headers: &HeaderMap,
    answer: Answer,
) -> Result<Response<Body>, Refusal> {
    let returned = Returned {
        secret: COOKIE.of(headers).map(str::to_owned),
        state: answer.state.unwrap_or_default(),
        code: answer.code,
        error: answer.error,
        issuer: answer.iss,
    };
    let finished = gateway.api.services().finish_elsewhere(returned, client.address).await;
    let (secret, path) = finished.map_err(|error| refusal(error, asker::language(headers)))?;
    if let Some(before) = session::secret_of(headers) {
        session::end_session(gateway, before).await?;
    }
    let mut answer = redirect(&path)?;
    let secure = cookies::are_secure(gateway, client);
    session::COOKIE.set(answer.headers_mut(), secret.reveal(), None, secure);
    Ok(answer)
}

fn redirect(to: &str) -> Result<Response<Body>, Refusal> {
    let to = HeaderValue::from_str(to).map_err(|error| {
        tracing::error!(%error, "an address cannot stand in a header");
        Refusal::Internal
    })?;
    let no_store = HeaderValue::from_static("no-store");
    Ok((StatusCode::SEE_OTHER, [(LOCATION, to), (CACHE_CONTROL, no_store)]).into_response())
}

/// Why nobody was signed in, for the one who wanted to be.
fn refusal(error: SignInError, language: Language) -> Refusal {
    let (status, code, german, english) = match error {
        SignInError::NotSetUp => (
            StatusCode::NOT_FOUND,
            "NOT_FOUND",
            "Die Anmeldung über einen Anmeldedienst ist hier nicht eingerichtet.",
            "Signing in with an identity provider is not set up here.",
        ),
        SignInError::Unknown => (
            StatusCode::BAD_REQUEST,
            Code::BadRequest.as_str(),
            "Diese Anmeldung wurde nicht in diesem Browser begonnen oder ist vorbei: Bitte neu beginnen.",
            "This sign-in was not begun in this browser, or is over: please begin again.",
        ),
        SignInError::GivenUp => (
            StatusCode::UNAUTHORIZED,
            Code::Unauthenticated.as_str(),
            "Die Anmeldung wurde abgebrochen.",
            "The sign-in was given up.",
        ),
        SignInError::Refused => (
            StatusCode::UNAUTHORIZED,
            Code::Unauthenticated.as_str(),
            "Der Anmeldedienst hat nicht verlässlich bestätigt, wer Sie sind: Bitte neu beginnen.",
            "The identity provider did not reliably say who you are: please begin again.",
        ),
        SignInError::Away => (
            StatusCode::SERVICE_UNAVAILABLE,
            Code::Unavailable.as_str(),
            "Der Anmeldedienst ist nicht erreichbar: Bitte später noch einmal versuchen.",
            "The identity provider cannot be reached: please try again later.",
        ),
        SignInError::Forbidden => (
            StatusCode::FORBIDDEN,
            Code::Forbidden.as_str(),
            "Sie haben hier keine Rolle: Bitte wenden Sie sich an Ihre IT oder an die Betreiber dieser Allmende.",
            "You have no role here: please ask your IT office or who runs this hub.",
        ),
        SignInError::TooManyAttempts(wait) => {
            return Refusal::TooManyAttempts(wait.num_seconds().unsigned_abs().max(1));
        }
        SignInError::Failed(error) => return Refusal::of_sign_in(&error, language),
    };
    let message = match language {
        Language::German => german,
        Language::English => english,
    };
    Refusal::Service { status, code, message: message.to_owned() }
}
