//! How a receiver knows that a message comes from the hub: signatures after Standard Webhooks.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

/// What stands in front of every secret of a webhook, as its specification has it.
const PREFIX: &str = "whsec_";

/// The secret that a webhook's messages are signed with. The hub signs with it, so it has to be kept
/// as it is, and not as a hash.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SigningSecret(String);

impl SigningSecret {
    /// A secret of 40 random bytes.
    #[must_use]
    pub fn from_random(first: [u8; 20], second: [u8; 20]) -> Self {
        Self(format!("{PREFIX}{}", STANDARD.encode([first, second].concat())))
    }

    /// The text that is handed to the receiver, once.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The signature of a message, as it stands in the header.
    #[must_use]
    pub fn sign(&self, id: &str, at: DateTime<Utc>, body: &str) -> String {
        let key = STANDARD.decode(self.0.trim_start_matches(PREFIX)).unwrap_or_default();
        // Keys of every length are taken: there is no error.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&key) else { return String::new() };
        mac.update(format!("{id}.{}.{body}", at.timestamp()).as_bytes());
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }
}

impl fmt::Debug for SigningSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningSecret(…)")
    }
}
