//! Requests of the hub to others.
//!
//! What anybody may have entered is asked only at public addresses ([`Client`]); what the operator
//! named may lie in the own network ([`Web`]). What comes back is a stranger's: short, in time, from
//! nowhere else.

mod address;
mod claims;
mod client;
mod probe;
mod provider;
mod web;

pub use address::is_public;
pub use claims::Claimed;
pub use client::{Client, ClientError, ClientSettings, Failure};
pub use probe::Prober;
pub use provider::{Provider, ProviderError, ProviderSettings};
pub use web::{Web, WebError};

/// Chooses what TLS computes with. Several parts of the program bring TLS along and each could choose;
/// without a choice the first connection would panic.
pub fn choose_cryptography() {
    // Whoever came first has chosen; either choice is sound.
    let _chosen_before = rustls::crypto::ring::default_provider().install_default().is_err();
}
