//! Access tokens of machines and people who work with the API.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::check::{Checks, LONGEST_LINE};
use super::event::Actor;
use super::key::{AccountId, MunicipalityId, OrganisationId, TokenId};
use super::problem::{Problem, What};
use super::rights::{Grant, Member, Role, Viewer};

/// What stands in front of every token, so that scanners recognise a leaked one.
const PREFIX: &str = "alm_";

/// A token as its holder keeps it: 160 random bits. Never stored and never logged.
pub struct Secret(String);

impl Secret {
    /// A token of 20 random bytes.
    #[must_use]
    pub fn from_random(bytes: [u8; 20]) -> Self {
        let digits = bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        Self(format!("{PREFIX}{digits}"))
    }

    /// The text that is handed to the holder, once.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is stored instead. A plain hash is enough: 160 random bits cannot be guessed.
    #[must_use]
    pub fn hash(&self) -> TokenHash {
        TokenHash::of(&self.0)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The text has not the form of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no access token of Allmende: tokens read alm_ and 40 hexadecimal digits")]
pub struct SecretError;

impl FromStr for Secret {
    type Err = SecretError;

    fn from_str(text: &str) -> Result<Self, SecretError> {
        let digits = text.strip_prefix(PREFIX).ok_or(SecretError)?;
        let sound = digits.len() == 40
            && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if sound { Ok(Self(text.to_owned())) } else { Err(SecretError) }
    }
}

/// SHA-256 of a token, as 64 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TokenHash(String);

impl TokenHash {
    /// The hash of a text.
    #[must_use]
    pub(super) fn of(text: &str) -> Self {
        let digest = Sha256::digest(text.as_bytes());
        Self(digest.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The digits, as the key of a record.
    #[must_use]
    pub fn key(&self) -> String {
        self.0.clone()
    }
}

/// An access token as it is stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Token {
    /// Its key.
    pub id: TokenId,
    /// How often the record was changed, from 1.
    pub revision: u32,
    /// The hash of the secret.
    pub hash: TokenHash,
    /// What it is for, in the words of who made it.
    #[serde(default)]
    pub name: Option<String>,
    /// What its holder may do.
    pub role: Role,
    /// For which municipality.
    pub municipality: Option<MunicipalityId>,
    /// For which organisation.
    #[serde(default)]
    pub organisation: Option<OrganisationId>,
    /// Whose token it is: its holder acts as this account.
    #[serde(default)]
    pub account: Option<AccountId>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Until when it is in force.
    #[serde(default)]
    pub expires_at: Option<DateTime<Utc>>,
    /// When it lost its force.
    #[serde(default)]
    pub revoked_at: Option<DateTime<Utc>>,
}

impl Token {
    /// The one role that it stands for.
    #[must_use]
    pub fn grant(&self) -> Grant {
        let (municipality, organisation) = (self.municipality.clone(), self.organisation.clone());
        Grant { role: self.role, municipality, organisation }
    }

    /// Whether it is in force.
    #[must_use]
    pub fn holds(&self, now: DateTime<Utc>) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }

    /// Who holds it. A token can do no more than the account that it belongs to can still do: `held`
    /// are the roles of that account.
    #[must_use]
    pub fn viewer(&self, held: Option<&[Grant]>) -> Viewer {
        let grant = self.grant();
        let stands = held.is_none_or(|held| held.iter().any(|it| it.covers(&grant)));
        let actor = match &self.account {
            Some(account) => Actor::Account(account.clone()),
            None => Actor::Token(self.id.clone()),
        };
        let grants = stands.then_some(grant).into_iter().collect();
        Viewer::Member(Member { actor, token: Some(self.id.clone()), grants })
    }

    /// Checks a token before it is stored: it ends in the future.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<Problem>> {
        let mut checks = Checks::default();
        checks.line("name", self.name.as_deref().unwrap_or_default(), LONGEST_LINE);
        let ahead = self.expires_at.is_none_or(|end| end > self.created_at);
        let range = format!("{} –", self.created_at.to_rfc3339());
        checks.ensure(ahead, "expiresAt", What::OutOfRange { range });
        checks.finish()?;
        self.grant().check().map_err(|problem| vec![problem])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_reads_back_and_hashes_the_same() {
        let secret = Secret::from_random([0xab; 20]);
        let read: Secret = secret.reveal().parse().expect("its own form");
        assert_eq!(read.hash(), secret.hash());
        assert_eq!(secret.hash().as_str().len(), 64);
        assert_ne!(Secret::from_random([0; 20]).hash(), secret.hash());
    }

    #[test]
    fn a_secret_never_shows_in_debug_output() {
        assert_eq!(format!("{:?}", Secret::from_random([1; 20])), "Secret(…)");
    }

    #[test]
    fn other_texts_are_no_tokens() {
        for text in ["", "alm_", "ghp_0000000000000000000000000000000000000000", "alm_XYZ"] {
            assert!(text.parse::<Secret>().is_err(), "{text}");
        }
    }
}
