//! What was taken away, and has to go from the files of the database too.
//!
//! RocksDB writes a removal beside what it removes: both are there until it writes its tables anew.
//! Each erasure leaves marks that say by when that has to be done, in the transaction that takes
//! the data away; whoever does it removes them. So no crash can leave one half done for good.

use chrono::{DateTime, Utc};
use surrealdb::types::{RecordId, Value};

use super::connect::remove_archive;
use super::value::into_json;
use super::{Error, Store};

/// What SurrealDB says if its storage has no way to do it.
const UNSUPPORTED: &str = "does not support compaction";

/// Marks of erasures that somebody is about to finish.
pub(crate) struct DueErasures(Vec<RecordId>);

impl DueErasures {
    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Store {
    /// The erasures that have to be finished by now.
    pub(crate) async fn due_erasures(&self, now: DateTime<Utc>) -> Result<DueErasures, Error> {
        let found: Value = self
            .database
            .query("SELECT VALUE id FROM erasure WHERE due_at <= $now")
            .bind(("now", Value::Datetime(now.into())))
            .await?
            .check()?
            .take(0)?;
        let Value::Array(found) = found else { return Ok(DueErasures(Vec::new())) };
        let ids = found.into_iter().filter_map(|id| match id {
            Value::RecordId(id) => Some(id),
            _ => None,
        });
        Ok(DueErasures(ids.collect()))
    }

    /// Has the database write itself anew, so that nothing is left in its files of what was taken
    /// away before these erasures were looked up, and strikes them out. Tells whether that could be
    /// done: some storages of a database server only let go of old values by themselves.
    ///
    /// # Errors
    /// What the database says; a database server may refuse it to who is not its owner.
    pub(crate) async fn finish_erasures(&self, due: DueErasures) -> Result<bool, Error> {
        let rewritten = !self.keeps_files || self.rewrite().await?;
        self.database.query("DELETE $done RETURN NONE").bind(("done", due.0)).await?.check()?;
        Ok(rewritten)
    }

    async fn rewrite(&self) -> Result<bool, Error> {
        match self.database.query("ALTER SYSTEM COMPACT").await?.check() {
            Ok(_) => {
                // Logs that are of no more use are kept for others to copy, which nobody does.
                if let Some(directory) = &self.directory {
                    let failed = |error: std::io::Error| Error::Directory {
                        path: directory.display().to_string(),
                        reason: error.to_string(),
                    };
                    remove_archive(directory).map_err(failed)?;
                }
                Ok(true)
            }
            Err(error) if error.message().contains(UNSUPPORTED) => {
                tracing::warn!(
                    "the database server cannot rewrite its files: what was erased stays in them until it does so by itself"
                );
                Ok(false)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Takes texts out of what was searched for.
    pub(crate) async fn forget_searches(
        &self,
        tells: impl Fn(&str) -> bool + Send,
    ) -> Result<(), Error> {
        let found: Value =
            self.database.query("SELECT VALUE text FROM searched").await?.check()?.take(0)?;
        let texts = match into_json(found) {
            serde_json::Value::Array(texts) => texts,
            _ => Vec::new(),
        };
        let telling = texts.iter().filter_map(|text| text.as_str()).filter(|text| tells(text));
        let telling: Vec<String> = telling.map(str::to_owned).collect();
        if !telling.is_empty() {
            self.database
                .query("DELETE searched WHERE text IN $texts RETURN NONE")
                .bind(("texts", telling))
                .await?
                .check()?;
        }
        Ok(())
    }
}
