//! Keeps the index in step with the journal.
//!
//! The cursor lies in the index's own commit, so both always agree, and a restart goes on where
//! the last commit ended. Taking an entry in twice does no harm: what is written is always the
//! record as it is now.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use allmende_index::{Document, Root, Writer};
use tokio_util::sync::CancellationToken;

use super::projection::document;
use super::rebuild::{Silent, rebuild};
use super::{Directory, Error, Feed, Searcher, unless_unreadable};
use crate::domain::{Adoption, Event, EventKind, NodeId};
use crate::store::Store;

/// The pause after an error.
const RECOVERY: Duration = Duration::from_secs(1);
/// After how many failures in a row the index is given up and built anew, again and again.
const PATIENCE: u32 = 3;
/// How many failures lie between two attempts to build it anew.
const REST: u32 = 30;

/// A follower of the journal that writes the index.
pub struct Projector {
    store: Store,
    directory: Directory,
    feed: Feed,
    searcher: Searcher,
    /// The directory of the index; none in memory.
    root: Option<Root>,
    /// None only while a new index is being built.
    writer: Arc<Mutex<Option<Writer>>>,
}

impl Projector {
    /// A projector that goes on where the index stands; without a writer it builds another index
    /// first, and the one it was given answers until then.
    #[must_use]
    pub fn new(
        store: Store,
        directory: Directory,
        feed: Feed,
        searcher: Searcher,
        root: Option<Root>,
        writer: Option<Writer>,
    ) -> Self {
        let writer = Arc::new(Mutex::new(writer));
        Self { store, directory, feed, searcher, root, writer }
    }

    /// Follows the journal until the end of the program. A batch that was begun is finished.
    pub async fn run(self, shutdown: CancellationToken) {
        let mut failures = 0;
        if self.writer.lock().unwrap_or_else(PoisonError::into_inner).is_none() {
            self.heal().await;
        }
        loop {
            let events = tokio::select! {
                () = shutdown.cancelled() => break,
                events = self.feed.next(self.searcher.cursor()) => events,
            };
            let done = match events {
                Ok(events) => self.take_in(&events).await,
                Err(error) => Err(error),
            };
            self.searcher.set_stuck(done.is_err());
            let Err(error) = done else {
                failures = 0;
                continue;
            };
            tracing::error!(%error, "the index cannot follow the journal; trying again");
            failures += 1;
            if matches!(error, Error::Index(_)) && failures % REST == PATIENCE {
                self.heal().await;
            }
            let _end = shutdown.run_until_cancelled(tokio::time::sleep(RECOVERY)).await.is_none();
        }
        if let Err(error) = self.with_writer(Writer::settle).await {
            tracing::error!(%error, "the index did not end well");
        }
    }

    /// Works with the writer off the async threads; without one, as long as an index could not be
    /// built, only the failure is told.
    async fn with_writer(
        &self,
        work: impl FnOnce(&mut Writer) -> Result<(), allmende_index::Error> + Send + 'static,
    ) -> Result<(), Error> {
        let writer = Arc::clone(&self.writer);
        let work = move || match writer.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            Some(writer) => work(writer),
            None => Err(allmende_index::Error::Busy("no index could be built yet".to_owned())),
        };
        Ok(tokio::task::spawn_blocking(work).await??)
    }

    /// Builds a new index, as somebody may have taken the files of the old one away, and answers
    /// from it. Until then the old one answers as far as it can.
    async fn heal(&self) {
        let Some(root) = &self.root else { return };
        tracing::warn!("building a new index");
        // Its lock on the directory goes with it.
        drop(self.writer.lock().unwrap_or_else(PoisonError::into_inner).take());
        match rebuild(&self.store, root, &mut Silent).await {
            Ok((index, writer)) => {
                *self.writer.lock().unwrap_or_else(PoisonError::into_inner) = Some(writer);
                self.searcher.swap(index);
            }
            Err(error) => tracing::error!(%error, "the index could not be built anew"),
        }
    }

    async fn take_in(&self, events: &[Arc<Event>]) -> Result<(), Error> {
        let Some(last) = events.last().map(|event| event.seq) else { return Ok(()) };
        if events.iter().any(|event| matches!(event.subject.0, NodeId::Thesaurus(_))) {
            self.searcher.set_thesaurus(&self.directory.tables().thesaurus);
        }
        let mut changes = Vec::new();
        for subject in self.affected(events).await? {
            let document = document(&self.store, &self.directory.tables(), &subject).await;
            let document = unless_unreadable(document, &subject)?;
            changes.push((subject.to_string(), document));
        }
        let erases = events.iter().any(|event| event.erases);
        self.with_writer(move |writer| write(writer, changes, last, erases)).await?;
        self.searcher.reached(last);
        Ok(())
    }

    /// The records whose documents change with these events, each once: their subjects, and what
    /// carries names and figures of them.
    async fn affected(&self, events: &[Arc<Event>]) -> Result<HashSet<NodeId>, Error> {
        let mut affected = HashSet::new();
        let mut causes = HashSet::new();
        for event in events {
            let subject = &event.subject.0;
            affected.insert(subject.clone());
            match (subject, event.kind) {
                (_, EventKind::MunicipalityUpdated | EventKind::VocabularyUpdated) => {
                    causes.insert(subject.clone());
                }
                (NodeId::Profile(_), _) => {
                    causes.extend(event.municipalities.iter().cloned().map(NodeId::from));
                }
                // How well a solution is proven depends on who took it over.
                (NodeId::Adoption(id), _) => {
                    let adoption = self.store.get::<Adoption>(id).await.map_err(Error::from);
                    let adoption = unless_unreadable(adoption, id)?;
                    affected.extend(adoption.map(|adoption| NodeId::from(adoption.solution)));
                }
                _ => {}
            }
        }
        affected.extend(self.store.dependants(&causes).await?);
        affected.extend(causes);
        Ok(affected)
    }
}

fn write(
    writer: &mut Writer,
    changes: Vec<(String, Option<Document>)>,
    cursor: u64,
    erases: bool,
) -> Result<(), allmende_index::Error> {
    for (id, document) in changes {
        match document {
            Some(document) => writer.put(document)?,
            None => writer.delete(&id)?,
        }
    }
    if erases {
        // The cursor passes an erasure only once the files are free of what was erased: if the
        // process ends in between, the next one does it again.
        writer.commit(writer.index().cursor())?;
        writer.purge()?;
    }
    writer.commit(cursor)
}
