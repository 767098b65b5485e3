//! How often somebody may do something.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

/// So many are remembered; beyond that those whose time is over are forgotten, then all.
const REMEMBERED: usize = 10_000;

/// How often, and since when.
type Used = (u32, DateTime<Utc>);

/// So many times within a stretch of time, each for themselves. Each node counts for itself. Cheap
/// to clone.
#[derive(Clone)]
pub(super) struct Quota {
    most: u32,
    within: TimeDelta,
    used: Arc<Mutex<HashMap<String, Used>>>,
}

impl Quota {
    /// A quota that nobody has used yet.
    pub(super) fn new(most: u32, within: TimeDelta) -> Self {
        Self { most, within, used: Arc::default() }
    }

    /// Uses one up; how long to wait if none is left.
    pub(super) fn take(&self, who: &str, now: DateTime<Utc>) -> Result<(), TimeDelta> {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        if used.len() >= REMEMBERED {
            used.retain(|_, (_, since)| now - *since < self.within);
        }
        if used.len() >= REMEMBERED {
            used.clear();
        }
        let (count, since) = used.entry(who.to_owned()).or_insert((0, now));
        if now - *since >= self.within {
            (*count, *since) = (0, now);
        }
        if *count >= self.most {
            return Err(*since + self.within - now);
        }
        *count += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quota_is_used_up_and_comes_back() {
        let quota = Quota::new(2, TimeDelta::minutes(1));
        let at = |seconds| DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds);
        assert_eq!(quota.take("a", at(0)), Ok(()));
        assert_eq!(quota.take("a", at(10)), Ok(()));
        assert_eq!(quota.take("a", at(20)), Err(TimeDelta::seconds(40)));
        assert_eq!(quota.take("b", at(20)), Ok(()));
        assert_eq!(quota.take("a", at(60)), Ok(()));
    }
}
