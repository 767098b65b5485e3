//! Where everything is kept: SurrealDB, embedded on RocksDB, in memory, or on a server.
//!
//! The only place that names SurrealDB. Repositories take and return domain types.

mod cache;
mod commit;
mod connect;
pub(crate) mod dump;
mod erasure;
mod error;
mod files;
mod journal;
mod lease;
mod migrate;
mod outbox;
mod queries;
mod reach;
mod reading;
mod record;
mod reference;
mod reuse;
mod reviews;
mod searched;
mod sign_in;
mod tables;
mod value;
mod watches;
mod webhooks;

pub(crate) use journal::{Order, Trail};
pub(crate) use record::Record;
pub(crate) use webhooks::DeliveryRange;

pub use commit::Change;
pub use connect::{Credentials, Location};
pub use error::Error;
pub use lease::Lease;

use std::path::PathBuf;
use std::sync::Arc;

use reach::Database;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// The connection to the database. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    /// Shared, never cloned: every clone of a client is a session of its own for SurrealDB, made by
    /// a background task that falls behind when each request brings one.
    database: Arc<Database>,
    head: watch::Sender<u64>,
    cache: cache::RecordCache,
    /// Whether anything outlives the process.
    keeps_files: bool,
    /// Where they lie, if this process itself writes them.
    directory: Option<PathBuf>,
    /// Set once the database could not write what it was given: see [`Store::failed`].
    failure: CancellationToken,
}

impl Store {
    /// Waits until the database cannot go on.
    ///
    /// An embedded database that fails in the middle of a commit, on a full disk for instance,
    /// may show in memory what it has not written, and takes no further change. What is on the
    /// disk is sound, so the process should end and start again from there.
    pub async fn failed(&self) {
        self.failure.cancelled().await;
    }

    /// Whether the database cannot go on.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        self.failure.is_cancelled()
    }
}

#[cfg(test)]
mod tests;
