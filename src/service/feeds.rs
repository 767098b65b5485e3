//! Atom feeds of what is published, and of watches.

use std::fmt::Write;
use std::sync::Arc;

use allmende_index::Direction;
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use super::watching::WatchFeed;
use super::{Error, ListError, Listing, Services, SolutionFilter};
use crate::domain::{
    Event, Label, Language, MunicipalityId, Solution, SolutionId, TopicId, Viewer,
};

/// How many entries a feed has.
const ENTRIES: usize = 50;

/// What a feed is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FeedOf {
    /// All solutions.
    Solutions,
    /// Those of a topic, by its slug.
    Topic(String),
    /// Those of a municipality, by its slug.
    Municipality(String),
    /// What a watch tells of, by the secret of its feed.
    Watch(String),
}

/// A feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedPage {
    /// What nothing else in the world is called.
    pub id: String,
    /// Its title.
    pub title: String,
    /// When something in it last changed.
    pub updated: DateTime<Utc>,
    /// What stands in it, the newest first.
    pub entries: Vec<FeedEntry>,
}

/// An entry of a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedEntry {
    /// What nothing else in the world is called.
    pub id: String,
    /// Its title.
    pub title: String,
    /// When it came out.
    pub published: DateTime<Utc>,
    /// When it last changed.
    pub updated: DateTime<Utc>,
    /// Whose it is.
    pub authors: Vec<String>,
    /// What it is about: keys and names.
    pub topics: Vec<(String, String)>,
    /// What it says, in some sentences.
    pub summary: String,
    /// The path at which the hub tells more of it, if it does.
    pub path: Option<String>,
}

impl Services {
    /// A feed; nothing if there is no such topic, municipality or watch.
    ///
    /// # Errors
    /// What the database or the index says.
    pub async fn feed_of(
        &self,
        of: &FeedOf,
        language: Language,
    ) -> Result<Option<FeedPage>, ListError> {
        let tables = self.directory.tables();
        let all = SolutionFilter::default();
        let (filter, about) = match of {
            FeedOf::Watch(secret) => {
                let Some(found) = self.watch_feed(secret).await? else { return Ok(None) };
                return Ok(Some(self.page_of_watch(&found, language).await?));
            }
            FeedOf::Solutions => (all, None),
            FeedOf::Topic(slug) => {
                let id = TopicId::from_key(slug).ok();
                let Some(topic) = id.and_then(|id| tables.topics.get(&id)) else { return Ok(None) };
                let name = topic.name.in_language(language).to_owned();
                (SolutionFilter { topics: vec![topic.id.clone()], ..all }, Some(name))
            }
            FeedOf::Municipality(slug) => {
                let Some(place) = tables.by_slug(slug) else { return Ok(None) };
                let municipalities = vec![place.municipality.id.clone()];
                let name = place.municipality.name.clone();
                (SolutionFilter { municipalities, ..all }, Some(name))
            }
        };
        let solutions = match language {
            Language::German => "Allmende: Lösungen",
            Language::English => "Allmende: solutions",
        };
        let title = about.map_or(solutions.to_owned(), |about| format!("{solutions} – {about}"));
        let entries = self.newest_solutions(filter).await?;
        let entries = entries.iter().map(|it| self.entry_of_solution(it, language));
        Ok(Some(self.feed_page(&format!("{of:?}"), title, entries.collect()).await?))
    }

    /// The public solutions that came out last.
    async fn newest_solutions(
        &self,
        filter: SolutionFilter,
    ) -> Result<Vec<Arc<Solution>>, ListError> {
        let listing = Listing {
            kinds: vec!["Solution"],
            filters: filter.conditions(),
            order: Listing::NEWEST,
            ..Listing::default()
        };
        let listed = self.list(&Viewer::Anonymous, listing)?;
        let page = self.page(&listed, ENTRIES, Direction::Forward, None, None).await?;
        let ids: Vec<SolutionId> = page.hits.iter().filter_map(|hit| hit.id.parse().ok()).collect();
        let solutions = self.solutions(&Viewer::Anonymous, &ids).await?;
        Ok(ids.iter().filter_map(|id| solutions.get(id).cloned()).collect())
    }

    fn entry_of_solution(&self, solution: &Solution, language: Language) -> FeedEntry {
        let tables = self.directory.tables();
        let topics = solution.topics.iter().filter_map(|id| tables.topics.get(id));
        let topics = topics.map(|it| (it.id.key(), it.name.in_language(language).to_owned()));
        let published = solution.published_at.unwrap_or(solution.created_at);
        FeedEntry {
            id: urn(&solution.id.to_string()),
            title: solution.title.clone(),
            published,
            updated: solution.updated_at.max(published),
            authors: self.names_of(&solution.municipalities),
            topics: topics.collect(),
            summary: solution.teaser.clone(),
            path: Some(solution.path()),
        }
    }

    async fn page_of_watch(
        &self,
        found: &WatchFeed,
        language: Language,
    ) -> Result<FeedPage, Error> {
        let hub = self.store.identity().await?;
        let entry = |(event, solution): &(Event, Option<Arc<Solution>>)| {
            let what = event.kind.label(language);
            // An event is told once, whatever becomes of its solution.
            let id = urn(&format!("{hub} Event:{}", event.seq));
            let (published, updated) = (event.at, event.at);
            match solution {
                Some(solution) => {
                    let entry = self.entry_of_solution(solution, language);
                    let title = format!("{what}: {}", entry.title);
                    let path = entry.path.filter(|_| solution.lifecycle.is_public());
                    let updated = updated.max(solution.updated_at);
                    FeedEntry { id, title, published, updated, path, ..entry }
                }
                None => FeedEntry {
                    id,
                    title: match event.title_for(&found.viewer) {
                        Some(title) => format!("{what}: {title}"),
                        None => what.to_owned(),
                    },
                    published,
                    updated,
                    authors: self.names_of(&event.municipalities),
                    topics: Vec::new(),
                    summary: what.to_owned(),
                    path: None,
                },
            }
        };
        let title = format!("Allmende: {}", found.watch.name);
        let entries = found.entries.iter().map(entry).collect();
        self.feed_page(&found.watch.id.to_string(), title, entries).await
    }

    async fn feed_page(
        &self,
        name: &str,
        title: String,
        entries: Vec<FeedEntry>,
    ) -> Result<FeedPage, Error> {
        let id = urn(&format!("{} {name}", self.store.identity().await?));
        let updated = match entries.iter().map(|entry| entry.updated).max() {
            Some(updated) => updated,
            // Nothing has changed since the hub began.
            None => {
                self.store.journal(0, 1).await?.first().map_or(DateTime::UNIX_EPOCH, |it| it.at)
            }
        };
        Ok(FeedPage { id, title, updated, entries })
    }

    fn names_of(&self, municipalities: &[MunicipalityId]) -> Vec<String> {
        let tables = self.directory.tables();
        let places = municipalities.iter().filter_map(|id| tables.place(id));
        places.map(|place| place.municipality.name.clone()).collect()
    }
}

/// A name that follows from a text and that nothing else has: a UUID of version 8 (RFC 9562).
fn urn(text: &str) -> String {
    let mut urn = "urn:uuid:".to_owned();
    for (place, byte) in Sha256::digest(text.as_bytes()).into_iter().take(16).enumerate() {
        let byte = match place {
            6 => byte & 0x0f | 0x80,
            8 => byte & 0x3f | 0x80,
            _ => byte,
        };
        let hyphen = if matches!(place, 4 | 6 | 8 | 10) { "-" } else { "" };
        // A text takes whatever is written to it.
        let _written = write!(urn, "{hyphen}{byte:02x}").is_ok();
    }
    urn
}

#[cfg(test)]
mod tests {
    use super::urn;

    #[test]
    fn a_name_is_a_uuid_and_always_the_same() {
        let name = urn("Solution:01J");
        assert_eq!(name, urn("Solution:01J"));
        assert_ne!(name, urn("Solution:01K"));
        let parts: Vec<usize> =
            name.trim_start_matches("urn:uuid:").split('-').map(str::len).collect();
        assert_eq!(parts, [8, 4, 4, 4, 12]);
        assert_eq!(name.as_bytes()[23], b'8', "{name}");
    }
}
