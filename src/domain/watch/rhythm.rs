//! When somebody is told.

use chrono::{DateTime, Timelike, Utc, Weekday};
use serde::{Deserialize, Serialize};

use super::berlin;
use crate::domain::kinds::kinds;

/// At this hour of German clocks what has gathered is sent.
const HOUR: u32 = 7;

kinds! {
    /// How often somebody is told.
    Rhythm {
        AtOnce = "at_once", "Sofort", "At once";
        Daily = "daily", "Täglich", "Daily";
        Weekly = "weekly", "Wöchentlich", "Weekly";
    }
}

impl Rhythm {
    /// When what has gathered is sent next; never if nothing gathers.
    #[must_use]
    pub fn next(self, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
        match self {
            Self::AtOnce => None,
            Self::Daily => Some(berlin::next(after, HOUR, None)),
            Self::Weekly => Some(berlin::next(after, HOUR, Some(Weekday::Mon))),
        }
    }
}

/// Hours of German clocks in which nothing is sent at once, from one to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuietHours {
    /// The hour in which they begin, 0 to 23.
    pub starts: u32,
    /// The hour in which they end, 0 to 23; on the next day if it is the smaller one.
    pub ends: u32,
}

impl QuietHours {
    /// Whether there are such hours.
    #[must_use]
    pub const fn is_sound(&self) -> bool {
        self.starts < 24 && self.ends < 24 && self.starts != self.ends
    }

    /// Their end, if a moment lies in them.
    #[must_use]
    pub fn end_after(&self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let hour = berlin::shown(at).hour();
        let within = if self.starts < self.ends {
            (self.starts..self.ends).contains(&hour)
        } else {
            hour >= self.starts || hour < self.ends
        };
        within.then(|| berlin::next(at, self.ends, None))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_hours_may_last_over_midnight() {
        let check = |(starts, ends), at: &str, expected: Option<&str>| {
            let at = at.parse().expect("a moment");
            let expected = expected.map(|it| it.parse::<DateTime<Utc>>().expect("a moment"));
            assert_eq!(QuietHours { starts, ends }.end_after(at), expected, "{starts}–{ends} {at}");
        };
        check((22, 6), "2026-01-01T20:59:00Z", None);
        check((22, 6), "2026-01-01T21:00:00Z", Some("2026-01-02T05:00:00Z"));
        check((22, 6), "2026-01-02T04:59:00Z", Some("2026-01-02T05:00:00Z"));
        check((22, 6), "2026-01-02T05:00:00Z", None);
        check((12, 14), "2026-07-01T10:30:00Z", Some("2026-07-01T12:00:00Z"));
        check((12, 14), "2026-07-01T12:00:00Z", None);
    }
}
