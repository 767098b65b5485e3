//! Requests of the hub to others: with limits, and to public addresses only.

mod address;
mod client;
mod probe;

pub use address::is_public;
pub use client::{Client, ClientError, ClientSettings, Failure};
pub use probe::Prober;
