//! The time on German clocks, for hours that people name.
//!
//! Since 1996 all of the European Union changes its clocks at the same moments: from the last Sunday
//! of March to that of October, at one o'clock UTC, they are ahead by another hour.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, TimeDelta, Utc, Weekday};

/// What German clocks show.
pub(super) fn shown(at: DateTime<Utc>) -> NaiveDateTime {
    at.naive_utc() + ahead(at)
}

/// The next moment at which they show a full hour, on a weekday if one is named.
pub(super) fn next(after: DateTime<Utc>, hour: u32, weekday: Option<Weekday>) -> DateTime<Utc> {
    let today = shown(after).date();
    let days = (0..=8).filter_map(|day| today.checked_add_days(Days::new(day)));
    let days = days.filter(|day| weekday.is_none_or(|weekday| day.weekday() == weekday));
    let moments = days.filter_map(|day| Some(moment(day.and_hms_opt(hour, 0, 0)?)));
    // Within nine days there is always one; else a day later is as good as any.
    moments.into_iter().find(|moment| *moment > after).unwrap_or(after + TimeDelta::days(1))
}

/// The first moment at which they show a time, or have just jumped over it.
fn moment(time: NaiveDateTime) -> DateTime<Utc> {
    let summer = (time - TimeDelta::hours(2)).and_utc();
    if shown(summer) == time { summer } else { (time - TimeDelta::hours(1)).and_utc() }
}

fn ahead(at: DateTime<Utc>) -> TimeDelta {
    let change = |month| last_sunday(at.year(), month).and_hms_opt(1, 0, 0).map(|it| it.and_utc());
    let summer =
        change(3).is_some_and(|begin| at >= begin) && change(10).is_some_and(|end| at < end);
    TimeDelta::hours(if summer { 2 } else { 1 })
}

/// The last Sunday of a month that has 31 days.
fn last_sunday(year: i32, month: u32) -> NaiveDate {
    let last = NaiveDate::from_ymd_opt(year, month, 31).unwrap_or_default();
    let sunday = Days::new(u64::from(last.weekday().num_days_from_sunday()));
    last.checked_sub_days(sunday).unwrap_or(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(text: &str) -> DateTime<Utc> {
        text.parse().expect("a moment")
    }

    #[test]
    fn clocks_change_when_they_do() {
        let check = |at: &str, expected: &str| {
            assert_eq!(shown(utc(at)).to_string(), expected, "{at}");
        };
        check("2026-01-01T00:00:00Z", "2026-01-01 01:00:00");
        check("2026-03-29T00:59:59Z", "2026-03-29 01:59:59");
        check("2026-03-29T01:00:00Z", "2026-03-29 03:00:00");
        check("2026-10-25T00:59:59Z", "2026-10-25 02:59:59");
        check("2026-10-25T01:00:00Z", "2026-10-25 02:00:00");
        check("2024-03-31T01:00:00Z", "2024-03-31 03:00:00");
        check("2027-10-31T01:00:00Z", "2027-10-31 02:00:00");
    }

    #[test]
    fn an_hour_comes_once_a_day_also_when_clocks_change() {
        let check = |after: &str, hour, weekday, expected: &str| {
            assert_eq!(next(utc(after), hour, weekday), utc(expected), "{after} {hour}");
        };
        check("2026-01-01T05:59:59Z", 7, None, "2026-01-01T06:00:00Z");
        check("2026-01-01T06:00:00Z", 7, None, "2026-01-02T06:00:00Z");
        check("2026-07-01T06:00:00Z", 7, None, "2026-07-02T05:00:00Z");
        check("2026-03-28T12:00:00Z", 7, None, "2026-03-29T05:00:00Z");
        // The hour that is jumped over, and the one that comes twice.
        check("2026-03-28T12:00:00Z", 2, None, "2026-03-29T01:00:00Z");
        check("2026-10-24T12:00:00Z", 2, None, "2026-10-25T00:00:00Z");
        check("2026-10-25T00:00:00Z", 2, None, "2026-10-26T01:00:00Z");
        // The first of January 2026 was a Thursday.
        check("2026-01-01T00:00:00Z", 7, Some(Weekday::Mon), "2026-01-05T06:00:00Z");
        check("2026-01-05T06:00:00Z", 7, Some(Weekday::Mon), "2026-01-12T06:00:00Z");
    }
}
