//! What becomes of a watch: told, held back, resting, resumed, agreed to.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Channel, ChannelKind, Recent, Rhythm, Watch};
use crate::domain::event::Subject;
use crate::domain::key::SolutionId;

/// Of one solution no more than one letter comes within this time; what happens to it meanwhile
/// comes together.
const REST: TimeDelta = TimeDelta::hours(1);
/// So many solutions are remembered of which a letter has just told. If it were more within that time,
/// the whole watch rests: the record has to stay short, and nobody wants a letter every minute.
pub(super) const MOST_RECENT: usize = 8;
/// How long an address may be confirmed.
const TO_CONFIRM: TimeDelta = TimeDelta::days(7);

impl Watch {
    /// The same with all that follows from the rest: when it is told next, if nothing waits for it.
    #[must_use]
    pub fn settled(mut self, now: DateTime<Utc>) -> Self {
        let is_sent = self.is_live() && self.channel.kind() != ChannelKind::Feed;
        self.follows = is_sent && self.rhythm == Rhythm::AtOnce;
        self.due_at = match self.rhythm.next(now) {
            next @ Some(_) if is_sent => next,
            _ => None,
        };
        self
    }

    /// The same after its owner has changed it, with nothing lost of what waits for it: who is told at
    /// once from now on is told of that soon. `followed` is the entry up to which all was told at once
    /// that was to be.
    #[must_use]
    pub fn carried_on(mut self, before: &Self, followed: u64, now: DateTime<Utc>) -> Self {
        if before.follows {
            self.cursor = self.cursor.max(followed);
        }
        let settled = self.settled(now);
        match before.due_at {
            Some(due) if settled.follows => {
                let due = if before.rhythm == Rhythm::AtOnce { due } else { now };
                Self { follows: false, due_at: Some(due), ..settled }
            }
            _ => settled,
        }
    }

    /// Until when an event has to wait that a watch would be told of at once.
    #[must_use]
    pub fn waits_until(
        &self,
        solutions: &[&SolutionId],
        now: DateTime<Utc>,
    ) -> Option<DateTime<Utc>> {
        let told = |recent: &&Recent| {
            let tells = |id: &&SolutionId| recent.subject.0 == (*id).clone().into();
            solutions.iter().any(tells)
        };
        let rested = self.recent.iter().filter(told).map(|recent| recent.at + REST);
        let rested = rested.filter(|end| *end > now).max();
        let begins = rested.unwrap_or(now);
        let quiet = self.quiet.and_then(|quiet| quiet.end_after(begins));
        quiet.or(rested)
    }

    /// The same, held back until a moment: it is told then of all that has gathered behind an entry up
    /// to which it was told of everything.
    #[must_use]
    pub fn held_back(mut self, behind: u64, until: DateTime<Utc>) -> Self {
        self.revision += 1;
        self.cursor = self.cursor.max(behind);
        self.follows = false;
        self.due_at = Some(until);
        self
    }

    /// The same, told of some solutions, and of all that it had to be told of up to an entry.
    #[must_use]
    pub fn told(mut self, solutions: &[&SolutionId], until: u64, now: DateTime<Utc>) -> Self {
        self.revision += 1;
        self.cursor = self.cursor.max(until);
        self.recent.retain(|recent| recent.at + REST > now);
        let told = |id: &&SolutionId| Recent { subject: Subject((*id).clone().into()), at: now };
        // Programs are not disturbed by what comes often.
        if self.rhythm == Rhythm::AtOnce && self.channel.kind() == ChannelKind::Mail {
            self.recent.extend(solutions.iter().map(told));
        }
        let surplus = self.recent.len().saturating_sub(MOST_RECENT);
        self.recent.drain(..surplus);
        let settled = self.settled(now);
        if surplus == 0 || !settled.follows {
            return settled;
        }
        let rested = now + REST;
        let quiet = settled.quiet.and_then(|quiet| quiet.end_after(rested));
        Self { follows: false, due_at: Some(quiet.unwrap_or(rested)), ..settled }
    }

    /// The same at rest. What happens meanwhile is not told of later.
    #[must_use]
    pub fn paused(mut self, now: DateTime<Utc>) -> Self {
        self.revision += 1;
        self.paused = true;
        self.settled(now)
    }

    /// The same, told again of what happens from an entry on.
    #[must_use]
    pub fn resumed(mut self, newest: u64, now: DateTime<Utc>) -> Self {
        self.revision += 1;
        self.paused = false;
        self.cursor = self.cursor.max(newest);
        self.settled(now)
    }

    /// The same, with the word of who holds the address; nothing if that comes too late, or nobody
    /// was asked. What has happened since the question is told then.
    #[must_use]
    pub fn confirmed(mut self, now: DateTime<Utc>) -> Option<Self> {
        let Channel::Mail { asked_at, confirmed_at, .. } = &mut self.channel else { return None };
        if confirmed_at.is_some() {
            return Some(self);
        }
        if now > *asked_at + TO_CONFIRM {
            return None;
        }
        *confirmed_at = Some(now);
        self.revision += 1;
        let settled = self.settled(now);
        match settled.follows {
            true => Some(Self { follows: false, due_at: Some(now), ..settled }),
            false => Some(settled),
        }
    }

    /// The same after its reader has had enough: it rests, and whoever wants to write there again has
    /// to ask first.
    #[must_use]
    pub fn unsubscribed(mut self, now: DateTime<Utc>) -> Self {
        if let Channel::Mail { asked_at, confirmed_at, .. } = &mut self.channel {
            (*asked_at, *confirmed_at) = (now, None);
        }
        self.paused(now)
    }

    /// Letters that nobody agreed to by then go nowhere any more, and neither should their address
    /// stay: the moment before which somebody must have been asked for that.
    #[must_use]
    pub fn unanswered_before(now: DateTime<Utc>) -> DateTime<Utc> {
        now - TO_CONFIRM - TimeDelta::days(1)
    }
}
