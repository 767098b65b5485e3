//! How often somebody may try to sign in.

use std::net::IpAddr;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use quick_cache::sync::Cache;

/// The tries count within this time.
const WITHIN: TimeDelta = TimeDelta::minutes(15);
/// So many are remembered; whoever tries more pushes the oldest out.
const REMEMBERED: usize = 10_000;

/// What is tried too often.
#[derive(Debug, Clone, Copy)]
pub(super) enum Tried<'a> {
    /// The password of an address.
    Address(&'a str),
    /// Whatever comes from one place on the network, behind which a whole town hall may sit.
    Client(IpAddr),
    /// To begin a sign-in elsewhere, from one place on the network.
    Beginning(IpAddr),
}

impl Tried<'_> {
    const fn most(self) -> u32 {
        match self {
            Self::Address(_) => 5,
            Self::Client(_) => 50,
            Self::Beginning(_) => 200,
        }
    }

    fn key(self) -> String {
        match self {
            Self::Address(address) => address.to_owned(),
            Self::Client(client) => format!("client {}", network(client)),
            Self::Beginning(client) => format!("beginning {}", network(client)),
        }
    }
}

/// Where somebody is: with IPv6 everybody has a whole network.
fn network(client: IpAddr) -> IpAddr {
    match client {
        IpAddr::V4(_) => client,
        IpAddr::V6(address) => IpAddr::V6((address.to_bits() >> 64 << 64).into()),
    }
}

/// Tries of late. Each node counts for itself. Cheap to clone.
#[derive(Clone)]
pub struct Attempts(Arc<Cache<String, (u32, DateTime<Utc>)>>);

impl Default for Attempts {
    fn default() -> Self {
        Self(Arc::new(Cache::new(REMEMBERED)))
    }
}

impl Attempts {
    /// How long something must wait until it may be tried again; nothing if it may be now.
    pub(super) fn wait(&self, tried: Tried<'_>, now: DateTime<Utc>) -> Option<TimeDelta> {
        let (tries, since) = self.0.get(&tried.key())?;
        let left = since + WITHIN - now;
        (tries >= tried.most() && left > TimeDelta::zero()).then_some(left)
    }

    /// Notes a try.
    pub(super) fn note(&self, tried: Tried<'_>, now: DateTime<Utc>) {
        let key = tried.key();
        let before = self.0.get(&key).filter(|(_, since)| now - *since < WITHIN);
        let (tries, since) = before.unwrap_or((0, now));
        self.0.insert(key, (tries + 1, since));
    }

    /// Forgets the tries of an address whose password somebody knew.
    pub(super) fn right(&self, address: &str) {
        self.0.remove(&Tried::Address(address).key());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    #[test]
    fn after_five_wrong_tries_an_address_rests() {
        let (attempts, a) = (Attempts::default(), Tried::Address("a"));
        for second in 0..5 {
            assert_eq!(attempts.wait(a, at(second)), None);
            attempts.note(a, at(second));
        }
        assert_eq!(attempts.wait(a, at(5)), Some(TimeDelta::seconds(895)));
        assert_eq!(attempts.wait(Tried::Address("b"), at(5)), None);
        assert_eq!(attempts.wait(a, at(900)), None);
        attempts.right("a");
        assert_eq!(attempts.wait(a, at(6)), None);
    }

    #[test]
    fn one_network_is_one_client() {
        let attempts = Attempts::default();
        let client = |text: &str| Tried::Client(text.parse().expect("an address"));
        for host in 0..50 {
            attempts.note(client(&format!("2001:db8::{host}")), at(0));
            attempts.note(client(&format!("192.0.2.{host}")), at(0));
        }
        assert!(attempts.wait(client("2001:db8::ffff"), at(1)).is_some());
        assert_eq!(attempts.wait(client("2001:db8:0:1::1"), at(1)), None);
        assert_eq!(attempts.wait(client("192.0.2.1"), at(1)), None);
    }
}
