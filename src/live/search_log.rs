//! Counts what is searched for, without knowing who searches.
//!
//! Sums are gathered in memory and written now and then; what a crash loses is some seconds of sums.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::NaiveDate;
use tokio_util::sync::CancellationToken;

use crate::domain::{Searched, countable};
use crate::store::{Error, Store};

/// How often sums are written.
const INTERVAL: Duration = Duration::from_secs(20);
/// More different texts are not counted between two writings.
const MOST_TEXTS: usize = 10_000;

/// The log of searches. Cheap to clone.
#[derive(Clone)]
pub struct SearchLog {
    store: Store,
    is_on: bool,
    sums: Arc<Mutex<HashMap<(NaiveDate, String), Searched>>>,
    /// Held while sums are on their way into the database.
    writing: Arc<tokio::sync::Mutex<()>>,
}

impl SearchLog {
    /// A log that writes to a database, or one that is switched off.
    #[must_use]
    pub fn new(store: Store, is_on: bool) -> Self {
        Self { store, is_on, sums: Arc::default(), writing: Arc::default() }
    }

    /// Whether anything is counted.
    #[must_use]
    pub const fn is_on(&self) -> bool {
        self.is_on
    }

    /// Counts a search, and how many entries matched all of it.
    pub fn searched(&self, text: &str, hits: u64, day: NaiveDate) {
        self.count(text, day, |sum| {
            sum.asked += 1;
            sum.hits = hits;
        });
    }

    /// Counts that somebody opened what a search had found.
    pub fn opened(&self, text: &str, day: NaiveDate) {
        self.count(text, day, |sum| {
            sum.opened += 1;
        });
    }

    fn count(&self, text: &str, day: NaiveDate, add: impl FnOnce(&mut Searched)) {
        let Some(text) = countable(text).filter(|_| self.is_on) else { return };
        let mut sums = self.sums.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (day, text);
        if sums.len() < MOST_TEXTS || sums.contains_key(&key) {
            let text = key.1.clone();
            let empty = || Searched { day, text, asked: 0, hits: 0, opened: 0 };
            add(sums.entry(key).or_insert_with(empty));
        }
    }

    /// Forgets texts that were counted, whether they are written or not.
    ///
    /// # Errors
    /// What the database says.
    pub async fn forget(&self, tells: impl Fn(&str) -> bool + Send) -> Result<(), Error> {
        let writing = self.writing.lock().await;
        self.sums
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .retain(|(_, text), _| !tells(text));
        let forgotten = self.store.forget_searches(tells).await;
        drop(writing);
        forgotten
    }

    /// Writes what was counted.
    ///
    /// # Errors
    /// What the database says; then the sums are kept for the next time.
    pub async fn write(&self) -> Result<(), Error> {
        let _writing = self.writing.lock().await;
        let taken = std::mem::take(&mut *self.sums.lock().unwrap_or_else(PoisonError::into_inner));
        if taken.is_empty() {
            return Ok(());
        }
        let searches: Vec<Searched> = taken.values().cloned().collect();
        let written = self.store.count_searches(&searches).await;
        if written.is_err() {
            let mut sums = self.sums.lock().unwrap_or_else(PoisonError::into_inner);
            for (key, sum) in taken {
                let known = sums.entry(key).or_insert_with(|| Searched {
                    asked: 0,
                    opened: 0,
                    ..sum.clone()
                });
                known.asked += sum.asked;
                known.opened += sum.opened;
            }
        }
        written
    }

    /// Writes now and then until the end of the program.
    pub async fn run(self, shutdown: CancellationToken) {
        while !shutdown.is_cancelled() {
            let _ended = shutdown.run_until_cancelled(tokio::time::sleep(INTERVAL)).await.is_none();
            if let Err(error) = self.write().await {
                tracing::warn!(%error, "the log of searches could not be written");
            }
        }
    }
}
