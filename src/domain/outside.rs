//! What the program takes from outside: the time and fresh keys. Who runs it hands them in.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use ulid::Ulid;

/// Tells the time.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>);

impl Clock {
    /// A clock that asks this function.
    #[must_use]
    pub fn from_fn(now: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// The time, in whole milliseconds: what a ULID holds and every client reads.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        let now = (self.0)();
        now - TimeDelta::nanoseconds(i64::from(now.timestamp_subsec_nanos() % 1_000_000))
    }
}

/// Makes fresh keys and secrets.
#[derive(Clone)]
pub struct Ids {
    clock: Clock,
    random: Arc<dyn Fn() -> [u8; 20] + Send + Sync>,
}

impl Ids {
    /// Keys from this clock and this source of random bytes.
    #[must_use]
    pub fn from_fn(clock: Clock, random: impl Fn() -> [u8; 20] + Send + Sync + 'static) -> Self {
        Self { clock, random: Arc::new(random) }
    }

    /// A fresh key; keys sort by the time of their making.
    #[must_use]
    pub fn fresh(&self) -> Ulid {
        let milliseconds = u64::try_from(self.clock.now().timestamp_millis()).unwrap_or_default();
        let [_, _, _, _, random @ ..] = self.secret();
        Ulid::from_parts(milliseconds, u128::from_be_bytes(random))
    }

    /// Twenty random bytes, for a secret.
    #[must_use]
    pub fn secret(&self) -> [u8; 20] {
        (self.random)()
    }
}
