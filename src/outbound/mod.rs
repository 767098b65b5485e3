//! What the hub asks of others on the network: identity providers.
//!
//! Whom it asks, the operator says. What comes back is a stranger's: short, in time, from nowhere else.

mod claims;
mod provider;
mod web;

pub use claims::Claimed;
pub use provider::{Provider, ProviderError, ProviderSettings};
pub use web::{Web, WebError};

/// Chooses what TLS computes with. Several parts of the program bring TLS along and each could choose;
/// without a choice the first connection would panic.
pub fn choose_cryptography() {
    // Whoever came first has chosen; either choice is sound.
    let _chosen_before = rustls::crypto::ring::default_provider().install_default().is_err();
}
