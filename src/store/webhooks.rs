//! Webhooks, and the messages on their way to them.

use chrono::{DateTime, Utc};
use surrealdb::types::{Number, RecordId, Value};

use super::error::{STALE, is_conflict};
use super::journal::Order;
use super::record::{link, read_all};
use super::value::object;
use super::{Change, Error, Store};
use crate::domain::{Actor, Delivery, DeliveryId, DeliveryState, Label, Webhook, WebhookId};

/// How often a change of many messages is repeated that met another writer.
const MOST_TRIES: u32 = 10;

/// Which messages to a webhook somebody asks for.
pub(crate) struct DeliveryRange {
    /// Only those in this state.
    pub(crate) state: Option<DeliveryState>,
    /// Only those that were made after this one.
    pub(crate) after: Option<DeliveryId>,
    /// Only those that were made before this one.
    pub(crate) before: Option<DeliveryId>,
    /// In which order.
    pub(crate) order: Order,
}

impl Change {
    /// Goes on only as long as an owner has fewer webhooks than this. Changes with an entry are written
    /// one after another: none comes in between.
    pub(crate) fn with_room_for_webhook(mut self, owner: &Actor, most: usize) -> Self {
        self.bind_value("webhook_owner", Value::String(owner.clone().into()));
        self.put_first(&format!(
            "IF array::len(SELECT VALUE id FROM webhook WHERE owner = $webhook_owner) >= {most} \
             {{ THROW '{STALE}' }};\n"
        ));
        self
    }

    /// Takes a webhook away, with all that was sent to it or was to be.
    pub(crate) fn delete_webhook(mut self, id: &WebhookId) -> Self {
        self.bind_value("gone_webhook", Value::RecordId(link::<Webhook>(id)));
        self.put_first("DELETE delivery WHERE webhook = $gone_webhook RETURN NONE;\n");
        self.delete::<Webhook>(id)
    }

    /// Takes all webhooks of an owner away, with all that was sent to them or was to be.
    pub(crate) fn delete_webhooks_of(mut self, owner: &Actor) -> Self {
        self.bind_value("gone_owner", Value::String(owner.clone().into()));
        self.put_first(
            "LET $gone_webhooks = (SELECT VALUE id FROM webhook WHERE owner = $gone_owner);\n\
             DELETE delivery WHERE webhook IN $gone_webhooks RETURN NONE;\n\
             DELETE $gone_webhooks RETURN NONE;\n",
        );
        self
    }

    /// Gives up what is on its way to a webhook.
    pub(crate) fn give_up_deliveries(mut self, webhook: &WebhookId, now: DateTime<Utc>) -> Self {
        self.bind_value("silent_webhook", Value::RecordId(link::<Webhook>(webhook)));
        self.bind_value("given_up_at", Value::Datetime(now.into()));
        // Whoever notes what came of one of them in the same change has gone by its revision before.
        self.put_last(
            "UPDATE delivery SET revision += 1, state = 'failed', next_attempt = NONE, \
                ended_at = $given_up_at, attempts += { at: $given_up_at, milliseconds: 0, trouble: 'disabled' } \
                WHERE webhook = $silent_webhook AND state = 'pending' RETURN NONE;\n",
        );
        self
    }
}

impl Store {
    /// The webhooks of an owner, the oldest first.
    pub(crate) async fn webhooks_of(&self, owner: &Actor) -> Result<Vec<Webhook>, Error> {
        let query = "SELECT * FROM webhook WHERE owner = $owner ORDER BY id";
        let owner = String::from(owner.clone());
        read_all(self.database.query(query).bind(("owner", owner)).await?.check()?.take(0)?)
    }

    /// Whether anything is on its way to any webhook.
    pub(crate) async fn has_deliveries(&self) -> Result<bool, Error> {
        let query = "SELECT VALUE id FROM delivery WHERE state = 'pending' LIMIT 1";
        let found: Value = self.database.query(query).await?.check()?.take(0)?;
        Ok(matches!(found, Value::Array(found) if !found.is_empty()))
    }

    /// How many messages are on their way to webhooks.
    pub(crate) async fn waiting_deliveries(&self) -> Result<u64, Error> {
        self.number_of("delivery WHERE state = 'pending'").await
    }

    /// The webhooks to which more messages are on their way than that.
    pub(crate) async fn overflowing_webhooks(&self, most: usize) -> Result<Vec<Webhook>, Error> {
        let query = format!(
            "SELECT * FROM (SELECT VALUE webhook FROM
                (SELECT webhook, count() AS waiting FROM delivery WHERE state = 'pending' GROUP BY webhook)
                WHERE waiting > {most})"
        );
        read_all(self.database.query(query).await?.check()?.take(0)?)
    }

    /// Messages that are to be sent by now, those that wait longest first, without those to webhooks
    /// that have enough to do.
    pub(crate) async fn due_deliveries(
        &self,
        now: DateTime<Utc>,
        without: &[WebhookId],
        limit: usize,
    ) -> Result<Vec<Delivery>, Error> {
        let query = format!(
            "SELECT * FROM delivery WHERE state = 'pending' AND next_attempt <= $now
                AND webhook NOT IN $without ORDER BY next_attempt LIMIT {limit}"
        );
        let without: Vec<Value> =
            without.iter().map(|id| Value::RecordId(link::<Webhook>(id))).collect();
        let bindings = object([
            ("now", Value::Datetime(now.into())),
            ("without", Value::Array(without.into())),
        ]);
        read_all(self.database.query(query).bind(bindings).await?.check()?.take(0)?)
    }

    /// Messages to a webhook.
    pub(crate) async fn deliveries_of(
        &self,
        webhook: &WebhookId,
        range: &DeliveryRange,
        limit: usize,
    ) -> Result<Vec<Delivery>, Error> {
        let edge = |id: &Option<DeliveryId>| {
            id.as_ref().map_or(Value::None, |id| Value::RecordId(link::<Delivery>(id)))
        };
        let direction = match range.order {
            Order::Ascending => "ASC",
            Order::Descending => "DESC",
        };
        let query = format!(
            "SELECT * FROM delivery WHERE webhook = $webhook AND ($state = NONE OR state = $state)
                AND ($after = NONE OR id > $after) AND ($before = NONE OR id < $before)
                ORDER BY id {direction} LIMIT {limit}"
        );
        let state = range.state.map_or(Value::None, |it| Value::String(it.name().to_owned()));
        let bindings = object([
            ("webhook", Value::RecordId(link::<Webhook>(webhook))),
            ("state", state),
            ("after", edge(&range.after)),
            ("before", edge(&range.before)),
        ]);
        read_all(self.database.query(query).bind(bindings).await?.check()?.take(0)?)
    }

    /// Has messages that were given up sent again, those that were made at or after a moment, the
    /// oldest first; gives how many.
    pub(crate) async fn replay_failed(
        &self,
        webhook: &WebhookId,
        since: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
        limit: usize,
    ) -> Result<usize, Error> {
        // A block gives what it returns, in one transaction.
        let query = format!(
            "RETURN {{
                LET $again = (SELECT id FROM delivery WHERE webhook = $webhook AND state = 'failed'
                    AND ($since = NONE OR created_at >= $since) ORDER BY id LIMIT {limit}).id;
                UPDATE $again SET revision += 1, state = 'pending', tries = 0, next_attempt = $now,
                    ended_at = NONE RETURN NONE;
                RETURN array::len($again);
            }};"
        );
        let bindings = object([
            ("webhook", Value::RecordId(link::<Webhook>(webhook))),
            ("since", since.map_or(Value::None, |since| Value::Datetime(since.into()))),
            ("now", Value::Datetime(now.into())),
        ]);
        for _ in 0..MOST_TRIES {
            let asked = self.database.query(&query).bind(bindings.clone()).await?.check();
            let count = match asked {
                Ok(mut answer) => answer.take::<Value>(0)?,
                // One of them was written in this very moment.
                Err(error) if is_conflict(&error) => continue,
                Err(error) => return Err(error.into()),
            };
            return match count {
                Value::Number(Number::Int(count)) => Ok(usize::try_from(count).unwrap_or_default()),
                other => Err(Error::Unreadable { table: "delivery", reason: format!("{other:?}") }),
            };
        }
        Err(Error::Contended(MOST_TRIES))
    }

    /// Forgets messages that ended before these moments: those that arrived, and those that were given
    /// up.
    pub(crate) async fn forget_deliveries(
        &self,
        (delivered, failed): (DateTime<Utc>, DateTime<Utc>),
    ) -> Result<(), Error> {
        let query =
            "DELETE delivery WHERE state = 'delivered' AND ended_at < $delivered RETURN NONE;
            DELETE delivery WHERE state = 'failed' AND ended_at < $failed RETURN NONE;";
        let bindings = object([
            ("delivered", Value::Datetime(delivered.into())),
            ("failed", Value::Datetime(failed.into())),
        ]);
        match self.database.query(query).bind(bindings).await?.check() {
            // One of them is being sent again: the next time will do.
            Err(error) if !is_conflict(&error) => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Forgets a message whose webhook is gone.
    pub(crate) async fn forget_delivery(&self, id: &DeliveryId) -> Result<(), Error> {
        let id: RecordId = link::<Delivery>(id);
        self.database.query("DELETE $id RETURN NONE").bind(("id", id)).await?.check()?;
        Ok(())
    }
}
