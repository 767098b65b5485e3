//! Changes to a strategy process: to the whole, to one step, to one measure.

use chrono::{DateTime, Utc};

use super::measure::{Measure, MeasureChange};
use super::parts::{Facilitation, InterimReview, Priority, ProcessStep, Swot};
use super::{ProcessStepKind, StepState, StrategyProcess};
use crate::domain::check::Checks;
use crate::domain::key::{DocumentId, MeasureId, ProgrammeId};
use crate::domain::partial_date::PartialDate;
use crate::domain::patch::Patch;
use crate::domain::problem::{Problem, What};
use crate::domain::solution::ParticipationRecord;

/// A change to a strategy process; the fields are those of [`StrategyProcess`], steps and measures
/// are changed one at a time.
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "each field is documented on StrategyProcess")]
pub struct ProcessChange {
    pub programme: Patch<ProgrammeId>,
    pub starts: Patch<PartialDate>,
    pub ends: Patch<PartialDate>,
    pub facilitations: Patch<Vec<Facilitation>>,
    pub swot: Patch<SwotChange>,
    pub priorities: Patch<Vec<Priority>>,
    pub review: Patch<InterimReview>,
    /// One of the five steps, and what becomes of it; it goes if nothing is said.
    pub step: Option<(ProcessStepKind, Option<ProcessStepChange>)>,
    /// What becomes of one measure.
    pub measure: Option<MeasureStep>,
}

/// A change to one of the four lists, or to several; the fields are those of [`Swot`].
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "each field is documented on Swot")]
pub struct SwotChange {
    pub strengths: Patch<Vec<String>>,
    pub weaknesses: Patch<Vec<String>>,
    pub opportunities: Patch<Vec<String>>,
    pub threats: Patch<Vec<String>>,
}

impl SwotChange {
    fn apply(self, swot: &mut Swot) {
        self.strengths.apply_or_default(&mut swot.strengths);
        self.weaknesses.apply_or_default(&mut swot.weaknesses);
        self.opportunities.apply_or_default(&mut swot.opportunities);
        self.threats.apply_or_default(&mut swot.threats);
    }
}

/// A change to one step; the fields are those of [`ProcessStep`].
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "each field is documented on ProcessStep")]
pub struct ProcessStepChange {
    pub state: Patch<StepState>,
    pub date: Patch<PartialDate>,
    pub ends: Patch<PartialDate>,
    pub note: Patch<String>,
    pub source: Patch<String>,
    pub participation: Patch<Vec<ParticipationRecord>>,
    pub documents: Patch<Vec<DocumentId>>,
}

/// What becomes of one measure.
#[derive(Debug, Clone)]
pub enum MeasureStep {
    /// It is new.
    Add(MeasureId, MeasureChange),
    /// It is changed.
    Update(MeasureId, MeasureChange),
    /// It goes.
    Remove(MeasureId),
}

impl StrategyProcess {
    /// The process with a change applied. What is wrong with one step or one measure is told as the
    /// change names it.
    ///
    /// # Errors
    /// Everything that would be wrong with it.
    pub fn changed(
        mut self,
        change: ProcessChange,
        now: DateTime<Utc>,
    ) -> Result<Self, Vec<Problem>> {
        change.programme.apply(&mut self.programme);
        change.starts.apply(&mut self.starts);
        change.ends.apply(&mut self.ends);
        change.facilitations.apply_or_default(&mut self.facilitations);
        match change.swot {
            Patch::Keep => {}
            Patch::Clear => self.swot = None,
            Patch::Set(change) => change.apply(self.swot.get_or_insert_default()),
        }
        change.priorities.apply_or_default(&mut self.priorities);
        change.review.apply(&mut self.review);
        if let Some((kind, change)) = change.step {
            self.change_step(kind, change)?;
        }
        if let Some(step) = change.measure {
            self.change_measure(step)?;
        }
        self.check()?;
        self.updated_at = now;
        Ok(self)
    }

    fn change_step(
        &mut self,
        kind: ProcessStepKind,
        change: Option<ProcessStepChange>,
    ) -> Result<(), Vec<Problem>> {
        let known = self.steps.iter().position(|step| step.step == kind);
        let step = known.map(|place| self.steps.remove(place));
        match (step, change) {
            (None, None) => Err(vec![Problem::at("step", What::NotFound)]),
            (Some(_), None) => Ok(()),
            (step, Some(change)) => {
                let step = step.unwrap_or(ProcessStep::planned(kind)).changed(change)?;
                let place = self.steps.partition_point(|other| other.step < kind);
                self.steps.insert(place, step);
                Ok(())
            }
        }
    }

    fn change_measure(&mut self, step: MeasureStep) -> Result<(), Vec<Problem>> {
        let found = |key: &MeasureId| {
            let place = self.measures.iter().position(|measure| measure.key == *key);
            place.ok_or_else(|| vec![Problem::at("measure", What::NotFound)])
        };
        match step {
            MeasureStep::Add(key, change) => {
                self.measures.push(Measure::planned(key).changed(change)?);
            }
            MeasureStep::Update(key, change) => {
                let place = found(&key)?;
                let measure = self.measures.remove(place).changed(change)?;
                self.measures.insert(place, measure);
            }
            MeasureStep::Remove(key) => {
                let place = found(&key)?;
                self.measures.remove(place);
            }
        }
        Ok(())
    }
}

impl ProcessStep {
    /// The step with a change applied.
    fn changed(mut self, change: ProcessStepChange) -> Result<Self, Vec<Problem>> {
        let mut checks = Checks::default();
        checks.kept("state", change.state.apply_required(&mut self.state));
        change.date.apply(&mut self.date);
        change.ends.apply(&mut self.ends);
        change.note.apply(&mut self.note);
        change.source.apply(&mut self.source);
        change.participation.apply_or_default(&mut self.participation);
        change.documents.apply_or_default(&mut self.documents);
        self.check(&mut checks);
        checks.finish()?;
        Ok(self)
    }
}
