//! Watches: searches that somebody saved to be told of what happens to what they find.
//!
//! A watch keeps up to which entry of the journal it was told. So what it is told of is cut by that
//! number and not by the calendar: nothing is lost between two letters, and nothing comes twice.

mod berlin;
mod change;
mod life;
mod links;
mod rhythm;

pub use change::WatchChange;
pub use links::{LinkKey, LinkPurpose};
pub use rhythm::{QuietHours, Rhythm};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::account::Account;
use super::check::Checks;
use super::event::{Actor, Event, EventKind, Subject};
use super::key::{MunicipalityId, WatchId, WebhookId};
use super::kinds::{Label, kinds};
use super::mail_address::is_mail_address;
use super::problem::{Problem, What, Words};
use super::rights::Viewer;
use super::token::TokenHash;

/// The longest name, in bytes.
const LONGEST_NAME: usize = 200;
/// The longest address, in bytes.
const LONGEST_ADDRESS: usize = 200;
/// The most bytes of what is searched for and of the filter together. The record has to stay under
/// 4 KiB: the database keeps longer values where an erasure may not reach them.
const LONGEST_SELECTION: usize = 1_500;
kinds! {
    /// How somebody is told.
    ChannelKind {
        Feed = "feed", "Feed", "Feed";
        Mail = "mail", "E-Mail", "Mail";
        Webhook = "webhook", "Webhook", "Webhook";
    }
}

/// By which way somebody is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Channel {
    /// An Atom feed at an address that nobody can guess.
    Feed {
        /// The hash of what cannot be guessed.
        secret: TokenHash,
    },
    /// Letters.
    Mail {
        /// To which address.
        address: String,
        /// When its holder was asked or had enough, or since when there was nothing to ask.
        asked_at: DateTime<Utc>,
        /// When its holder agreed.
        #[serde(default)]
        confirmed_at: Option<DateTime<Utc>>,
    },
    /// Messages to a program.
    Webhook {
        /// Of the same owner. Nothing is told while it is gone or disabled.
        webhook: WebhookId,
    },
}

impl Channel {
    /// What kind of way it is.
    #[must_use]
    pub const fn kind(&self) -> ChannelKind {
        match self {
            Self::Feed { .. } => ChannelKind::Feed,
            Self::Mail { .. } => ChannelKind::Mail,
            Self::Webhook { .. } => ChannelKind::Webhook,
        }
    }

    /// The address, if there is one.
    #[must_use]
    pub fn address(&self) -> Option<&str> {
        match self {
            Self::Mail { address, .. } => Some(address),
            Self::Feed { .. } | Self::Webhook { .. } => None,
        }
    }

    /// Whether whoever is reached by it has agreed.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        match self {
            Self::Feed { .. } | Self::Webhook { .. } => true,
            Self::Mail { confirmed_at, .. } => confirmed_at.is_some(),
        }
    }
}

/// What a watch finds: the arguments of a list of solutions.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Selection {
    /// What must hold, as the API writes it in JSON.
    #[serde(default)]
    pub filter: Option<String>,
    /// Words that must be found.
    #[serde(default)]
    pub search: Option<String>,
    /// The municipality to compare places with.
    #[serde(default)]
    pub like_municipality: Option<MunicipalityId>,
    /// Only places at least so alike, from 0 to 1.
    #[serde(default)]
    pub min_likeness: Option<f64>,
}

/// A solution of which a letter has just told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recent {
    /// Which one.
    pub subject: Subject,
    /// When.
    pub at: DateTime<Utc>,
}

/// A search that somebody saved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Watch {
    /// Its key.
    pub id: WatchId,
    /// How often the record was changed, from 1.
    pub revision: u32,
    /// Whose it is: an account, or an access token that belongs to none.
    pub owner: Actor,
    /// What its owner calls it.
    pub name: String,
    /// What it finds.
    pub selection: Selection,
    /// Of which events it tells.
    pub kinds: Vec<EventKind>,
    /// How.
    pub channel: Channel,
    /// When.
    pub rhythm: Rhythm,
    /// When nothing is sent at once.
    #[serde(default)]
    pub quiet: Option<QuietHours>,
    /// Whether it rests.
    pub paused: bool,
    /// Up to which entry of the journal it was told.
    pub cursor: u64,
    /// Whether it is told at once of the next event; follows from the rest, for the database to find.
    pub follows: bool,
    /// When it is told of what has gathered; follows from the rest.
    #[serde(default)]
    pub due_at: Option<DateTime<Utc>>,
    /// Of what it was told of late.
    pub recent: Vec<Recent>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When its owner last changed it.
    pub updated_at: DateTime<Utc>,
}

/// That a watch tells of nothing.
const NO_KINDS: Words = Words {
    de: "Mindestens eine Art von Ereignissen, die Lösungen betreffen.",
    en: "At least one kind of events, and only of solutions.",
};

impl EventKind {
    /// What a watch tells of unless somebody says otherwise.
    pub const WATCHED: &'static [Self] = &[Self::SolutionPublished];

    /// Whether it befalls a solution, or says what somebody made of one.
    #[must_use]
    pub const fn is_of_solutions(self) -> bool {
        matches!(
            self,
            Self::SolutionCreated
                | Self::SolutionUpdated
                | Self::SolutionPublished
                | Self::SolutionArchived
                | Self::SolutionSubmitted
                | Self::SolutionInReview
                | Self::SolutionChangesRequested
                | Self::SolutionApproved
                | Self::SolutionRejected
                | Self::SolutionWithdrawn
                | Self::SolutionOutdated
                | Self::SolutionConfirmed
                | Self::SolutionValidated
                | Self::SolutionReviewDue
                | Self::SolutionMerged
                | Self::AdoptionDeclared
                | Self::AdoptionConfirmed
                | Self::AdoptionUpdated
                | Self::FeedbackGiven
        )
    }

    /// Whether its solution is in no list any more afterwards.
    #[must_use]
    pub const fn ends_solution(self) -> bool {
        matches!(self, Self::SolutionArchived | Self::SolutionMerged)
    }
}

impl Watch {
    /// So many watches may belong to one owner.
    pub const MOST: usize = 50;

    /// Whether it tells its owner of an event, if its solution is found: of this kind, after what it
    /// was told of already, and not of what the owner did.
    #[must_use]
    pub fn wants(&self, event: &Event, viewer: &Viewer) -> bool {
        event.seq > self.cursor
            && self.kinds.contains(&event.kind)
            && event.actor != self.owner
            && event.visible_to(viewer)
    }

    /// Whether it tells of anything.
    #[must_use]
    pub fn is_live(&self) -> bool {
        !self.paused && self.channel.is_open()
    }

    /// Checks a watch before it is stored.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<Problem>> {
        let mut checks = Checks::default();
        checks.name("name", &self.name, LONGEST_NAME);
        checks.bytes("name", &self.name, LONGEST_NAME);
        let Selection { filter, search, .. } = &self.selection;
        let texts = [("filter", filter), ("search", search)];
        let length = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        for (field, text) in texts {
            checks.line(field, text.as_deref().unwrap_or_default(), LONGEST_SELECTION);
            let most =
                LONGEST_SELECTION.saturating_sub(length(filter) + length(search) - length(text));
            checks.bytes(field, text.as_deref().unwrap_or_default(), most);
        }
        let sound = !self.kinds.is_empty() && self.kinds.iter().all(|kind| kind.is_of_solutions());
        checks.ensure(sound, "kinds", What::Rule(NO_KINDS));
        let most = EventKind::ALL.iter().filter(|kind| kind.is_of_solutions()).count();
        checks.count("kinds", self.kinds.len(), most);
        if let Channel::Mail { address, .. } = &self.channel {
            checks.name("address", address, LONGEST_ADDRESS);
            checks.ensure(
                is_mail_address(address),
                "address",
                What::Invalid { expected: "name@host.de" },
            );
            checks.bytes("address", address, LONGEST_ADDRESS);
        }
        if let Some(quiet) = &self.quiet {
            let expected = "0 ≤ starts, ends ≤ 23, starts ≠ ends";
            checks.ensure(quiet.is_sound(), "quietHours", What::Invalid { expected });
        }
        checks.finish()
    }

    /// Whether an address is one whose holder need not be asked: that of the account itself.
    #[must_use]
    pub fn is_own_address(account: Option<&Account>, address: &str) -> bool {
        let own = account.and_then(|account| account.email.as_deref());
        own == Some(Account::address(address).as_str())
    }
}

#[cfg(test)]
mod tests;
