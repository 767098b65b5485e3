//! Who somebody is at an identity provider, and a sign-in there that has begun.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::token::{Secret, TokenHash};
use super::web::ReturnPath;

/// How long somebody may take to sign in elsewhere.
const LONGEST_SIGN_IN: TimeDelta = TimeDelta::minutes(10);

/// Who somebody is at an identity provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The provider, by its address.
    pub issuer: String,
    /// What it knows somebody by; never given to anybody else.
    pub subject: String,
}

impl Identity {
    /// The longest [`Self::text`], in bytes. OpenID Connect gives the subject 255 of them.
    pub const LONGEST: usize = 400;

    /// The two in one: an address holds no space.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{} {}", self.issuer, self.subject)
    }
}

/// What is left of the account of somebody who must not come back by signing in elsewhere: a hash,
/// from which nobody is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasedIdentity {
    /// The hash of who it was.
    pub id: TokenHash,
}

impl ErasedIdentity {
    /// What is left of an identity in the form of [`Identity::text`].
    #[must_use]
    pub fn of(identity: &str) -> Self {
        Self { id: TokenHash::of(identity) }
    }
}

/// A sign-in elsewhere that has begun. All that must be unguessable about it follows from a secret
/// that only the browser keeps, so nothing that is stored helps to finish it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingSignIn {
    /// The hash of the browser's secret.
    pub id: TokenHash,
    /// Where the browser goes afterwards.
    pub return_path: String,
    /// Until when it may be finished.
    pub expires_at: DateTime<Utc>,
}

impl PendingSignIn {
    /// How long a browser keeps the secret, in seconds.
    pub const SECONDS: i64 = LONGEST_SIGN_IN.num_seconds();

    /// A sign-in that begins now.
    #[must_use]
    pub fn begin(secret: &Secret, to: &ReturnPath, now: DateTime<Utc>) -> Self {
        let return_path = to.as_str().to_owned();
        Self { id: secret.hash(), return_path, expires_at: now + LONGEST_SIGN_IN }
    }

    /// Whether it may still be finished.
    #[must_use]
    pub fn holds(&self, now: DateTime<Utc>) -> bool {
        now < self.expires_at
    }
}

/// What goes with a sign-in: each part follows from the browser's secret, and none from another.
pub struct SignInKeys {
    /// Comes back with the browser: only who began can finish.
    pub state: String,
    /// Comes back in the ID token: it was made for this sign-in.
    pub nonce: String,
    /// Proves to the provider that who fetches the token is who began (PKCE).
    pub verifier: String,
}

impl SignInKeys {
    /// The parts that go with a secret.
    #[must_use]
    pub fn of(secret: &Secret) -> Self {
        let part = |name: &str| digits(&format!("{name} {}", secret.reveal()));
        Self { state: part("state"), nonce: part("nonce"), verifier: part("verifier") }
    }

    /// Whether a state is the one of this sign-in. What is compared are hashes, whose common
    /// beginning tells nobody anything.
    #[must_use]
    pub fn fits(&self, state: &str) -> bool {
        digits(&self.state) == digits(state)
    }
}

fn digits(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_sign_in_belong_together_and_tell_nothing_of_each_other() {
        let keys = SignInKeys::of(&Secret::from_random([1; 20]));
        let other = SignInKeys::of(&Secret::from_random([2; 20]));
        assert!(keys.fits(&keys.state) && !keys.fits(&other.state) && !keys.fits(""));
        assert!(keys.state != keys.nonce && keys.nonce != keys.verifier);
        // PKCE asks for 43 to 128 characters.
        assert_eq!(keys.verifier.len(), 64);
    }

    #[test]
    fn a_sign_in_must_be_finished_in_time() {
        let secret = Secret::from_random([1; 20]);
        let begun = PendingSignIn::begin(&secret, &ReturnPath::default(), DateTime::UNIX_EPOCH);
        assert!(begun.holds(DateTime::UNIX_EPOCH + TimeDelta::minutes(9)));
        assert!(!begun.holds(DateTime::UNIX_EPOCH + TimeDelta::minutes(10)));
    }
}
