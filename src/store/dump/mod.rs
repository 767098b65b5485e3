//! Everything that the database holds, read from one state and written into an empty one.

mod restore;
mod tables;

pub(crate) use restore::{Known, Migrated, Rows, readable_entry};
pub(crate) use tables::{KEPT, Kept, kept_of};

use serde_json::Value as Json;
use surrealdb::engine::any::Any;
use surrealdb::method::Transaction;
use surrealdb::types::{Number, RecordId, Value};

use super::migrate::MIGRATIONS;
use super::tables::JOURNAL;
use super::value::into_json;
use super::{Error, Store};

/// How many entries of the journal are read and written at once.
pub(crate) const ENTRIES: usize = 500;

/// One state of the database: whatever is written meanwhile is not in it.
pub(crate) struct Snapshot {
    transaction: Transaction<Any>,
}

impl Store {
    /// Takes the present state, to read it in peace. It must be [closed](Snapshot::close).
    pub(crate) async fn snapshot(&self) -> Result<Snapshot, Error> {
        let session = (*self.database).clone();
        let snapshot = Snapshot { transaction: session.begin().await? };
        // A state is that of the first look.
        snapshot.head().await?;
        Ok(snapshot)
    }
}

impl Snapshot {
    /// Lets go of it.
    pub(crate) async fn close(self) -> Result<(), Error> {
        self.transaction.cancel().await?;
        Ok(())
    }

    /// The number of the newest entry of the journal.
    pub(crate) async fn head(&self) -> Result<u64, Error> {
        match self.value("SELECT VALUE n FROM ONLY counter:journal").await? {
            Value::Number(Number::Int(head)) => Ok(head.unsigned_abs()),
            other => Err(Error::Unreadable { table: "counter", reason: format!("{other:?}") }),
        }
    }

    /// Whose journal it is.
    pub(crate) async fn identity(&self) -> Result<String, Error> {
        match self.value("SELECT VALUE key FROM ONLY hub:identity").await? {
            Value::String(key) => Ok(key),
            other => Err(Error::Unreadable { table: "hub", reason: format!("{other:?}") }),
        }
    }

    /// How many records a table holds.
    pub(crate) async fn count(&self, kept: &Kept) -> Result<usize, Error> {
        let table = kept.table;
        let query =
            format!("SELECT VALUE count FROM ONLY (SELECT count() FROM {table} GROUP ALL) LIMIT 1");
        let count = into_json(self.value(&query).await?).as_u64().unwrap_or_default();
        Ok(usize::try_from(count).unwrap_or(usize::MAX))
    }

    /// The records of a table after a key, in the order of their keys: so many as are read at once,
    /// fewer at the end.
    pub(crate) async fn page(&self, kept: &Kept, after: &str) -> Result<Vec<Json>, Error> {
        let (table, after) = (kept.table, RecordId::new(kept.table, after.to_owned()));
        let query =
            format!("SELECT * FROM {table} WHERE id > $after ORDER BY id LIMIT {}", kept.at_once);
        let rows = self.transaction.query(query).bind(("after", Value::RecordId(after)));
        list(kept.table, rows.await?.check()?.take(0)?)
    }

    /// The entries of the journal after a number, in their order.
    pub(crate) async fn entries(&self, after: u64) -> Result<Vec<Json>, Error> {
        let last = after.saturating_add(ENTRIES as u64);
        let query = format!("SELECT * OMIT id FROM journal:{}..={last}", after + 1);
        list(JOURNAL, self.value(&query).await?)
    }

    async fn value(&self, query: &str) -> Result<Value, Error> {
        Ok(self.transaction.query(query.to_owned()).await?.check()?.take(0)?)
    }
}

fn list(table: &'static str, rows: Value) -> Result<Vec<Json>, Error> {
    match into_json(rows) {
        Json::Array(rows) => Ok(rows),
        other => Err(Error::Unreadable { table, reason: other.to_string() }),
    }
}

/// The migrations that this program applies, by name and checksum, in their order.
pub(crate) fn migrations() -> impl Iterator<Item = (&'static str, String)> {
    MIGRATIONS.iter().map(|(name, text)| (*name, super::migrate::checksum(text)))
}
