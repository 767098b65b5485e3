//! What was searched for and not found, for moderators.

use std::collections::HashMap;

use allmende_index::Hits;
use chrono::NaiveDate;

use super::{Error, Listed, Services};
use crate::domain::{Searched, Viewer};

/// A text that was searched for only once may say more of a person than of what is missing.
const REPEATED: u64 = 2;

impl Services {
    /// Counts a search and what it found, if it is nothing but words: what a filter left over says
    /// nothing of what is missing.
    pub fn note_search(&self, listed: &Listed, hits: &Hits) {
        if let Some(words) = listed.words().filter(|_| listed.is_plain() && listed.is_finished()) {
            self.search_log.searched(words, hits.in_full, self.clock.now().date_naive());
        }
    }

    /// Counts that somebody opened what a search had found. Tells whether searches are counted.
    #[must_use]
    pub fn note_opened(&self, search: &str) -> bool {
        self.search_log.opened(search, self.clock.now().date_naive());
        self.search_log.is_on()
    }

    /// The searches since a day that nothing matched and that were repeated, the most frequent
    /// first.
    ///
    /// # Errors
    /// The viewer does not moderate, or what the database says.
    pub async fn searches_without_hits(
        &self,
        viewer: &Viewer,
        since: Option<NaiveDate>,
        first: usize,
    ) -> Result<Vec<Searched>, Error> {
        if !viewer.is_known() {
            return Err(Error::Unauthenticated);
        }
        if !viewer.moderates() {
            return Err(Error::Forbidden);
        }
        self.search_log.write().await?;
        let since = since.unwrap_or_default();
        let found = self.store.searches_without_hits(since).await?;
        Ok(summed(found, first))
    }
}

/// Texts of several days, each once with its last day, the most frequent first.
fn summed(days: Vec<Searched>, first: usize) -> Vec<Searched> {
    let mut sums: HashMap<String, Searched> = HashMap::new();
    for day in days {
        match sums.get_mut(&day.text) {
            Some(sum) => {
                sum.asked += day.asked;
                sum.opened += day.opened;
                sum.day = sum.day.max(day.day);
            }
            None => {
                sums.insert(day.text.clone(), day);
            }
        }
    }
    let mut all: Vec<Searched> =
        sums.into_values().filter(|searched| searched.asked >= REPEATED).collect();
    all.sort_by(|one, two| two.asked.cmp(&one.asked).then_with(|| one.text.cmp(&two.text)));
    all.truncate(first);
    all
}
