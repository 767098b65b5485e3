//! The table of rights: who may do what with a solution, in which of its states.
//!
//! Each line names a role, whether it must be held for one of the solution's own municipalities, the
//! states, and the actions. What stands in no line is not allowed. Reading is a line like any other.

use super::role::Role;
use crate::domain::solution::Action::{self, *};
use crate::domain::solution::Lifecycle::{self, *};

/// How who asks stands to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// The role is held for a municipality that the record belongs to.
    Own,
    /// The role is held for the hub, or the record belongs to others.
    Any,
}

/// One line of the table.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Who: nobody in particular if absent.
    pub role: Option<Role>,
    /// For whose records.
    pub relation: Relation,
    /// Only where one person does all the work, so that nobody else could look at it.
    pub alone: bool,
    /// In which states.
    pub states: &'static [Lifecycle],
    /// What.
    pub actions: &'static [Action],
}

/// What the table says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It may be done.
    Allowed,
    /// Who asks may do it, but not in this state.
    WrongState,
    /// Who asks may never do it.
    Forbidden,
}

const fn everybody(states: &'static [Lifecycle], actions: &'static [Action]) -> Rule {
    Rule { role: None, relation: Relation::Any, alone: false, states, actions }
}

const fn own(role: Role, states: &'static [Lifecycle], actions: &'static [Action]) -> Rule {
    Rule { role: Some(role), relation: Relation::Own, alone: false, states, actions }
}

const fn any(role: Role, states: &'static [Lifecycle], actions: &'static [Action]) -> Rule {
    Rule { role: Some(role), relation: Relation::Any, alone: false, states, actions }
}

const fn alone(role: Role, states: &'static [Lifecycle], actions: &'static [Action]) -> Rule {
    Rule { role: Some(role), relation: Relation::Own, alone: true, states, actions }
}

const EVERY: &[Lifecycle] = &[
    Draft,
    Submitted,
    InReview,
    ChangesRequested,
    Approved,
    Published,
    NeedsUpdate,
    Archived,
    Rejected,
    Withdrawn,
    Merged,
];
/// What left the hands of its authors: moderators may see it. What was put away is its town's own
/// again; it may never have been more than a draft.
const HANDED_OVER: &[Lifecycle] =
    &[Submitted, InReview, ChangesRequested, Approved, Published, NeedsUpdate, Rejected, Merged];

impl Rule {
    /// The table.
    pub const TABLE: &[Self] = &[
        // A merged solution is still read, so that old links lead on to the other one.
        everybody(&[Published, NeedsUpdate, Merged], &[Read]),
        own(Role::Editor, EVERY, &[Read]),
        own(Role::Editor, &[Draft, Withdrawn], &[Edit, Submit, Archive]),
        own(Role::Editor, &[ChangesRequested], &[Edit, Submit, Withdraw]),
        own(Role::Editor, &[Submitted, InReview], &[Withdraw]),
        own(Role::Editor, &[Approved], &[Withdraw, Publish]),
        own(Role::Editor, &[Published, NeedsUpdate], &[Edit, Confirm, Archive]),
        own(Role::Editor, &[Published], &[MarkOutdated]),
        own(Role::Editor, &[Rejected], &[Archive]),
        alone(Role::Editor, &[Draft, Archived], &[Publish]),
        own(Role::Approver, EVERY, &[Read]),
        own(Role::Approver, &[Submitted], &[StartReview, Reject]),
        own(Role::Approver, &[InReview], &[RequestChanges, Approve, Reject]),
        own(Role::Approver, &[Approved, Archived], &[Publish]),
        own(Role::Approver, &[Published], &[MarkOutdated]),
        own(Role::Approver, &[Published, NeedsUpdate], &[Confirm, Archive]),
        // The second pair of eyes of a town hall that has none.
        any(Role::Moderator, HANDED_OVER, &[Read]),
        any(Role::Moderator, &[Submitted], &[StartReview, Reject]),
        any(Role::Moderator, &[InReview], &[RequestChanges, Approve, Reject]),
        any(Role::Moderator, &[Published], &[MarkOutdated]),
        any(Role::Moderator, &[Published, NeedsUpdate], &[Validate, Archive, Merge]),
        any(Role::Admin, HANDED_OVER, &[Read]),
        any(Role::Admin, &[Published], &[MarkOutdated]),
        any(Role::Admin, &[Published, NeedsUpdate], &[Archive, Merge]),
    ];

    /// What the table says to an action in a state, for the roles that somebody holds. `one_person`
    /// says that the solution's municipality works without a second pair of eyes.
    #[must_use]
    pub fn verdict(
        held: &(impl Iterator<Item = (Role, Relation)> + Clone),
        one_person: bool,
        state: Lifecycle,
        action: Action,
    ) -> Verdict {
        let applies = |rule: &&Self| {
            let held = |role| {
                held.clone().any(|(holds, relation)| {
                    holds == role && (rule.relation == Relation::Any || relation == Relation::Own)
                })
            };
            rule.actions.contains(&action)
                && (one_person || !rule.alone)
                && rule.role.is_none_or(held)
        };
        let mut rules = Self::TABLE.iter().filter(applies).peekable();
        if rules.peek().is_none() {
            return Verdict::Forbidden;
        }
        if rules.any(|rule| rule.states.contains(&state)) {
            Verdict::Allowed
        } else {
            Verdict::WrongState
        }
    }
}
