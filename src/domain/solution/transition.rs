//! Steps of a solution on its way to the readers: who did what, when and why.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::freshness::{ReasonCode, check_until};
use super::kinds::QualityLevel;
use super::lifecycle::{Action, Lifecycle};
use super::record::Solution;
use crate::domain::check::Checks;
use crate::domain::event::Actor;
use crate::domain::key::{SolutionId, TransitionId};
use crate::domain::kinds::kinds;
use crate::domain::problem::{Problem, What, Words};

kinds! {
    /// What a reviewer looks at.
    ReviewPoint {
        Understandable = "understandable", "verständlich auch für Fachfremde", "Understandable for outsiders";
        FactsChecked = "facts_checked", "Angaben und Zahlen geprüft", "Facts and figures checked";
        SetbacksNamed = "setbacks_named", "Schwierigkeiten benannt", "Setbacks are named";
        Transferable = "transferable", "Übertragbarkeit beschrieben", "Says what others can take over";
        ContactAgrees = "contact_agrees", "Ansprechstelle einverstanden", "The contact agrees";
        RightsCleared = "rights_cleared", "Rechte an Bildern und Texten geklärt", "Rights in pictures and texts cleared";
    }
}

/// What a reviewer found on one point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reviewed {
    /// The point.
    pub point: ReviewPoint,
    /// Whether it is as it should be.
    pub met: bool,
}

/// What somebody does with a solution.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// What.
    pub action: Action,
    /// Who.
    pub actor: Actor,
    /// Why.
    pub reason: Option<String>,
    /// Why, if the hub itself does it.
    pub code: Option<ReasonCode>,
    /// What the reviewer looked at.
    pub checklist: Vec<Reviewed>,
    /// For a publication or a confirmation: the day by which to look again.
    pub review_by: Option<NaiveDate>,
    /// Whether the solution's municipality works without a second pair of eyes.
    pub one_person: bool,
    /// When.
    pub at: DateTime<Utc>,
}

/// One step, as it is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Transition {
    /// Its key.
    pub id: TransitionId,
    /// How often the record was changed, from 1.
    pub revision: u32,
    /// Which solution.
    pub solution: SolutionId,
    /// Which version of it.
    pub version: u32,
    /// What was done.
    pub action: Action,
    /// The state before.
    pub before: Lifecycle,
    /// The state after.
    pub after: Lifecycle,
    /// Why.
    pub reason: Option<String>,
    /// Why, if the hub itself did it.
    #[serde(default)]
    pub code: Option<ReasonCode>,
    /// What the reviewer looked at.
    pub checklist: Vec<Reviewed>,
    /// Who.
    pub actor: Actor,
    /// When.
    pub at: DateTime<Utc>,
}

/// That a point is told twice.
const ONCE: Words = Words {
    de: "Jeder Punkt steht höchstens einmal in der Liste.",
    en: "Each point is told once.",
};
/// That somebody approves what they found wanting.
const UNMET: Words = Words {
    de: "Ein Punkt ist nicht erfüllt: Erbitten Sie Änderungen, oder haken Sie ihn ab, wenn er es ist.",
    en: "A point is not met: request changes, or tick it once it is.",
};

impl Step {
    /// Checks what is said with the step.
    fn check(&self, solution: &Solution) -> Result<(), Vec<Problem>> {
        let mut checks = Checks::default();
        let reason = self.reason.as_deref().unwrap_or_default();
        if self.action.needs_reason() && self.code.is_none() {
            checks.required("reason", reason);
        }
        checks.text("reason", reason);
        check_until(&mut checks, self.review_by, self.at.date_naive());
        let twice = |(place, it): (usize, &Reviewed)| {
            self.checklist.iter().take(place).any(|before| before.point == it.point)
        };
        let once = !self.checklist.iter().enumerate().any(twice);
        checks.ensure(once, "checklist", What::Rule(ONCE));
        let own_work = self.action == Action::Approve
            && !self.one_person
            && solution.written_by.contains(&self.actor);
        checks.ensure(!own_work, "id", What::OwnWork);
        let unmet = self.checklist.iter().any(|reviewed| !reviewed.met);
        let approved = self.action == Action::Approve;
        checks.ensure(!(approved && unmet), "checklist", What::Rule(UNMET));
        checks.finish()
    }
}

impl Solution {
    /// The record after a step.
    ///
    /// # Errors
    /// The state does not allow it, a reason is missing, who approves has written it, or publication
    /// lacks required fields.
    pub fn after(mut self, step: &Step) -> Result<Self, Vec<Problem>> {
        let before = self.footing();
        self.lifecycle = before.after(step.action).map_err(|problem| vec![problem])?;
        step.check(&self)?;
        // Nobody should have to review what could not be published. That something does not hold any
        // more can be said of everything.
        let shown = self.lifecycle.is_public() && step.action != Action::MarkOutdated;
        if shown || step.action == Action::Submit {
            self.check_publishable()?;
        }
        let today = step.at.date_naive();
        if matches!(step.action, Action::Publish | Action::Confirm) {
            self.holds_from(today, step.review_by);
        }
        match step.action {
            Action::Publish if before != Lifecycle::Archived => {
                let checked = before == Lifecycle::Approved;
                self.quality = self.quality.of_new_version(checked);
                self.becomes_new_version(step.at);
            }
            Action::Confirm => self.last_checked = Some(today),
            Action::Validate => self.quality = self.quality.max(QualityLevel::ExpertValidated),
            _ => {}
        }
        self.updated_at = step.at;
        Ok(self)
    }

    /// The state that says what may be done with it. What was put away before anybody read it is a
    /// draft as before: it comes to readers by the way of a draft.
    #[must_use]
    pub fn footing(&self) -> Lifecycle {
        match self.lifecycle {
            Lifecycle::Archived if self.version == 0 => Lifecycle::Draft,
            state => state,
        }
    }

    /// The record whose text goes out as another version.
    pub fn becomes_new_version(&mut self, now: DateTime<Utc>) {
        self.version += 1;
        self.written_by.clear();
        self.published_at.get_or_insert(now);
    }

    /// Notes who wrote on what readers do not see yet.
    pub fn wrote(&mut self, actor: Actor) {
        if !self.written_by.contains(&actor) {
            self.written_by.push(actor);
        }
    }
}

impl QualityLevel {
    /// The level of another version: what was checked was the text before. That others do it too
    /// stays true.
    #[must_use]
    pub fn of_new_version(self, checked: bool) -> Self {
        match (self, checked) {
            (Self::Replicated, _) => Self::Replicated,
            (_, true) => Self::Checked,
            (_, false) => Self::SelfDeclared,
        }
    }
}
