//! How often somebody may try a password.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use quick_cache::sync::Cache;

/// So many wrong tries for one address …
const MOST: u32 = 5;
/// … within this time.
const WITHIN: TimeDelta = TimeDelta::minutes(15);
/// So many addresses are remembered; whoever tries more pushes the oldest out.
const REMEMBERED: usize = 10_000;

/// Wrong tries, by address. Each node counts for itself. Cheap to clone.
#[derive(Clone)]
pub struct Attempts(Arc<Cache<String, (u32, DateTime<Utc>)>>);

impl Default for Attempts {
    fn default() -> Self {
        Self(Arc::new(Cache::new(REMEMBERED)))
    }
}

impl Attempts {
    /// How long an address must wait until it may be tried again; nothing if it may be now.
    pub(super) fn wait(&self, address: &str, now: DateTime<Utc>) -> Option<TimeDelta> {
        let (tries, since) = self.0.get(address)?;
        let left = since + WITHIN - now;
        (tries >= MOST && left > TimeDelta::zero()).then_some(left)
    }

    /// Notes a wrong try.
    pub(super) fn wrong(&self, address: &str, now: DateTime<Utc>) {
        let before = self.0.get(address).filter(|(_, since)| now - *since < WITHIN);
        let (tries, since) = before.unwrap_or((0, now));
        self.0.insert(address.to_owned(), (tries + 1, since));
    }

    /// Forgets the wrong tries of an address whose password somebody knew.
    pub(super) fn right(&self, address: &str) {
        self.0.remove(address);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_five_wrong_tries_an_address_rests() {
        let attempts = Attempts::default();
        let at = |seconds| DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds);
        for second in 0..5 {
            assert_eq!(attempts.wait("a", at(second)), None);
            attempts.wrong("a", at(second));
        }
        assert_eq!(attempts.wait("a", at(5)), Some(TimeDelta::seconds(895)));
        assert_eq!(attempts.wait("b", at(5)), None);
        assert_eq!(attempts.wait("a", at(900)), None);
        attempts.right("a");
        assert_eq!(attempts.wait("a", at(6)), None);
    }
}
