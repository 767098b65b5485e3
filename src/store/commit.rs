//! Writing: one change, one journal entry, one transaction.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use surrealdb::types::{Number, Object, Value};

use super::error::{STALE, cause, classify, is_conflict, is_failed_write};
use super::record::{Record, content, link};
use super::tables::EVENT;
use super::value::from_json;
use super::{Error, Store};
use crate::domain::Event;

/// How often a transaction that met another writer is repeated.
const MOST_TRIES: u32 = 40;
/// The longest pause before a repetition.
const LONGEST_PAUSE: Duration = Duration::from_millis(50);

/// The records that one use case writes.
#[derive(Default)]
pub struct Change {
    statements: String,
    bindings: Object,
    written: Vec<(&'static str, String)>,
    /// New records that are written together, by their tables.
    rows: BTreeMap<&'static str, Vec<Value>>,
    /// How many marks of erasures it sets.
    marks: usize,
}

impl Change {
    /// Adds a record that must not exist yet.
    pub(crate) fn create<R: Record>(mut self, record: &R) -> Result<Self, Error> {
        let n = self.bind(record)?;
        self.statements.push_str(&format!("CREATE ONLY $id{n} CONTENT $record{n} RETURN NONE;\n"));
        Ok(self)
    }

    /// Adds a record that replaces the one of the revision before; the record brings its new
    /// revision along.
    pub(crate) fn replace<R: Record>(mut self, record: &R) -> Result<Self, Error> {
        let n = self.bind(record)?;
        self.statements.push_str(&format!(
            "IF (SELECT VALUE revision FROM ONLY $id{n}) != $record{n}.revision - 1 {{ THROW '{STALE}' }};\n\
             UPDATE ONLY $id{n} CONTENT $record{n} RETURN NONE;\n"
        ));
        Ok(self)
    }

    /// Adds a record that is written whether it exists or not: for words without revisions.
    pub(crate) fn put<R: Record>(mut self, record: &R) -> Result<Self, Error> {
        let n = self.bind(record)?;
        self.statements.push_str(&format!("UPSERT ONLY $id{n} CONTENT $record{n} RETURN NONE;\n"));
        Ok(self)
    }

    /// Takes a record away, if it is there.
    pub(crate) fn delete<R: Record>(mut self, id: &R::Id) -> Self {
        let n = self.written.len();
        self.written.push((R::TABLE, R::key(id)));
        self.bindings.insert(format!("id{n}"), Value::RecordId(link::<R>(id)));
        self.statements.push_str(&format!("DELETE $id{n} RETURN NONE;\n"));
        self
    }

    /// Says that the change takes something away of which no trace may be left in the files of the
    /// database, and by when they have to be free of it. The marks are there until that is done; the
    /// entry of the change says so too, for views that keep files of their own.
    pub(crate) fn erases(mut self, due: &[DateTime<Utc>]) -> Self {
        for at in due {
            let n = self.marks;
            self.marks += 1;
            self.bindings
                .insert(format!("mark{n}"), Value::Number(Number::Int(at.timestamp_millis())));
            self.bindings.insert(format!("due{n}"), Value::Datetime((*at).into()));
            self.statements.push_str(&format!(
                "UPSERT ONLY type::record('erasure', $mark{n}) SET due_at = $due{n} RETURN NONE;\n"
            ));
        }
        self
    }

    /// Adds one of many new records; quicker than [`Self::create`] for each.
    pub(crate) fn insert<R: Record>(&mut self, record: &R) -> Result<(), Error> {
        let mut row = content(record)?;
        if let Value::Object(fields) = &mut row {
            fields.insert("id", Value::RecordId(link::<R>(record.id())));
        }
        self.rows.entry(R::TABLE).or_default().push(row);
        Ok(())
    }

    /// Goes on only as long as a record is there. Changes with an entry are written one after another:
    /// none that takes it away comes in between.
    pub(crate) fn only_with<R: Record>(mut self, id: &R::Id) -> Self {
        self.bind_value("needed", Value::RecordId(link::<R>(id)));
        self.put_first(&format!(
            "IF (SELECT VALUE id FROM ONLY $needed) = NONE {{ THROW '{STALE}' }};\n"
        ));
        self
    }

    /// Goes on only as long as a record is not there, as [`Self::only_with`] does if it is.
    pub(crate) fn only_without<R: Record>(mut self, id: &R::Id) -> Self {
        self.bind_value("barred", Value::RecordId(link::<R>(id)));
        self.put_first(&format!(
            "IF (SELECT VALUE id FROM ONLY $barred) != NONE {{ THROW '{STALE}' }};\n"
        ));
        self
    }

    pub(super) fn bind_value(&mut self, name: &str, value: Value) {
        self.bindings.insert(name, value);
    }

    /// Adds a statement ahead of all others.
    pub(super) fn put_first(&mut self, statement: &str) {
        self.statements.insert_str(0, statement);
    }

    /// Adds a statement behind those so far.
    pub(super) fn put_last(&mut self, statement: &str) {
        self.statements.push_str(statement);
    }

    /// The statements and what they are bound to.
    fn finish(mut self) -> (String, Object, Vec<(&'static str, String)>) {
        for (table, rows) in self.rows {
            self.statements.push_str(&format!("INSERT INTO {table} $new_{table} RETURN NONE;\n"));
            self.bindings.insert(format!("new_{table}"), Value::Array(rows.into()));
        }
        (self.statements, self.bindings, self.written)
    }

    fn bind<R: Record>(&mut self, record: &R) -> Result<usize, Error> {
        let n = self.written.len();
        self.written.push((R::TABLE, R::key(record.id())));
        self.bindings.insert(format!("id{n}"), Value::RecordId(link::<R>(record.id())));
        self.bindings.insert(format!("record{n}"), content(record)?);
        Ok(n)
    }
}

impl Store {
    /// Writes a change and its journal entry, or nothing. The entry's number is set here, and whether
    /// it erases.
    ///
    /// # Errors
    /// [`Error::Taken`], [`Error::Stale`], [`Error::Contended`], or what the database says.
    pub async fn commit(&self, change: Change, mut event: Event) -> Result<Event, Error> {
        event.erases = change.marks > 0;
        let (statements, mut bindings, written) = change.finish();
        bindings.insert("event", entry(&event)?);
        let transaction = format!(
            "BEGIN;\n{statements}\
             LET $seq = (UPDATE ONLY counter:journal SET n += 1 RETURN VALUE n);\n\
             CREATE type::record('journal', $seq) CONTENT object::extend($event, {{ seq: $seq }}) RETURN NONE;\n\
             RETURN $seq;\n\
             COMMIT;"
        );
        event.seq = self.write(&transaction, bindings, &written).await?;
        Ok(event)
    }

    /// Writes many changes and their journal entries, or nothing; gives the number of the last
    /// entry.
    ///
    /// # Errors
    /// As [`Self::commit`].
    pub async fn commit_all(&self, change: Change, events: &[Event]) -> Result<u64, Error> {
        let erases = change.marks > 0;
        let (statements, mut bindings, written) = change.finish();
        // What stands as their number is their place; where the first one stands is known only then.
        let entries = (1..).zip(events);
        let entries = entries.map(|(seq, it)| entry(&Event { seq, erases, ..it.clone() }));
        let entries: Vec<Value> = entries.collect::<Result<_, _>>()?;
        bindings.insert("events", Value::Array(entries.into()));
        let count = events.len();
        let transaction = format!(
            "BEGIN;\n{statements}\
             LET $last = (UPDATE ONLY counter:journal SET n += {count} RETURN VALUE n);\n\
             FOR $event IN $events {{\n\
                 LET $seq = $last - {count} + $event.seq;\n\
                 CREATE type::record('journal', $seq) CONTENT object::extend($event, {{ seq: $seq }}) RETURN NONE;\n\
             }};\n\
             RETURN $last;\n\
             COMMIT;"
        );
        self.write(&transaction, bindings, &written).await
    }

    /// Writes a change without an entry: of what is nobody's history, such as a message on its way.
    ///
    /// # Errors
    /// As [`Self::commit`].
    pub(crate) async fn commit_silently(&self, change: Change) -> Result<(), Error> {
        let (statements, bindings, written) = change.finish();
        let transaction = format!("BEGIN;\n{statements}RETURN 1;\nCOMMIT;");
        self.retried(&transaction, bindings, &written).await.map(|_| ())
    }

    async fn write(
        &self,
        transaction: &str,
        bindings: Object,
        written: &[(&'static str, String)],
    ) -> Result<u64, Error> {
        let seq = self.retried(transaction, bindings, written).await?;
        self.head.send_if_modified(|head| std::mem::replace(head, (*head).max(seq)) < seq);
        Ok(seq)
    }

    /// Repeats a transaction that meets others, and gives the number that it returns.
    pub(super) async fn retried(
        &self,
        transaction: &str,
        bindings: Object,
        written: &[(&'static str, String)],
    ) -> Result<u64, Error> {
        for attempt in 0..MOST_TRIES {
            if self.has_failed() {
                return Err(Error::Failed);
            }
            let tried = self.attempt(transaction, bindings.clone()).await;
            // Whatever came of it: when the answer is lost, the write may still have happened.
            written.iter().for_each(|(table, key)| self.cache.remove(table, key.clone()));
            match tried {
                Ok(number) => return Ok(number),
                Err(error) if is_conflict(&error) => tokio::time::sleep(pause(attempt)).await,
                Err(error) => {
                    if is_failed_write(&error) {
                        tracing::error!(%error, "the database could not write: it must be started again");
                        self.failure.cancel();
                    }
                    return Err(classify(error));
                }
            }
        }
        Err(Error::Contended(MOST_TRIES))
    }

    async fn attempt(&self, transaction: &str, bindings: Object) -> Result<u64, surrealdb::Error> {
        let mut response = self.database.query(transaction).bind(bindings).await?;
        let last = response.num_statements().saturating_sub(2);
        if let Some(error) = cause(response.take_errors().into_values()) {
            return Err(error);
        }
        match response.take::<Value>(last)? {
            Value::Number(Number::Int(seq)) if seq > 0 => Ok(seq.unsigned_abs()),
            other => {
                Err(surrealdb::Error::internal(format!("the journal gave {other:?} for a number")))
            }
        }
    }
}

/// An entry as the journal has it.
fn entry(event: &Event) -> Result<Value, Error> {
    let entry = serde_json::to_value(event)
        .map_err(|error| Error::Unreadable { table: "journal", reason: error.to_string() })?;
    Ok(from_json(entry, &EVENT))
}

/// Grows from half a millisecond; tasks that collide part by themselves as their turns differ.
fn pause(attempt: u32) -> Duration {
    Duration::from_micros(500).saturating_mul(attempt + 1).min(LONGEST_PAUSE)
}
