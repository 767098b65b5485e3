//! Asks the index, off the async threads.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use allmende_index::{
    DidYouMean, Document, Facet, FacetCounts, Highlight, Hits, Index, Percolator, Query,
    SynonymGroup, TitleSuggestion,
};
use arc_swap::ArcSwap;
use tokio::sync::{Semaphore, watch};

use super::Error;
use crate::domain::{self, Thesaurus};

/// How many questions are answered at the same time, for each core: while some wait for the disk
/// others work.
const PLACES: usize = 2;
/// Who waits longer is told to come back.
const DEADLINE: Duration = Duration::from_secs(5);

/// The index as it is used for answers. Cheap to clone.
#[derive(Clone)]
pub struct Searcher {
    index: Arc<ArcSwap<Index>>,
    cursor: watch::Sender<u64>,
    stuck: Arc<AtomicBool>,
    /// The revision of the thesaurus, and its groups; held while the index changes.
    synonyms: Arc<Mutex<(u32, Vec<SynonymGroup>)>>,
    /// One for each question that may be answered at the same time.
    places: Arc<Semaphore>,
}

impl Searcher {
    /// A searcher on an index.
    #[must_use]
    pub fn new(index: Index) -> Self {
        let cursor = watch::Sender::new(index.cursor());
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            index: Arc::new(ArcSwap::from_pointee(index)),
            cursor,
            stuck: Arc::default(),
            synonyms: Arc::default(),
            places: Arc::new(Semaphore::new(cores * PLACES)),
        }
    }

    /// Answers from another index from now on.
    pub(super) fn swap(&self, index: Index) {
        let cursor = index.cursor();
        let synonyms = self.synonyms.lock().unwrap_or_else(PoisonError::into_inner);
        index.set_synonyms(&synonyms.1);
        self.index.store(Arc::new(index));
        drop(synonyms);
        self.reached(cursor);
        self.set_stuck(false);
    }

    /// Uses the words of a thesaurus from now on, whatever the index.
    pub fn set_thesaurus(&self, thesaurus: &Thesaurus) {
        #[expect(clippy::cast_possible_truncation, reason = "a weight from 0 to 1")]
        let group = |group: &domain::SynonymGroup| SynonymGroup {
            terms: group.terms.clone(),
            weight: group.weight as f32,
        };
        let groups: Vec<SynonymGroup> = thesaurus.groups.iter().map(group).collect();
        let mut synonyms = self.synonyms.lock().unwrap_or_else(PoisonError::into_inner);
        // Who makes a change and who follows the journal both tell of it; the newer one counts.
        if thesaurus.revision >= synonyms.0 {
            self.index.load().set_synonyms(&groups);
            *synonyms = (thesaurus.revision, groups);
        }
    }

    /// Tells whether the index follows the journal.
    pub(super) fn set_stuck(&self, stuck: bool) {
        self.stuck.store(stuck, Ordering::Relaxed);
    }

    /// Whether the index cannot follow the journal at the moment.
    #[must_use]
    pub fn is_stuck(&self) -> bool {
        self.stuck.load(Ordering::Relaxed)
    }

    /// Tells that the index has taken in the journal up to this entry.
    pub(super) fn reached(&self, cursor: u64) {
        self.cursor.send_replace(cursor);
    }

    /// The journal entry up to which the index answers.
    #[must_use]
    pub fn cursor(&self) -> u64 {
        *self.cursor.borrow()
    }

    /// The number of documents.
    #[must_use]
    pub fn documents(&self) -> u64 {
        self.index.load().len()
    }

    /// Waits until the index has taken in a journal entry.
    pub async fn wait_for(&self, seq: u64) {
        // The sender lives in `self`: waiting cannot fail.
        let _ended = self.cursor.subscribe().wait_for(|cursor| *cursor >= seq).await.is_err();
    }

    /// One page of hits.
    ///
    /// # Errors
    /// What the index says; a cursor of another order among it.
    pub async fn search(&self, query: Query) -> Result<Hits, Error> {
        self.ask(move |index| index.search(&query)).await
    }

    /// The values of facets and how many hits have them.
    ///
    /// # Errors
    /// What the index says.
    pub async fn facets(
        &self,
        query: Query,
        facets: Vec<Facet>,
    ) -> Result<Vec<FacetCounts>, Error> {
        self.ask(move |index| index.facets(&query, &facets)).await
    }

    /// A document as an index of its own, to be held against many queries.
    ///
    /// # Errors
    /// What the index says.
    pub async fn percolator(&self, document: Document) -> Result<Percolator, Error> {
        self.ask(move |index| index.percolator(document)).await
    }

    /// The text that was probably meant, and how many documents it finds.
    ///
    /// # Errors
    /// What the index says.
    pub async fn did_you_mean(&self, query: Query) -> Result<Option<DidYouMean>, Error> {
        self.ask(move |index| index.did_you_mean(&query)).await
    }

    /// Titles, and whole texts with their last word completed, for what somebody is typing.
    ///
    /// # Errors
    /// What the index says.
    pub async fn suggest(
        &self,
        typed: String,
        titles: Query,
        words: Query,
        size: usize,
    ) -> Result<(Vec<TitleSuggestion>, Vec<String>), Error> {
        self.ask(move |index| {
            Ok((
                index.suggest_titles(&typed, &titles, size)?,
                index.suggest_words(&typed, &words, size)?,
            ))
        })
        .await
    }

    /// Where the words of a query stand in documents.
    ///
    /// # Errors
    /// What the index says.
    pub async fn highlights(
        &self,
        query: Query,
        ids: Vec<String>,
    ) -> Result<HashMap<String, Vec<Highlight>>, Error> {
        self.ask(move |index| index.highlights(&query, &ids)).await
    }

    async fn ask<T, F>(&self, question: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnOnce(&Index) -> Result<T, allmende_index::Error> + Send + 'static,
    {
        let index = self.index.load_full();
        let answered = async {
            // Permits are never taken away for good.
            let permit = Arc::clone(&self.places).acquire_owned().await.map_err(|_| Error::Busy)?;
            let work = move || {
                let _permit = permit;
                question(&index)
            };
            Ok(tokio::task::spawn_blocking(work).await??)
        };
        tokio::time::timeout(DEADLINE, answered).await.map_err(|_| Error::Busy)?
    }
}
