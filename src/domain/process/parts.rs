//! The parts of a strategy process, each with the rules that hold for it.

use serde::{Deserialize, Serialize};

use super::{ProcessStepKind, StepState};
use crate::domain::check::{Checks, LONGEST_LINE, MOST_ENTRIES};
use crate::domain::key::{DocumentId, OrganisationId, TopicId};
use crate::domain::partial_date::PartialDate;
use crate::domain::problem::What;
use crate::domain::solution::ParticipationRecord;

/// One step of the five.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProcessStep {
    /// Which.
    pub step: ProcessStepKind,
    /// Where it stands.
    pub state: StepState,
    /// When it was, or is planned; its beginning, if it took longer.
    #[serde(default)]
    pub date: Option<PartialDate>,
    /// Its end, if it took longer.
    #[serde(default)]
    pub ends: Option<PartialDate>,
    /// What happened.
    #[serde(default)]
    pub note: Option<String>,
    /// Where that is evidenced.
    #[serde(default)]
    pub source: Option<String>,
    /// How citizens took part, one by one.
    #[serde(default)]
    pub participation: Vec<ParticipationRecord>,
    /// What came of it on paper.
    #[serde(default)]
    pub documents: Vec<DocumentId>,
}

impl ProcessStep {
    /// A step of which nothing is known but that it is planned.
    pub(super) const fn planned(step: ProcessStepKind) -> Self {
        Self {
            step,
            state: StepState::Planned,
            date: None,
            ends: None,
            note: None,
            source: None,
            participation: Vec::new(),
            documents: Vec::new(),
        }
    }

    /// Checks the step.
    pub(super) fn check(&self, checks: &mut Checks) {
        checks.year("date", self.date.as_ref().map(PartialDate::year));
        checks.year("ends", self.ends.as_ref().map(PartialDate::year));
        if let (Some(date), Some(ends)) = (&self.date, &self.ends) {
            let form = What::Invalid { expected: "date ≤ ends" };
            checks.ensure(!ends.is_before(date), "ends", form);
        }
        checks.each("participation", &self.participation, ParticipationRecord::check);
        checks.count("documents", self.documents.len(), MOST_ENTRIES);
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
    pub(super) fn check(&self, checks: &mut Checks) {
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
    pub(super) fn check(&self, checks: &mut Checks) {
        for (field, findings) in [
            ("strengths", &self.strengths),
            ("weaknesses", &self.weaknesses),
            ("opportunities", &self.opportunities),
            ("threats", &self.threats),
        ] {
            findings_of(field, findings, checks);
        }
    }
}

/// Findings, each in a text that says something.
fn findings_of(field: &str, findings: &[String], checks: &mut Checks) {
    checks.entries(field, findings, MOST_ENTRIES, |checks, number, finding| {
        checks.required(number, finding);
        checks.text(number, finding);
    });
}

/// What the interim review found.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct InterimReview {
    /// When it was held.
    pub date: Option<PartialDate>,
    /// What was reached.
    pub reached: Vec<String>,
    /// What was not.
    pub not_reached: Vec<String>,
    /// What is done differently from now on.
    pub changed: Vec<String>,
}

impl InterimReview {
    pub(super) fn check(&self, checks: &mut Checks) {
        checks.year("date", self.date.as_ref().map(PartialDate::year));
        findings_of("reached", &self.reached, checks);
        findings_of("notReached", &self.not_reached, checks);
        findings_of("changed", &self.changed, checks);
    }
}

/// That an organisation accompanied the process.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Facilitation {
    /// Which organisation.
    pub organisation: OrganisationId,
    /// In which role.
    pub role: String,
    /// From when.
    pub starts: Option<PartialDate>,
    /// Until when.
    pub ends: Option<PartialDate>,
}

impl Facilitation {
    pub(super) fn check(&self, checks: &mut Checks) {
        checks.name("role", &self.role, LONGEST_LINE);
        checks.period(&self.starts, &self.ends);
    }
}
