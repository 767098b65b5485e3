//! A message on its way to a webhook, and when it is tried again.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::envelope::Envelope;
use crate::domain::key::{DeliveryId, EventId, WebhookId};
use crate::domain::kinds::kinds;

/// How long a message rests after the first failure, the second, and so on, in seconds: tries spread
/// over three days, as Standard Webhooks advises. After the last one it is given up.
const PAUSES: [i64; 9] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
/// By which part of itself a pause is longer at most, so that not all come back at once.
const SPREAD: i64 = 5;
/// The longest that a receiver can put a message off.
const LONGEST_WAIT: TimeDelta = TimeDelta::hours(24);
/// How many attempts are remembered: all of a series.
const REMEMBERED: usize = PAUSES.len() + 1;

kinds! {
    /// Where a message to a webhook stands.
    DeliveryState {
        Pending = "pending", "Unterwegs", "On its way";
        Delivered = "delivered", "Zugestellt", "Delivered";
        Failed = "failed", "Aufgegeben", "Given up";
    }
}

kinds! {
    /// Why a message did not arrive.
    DeliveryTrouble {
        PrivateAddress = "private_address", "Adresse liegt nicht im öffentlichen Netz", "Address is not on the public network";
        UnknownHost = "unknown_host", "Server unbekannt", "Unknown host";
        Timeout = "timeout", "Antwort kam nicht rechtzeitig", "Answer took too long";
        NoConnection = "no_connection", "Keine Verbindung, oder sie brach ab", "No connection, or it broke";
        Certificate = "certificate", "TLS kam nicht zustande: Zertifikat prüfen", "TLS failed: check the certificate";
        Redirected = "redirected", "Weiterleitung: Ihr wird nicht gefolgt", "Redirect: none is followed";
        Refused = "refused", "Antwort ohne Erfolg", "Answer without success";
        Gone = "gone", "Der Empfänger nimmt nichts mehr an (410)", "The receiver takes nothing any more (410)";
        Disabled = "disabled", "Der Webhook wurde abgeschaltet", "The webhook was disabled";
    }
}

/// What came of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status, if there was an answer.
    pub status: Option<u16>,
    /// What went wrong.
    pub trouble: Option<DeliveryTrouble>,
    /// When the receiver wants to be asked again, as it wrote it.
    pub retry_after: Option<String>,
}

impl Reply {
    /// An answer with this status.
    #[must_use]
    pub const fn answered(status: u16, retry_after: Option<String>) -> Self {
        let trouble = match status {
            200..=299 => None,
            300..=399 => Some(DeliveryTrouble::Redirected),
            410 => Some(DeliveryTrouble::Gone),
            _ => Some(DeliveryTrouble::Refused),
        };
        Self { status: Some(status), trouble, retry_after }
    }

    /// No answer.
    #[must_use]
    pub const fn silent(trouble: DeliveryTrouble) -> Self {
        Self { status: None, trouble: Some(trouble), retry_after: None }
    }

    /// Whether the message arrived.
    #[must_use]
    pub const fn is_success(&self) -> bool {
        self.trouble.is_none()
    }

    /// Whether the receiver wants nothing any more.
    #[must_use]
    pub fn says_gone(&self) -> bool {
        self.trouble == Some(DeliveryTrouble::Gone)
    }

    /// How long the receiver wants to be left alone: `Retry-After` in seconds or as a date.
    fn wish(&self, now: DateTime<Utc>) -> TimeDelta {
        let Some(text) = self.retry_after.as_deref().map(str::trim) else {
            return TimeDelta::zero();
        };
        let seconds = text.bytes().all(|it| it.is_ascii_digit()).then(|| text.parse::<u32>());
        let wish = match seconds {
            Some(Ok(seconds)) => TimeDelta::seconds(i64::from(seconds)),
            // More digits than any number of seconds has.
            Some(Err(_)) if !text.is_empty() => LONGEST_WAIT,
            _ => DateTime::parse_from_rfc2822(text)
                .map_or(TimeDelta::zero(), |at| at.with_timezone(&Utc) - now),
        };
        wish.clamp(TimeDelta::zero(), LONGEST_WAIT)
    }
}

/// One attempt to deliver a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// When it began.
    pub at: DateTime<Utc>,
    /// How long it took.
    pub milliseconds: u32,
    /// The HTTP status, if there was an answer.
    #[serde(default)]
    pub status: Option<u16>,
    /// What went wrong.
    #[serde(default)]
    pub trouble: Option<DeliveryTrouble>,
}

/// A message to a webhook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// Its key. The receiver knows the message by it, however often it comes.
    pub id: DeliveryId,
    /// How often the record was changed, from 1.
    pub revision: u32,
    /// Where it goes.
    pub webhook: WebhookId,
    /// The entry of the journal that it tells of.
    #[serde(default)]
    pub event: Option<EventId>,
    /// What it tells, as the envelope names it.
    pub kind: String,
    /// What is sent: the same text at each attempt.
    pub body: String,
    /// Where it stands.
    pub state: DeliveryState,
    /// How often it was tried since it was made, or sent again by its owner.
    pub tries: u32,
    /// The last attempts, the oldest first.
    pub attempts: Vec<Attempt>,
    /// When it is tried next, while it is on its way.
    #[serde(default)]
    pub next_attempt: Option<DateTime<Utc>>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it arrived or was given up.
    #[serde(default)]
    pub ended_at: Option<DateTime<Utc>>,
}

impl Delivery {
    /// A message that is to be sent at once.
    #[must_use]
    pub fn new(
        id: DeliveryId,
        webhook: WebhookId,
        event: Option<EventId>,
        envelope: &Envelope,
        now: DateTime<Utc>,
    ) -> Self {
        let body = envelope.body(&id);
        Self {
            id,
            revision: 1,
            webhook,
            event,
            kind: envelope.kind.clone(),
            body,
            state: DeliveryState::Pending,
            tries: 0,
            attempts: Vec::new(),
            next_attempt: Some(now),
            created_at: now,
            ended_at: None,
        }
    }

    /// After an attempt that began at a moment and has ended now. `chance` is a random number.
    #[must_use]
    pub fn tried(
        mut self,
        reply: &Reply,
        began: DateTime<Utc>,
        now: DateTime<Utc>,
        chance: u8,
    ) -> Self {
        let milliseconds = u32::try_from((now - began).num_milliseconds()).unwrap_or_default();
        let Reply { status, trouble, .. } = *reply;
        self.attempts.push(Attempt { at: began, milliseconds, status, trouble });
        let surplus = self.attempts.len().saturating_sub(REMEMBERED);
        self.attempts.drain(..surplus);
        let pause = usize::try_from(self.tries).ok().and_then(|tries| PAUSES.get(tries));
        self.tries = self.tries.saturating_add(1);
        match pause {
            _ if reply.is_success() => self.ended(DeliveryState::Delivered, now),
            Some(seconds) if !reply.says_gone() => {
                let pause = TimeDelta::milliseconds(
                    seconds * 1_000 + seconds * 1_000 * i64::from(chance) / (SPREAD * 256),
                );
                self.next_attempt = Some(now + pause.max(reply.wish(now)));
                self.revision += 1;
                self
            }
            _ => self.ended(DeliveryState::Failed, now),
        }
    }

    /// To be sent again, as if it had not been tried. Its key and its text stay.
    #[must_use]
    pub const fn replayed(mut self, now: DateTime<Utc>) -> Self {
        self.revision += 1;
        self.state = DeliveryState::Pending;
        self.tries = 0;
        self.next_attempt = Some(now);
        self.ended_at = None;
        self
    }

    const fn ended(mut self, state: DeliveryState, now: DateTime<Utc>) -> Self {
        self.revision += 1;
        self.state = state;
        self.next_attempt = None;
        self.ended_at = Some(now);
        self
    }

    /// Messages that ended before these moments are forgotten: those that arrived, and those that
    /// were given up.
    #[must_use]
    pub fn forgotten_before(now: DateTime<Utc>) -> (DateTime<Utc>, DateTime<Utc>) {
        (now - TimeDelta::days(7), now - TimeDelta::days(30))
    }
}
