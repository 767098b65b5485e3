//! Webhooks: addresses of others that are told what happened.

mod delivery;
mod envelope;
mod record;
mod signing;

pub use delivery::{Attempt, Delivery, DeliveryState, DeliveryTrouble, Reply};
pub use envelope::{Envelope, PING};
pub use record::{Disabling, DisablingReason, RetiredSecret, Webhook, WebhookState};
pub use signing::SigningSecret;

#[cfg(test)]
mod tests;
