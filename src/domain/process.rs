//! The five steps of a municipality's strategy: kick-off, profile, workshop, plan, interim review.

use serde::{Deserialize, Serialize};

use super::check::{Checks, LARGEST_AMOUNT, LONGEST_LINE, MOST_ENTRIES};
use super::key::{MunicipalityId, ProcessId, ProgrammeId, SolutionId, TopicId};
use super::kinds::kinds;
use super::partial_date::PartialDate;
use super::problem::{Problem, What};

kinds! {
    /// The five steps, in their order.
    ProcessStepKind {
        KickOff = "kick_off", "Kick-Off", "Kick-off";
        Profile = "profile", "Kommunalprofil", "Municipal profile";
        Workshop = "workshop", "Zukunftswerkstatt", "Future workshop";
        Plan = "plan", "Werkstattplan", "Workshop plan";
        Review = "review", "Zwischenbilanz", "Interim review";
    }
}

kinds! {
    /// Where a step stands.
    StepState {
        Planned = "planned", "geplant", "Planned";
        Running = "running", "läuft", "Running";
        Done = "done", "abgeschlossen", "Done";
    }
}

kinds! {
    /// Where a measure stands.
    MeasureStatus {
        Planned = "planned", "geplant", "Planned";
        Running = "running", "läuft", "Running";
        Done = "done", "abgeschlossen", "Done";
        Stopped = "stopped", "abgebrochen", "Stopped";
    }
}

/// One step of the five.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProcessStep {
    /// Which.
    pub step: ProcessStepKind,
    /// Where it stands.
    pub state: StepState,
    /// When it was, or is planned.
    #[serde(default)]
    pub date: Option<PartialDate>,
    /// What happened.
    #[serde(default)]
    pub note: Option<String>,
    /// Where that is evidenced.
    #[serde(default)]
    pub source: Option<String>,
}

impl ProcessStep {
    fn check(&self, checks: &mut Checks) {
        checks.year("date", self.date.as_ref().map(PartialDate::year));
        checks.texts([("note", &self.note)]);
        checks.lines([("source", &self.source)]);
    }
}

/// A field of work that the workshop put first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Priority {
    /// The topic it belongs to.
    pub topic: TopicId,
    /// What it is called on site.
    pub title: String,
}

impl Priority {
    fn check(&self, checks: &mut Checks) {
        checks.name("title", &self.title, LONGEST_LINE);
    }
}

/// Strengths, weaknesses, opportunities and threats.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Swot {
    /// What is good here.
    pub strengths: Vec<String>,
    /// What is not.
    pub weaknesses: Vec<String>,
    /// What may help.
    pub opportunities: Vec<String>,
    /// What may harm.
    pub threats: Vec<String>,
}

impl Swot {
    fn check(&self, checks: &mut Checks) {
        for (field, findings) in [
            ("strengths", &self.strengths),
            ("weaknesses", &self.weaknesses),
            ("opportunities", &self.opportunities),
            ("threats", &self.threats),
        ] {
            checks.entries(field, findings, MOST_ENTRIES, |checks, number, finding| {
                checks.required(number, finding);
                checks.text(number, finding);
            });
        }
    }
}

/// The most measures of one plan.
const MOST_MEASURES: usize = 200;

/// One measure of the plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// What it is called.
    pub title: String,
    /// Where it stands.
    pub status: MeasureStatus,
    /// Who does it.
    #[serde(default)]
    pub owner: Option<String>,
    /// From when to when.
    #[serde(default)]
    pub period: Option<String>,
    /// Whole euros.
    #[serde(default)]
    pub budget: Option<u64>,
    /// What it is about.
    #[serde(default)]
    pub topics: Vec<TopicId>,
    /// The solution that it became.
    #[serde(default)]
    pub solution: Option<SolutionId>,
}

impl Measure {
    fn check(&self, checks: &mut Checks) {
        checks.name("title", &self.title, LONGEST_LINE);
        checks.lines([("owner", &self.owner), ("period", &self.period)]);
        checks.range("budget", self.budget, 0, LARGEST_AMOUNT);
        checks.count("topics", self.topics.len(), MOST_ENTRIES);
    }
}

/// A strategy process.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StrategyProcess {
    /// Its key.
    pub id: ProcessId,
    /// How often the record was changed, from 1.
    pub revision: u32,
    /// Whose process it is.
    pub municipality: MunicipalityId,
    /// The programme that it belongs to.
    pub programme: Option<ProgrammeId>,
    /// Its beginning.
    pub starts: Option<PartialDate>,
    /// Its end.
    pub ends: Option<PartialDate>,
    /// The steps that are known, in their order; what is not proven is absent.
    pub steps: Vec<ProcessStep>,
    /// The profile's findings.
    pub swot: Option<Swot>,
    /// What the workshop put first.
    pub priorities: Vec<Priority>,
    /// The measures of the plan.
    pub measures: Vec<Measure>,
}

impl StrategyProcess {
    /// The share of the five steps that are done, from 0 to 1.
    #[must_use]
    pub fn progress(&self) -> f64 {
        let done = self.steps.iter().filter(|step| step.state == StepState::Done).count();
        f64::from(u32::try_from(done).unwrap_or_default()) / 5.0
    }

    /// Checks a record before it is stored: each step once and in order.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<Problem>> {
        let mut checks = Checks::default();
        let ordered = self.steps.is_sorted_by(|left, right| left.step < right.step);
        let expected = What::Invalid { expected: "kick_off, profile, workshop, plan, review" };
        checks.ensure(ordered, "steps", expected);
        checks.period(&self.starts, &self.ends);
        checks.each("steps", &self.steps, ProcessStep::check);
        checks.part("swot", &self.swot, Swot::check);
        checks.each("priorities", &self.priorities, Priority::check);
        checks.entries("measures", &self.measures, MOST_MEASURES, |checks, number, measure| {
            checks.within(number, |checks| measure.check(checks));
        });
        checks.finish()
    }
}

#[cfg(test)]
mod tests;
