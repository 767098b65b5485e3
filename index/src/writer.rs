//! Changes the index.

use std::collections::HashSet;
use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::sleep;
use std::time::Duration;

use tantivy::indexer::IndexWriterOptions;
use tantivy::merge_policy::{LogMergePolicy, NoMergePolicy};
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
/// How often the files of old segments are looked for while somebody may still read them …
const MOST_LOOKS: u32 = 200;
/// … and the pause between two looks.
const LOOK_AGAIN: Duration = Duration::from_millis(50);
/// How long the name of a segment is, in hexadecimal digits.
const SEGMENT_NAME: usize = 32;

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

    /// Writes anew what still holds removed or replaced documents, and removes the old files, so
    /// that nothing of such documents is left on the disk: a removed document is only marked at
    /// first. Only what was committed counts.
    pub fn purge(&mut self) -> Result<(), Error> {
        // A merge that runs already may have read what was removed meanwhile.
        self.settle()?;
        self.attempt(|engine| {
            engine.set_merge_policy(Box::new(NoMergePolicy));
            loop {
                let segments = engine.index().searchable_segment_metas()?;
                let stale = segments.iter().filter(|segment| segment.num_deleted_docs() > 0);
                let stale: Vec<_> = stale.map(tantivy::SegmentMeta::id).collect();
                drop(segments);
                if stale.is_empty() {
                    return Ok(());
                }
                for segment in stale {
                    engine.merge(&[segment]).wait()?;
                }
            }
        })?;
        self.index.publish(self.index.cursor())?;
        self.remove_old_files()?;
        self.attempt(|engine| {
            engine.set_merge_policy(policy());
            Ok(())
        })?;
        Ok(())
    }

    /// Removes the files of segments that are no more, as soon as nobody reads them.
    fn remove_old_files(&mut self) -> Result<(), Error> {
        for _ in 0..MOST_LOOKS {
            self.attempt(|engine| engine.garbage_collect_files().wait().map(|_| ()))?;
            if self.old_files()?.is_empty() {
                return Ok(());
            }
            sleep(LOOK_AGAIN);
        }
        Err(Error::Busy("files of the index that should go are still being read".to_owned()))
    }

    /// The files of segments that belong to the index no more.
    fn old_files(&self) -> Result<Vec<PathBuf>, Error> {
        let engine = self.index.engine();
        let segments = engine.searchable_segment_metas()?;
        let live: HashSet<String> =
            segments.iter().map(|segment| segment.id().uuid_string()).collect();
        let belongs = |file: &PathBuf| {
            let name = file.to_string_lossy();
            // All else, such as `meta.json`, holds nothing of documents.
            let segment = name.split('.').next().filter(|stem| stem.len() == SEGMENT_NAME);
            segment.is_none_or(|segment| live.contains(segment))
        };
        let files = engine.directory().list_managed_files();
        Ok(files.into_iter().filter(|file| !belongs(file)).collect())
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
    engine.set_merge_policy(policy());
    Ok(Box::new(engine))
}

/// How segments come together.
fn policy() -> Box<LogMergePolicy> {
    let mut policy = LogMergePolicy::default();
    policy.set_del_docs_ratio_before_merge(DELETED_AT_MOST);
    Box::new(policy)
}
