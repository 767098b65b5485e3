//! The end of a person's consent, and whether a contact can be relied on.

use chrono::{DateTime, Months, NaiveDate, Utc};

use super::contact::Contact;
use super::kinds::kinds;
use super::problem::Problem;

kinds! {
    /// Why a person is no longer named. A closed list: a free text would name the person again.
    WithdrawalReason {
        Request = "request", "Wunsch der Person", "The person asked for it";
        Left = "left", "Nicht mehr im Amt", "No longer in office";
        Other = "other", "Anderer Grund", "Another reason";
    }
}

/// After so many months somebody should look at a contact again, unless they say otherwise.
const REVIEW_AFTER: Months = Months::new(12);
/// Shorter words of a name say nothing of a person …
const SHORTEST_WORD: usize = 3;
/// … and neither do these.
const COMMON_WORDS: [&str; 10] =
    ["von", "van", "vom", "zum", "zur", "der", "den", "und", "herr", "frau"];

impl Contact {
    /// Without anything of the person: only role and office are left, and the address if somebody
    /// said that it is the role's.
    #[must_use]
    pub fn without_person(mut self, reason: Option<WithdrawalReason>, now: DateTime<Utc>) -> Self {
        self.person = None;
        self.consent_at = None;
        if self.address_is_personal {
            self.email = None;
            self.phone = None;
            self.bounced_at = None;
        }
        self.consent_withdrawn_at = Some(now);
        self.withdrawal_reason = reason;
        self.updated_at = now;
        self
    }

    /// Whether it holds anything that goes with a person's consent.
    #[must_use]
    pub const fn has_personal_data(&self) -> bool {
        let address = self.email.is_some() || self.phone.is_some();
        self.person.is_some() || self.consent_at.is_some() || (self.address_is_personal && address)
    }

    /// Whether somebody who typed this may have looked for the person: a word of the name stands in
    /// it, also in another form, or a mailbox.
    #[must_use]
    pub fn tells_of_person(&self, typed: &str) -> bool {
        let address = self.email.as_deref().filter(|_| self.address_is_personal);
        tells_of(typed, self.person.as_deref(), address)
    }

    /// Looked at and found right: to be looked at again on this day, or in a year.
    ///
    /// # Errors
    /// The day is none that makes sense.
    pub fn confirmed(
        mut self,
        review_by: Option<NaiveDate>,
        now: DateTime<Utc>,
    ) -> Result<Self, Vec<Problem>> {
        let usual = now.date_naive().checked_add_months(REVIEW_AFTER);
        self.review_by = review_by.or(usual);
        self.bounced_at = None;
        self.updated_at = now;
        self.check()?;
        Ok(self)
    }

    /// After a message could not be delivered.
    #[must_use]
    pub fn bounced(mut self, now: DateTime<Utc>) -> Self {
        self.bounced_at = self.bounced_at.or(Some(now));
        self.updated_at = now;
        self
    }

    /// Whether a message can be sent to it without telling its address.
    #[must_use]
    pub fn takes_messages(&self) -> bool {
        self.publication.is_public() && self.email.is_some()
    }

    /// Whether somebody should look at it: its day has come, or it is not reached.
    #[must_use]
    pub fn needs_review(&self, today: NaiveDate) -> bool {
        self.bounced_at.is_some() || self.review_by.is_some_and(|day| day <= today)
    }
}

/// Whether somebody who typed this may have looked for who has this name and this address: a word of
/// the name stands in it, also in another form, or the mailbox.
pub(super) fn tells_of(typed: &str, name: Option<&str>, address: Option<&str>) -> bool {
    let mailbox = address.and_then(|address| address.split('@').next());
    let typed: Vec<String> = words(typed).collect();
    words(name.unwrap_or_default())
        .chain(words(mailbox.unwrap_or_default()))
        .any(|name| typed.iter().any(|word| word.starts_with(&name)))
}

/// The words of a text in small letters that may say something of a person.
fn words(text: &str) -> impl Iterator<Item = String> + use<> {
    let words: Vec<String> = text
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| word.chars().count() >= SHORTEST_WORD)
        .map(str::to_lowercase)
        .filter(|word| !COMMON_WORDS.contains(&word.as_str()))
        .collect();
    words.into_iter()
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;

    fn contact() -> Contact {
        let key = |n| Ulid::from_parts(1, n);
        Contact {
            role: "Stabsstelle".to_owned(),
            person: Some("Dr. Kim von Quixbart".to_owned()),
            consent_at: Some(NaiveDate::default()),
            office: Some("Rathaus".to_owned()),
            email: Some("k.quixbart@example.org".to_owned()),
            phone: Some("0000 1".to_owned()),
            ..Contact::draft(key(1).into(), key(2).into(), DateTime::UNIX_EPOCH)
        }
    }

    #[test]
    fn nothing_of_the_person_is_left_but_what_is_the_roles() {
        let now = DateTime::UNIX_EPOCH;
        let left = contact().without_person(Some(WithdrawalReason::Left), now);
        assert!(contact().has_personal_data() && !left.has_personal_data());
        assert_eq!((left.person, left.email, left.phone), (None, None, None));
        assert_eq!((left.role.as_str(), left.office.as_deref()), ("Stabsstelle", Some("Rathaus")));
        let role = Contact { address_is_personal: false, ..contact() };
        let left = role.without_person(None, now);
        assert!(left.email.is_some() && left.phone.is_some() && !left.has_personal_data());
    }

    #[test]
    fn who_typed_a_name_may_have_looked_for_the_person() {
        let check = |typed, expected| {
            assert_eq!(contact().tells_of_person(typed), expected, "{typed}");
        };
        check("quixbart", true);
        check("QUIXBARTS Bus", true);
        check("kim", true);
        check("von hier", false);
        check("bürgerbus", false);
        check("", false);
    }

    #[test]
    fn a_contact_is_looked_at_once_a_year_or_when_nothing_arrives() {
        let now = DateTime::UNIX_EPOCH;
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        let confirmed = contact().bounced(now).confirmed(None, now).expect("a year from now");
        assert_eq!(confirmed.review_by, Some(day("1971-01-01")));
        assert!(!confirmed.needs_review(day("1970-12-31")));
        assert!(confirmed.needs_review(day("1971-01-01")));
        assert!(confirmed.clone().bounced(now).needs_review(day("1970-01-02")));
        assert!(confirmed.confirmed(Some(NaiveDate::MAX), now).is_err());
    }
}
