//! How often somebody may do something.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

/// So many are remembered; beyond that those whose time is over are forgotten, then those who are
/// furthest from their limit.
const REMEMBERED: usize = 10_000;

/// How often, and since when.
type Used = (u32, DateTime<Utc>);

/// So many times within a stretch of time, each for themselves. Each node counts for itself. Cheap
/// to clone.
#[derive(Clone)]
pub(super) struct Limiter {
    most: u32,
    within: TimeDelta,
    used: Arc<Mutex<HashMap<String, Used>>>,
}

impl Limiter {
    /// A limiter that nobody has used yet.
    pub(super) fn new(most: u32, within: TimeDelta) -> Self {
        Self { most, within, used: Arc::default() }
    }

    /// Uses one up; how long to wait if none is left.
    pub(super) fn take(&self, who: &str, now: DateTime<Utc>) -> Result<(), TimeDelta> {
        let mut used = self.used();
        if used.len() >= REMEMBERED && !used.contains_key(who) {
            self.make_room(&mut used, now);
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

    /// Gives one back that was taken and does not count.
    pub(super) fn give_back(&self, who: &str) {
        if let Some((count, _)) = self.used().get_mut(who) {
            *count = count.saturating_sub(1);
        }
    }

    /// Forgets how often somebody did it.
    pub(super) fn forget(&self, who: &str) {
        self.used().remove(who);
    }

    /// How long somebody has to wait; nothing if one is left.
    pub(super) fn wait(&self, who: &str, now: DateTime<Utc>) -> Option<TimeDelta> {
        let (count, since) = self.used().get(who).copied()?;
        let left = since + self.within - now;
        (count >= self.most && left > TimeDelta::zero()).then_some(left)
    }

    /// Whoever floods the limiter with made-up names pushes out those, and nobody who waits.
    fn make_room(&self, used: &mut HashMap<String, Used>, now: DateTime<Utc>) {
        used.retain(|_, (_, since)| now - *since < self.within);
        for fewest in 0..=self.most {
            if used.len() < REMEMBERED {
                return;
            }
            used.retain(|_, (count, _)| *count > fewest);
        }
    }

    fn used(&self) -> MutexGuard<'_, HashMap<String, Used>> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    #[test]
    fn what_is_used_up_comes_back() {
        let limiter = Limiter::new(2, TimeDelta::minutes(1));
        assert_eq!(limiter.take("a", at(0)), Ok(()));
        assert_eq!(limiter.take("a", at(10)), Ok(()));
        assert_eq!(limiter.take("a", at(20)), Err(TimeDelta::seconds(40)));
        assert_eq!(limiter.wait("a", at(20)), Some(TimeDelta::seconds(40)));
        assert_eq!(limiter.take("b", at(20)), Ok(()));
        assert_eq!(limiter.wait("a", at(60)), None);
        assert_eq!(limiter.take("a", at(60)), Ok(()));
    }

    #[test]
    fn what_does_not_count_is_given_back_once() {
        let limiter = Limiter::new(2, TimeDelta::minutes(1));
        for _ in 0..9 {
            assert_eq!(limiter.take("a", at(0)), Ok(()));
            limiter.give_back("a");
        }
        limiter.give_back("a");
        assert_eq!(limiter.take("a", at(1)), Ok(()));
        assert_eq!(limiter.take("a", at(1)), Ok(()));
        assert!(limiter.take("a", at(1)).is_err());
        limiter.forget("a");
        assert_eq!(limiter.take("a", at(1)), Ok(()));
    }

    #[test]
    fn nobody_gets_out_of_waiting_by_a_flood_of_other_names() {
        let limiter = Limiter::new(2, TimeDelta::minutes(1));
        for _ in 0..2 {
            assert_eq!(limiter.take("a", at(0)), Ok(()));
        }
        for number in 0..2 * REMEMBERED {
            assert_eq!(limiter.take(&format!("made up {number}"), at(1)), Ok(()));
        }
        assert!(limiter.wait("a", at(2)).is_some());
        assert!(limiter.used().len() <= REMEMBERED);
    }
}
