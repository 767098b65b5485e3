//! A webhook: where it leads, whose it is, and whether it works.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use url::Url;

use super::delivery::Reply;
use super::signing::SigningSecret;
use crate::domain::check::{Checks, LONGEST_LINE};
use crate::domain::event::Actor;
use crate::domain::key::WebhookId;
use crate::domain::kinds::kinds;
use crate::domain::problem::{Problem, What};

/// The longest address, in characters, as it is sent.
const LONGEST_URL: usize = 2_048;
/// How long messages are signed with the secret of before, too, after it was changed.
const OVERLAP: TimeDelta = TimeDelta::hours(24);
/// A webhook that has done nothing but fail for so long is disabled.
const LONGEST_FAILURE: TimeDelta = TimeDelta::days(5);

kinds! {
    /// Whether a webhook is sent anything.
    WebhookState {
        Active = "active", "Aktiv", "Active";
        Disabled = "disabled", "Abgeschaltet", "Disabled";
    }
}

kinds! {
    /// Why a webhook is sent nothing.
    DisablingReason {
        ByOwner = "by_owner", "Vom Eigentümer abgeschaltet", "Disabled by its owner";
        Gone = "gone", "Der Empfänger nimmt nichts mehr an (410)", "The receiver takes nothing any more (410)";
        Failing = "failing", "Fünf Tage lang ohne Erfolg", "Without success for five days";
        Overflowing = "overflowing", "Zu viele Nachrichten warten", "Too many messages wait";
        OwnerGone = "owner_gone", "Das Konto oder der Zugangsschlüssel gilt nicht mehr", "The account or access token is not in force any more";
    }
}

/// That a webhook is sent nothing, and since when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disabling {
    /// Why. Whoever is not the owner is the hub itself.
    pub reason: DisablingReason,
    /// Since when.
    pub at: DateTime<Utc>,
}

/// The secret of before, as long as receivers may still know no other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetiredSecret {
    /// The secret.
    pub secret: SigningSecret,
    /// Until when messages are signed with it, too.
    pub until: DateTime<Utc>,
}

/// An address that is told what happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Webhook {
    /// Its key.
    pub id: WebhookId,
    /// How often the record was changed, from 1.
    pub revision: u32,
    /// Whose it is: an account, or an access token that belongs to none.
    pub owner: Actor,
    /// What its owner calls it.
    #[serde(default)]
    pub name: Option<String>,
    /// Where messages go.
    pub url: String,
    /// What they are signed with.
    pub secret: SigningSecret,
    /// What they were signed with before.
    #[serde(default)]
    pub retired: Option<RetiredSecret>,
    /// Why it is sent nothing; absent while it is.
    #[serde(default)]
    pub disabled: Option<Disabling>,
    /// How many messages arrived.
    pub delivered: u32,
    /// How many messages were given up.
    pub failed: u32,
    /// Since when nothing but failures.
    #[serde(default)]
    pub failing_since: Option<DateTime<Utc>>,
    /// When a message arrived last.
    #[serde(default)]
    pub last_delivered_at: Option<DateTime<Utc>>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When its owner changed it last, or the hub disabled it.
    pub updated_at: DateTime<Utc>,
}

impl Webhook {
    /// How many of them one owner may have.
    pub const MOST: usize = 10;

    /// A webhook that nothing was sent to yet.
    #[must_use]
    pub const fn new(
        id: WebhookId,
        owner: Actor,
        url: String,
        secret: SigningSecret,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            id,
            revision: 1,
            owner,
            name: None,
            url,
            secret,
            retired: None,
            disabled: None,
            delivered: 0,
            failed: 0,
            failing_since: None,
            last_delivered_at: None,
            created_at: now,
            updated_at: now,
        }
    }

    /// Checks a webhook before it is stored. Without `open`, messages go through TLS only; where an
    /// address leads to, whoever sends looks at each time.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn check(&self, open: bool) -> Result<(), Vec<Problem>> {
        let mut checks = Checks::default();
        checks.line("name", self.name.as_deref().unwrap_or_default(), LONGEST_LINE);
        checks.name("url", &self.url, LONGEST_URL);
        let expected = if open { "https://… | http://…" } else { "https://…" };
        let url = self.address();
        // What browsers leave out or mend on their way is no address that anybody wrote.
        let sound = url.as_ref().is_some_and(|url| {
            (url.scheme() == "https" || (open && url.scheme() == "http"))
                && url.has_host()
                && url.username().is_empty()
                && url.password().is_none()
                && url.fragment().is_none()
        });
        let plain = !self.url.contains(char::is_whitespace);
        checks.ensure(sound && plain, "url", What::Invalid { expected });
        let given = url.map_or(0, |url| url.as_str().len());
        checks.ensure(given <= LONGEST_URL, "url", What::TooLong { most: LONGEST_URL, given });
        checks.finish()
    }

    /// Where messages go, read.
    #[must_use]
    pub fn address(&self) -> Option<Url> {
        self.url.parse().ok()
    }

    /// The host that messages go to.
    #[must_use]
    pub fn host(&self) -> String {
        let address = self.address();
        address.and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
    }

    /// Whether it is sent anything.
    #[must_use]
    pub const fn state(&self) -> WebhookState {
        match self.disabled {
            None => WebhookState::Active,
            Some(_) => WebhookState::Disabled,
        }
    }

    /// The signatures of a message, with all secrets that are in force, as they stand in the header.
    #[must_use]
    pub fn signatures(&self, id: &str, at: DateTime<Utc>, body: &str) -> String {
        let retired = self.retired.as_ref().filter(|retired| at < retired.until);
        let secrets = [Some(&self.secret), retired.map(|retired| &retired.secret)];
        let signatures = secrets.into_iter().flatten().map(|secret| secret.sign(id, at, body));
        signatures.collect::<Vec<_>>().join(" ")
    }

    /// With another secret. The one of before stays in force for a day beside it.
    #[must_use]
    pub fn rotated(mut self, secret: SigningSecret, now: DateTime<Utc>) -> Self {
        let secret = std::mem::replace(&mut self.secret, secret);
        self.retired = Some(RetiredSecret { secret, until: now + OVERLAP });
        self.updated_at = now;
        self
    }

    /// Without anything being sent to it any more.
    #[must_use]
    pub const fn disabled(mut self, reason: DisablingReason, now: DateTime<Utc>) -> Self {
        self.disabled = Some(Disabling { reason, at: now });
        self.updated_at = now;
        self
    }

    /// With messages sent to it again. What failed before counts no more.
    #[must_use]
    pub const fn enabled(mut self, now: DateTime<Utc>) -> Self {
        self.disabled = None;
        self.failing_since = None;
        self.updated_at = now;
        self
    }

    /// After an attempt to deliver a message. A receiver that says that it is gone, or that has done
    /// nothing but fail for days, is not asked any more.
    #[must_use]
    pub fn after(mut self, reply: &Reply, gave_up: bool, now: DateTime<Utc>) -> Self {
        if reply.is_success() {
            self.delivered = self.delivered.saturating_add(1);
            self.last_delivered_at = Some(now);
            self.failing_since = None;
            return self;
        }
        self.failed = self.failed.saturating_add(u32::from(gave_up));
        let since = *self.failing_since.get_or_insert(now);
        let reason = match () {
            () if self.disabled.is_some() => return self,
            () if reply.says_gone() => DisablingReason::Gone,
            () if now - since >= LONGEST_FAILURE => DisablingReason::Failing,
            () => return self,
        };
        self.disabled(reason, now)
    }
}
