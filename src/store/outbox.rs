//! Messages on their way.

use chrono::{DateTime, Utc};
use surrealdb::types::{Number, Value};

use super::record::{link, read_all};
use super::value::object;
use super::{Error, Store};
use crate::domain::{Contact, Message, Municipality, MunicipalityId};

impl Store {
    /// Messages that wait for somebody to deliver them, those that wait longest first.
    pub(crate) async fn due_messages(
        &self,
        now: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<Message>, Error> {
        let query = format!(
            "SELECT * FROM message WHERE state = 'waiting' AND next_try <= $now
                AND (claimed_until = NONE OR claimed_until <= $now)
                ORDER BY next_try LIMIT {limit}"
        );
        let now = Value::Datetime(now.into());
        read_all(self.database.query(query).bind(("now", now)).await?.check()?.take(0)?)
    }

    /// How many messages are on their way by mail.
    pub(crate) async fn waiting_messages(&self) -> Result<u64, Error> {
        self.number_of("message WHERE state = 'waiting'").await
    }

    /// Forgets messages that ended before a moment.
    pub(crate) async fn forget_messages(&self, before: DateTime<Utc>) -> Result<(), Error> {
        let query = "DELETE message WHERE state IN ['delivered', 'failed'] AND ended_at < $before \
            RETURN NONE";
        let before = Value::Datetime(before.into());
        match self.database.query(query).bind(("before", before)).await?.check() {
            // One of them was written in this very moment: the next time will do.
            Err(error) if !super::error::is_conflict(&error) => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Takes a message for oneself until a moment; nothing if somebody else has it. Each claim is a
    /// revision of its own: who held it before can write nothing more.
    pub(crate) async fn claim_message(
        &self,
        message: &Message,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Option<Message>, Error> {
        let query = "UPDATE $id SET revision += 1, claimed_until = $until
            WHERE revision = $revision AND state = 'waiting'
                AND (claimed_until = NONE OR claimed_until <= $now)
            RETURN AFTER";
        let bindings = object([
            ("id", Value::RecordId(link::<Message>(&message.id))),
            ("revision", Value::Number(Number::Int(i64::from(message.revision)))),
            ("now", Value::Datetime(now.into())),
            ("until", Value::Datetime(until.into())),
        ]);
        let claimed = self.database.query(query).bind(bindings).await?.check();
        match claimed {
            Ok(mut claimed) => Ok(read_all(claimed.take(0)?)?.pop()),
            // Somebody else was faster.
            Err(error) if super::error::is_conflict(&error) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The contacts of a municipality that somebody should look at by a day, the oldest first.
    pub(crate) async fn contacts_due(
        &self,
        municipality: &MunicipalityId,
        by: chrono::NaiveDate,
        limit: usize,
    ) -> Result<Vec<Contact>, Error> {
        let query = format!(
            "SELECT * FROM contact WHERE municipality = $of AND publication != 'archived'
                AND (bounced_at != NONE OR (review_by != NONE AND review_by <= $by))
                ORDER BY review_by, id LIMIT {limit}"
        );
        let of = Value::RecordId(link::<Municipality>(municipality));
        let bindings = object([("of", of), ("by", Value::String(by.to_string()))]);
        read_all(self.database.query(query).bind(bindings).await?.check()?.take(0)?)
    }
}
