//! Who is looking, and what that allows.

use super::grant::Grant;
use super::role::Role;
use super::table::{Relation, Rule, Verdict};
use crate::domain::contact::{Contact, ContactVisibility};
use crate::domain::event::Actor;
use crate::domain::key::{MunicipalityId, OrganisationId, TokenId};
use crate::domain::publication::Publication;
use crate::domain::solution::{Action, Lifecycle, Solution};

/// Who is looking. Rules that depend on it live here and in the table, and nowhere else.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Viewer {
    /// Somebody who has not shown who it is.
    Anonymous,
    /// Somebody who has.
    Member(Member),
    /// The program itself, on behalf of who runs it: import and commands.
    Operator,
    /// The hub by itself, as time goes on.
    Hub,
}

/// Somebody who signed in or brought an access token.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Member {
    /// As whom the journal knows them.
    pub actor: Actor,
    /// The access token that they brought; none for who is signed in.
    pub token: Option<TokenId>,
    /// The roles they hold.
    pub grants: Vec<Grant>,
}

impl Viewer {
    /// Whether the viewer is the one who runs the program, or the program itself.
    #[must_use]
    pub const fn is_operator(&self) -> bool {
        matches!(self, Self::Operator | Self::Hub)
    }

    /// Whether the viewer has shown who it is.
    #[must_use]
    pub const fn is_known(&self) -> bool {
        !matches!(self, Self::Anonymous)
    }

    /// The roles that the viewer holds.
    #[must_use]
    pub fn grants(&self) -> &[Grant] {
        match self {
            Self::Member(member) => &member.grants,
            Self::Anonymous | Self::Operator | Self::Hub => &[],
        }
    }

    fn holds(&self, wanted: impl Fn(&Grant) -> bool) -> bool {
        self.is_operator() || self.grants().iter().any(wanted)
    }

    fn holds_for(&self, role: Role, owner: &MunicipalityId) -> bool {
        self.holds(|grant| grant.role == role && grant.municipality.as_ref() == Some(owner))
    }

    /// Whether the viewer may change what all municipalities share, such as the thesaurus.
    #[must_use]
    pub fn moderates(&self) -> bool {
        self.holds(|grant| matches!(grant.role, Role::Moderator | Role::Admin))
    }

    /// Whether the viewer looks after accounts and access tokens.
    #[must_use]
    pub fn administers(&self) -> bool {
        self.holds(|grant| grant.role == Role::Admin)
    }

    /// Whether the viewer may change what belongs to a municipality.
    #[must_use]
    pub fn edits(&self, owner: &MunicipalityId) -> bool {
        self.holds_for(Role::Editor, owner)
    }

    /// Whether the viewer may change what belongs to at least one of these.
    #[must_use]
    pub fn edits_any(&self, owners: &[MunicipalityId]) -> bool {
        owners.iter().any(|owner| self.edits(owner))
    }

    /// Whether the viewer is the second pair of eyes of a municipality.
    #[must_use]
    pub fn approves(&self, owner: &MunicipalityId) -> bool {
        self.holds_for(Role::Approver, owner)
    }

    /// Whether the viewer works for a municipality: what it keeps to itself is theirs to read.
    #[must_use]
    pub fn works_for(&self, owner: &MunicipalityId) -> bool {
        self.edits(owner) || self.approves(owner)
    }

    /// Whether the viewer works for at least one of these.
    #[must_use]
    pub fn works_for_any(&self, owners: &[MunicipalityId]) -> bool {
        owners.iter().any(|owner| self.works_for(owner))
    }

    /// Whether the viewer belongs to a municipality in any role.
    #[must_use]
    pub fn belongs_to(&self, place: &MunicipalityId) -> bool {
        self.holds(|grant| grant.municipality.as_ref() == Some(place))
    }

    /// Whether the viewer may change what belongs to an organisation.
    #[must_use]
    pub fn edits_organisation(&self, organisation: &OrganisationId) -> bool {
        self.holds(|grant| {
            grant.role == Role::Editor && grant.organisation.as_ref() == Some(organisation)
        })
    }

    /// The municipalities whose hidden records the viewer may read.
    pub fn own(&self) -> impl Iterator<Item = &MunicipalityId> {
        self.grants()
            .iter()
            .filter(|grant| grant.role.needs_place())
            .filter_map(|grant| grant.municipality.as_ref())
    }

    /// Whether the viewer may read a simple record.
    #[must_use]
    pub fn reads(&self, publication: Publication, owner: &MunicipalityId) -> bool {
        publication.is_public() || self.works_for(owner)
    }

    /// Whether the viewer may read a solution.
    #[must_use]
    pub fn reads_solution(&self, solution: &Solution) -> bool {
        let read = self.verdict(&solution.municipalities, false, solution.footing(), Action::Read);
        read == Verdict::Allowed
    }

    /// What the table of rights says to an action.
    #[must_use]
    pub fn verdict(
        &self,
        owners: &[MunicipalityId],
        one_person: bool,
        state: Lifecycle,
        action: Action,
    ) -> Verdict {
        if self.is_operator() {
            return Verdict::Allowed;
        }
        let relation = |grant: &Grant| {
            let own = grant.municipality.as_ref().is_some_and(|place| owners.contains(place));
            (grant.role, if own { Relation::Own } else { Relation::Any })
        };
        Rule::verdict(&self.grants().iter().map(relation), one_person, state, action)
    }

    /// Whether the viewer may see how a contact is reached, and the person behind it.
    #[must_use]
    pub fn reaches(&self, contact: &Contact) -> bool {
        match contact.visibility {
            ContactVisibility::Public => true,
            // An account alone says little: an identity provider may let anybody in.
            ContactVisibility::Members => self.holds(|_| true),
            ContactVisibility::OnRequest => self.works_for(&contact.municipality),
        }
    }

    /// As whom the viewer is written into the journal.
    #[must_use]
    pub fn actor(&self) -> Option<Actor> {
        match self {
            Self::Anonymous => None,
            Self::Member(member) => Some(member.actor.clone()),
            Self::Operator => Some(Actor::Operator),
            Self::Hub => Some(Actor::Hub),
        }
    }
}
