//! Accounts of people who sign in, and their sessions.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::check::Checks;
use super::consent::tells_of;
use super::event::Actor;
use super::identity::Identity;
use super::key::AccountId;
use super::mail_address::is_mail_address;
use super::problem::{Problem, What, Words};
use super::rights::{Grant, Member, Viewer};
use super::token::TokenHash;

/// The fewest characters of a password (BSI IT-Grundschutz ORP.4 and NIST SP 800-63B ask for length
/// and not for kinds of characters).
const SHORTEST_PASSWORD: usize = 12;
/// The most characters of a password: hashing takes time.
const LONGEST_PASSWORD: usize = 200;
/// How long a session lasts at most.
const LONGEST_SESSION: TimeDelta = TimeDelta::hours(12);
/// The longest address and the longest name, in bytes.
const LONGEST_NAME: usize = 200;

/// Somebody who signs in.
///
/// The record has to stay under 4 KiB: the database keeps longer values where an erasure may not
/// reach them. So each part has its longest form, and all of them together have room.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Account {
    /// Its key.
    pub id: AccountId,
    /// How often the record was changed, from 1.
    pub revision: u32,
    /// The mail address that its holder signs in with, in lower case; absent for those who sign in
    /// elsewhere and whose address nobody vouches for.
    #[serde(default)]
    pub email: Option<String>,
    /// What others call its holder.
    #[serde(default)]
    pub name: Option<String>,
    /// The hash of the password, in PHC form; absent for those who sign in elsewhere only.
    #[serde(default)]
    pub password: Option<String>,
    /// Who it is at the identity provider: issuer and subject.
    #[serde(default)]
    pub identity: Option<String>,
    /// The roles that its holder has.
    pub grants: Vec<Grant>,
    /// Whether nobody can sign in with it.
    pub disabled: bool,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

impl Account {
    /// The most roles of one account. In the database each of them takes about a hundred bytes.
    pub const MOST_GRANTS: usize = 25;

    /// Its holder, signed in.
    #[must_use]
    pub fn viewer(&self) -> Viewer {
        let grants = if self.disabled { Vec::new() } else { self.grants.clone() };
        Viewer::Member(Member { actor: Actor::Account(self.id.clone()), token: None, grants })
    }

    /// An address as accounts are known by.
    #[must_use]
    pub fn address(email: &str) -> String {
        email.trim().to_lowercase()
    }

    /// An address that somebody else wrote, as accounts are known by; nothing if it is none.
    #[must_use]
    pub fn sound_address(email: &str) -> Option<String> {
        let address = Self::address(email);
        let sound = is_mail_address(&address)
            && address.len() <= LONGEST_NAME
            && !address.contains(char::is_control);
        sound.then_some(address)
    }

    /// Whether somebody who typed this may have looked for its holder.
    #[must_use]
    pub fn tells_of_holder(&self, typed: &str) -> bool {
        tells_of(typed, self.name.as_deref(), self.email.as_deref())
    }

    /// Checks an account before it is stored.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<Problem>> {
        let mut checks = Checks::default();
        if let Some(email) = &self.email {
            checks.name("email", email, LONGEST_NAME);
            let form = What::Invalid { expected: "name@host.de" };
            checks.ensure(is_mail_address(email), "email", form);
            checks.bytes("email", email, LONGEST_NAME);
        } else {
            checks.ensure(self.identity.is_some(), "email", What::Required);
        }
        checks.lines([("name", &self.name)]);
        checks.bytes("name", self.name.as_deref().unwrap_or_default(), LONGEST_NAME);
        let identity = self.identity.as_deref().unwrap_or_default();
        checks.bytes("identity", identity, Identity::LONGEST);
        checks.count("grants", self.grants.len(), Self::MOST_GRANTS);
        let mut problems = checks.finish().err().unwrap_or_default();
        for (position, grant) in self.grants.iter().enumerate() {
            let wrong = grant.check().err();
            problems.extend(wrong.map(|it| it.within(&position.to_string()).within("grants")));
        }
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }
}

/// That a password is soon guessed.
const WEAK: Words = Words {
    de: "Das Kennwort braucht zwölf Zeichen oder mehr und ist nicht die Adresse.",
    en: "A password has twelve characters or more, and is not the address.",
};

/// Checks a password before it is hashed.
///
/// # Errors
/// It is too short or too long, or the address itself.
pub fn check_password(password: &str, email: Option<&str>) -> Result<(), Problem> {
    let letters = password.chars().count();
    if letters > LONGEST_PASSWORD {
        return Err(Problem::at(
            "password",
            What::TooLong { most: LONGEST_PASSWORD, given: letters },
        ));
    }
    let is_address = email.is_some_and(|it| Account::address(password) == Account::address(it));
    if letters < SHORTEST_PASSWORD || is_address {
        return Err(Problem::at("password", What::Rule(WEAK)));
    }
    Ok(())
}

/// Somebody who is signed in with a browser.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Session {
    /// The hash of its secret, which only the browser knows.
    pub id: TokenHash,
    /// Whose it is.
    pub account: AccountId,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

impl Session {
    /// A session that begins now.
    #[must_use]
    pub fn begin(id: TokenHash, account: AccountId, now: DateTime<Utc>) -> Self {
        Self { id, account, created_at: now, expires_at: now + LONGEST_SESSION }
    }

    /// Whether it still goes on.
    #[must_use]
    pub fn holds(&self, now: DateTime<Utc>) -> bool {
        now < self.expires_at
    }
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;
    use crate::domain::testing::{long_address, longest_account, told};
    use crate::domain::{MunicipalityId, Role};

    fn account() -> Account {
        Account {
            id: Ulid::nil().into(),
            revision: 1,
            email: Some("bauamt@musterdorf.example.org".to_owned()),
            name: None,
            password: None,
            identity: None,
            grants: vec![Grant::of(Role::Editor, MunicipalityId::from(Ulid::nil()))],
            disabled: false,
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn every_field_is_checked() {
        type Case = (fn(&mut Account), &'static str);
        let cases: [Case; 8] = [
            (|it| it.email = Some("kein Postfach".to_owned()), "INVALID email"),
            (|it| it.email = None, "REQUIRED email"),
            (|it| it.email = Some(long_address(201)), "TOO_LONG email"),
            (|it| it.name = Some("x".repeat(201)), "TOO_LONG name"),
            (|it| it.name = Some("ü".repeat(101)), "TOO_LONG name"),
            (|it| it.identity = Some("x".repeat(401)), "TOO_LONG identity"),
            (
                |it| it.grants = vec![Grant::everywhere(Role::Editor)],
                "REQUIRED grants.0.municipality",
            ),
            (|it| it.grants = vec![Grant::everywhere(Role::Reader); 26], "TOO_MANY grants"),
        ];
        assert_eq!(account().check(), Ok(()));
        let elsewhere = Account { email: None, identity: Some("x y".to_owned()), ..account() };
        assert_eq!(elsewhere.check(), Ok(()));
        for (spoil, expected) in cases {
            let mut account = account();
            spoil(&mut account);
            assert_eq!(told(account.check()).join(","), expected);
        }
    }

    #[test]
    fn whatever_is_taken_stays_within_what_an_erasure_reaches() {
        for letter in ["x", "ü", "🚌"] {
            let account = longest_account(letter);
            assert_eq!(account.check(), Ok(()));
            let more = |letters: &str| format!("{letters}{letter}");
            for longer in [
                Account { email: Some(long_address(201)), ..account.clone() },
                Account { name: account.name.as_deref().map(more), ..account.clone() },
                Account { identity: account.identity.as_deref().map(more), ..account.clone() },
            ] {
                assert!(longer.check().is_err(), "{letter}");
            }
            let bytes = serde_json::to_vec(&account).expect("a record").len();
            assert!(bytes < 4_096, "{bytes} bytes of {letter}");
        }
    }

    #[test]
    fn who_typed_a_name_or_a_mailbox_may_have_looked_for_the_holder() {
        let named = Account { name: Some("Kim von Quixbart".to_owned()), ..account() };
        for (typed, expected) in
            [("quixbarts bus", true), ("BAUAMT", true), ("von hier", false), ("musterdorf", false)]
        {
            assert_eq!(named.tells_of_holder(typed), expected, "{typed}");
        }
    }

    #[test]
    fn a_disabled_account_holds_no_role() {
        let place = MunicipalityId::from(Ulid::nil());
        assert!(account().viewer().edits(&place));
        assert!(!Account { disabled: true, ..account() }.viewer().edits(&place));
    }

    #[test]
    fn passwords_are_long_and_not_the_address() {
        let check = |password: &str| check_password(password, Some("stadt@musterdorf.example.org"));
        assert!(check("zwölf Zeichen").is_ok());
        assert!(check("elf Zeichen").is_err());
        assert!(check("Stadt@musterdorf.example.org").is_err());
        assert!(check(&"x".repeat(201)).is_err());
    }

    #[test]
    fn a_session_ends() {
        let begun = Session::begin(
            crate::domain::Secret::from_random([0; 20]).hash(),
            Ulid::nil().into(),
            DateTime::UNIX_EPOCH,
        );
        assert!(begun.holds(DateTime::UNIX_EPOCH + TimeDelta::hours(11)));
        assert!(!begun.holds(DateTime::UNIX_EPOCH + TimeDelta::hours(12)));
    }
}
