//! How long what a solution says is taken to hold, and when its municipality is asked again.

use std::fmt;

use chrono::{Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

use super::lifecycle::Lifecycle;
use super::record::Solution;
use crate::domain::check::Checks;
use crate::domain::key::SolutionId;
use crate::domain::kinds::kinds;
use crate::domain::problem::What;

/// How long a word holds, if nothing else is said.
const HOLDS: Months = Months::new(12);
/// The farthest day that somebody may set: beyond it nobody can answer for anything.
const FARTHEST: Months = Months::new(36);
/// How many days before the date the municipality is asked.
const ASKED_BEFORE: u64 = 30;

kinds! {
    /// Why the hub itself did something: a code for programs, a sentence for people.
    ReasonCode {
        NotConfirmed = "not_confirmed",
            "Die Kommune hat auch nach einer Erinnerung nicht bestätigt, dass es die Lösung noch so gibt.",
            "Even after a reminder the municipality has not confirmed that the solution still exists as described.";
    }
}

/// When the hub asks and when it draws its conclusion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReviewRules {
    /// How many days after the date, and after the reminder, a solution may still stand unmarked.
    pub grace: u32,
}

/// What is to be done about a solution whose date comes near.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReviewStep {
    /// The municipality is to be asked whether it still holds.
    Remind,
    /// Readers are to see that nobody has confirmed it.
    MarkOutdated,
}

impl Default for ReviewRules {
    fn default() -> Self {
        Self { grace: 30 }
    }
}

impl ReviewRules {
    /// The last date about which somebody is asked today; nothing if the calendar ends before.
    #[must_use]
    pub fn horizon(&self, today: NaiveDate) -> Option<NaiveDate> {
        today.checked_add_days(Days::new(ASKED_BEFORE))
    }

    /// What is to be done today about a published solution, by its date and by the day on which the
    /// municipality was reminded of this date. Nothing happens without a reminder that is as old as
    /// the grace, so a hub that slept asks first.
    #[must_use]
    pub fn step(
        &self,
        due: NaiveDate,
        reminded: Option<NaiveDate>,
        today: NaiveDate,
    ) -> Option<ReviewStep> {
        let Some(reminded) = reminded else {
            return self.horizon(today).filter(|last| due <= *last).map(|_| ReviewStep::Remind);
        };
        let end = due.max(reminded).checked_add_days(Days::new(self.grace.into()))?;
        (today > end).then_some(ReviewStep::MarkOutdated)
    }
}

impl Solution {
    /// Somebody answers for it today. From here on it holds for a year, or up to a day that is said.
    pub(super) fn holds_from(&mut self, today: NaiveDate, until: Option<NaiveDate>) {
        self.confirmed_on = Some(today);
        self.review_by = until;
    }

    /// The day by which somebody is to say whether it still holds; nothing if nobody reads it.
    #[must_use]
    pub fn review_date(&self) -> Option<NaiveDate> {
        if !self.lifecycle.is_public() {
            return None;
        }
        let published = self.published_at.map(|at| at.date_naive());
        let word = self.confirmed_on.or(published).max(self.last_checked)?;
        self.review_by.or_else(|| word.checked_add_months(HOLDS))
    }

    /// Whether the hub is to ask about it: what is marked already is not marked again.
    #[must_use]
    pub fn is_watched(&self) -> bool {
        self.lifecycle == Lifecycle::Published
    }
}

/// Checks a day up to which somebody says that a solution holds.
pub(super) fn check_until(checks: &mut Checks, until: Option<NaiveDate>, today: NaiveDate) {
    let last = today.checked_add_months(FARTHEST).unwrap_or(NaiveDate::MAX);
    let sound = until.is_none_or(|day| day > today && day <= last);
    checks.ensure(sound, "reviewBy", What::OutOfRange { range: format!("> {today}, ≤ {last}") });
}

/// The key of a reminder: one for each solution and date.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ReminderId(String);

impl ReminderId {
    /// The key of the reminder of a date.
    #[must_use]
    pub fn of(solution: &SolutionId, due: NaiveDate) -> Self {
        Self(format!("{}-{due}", solution.key()))
    }

    /// The key without its kind.
    #[must_use]
    pub fn key(&self) -> String {
        self.0.clone()
    }
}

impl fmt::Display for ReminderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// That a municipality was asked about a date. It exists once, whatever happens to clocks and nodes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reminder {
    /// Its key.
    pub id: ReminderId,
    /// About which solution.
    pub solution: SolutionId,
    /// About which date.
    pub due: NaiveDate,
    /// On which day.
    pub reminded_on: NaiveDate,
}

impl Reminder {
    /// A reminder given today.
    #[must_use]
    pub fn new(solution: SolutionId, due: NaiveDate, today: NaiveDate) -> Self {
        Self { id: ReminderId::of(&solution, due), solution, due, reminded_on: today }
    }
}

#[cfg(test)]
mod tests;
