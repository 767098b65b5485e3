//! Writing a dump into an empty database.
//!
//! From the first record to the last step the database carries a mark. Whoever opens it with the
//! mark is told that it is unfinished; only restoring again may go on, and begins by emptying it.

use serde_json::Value as Json;
use surrealdb::types::{Number, Object, RecordId, RecordIdKey, Value};

use super::super::connect::connect;
use super::super::error::{cause, classify};
use super::super::migrate::{self, MIGRATIONS};
use super::super::tables::{EVENT, JOURNAL, read_event};
use super::super::value::{from_json, object, record};
use super::super::{Error, Location, Store};
use super::{KEPT, Kept};

/// The migration that made the table in which the mark stands.
const BEFORE_MARK: &str = "0007_identity";
/// How many records are taken away at once.
const AWAY: usize = 2_000;

/// What is in a database that something is to be restored into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Known {
    /// Nothing.
    Empty,
    /// What a restore left that broke off.
    Unfinished,
    /// A hub.
    Used,
}

/// Records of one table.
pub(crate) enum Rows {
    /// Of a table.
    Of(&'static Kept, Vec<Json>),
    /// Of the journal.
    Journal(Vec<Json>),
}

impl Rows {
    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Of(_, rows) | Self::Journal(rows) => rows.len(),
        }
    }
}

/// How far a database's schema was brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Migrated(usize);

impl Migrated {
    /// As far as these migrations go, if they are the first ones of this program.
    pub(crate) fn through(applied: &[(String, String)]) -> Option<Self> {
        let same = applied.iter().zip(super::migrations());
        let same = same.filter(|((name, sum), (known, expected))| name == known && sum == expected);
        let is_beginning = same.count() == applied.len();
        let reaches = applied.iter().any(|(name, _)| name.as_str() == BEFORE_MARK);
        (is_beginning && reaches).then_some(Self(applied.len()))
    }

    /// Whether it has the schema of this program.
    pub(crate) fn is_current(self) -> bool {
        self.0 == MIGRATIONS.len()
    }
}

impl Store {
    /// Opens a database to restore something into it, with the schema that it was dumped with.
    pub(crate) async fn open_to_restore(
        location: &Location,
        migrated: Migrated,
    ) -> Result<Self, Error> {
        let database = connect(location).await?;
        migrate::prepare(&database).await?;
        let store = Self::around(database);
        // A hub that is in use keeps its schema: who restores may have named the wrong place.
        if store.known().await? != Known::Used {
            let wanted = MIGRATIONS.get(..migrated.0).unwrap_or(MIGRATIONS);
            migrate::migrate(&store.database, wanted).await?;
        }
        Ok(store)
    }

    /// Whether a restore has begun here and not ended.
    pub(in crate::store) async fn is_unfinished(
        database: &surrealdb::Surreal<surrealdb::engine::any::Any>,
    ) -> Result<bool, Error> {
        if !migrate::applied(database).await?.contains_key(BEFORE_MARK) {
            return Ok(false);
        }
        let query = "SELECT VALUE key FROM hub:restoring";
        let found: Value = database.query(query).await?.check()?.take(0)?;
        Ok(matches!(found, Value::Array(found) if !found.is_empty()))
    }

    /// What is in the database.
    pub(crate) async fn known(&self) -> Result<Known, Error> {
        if migrate::applied(&self.database).await?.is_empty() {
            return Ok(Known::Empty);
        }
        if Self::is_unfinished(&self.database).await? {
            return Ok(Known::Unfinished);
        }
        if self.refresh_head().await? > 0 {
            return Ok(Known::Used);
        }
        for kept in self.tables().await? {
            let query = format!("SELECT VALUE id FROM {} LIMIT 1", kept.table);
            let found: Value = self.database.query(query).await?.check()?.take(0)?;
            if matches!(found, Value::Array(found) if !found.is_empty()) {
                return Ok(Known::Used);
            }
        }
        Ok(Known::Empty)
    }

    /// Sets the mark.
    pub(crate) async fn begin_restore(&self) -> Result<(), Error> {
        let query = "UPSERT hub:restoring SET key = 'unfinished' RETURN NONE";
        self.database.query(query).await?.check()?;
        Ok(())
    }

    /// Writes records that are not there yet.
    pub(crate) async fn restore_rows(&self, rows: Rows) -> Result<(), Error> {
        let (table, values) = match rows {
            Rows::Of(kept, rows) => {
                let values = rows.into_iter().map(|row| keyed(kept, row)).collect::<Vec<_>>();
                (kept.table, values)
            }
            Rows::Journal(rows) => (JOURNAL, rows.into_iter().map(entry).collect()),
        };
        let query = format!("INSERT INTO {table} $rows RETURN NONE");
        let rows = Value::Array(values.into());
        let mut response = self.database.query(query).bind(("rows", rows)).await?;
        match cause(response.take_errors().into_values()) {
            Some(error) => Err(classify(error)),
            None => Ok(()),
        }
    }

    /// Brings the schema up to that of the program, after the records are there.
    pub(crate) async fn finish_migrations(&self) -> Result<(), Error> {
        migrate::migrate(&self.database, MIGRATIONS).await
    }

    /// Makes the database the hub of the dump, and takes the mark away, in one step.
    pub(crate) async fn end_restore(&self, identity: &str, head: u64) -> Result<(), Error> {
        let query = "BEGIN;
            UPDATE counter:journal SET n = $head RETURN NONE;
            DELETE hub:identity RETURN NONE;
            CREATE hub:identity SET key = $key RETURN NONE;
            DELETE hub:restoring RETURN NONE;
            COMMIT;";
        let head = Value::Number(Number::Int(head as i64));
        let bindings = object([("head", head), ("key", Value::String(identity.to_owned()))]);
        self.database.query(query).bind(bindings).await?.check()?;
        Ok(())
    }

    /// Takes away whatever a restore wrote that did not end; then the mark.
    pub(crate) async fn empty_after_restore(&self) -> Result<(), Error> {
        let tables = self.tables().await?;
        for table in tables.iter().map(|kept| kept.table).chain([JOURNAL]) {
            // In parts: a whole large table would be one large transaction.
            loop {
                let query = format!(
                    "LET $ids = (SELECT VALUE id FROM {table} LIMIT {AWAY});
                     DELETE $ids RETURN NONE;
                     RETURN array::len($ids);"
                );
                let left: Value = self.database.query(query).await?.check()?.take(2)?;
                if super::into_json(left).as_u64().unwrap_or_default() < AWAY as u64 {
                    break;
                }
            }
        }
        self.database.query("DELETE hub:restoring RETURN NONE").await?.check()?;
        Ok(())
    }

    /// The tables that there are already: a database that is being restored may have an older schema.
    async fn tables(&self) -> Result<Vec<&'static Kept>, Error> {
        let found: Value = self.database.query("INFO FOR DB").await?.check()?.take(0)?;
        let found = super::into_json(found);
        let is_there =
            |kept: &&Kept| found.pointer("/tables").and_then(|it| it.get(kept.table)).is_some();
        Ok(KEPT.iter().filter(is_there).collect())
    }
}

/// A record with the key that the database knows it by.
fn keyed(kept: &Kept, mut row: Json) -> Value {
    let key = row.as_object_mut().and_then(|fields| fields.remove("id"));
    let key = key.and_then(|key| key.as_str().map(str::to_owned)).unwrap_or_default();
    with_id(from_json(row, &kept.shape), record(kept.table, key))
}

/// An entry of the journal with the number that it is known by.
fn entry(row: Json) -> Value {
    let seq = row.get("seq").and_then(Json::as_i64).unwrap_or_default();
    with_id(from_json(row, &EVENT), RecordId::new(JOURNAL, RecordIdKey::Number(seq)))
}

fn with_id(row: Value, id: RecordId) -> Value {
    let mut fields = match row {
        Value::Object(fields) => fields,
        _ => Object::new(),
    };
    fields.insert("id", Value::RecordId(id));
    Value::Object(fields)
}

/// Whether the program can read an entry of the journal.
///
/// # Errors
/// Why not.
pub(crate) fn readable_entry(row: Json) -> Result<(), String> {
    read_event(row).map(drop).map_err(|error| error.to_string())
}
