//! Where everything is kept: SurrealDB, embedded on RocksDB, in memory, or on a server.
//!
//! The only place that names SurrealDB. Repositories take and return domain types.

mod cache;
mod commit;
mod connect;
mod error;
mod journal;
mod migrate;
mod queries;
mod record;
mod tables;
mod value;

pub(crate) use record::Record;

pub use commit::Change;
pub use connect::{Credentials, Location};
pub use error::Error;

use std::sync::Arc;

use surrealdb::Surreal;
use surrealdb::engine::any::Any;
use tokio::sync::watch;

/// The connection to the database. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    /// Shared, never cloned: every clone of a client is a session of its own for SurrealDB, made by
    /// a background task that falls behind when each request brings one.
    database: Arc<Surreal<Any>>,
    head: watch::Sender<u64>,
    cache: cache::RecordCache,
}

#[cfg(test)]
mod tests;
