//! What is refused before it becomes a GraphQL request.

use std::any::Any;

use async_graphql::ServerError;
use axum::body::Body;
use axum::http::header::{ALLOW, HeaderName, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{Response, StatusCode};
use axum::response::IntoResponse;
use serde_json::{Value, json};

use crate::domain::{FileProblem, Label, Language, Problem, What};
use crate::graphql::Code;
use crate::service;

/// How many seconds to wait while the database cannot be reached.
pub(super) const AWAY_FOR: u16 = 2;

/// What keeps a request from being a GraphQL request at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refusal {
    #[error("the body is no JSON: {0}")]
    BrokenJson(String),
    #[error("{0}")]
    Parameters(&'static str),
    #[error("a body must be JSON: send \"Content-Type: application/json\"")]
    ContentType,
    #[error(
        "the hub answers with application/graphql-response+json, application/json or text/event-stream"
    )]
    NotAcceptable,
    #[error("the body is larger than the {0} bytes that are allowed")]
    TooLarge(usize),
    #[error("the body broke off or is not framed as HTTP asks")]
    BrokenBody,
    #[error("the body took longer than {0} seconds")]
    SlowBody(u64),
    #[error("a {0} needs POST")]
    NeedsPost(&'static str),
    #[error("a subscription needs a WebSocket or \"Accept: text/event-stream\"")]
    NeedsStream,
    #[error(
        "the access token is unknown: send one that the hub has given out as \"Authorization: Bearer …\""
    )]
    Token,
    #[error("a WebSocket must speak graphql-transport-ws: send it as Sec-WebSocket-Protocol")]
    SubProtocol,
    #[error("a connection may run at most {0} operations at a time: complete some first")]
    TooManyOperations(usize),
    #[error("an address may hold at most {0} connections at a time: close some first")]
    TooManyConnections(usize),
    #[error("the hub has as many open streams as it can hold: try again later")]
    Full,
    #[error("the request took longer than {0} seconds")]
    TimedOut(u64),
    #[error("the multipart request cannot be understood: {0}")]
    Multipart(&'static str),
    #[error(
        "a multipart request needs the header \"GraphQL-Require-Preflight: 1\", so that no page of another site can send it unasked"
    )]
    NoPreflight,
    #[error("signed in with a cookie, the hub answers its own pages only")]
    CrossSite,
    #[error("this address was tried too often: wait {0} seconds")]
    TooManyAttempts(u64),
    #[error("as many files are on their way in as the hub takes at a time: try again later")]
    TooManyUploads,
    #[error("as many exports are on their way as the hub gives out at a time: try again later")]
    TooManyExports,
    #[error("{message}")]
    Service { status: StatusCode, code: &'static str, message: String },
    #[error("the hub failed; its log tells why")]
    Internal,
}

impl Refusal {
    /// A panic is a defect: it is logged, and the client learns no more than that.
    pub(super) fn from_panic(panic: &(dyn Any + Send)) -> Self {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or(panic.downcast_ref::<&str>().copied());
        tracing::error!(panic = text.unwrap_or("?"), "a handler panicked");
        Self::Internal
    }

    /// Why a use case did not do what was asked.
    pub(super) fn of_service(error: &service::Error, language: Language) -> Self {
        let code = Code::from(error);
        let status = match error {
            service::Error::Unauthenticated => return Self::Token,
            service::Error::Problems(problems) => {
                let first = problems.first().map(|problem| Self::of_problem(problem, language));
                return first.unwrap_or(Self::Internal);
            }
            service::Error::Forbidden => StatusCode::FORBIDDEN,
            _ if code == Code::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            _ => {
                tracing::error!(%error, "a request failed");
                return Self::Internal;
            }
        };
        Self::Service { status, code: code.as_str(), message: error.to_string() }
    }

    /// Why nobody was signed in.
    pub(super) fn of_sign_in(error: &service::Error, language: Language) -> Self {
        match error {
            service::Error::Unauthenticated => Self::Service {
                status: StatusCode::UNAUTHORIZED,
                code: Code::Unauthenticated.as_str(),
                message: match language {
                    Language::German => "Adresse und Kennwort gehören nicht zusammen.",
                    Language::English => "Address and password do not go together.",
                }
                .to_owned(),
            },
            service::Error::TooManyAttempts(wait) => {
                Self::TooManyAttempts(wait.num_seconds().unsigned_abs().max(1))
            }
            other => Self::of_service(other, language),
        }
    }

    /// A file that is larger than allowed.
    pub(super) fn file_too_large(most: u64, language: Language) -> Self {
        let problem = FileProblem::TooLarge { most };
        Self::of_problem(&Problem::at("file", What::File(problem)), language)
    }

    fn of_problem(problem: &Problem, language: Language) -> Self {
        let status = match &problem.what {
            What::NotFound => StatusCode::NOT_FOUND,
            What::Stale => StatusCode::PRECONDITION_FAILED,
            What::File(FileProblem::TooLarge { .. }) => StatusCode::PAYLOAD_TOO_LARGE,
            What::File(FileProblem::Kind) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        let code = problem.code().name();
        Self::Service { status, code, message: problem.message(language) }
    }

    /// The status of the answer.
    pub(super) const fn status(&self) -> StatusCode {
        match self {
            Self::BrokenJson(_)
            | Self::Parameters(_)
            | Self::Multipart(_)
            | Self::BrokenBody
            | Self::SubProtocol => StatusCode::BAD_REQUEST,
            Self::NoPreflight | Self::CrossSite => StatusCode::FORBIDDEN,
            Self::Service { status, .. } => *status,
            Self::ContentType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::NotAcceptable | Self::NeedsStream => StatusCode::NOT_ACCEPTABLE,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::SlowBody(_) => StatusCode::REQUEST_TIMEOUT,
            Self::NeedsPost(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::Token => StatusCode::UNAUTHORIZED,
            Self::TooManyOperations(_) | Self::TooManyConnections(_) | Self::TooManyAttempts(_) => {
                StatusCode::TOO_MANY_REQUESTS
            }
            Self::Full | Self::TooManyUploads | Self::TooManyExports | Self::TimedOut(_) => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    const fn code(&self) -> &'static str {
        match self {
            Self::Token => Code::Unauthenticated.as_str(),
            // Only connections know it, the API does not.
            Self::TooManyOperations(_) => "TOO_MANY_OPERATIONS",
            Self::TooManyConnections(_) => "TOO_MANY_CONNECTIONS",
            Self::TooManyAttempts(_) => "TOO_MANY_ATTEMPTS",
            Self::Full | Self::TooManyUploads | Self::TooManyExports | Self::TimedOut(_) => {
                Code::Unavailable.as_str()
            }
            Self::Service { code, .. } => code,
            Self::Internal => Code::Internal.as_str(),
            _ => Code::BadRequest.as_str(),
        }
    }

    /// Why a document of the hub's own was not answered: what stood in the address, or the hub itself.
    pub(super) fn of_answer(error: &ServerError) -> Self {
        let code = error.extensions.as_ref().and_then(|it| it.get("code"));
        let is = |code_: Code| code == Some(&async_graphql::Value::from(code_.as_str()));
        if is(Code::BadUserInput) || is(Code::TooComplex) {
            Self::Parameters("what stands behind the \"?\" of the address cannot be answered")
        } else if is(Code::Unavailable) {
            Self::Full
        } else if is(Code::Unauthenticated) {
            Self::Token
        } else if is(Code::Forbidden) {
            let (status, code) = (StatusCode::FORBIDDEN, Code::Forbidden.as_str());
            Self::Service { status, code, message: error.message.clone() }
        } else {
            Self::Internal
        }
    }

    /// The refusal as the errors of an answer.
    pub(super) fn errors(&self) -> Value {
        json!([{ "message": self.to_string(), "extensions": { "code": self.code() } }])
    }

    /// What a client must know beyond the body.
    fn header(&self) -> Option<(HeaderName, HeaderValue)> {
        match self {
            Self::NeedsPost(_) => Some((ALLOW, HeaderValue::from_static("POST"))),
            Self::Token => Some((WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))),
            Self::TooManyAttempts(seconds) => Some((RETRY_AFTER, HeaderValue::from(*seconds))),
            Self::Full | Self::TooManyUploads | Self::TooManyExports | Self::TimedOut(_) => {
                Some((RETRY_AFTER, HeaderValue::from_static("1")))
            }
            Self::Service { status, .. } if *status == StatusCode::SERVICE_UNAVAILABLE => {
                Some((RETRY_AFTER, HeaderValue::from(AWAY_FOR)))
            }
            _ => None,
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response<Body> {
        let body = axum::Json(json!({ "errors": self.errors() }));
        let mut response = (self.status(), body).into_response();
        response.headers_mut().extend(self.header());
        response
    }
}
