//! Follows the journal for all watches, and writes the letters that are due.
//!
//! Of several nodes one at a time does it, under a lease. Letters are written in the same transaction
//! as the cursor of their watch moves: no crash and no second node can lose a letter or write it twice.

use std::collections::HashSet;
use std::time::Duration;

use chrono::TimeDelta;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::matching::Happening;
use crate::domain::{Channel, Event, Follower, FollowerId, Matter, Message, SolutionId, Watch};
use crate::live::Age;
use crate::service::managed::MOST_REPEATS;
use crate::service::{Error, Services};
use crate::store::{self, Change, Lease};

/// The name of the lease.
const WORK: &str = "watches";
/// How long a node may be silent before another one takes over.
const SPAN: TimeDelta = TimeDelta::seconds(60);
/// How many entries of the journal are taken together.
const BATCH: usize = 500;
/// How many watches are told together.
const TOGETHER: usize = 10;
/// How many watches are looked at together of which something has gathered.
const DUE: usize = 50;
/// How often it is looked what is due if nothing happens.
const PACE: Duration = Duration::from_secs(20);
/// The pause after something that went wrong.
const RECOVERY: Duration = Duration::from_secs(5);
/// So many solutions stand in one letter; of others it says how many there are.
const MOST_IN_LETTER: usize = 50;
/// So many messages to a webhook are written together.
const MOST_MESSAGES: usize = 200;

/// What a watch is to be told of, the oldest first.
struct News<'a> {
    watch: Watch,
    found: Vec<&'a Happening>,
}

impl Services {
    /// Tells all watches of what has happened and of what is due. Gives how many letters were
    /// written; nothing if another node is at it.
    ///
    /// # Errors
    /// What the database or the index says; what was written until then stays written.
    pub async fn dispatch(&self) -> Result<Option<usize>, Error> {
        let owner = self.ids.fresh().to_string();
        let dispatched = self.dispatch_as(&owner, None).await;
        if let Ok(Some((_, lease))) = &dispatched {
            self.store.give_back(lease, self.clock.now()).await?;
        }
        dispatched.map(|done| done.map(|(letters, _)| letters))
    }

    /// Tells all watches of everything, until the end of the program.
    pub async fn keep_dispatching(self, shutdown: CancellationToken) {
        let owner = self.ids.fresh().to_string();
        let mut held = None;
        while !shutdown.is_cancelled() {
            let newest = self.feed.newest();
            // A turn that is broken off is taken again by whoever comes next: what it has written stands.
            let turn = Box::pin(self.dispatch_as(&owner, held.clone()));
            let Some(turn) = shutdown.run_until_cancelled(turn).await else { break };
            let pause = match turn {
                Ok(Some((letters, lease))) => {
                    if letters > 0 {
                        tracing::info!(letters, "watches were told of what happened");
                    }
                    held = Some(lease);
                    PACE
                }
                Ok(None) => {
                    held = None;
                    tracing::debug!("another node tells watches of what happened");
                    PACE
                }
                Err(error) => {
                    tracing::error!(%error, "watches cannot be told of what happened; trying again");
                    RECOVERY
                }
            };
            let more = self.feed.reached(newest + 1);
            tokio::select! {
                () = shutdown.cancelled() => {}
                () = more, if pause == PACE => {}
                () = sleep(pause) => {}
            }
        }
        if let Some(lease) = held
            && let Err(error) = self.store.give_back(&lease, self.clock.now()).await
        {
            tracing::warn!(%error, "others have to wait until this one's turn has ended by itself");
        }
    }

    /// One turn under a lease that stays one's own afterwards. One that is held already is enough: to
    /// take it anew would be a write for every entry of the journal.
    async fn dispatch_as(
        &self,
        owner: &str,
        held: Option<Lease>,
    ) -> Result<Option<(usize, Lease)>, Error> {
        let now = self.clock.now();
        let held = held.filter(|lease| lease.expires_at() - now >= SPAN / 2);
        let acquired = match held {
            Some(lease) => Some(lease),
            None => self.store.acquire(WORK, owner, now, SPAN).await?,
        };
        let Some(lease) = acquired else { return Ok(None) };
        match self.dispatch_under(&lease).await {
            Ok(0) => Ok(Some((0, lease))),
            Ok(letters) => {
                self.outbox.wake();
                self.courier.wake();
                Ok(Some((letters, lease)))
            }
            Err(Error::Store(store::Error::Overtaken)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn dispatch_under(&self, lease: &Lease) -> Result<usize, Error> {
        let mut lease = lease.clone();
        let mut letters = 0;
        let until = loop {
            let cursor = self.cursor_of_watches(&lease).await?;
            let events = self.store.journal(cursor, BATCH).await?;
            let Some(last) = events.last() else { break cursor };
            // Lists and rights are made of what the directory knows.
            self.feed.reached(last.seq).await;
            let (told, renewed) = self.told_at_once(lease, cursor, events).await?;
            (letters, lease) = (letters + told, renewed);
        };
        loop {
            let due = self.store.due_watches(self.clock.now(), DUE).await?;
            if due.is_empty() {
                return Ok(letters);
            }
            for watch in due {
                letters += usize::from(self.told_of_gathered(&lease, watch, until).await?);
                lease = self.renewed(lease, SPAN).await?;
            }
        }
    }

    /// How far the journal was followed. A hub that begins to follow it begins at its end.
    async fn cursor_of_watches(&self, lease: &Lease) -> Result<u64, Error> {
        if let Some(follower) = self.store.get::<Follower>(&FollowerId::watches()).await? {
            return Ok(follower.cursor);
        }
        let cursor = self.store.refresh_head().await?;
        let follower = Follower { id: FollowerId::watches(), cursor };
        self.store.commit_silently(Change::default().put(&follower)?.under(lease)).await?;
        Ok(cursor)
    }

    /// Tells the watches that are told at once, and moves the cursor behind these entries. It moves when
    /// all of them have been told: who was, wants none of these entries again if that is not reached.
    async fn told_at_once(
        &self,
        mut lease: Lease,
        cursor: u64,
        events: Vec<Event>,
    ) -> Result<(usize, Lease), Error> {
        let last = events.last().map_or(cursor, |event| event.seq);
        let happenings = self.happenings(events).await?;
        let following = match &happenings[..] {
            [] => Vec::new(),
            _ => self.store.following_watches().await?,
        };
        let mut letters = 0;
        let news = self.news(following, &happenings).await?;
        for some in news.chunks(TOGETHER) {
            letters += match self.told(&lease, some, (cursor, last)).await? {
                Some(letters) => letters,
                // Somebody has changed one of these watches meanwhile, or taken it away.
                None => self.told_one_by_one(&lease, some, &happenings, (cursor, last)).await?,
            };
            lease = self.renewed(lease, SPAN).await?;
        }
        let follower = Follower { id: FollowerId::watches(), cursor: last };
        self.store.commit_silently(Change::default().put(&follower)?.under(&lease)).await?;
        Ok((letters, lease))
    }

    /// The watches that are to be told of something, each with that.
    async fn news<'a>(
        &self,
        watches: Vec<Watch>,
        happenings: &'a [Happening],
    ) -> Result<Vec<News<'a>>, Error> {
        let looking = self.looking(watches).await?;
        let matches = self.matches(&looking, happenings, Age::New).await?;
        let all = looking.into_iter().zip(matches);
        let all = all.map(|(look, found)| News { watch: look.watch, found });
        Ok(all.filter(|news| !news.found.is_empty()).collect())
    }

    /// Tells some watches together, or holds them back; gives how many were told, and nothing if one
    /// of them is no longer what it was.
    async fn told(
        &self,
        lease: &Lease,
        news: &[News<'_>],
        (cursor, last): (u64, u64),
    ) -> Result<Option<usize>, Error> {
        let mut change = Change::default();
        let mut letters = 0;
        for News { watch, found } in news {
            let solutions: Vec<&SolutionId> = found.iter().map(|it| &it.solution).collect();
            change = match watch.waits_until(&solutions, self.clock.now()) {
                Some(until) => change.replace(&watch.clone().held_back(cursor, until))?,
                None => {
                    letters += 1;
                    let newest: Vec<&Happening> = found.iter().rev().copied().collect();
                    self.with_news(change, watch.clone(), &newest, last).await?
                }
            };
        }
        Ok(self.written(change.under(lease)).await?.then_some(letters))
    }

    /// Tells each of some watches, as it has become meanwhile.
    async fn told_one_by_one(
        &self,
        lease: &Lease,
        news: &[News<'_>],
        happenings: &[Happening],
        span: (u64, u64),
    ) -> Result<usize, Error> {
        let mut letters = 0;
        for News { watch, .. } in news {
            let mut told = None;
            for _ in 0..MOST_REPEATS {
                let found = self.store.get::<Watch>(&watch.id).await?;
                let following = found.filter(|watch| watch.follows).into_iter().collect();
                let news = self.news(following, happenings).await?;
                told = self.told(lease, &news, span).await?;
                if told.is_some() {
                    break;
                }
            }
            // It goes on being changed. Others must not wait for that.
            if told.is_none() {
                tracing::warn!(watch = %watch.id, "a watch changes too often to be told of anything");
            }
            letters += told.unwrap_or_default();
        }
        Ok(letters)
    }

    /// Tells a watch of what has gathered up to an entry, and tells whether there was anything. Its
    /// cursor moves in any case, and the day on which it is told next.
    async fn told_of_gathered(
        &self,
        lease: &Lease,
        watch: Watch,
        until: u64,
    ) -> Result<bool, Error> {
        let now = self.clock.now();
        let Some(look) = self.looking(vec![watch.clone()]).await?.pop() else {
            let change = Change::default().replace(&watch.told(&[], until, now))?;
            return self.written(change.under(lease)).await.map(|_| false);
        };
        let gathered = self.gathered(&look, (watch.cursor, until), usize::MAX).await?;
        let newest: Vec<&Happening> = gathered.iter().collect();
        let change = match &newest[..] {
            [] => Change::default().replace(&watch.told(&[], until, now))?,
            _ => self.with_news(Change::default(), watch, &newest, until).await?,
        };
        Ok(self.written(change.under(lease)).await? && !newest.is_empty())
    }

    /// Writes what came of one watch; false if somebody has changed it meanwhile, or taken it away.
    /// What is still due then is found again.
    async fn written(&self, change: Change) -> Result<bool, Error> {
        match self.store.commit_silently(change).await {
            Ok(()) => Ok(true),
            Err(store::Error::Stale) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// A change that tells who has a watch of what was found, the newest first: people in one letter,
    /// programs of one thing after the other.
    async fn with_news(
        &self,
        mut change: Change,
        watch: Watch,
        found: &[&Happening],
        until: u64,
    ) -> Result<Change, Error> {
        let Channel::Webhook { webhook } = &watch.channel else {
            return self.with_letter(change, watch, &newest_of_each(found), until);
        };
        // Together they have to fit into a transaction; the rest comes with the next one.
        let now = self.clock.now();
        let oldest = found.iter().rev().take(MOST_MESSAGES);
        for happening in oldest {
            change = self.with_delivery(change, webhook, Some(&watch.id), &happening.event).await?;
        }
        if found.len() <= MOST_MESSAGES {
            return Ok(change.replace(&watch.told(&[], until, now))?);
        }
        let last = found.get(found.len().saturating_sub(MOST_MESSAGES));
        let until = last.map_or(until, |it| it.event.seq);
        let rest = watch.told(&[], until, now);
        Ok(change.replace(&Watch { follows: false, due_at: Some(now), ..rest })?)
    }

    /// A change with a letter to who has a watch, which is told of some solutions then.
    fn with_letter(
        &self,
        change: Change,
        watch: Watch,
        newest: &[&Happening],
        until: u64,
    ) -> Result<Change, Error> {
        let now = self.clock.now();
        let matter = Matter::News {
            watch: watch.id.clone(),
            events: newest.iter().take(MOST_IN_LETTER).map(|it| it.event.seq).collect(),
            more: newest.len().saturating_sub(MOST_IN_LETTER),
        };
        let letter = Message::new(self.ids.fresh().into(), matter, now);
        let solutions: Vec<&SolutionId> = newest.iter().map(|it| &it.solution).collect();
        Ok(change.replace(&watch.told(&solutions, until, now))?.create(&letter)?)
    }
}

/// Of each solution the first that comes.
fn newest_of_each<'a>(happenings: &[&'a Happening]) -> Vec<&'a Happening> {
    let mut known = HashSet::new();
    happenings.iter().filter(|it| known.insert(&it.solution)).copied().collect()
}
