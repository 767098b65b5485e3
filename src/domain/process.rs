//! The five steps of a municipality's strategy: kick-off, profile, workshop, plan, interim review.

mod change;
mod measure;
mod parts;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::check::Checks;
use super::key::{MeasureId, MunicipalityId, ProcessId, ProgrammeId};
use super::kinds::kinds;
use super::partial_date::PartialDate;
use super::problem::{Problem, What};
use super::publication::Publication;

pub use change::{MeasureStep, ProcessChange, ProcessStepChange, SwotChange};
pub use measure::{Measure, MeasureChange, MeasureProgress};
pub use parts::{Facilitation, InterimReview, Priority, ProcessStep, Swot};

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

/// The most measures of one plan.
const MOST_MEASURES: usize = 200;

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
    /// Who accompanied it.
    pub facilitations: Vec<Facilitation>,
    /// The steps that are known, in their order; what is not proven is absent.
    pub steps: Vec<ProcessStep>,
    /// The profile's findings.
    pub swot: Option<Swot>,
    /// What the workshop put first.
    pub priorities: Vec<Priority>,
    /// The measures of the plan.
    pub measures: Vec<Measure>,
    /// What the interim review found.
    pub review: Option<InterimReview>,
    /// Whether it is shown.
    pub publication: Publication,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

impl StrategyProcess {
    /// An empty draft.
    #[must_use]
    pub fn draft(id: ProcessId, municipality: MunicipalityId, now: DateTime<Utc>) -> Self {
        Self {
            id,
            revision: 1,
            municipality,
            programme: None,
            starts: None,
            ends: None,
            facilitations: Vec::new(),
            steps: Vec::new(),
            swot: None,
            priorities: Vec::new(),
            measures: Vec::new(),
            review: None,
            publication: Publication::Draft,
            created_at: now,
            updated_at: now,
        }
    }

    /// The share of the five steps that are done, from 0 to 1.
    #[must_use]
    pub fn progress(&self) -> f64 {
        let done = self.steps.iter().filter(|step| step.state == StepState::Done).count();
        f64::from(u32::try_from(done).unwrap_or_default()) / 5.0
    }

    /// How far one of the five steps is, from 0 to 1: a step that goes on is half done, one of which
    /// nothing is known not at all.
    #[must_use]
    pub fn progress_of(&self, kind: ProcessStepKind) -> f64 {
        match self.steps.iter().find(|step| step.step == kind).map(|step| step.state) {
            None | Some(StepState::Planned) => 0.0,
            Some(StepState::Running) => 0.5,
            Some(StepState::Done) => 1.0,
        }
    }

    /// How far its measures are.
    #[must_use]
    pub fn measure_progress(&self) -> MeasureProgress {
        MeasureProgress::of(&self.measures)
    }

    /// A measure by its key.
    #[must_use]
    pub fn measure(&self, key: &MeasureId) -> Option<&Measure> {
        self.measures.iter().find(|measure| measure.key == *key)
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
        checks.each("facilitations", &self.facilitations, Facilitation::check);
        checks.each("steps", &self.steps, ProcessStep::check);
        checks.part("swot", &self.swot, Swot::check);
        checks.each("priorities", &self.priorities, Priority::check);
        checks.part("review", &self.review, InterimReview::check);
        checks.entries("measures", &self.measures, MOST_MEASURES, |checks, number, measure| {
            checks.within(number, |checks| measure.check(checks));
        });
        checks.finish()
    }
}

#[cfg(test)]
mod tests;
