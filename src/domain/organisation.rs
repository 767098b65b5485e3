//! Those who work along without being a municipality: associations, firms, universities, experts.

use serde::{Deserialize, Serialize};

use super::check::{Checks, LONGEST_LINE, MOST_ENTRIES};
use super::key::{MunicipalityId, OrganisationId, TopicId};
use super::kinds::kinds;
use super::patch::Patch;
use super::problem::{Problem, What};
use super::publication::Publication;
use super::rights::Viewer;
use super::state::State;
use super::text::token_is_slug;

kinds! {
    /// What sort of organisation it is.
    OrganisationKind {
        Ngo = "ngo", "Verein oder Verband", "Association";
        Firm = "firm", "Unternehmen", "Firm";
        University = "university", "Hochschule", "University";
        Ministry = "ministry", "Ministerium", "Ministry";
        Facilitator = "facilitator", "Prozessbegleitung", "Facilitator";
        Expert = "expert", "Fachleute", "Experts";
        MunicipalCompany = "municipal_company", "Kommunales Unternehmen", "Municipal company";
        Other = "other", "Andere", "Other";
    }
}

/// An organisation. It has a name and a mailbox of a role, never the name of a person.
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
    /// The mailbox of a role.
    pub mailbox: Option<String>,
    /// What it knows about.
    pub topics: Vec<TopicId>,
    /// The states it works in, ISO 3166-2.
    pub states: Vec<String>,
    /// The municipalities it works in.
    pub municipalities: Vec<MunicipalityId>,
    /// The municipality that entered it, and may change it.
    pub entered_by: Option<MunicipalityId>,
    /// Whether it is shown.
    pub publication: Publication,
}

/// A change to an organisation; the fields are those of [`Organisation`].
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "each field is documented on Organisation")]
pub struct OrganisationChange {
    pub name: Patch<String>,
    pub kind: Patch<OrganisationKind>,
    pub description: Patch<String>,
    pub website: Patch<String>,
    pub mailbox: Patch<String>,
    pub topics: Patch<Vec<TopicId>>,
    pub states: Patch<Vec<String>>,
    pub municipalities: Patch<Vec<MunicipalityId>>,
}

impl Organisation {
    /// An organisation that says nothing yet. A name in other letters than ours gives an empty slug:
    /// then the key stands in for it.
    #[must_use]
    pub fn empty(id: OrganisationId, slug: String) -> Self {
        let slug = if slug.is_empty() { format!("organisation-{}", end_of_key(&id)) } else { slug };
        Self {
            id,
            revision: 1,
            slug,
            name: String::new(),
            kind: OrganisationKind::Other,
            description: None,
            website: None,
            mailbox: None,
            topics: Vec::new(),
            states: Vec::new(),
            municipalities: Vec::new(),
            entered_by: None,
            publication: Publication::Published,
        }
    }

    /// The organisation with a change applied.
    ///
    /// # Errors
    /// Everything that would be wrong with it.
    pub fn changed(mut self, change: OrganisationChange) -> Result<Self, Vec<Problem>> {
        let mut checks = Checks::default();
        checks.kept("name", change.name.apply_required(&mut self.name));
        checks.kept("kind", change.kind.apply_required(&mut self.kind));
        checks.finish()?;
        change.description.apply(&mut self.description);
        change.website.apply(&mut self.website);
        change.mailbox.apply(&mut self.mailbox);
        change.topics.apply_or_default(&mut self.topics);
        change.states.apply_or_default(&mut self.states);
        change.municipalities.apply_or_default(&mut self.municipalities);
        self.check()?;
        Ok(self)
    }

    /// The organisation put away, or shown again.
    ///
    /// # Errors
    /// It is so already.
    pub fn shown(mut self, shown: bool) -> Result<Self, Vec<Problem>> {
        let next = if shown { self.publication.publish() } else { self.publication.archive() };
        self.publication = next.map_err(|problem| vec![problem])?;
        Ok(self)
    }

    /// The organisation under another slug, after the first was taken; none if that is so already.
    #[must_use]
    pub fn renamed(mut self) -> Option<Self> {
        let end = end_of_key(&self.id);
        if self.slug.ends_with(&end) {
            return None;
        }
        self.slug = format!("{:.90}-{end}", self.slug);
        Some(self)
    }

    /// Whether everybody may read it.
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.publication.is_public()
    }

    /// Whether a viewer may read it.
    #[must_use]
    pub fn is_readable_by(&self, viewer: &Viewer) -> bool {
        self.is_public() || self.is_changeable_by(viewer)
    }

    /// Whether a viewer may change it: moderators, its own editors, and the municipality
    /// that entered it.
    #[must_use]
    pub fn is_changeable_by(&self, viewer: &Viewer) -> bool {
        let entered = self.entered_by.as_ref();
        viewer.moderates()
            || viewer.edits_organisation(&self.id)
            || entered.is_some_and(|place| viewer.edits(place))
    }

    /// The municipalities that should know what becomes of it.
    #[must_use]
    pub fn concerned(&self) -> Vec<MunicipalityId> {
        self.entered_by.iter().cloned().collect()
    }

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
        checks.lines([("mailbox", &self.mailbox)]);
        checks.mail("mailbox", &self.mailbox);
        checks.count("topics", self.topics.len(), MOST_ENTRIES);
        checks.entries("states", &self.states, MOST_ENTRIES, |checks, number, code| {
            let known = State::ALL.iter().any(|state| state.0 == code);
            checks.ensure(known, number, What::Invalid { expected: "ISO 3166-2, DE-SN" });
        });
        checks.count("municipalities", self.municipalities.len(), MOST_ENTRIES);
        checks.finish()
    }
}

/// The end of a key differs even between keys of the same moment.
fn end_of_key(id: &OrganisationId) -> String {
    id.key().to_lowercase().chars().skip(ulid::ULID_LEN - 8).collect()
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;
    use crate::domain::testing::{repeat, told};

    fn organisation() -> Organisation {
        let topic = TopicId::from_key("mobility").expect("a slug");
        Organisation {
            name: "Verein".to_owned(),
            description: Some("Er tut\nviel.".to_owned()),
            website: Some("https://example.org".to_owned()),
            mailbox: Some("info@verein.example.org".to_owned()),
            topics: vec![topic],
            states: vec!["DE-SN".to_owned()],
            municipalities: vec![Ulid::nil().into()],
            ..Organisation::empty(Ulid::nil().into(), "verein".to_owned())
        }
    }

    #[test]
    fn every_field_is_checked() {
        type Case = (fn(&mut Organisation), &'static str);
        let cases: [Case; 12] = [
            (|it| it.name.clear(), "REQUIRED name"),
            (|it| it.name = "x".repeat(201), "TOO_LONG name"),
            (|it| it.name = "Ver\0ein".to_owned(), "INVALID name"),
            (|it| it.slug = "Verein e. V.".to_owned(), "INVALID slug"),
            (|it| it.description = Some("x".repeat(20_001)), "TOO_LONG description"),
            (|it| it.website = Some("javascript:alert(1)".to_owned()), "INVALID website"),
            (|it| it.mailbox = Some("Postfach".to_owned()), "INVALID mailbox"),
            (|it| it.mailbox = Some(format!("{}@b.de", "x".repeat(200))), "TOO_LONG mailbox"),
            (|it| repeat(&mut it.topics, 51), "TOO_MANY topics"),
            (|it| it.states.push("SN".to_owned()), "INVALID states.1"),
            (|it| repeat(&mut it.states, 51), "TOO_MANY states"),
            (|it| repeat(&mut it.municipalities, 51), "TOO_MANY municipalities"),
        ];
        for (spoil, expected) in cases {
            let mut organisation = organisation();
            assert_eq!(organisation.check(), Ok(()));
            spoil(&mut organisation);
            assert_eq!(told(organisation.check()), [expected]);
        }
    }

    #[test]
    fn a_name_is_kept_and_a_slug_gives_way() {
        let emptied = OrganisationChange { name: Patch::Clear, ..OrganisationChange::default() };
        assert_eq!(told(organisation().changed(emptied)), ["REQUIRED name"]);
        let other = organisation().renamed().expect("another slug");
        assert_eq!(other.slug, "verein-00000000");
        assert_eq!(other.renamed(), None);
        let foreign = Organisation::empty(Ulid::nil().into(), String::new());
        assert_eq!(foreign.slug, "organisation-00000000");
    }

    #[test]
    fn it_is_put_away_and_shown_again() {
        let away = organisation().shown(false).expect("it is shown");
        assert!(!away.is_readable_by(&Viewer::Anonymous) && away.is_readable_by(&Viewer::Operator));
        assert_eq!(told(away.clone().shown(false)), ["WRONG_STATE id"]);
        assert!(away.shown(true).is_ok_and(|it| it.is_public()));
    }
}
