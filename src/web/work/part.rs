//! The parts of a strategy process that have a form of their own: the outline, each of the five steps,
//! each measure.

use askama::Template;
use serde_json::{Map, Value, json};

use super::process::Process;
use super::process_fields::{MEASURE, OUTLINE, STEP};
use crate::domain::{Label, Language, MeasureId, ProcessStepKind};
use crate::web::form::{Form, Group, Values};
use crate::web::operations::{self, Operation};
use crate::web::site::Site;

/// A part of a strategy process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    /// What is true of the whole.
    Outline,
    /// One of the five steps.
    Step(ProcessStepKind),
    /// A measure that is still to be made.
    NewMeasure,
    /// A measure of the plan.
    Measure(MeasureId),
}

impl Part {
    /// The part of this name in an address.
    pub(crate) fn named(name: &str) -> Option<Self> {
        match name {
            "outline" => Some(Self::Outline),
            "new-measure" => Some(Self::NewMeasure),
            _ => match name.parse() {
                Ok(id) => Some(Self::Measure(id)),
                Err(_) => ProcessStepKind::from_name(name).map(Self::Step),
            },
        }
    }

    /// Its name in addresses.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Outline => "outline".to_owned(),
            Self::NewMeasure => "new-measure".to_owned(),
            Self::Measure(id) => id.to_string(),
            Self::Step(kind) => kind.name().to_owned(),
        }
    }

    /// The fields of its form.
    pub(crate) const fn groups(&self) -> &'static [Group] {
        match self {
            Self::Outline => OUTLINE,
            Self::Step(_) => STEP,
            Self::NewMeasure | Self::Measure(_) => MEASURE,
        }
    }

    /// What saves it.
    pub(crate) const fn save(&self) -> Operation {
        match self {
            Self::Outline => operations::UPDATE_STRATEGY_PROCESS,
            Self::Step(_) => operations::SET_PROCESS_STEP,
            Self::NewMeasure => operations::ADD_MEASURE,
            Self::Measure(_) => operations::UPDATE_MEASURE,
        }
    }

    /// What takes it away, if that can be done.
    pub(crate) const fn remove(&self) -> Option<Operation> {
        match self {
            Self::Step(_) => Some(operations::REMOVE_PROCESS_STEP),
            Self::Measure(_) => Some(operations::REMOVE_MEASURE),
            Self::Outline | Self::NewMeasure => None,
        }
    }

    /// What names it in the input of a mutation.
    pub(crate) fn input(&self, process: &str, revision: Option<u32>) -> Map<String, Value> {
        let mut input = Map::new();
        input.insert("id".to_owned(), json!(process));
        input.insert("expectedRevision".to_owned(), json!(revision));
        match self {
            Self::Step(kind) => input.insert("step".to_owned(), json!(kind.name().to_uppercase())),
            Self::Measure(id) => input.insert("measure".to_owned(), json!(id.to_string())),
            Self::Outline | Self::NewMeasure => None,
        };
        input
    }

    /// What the API says of it; nothing if it is not there, or not yet.
    fn found<'a>(&self, process: &'a Process) -> Option<&'a Value> {
        match self {
            Self::Outline => Some(process.whole()),
            Self::Step(kind) => process.step(kind.name()),
            Self::NewMeasure => None,
            Self::Measure(id) => process.measure(&id.to_string()),
        }
    }

    /// Whether it has a form: a measure that was removed has none.
    pub(crate) fn is_in(&self, process: &Process) -> bool {
        !matches!(self, Self::Measure(_)) || self.found(process).is_some()
    }

    /// What stands in its form at first.
    pub(crate) fn stored(&self, process: &Process, language: Language) -> Values {
        if let Some(record) = self.found(process) {
            return Values::of_record(self.groups(), record, language);
        }
        let mut values = Values::default();
        match self {
            Self::Step(_) => values.push("state", "PLANNED"),
            Self::NewMeasure => values.push("status", "PLANNED"),
            Self::Outline | Self::Measure(_) => {}
        }
        values
    }
}

/// The page with the form of a part.
#[derive(Template)]
#[template(path = "part.html")]
pub(crate) struct PartPage<'a> {
    pub(crate) site: &'a Site,
    pub(crate) process: Process,
    pub(crate) part: Part,
    pub(crate) form: Form,
    /// The revision on which the text was written.
    pub(crate) revision: Option<u32>,
}

impl PartPage<'_> {
    fn title(&self) -> String {
        let w = self.site.w();
        match &self.part {
            Part::Outline => w.outline.to_owned(),
            Part::Step(kind) => kind.label(self.site.language).to_owned(),
            Part::NewMeasure => w.new_measure.to_owned(),
            Part::Measure(_) => {
                let title = self.part.found(&self.process).and_then(|it| it.get("title")?.as_str());
                title.unwrap_or(w.this_measure).to_owned()
            }
        }
    }

    /// What belongs into it.
    fn lead(&self) -> &'static str {
        let w = self.site.w();
        match &self.part {
            Part::Outline => w.outline_lead,
            Part::NewMeasure | Part::Measure(_) => w.measure_lead,
            Part::Step(kind) => match kind {
                ProcessStepKind::KickOff => w.kick_off_lead,
                ProcessStepKind::Profile => w.profile_lead,
                ProcessStepKind::Workshop => w.workshop_lead,
                ProcessStepKind::Plan => w.plan_lead,
                ProcessStepKind::Review => w.interim_review_lead,
            },
        }
    }

    fn path(&self) -> String {
        format!("{}/{}", self.process.path(), self.part.name())
    }

    fn action(&self) -> String {
        self.site.link(&self.path())
    }

    /// Where it is taken away, if it is there.
    fn removal(&self) -> Option<String> {
        self.part.remove()?;
        self.part.found(&self.process)?;
        Some(self.site.link(&format!("{}/remove", self.path())))
    }

    fn is_step(&self) -> bool {
        matches!(self.part, Part::Step(_))
    }

    fn is_conflict(&self) -> bool {
        self.form.theirs.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_found_by_its_name() {
        let measure = "Measure:01J5Z3NDEKTSV4RRFFQ69G5FAV";
        let steps = ProcessStepKind::ALL.iter().map(|kind| kind.name());
        for name in steps.chain(["outline", "new-measure", measure]) {
            assert_eq!(Part::named(name).map(|part| part.name()).as_deref(), Some(name));
        }
        assert_eq!(Part::named("Solution:01J5Z3NDEKTSV4RRFFQ69G5FAV"), None);
        assert_eq!(Part::named(""), None);
    }

    #[test]
    fn a_part_is_named_in_what_changes_it() {
        let step = Part::Step(ProcessStepKind::KickOff).input("StrategyProcess:x", Some(3));
        let expected =
            json!({ "id": "StrategyProcess:x", "expectedRevision": 3, "step": "KICK_OFF" });
        assert_eq!(Value::Object(step), expected);
        let outline = Part::Outline.input("StrategyProcess:x", None);
        assert_eq!(
            Value::Object(outline),
            json!({ "id": "StrategyProcess:x", "expectedRevision": null })
        );
    }
}
