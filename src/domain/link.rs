//! Links to the web, and what they led to when they were last followed.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::event::EventKind;
use super::kinds::kinds;
use super::solution::Solution;

kinds! {
    /// What a link led to.
    LinkStatus {
        Works = "works", "funktioniert", "Works";
        Moved = "moved", "dauerhaft umgezogen", "Moved for good";
        Broken = "broken", "führt ins Leere", "Broken";
        Unreachable = "unreachable", "zurzeit nicht erreichbar", "Not reachable at the moment";
        Refused = "refused", "nicht prüfbar", "Cannot be checked";
    }
}

kinds! {
    /// What was wrong with a link.
    LinkTrouble {
        Gone = "gone", "Die Seite gibt es nicht mehr", "The page is gone";
        UnknownHost = "unknown_host", "Den Rechner gibt es nicht", "There is no such host";
        NoAddress = "no_address", "Das ist keine Adresse", "That is no address";
        Circle = "circle", "Weiterleitungen im Kreis", "Redirects go in a circle";
        TooFar = "too_far", "Zu viele Weiterleitungen", "Too many redirects";
        ServerError = "server_error", "Der Server meldet einen Fehler", "The server reports an error";
        Timeout = "timeout", "Der Server antwortet nicht rechtzeitig", "The server does not answer in time";
        NoConnection = "no_connection", "Keine Verbindung zum Server", "No connection to the server";
        NotLetIn = "not_let_in", "Der Server lässt Programme nicht zu", "The server lets no programs in";
        PrivateAddress = "private_address", "Die Adresse liegt nicht im öffentlichen Netz", "The address is not on the public network";
    }
}

/// What was seen when a link was followed once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What it came to.
    pub status: LinkStatus,
    /// The HTTP status of the last answer, if there was one.
    pub answer: Option<u16>,
    /// What was wrong.
    pub trouble: Option<LinkTrouble>,
    /// Where it lies now, if it has moved for good.
    pub moved_to: Option<String>,
}

impl Finding {
    /// Something that is wrong without an answer.
    #[must_use]
    pub const fn without_answer(trouble: LinkTrouble) -> Self {
        let status = match trouble {
            LinkTrouble::ServerError | LinkTrouble::Timeout | LinkTrouble::NoConnection => {
                LinkStatus::Unreachable
            }
            LinkTrouble::NotLetIn | LinkTrouble::PrivateAddress => LinkStatus::Refused,
            LinkTrouble::Gone
            | LinkTrouble::UnknownHost
            | LinkTrouble::NoAddress
            | LinkTrouble::Circle
            | LinkTrouble::TooFar => LinkStatus::Broken,
        };
        Self { status, answer: None, trouble: Some(trouble), moved_to: None }
    }

    /// What the last answer says; `moved_to` is where permanent redirects led to.
    #[must_use]
    pub fn of_answer(answer: u16, moved_to: Option<String>) -> Self {
        let trouble = match answer {
            404 | 410 => Some(LinkTrouble::Gone),
            // Whoever is asked too often lets nobody in, for now.
            400..=499 => Some(LinkTrouble::NotLetIn),
            500.. => Some(LinkTrouble::ServerError),
            _ => None,
        };
        match trouble {
            Some(trouble) => Self { answer: Some(answer), ..Self::without_answer(trouble) },
            None => {
                let status = if moved_to.is_some() { LinkStatus::Moved } else { LinkStatus::Works };
                Self { status, answer: Some(answer), trouble: None, moved_to }
            }
        }
    }
}

/// The key of a link: the hash of its address, in hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LinkId(String);

impl LinkId {
    /// The key of an address.
    #[must_use]
    pub fn of(url: &str) -> Self {
        Self(Sha256::digest(url).iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// The key without its kind.
    #[must_use]
    pub fn key(&self) -> String {
        self.0.clone()
    }
}

/// What is known of a link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkCheck {
    /// Its key.
    pub id: LinkId,
    /// The address.
    pub url: String,
    /// What it led to.
    pub status: LinkStatus,
    /// When it was last followed.
    pub checked_at: DateTime<Utc>,
    /// The HTTP status of the last answer, if there was one.
    pub answer: Option<u16>,
    /// What was wrong.
    pub trouble: Option<LinkTrouble>,
    /// Where it lies now, if it has moved for good.
    pub moved_to: Option<String>,
    /// Since when it has not worked.
    pub failing_since: Option<DateTime<Utc>>,
}

impl LinkCheck {
    /// What is known of a link after it was followed. A server that is away or fails may be back
    /// tomorrow: its links are broken once they fail on two different days.
    #[must_use]
    pub fn seen(url: &str, finding: Finding, before: Option<&Self>, now: DateTime<Utc>) -> Self {
        let failing_since = before.and_then(|before| before.failing_since);
        let since = failing_since.unwrap_or(now);
        let was_broken = before.is_some_and(Self::is_broken);
        let (status, failing_since) = match finding.status {
            LinkStatus::Unreachable if was_broken || since.date_naive() < now.date_naive() => {
                (LinkStatus::Broken, Some(since))
            }
            status @ (LinkStatus::Unreachable | LinkStatus::Broken) => (status, Some(since)),
            status => (status, None),
        };
        Self {
            id: LinkId::of(url),
            url: url.to_owned(),
            status,
            checked_at: now,
            answer: finding.answer,
            trouble: finding.trouble,
            moved_to: finding.moved_to,
            failing_since,
        }
    }

    /// Whether it leads nowhere.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        self.status == LinkStatus::Broken
    }

    /// Since when it leads nowhere.
    #[must_use]
    pub fn broken_since(&self) -> Option<DateTime<Utc>> {
        self.failing_since.filter(|_| self.is_broken())
    }

    /// What there is to tell, compared with what was known before.
    #[must_use]
    pub fn news(&self, before: Option<&Self>) -> Option<EventKind> {
        match (before.is_some_and(Self::is_broken), self.is_broken()) {
            (false, true) => Some(EventKind::LinkBroken),
            (true, false) => Some(EventKind::LinkRestored),
            _ => None,
        }
    }
}

impl Solution {
    /// The links in its text; documents have theirs themselves.
    pub fn links(&self) -> impl Iterator<Item = &str> {
        let funding = self.funding.iter().filter_map(|it| it.url.as_deref());
        let tools = self.digital_tools.iter().filter_map(|it| it.url.as_deref());
        let sources = self.sources.iter().filter_map(|it| it.url.as_deref());
        let images = self.images.iter().map(|it| it.url.as_str());
        funding.chain(tools).chain(sources).chain(images)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: u32) -> DateTime<Utc> {
        format!("2026-03-{day:02}T10:00:00Z").parse().expect("a moment")
    }

    fn seen(finding: Finding, before: Option<&LinkCheck>, day: u32) -> LinkCheck {
        LinkCheck::seen("https://musterdorf.example.org/", finding, before, at(day))
    }

    #[test]
    fn a_page_that_is_gone_is_broken_at_once_and_works_again_at_once() {
        let broken = seen(Finding::of_answer(404, None), None, 1);
        assert_eq!((broken.status, broken.broken_since()), (LinkStatus::Broken, Some(at(1))));
        assert_eq!(broken.news(None), Some(EventKind::LinkBroken));
        let still = seen(Finding::of_answer(410, None), Some(&broken), 2);
        assert_eq!((still.broken_since(), still.news(Some(&broken))), (Some(at(1)), None));
        let works = seen(Finding::of_answer(200, None), Some(&still), 3);
        assert_eq!((works.status, works.failing_since), (LinkStatus::Works, None));
        assert_eq!(works.news(Some(&still)), Some(EventKind::LinkRestored));
        assert_eq!(works.news(None), None, "nobody need hear of what always worked");
    }

    #[test]
    fn a_server_that_is_away_gets_another_day() {
        let away = || Finding::without_answer(LinkTrouble::Timeout);
        let first = seen(away(), None, 1);
        assert_eq!((first.status, first.news(None)), (LinkStatus::Unreachable, None));
        let same_day = seen(away(), Some(&first), 1);
        assert_eq!(same_day.status, LinkStatus::Unreachable);
        let next_day = seen(Finding::of_answer(503, None), Some(&same_day), 2);
        assert_eq!((next_day.status, next_day.broken_since()), (LinkStatus::Broken, Some(at(1))));
        assert_eq!(next_day.news(Some(&same_day)), Some(EventKind::LinkBroken));
        // A clock that goes back does not mend it.
        assert_eq!(seen(away(), Some(&next_day), 1).status, LinkStatus::Broken);
        let back = seen(Finding::of_answer(200, None), Some(&first), 2);
        assert_eq!(seen(away(), Some(&back), 3).status, LinkStatus::Unreachable);
    }

    #[test]
    fn answers_mean_what_they_say() {
        let of = |answer| Finding::of_answer(answer, None).status;
        assert_eq!([200, 206].map(of), [LinkStatus::Works; 2]);
        assert_eq!([404, 410].map(of), [LinkStatus::Broken; 2]);
        assert_eq!([401, 403, 429].map(of), [LinkStatus::Refused; 3]);
        assert_eq!([500, 503].map(of), [LinkStatus::Unreachable; 2]);
        let there = Some("https://neu.example.org/".to_owned());
        assert_eq!(Finding::of_answer(200, there.clone()).status, LinkStatus::Moved);
        assert_eq!(Finding::of_answer(404, there).status, LinkStatus::Broken);
    }
}
