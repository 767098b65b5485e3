//! The use cases: who may, what is valid, what is written. One file per aggregate.

mod error;
mod events;
mod import;
mod listing;
mod managed;
mod records;
mod references;
mod tokens;

pub use error::Error;
pub use events::Seen;
pub use import::{ImportError, Imported, Seed};
pub use listing::{Alike, ListError, Listed, Listing, MunicipalityFilter, SolutionFilter};

use crate::domain::{Actor, Clock, Event, EventKind, Ids, MunicipalityId, NodeId, Subject, Viewer};
use crate::live::{Directory, Feed, Searcher};
use crate::store::{Change, Store};

/// Everything that use cases work with. Cheap to clone.
#[derive(Clone)]
pub struct Services {
    /// The database.
    pub(crate) store: Store,
    /// Municipalities and vocabularies in memory.
    pub(crate) directory: Directory,
    /// The journal.
    pub(crate) feed: Feed,
    /// The index.
    pub(crate) searcher: Searcher,
    /// The time.
    pub(crate) clock: Clock,
    /// Fresh keys.
    pub(crate) ids: Ids,
}

/// What the journal is told of a change.
pub(crate) struct Note {
    pub(crate) kind: EventKind,
    pub(crate) subject: NodeId,
    pub(crate) municipalities: Vec<MunicipalityId>,
    pub(crate) public: bool,
    pub(crate) title: Option<String>,
}

impl Services {
    /// Services on these parts.
    #[must_use]
    pub fn new(
        store: Store,
        directory: Directory,
        feed: Feed,
        searcher: Searcher,
        clock: Clock,
        ids: Ids,
    ) -> Self {
        Self { store, directory, feed, searcher, clock, ids }
    }

    /// The database, for commands and health checks.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The directory.
    #[must_use]
    pub fn directory(&self) -> &Directory {
        &self.directory
    }

    /// The journal's feed.
    #[must_use]
    pub fn feed(&self) -> &Feed {
        &self.feed
    }

    /// The index.
    #[must_use]
    pub fn searcher(&self) -> &Searcher {
        &self.searcher
    }

    /// Writes a change with its journal entry.
    pub(crate) async fn commit(
        &self,
        viewer: &Viewer,
        change: Change,
        note: Note,
    ) -> Result<Event, Error> {
        let actor: Actor = viewer.actor().ok_or(Error::Unauthenticated)?;
        let event = Event {
            seq: 0,
            kind: note.kind,
            subject: Subject(note.subject),
            municipalities: note.municipalities,
            public: note.public,
            actor,
            at: self.clock.now(),
            title: note.title,
        };
        Ok(self.store.commit(change, event).await?)
    }
}
