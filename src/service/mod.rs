//! The use cases: who may, what is valid, what is written. One file per aggregate.

mod accounts;
mod adoptions;
mod attempts;
mod choices;
mod contacts;
mod courier;
mod dump;
mod erasure;
mod error;
mod events;
mod feedback;
mod feeds;
mod files;
mod identities;
mod import;
mod leases;
mod lifecycle;
mod limiter;
mod links;
mod listing;
mod managed;
mod merging;
mod open_data;
mod organisations;
mod outbox;
mod passwords;
mod peers;
mod presence;
mod processes;
mod questions;
mod records;
mod references;
mod reviews;
mod routing;
mod searched;
mod steps;
mod sweeping;
mod thesaurus;
mod tokens;
mod typed;
mod values;
mod versions;
mod watching;
mod webhooks;

pub(crate) use accounts::AccountChange;
pub use attempts::Attempts;
pub use choices::{
    AdoptionFilter, MunicipalityFilter, OrganisationFilter, QuestionFilter, SolutionFilter,
    feedback_on,
};
pub use courier::{Courier, CourierSettings, Sent};
pub use dump::{DumpError, Exported, Restored, export, restore};
pub use error::Error;
pub use events::Seen;
pub use feeds::{FeedEntry, FeedOf, FeedPage};
pub use identities::{Returned, SignInError};
pub use import::{
    BadRow, ImportError, Imported, OpenRow, Register, RegisterError, RegisterOutcome, Seed, Sheet,
    SheetError, SheetOrder, SheetOutcome, import_reference, import_register, told, told_rows,
};
pub(crate) use lifecycle::Deed;
pub use links::{CheckedLink, LinkReport, LinkSelection};
pub use listing::{Alike, ListError, Listed, Listing, Suggestions};
pub use open_data::OpenPage;
pub use outbox::Outbox;
pub(crate) use outbox::Request;
pub(crate) use passwords::Passwords;
pub use peers::{Peer, PeerListing, PeerPage, Wanted};
pub use presence::SignOuts;
pub use reviews::{Looked, Reviewed};
pub use sweeping::Swept;
pub(crate) use tokens::NewToken;
pub use typed::Hint;
pub(crate) use watching::NewWatch;
pub use watching::{Foreseen, ReadSelection};
pub(crate) use webhooks::WebhookChange;
use webhooks::caretaker;

use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::time::timeout;

use crate::domain::{
    Clock, Event, EventKind, Ids, MunicipalityId, NodeId, PublicUrl, Subject, Viewer,
};
use crate::files::Files;
use crate::live::{Directory, Feed, Percolation, SearchLog, Searcher};
use crate::outbound::Provider;
use crate::store::{Change, Store};

/// How long a change waits until the directory has taken it in, at most.
const PATIENCE: Duration = Duration::from_secs(2);

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
    /// New entries against queries that wait for them.
    pub(crate) percolation: Percolation,
    /// What is searched for.
    pub(crate) search_log: SearchLog,
    /// Uploaded files.
    pub(crate) files: Files,
    /// Tries to sign in of late.
    pub(crate) attempts: Attempts,
    /// Who hashes passwords.
    pub(crate) passwords: Passwords,
    /// Mail.
    pub(crate) outbox: Outbox,
    /// Who brings messages to webhooks.
    pub(crate) courier: Courier,
    /// Sign-outs, for streams that end with them.
    pub(crate) sign_outs: SignOuts,
    /// Where people sign in, if it is not only here.
    pub(crate) provider: Option<Provider>,
    /// How what a watch selects is read.
    pub(crate) read_selection: ReadSelection,
    /// Where people reach the hub, for what has to name it.
    pub(crate) public_url: Option<PublicUrl>,
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
    /// The database, for commands and health checks.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Uploaded files, for commands.
    #[must_use]
    pub fn files(&self) -> &Files {
        &self.files
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

    /// Mail.
    #[must_use]
    pub fn outbox(&self) -> &Outbox {
        &self.outbox
    }

    /// Who brings messages to webhooks.
    #[must_use]
    pub fn courier(&self) -> &Courier {
        &self.courier
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Where people reach the hub, for what has to name it: redirects, mails, feeds.
    #[must_use]
    pub fn public_url(&self) -> Option<&PublicUrl> {
        self.public_url.as_ref()
    }

    /// Writes a change with its journal entry.
    pub(crate) async fn commit(
        &self,
        viewer: &Viewer,
        change: Change,
        note: Note,
    ) -> Result<Event, Error> {
        let event = self.store.commit(change, self.entry(viewer, note)?).await?;
        self.until_directory_knows(&event, event.seq).await;
        Ok(event)
    }

    /// Writes a change of several records, with a journal entry for each.
    pub(crate) async fn commit_all(
        &self,
        viewer: &Viewer,
        change: Change,
        notes: Vec<Note>,
    ) -> Result<(), Error> {
        let events = notes.into_iter().map(|note| self.entry(viewer, note));
        let events: Vec<Event> = events.collect::<Result<_, _>>()?;
        let last = self.store.commit_all(change, &events).await?;
        for event in &events {
            self.until_directory_knows(event, last).await;
        }
        Ok(())
    }

    fn entry(&self, viewer: &Viewer, note: Note) -> Result<Event, Error> {
        Ok(Event {
            seq: 0,
            kind: note.kind,
            subject: Subject(note.subject),
            municipalities: note.municipalities,
            public: note.public,
            actor: viewer.actor().ok_or(Error::Unauthenticated)?,
            at: self.clock.now(),
            title: note.title,
            erases: false,
        })
    }

    /// Who has changed it reads it changed. Should the directory be held up, it follows later.
    async fn until_directory_knows(&self, event: &Event, seq: u64) {
        if kept_in_directory(&event.subject.0) {
            let _late = timeout(PATIENCE, self.feed.reached(seq)).await.is_err();
        }
    }
}

/// Whether answers take something from memory that the directory keeps up to date.
fn kept_in_directory(subject: &NodeId) -> bool {
    matches!(
        subject,
        NodeId::Municipality(_)
            | NodeId::Profile(_)
            | NodeId::Topic(_)
            | NodeId::TargetGroup(_)
            | NodeId::Programme(_)
            | NodeId::Thesaurus(_)
            | NodeId::Adoption(_)
    )
}
