//! Reading the journal.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use surrealdb::types::{Number, Value};
use tokio::sync::watch;

use super::tables::read_events;
use super::{Error, Store};
use crate::domain::{Actor, Event, EventKind, NodeId};

/// How many entries are read at once by whoever reads all of them.
const BATCH: usize = 2_000;

/// Entries that the database finds without looking through all.
pub(crate) enum Trail {
    /// All that befell one thing.
    Subject(NodeId),
    /// All that one actor did.
    Actor(Actor),
}

/// The order of entries.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// The oldest first.
    Ascending,
    /// The newest first.
    Descending,
}

impl Store {
    /// The entries after a number, in order, at most `limit`.
    ///
    /// # Errors
    /// What the database says.
    pub async fn journal(&self, after: u64, limit: usize) -> Result<Vec<Event>, Error> {
        // What it shows then may be an entry that was never written.
        if self.has_failed() {
            return Err(Error::Failed);
        }
        // Numbers have no gaps. Of a range without an end SurrealDB 3.3 reads everything, whatever the
        // limit says.
        let last = after.saturating_add(limit as u64);
        let query = format!("SELECT * OMIT id FROM journal:{}..={last}", after + 1);
        let rows: Value = self.database.query(query).await?.check()?.take(0)?;
        read_events(rows)
    }

    /// The entries between two numbers, both left out, that are about one thing or by one actor,
    /// whichever is asked for; the first ones in order, or the last ones in reverse.
    pub(crate) async fn journal_of(
        &self,
        of: &Trail,
        (after, before): (u64, u64),
        limit: usize,
        order: Order,
    ) -> Result<Vec<Event>, Error> {
        if self.has_failed() {
            return Err(Error::Failed);
        }
        let (column, value) = match of {
            Trail::Subject(subject) => ("subject", subject.to_string()),
            Trail::Actor(actor) => ("actor", actor.clone().into()),
        };
        let direction = match order {
            Order::Ascending => "ASC",
            Order::Descending => "DESC",
        };
        let query = format!(
            "SELECT * OMIT id FROM journal WHERE {column} = $value AND seq > {after} AND seq < {before} \
             ORDER BY seq {direction} LIMIT {limit}"
        );
        let rows: Value =
            self.database.query(query).bind(("value", value)).await?.check()?.take(0)?;
        read_events(rows)
    }

    /// The number of the first entry at or after a moment; one behind the newest if there is none.
    /// Entries follow each other in time, so halving the journal finds it.
    pub(crate) async fn first_since(&self, moment: DateTime<Utc>) -> Result<u64, Error> {
        let (mut low, mut high) = (1, self.refresh_head().await? + 1);
        while low < high {
            let middle = low + (high - low) / 2;
            match self.journal(middle - 1, 1).await?.first() {
                Some(event) if event.at < moment => low = middle + 1,
                _ => high = middle,
            }
        }
        Ok(low)
    }

    /// The records that people have worked on.
    pub(crate) async fn edited(&self) -> Result<HashSet<NodeId>, Error> {
        let mut edited = HashSet::new();
        let mut after = 0;
        loop {
            let batch = self.journal(after, BATCH).await?;
            let Some(last) = batch.last() else { return Ok(edited) };
            after = last.seq;
            // Who writes to a contact changes nothing of it.
            let by_editors = batch.into_iter().filter(|event| {
                !matches!(event.actor, Actor::Operator | Actor::Hub)
                    && event.kind != EventKind::ContactRequested
            });
            edited.extend(by_editors.map(|event| event.subject.0));
        }
    }

    /// The number of the newest entry, from the database.
    ///
    /// # Errors
    /// What the database says.
    pub async fn refresh_head(&self) -> Result<u64, Error> {
        let found: Value = self
            .database
            .query("SELECT VALUE n FROM ONLY counter:journal")
            .await?
            .check()?
            .take(0)?;
        let Value::Number(Number::Int(head)) = found else { return Ok(0) };
        let head = head.unsigned_abs();
        self.head.send_if_modified(|known| std::mem::replace(known, (*known).max(head)) < head);
        Ok(head)
    }

    /// Whose journal this is: a text that no other database has.
    ///
    /// # Errors
    /// What the database says.
    pub async fn identity(&self) -> Result<String, Error> {
        let found: Value = self
            .database
            .query("SELECT VALUE key FROM ONLY hub:identity")
            .await?
            .check()?
            .take(0)?;
        match found {
            Value::String(key) => Ok(key),
            other => Err(Error::Unreadable { table: "hub", reason: format!("{other:?}") }),
        }
    }

    /// Tells of new entries: the newest number that this node knows of.
    #[must_use]
    pub fn watch_head(&self) -> watch::Receiver<u64> {
        self.head.subscribe()
    }
}
