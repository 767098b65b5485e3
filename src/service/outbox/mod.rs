//! Messages: taken into the database first, then delivered by whoever comes first.

mod delivery;
mod inquiry;

pub(crate) use inquiry::Request;

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::Notify;

use super::limiter::Limiter;
use crate::domain::PublicUrl;
use crate::mail::Mailer;

/// So many messages may come from one account or token …
const MOST_FROM_ONE: u32 = 10;
/// … and so many may go to one contact …
const MOST_TO_ONE: u32 = 20;
/// … within this time.
const WITHIN: TimeDelta = TimeDelta::hours(1);
/// So many addresses may be asked for one account or token …
const MOST_ASKED_BY_ONE: u32 = 5;
/// … and so often one address …
const MOST_ASKED: u32 = 3;
/// … within this time, whether they want letters.
const ASKED_WITHIN: TimeDelta = TimeDelta::days(1);

/// The mail room. Cheap to clone.
#[derive(Clone)]
pub struct Outbox {
    mailer: Option<Mailer>,
    public_url: Option<PublicUrl>,
    wake: Arc<Notify>,
    from_one: Limiter,
    to_one: Limiter,
    asked_by_one: Limiter,
    asked: Limiter,
}

impl Outbox {
    /// A mail room; without a mailer it takes nothing.
    #[must_use]
    pub fn new(mailer: Option<Mailer>, public_url: Option<PublicUrl>) -> Self {
        let (from_one, to_one) =
            (Limiter::new(MOST_FROM_ONE, WITHIN), Limiter::new(MOST_TO_ONE, WITHIN));
        let asked_by_one = Limiter::new(MOST_ASKED_BY_ONE, ASKED_WITHIN);
        let asked = Limiter::new(MOST_ASKED, ASKED_WITHIN);
        let wake = Arc::default();
        Self { mailer, public_url, wake, from_one, to_one, asked_by_one, asked }
    }

    /// Has what is due delivered now, and not only when somebody looks.
    pub(super) fn wake(&self) {
        self.wake.notify_one();
    }

    /// Whether an address may be asked for somebody whether it wants letters; how long to wait if it
    /// was asked too often.
    pub(super) fn may_ask(
        &self,
        who: &str,
        address: &str,
        now: DateTime<Utc>,
    ) -> Result<(), TimeDelta> {
        self.asked_by_one.take(who, now)?;
        self.asked.take(address, now)
    }

    /// Whether mail can be sent.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.mailer.is_some()
    }
}
