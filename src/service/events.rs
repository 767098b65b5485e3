//! The journal as viewers see it.

use std::slice;

use super::{Error, Services};
use crate::domain::{Account, Actor, Event, EventFilter, EventId, Token, Viewer};
use crate::store::{Order, Trail};

/// How many entries are read at once.
const BATCH: usize = 500;
/// How many entries are looked at for one page: a journal of drafts holds few that everybody may
/// know of, and whoever asks goes on from where the look ended.
const MOST_READ: usize = 5_000;

/// The entries of one page that the viewer may know of, oldest first.
#[derive(Debug, Default)]
pub struct Seen {
    /// The entries.
    pub events: Vec<Event>,
    /// Whether more lie beyond them, in the direction of the look.
    pub more: bool,
    /// Where the look ended before the page was full.
    pub reached: Option<u64>,
}

impl Services {
    /// The number of the newest entry that this node knows of. What was acknowledged here counts,
    /// though the feed may have it only a moment later.
    #[must_use]
    pub fn newest(&self) -> u64 {
        self.feed.newest().max(*self.store.watch_head().borrow())
    }

    /// One entry, if the viewer may know of it.
    ///
    /// # Errors
    /// What the database says.
    pub async fn event(&self, viewer: &Viewer, id: &EventId) -> Result<Option<Event>, Error> {
        let Some(before) = id.seq().checked_sub(1) else { return Ok(None) };
        let found = self.store.journal(before, 1).await?.pop();
        Ok(found.filter(|event| event.seq == id.seq() && event.visible_to(viewer)))
    }

    /// What people call an actor: the name of the account or of the access token, if it has one.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) async fn actor_name(&self, actor: &Actor) -> Result<Option<String>, Error> {
        Ok(match actor {
            Actor::Operator | Actor::Hub => None,
            Actor::Account(id) => {
                let found = self.store.get_cached::<Account>(slice::from_ref(id)).await?;
                found.get(id).and_then(|account| account.name.clone())
            }
            Actor::Token(id) => {
                let found = self.store.get_cached::<Token>(slice::from_ref(id)).await?;
                found.get(id).and_then(|token| token.name.clone())
            }
        })
    }

    /// The last entries before a number and after another that are asked for and that the viewer
    /// may know of.
    ///
    /// # Errors
    /// What the database says.
    pub async fn events_before(
        &self,
        viewer: &Viewer,
        filter: &EventFilter,
        (after, before): (u64, u64),
        last: usize,
    ) -> Result<Seen, Error> {
        let (after, mut before) = self.between(filter, after, before).await?;
        let mut seen = Seen::default();
        let mut read = 0;
        while before > after + 1 && seen.events.len() <= last {
            if read >= MOST_READ {
                seen.reached = Some(before);
                break;
            }
            let (batch, next) = self.batch_before(filter, after, before).await?;
            read += batch.len();
            let older = |event: &Event| {
                event.seq < before && event.seq > after && filter.selects(event, viewer)
            };
            seen.events.extend(batch.into_iter().filter(older));
            before = next;
        }
        seen.cut(last);
        seen.events.reverse();
        Ok(seen)
    }

    /// The first entries after a number and before another that are asked for and that the viewer
    /// may know of.
    ///
    /// # Errors
    /// What the database says.
    pub async fn events(
        &self,
        viewer: &Viewer,
        filter: &EventFilter,
        (after, before): (u64, u64),
        first: usize,
    ) -> Result<Seen, Error> {
        let (mut after, before) = self.between(filter, after, before).await?;
        let mut seen = Seen::default();
        let mut read = 0;
        while after + 1 < before && seen.events.len() <= first {
            if read >= MOST_READ {
                seen.reached = Some(after);
                break;
            }
            let batch = match trail(filter) {
                Some(trail) => {
                    self.store.journal_of(&trail, (after, before), BATCH, Order::Ascending).await?
                }
                None => self.store.journal(after, BATCH).await?,
            };
            let Some(last) = batch.last() else { break };
            read += batch.len();
            after = last.seq;
            let known = |event: &Event| event.seq < before && filter.selects(event, viewer);
            seen.events.extend(batch.into_iter().filter(known));
        }
        seen.cut(first);
        Ok(seen)
    }

    /// Entries before a number, the newest first, and the number before which the look goes on.
    async fn batch_before(
        &self,
        filter: &EventFilter,
        after: u64,
        before: u64,
    ) -> Result<(Vec<Event>, u64), Error> {
        if let Some(trail) = trail(filter) {
            let range = (after, before);
            let batch = self.store.journal_of(&trail, range, BATCH, Order::Descending).await?;
            let next = batch.last().map_or(0, |event| event.seq);
            return Ok((batch, next));
        }
        let from = before.saturating_sub(BATCH as u64 + 1).max(after);
        let mut batch = self.store.journal(from, BATCH).await?;
        batch.reverse();
        Ok((batch, from + 1))
    }

    /// The numbers between which entries of the wanted time lie, both left out.
    async fn between(
        &self,
        filter: &EventFilter,
        after: u64,
        before: u64,
    ) -> Result<(u64, u64), Error> {
        let after = match filter.since {
            Some(since) => self.store.first_since(since).await?.saturating_sub(1).max(after),
            None => after,
        };
        let before = match filter.until {
            // The filter itself looks at the moment; a second more takes in all of that moment.
            Some(until) => self.store.first_since(until + SECOND).await?.min(before),
            None => before,
        };
        Ok((after, before))
    }
}

/// A second.
const SECOND: chrono::TimeDelta = chrono::TimeDelta::seconds(1);

/// What the database can find by itself of what is asked for.
fn trail(filter: &EventFilter) -> Option<Trail> {
    let subject = filter.subject.clone().map(Trail::Subject);
    subject.or_else(|| filter.actor.clone().map(Trail::Actor))
}

impl Seen {
    /// Keeps as many as fit on a page.
    fn cut(&mut self, size: usize) {
        if self.events.len() > size {
            self.events.truncate(size);
            self.reached = None;
            self.more = true;
        }
        self.more |= self.reached.is_some();
    }
}
