//! The journal as viewers see it.

use super::{Error, Services};
use crate::domain::{Event, EventId, EventKind, MunicipalityId, Viewer};

/// How many entries are read at once.
const BATCH: usize = 500;
/// How many entries are looked at for one page: a journal of drafts holds few that everybody may
/// know of, and whoever asks goes on from where the look ended.
const MOST_READ: usize = 5_000;

/// Which entries; all if nothing is said.
#[derive(Debug, Clone, Default)]
pub struct EventSelection {
    /// Only these kinds.
    pub kinds: Option<Vec<EventKind>>,
    /// Only what concerns this municipality.
    pub municipality: Option<MunicipalityId>,
}

impl EventSelection {
    /// Whether an entry is among them.
    #[must_use]
    pub fn holds(&self, event: &Event) -> bool {
        self.kinds.as_ref().is_none_or(|kinds| kinds.contains(&event.kind))
            && self.municipality.as_ref().is_none_or(|it| event.municipalities.contains(it))
    }
}

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

    /// The last of these entries before a number and after another that the viewer may know of.
    ///
    /// # Errors
    /// What the database says.
    pub async fn events_before(
        &self,
        viewer: &Viewer,
        selection: &EventSelection,
        before: u64,
        after: u64,
        last: usize,
    ) -> Result<Seen, Error> {
        let mut seen = Seen::default();
        let mut before = before;
        let mut read = 0;
        while before > after + 1 && seen.events.len() <= last {
            if read >= MOST_READ {
                seen.reached = Some(before);
                break;
            }
            let from = before.saturating_sub(BATCH as u64 + 1).max(after);
            let batch = self.store.journal(from, BATCH).await?;
            read += batch.len();
            let older = batch.into_iter().rev().filter(|event| {
                event.seq < before && selection.holds(event) && event.visible_to(viewer)
            });
            seen.events.extend(older);
            before = from + 1;
        }
        seen.cut(last);
        seen.events.reverse();
        Ok(seen)
    }

    /// The first of these entries after a number and before another that the viewer may know of.
    ///
    /// # Errors
    /// What the database says.
    pub async fn events(
        &self,
        viewer: &Viewer,
        selection: &EventSelection,
        after: u64,
        before: u64,
        first: usize,
    ) -> Result<Seen, Error> {
        let mut seen = Seen::default();
        let mut after = after;
        let mut read = 0;
        while after + 1 < before && seen.events.len() <= first {
            if read >= MOST_READ {
                seen.reached = Some(after);
                break;
            }
            let batch = self.store.journal(after, BATCH).await?;
            let Some(last) = batch.last() else { break };
            read += batch.len();
            after = last.seq;
            let known = |event: &Event| {
                event.seq < before && selection.holds(event) && event.visible_to(viewer)
            };
            seen.events.extend(batch.into_iter().filter(known));
        }
        seen.cut(first);
        Ok(seen)
    }
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
