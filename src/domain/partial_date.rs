//! Dates as sources give them: a year, a month, or a day.

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A date of full or reduced precision after ISO 8601: `2023`, `2023-09` or `2023-09-14`.
///
/// Sources often say "in 2022"; a made-up first of January would be a lie.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PartialDate(String);

/// The text is no date of the form `2023`, `2023-09` or `2023-09-14`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no date: write 2023, 2023-09 or 2023-09-14")]
pub struct PartialDateError(String);

impl FromStr for PartialDate {
    type Err = PartialDateError;

    fn from_str(text: &str) -> Result<Self, PartialDateError> {
        let full = match text.len() {
            4 => format!("{text}-01-01"),
            7 => format!("{text}-01"),
            _ => text.to_owned(),
        };
        let date = day(&full).map(|_| Self(text.to_owned()));
        date.ok_or_else(|| PartialDateError(text.to_owned()))
    }
}

/// The day of a text that reads exactly `YYYY-MM-DD`.
///
/// Chrono also takes years with a sign or with more digits, which databases and clients refuse.
#[must_use]
pub fn day(text: &str) -> Option<NaiveDate> {
    let in_place = |(place, byte): (usize, u8)| match place {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    };
    let sound = text.len() == 10 && text.bytes().enumerate().all(in_place);
    sound.then(|| text.parse().ok()).flatten()
}

impl PartialDate {
    /// The date as it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its year.
    #[must_use]
    pub fn year(&self) -> i32 {
        self.0.get(..4).and_then(|year| year.parse().ok()).unwrap_or_default()
    }

    /// Whether it certainly lies behind a day: `2023` does not lie behind the first of March 2023.
    #[must_use]
    pub fn is_after_day(&self, day: NaiveDate) -> bool {
        let day = day.to_string();
        day.get(..self.0.len()).is_some_and(|day| self.0.as_str() > day)
    }

    /// Whether it certainly lies before another date: `2023` does not lie before `2023-09`.
    #[must_use]
    pub fn is_before(&self, other: &Self) -> bool {
        let known = self.0.len().min(other.0.len());
        self.0.get(..known) < other.0.get(..known)
    }
}

impl TryFrom<String> for PartialDate {
    type Error = PartialDateError;

    fn try_from(text: String) -> Result<Self, PartialDateError> {
        text.parse()
    }
}

impl From<PartialDate> for String {
    fn from(date: PartialDate) -> Self {
        date.0
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The beginning of a day, in milliseconds since 1970.
#[must_use]
pub fn milliseconds(day: NaiveDate) -> i64 {
    day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp_millis()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_precision_is_kept_as_written() {
        for text in ["2023", "2023-09", "2024-02-29"] {
            assert_eq!(text.parse::<PartialDate>().map(String::from), Ok(text.to_owned()));
        }
    }

    #[test]
    fn a_date_lies_behind_a_day_if_it_certainly_does() {
        let day = NaiveDate::from_ymd_opt(2026, 3, 14).unwrap();
        let behind = ["2027", "2026-04", "2026-03-15"];
        let not = ["2026", "2026-03", "2026-03-14", "2025-12"];
        let is_behind = |text: &&str| text.parse::<PartialDate>().unwrap().is_after_day(day);
        assert!(behind.iter().all(is_behind) && !not.iter().any(is_behind));
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in [
            "",
            "23",
            "2023-13",
            "2023-02-29",
            "2023-9",
            "+023",
            "-001",
            "-001-01",
            "-001-01-01",
            "+12345-01-01",
            "2023-09-14T00:00",
            "heute",
        ] {
            assert!(text.parse::<PartialDate>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_day_has_four_two_and_two_digits() {
        assert_eq!(day("2024-02-29"), NaiveDate::from_ymd_opt(2024, 2, 29));
        for text in
            ["+12345-01-01", "-0001-01-01", "-001-01-01", "2024-2-29", "2024-02-3 ", "2023-02-29"]
        {
            assert_eq!(day(text), None, "{text}");
        }
    }

    #[test]
    fn dates_are_ordered_as_far_as_both_are_known() {
        let before = |left: &str, right: &str| {
            let date = |text: &str| text.parse::<PartialDate>().expect("a date");
            date(left).is_before(&date(right))
        };
        assert!(before("2022", "2023-09"));
        assert!(before("2023-08-31", "2023-09"));
        assert!(!before("2023", "2023-09"));
        assert!(!before("2023-09-14", "2023"));
        assert_eq!("2023-09".parse::<PartialDate>().map(|date| date.year()), Ok(2_023));
    }
}
