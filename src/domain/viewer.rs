//! Who is looking, and what that allows.

use super::contact::{Contact, ContactVisibility};
use super::event::Actor;
use super::key::{MunicipalityId, TokenId};
use super::publication::Publication;
use super::solution::Solution;
use super::token::{Role, Token};

/// Who is looking. Rules that depend on it live here and nowhere else.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Viewer {
    /// Somebody without a token.
    Anonymous,
    /// The holder of a token.
    Holder {
        /// The token.
        token: TokenId,
        /// Its role.
        role: Role,
        /// Its municipality.
        municipality: Option<MunicipalityId>,
    },
    /// The program itself, on behalf of who runs it: import and commands.
    Operator,
}

impl From<&Token> for Viewer {
    fn from(token: &Token) -> Self {
        Self::Holder {
            token: token.id.clone(),
            role: token.role,
            municipality: token.municipality.clone(),
        }
    }
}

impl Viewer {
    /// Whether the viewer is the one who runs the program.
    #[must_use]
    pub const fn is_operator(&self) -> bool {
        matches!(self, Self::Operator)
    }

    /// Whether the viewer has shown who it is.
    #[must_use]
    pub const fn is_known(&self) -> bool {
        !matches!(self, Self::Anonymous)
    }

    /// Whether the viewer may change what all municipalities share, such as the thesaurus.
    #[must_use]
    pub const fn moderates(&self) -> bool {
        matches!(self, Self::Operator | Self::Holder { role: Role::Moderator, .. })
    }

    /// Whether the viewer may change what belongs to a municipality.
    #[must_use]
    pub fn edits(&self, owner: &MunicipalityId) -> bool {
        match self {
            Self::Operator => true,
            Self::Holder { role: Role::Editor, municipality, .. } => {
                municipality.as_ref() == Some(owner)
            }
            Self::Holder { .. } | Self::Anonymous => false,
        }
    }

    /// Whether the viewer may change what belongs to at least one of these.
    #[must_use]
    pub fn edits_any(&self, owners: &[MunicipalityId]) -> bool {
        owners.iter().any(|owner| self.edits(owner))
    }

    /// Whether the viewer may read a simple record.
    #[must_use]
    pub fn reads(&self, publication: Publication, owner: &MunicipalityId) -> bool {
        publication.is_public() || self.edits(owner)
    }

    /// Whether the viewer may read a solution.
    #[must_use]
    pub fn reads_solution(&self, solution: &Solution) -> bool {
        solution.lifecycle.is_public() || self.edits_any(&solution.municipalities)
    }

    /// Whether the viewer may see how a contact is reached, and the person behind it.
    #[must_use]
    pub fn reaches(&self, contact: &Contact) -> bool {
        match contact.visibility {
            ContactVisibility::Public => true,
            ContactVisibility::Members => self.is_known(),
            ContactVisibility::OnRequest => self.edits(&contact.municipality),
        }
    }

    /// As whom the viewer is written into the journal.
    #[must_use]
    pub fn actor(&self) -> Option<Actor> {
        match self {
            Self::Anonymous => None,
            Self::Holder { token, .. } => Some(Actor::Token(token.clone())),
            Self::Operator => Some(Actor::Operator),
        }
    }
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;

    #[test]
    fn an_editor_changes_only_what_belongs_to_the_own_municipality() {
        let place = |n| MunicipalityId::from(Ulid::from_parts(1, n));
        let holder =
            |role| Viewer::Holder { token: Ulid::nil().into(), role, municipality: Some(place(1)) };
        assert!(holder(Role::Editor).edits(&place(1)));
        assert!(!holder(Role::Editor).edits(&place(2)));
        assert!(!holder(Role::Reader).edits(&place(1)));
        assert!(!Viewer::Anonymous.edits(&place(1)));
        assert!(Viewer::Operator.edits(&place(2)));
    }

    #[test]
    fn drafts_are_read_by_their_editors_only() {
        let place = MunicipalityId::from(Ulid::nil());
        assert!(Viewer::Anonymous.reads(Publication::Published, &place));
        assert!(!Viewer::Anonymous.reads(Publication::Draft, &place));
        assert!(!Viewer::Anonymous.reads(Publication::Archived, &place));
        assert!(Viewer::Operator.reads(Publication::Draft, &place));
    }
}
