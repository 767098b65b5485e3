//! Links in letters that need no sign-in: each proves by itself that the hub has written it.

use hmac::{Hmac, Mac};
use sha2::Sha256;

use super::{Channel, Watch};

/// How long a key is, in bytes: what the algorithm takes in at once.
const BLOCK: usize = 64;

/// What a link is for: one for one thing is of no use for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkPurpose {
    /// To agree to letters.
    Confirm,
    /// To get no more of them.
    Unsubscribe,
}

impl LinkPurpose {
    /// Its name in addresses.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::Unsubscribe => "unsubscribe",
        }
    }

    /// What is called so in addresses.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        [Self::Confirm, Self::Unsubscribe].into_iter().find(|purpose| purpose.name() == name)
    }
}

/// What the hub's links are made with. Whoever has it can make them.
pub struct LinkKey([u8; BLOCK]);

impl LinkKey {
    /// The key that a text stands for, of which the first 64 bytes count.
    #[must_use]
    pub fn new(secret: &str) -> Self {
        let mut key = [0; BLOCK];
        key.iter_mut().zip(secret.bytes()).for_each(|(place, byte)| *place = byte);
        Self(key)
    }

    /// What proves a link about a watch. One to confirm holds for the address that was asked, and for
    /// that time only.
    #[must_use]
    pub fn proof(&self, purpose: LinkPurpose, watch: &Watch) -> String {
        let digest = self.signed(purpose, watch).finalize().into_bytes();
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Whether something proves a link, compared in a time that tells nothing.
    #[must_use]
    pub fn holds(&self, purpose: LinkPurpose, watch: &Watch, proof: &str) -> bool {
        let digit = |text: &str| u8::from_str_radix(text, 16).ok();
        let pairs = (0..proof.len()).step_by(2).map(|start| proof.get(start..start + 2));
        let bytes: Option<Vec<u8>> = pairs.map(|pair| pair.and_then(digit)).collect();
        bytes.is_some_and(|bytes| self.signed(purpose, watch).verify_slice(&bytes).is_ok())
    }

    fn signed(&self, purpose: LinkPurpose, watch: &Watch) -> Hmac<Sha256> {
        let mut signed = Hmac::<Sha256>::new(&self.0.into());
        signed.update(purpose.name().as_bytes());
        signed.update(watch.id.to_string().as_bytes());
        if let (LinkPurpose::Confirm, Channel::Mail { address, asked_at, .. }) =
            (purpose, &watch.channel)
        {
            signed.update(&asked_at.timestamp_millis().to_be_bytes());
            signed.update(address.as_bytes());
        }
        signed
    }
}
