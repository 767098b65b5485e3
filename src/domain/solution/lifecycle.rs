//! The states of a solution, and which action leads from one to the other.

use crate::domain::kinds::kinds;
use crate::domain::problem::{Problem, What, Words};

kinds! {
    /// Where a solution stands on its way to the readers.
    Lifecycle {
        Draft = "draft", "Entwurf", "Draft";
        Submitted = "submitted", "Eingereicht", "Submitted";
        InReview = "in_review", "In Prüfung", "In review";
        ChangesRequested = "changes_requested", "Änderungen erbeten", "Changes requested";
        Approved = "approved", "Freigegeben", "Approved";
        Published = "published", "Veröffentlicht", "Published";
        NeedsUpdate = "needs_update", "Aktualisierung nötig", "Needs an update";
        Archived = "archived", "Archiviert", "Archived";
        Rejected = "rejected", "Abgelehnt", "Rejected";
        Withdrawn = "withdrawn", "Zurückgezogen", "Withdrawn";
        Merged = "merged", "Zusammengeführt", "Merged";
    }
}

kinds! {
    /// What can be done with a solution as a whole.
    Action {
        Read = "read", "lesen", "read";
        Edit = "edit", "bearbeiten", "edit";
        Submit = "submit", "einreichen", "submit";
        StartReview = "start_review", "prüfen", "review";
        RequestChanges = "request_changes", "Änderungen erbitten", "request changes";
        Approve = "approve", "freigeben", "approve";
        Publish = "publish", "veröffentlichen", "publish";
        MarkOutdated = "mark_outdated", "als veraltet melden", "mark as outdated";
        Confirm = "confirm", "als aktuell bestätigen", "confirm";
        Validate = "validate", "fachlich bestätigen", "validate";
        Archive = "archive", "archivieren", "archive";
        Reject = "reject", "ablehnen", "reject";
        Withdraw = "withdraw", "zurückziehen", "withdraw";
        Merge = "merge", "zusammenführen", "merge";
    }
}

impl Lifecycle {
    /// Whether everybody may read the solution.
    #[must_use]
    pub const fn is_public(self) -> bool {
        matches!(self, Self::Published | Self::NeedsUpdate)
    }

    /// Whether it lies with those who review.
    #[must_use]
    pub const fn is_handed_over(self) -> bool {
        matches!(
            self,
            Self::Submitted
                | Self::InReview
                | Self::ChangesRequested
                | Self::Approved
                | Self::Rejected
        )
    }

    /// The state after an action that leads on. Who may do it where is said by
    /// [`crate::domain::Rule::TABLE`].
    ///
    /// # Errors
    /// A problem if the state does not allow the action.
    pub fn after(self, action: Action) -> Result<Self, Problem> {
        use Lifecycle as S;
        match (action, self) {
            (Action::Submit, S::Draft | S::ChangesRequested | S::Withdrawn) => Ok(S::Submitted),
            (Action::StartReview, S::Submitted) => Ok(S::InReview),
            (Action::RequestChanges, S::InReview) => Ok(S::ChangesRequested),
            (Action::Approve, S::InReview) => Ok(S::Approved),
            (Action::Reject, S::Submitted | S::InReview) => Ok(S::Rejected),
            (Action::Publish, S::Draft | S::Approved | S::Archived) => Ok(S::Published),
            (Action::MarkOutdated, S::Published) => Ok(S::NeedsUpdate),
            (Action::Confirm, S::Published | S::NeedsUpdate) => Ok(S::Published),
            (Action::Validate, S::Published | S::NeedsUpdate) => Ok(self),
            (Action::Withdraw, S::Submitted | S::InReview | S::ChangesRequested | S::Approved) => {
                Ok(S::Withdrawn)
            }
            (
                Action::Archive,
                S::Draft | S::Published | S::NeedsUpdate | S::Rejected | S::Withdrawn,
            ) => Ok(S::Archived),
            (Action::Merge, S::Published | S::NeedsUpdate) => Ok(S::Merged),
            _ => Err(self.forbids(action)),
        }
    }

    /// That an action is not possible in this state.
    #[must_use]
    pub fn forbids(self, action: Action) -> Problem {
        let state = Words::of(self);
        Problem::at("id", What::WrongState { action: Words::of(action), state })
    }
}

impl Action {
    /// Whether the action leads from one state to a next one.
    #[must_use]
    pub const fn moves(self) -> bool {
        !matches!(self, Self::Read | Self::Edit)
    }

    /// Whether whoever does it must say why: the next one can only go on knowing it.
    #[must_use]
    pub const fn needs_reason(self) -> bool {
        matches!(
            self,
            Self::RequestChanges | Self::Reject | Self::MarkOutdated | Self::Merge | Self::Validate
        )
    }

    /// Whether it is done to the text that is being worked on, which readers do not see yet.
    #[must_use]
    pub const fn is_editorial(self) -> bool {
        !matches!(
            self,
            Self::Read
                | Self::MarkOutdated
                | Self::Confirm
                | Self::Validate
                | Self::Archive
                | Self::Merge
        )
    }
}
