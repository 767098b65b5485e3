//! What a watch would have told of, before somebody saves it.

use std::sync::Arc;

use chrono::TimeDelta;

use super::gathering::MOST_LOOKED_AT;
use super::matching::{Happening, Looking};
use crate::domain::{
    Channel, Event, EventKind, Rhythm, Secret, Selection, Solution, SolutionId, Viewer, Watch,
};
use crate::service::{Error, Services, caretaker};

/// How far back it is looked.
const DAYS: i64 = 90;
/// How many examples are shown.
const EXAMPLES: usize = 5;

/// What a watch would have told of.
#[derive(Debug)]
pub struct Foreseen {
    /// Of how many solutions.
    pub count: usize,
    /// In how many days.
    pub days: i64,
    /// Of some of them what happened last.
    pub examples: Vec<(Event, Arc<Solution>)>,
}

impl Services {
    /// What a watch would have told of lately.
    ///
    /// # Errors
    /// Nobody is signed in, or what the database says.
    pub(crate) async fn foresee_watch(
        &self,
        viewer: &Viewer,
        selection: Selection,
        kinds: Option<Vec<EventKind>>,
    ) -> Result<Foreseen, Error> {
        let now = self.clock.now();
        let watch = Watch {
            id: self.ids.fresh().into(),
            revision: 1,
            owner: caretaker(viewer)?,
            name: "?".to_owned(),
            selection,
            kinds: kinds.unwrap_or_else(|| EventKind::WATCHED.to_vec()),
            channel: Channel::Feed { secret: Secret::from_random([0; 20]).hash() },
            rhythm: Rhythm::Daily,
            quiet: None,
            paused: false,
            cursor: 0,
            follows: false,
            due_at: None,
            recent: Vec::new(),
            created_at: now,
            updated_at: now,
        };
        watch.check()?;
        let look = Looking { watch, viewer: viewer.clone() };
        let newest = self.feed.newest();
        let since = self.store.first_since(now - TimeDelta::days(DAYS)).await?;
        let after = since.saturating_sub(1).max(newest.saturating_sub(MOST_LOOKED_AT));
        let gathered = self.gathered(&look, (after, newest), usize::MAX).await?;
        let ids: Vec<SolutionId> = gathered.iter().map(|it| it.solution.clone()).collect();
        let solutions = self.solutions(viewer, ids.get(..EXAMPLES).unwrap_or(&ids)).await?;
        let example =
            |it: &Happening| Some((it.event.clone(), Arc::clone(solutions.get(&it.solution)?)));
        let examples = gathered.iter().filter_map(example).collect();
        Ok(Foreseen { count: gathered.len(), days: DAYS, examples })
    }
}
