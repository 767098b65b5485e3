//! What is refused before it becomes a GraphQL request.

use std::any::Any;

use axum::body::Body;
use axum::http::header::{ALLOW, HeaderName, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{Response, StatusCode};
use axum::response::IntoResponse;
use serde_json::{Value, json};

use crate::graphql::Code;

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
    #[error("the hub has as many open streams as it can hold: try again later")]
    Full,
    #[error("the request took longer than {0} seconds")]
    TimedOut(u64),
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

    const fn status(&self) -> StatusCode {
        match self {
            Self::BrokenJson(_) | Self::Parameters(_) | Self::BrokenBody | Self::SubProtocol => {
                StatusCode::BAD_REQUEST
            }
            Self::ContentType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::NotAcceptable | Self::NeedsStream => StatusCode::NOT_ACCEPTABLE,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::SlowBody(_) => StatusCode::REQUEST_TIMEOUT,
            Self::NeedsPost(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::Token => StatusCode::UNAUTHORIZED,
            Self::TooManyOperations(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Full | Self::TimedOut(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    const fn code(&self) -> &'static str {
        match self {
            Self::Token => Code::Unauthenticated.as_str(),
            // Only connections know it, the API does not.
            Self::TooManyOperations(_) => "TOO_MANY_OPERATIONS",
            Self::Full | Self::TimedOut(_) => Code::Unavailable.as_str(),
            Self::Internal => Code::Internal.as_str(),
            _ => Code::BadRequest.as_str(),
        }
    }

    /// The refusal as the errors of an answer.
    pub(super) fn errors(&self) -> Value {
        json!([{ "message": self.to_string(), "extensions": { "code": self.code() } }])
    }

    /// What a client must know beyond the body.
    const fn header(&self) -> Option<(HeaderName, HeaderValue)> {
        match self {
            Self::NeedsPost(_) => Some((ALLOW, HeaderValue::from_static("POST"))),
            Self::Token => Some((WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))),
            Self::Full | Self::TimedOut(_) => Some((RETRY_AFTER, HeaderValue::from_static("1"))),
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
