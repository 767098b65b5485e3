//! Errors at the top level of an answer: rights, limits and faults, each with a stable code.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_graphql::{Error, ErrorExtensions, ServerError};

use crate::domain::{Language, Words};
use crate::live;
use crate::service::{self, ListError};
use crate::store;

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
            Self::Unavailable => "UNAVAILABLE",
            Self::Internal => "INTERNAL_SERVER_ERROR",
        }
    }
}

/// An error that the client may read as it is.
pub(super) fn failure(code: Code, message: impl std::fmt::Display) -> Error {
    Error::new(message.to_string())
        .extend_with(|_, extensions| extensions.set("code", code.as_str()))
}

/// An error that the client reads in the language of the request, see [`spoken`].
fn failure_in_words(code: Code, words: Words) -> Error {
    Error { source: Some(Arc::new(words)), ..failure(code, words.en) }
}

/// Puts what was said in several languages into the one that the asker reads.
pub(super) fn spoken(errors: &mut [ServerError], language: Language) {
    for error in errors {
        if let Some(words) = error.source::<Words>() {
            error.message = words.within(language).to_owned();
        }
    }
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
            service::Error::Live(live::Error::Store(error)) if error.is_passing() => {
                Self::Unavailable
            }
            service::Error::NoMail => Self::Unavailable,
            service::Error::TooManyAttempts(_)
            | service::Error::Files(_)
            | service::Error::Hash(_)
            | service::Error::Live(_)
            | service::Error::Store(_) => Self::Internal,
        }
    }
}

const SIGN_IN: Words = Words {
    de: "Melden Sie sich an, oder senden Sie einen Zugangsschlüssel als „Authorization: Bearer …“.",
    en: "sign in, or send an access token as \"Authorization: Bearer …\"",
};
const FORBIDDEN: Words = Words {
    de: "Ihre Rolle erlaubt das nicht: Bearbeiten kann, wer die Rolle für die Kommune hat, der es gehört; durchsehen und freigeben, wer dort freigibt oder moderiert; Gemeinsames pflegen, wer moderiert; Konten, wer verwaltet.",
    en: "your role does not allow this: editors change what belongs to their own municipality, approvers look it over, moderators look after what all share, admins after accounts",
};
const NO_MAIL: Words = Words {
    de: "Dieser Hub versendet keine Nachrichten: Sein Betreiber hat keinen Mailserver eingerichtet. Es wurde nichts aufbewahrt.",
    en: "this hub sends no mail: its operator has not set up a mail server; nothing was kept",
};
const BUSY: Words = Words {
    de: "Der Hub ist ausgelastet, oder seine Datenbank ist nicht erreichbar: Versuchen Sie es gleich noch einmal.",
    en: "the hub is busy or its database is away; try again in a moment",
};
const AWAY: Words = Words {
    de: "Die Datenbank ist gerade nicht erreichbar. Es wurde nichts geschrieben: Versuchen Sie es gleich noch einmal.",
    en: "the database cannot be reached at the moment; nothing was written; try again in a moment",
};
const UNANSWERED: Words = Words {
    de: "Die Verbindung zur Datenbank ist abgebrochen. Ob eine Änderung geschrieben wurde, ist nicht bekannt: Sehen Sie nach, bevor Sie es noch einmal versuchen.",
    en: "the connection to the database broke; whether a change was written is not known: look before you try again",
};

/// A use case's error at the top level.
pub(super) fn from_service(error: service::Error) -> Error {
    match Code::from(&error) {
        Code::Internal => fault(&error),
        // Waiting does not help.
        Code::Unavailable if matches!(error, service::Error::NoMail) => {
            failure_in_words(Code::Unavailable, NO_MAIL)
        }
        Code::Unavailable => {
            tracing::warn!(%error, "a request could not be answered now");
            let words = match error {
                service::Error::Store(store::Error::Away)
                | service::Error::Live(live::Error::Store(store::Error::Away)) => AWAY,
                service::Error::Store(store::Error::Unanswered)
                | service::Error::Live(live::Error::Store(store::Error::Unanswered)) => UNANSWERED,
                _ => BUSY,
            };
            failure_in_words(Code::Unavailable, words)
        }
        Code::Unauthenticated => failure_in_words(Code::Unauthenticated, SIGN_IN),
        Code::Forbidden => failure_in_words(Code::Forbidden, FORBIDDEN),
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
