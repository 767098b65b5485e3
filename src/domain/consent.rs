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
/// Numbers with fewer digits are nobody's telephone.
const SHORTEST_NUMBER: usize = 4;
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

    /// What of a person is no longer there after a change; nothing if all of it stays. An address that
    /// one of both says to be the person's is taken for it.
    #[must_use]
    pub fn taken_away(&self, after: &Self) -> Option<Personal> {
        let gone = |before: &Option<String>, after: &Option<String>| {
            before.clone().filter(|_| before != after)
        };
        let is_personal = self.address_is_personal || after.address_is_personal;
        let taken = Personal {
            person: gone(&self.person, &after.person),
            email: gone(&self.email, &after.email).filter(|_| is_personal),
            phone: gone(&self.phone, &after.phone).filter(|_| is_personal),
        };
        (taken != Personal::default()).then_some(taken)
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

/// What a contact told of a person, once it is to be told no more.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Personal {
    person: Option<String>,
    email: Option<String>,
    phone: Option<String>,
}

impl Personal {
    /// Whether somebody who typed this may have looked for the person: a word of the name stands in
    /// it, also in another form, a mailbox, or the telephone number, however it is divided.
    #[must_use]
    pub fn stands_in(&self, typed: &str) -> bool {
        let named = tells_of(typed, self.person.as_deref(), self.email.as_deref());
        let number = digits(self.phone.as_deref().unwrap_or_default());
        named || (number.len() >= SHORTEST_NUMBER && digits(typed).contains(&number))
    }
}

/// The digits of a text.
fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
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
    fn what_a_change_takes_away_is_what_it_removes_or_replaces() {
        let taken = |after: Contact| {
            let taken = contact().taken_away(&after)?;
            Some((taken.person.is_some(), taken.email.is_some(), taken.phone.is_some()))
        };
        assert_eq!(taken(contact()), None);
        assert_eq!(taken(Contact { office: None, role: "Amt".to_owned(), ..contact() }), None);
        let person = Some("Andere".to_owned());
        assert_eq!(taken(Contact { person, ..contact() }), Some((true, false, false)));
        assert_eq!(taken(Contact { phone: None, ..contact() }), Some((false, false, true)));
        let left = contact().without_person(None, DateTime::UNIX_EPOCH);
        assert_eq!(taken(left), Some((true, true, true)));
        // Whose it is may be said in the same breath in which it goes.
        let roles = Contact { address_is_personal: false, email: None, ..contact() };
        assert_eq!(taken(roles.clone()), Some((false, true, false)));
        assert!(roles.taken_away(&Contact { phone: None, ..roles.clone() }).is_none());
        assert!(Contact { person: None, ..contact() }.taken_away(&contact()).is_none());
    }

    #[test]
    fn who_typed_a_name_may_have_looked_for_the_person() {
        let left = contact().without_person(None, DateTime::UNIX_EPOCH);
        let personal = contact().taken_away(&left).expect("a person");
        let check = |typed, expected| {
            assert_eq!(personal.stands_in(typed), expected, "{typed}");
        };
        check("k.quixbart@EXAMPLE.org", true);
        check("00001", true);
        check("0000-1 wer ist das", true);
        check("0000", false);
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
