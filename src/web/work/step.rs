//! Steps of a solution on its way to the readers, as forms.

use askama::Template;

use super::record::Record;
use crate::domain::{Action, Label, ReviewPoint};
use crate::web::form::{Choice, Summed, closed};
use crate::web::operations::{self, Operation};
use crate::web::site::Site;

/// A step.
pub(crate) struct StepKind {
    /// Its name in the address.
    pub(crate) name: &'static str,
    pub(crate) action: Action,
    pub(crate) operation: Operation,
    /// Whether it is taken by those who review, and not by those who write.
    pub(crate) is_review: bool,
}

const fn by_author(name: &'static str, action: Action, operation: Operation) -> StepKind {
    StepKind { name, action, operation, is_review: false }
}

const fn by_reviewer(name: &'static str, action: Action, operation: Operation) -> StepKind {
    StepKind { name, action, operation, is_review: true }
}

/// All steps that are taken on pages.
pub(crate) const STEPS: [StepKind; 9] = [
    by_author("submit", Action::Submit, operations::SUBMIT_SOLUTION),
    by_author("publish", Action::Publish, operations::PUBLISH_SOLUTION),
    by_author("confirm", Action::Confirm, operations::CONFIRM_SOLUTION),
    by_author("withdraw", Action::Withdraw, operations::WITHDRAW_SOLUTION),
    by_author("archive", Action::Archive, operations::ARCHIVE_SOLUTION),
    by_reviewer("startReview", Action::StartReview, operations::START_SOLUTION_REVIEW),
    by_reviewer("approve", Action::Approve, operations::APPROVE_SOLUTION),
    by_reviewer("requestChanges", Action::RequestChanges, operations::REQUEST_SOLUTION_CHANGES),
    by_reviewer("reject", Action::Reject, operations::REJECT_SOLUTION),
];

impl StepKind {
    /// The step of this name.
    pub(crate) fn named(name: &str) -> Option<&'static Self> {
        STEPS.iter().find(|step| step.name == name)
    }

    /// Whether one may say why.
    pub(crate) const fn takes_reason(&self) -> bool {
        !matches!(self.action, Action::StartReview | Action::Publish | Action::Confirm)
    }

    /// Whether one may say when to look again.
    pub(crate) const fn takes_day(&self) -> bool {
        matches!(self.action, Action::Publish | Action::Confirm)
    }

    /// Whether one says what was looked at.
    pub(crate) const fn has_checklist(&self) -> bool {
        matches!(self.action, Action::Approve | Action::RequestChanges | Action::Reject)
    }
}

/// The form of a step.
pub(crate) struct StepForm {
    pub(crate) name: &'static str,
    pub(crate) action: String,
    pub(crate) revision: u32,
    pub(crate) label: String,
    /// How the button looks: the usual next step, or one that leads elsewhere.
    pub(crate) style: &'static str,
    pub(crate) takes_reason: bool,
    pub(crate) needs_reason: bool,
    pub(crate) reason: String,
    pub(crate) takes_day: bool,
    pub(crate) day: String,
    pub(crate) points: Vec<(Choice, bool)>,
}

impl StepForm {
    /// The form of a step of a solution.
    pub(crate) fn new(step: &StepKind, record: &Record, site: &Site) -> Self {
        let points = match step.has_checklist() {
            true => closed::<ReviewPoint>(site.language),
            false => Vec::new(),
        };
        let leads_on = matches!(
            step.action,
            Action::Submit
                | Action::Publish
                | Action::Confirm
                | Action::StartReview
                | Action::Approve
        );
        Self {
            name: step.name,
            action: site.link(&format!("{}/{}", record.path(), step.name)),
            revision: record.revision,
            label: capital(step.action.label(site.language)),
            style: if leads_on { "onward" } else { "quiet" },
            takes_reason: step.takes_reason(),
            needs_reason: step.action.needs_reason(),
            reason: String::new(),
            takes_day: step.takes_day(),
            day: String::new(),
            points: points.into_iter().map(|point| (point, false)).collect(),
        }
    }

    /// Whether one says what was looked at.
    pub(crate) fn has_checklist(&self) -> bool {
        !self.points.is_empty()
    }
}

/// The page on which a step can be tried again that was not possible.
#[derive(Template)]
#[template(path = "step.html")]
pub(crate) struct StepPage<'a> {
    pub(crate) site: &'a Site,
    pub(crate) record: Record,
    pub(crate) step: StepForm,
    /// What keeps it from being taken.
    pub(crate) troubles: Vec<Summed>,
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}
