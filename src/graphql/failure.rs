//! Errors at the top level of an answer: rights, limits and faults, each with a stable code.

use std::sync::atomic::{AtomicU64, Ordering};

use async_graphql::{Error, ErrorExtensions};

use crate::live;
use crate::service::{self, ListError};

/// Codes of top-level errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// The document cannot be read.
    ParseFailed,
    /// The document does not fit the schema.
    ValidationFailed,
    /// An argument or variable is wrong.
    BadUserInput,
    /// The request is no GraphQL request.
    BadRequest,
    /// A token is missing or unknown.
    Unauthenticated,
    /// The token does not allow it.
    Forbidden,
    /// The document asks for too much.
    TooComplex,
    /// The hub is shutting down or cannot answer now.
    Unavailable,
    /// A fault of the hub.
    Internal,
}

impl Code {
    /// The code as it stands in `extensions.code`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ParseFailed => "GRAPHQL_PARSE_FAILED",
            Self::ValidationFailed => "GRAPHQL_VALIDATION_FAILED",
            Self::BadUserInput => "BAD_USER_INPUT",
            Self::BadRequest => "BAD_REQUEST",
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden => "FORBIDDEN",
            Self::TooComplex => "QUERY_TOO_COMPLEX",
            Self::Unavailable => "SERVICE_UNAVAILABLE",
            Self::Internal => "INTERNAL_SERVER_ERROR",
        }
    }
}

/// An error that the client may read as it is.
pub(super) fn failure(code: Code, message: impl std::fmt::Display) -> Error {
    Error::new(message.to_string())
        .extend_with(|_, extensions| extensions.set("code", code.as_str()))
}

/// A fault: the client gets a number, the log gets the cause.
pub(super) fn fault(error: &dyn std::error::Error) -> Error {
    static FAULTS: AtomicU64 = AtomicU64::new(1);
    // Unique within the logs of a machine: processes count apart.
    let number = format!("{}-{}", std::process::id(), FAULTS.fetch_add(1, Ordering::Relaxed));
    tracing::error!(fault = number, error = %error, "a request failed");
    failure(
        Code::Internal,
        format!("the hub could not answer; its log tells more under fault {number}"),
    )
    .extend_with(|_, extensions| extensions.set("fault", number.clone()))
}

impl From<&service::Error> for Code {
    fn from(error: &service::Error) -> Self {
        match error {
            service::Error::Unauthenticated => Self::Unauthenticated,
            service::Error::Forbidden => Self::Forbidden,
            service::Error::Problems(_) => Self::BadUserInput,
            service::Error::Store(error) if error.is_passing() => Self::Unavailable,
            service::Error::Live(live::Error::Busy) => Self::Unavailable,
            service::Error::NoMail => Self::Unavailable,
            service::Error::TooManyAttempts(_)
            | service::Error::Files(_)
            | service::Error::Hash(_)
            | service::Error::Live(_)
            | service::Error::Store(_) => Self::Internal,
        }
    }
}

/// A use case's error at the top level.
pub(super) fn from_service(error: service::Error) -> Error {
    match Code::from(&error) {
        Code::Internal => fault(&error),
        // Waiting does not help.
        Code::Unavailable if matches!(error, service::Error::NoMail) => {
            failure(Code::Unavailable, error)
        }
        Code::Unavailable => {
            tracing::warn!(%error, "a request could not be answered now");
            failure(
                Code::Unavailable,
                "the hub is busy or its database is away; try again in a moment",
            )
        }
        code => failure(code, error),
    }
}

/// A list's error at the top level.
pub(super) fn from_list(error: ListError) -> Error {
    match error {
        ListError::Service(error) => from_service(error),
        other => failure(Code::BadUserInput, other),
    }
}
