//! What can go wrong with the database.

use surrealdb::types::{ErrorDetails, QueryError};

use super::reach::{AWAY, UNANSWERED};

/// A failure of the store.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another process has the data directory open.
    #[error(
        "the data directory {0} is in use by another process: stop the other Allmende, or choose another directory with --data-directory"
    )]
    Locked(String),
    /// The data directory cannot be read or written.
    #[error(
        "the data directory {path} cannot be used: {reason}; check that it exists and belongs to the user that runs Allmende"
    )]
    Directory {
        /// The directory.
        path: String,
        /// What the system said.
        reason: String,
    },
    /// The database server cannot be reached or does not let us in.
    #[error("no connection to the database at {address}: {reason}")]
    Unreachable {
        /// Its address.
        address: String,
        /// What the client said.
        reason: String,
    },
    /// A migration that the database has seen is different now or missing.
    #[error(
        "migration {name} {what}: the database was made by another version of Allmende; run that version, or restore a matching backup"
    )]
    Migration {
        /// The migration.
        name: String,
        /// What is wrong with it.
        what: &'static str,
    },
    /// A restore into this database has begun and not ended.
    #[error(
        "restore unfinished: a restore into this database broke off, and what is there is not whole; run allmende restore FILE.zip again, which begins anew"
    )]
    Unfinished,
    /// A key that must be unique is in use.
    #[error("the value of {field} is already taken")]
    Taken {
        /// The field with the unique index.
        field: String,
    },
    /// The record was changed or removed since it was read.
    #[error("the record was changed meanwhile")]
    Stale,
    /// The lease under which this was to be written belongs to somebody else by now.
    #[error("another node has taken this work over")]
    Overtaken,
    /// Other writers came first, again and again.
    #[error(
        "too many concurrent writes: the change was given up after {0} tries, nothing was written"
    )]
    Contended(u32),
    /// The database could not write, and must be started again.
    #[error(
        "the database could not write, so the hub stops: make room on the disk, then start it again"
    )]
    Failed,
    /// The database's server does not answer. Nothing was sent.
    #[error("the database does not answer: nothing was asked and nothing was written")]
    Away,
    /// The database's server went away before it had answered.
    #[error("the database went away before it had answered: a change may have been written or not")]
    Unanswered,
    /// A record in the database has not the form that the program expects.
    #[error("a record of {table} cannot be read: {reason}")]
    Unreadable {
        /// Its table.
        table: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// Anything else that SurrealDB says.
    #[error("database: {0}")]
    Database(#[source] Box<surrealdb::Error>),
}

impl Error {
    /// Whether the same may work a moment later: others were writing, or the database was away.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Contended(_) | Self::Failed | Self::Away | Self::Unanswered => true,
            Self::Database(error) => error.is_connection(),
            _ => false,
        }
    }
}

impl From<surrealdb::Error> for Error {
    fn from(error: surrealdb::Error) -> Self {
        match error.message() {
            AWAY => Self::Away,
            UNANSWERED => Self::Unanswered,
            _ => Self::Database(Box::new(error)),
        }
    }
}

/// Text that a transaction throws when a record is not as it was read.
pub(super) const STALE: &str = "allmende:stale";
/// Text that a transaction throws when its lease is not its own any more.
pub(super) const OVERTAKEN: &str = "allmende:overtaken";

/// The field that a unique index keeps apart. Indexes are named after table and field, except
/// those of two fields.
fn unique_field(index: &str) -> &str {
    match index {
        "profile_date" => "reference_date",
        "process_programme" => "programme",
        "adoption_once" | "feedback_once" => "solution",
        single => single.split_once('_').map_or(single, |(_, field)| field),
    }
}

/// Whether repeating the same transaction may succeed.
pub(super) fn is_conflict(error: &surrealdb::Error) -> bool {
    matches!(error.details(), ErrorDetails::Query(Some(QueryError::TransactionConflict)))
        || error.message().ends_with(CONFLICT)
}

/// How a server ends what it says of a conflict, whose kind is lost on the way.
const CONFLICT: &str = "This transaction can be retried";

/// Whether the embedded database broke off a commit because of its disk. Only a commit that fails
/// as a whole begins so; what users wrote never stands in front.
pub(super) fn is_failed_write(error: &surrealdb::Error) -> bool {
    let told = error.message().strip_prefix(FAILED_COMMIT);
    told.is_some_and(|told| told.contains("IO error") || told.contains("Corruption"))
}

/// How SurrealDB begins to tell why a commit failed.
const FAILED_COMMIT: &str = "Cannot COMMIT: ";

/// Picks the cause among the errors of a transaction's statements: all but one only say that
/// they were not executed, and so does a commit that failed, but with the reason.
pub(super) fn cause(
    errors: impl IntoIterator<Item = surrealdb::Error>,
) -> Option<surrealdb::Error> {
    let follows = |error: &surrealdb::Error| {
        matches!(
            error.details(),
            ErrorDetails::Query(Some(QueryError::NotExecuted | QueryError::Cancelled))
        )
    };
    let mut errors: Vec<_> = errors.into_iter().collect();
    let first = |is: &dyn Fn(&surrealdb::Error) -> bool| errors.iter().position(is);
    let position = first(&|error| !follows(error))
        .or_else(|| first(&|error| error.message().starts_with(FAILED_COMMIT)))
        .or((!errors.is_empty()).then_some(0))?;
    Some(errors.swap_remove(position))
}

/// Turns the cause of a failed change into our own error.
pub(super) fn classify(error: surrealdb::Error) -> Error {
    let message = error.message();
    if message.contains(STALE) {
        return Error::Stale;
    }
    if message.contains(OVERTAKEN) {
        return Error::Overtaken;
    }
    if message.starts_with("Database record `") && message.ends_with("already exists") {
        return Error::Taken { field: "id".to_owned() };
    }
    let taken = message.strip_prefix("Database index `").and_then(|rest| rest.split_once('`'));
    match taken {
        Some((index, rest)) if rest.contains("already contains") => {
            Error::Taken { field: unique_field(index).to_owned() }
        }
        _ => error.into(),
    }
}
