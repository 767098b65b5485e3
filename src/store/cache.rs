//! Records in memory: a bounded number of those that were read last.
//!
//! A record leaves the cache when it is written here, and when the journal tells that another node
//! wrote it. A reader that was overtaken by a write must not put the old record back: every
//! removal raises a counter, and a reader keeps nothing if the counter moved while it read.

use std::any::Any;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use quick_cache::sync::Cache;

use super::record::Record;
use super::{Error, Store};
use crate::domain::NodeId;

/// How many records are kept, about 5 KB each.
const KEPT: usize = 5_000;

/// Table and bare key.
type Key = (&'static str, String);

/// The records that were read last.
#[derive(Clone)]
pub(super) struct RecordCache {
    records: Arc<Cache<Key, Arc<dyn Any + Send + Sync>>>,
    removals: Arc<AtomicU64>,
}

impl RecordCache {
    pub(super) fn new() -> Self {
        Self { records: Arc::new(Cache::new(KEPT)), removals: Arc::default() }
    }

    fn get<R: Record>(&self, id: &R::Id) -> Option<Arc<R>> {
        self.records.get(&(R::TABLE, R::key(id)))?.downcast().ok()
    }

    fn keep<R: Record>(&self, record: &Arc<R>, removals: u64) {
        if self.removals.load(Ordering::SeqCst) != removals {
            return;
        }
        let key = (R::TABLE, R::key(record.id()));
        self.records.insert(key.clone(), Arc::clone(record) as Arc<dyn Any + Send + Sync>);
        if self.removals.load(Ordering::SeqCst) != removals {
            self.records.remove(&key);
        }
    }

    pub(super) fn remove(&self, table: &'static str, key: String) {
        self.removals.fetch_add(1, Ordering::SeqCst);
        self.records.remove(&(table, key));
    }
}

impl Store {
    /// The records of these keys that exist: from memory, the others with one query.
    pub(crate) async fn get_cached<R: Record>(
        &self,
        ids: &[R::Id],
    ) -> Result<HashMap<R::Id, Arc<R>>, Error> {
        let mut found = HashMap::with_capacity(ids.len());
        let mut missing = Vec::new();
        for id in ids {
            match self.cache.get::<R>(id) {
                Some(record) => drop(found.insert(id.clone(), record)),
                None => missing.push(id.clone()),
            }
        }
        if !missing.is_empty() {
            let removals = self.cache.removals.load(Ordering::SeqCst);
            for (id, record) in self.get_many::<R>(&missing).await? {
                let record = Arc::new(record);
                self.cache.keep(&record, removals);
                found.insert(id, record);
            }
        }
        Ok(found)
    }

    /// Forgets a record that was written, here or on another node.
    pub(crate) fn forget(&self, subject: &NodeId) {
        if let Some(table) = super::tables::table_of(subject.kind()) {
            self.cache.remove(table, subject.key());
        }
    }
}
