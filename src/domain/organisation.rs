//! Those who work along without being a municipality.

use serde::{Deserialize, Serialize};

use super::check::{Checks, LONGEST_LINE};
use super::key::OrganisationId;
use super::kinds::kinds;
use super::problem::{Problem, What};
use super::text::token_is_slug;

kinds! {
    /// What sort of organisation it is.
    OrganisationKind {
        Ngo = "ngo", "Verein oder Verband", "Association";
        Firm = "firm", "Unternehmen", "Firm";
        University = "university", "Hochschule", "University";
        Ministry = "ministry", "Ministerium", "Ministry";
        Facilitator = "facilitator", "Prozessbegleitung", "Facilitator";
        MunicipalCompany = "municipal_company", "Kommunales Unternehmen", "Municipal company";
        Other = "other", "Andere", "Other";
    }
}

/// An organisation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Organisation {
    /// Its key.
    pub id: OrganisationId,
    /// How often the record was changed, from 1.
    pub revision: u32,
    /// Its name in URLs.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: OrganisationKind,
    /// What it does.
    pub description: Option<String>,
    /// Its web address.
    pub website: Option<String>,
}

impl Organisation {
    /// Checks a record before it is stored.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<Problem>> {
        let mut checks = Checks::default();
        checks.name("name", &self.name, LONGEST_LINE);
        checks.ensure(token_is_slug(&self.slug), "slug", What::Invalid { expected: "a-z, 0-9, -" });
        checks.texts([("description", &self.description)]);
        checks.optional_url("website", &self.website);
        checks.finish()
    }
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;
    use crate::domain::testing::told;

    #[test]
    fn every_field_is_checked() {
        type Case = (fn(&mut Organisation), &'static str);
        let cases: [Case; 6] = [
            (|it| it.name.clear(), "REQUIRED name"),
            (|it| it.name = "x".repeat(201), "TOO_LONG name"),
            (|it| it.name = "Ver\0ein".to_owned(), "INVALID name"),
            (|it| it.slug = "Verein e. V.".to_owned(), "INVALID slug"),
            (|it| it.description = Some("x".repeat(20_001)), "TOO_LONG description"),
            (|it| it.website = Some("javascript:alert(1)".to_owned()), "INVALID website"),
        ];
        for (spoil, expected) in cases {
            let mut organisation = Organisation {
                id: Ulid::nil().into(),
                revision: 1,
                slug: "verein".to_owned(),
                name: "Verein".to_owned(),
                kind: OrganisationKind::Ngo,
                description: Some("Er tut\nviel.".to_owned()),
                website: Some("https://example.org".to_owned()),
            };
            assert_eq!(organisation.check(), Ok(()));
            spoil(&mut organisation);
            assert_eq!(told(organisation.check()), [expected]);
        }
    }
}
