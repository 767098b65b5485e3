//! The measures of a plan, and what becomes of them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::MeasureStatus;
use crate::domain::check::{Checks, LARGEST_AMOUNT, LONGEST_LINE, MOST_ENTRIES};
use crate::domain::key::{MeasureId, MunicipalityId, SolutionId, TargetGroupId, TopicId};
use crate::domain::partial_date::PartialDate;
use crate::domain::patch::Patch;
use crate::domain::problem::{Problem, What, Words};
use crate::domain::solution::{
    Costs, MoneyRange, Period, Solution, SolutionChange, SolutionStatus,
};

/// One measure of the plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    /// Its key, which stays whatever becomes of the others.
    pub key: MeasureId,
    /// What it is called.
    pub title: String,
    /// Where it stands.
    pub status: MeasureStatus,
    /// Who does it: a role.
    pub owner: Option<String>,
    /// From when to when, in words.
    pub period: Option<String>,
    /// Its beginning.
    pub starts: Option<PartialDate>,
    /// Its end.
    pub ends: Option<PartialDate>,
    /// Whole euros.
    pub budget: Option<u64>,
    /// What it is about.
    pub topics: Vec<TopicId>,
    /// Whom it is for.
    pub target_groups: Vec<TargetGroupId>,
    /// The solution that it became.
    pub solution: Option<SolutionId>,
}

/// A change to a measure; the fields are those of [`Measure`].
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "each field is documented on Measure")]
pub struct MeasureChange {
    pub title: Patch<String>,
    pub status: Patch<MeasureStatus>,
    pub owner: Patch<String>,
    pub period: Patch<String>,
    pub starts: Patch<PartialDate>,
    pub ends: Patch<PartialDate>,
    pub budget: Patch<u64>,
    pub topics: Patch<Vec<TopicId>>,
    pub target_groups: Patch<Vec<TargetGroupId>>,
    pub solution: Patch<SolutionId>,
}

/// The most topics of a solution: those that a measure has beyond them stay with the measure.
const MOST_TOPICS: usize = 4;
/// The longest title of a solution, in characters.
const LONGEST_TITLE: usize = 100;

impl Measure {
    /// A planned measure that says nothing yet.
    #[must_use]
    pub fn planned(key: MeasureId) -> Self {
        Self {
            key,
            title: String::new(),
            status: MeasureStatus::Planned,
            owner: None,
            period: None,
            starts: None,
            ends: None,
            budget: None,
            topics: Vec::new(),
            target_groups: Vec::new(),
            solution: None,
        }
    }

    /// The measure with a change applied.
    ///
    /// # Errors
    /// Everything that would be wrong with it.
    pub fn changed(mut self, change: MeasureChange) -> Result<Self, Vec<Problem>> {
        let mut checks = Checks::default();
        checks.kept("title", change.title.apply_required(&mut self.title));
        checks.kept("status", change.status.apply_required(&mut self.status));
        change.owner.apply(&mut self.owner);
        change.period.apply(&mut self.period);
        change.starts.apply(&mut self.starts);
        change.ends.apply(&mut self.ends);
        change.budget.apply(&mut self.budget);
        change.topics.apply_or_default(&mut self.topics);
        change.target_groups.apply_or_default(&mut self.target_groups);
        change.solution.apply(&mut self.solution);
        self.check(&mut checks);
        checks.finish()?;
        Ok(self)
    }

    /// The change that makes a draft of a solution out of it.
    ///
    /// # Errors
    /// It is not finished, or a solution came of it already.
    pub fn as_solution(
        &self,
        municipality: &MunicipalityId,
    ) -> Result<SolutionChange, Vec<Problem>> {
        if self.status != MeasureStatus::Done {
            let action = Words { de: "als Lösung aufschreiben", en: "write up as a solution" };
            let what = What::WrongState { action, state: Words::of(self.status) };
            return Err(vec![Problem::at("measure", what)]);
        }
        if self.solution.is_some() {
            return Err(vec![Problem::at("measure", What::Taken)]);
        }
        let period = Period { starts: self.starts.clone(), ends: self.ends.clone() };
        let dated = period.starts.is_some() || period.ends.is_some();
        let costs = |amount| Costs {
            one_off: Some(MoneyRange { from: amount, to: amount }),
            ..Costs::default()
        };
        Ok(SolutionChange {
            title: Patch::Set(self.title.chars().take(LONGEST_TITLE).collect()),
            municipalities: Patch::Set(vec![municipality.clone()]),
            topics: Patch::Set(self.topics.iter().take(MOST_TOPICS).cloned().collect()),
            target_groups: Patch::Set(self.target_groups.clone()),
            period: Patch::from(dated.then_some(period)),
            costs: Patch::from(self.budget.map(costs)),
            status: Patch::Set(SolutionStatus::Ended),
            ..SolutionChange::default()
        })
    }

    /// The draft of a solution that a finished measure becomes.
    ///
    /// # Errors
    /// As [`Self::as_solution`].
    pub fn solution(
        &self,
        id: SolutionId,
        municipality: &MunicipalityId,
        now: DateTime<Utc>,
    ) -> Result<Solution, Vec<Problem>> {
        let change = self.as_solution(municipality)?;
        Solution::draft(id, &self.title, now).changed(change, now)
    }

    pub(super) fn check(&self, checks: &mut Checks) {
        checks.name("title", &self.title, LONGEST_LINE);
        checks.lines([("owner", &self.owner), ("period", &self.period)]);
        checks.period(&self.starts, &self.ends);
        checks.range("budget", self.budget, 0, LARGEST_AMOUNT);
        checks.count("topics", self.topics.len(), MOST_ENTRIES);
        checks.count("targetGroups", self.target_groups.len(), MOST_ENTRIES);
    }
}

/// How far the measures of a plan are.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct MeasureProgress {
    /// How many are planned.
    pub planned: usize,
    /// How many go on.
    pub running: usize,
    /// How many are done.
    pub done: usize,
    /// How many were stopped.
    pub stopped: usize,
}

impl MeasureProgress {
    /// Counts measures.
    #[must_use]
    pub fn of(measures: &[Measure]) -> Self {
        let mut progress = Self::default();
        for measure in measures {
            *match measure.status {
                MeasureStatus::Planned => &mut progress.planned,
                MeasureStatus::Running => &mut progress.running,
                MeasureStatus::Done => &mut progress.done,
                MeasureStatus::Stopped => &mut progress.stopped,
            } += 1;
        }
        progress
    }

    /// The share of those that are done, of those that were not stopped, from 0 to 1; nothing if
    /// there are none.
    #[must_use]
    pub fn share(self) -> Option<f64> {
        let count = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
        let all = self.planned + self.running + self.done;
        (all > 0).then(|| count(self.done) / count(all))
    }
}
