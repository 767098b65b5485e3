//! The journal as viewers see it.

use super::{Error, Services};
use crate::domain::{Event, EventId, Viewer};

/// How many entries are read at once.
const BATCH: usize = 500;

impl Services {
    /// One entry, if the viewer may know of it.
    ///
    /// # Errors
    /// What the database says.
    pub async fn event(&self, viewer: &Viewer, id: &EventId) -> Result<Option<Event>, Error> {
        let Some(before) = id.seq().checked_sub(1) else { return Ok(None) };
        let found = self.store.journal(before, 1).await?.pop();
        Ok(found.filter(|event| event.seq == id.seq() && event.visible_to(viewer)))
    }

    /// The last entries before a number and after another that the viewer may know of, oldest
    /// first, and whether more come before.
    ///
    /// # Errors
    /// What the database says.
    pub async fn events_before(
        &self,
        viewer: &Viewer,
        before: u64,
        after: u64,
        last: usize,
    ) -> Result<(Vec<Event>, bool), Error> {
        let mut seen = Vec::new();
        let mut before = before;
        while before > after + 1 && seen.len() <= last {
            let from = before.saturating_sub(BATCH as u64 + 1).max(after);
            let batch = self.store.journal(from, BATCH).await?;
            let older = batch
                .into_iter()
                .rev()
                .filter(|event| event.seq < before && event.visible_to(viewer));
            seen.extend(older);
            before = from + 1;
        }
        let more = seen.len() > last;
        seen.truncate(last);
        seen.reverse();
        Ok((seen, more))
    }

    /// The first entries after a number and before another that the viewer may know of, and whether more follow.
    ///
    /// # Errors
    /// What the database says.
    pub async fn events(
        &self,
        viewer: &Viewer,
        after: u64,
        before: u64,
        first: usize,
    ) -> Result<(Vec<Event>, bool), Error> {
        let mut seen = Vec::new();
        let mut after = after;
        loop {
            let batch = self.store.journal(after, BATCH).await?;
            let Some(last) = batch.last().filter(|_| after + 1 < before) else {
                return Ok((seen, false));
            };
            after = last.seq;
            seen.extend(
                batch.into_iter().filter(|event| event.seq < before && event.visible_to(viewer)),
            );
            if seen.len() > first {
                seen.truncate(first);
                return Ok((seen, true));
            }
        }
    }
}
