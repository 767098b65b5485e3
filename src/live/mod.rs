//! The views that follow the journal: directory, feed, index.
//!
//! Each can be thrown away and rebuilt from the database.

mod directory;
mod feed;
mod peers;
mod percolation;
mod place;
mod projection;
mod projector;
mod rebuild;
mod search_log;
mod searcher;
mod tables;

pub use directory::Directory;
pub use feed::Feed;
pub use peers::{Compared, Comparer};
pub use percolation::{Age, Entry, Percolation};
pub use place::{Origin, Place};
pub use projector::Projector;
pub use rebuild::{Progress, Silent, rebuild};
pub use search_log::SearchLog;
pub use searcher::Searcher;
pub use tables::{Tables, begins_within};

use std::fmt::Display;

use crate::store;

/// What can go wrong in a view.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The index.
    #[error("index: {0}")]
    Index(#[from] allmende_index::Error),
    /// More is searched for than can be answered in time.
    #[error("too many searches at the moment: try again in a moment")]
    Busy,
    /// A task of the program was cut off, at its end or by a defect.
    #[error("a background task ended early: {0}")]
    Task(#[from] tokio::task::JoinError),
}

/// Takes a record that cannot be read for none, and says in the log which it is: it must not hold
/// up all others for ever. Everything else, a database that is away above all, is worth another try.
fn unless_unreadable<T: Default>(read: Result<T, Error>, of: &impl Display) -> Result<T, Error> {
    match read {
        Err(Error::Store(error @ store::Error::Unreadable { .. })) => {
            tracing::error!(%error, %of, "passing over a record");
            Ok(T::default())
        }
        other => other,
    }
}
