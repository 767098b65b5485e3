//! Leases: of several nodes on one database, one at a time does a piece of work.
//!
//! Who holds a lease does the work until it gives it back, or until it expires without having been
//! renewed. That alone would not do: a node may fall asleep in the middle of its work and wake up
//! when another one has taken over. So each change of owner raises the lease's number, and a change
//! that is [`Change::under`] a lease is written only if the number is still the same.

use chrono::{DateTime, TimeDelta, Utc};
use surrealdb::types::{Number, RecordId, Value};

use super::error::{OVERTAKEN, cause, classify, is_conflict};
use super::value::{object, record};
use super::{Change, Error, Store};

/// How often a question about a lease is repeated that met another one.
const MOST_TRIES: u32 = 10;

/// The right to do a piece of work alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// The name of the work.
    work: String,
    /// Who does it: a text that no other owner has.
    owner: String,
    /// Rises with every change of owner.
    number: i64,
    /// When it ends, unless it is renewed.
    expires_at: DateTime<Utc>,
}

impl Lease {
    /// Rises with every change of owner: whoever is told of work by two owners believes the greater.
    #[must_use]
    pub const fn number(&self) -> i64 {
        self.number
    }

    /// When it ends, unless it is renewed.
    #[must_use]
    pub const fn expires_at(&self) -> DateTime<Utc> {
        self.expires_at
    }

    fn record(&self) -> RecordId {
        record("lease", self.work.clone())
    }
}

/// Takes a lease that nobody holds, that has expired, or that is one's own; gives its number.
const ACQUIRE: &str = "
    LET $known = (SELECT * FROM ONLY $lease);
    IF $known != NONE AND $known.owner != NONE AND $known.owner != $owner AND $known.expires_at > $now {
        RETURN 0;
    };
    LET $number = IF $known != NONE AND $known.owner = $owner { $known.number } ELSE { ($known.number ?? 0) + 1 };
    UPSERT ONLY $lease SET owner = $owner, number = $number, expires_at = $until, used = ($known.used ?? 0) + 1 RETURN NONE;
    RETURN $number;
";

/// Lengthens a lease that is still one's own; gives its number.
const RENEW: &str = "
    LET $known = (SELECT * FROM ONLY $lease);
    IF $known = NONE OR $known.owner != $owner OR $known.number != $number { RETURN 0; };
    UPDATE ONLY $lease SET expires_at = $until, used += 1 RETURN NONE;
    RETURN $number;
";

/// Gives a lease back that is still one's own. Its number stays, for the next owner to raise.
const GIVE_BACK: &str = "
    LET $known = (SELECT * FROM ONLY $lease);
    IF $known = NONE OR $known.owner != $owner OR $known.number != $number { RETURN 0; };
    UPDATE ONLY $lease SET owner = NONE, expires_at = $until, used += 1 RETURN NONE;
    RETURN $number;
";

impl Store {
    /// Takes over a piece of work for some time; nothing if somebody else is at it.
    ///
    /// # Errors
    /// What the database says.
    pub async fn acquire(
        &self,
        work: &str,
        owner: &str,
        now: DateTime<Utc>,
        span: TimeDelta,
    ) -> Result<Option<Lease>, Error> {
        let (work, owner) = (work.to_owned(), owner.to_owned());
        let wanted = Lease { work, owner, number: 0, expires_at: now + span };
        let number = self.ask(ACQUIRE, &wanted, now).await?;
        Ok((number > 0).then_some(Lease { number, ..wanted }))
    }

    /// Lengthens a lease; nothing if somebody else has taken over meanwhile.
    ///
    /// # Errors
    /// What the database says.
    pub async fn renew(
        &self,
        lease: &Lease,
        now: DateTime<Utc>,
        span: TimeDelta,
    ) -> Result<Option<Lease>, Error> {
        let wanted = Lease { expires_at: now + span, ..lease.clone() };
        Ok((self.ask(RENEW, &wanted, now).await? > 0).then_some(wanted))
    }

    /// Gives a lease back; whoever comes next need not wait for its end.
    ///
    /// # Errors
    /// What the database says.
    pub async fn give_back(&self, lease: &Lease, now: DateTime<Utc>) -> Result<(), Error> {
        let ended = Lease { expires_at: now, ..lease.clone() };
        self.ask(GIVE_BACK, &ended, now).await.map(drop)
    }

    async fn ask(&self, question: &str, lease: &Lease, now: DateTime<Utc>) -> Result<i64, Error> {
        for _ in 0..MOST_TRIES {
            match self.ask_once(question, lease, now).await {
                Err(error) if is_conflict(&error) => tokio::task::yield_now().await,
                other => return other.map_err(classify),
            }
        }
        Err(Error::Contended(MOST_TRIES))
    }

    async fn ask_once(
        &self,
        question: &str,
        lease: &Lease,
        now: DateTime<Utc>,
    ) -> Result<i64, surrealdb::Error> {
        // A block gives what it returns; a transaction of its own would give an answer a statement.
        let bindings = object([
            ("lease", Value::RecordId(lease.record())),
            ("owner", Value::String(lease.owner.clone())),
            ("number", Value::Number(Number::Int(lease.number))),
            ("now", Value::Datetime(now.into())),
            ("until", Value::Datetime(lease.expires_at.into())),
        ]);
        let mut response =
            self.database.query(format!("RETURN {{ {question} }};")).bind(bindings).await?;
        if let Some(error) = cause(response.take_errors().into_values()) {
            return Err(error);
        }
        match response.take::<Value>(0)? {
            Value::Number(Number::Int(number)) => Ok(number),
            other => Err(surrealdb::Error::internal(format!("a lease has the number {other:?}"))),
        }
    }
}

impl Change {
    /// Writes only as long as a lease is one's own: [`Error::Overtaken`] otherwise. The lease is
    /// written along, so that of two owners who write at once only one succeeds.
    #[must_use]
    pub fn under(mut self, lease: &Lease) -> Self {
        self.bind_value("lease", Value::RecordId(lease.record()));
        self.bind_value("lease_number", Value::Number(Number::Int(lease.number)));
        self.put_first(&format!(
            "IF (SELECT VALUE number FROM ONLY $lease) != $lease_number {{ THROW '{OVERTAKEN}' }};\n\
             UPDATE ONLY $lease SET used += 1 RETURN NONE;\n"
        ));
        self
    }
}

#[cfg(test)]
mod tests;
