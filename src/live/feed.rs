//! The journal for everybody who follows it: one reader of the database, many followers.
//!
//! A follower pulls with its own cursor. What is recent comes from a ring in memory, what is older
//! from the database; both are the same call. So replay and live are one loop and there is no seam
//! at which an entry could be lost or doubled, and a slow follower costs nobody anything.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, watch};
use tokio_util::sync::CancellationToken;

use super::{Directory, Error};
use crate::domain::Event;
use crate::store::Store;

/// How many entries the ring keeps.
const KEPT: usize = 4_096;
/// How many entries are read at once.
const BATCH: usize = 500;
/// How many followers read from the database at a time: after a restart all of them come back at once.
const READERS: usize = 4;
/// How often the database is asked for entries of other nodes.
const POLL: Duration = Duration::from_millis(500);
/// The pause after an error of the database.
const RECOVERY: Duration = Duration::from_secs(1);

/// The feed of journal entries. Cheap to clone.
#[derive(Clone)]
pub struct Feed {
    store: Store,
    directory: Directory,
    ring: Arc<Mutex<VecDeque<Arc<Event>>>>,
    newest: watch::Sender<u64>,
    readers: Arc<Semaphore>,
}

impl Feed {
    /// A feed that starts behind the entries which the directory has seen.
    #[must_use]
    pub fn new(store: Store, directory: Directory, seen: u64) -> Self {
        let (ring, readers) = (Arc::default(), Arc::new(Semaphore::new(READERS)));
        Self { store, directory, ring, newest: watch::Sender::new(seen), readers }
    }

    /// Reads the journal until the end of the program.
    pub async fn run(self, shutdown: CancellationToken) {
        if let Err(error) = self.recall().await {
            tracing::warn!(%error, "what happened last is not in memory; it is read when it is asked for");
        }
        let mut head = self.store.watch_head();
        while !shutdown.is_cancelled() {
            let newest = self.newest();
            match self.advance().await {
                Ok(0) => tokio::select! {
                    () = shutdown.cancelled() => {}
                    _ = head.wait_for(|head| *head > newest) => {}
                    () = tokio::time::sleep(POLL) => {}
                },
                Ok(_) => {}
                // The head may be ahead already, so only time can help.
                Err(error) => {
                    tracing::error!(%error, "the journal cannot be read");
                    tokio::select! {
                        () = shutdown.cancelled() => {}
                        () = tokio::time::sleep(RECOVERY) => {}
                    }
                }
            }
        }
    }

    /// Takes the last entries into memory that the directory has seen: who was connected to another
    /// node, or to this one before it started anew, comes back for them.
    async fn recall(&self) -> Result<(), Error> {
        let newest = self.newest();
        let mut after = newest.saturating_sub(KEPT as u64);
        let mut events = VecDeque::new();
        while after < newest {
            let read = self.store.journal(after, BATCH).await?;
            let Some(last) = read.last() else { break };
            after = last.seq;
            events.extend(read.into_iter().filter(|event| event.seq <= newest).map(Arc::new));
        }
        *self.ring.lock().unwrap_or_else(PoisonError::into_inner) = events;
        Ok(())
    }

    /// Reads the next entries from the database, and tells how many there were.
    async fn advance(&self) -> Result<usize, Error> {
        let newest = self.newest();
        let events: Vec<_> =
            self.store.journal(newest, BATCH).await?.into_iter().map(Arc::new).collect();
        let Some(last) = events.last().map(|event| event.seq) else { return Ok(0) };
        events.iter().for_each(|event| self.store.forget(&event.subject.0));
        self.directory.follow(&events).await?;
        let count = events.len();
        {
            let mut ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
            ring.extend(events);
            let surplus = ring.len().saturating_sub(KEPT);
            ring.drain(..surplus);
        }
        self.newest.send_replace(last);
        Ok(count)
    }

    /// The number of the newest entry that followers can have.
    #[must_use]
    pub fn newest(&self) -> u64 {
        *self.newest.borrow()
    }

    /// Waits until followers can have an entry.
    pub async fn reached(&self, seq: u64) {
        // The sender lives in `self`: waiting cannot fail.
        let _ended = self.newest.subscribe().wait_for(|newest| *newest >= seq).await.is_err();
    }

    /// Waits until an entry after this number is there, and gives those that follow.
    ///
    /// # Errors
    /// What the database says, for entries that have left the ring.
    pub async fn next(&self, after: u64) -> Result<Vec<Arc<Event>>, Error> {
        let mut newest = self.newest.subscribe();
        loop {
            // The sender lives in `self`: waiting cannot fail.
            if newest.wait_for(|newest| *newest > after).await.is_err() {
                return Ok(Vec::new());
            }
            let mut events = match self.recent(after) {
                Some(events) => events,
                None => self.older(after).await?,
            };
            // The database may be ahead of the directory, without which nobody can work.
            let newest = self.newest();
            events.retain(|event| event.seq <= newest);
            if !events.is_empty() {
                return Ok(events);
            }
        }
    }

    /// The entries after a number, from the database.
    async fn older(&self, after: u64) -> Result<Vec<Arc<Event>>, Error> {
        // It is never closed, so there is a turn for everybody.
        let _turn = self.readers.acquire().await;
        Ok(self.store.journal(after, BATCH).await?.into_iter().map(Arc::new).collect())
    }

    /// The entries after a number, if the ring still holds the first of them.
    fn recent(&self, after: u64) -> Option<Vec<Arc<Event>>> {
        let ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
        let first = ring.front()?.seq;
        let skip = usize::try_from((after + 1).checked_sub(first)?).ok()?;
        Some(ring.iter().skip(skip).take(BATCH).cloned().collect())
    }
}
