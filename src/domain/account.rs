//! Accounts of people who sign in, and their sessions.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::check::{Checks, LONGEST_LINE};
use super::event::Actor;
use super::key::AccountId;
use super::mail_address::is_mail_address;
use super::problem::{Problem, What};
use super::rights::{Grant, Member, Viewer};
use super::token::TokenHash;

/// The fewest characters of a password (BSI IT-Grundschutz ORP.4 and NIST SP 800-63B ask for length
/// and not for kinds of characters).
const SHORTEST_PASSWORD: usize = 12;
/// The most characters of a password: hashing takes time.
const LONGEST_PASSWORD: usize = 200;
/// How long a session lasts at most.
const LONGEST_SESSION: TimeDelta = TimeDelta::hours(12);
/// The most roles of one account.
const MOST_GRANTS: usize = 50;

/// Somebody who signs in.
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
    /// Its holder, signed in.
    #[must_use]
    pub fn viewer(&self) -> Viewer {
        let grants = if self.disabled { Vec::new() } else { self.grants.clone() };
        Viewer::Member(Member { actor: Actor::Account(self.id.clone()), grants })
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
            && address.len() <= LONGEST_LINE
            && !address.contains(char::is_control);
        sound.then_some(address)
    }

    /// Checks an account before it is stored.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<Problem>> {
        let mut checks = Checks::default();
        if let Some(email) = &self.email {
            checks.name("email", email, LONGEST_LINE);
            let form = What::Invalid { expected: "name@host.de" };
            checks.ensure(is_mail_address(email), "email", form);
        } else {
            checks.ensure(self.identity.is_some(), "email", What::Required);
        }
        checks.lines([("name", &self.name)]);
        checks.count("grants", self.grants.len(), MOST_GRANTS);
        let mut problems = checks.finish().err().unwrap_or_default();
        for (position, grant) in self.grants.iter().enumerate() {
            let wrong = grant.check().err();
            problems.extend(wrong.map(|it| it.within(&position.to_string()).within("grants")));
        }
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }
}

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
        return Err(Problem::at(
            "password",
            What::Invalid { expected: "12 characters or more, not the address" },
        ));
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
    use crate::domain::{MunicipalityId, Role, testing::told};

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
        let cases: [Case; 5] = [
            (|it| it.email = Some("kein Postfach".to_owned()), "INVALID email"),
            (|it| it.email = None, "REQUIRED email"),
            (|it| it.name = Some("x".repeat(201)), "TOO_LONG name"),
            (
                |it| it.grants = vec![Grant::everywhere(Role::Editor)],
                "REQUIRED grants.0.municipality",
            ),
            (|it| it.grants = vec![Grant::everywhere(Role::Reader); 51], "TOO_MANY grants"),
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
