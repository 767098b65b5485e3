//! What of the journal one watch finds.

use std::collections::HashSet;
use std::slice;

use super::matching::{Happening, Looking};
use crate::domain::{ChannelKind, SolutionId};
use crate::live::Age;
use crate::service::{Error, Services};

/// How many entries of the journal are looked at together.
const WINDOW: u64 = 2_000;
/// Whoever waits for an answer has no more of them looked at.
pub(super) const MOST_LOOKED_AT: u64 = 50_000;

impl Services {
    /// What a watch finds between two entries, the first of them left out: of each solution what
    /// happened last, to programs all of it, and what happened last comes first. Found are things as
    /// they are now.
    pub(super) async fn gathered(
        &self,
        look: &Looking,
        (after, until): (u64, u64),
        most: usize,
    ) -> Result<Vec<Happening>, Error> {
        let all = look.watch.channel.kind() == ChannelKind::Webhook;
        let mut known: HashSet<SolutionId> = HashSet::new();
        let mut gathered = Vec::new();
        let mut end = until;
        while end > after && gathered.len() < most {
            let begin = end.saturating_sub(WINDOW).max(after);
            let events = self.store.journal_of_kinds(&look.watch.kinds, (begin, end)).await?;
            let happenings = self.happenings(events).await?;
            let mut found = self.matches(slice::from_ref(look), &happenings, Age::Missed).await?;
            let found = found.pop().unwrap_or_default();
            let newest = found.into_iter().rev();
            let newest = newest.filter(|it| known.insert(it.solution.clone()) || all);
            gathered.extend(newest.cloned());
            end = begin;
        }
        gathered.truncate(most);
        Ok(gathered)
    }
}
