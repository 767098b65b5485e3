//! Watches, and what links in letters are signed with.

use chrono::{DateTime, Utc};
use surrealdb::types::Value;

use super::error::STALE;
use super::record::read_all;
use super::tables::read_events;
use super::value::object;
use super::{Change, Error, Store};
use crate::domain::{Actor, Event, EventKind, Label, LinkKey, TokenHash, Watch};

/// Watches are made, and those of somebody taken away, one transaction after the other, for which all
/// of them write one record: so none is made for somebody who is being erased, and all are counted.
const ONE_AFTER_ANOTHER: &str = "UPSERT ONLY counter:watches SET n = (n ?? 0) + 1 RETURN NONE;\n";

impl Change {
    /// Goes on only as long as somebody has fewer watches than so many: [`Error::Stale`] otherwise.
    pub(crate) fn within_watches(mut self, owner: &Actor, most: usize) -> Self {
        self.bind_value("watching", Value::String(owner.clone().into()));
        self.put_first(&format!(
            "IF array::len((SELECT VALUE id FROM watch WHERE owner = $watching)) >= {most} {{ THROW '{STALE}' }};\n"
        ));
        self.put_first(ONE_AFTER_ANOTHER);
        self
    }

    /// Takes the watches of somebody away.
    pub(crate) fn deletes_watches(mut self, owner: &Actor) -> Self {
        self.bind_value("watched_by", Value::String(owner.clone().into()));
        self.put_first("DELETE watch WHERE owner = $watched_by RETURN NONE;\n");
        self.put_first(ONE_AFTER_ANOTHER);
        self
    }
}

impl Store {
    /// The watches of somebody, in the order in which they were made.
    pub(crate) async fn watches_of(&self, owner: &Actor) -> Result<Vec<Watch>, Error> {
        let query = "SELECT * FROM watch WHERE owner = $owner ORDER BY id";
        let owner = Value::String(owner.clone().into());
        read_all(self.database.query(query).bind(("owner", owner)).await?.check()?.take(0)?)
    }

    /// The watch whose feed has this secret.
    pub(crate) async fn watch_by_secret(&self, hash: &TokenHash) -> Result<Option<Watch>, Error> {
        self.find("channel.secret", hash.as_str()).await
    }

    /// The watches that are told at once of the next event.
    pub(crate) async fn following_watches(&self) -> Result<Vec<Watch>, Error> {
        let query = "SELECT * FROM watch WHERE follows = true";
        read_all(self.database.query(query).await?.check()?.take(0)?)
    }

    /// The watches that are told of what has gathered, those first that have waited longest.
    pub(crate) async fn due_watches(
        &self,
        now: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<Watch>, Error> {
        let query = format!(
            "SELECT * FROM watch WHERE due_at != NONE AND due_at <= $now ORDER BY due_at LIMIT {limit}"
        );
        let now = Value::Datetime(now.into());
        read_all(self.database.query(query).bind(("now", now)).await?.check()?.take(0)?)
    }

    /// The watches whose address was asked before a moment, or had enough then, and has not agreed.
    pub(crate) async fn unanswered_watches(
        &self,
        before: DateTime<Utc>,
    ) -> Result<Vec<Watch>, Error> {
        let query =
            "SELECT * FROM watch WHERE channel.kind = 'mail' AND channel.confirmed_at = NONE
            AND channel.asked_at < $before";
        let before = Value::Datetime(before.into());
        read_all(self.database.query(query).bind(("before", before)).await?.check()?.take(0)?)
    }

    /// The entries of some kinds between two numbers, the first of them left out, in order.
    pub(crate) async fn journal_of_kinds(
        &self,
        kinds: &[EventKind],
        (after, until): (u64, u64),
    ) -> Result<Vec<Event>, Error> {
        if self.has_failed() {
            return Err(Error::Failed);
        }
        let query =
            format!("SELECT * OMIT id FROM journal:{}..={until} WHERE kind IN $kinds", after + 1);
        let names = kinds.iter().map(|kind| Value::String(kind.name().into()));
        let names = Value::Array(names.collect::<Vec<_>>().into());
        let rows = self.database.query(query).bind(object([("kinds", names)])).await?;
        read_events(rows.check()?.take(0)?)
    }

    /// Some entries of the journal, in no order.
    pub(crate) async fn journal_entries(&self, seqs: &[u64]) -> Result<Vec<Event>, Error> {
        let ids: Vec<String> = seqs.iter().map(|seq| format!("journal:{seq}")).collect();
        let query = format!("SELECT * OMIT id FROM {}", ids.join(", "));
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        read_events(self.database.query(query).await?.check()?.take(0)?)
    }

    /// What links in letters are signed with.
    pub(crate) async fn link_key(&self) -> Result<LinkKey, Error> {
        let found: Value =
            self.database.query("SELECT VALUE key FROM ONLY hub:links").await?.check()?.take(0)?;
        match found {
            Value::String(text) => Ok(LinkKey::new(&text)),
            _ => Err(Error::Unreadable { table: "hub", reason: "no text".to_owned() }),
        }
    }
}
