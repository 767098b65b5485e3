//! The feed of a watch, made of the journal when somebody asks for it.

use std::sync::Arc;

use chrono::TimeDelta;

use super::gathering::MOST_LOOKED_AT;
use super::matching::Looking;
use crate::domain::{Channel, Event, Secret, Solution, SolutionId, Viewer, Watch};
use crate::service::{Error, Services};

/// How many entries a feed has.
const ENTRIES: usize = 50;
/// How far back it looks.
const DAYS: i64 = 90;

/// What stands in the feed of a watch.
#[derive(Debug)]
pub struct WatchFeed {
    /// The watch.
    pub watch: Watch,
    /// What its owner may see.
    pub viewer: Viewer,
    /// What happened, the newest first, with the solutions that can be read.
    pub entries: Vec<(Event, Option<Arc<Solution>>)>,
}

impl Services {
    /// What stands in the feed with a secret; nothing if there is none, or nobody may read it now.
    ///
    /// # Errors
    /// What the database or the index says.
    pub async fn watch_feed(&self, secret: &str) -> Result<Option<WatchFeed>, Error> {
        let Ok(secret) = secret.parse::<Secret>() else { return Ok(None) };
        let found = self.store.watch_by_secret(&secret.hash()).await?;
        let found = found.filter(|watch| matches!(watch.channel, Channel::Feed { .. }));
        let Some(look) = self.looking(found.into_iter().collect()).await?.pop() else {
            return Ok(None);
        };
        let since = self.store.first_since(self.clock.now() - TimeDelta::days(DAYS)).await?;
        let newest = self.feed.newest();
        let after = since.saturating_sub(1).max(newest.saturating_sub(MOST_LOOKED_AT));
        let after = after.max(look.watch.cursor);
        let most = if look.watch.paused { 0 } else { ENTRIES };
        let gathered = self.gathered(&look, (after, newest), most).await?;
        let Looking { watch, viewer } = look;
        let ids: Vec<SolutionId> = gathered.iter().map(|it| it.solution.clone()).collect();
        let solutions = self.solutions(&viewer, &ids).await?;
        let entries =
            gathered.into_iter().map(|it| (it.event, solutions.get(&it.solution).cloned()));
        Ok(Some(WatchFeed { watch, viewer, entries: entries.collect() }))
    }
}
