//! A role that somebody holds.

use serde::{Deserialize, Serialize};

use super::role::Role;
use crate::domain::key::{MunicipalityId, OrganisationId};
use crate::domain::problem::{Problem, What};

/// A role, and for whom it is held.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// For which municipality.
    #[serde(default)]
    pub municipality: Option<MunicipalityId>,
    /// For which organisation.
    #[serde(default)]
    pub organisation: Option<OrganisationId>,
}

impl Grant {
    /// A role for a municipality.
    #[must_use]
    pub const fn of(role: Role, municipality: MunicipalityId) -> Self {
        Self { role, municipality: Some(municipality), organisation: None }
    }

    /// A role for the hub as a whole.
    #[must_use]
    pub const fn everywhere(role: Role) -> Self {
        Self { role, municipality: None, organisation: None }
    }

    /// Whether who holds this role may hand the other one on to a machine: the same role, or the
    /// right to read that goes with every role, for the same place.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        let role = self.role == other.role || other.role == Role::Reader;
        let unbound = other.municipality.is_none() && other.organisation.is_none();
        let place =
            self.municipality == other.municipality && self.organisation == other.organisation;
        role && (place || (unbound && other.role == Role::Reader) || self.role == Role::Admin)
    }

    /// Checks that editors and approvers work for somebody, and nobody for two at once.
    ///
    /// # Errors
    /// What is missing or too much.
    pub fn check(&self) -> Result<(), Problem> {
        match (&self.municipality, &self.organisation) {
            (Some(_), Some(_)) => Err(Problem::at(
                "organisation",
                What::Invalid { expected: "municipality or organisation, not both" },
            )),
            (None, None) if self.role.needs_place() => {
                Err(Problem::at("municipality", What::Required))
            }
            _ => Ok(()),
        }
    }
}
