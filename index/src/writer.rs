//! Changes the index.

use std::fs::File;
use std::sync::Arc;

use tantivy::indexer::IndexWriterOptions;
use tantivy::merge_policy::LogMergePolicy;
use tantivy::{IndexWriter, Term};

use crate::document::Document;
use crate::error::Error;
use crate::index::Index;
use crate::payload::Payload;
use crate::schema;

/// How much is gathered in memory before it goes to disk.
const MEMORY: usize = 50_000_000;
/// A segment with more deleted documents than this share is written anew.
const DELETED_AT_MOST: f32 = 0.25;

/// The one writer of an index.
///
/// Changes become visible and durable together, at [`Writer::commit`].
///
/// After an error all changes since the last commit are lost: the next call starts afresh from that commit.
/// The caller then projects again from [`Index::cursor`]; repeating a change does no harm.
pub struct Writer {
    index: Index,
    /// Gone after an error, until the next call.
    engine: Option<Box<IndexWriter>>,
    /// Keeps other processes away from the directory.
    _in_use: Option<Arc<File>>,
}

impl Writer {
    pub(crate) fn open(index: Index, in_use: Option<Arc<File>>) -> Result<Self, Error> {
        let engine = Some(start(&index)?);
        Ok(Self { index, engine, _in_use: in_use })
    }

    /// Adds a document, or replaces the one with its id.
    pub fn put(&mut self, document: Document) -> Result<(), Error> {
        let id = Term::from_field_text(schema::ID, &document.id);
        let entry = schema::entry(document);
        self.attempt(|engine| {
            engine.delete_term(id);
            engine.add_document(entry)
        })?;
        Ok(())
    }

    /// Removes a document, if it is there.
    pub fn delete(&mut self, id: &str) -> Result<(), Error> {
        self.attempt(|engine| Ok(engine.delete_term(Term::from_field_text(schema::ID, id))))?;
        Ok(())
    }

    /// Makes all changes durable, then searchable, as of this entry of the journal.
    pub fn commit(&mut self, cursor: u64) -> Result<(), Error> {
        let payload = Payload::new(self.index.source(), cursor).write();
        self.attempt(|engine| {
            let mut prepared = engine.prepare_commit()?;
            prepared.set_payload(&payload);
            prepared.commit()
        })?;
        Ok(self.index.publish(cursor)?)
    }

    /// Waits until nothing of this writer touches the disk any more. What was not committed is lost.
    pub fn settle(&mut self) -> Result<(), Error> {
        match self.engine.take() {
            Some(engine) => Ok(engine.wait_merging_threads()?),
            None => Ok(()),
        }
    }

    /// The searchable side.
    #[must_use]
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// Does something with the engine's writer, and drops that writer if it fails: it may be beyond repair,
    /// and its own `rollback` can panic.
    fn attempt<T>(
        &mut self,
        change: impl FnOnce(&mut IndexWriter) -> tantivy::Result<T>,
    ) -> Result<T, Error> {
        let mut engine = match self.engine.take() {
            Some(engine) => engine,
            None => start(&self.index)?,
        };
        let done = change(&mut engine)?;
        self.engine = Some(engine);
        Ok(done)
    }
}

fn start(index: &Index) -> tantivy::Result<Box<IndexWriter>> {
    let options = IndexWriterOptions::builder()
        .num_worker_threads(1)
        .memory_budget_per_thread(MEMORY)
        .num_merge_threads(1)
        .build();
    let engine: IndexWriter = index.engine().writer_with_options(options)?;
    let mut policy = LogMergePolicy::default();
    policy.set_del_docs_ratio_before_merge(DELETED_AT_MOST);
    engine.set_merge_policy(Box::new(policy));
    Ok(Box::new(engine))
}
