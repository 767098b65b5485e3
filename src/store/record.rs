//! Reading records by key.

use std::collections::HashMap;
use std::fmt::Display;
use std::hash::Hash;

use serde::Serialize;
use serde::de::DeserializeOwned;
use surrealdb::types::{RecordId, Value};

use super::reading::read;
use super::value::{Shape, from_json, into_json, record};
use super::{Error, Store};

/// A domain type that has a table.
pub(crate) trait Record: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// Its typed key.
    type Id: Clone + Eq + Hash + Send + Sync;
    /// The name of its table.
    const TABLE: &'static str;
    /// Its links and moments.
    #[expect(private_interfaces, reason = "only the store looks at shapes")]
    const SHAPE: Shape;
    /// Its key.
    fn id(&self) -> &Self::Id;
    /// The bare key.
    fn key(id: &Self::Id) -> String;
}

impl Store {
    /// One record, if it exists.
    pub(crate) async fn get<R: Record>(&self, id: &R::Id) -> Result<Option<R>, Error> {
        let found: Value = self
            .database
            .query("SELECT * FROM $id")
            .bind(("id", link::<R>(id)))
            .await?
            .check()?
            .take(0)?;
        Ok(read_all(found)?.pop())
    }

    /// The records of these keys that exist, in no order, with one query.
    pub(crate) async fn get_many<R: Record>(
        &self,
        ids: &[R::Id],
    ) -> Result<HashMap<R::Id, R>, Error> {
        let ids: Vec<RecordId> = ids.iter().map(link::<R>).collect();
        let found: Value =
            self.database.query("SELECT * FROM $ids").bind(("ids", ids)).await?.check()?.take(0)?;
        Ok(read_all(found)?.into_iter().map(|record: R| (record.id().clone(), record)).collect())
    }

    /// All records after a key, in the order of their keys, at most `limit`.
    pub(crate) async fn page<R: Record>(
        &self,
        after: Option<&R::Id>,
        limit: usize,
    ) -> Result<Vec<R>, Error> {
        let table = R::TABLE;
        // Of a range without an end SurrealDB 3.3 reads everything, whatever the limit says; a table
        // it reads in the order of its keys, until it has enough.
        let after = after.map(|id| format!("WHERE id > {table}:{}", quoted(&R::key(id))));
        let after = after.unwrap_or_default();
        let query = format!("SELECT * FROM {table} {after} ORDER BY id LIMIT $limit");
        let found: Value =
            self.database.query(query).bind(("limit", limit as i64)).await?.check()?.take(0)?;
        read_all(found)
    }

    /// All records of a table, in the order of their keys.
    pub(crate) async fn all<R: Record>(&self) -> Result<Vec<R>, Error> {
        let query = format!("SELECT * FROM {}", R::TABLE);
        read_all(self.database.query(query).await?.check()?.take(0)?)
    }

    /// How many records a table holds.
    pub(crate) async fn count<R: Record>(&self) -> Result<usize, Error> {
        Ok(usize::try_from(self.number_of(R::TABLE).await?).unwrap_or(usize::MAX))
    }

    /// How many records there are of what stands after `FROM`: a table, with a condition if need be.
    pub(super) async fn number_of(&self, what: &str) -> Result<u64, Error> {
        let query =
            format!("SELECT VALUE count FROM ONLY (SELECT count() FROM {what} GROUP ALL) LIMIT 1");
        let count: Value = self.database.query(query).await?.check()?.take(0)?;
        Ok(into_json(count).as_u64().unwrap_or_default())
    }

    /// The record whose field, which has a unique index, holds this text.
    pub(super) async fn find<R: Record>(
        &self,
        field: &'static str,
        text: &str,
    ) -> Result<Option<R>, Error> {
        // Without an order the index alone answers; tokens are looked up for every request.
        Ok(self.matching(field, text, "LIMIT 1").await?.pop())
    }

    /// The records whose field, which has an index, holds this text; in no order.
    pub(super) async fn find_all<R: Record>(
        &self,
        field: &'static str,
        text: &str,
    ) -> Result<Vec<R>, Error> {
        self.matching(field, text, "").await
    }

    async fn matching<R: Record>(
        &self,
        field: &'static str,
        text: &str,
        limit: &'static str,
    ) -> Result<Vec<R>, Error> {
        let query = format!("SELECT * FROM {} WHERE {field} = $text {limit}", R::TABLE);
        let found: Value =
            self.database.query(query).bind(("text", text.to_owned())).await?.check()?.take(0)?;
        read_all(found)
    }
}

/// A key as SurrealQL text. Keys are ULIDs and slugs: letters, digits, hyphens.
fn quoted(key: &str) -> String {
    format!("`{key}`")
}

/// The database's id of a record.
pub(super) fn link<R: Record>(id: &R::Id) -> RecordId {
    record(R::TABLE, R::key(id))
}

/// The content of a record, without its id.
pub(super) fn content<R: Record>(record: &R) -> Result<Value, Error> {
    let mut json = serde_json::to_value(record).map_err(|error| unreadable::<R>(&error))?;
    if let Some(fields) = json.as_object_mut() {
        fields.remove("id");
    }
    Ok(from_json(json, &R::SHAPE))
}

/// Reads the records of an answer, which is a list or a single one.
pub(super) fn read_all<R: Record>(value: Value) -> Result<Vec<R>, Error> {
    let values = match value {
        Value::None | Value::Null => Vec::new(),
        Value::Array(values) => {
            values.into_iter().filter(|value| matches!(value, Value::Object(_))).collect()
        }
        single => vec![single],
    };
    values.into_iter().map(|value| read(value).map_err(|error| unreadable::<R>(&error))).collect()
}

fn unreadable<R: Record>(error: &impl Display) -> Error {
    Error::Unreadable { table: R::TABLE, reason: error.to_string() }
}
