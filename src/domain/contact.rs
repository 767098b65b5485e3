//! Whom to call: a role first, a person only if the role wants it.

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::check::{Checks, LONGEST_LINE, MOST_ENTRIES};
use super::consent::WithdrawalReason;
use super::key::{ContactId, MunicipalityId};
use super::kinds::kinds;
use super::patch::Patch;
use super::problem::{Problem, What};
use super::publication::Publication;

kinds! {
    /// Who may see how a contact is reached.
    ContactVisibility {
        Public = "public", "öffentlich", "Public";
        Members = "members", "für Mitglieder", "Members";
        OnRequest = "on_request", "auf Anfrage", "On request";
    }
}

kinds! {
    /// What a contact is ready to do.
    Willingness {
        Mail = "mail", "beantwortet Mails", "Answers mail";
        Call = "call", "telefoniert", "Takes calls";
        Visit = "visit", "empfängt Besuch", "Receives visits";
        Mentoring = "mentoring", "begleitet andere", "Mentors others";
    }
}

/// The longest line of a contact in bytes, whatever its letters. All of them together have to stay under
/// 4 KiB: the database keeps longer values where an erasure may not reach them.
const LONGEST_BYTES: usize = 300;
/// The longest telephone number, in characters.
const LONGEST_PHONE: usize = 40;
/// The most languages that one contact speaks.
const MOST_LANGUAGES: usize = 20;

/// A contact.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Contact {
    /// Its key.
    pub id: ContactId,
    /// How often the record was changed, from 1.
    pub revision: u32,
    /// Its key in the system that it was imported from.
    pub external_key: Option<String>,
    /// Whose contact it is.
    pub municipality: MunicipalityId,
    /// The role, for instance "Stabsstelle Demografie".
    pub role: String,
    /// The person, if the person agreed.
    pub person: Option<String>,
    /// The office.
    pub office: Option<String>,
    /// Mail address, best a role's mailbox.
    pub email: Option<String>,
    /// Telephone number.
    pub phone: Option<String>,
    /// Whether mail address and telephone number belong to the person, so that they go with it.
    #[serde(default = "personal")]
    pub address_is_personal: bool,
    /// Who may see how it is reached.
    pub visibility: ContactVisibility,
    /// Languages spoken, BCP 47.
    pub languages: Vec<String>,
    /// What it is ready to do.
    pub willing: Vec<Willingness>,
    /// When the person agreed to be named.
    pub consent_at: Option<NaiveDate>,
    /// When the consent ended and everything of the person was erased, the last time.
    #[serde(default)]
    pub consent_withdrawn_at: Option<DateTime<Utc>>,
    /// Why it ended.
    #[serde(default)]
    pub withdrawal_reason: Option<WithdrawalReason>,
    /// By when somebody should check whether it still holds.
    pub review_by: Option<NaiveDate>,
    /// Since when messages do not reach it; nobody knows of any if absent.
    #[serde(default)]
    pub bounced_at: Option<DateTime<Utc>>,
    /// Whether it is out in the open.
    pub publication: Publication,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// A change to a contact; the fields are those of [`Contact`].
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "each field is documented on Contact")]
pub struct ContactChange {
    pub external_key: Patch<String>,
    pub role: Patch<String>,
    pub person: Patch<String>,
    pub office: Patch<String>,
    pub email: Patch<String>,
    pub phone: Patch<String>,
    pub address_is_personal: Patch<bool>,
    pub visibility: Patch<ContactVisibility>,
    pub languages: Patch<Vec<String>>,
    pub willing: Patch<Vec<Willingness>>,
    pub consent_at: Patch<NaiveDate>,
    pub review_by: Patch<NaiveDate>,
}

impl Contact {
    /// An empty draft.
    #[must_use]
    pub fn draft(id: ContactId, municipality: MunicipalityId, now: DateTime<Utc>) -> Self {
        Self {
            id,
            revision: 1,
            external_key: None,
            municipality,
            role: String::new(),
            person: None,
            office: None,
            email: None,
            phone: None,
            address_is_personal: personal(),
            visibility: ContactVisibility::Public,
            languages: Vec::new(),
            willing: Vec::new(),
            consent_at: None,
            consent_withdrawn_at: None,
            withdrawal_reason: None,
            review_by: None,
            bounced_at: None,
            publication: Publication::Draft,
            created_at: now,
            updated_at: now,
        }
    }

    /// The record with a change applied.
    ///
    /// # Errors
    /// Everything that would be wrong with it.
    pub fn changed(
        mut self,
        change: ContactChange,
        now: DateTime<Utc>,
    ) -> Result<Self, Vec<Problem>> {
        let mut checks = Checks::default();
        checks.kept("role", change.role.apply_required(&mut self.role));
        checks.kept("visibility", change.visibility.apply_required(&mut self.visibility));
        change.external_key.apply(&mut self.external_key);
        let personal = change.address_is_personal.apply_required(&mut self.address_is_personal);
        checks.kept("addressIsPersonal", personal);
        let (before, renewed) = (self.person.clone(), change.consent_at != Patch::Keep);
        change.person.apply(&mut self.person);
        if self.person != before && !renewed {
            // Whoever agreed did so for nobody else.
            self.consent_at = None;
        }
        change.office.apply(&mut self.office);
        let reached = self.email.clone();
        change.email.apply(&mut self.email);
        if self.email != reached {
            // What did not arrive went to another address.
            self.bounced_at = None;
        }
        change.phone.apply(&mut self.phone);
        change.languages.apply_or_default(&mut self.languages);
        change.willing.apply_or_default(&mut self.willing);
        change.consent_at.apply(&mut self.consent_at);
        change.review_by.apply(&mut self.review_by);
        self.updated_at = now;
        // It may be tomorrow already where the person lives.
        let today = now.date_naive() + Days::new(1);
        let past = What::OutOfRange { range: format!("– {today}") };
        checks.ensure(self.consent_at.is_none_or(|day| day <= today), "consentAt", past);
        checks.finish()?;
        self.check()?;
        Ok(self)
    }

    /// Checks a record before it is stored. A person is only named with a date of consent.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<Problem>> {
        let mut checks = Checks::default();
        checks.external_key(&self.external_key);
        checks.name("role", &self.role, LONGEST_LINE);
        checks.lines([("person", &self.person), ("office", &self.office), ("email", &self.email)]);
        checks.line("phone", self.phone.as_deref().unwrap_or_default(), LONGEST_PHONE);
        checks.mail("email", &self.email);
        let lines = [("person", &self.person), ("office", &self.office)];
        for (field, line) in [("externalKey", &self.external_key)].into_iter().chain(lines) {
            checks.bytes(field, line.as_deref().unwrap_or_default(), LONGEST_BYTES);
        }
        checks.bytes("role", &self.role, LONGEST_BYTES);
        checks.ensure(
            self.person.is_none() || self.consent_at.is_some(),
            "consentAt",
            What::Required,
        );
        checks.year("consentAt", self.consent_at.as_ref().map(Datelike::year));
        checks.year("reviewBy", self.review_by.as_ref().map(Datelike::year));
        checks.entries("languages", &self.languages, MOST_LANGUAGES, |checks, number, tag| {
            checks.language(number, tag);
        });
        checks.count("willing", self.willing.len(), MOST_ENTRIES);
        checks.finish()
    }
}

/// Whose an address is if nobody says so: what may be a person's is taken for it.
const fn personal() -> bool {
    true
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;
    use crate::domain::testing::told;

    fn draft() -> Contact {
        let key = |n| Ulid::from_parts(1, n);
        Contact::draft(key(1).into(), key(2).into(), DateTime::UNIX_EPOCH)
    }

    fn codes(change: ContactChange) -> Vec<String> {
        let problems = draft().changed(change, DateTime::UNIX_EPOCH).err().unwrap_or_default();
        problems.into_iter().map(|problem| problem.path.join(".")).collect()
    }

    #[test]
    fn a_person_is_named_only_with_consent() {
        let named = ContactChange {
            role: Patch::Set("Stabsstelle".to_owned()),
            person: Patch::Set("Name".to_owned()),
            ..ContactChange::default()
        };
        assert_eq!(codes(named.clone()), ["consentAt"]);
        assert!(
            codes(ContactChange { consent_at: Patch::Set(NaiveDate::default()), ..named })
                .is_empty()
        );
    }

    #[test]
    fn consent_is_of_one_person_and_lies_in_the_past() {
        let day = |text: &str| Patch::Set(text.parse::<NaiveDate>().expect("a day"));
        let change = |person: &str, consent_at| ContactChange {
            role: Patch::Set("Stabsstelle".to_owned()),
            person: Patch::Set(person.to_owned()),
            consent_at,
            ..ContactChange::default()
        };
        let now = DateTime::UNIX_EPOCH;
        let named = draft().changed(change("Eine", day("1969-12-31")), now).expect("consent");
        assert!(named.clone().changed(change("Eine", Patch::Keep), now).is_ok());
        assert!(named.clone().changed(change("Andere", Patch::Keep), now).is_err());
        assert!(named.clone().changed(change("Andere", day("1970-01-01")), now).is_ok());
        assert!(named.changed(change("Andere", day("1970-01-03")), now).is_err());
    }

    #[test]
    fn the_role_must_be_said_and_the_address_have_its_form() {
        assert_eq!(codes(ContactChange::default()), ["role"]);
        let broken = ContactChange {
            role: Patch::Set("Stabsstelle".to_owned()),
            email: Patch::Set("kein Postfach".to_owned()),
            ..ContactChange::default()
        };
        assert_eq!(codes(broken), ["email"]);
    }

    #[test]
    fn the_longest_contact_stays_within_what_an_erasure_reaches() {
        let longest = |letter: &str| {
            let most = (LONGEST_BYTES / letter.len()).min(LONGEST_LINE);
            let line = Some(letter.repeat(most));
            let [name, label] = ["a".repeat(64), "b".repeat(61)];
            Contact {
                external_key: line.clone(),
                role: line.clone().unwrap_or_default(),
                person: line.clone(),
                office: line,
                email: Some(format!("{name}@{label}.{label}.example.org")),
                phone: Some(letter.repeat(LONGEST_PHONE)),
                languages: vec!["x".repeat(35); MOST_LANGUAGES],
                willing: vec![Willingness::Mentoring; MOST_ENTRIES],
                consent_at: Some(NaiveDate::default()),
                consent_withdrawn_at: Some(DateTime::UNIX_EPOCH),
                withdrawal_reason: Some(WithdrawalReason::Request),
                review_by: Some(NaiveDate::default()),
                bounced_at: Some(DateTime::UNIX_EPOCH),
                visibility: ContactVisibility::OnRequest,
                publication: Publication::Published,
                ..draft()
            }
        };
        for letter in ["x", "ü", "€", "🚌"] {
            let contact = longest(letter);
            assert_eq!(told(contact.check()), Vec::<String>::new());
            let bytes = serde_json::to_vec(&contact).expect("a record").len();
            assert!(bytes < 4_096, "{bytes} bytes of {letter}");
            // One letter more is one too many.
            let longer = Contact { person: contact.person.map(|it| it + letter), ..draft() };
            assert!(told(longer.check()).contains(&"TOO_LONG person".to_owned()));
        }
    }

    #[test]
    fn every_field_is_checked() {
        type Case = (fn(&mut Contact), &'static str);
        let cases: [Case; 20] = [
            (|it| it.role = "🚌".repeat(76), "TOO_LONG role"),
            (|it| it.office = Some("ü".repeat(151)), "TOO_LONG office"),
            (|it| it.external_key = Some("ü".repeat(151)), "TOO_LONG externalKey"),
            (|it| it.email = Some("a@-b.de".to_owned()), "INVALID email"),
            (|it| it.role = "x".repeat(201), "TOO_LONG role"),
            (|it| it.role = "Stab\nStelle".to_owned(), "INVALID role"),
            (|it| it.office = Some("x".repeat(201)), "TOO_LONG office"),
            (|it| it.office = Some("Amt\0".to_owned()), "INVALID office"),
            (|it| it.phone = Some("1".repeat(41)), "TOO_LONG phone"),
            (|it| it.phone = Some("1\u{7f}".to_owned()), "INVALID phone"),
            (|it| it.email = Some("a\n@b.de".to_owned()), "INVALID email"),
            (|it| it.email = Some(format!("{}@b.de", "x".repeat(200))), "TOO_LONG email"),
            (|it| it.external_key = Some("x".repeat(200_000)), "TOO_LONG externalKey"),
            (|it| it.external_key = Some("a\0b".to_owned()), "INVALID externalKey"),
            (|it| it.external_key = Some(String::new()), "REQUIRED externalKey"),
            (|it| it.languages = vec!["de".to_owned(); 21], "TOO_MANY languages"),
            (|it| it.languages = vec!["de".to_owned(), "?".to_owned()], "INVALID languages.1"),
            (|it| it.willing = vec![Willingness::Call; 51], "TOO_MANY willing"),
            (|it| it.consent_at = Some(NaiveDate::MIN), "OUT_OF_RANGE consentAt"),
            (|it| it.review_by = Some(NaiveDate::MAX), "OUT_OF_RANGE reviewBy"),
        ];
        for (spoil, expected) in cases {
            let mut contact = Contact { role: "Stabsstelle".to_owned(), ..draft() };
            spoil(&mut contact);
            assert_eq!(told(contact.check()), [expected]);
        }
    }
}
