//! New entries against the queries that wait for them.
//!
//! An entry that many wait for is taken for itself once, as an index of one document, and each
//! query asks that. What somebody missed is many entries against one query: then the large index
//! is asked once for all of them. Both match with the same analysis; a test holds them together.

use std::collections::HashSet;
use std::sync::Arc;

use allmende_index::{Filter, Page, Percolator, Query};
use quick_cache::sync::Cache;
use tokio::sync::OnceCell;

use super::projection::document;
use super::{Directory, Error, Searcher, unless_unreadable};
use crate::domain::NodeId;
use crate::store::Store;

/// How many entries are kept as indexes of their own, some 100 KB each.
const KEPT: usize = 64;
/// More entries than this are asked for together.
const FEW: usize = 4;

/// An entry as an index of its own; nothing if it is gone.
type Alone = Arc<OnceCell<Option<Percolator>>>;

/// Tells which entries a query would find. Cheap to clone.
#[derive(Clone)]
pub struct Percolation {
    store: Store,
    directory: Directory,
    searcher: Searcher,
    /// By the number of the journal entry that told of them.
    alone: Arc<Cache<u64, Alone>>,
}

/// An entry of which the journal told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The number of the journal entry.
    pub seq: u64,
    /// What it is about.
    pub subject: NodeId,
}

/// Whether entries have just come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Age {
    /// The journal has just told of them, and many wait for them.
    New,
    /// Somebody has missed them.
    Missed,
}

impl Percolation {
    /// On the index that a searcher asks.
    #[must_use]
    pub fn new(store: Store, directory: Directory, searcher: Searcher) -> Self {
        Self { store, directory, searcher, alone: Arc::new(Cache::new(KEPT)) }
    }

    /// Those of some entries that a query finds, by the numbers of the journal. Waits until the
    /// index has taken them in: whoever is told of one finds it. What is new is asked as it was when
    /// the journal told of it, what was missed as it is now.
    ///
    /// # Errors
    /// What the database or the index says.
    pub async fn select(
        &self,
        query: &Query,
        entries: &[Entry],
        age: Age,
    ) -> Result<HashSet<u64>, Error> {
        let Some(last) = entries.iter().map(|entry| entry.seq).max() else {
            return Ok(HashSet::new());
        };
        self.searcher.wait_for(last).await;
        if age == Age::Missed || entries.len() > FEW {
            return self.select_many(query, entries).await;
        }
        let mut selected = HashSet::new();
        for entry in entries {
            let alone = self.alone(entry).await?;
            if let Some(Some(alone)) = alone.get()
                && alone.holds(query)?
            {
                selected.insert(entry.seq);
            }
        }
        Ok(selected)
    }

    async fn alone(&self, entry: &Entry) -> Result<Alone, Error> {
        let made: Result<Alone, std::convert::Infallible> =
            self.alone.get_or_insert_with(&entry.seq, || Ok(Alone::default()));
        let alone = made.unwrap_or_default();
        let make = async {
            let tables = self.directory.tables();
            let found = document(&self.store, &tables, &entry.subject).await;
            match unless_unreadable(found, &entry.subject)? {
                Some(document) => Ok(Some(self.searcher.percolator(document).await?)),
                None => Ok::<_, Error>(None),
            }
        };
        alone.get_or_try_init(|| make).await?;
        Ok(alone)
    }

    async fn select_many(&self, query: &Query, entries: &[Entry]) -> Result<HashSet<u64>, Error> {
        let ids: Vec<String> = entries.iter().map(|entry| entry.subject.to_string()).collect();
        let these = Filter::Id(ids.clone());
        let query = Query {
            lenient: false,
            filter: Filter::And(vec![these, query.filter.clone()]),
            page: Page { size: entries.len(), ..Page::default() },
            ..query.clone()
        };
        let hits = loop {
            match self.searcher.search(query.clone()).await {
                // Whoever is told of something waits for nobody; it may come a little later.
                Err(Error::Busy) => tokio::task::yield_now().await,
                found => break found?,
            }
        };
        let found: HashSet<String> = hits.hits.into_iter().map(|hit| hit.id).collect();
        let selected = entries.iter().zip(ids).filter(|(_, id)| found.contains(id));
        Ok(selected.map(|(entry, _)| entry.seq).collect())
    }
}
