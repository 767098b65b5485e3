//! Saving a search: what one would be told of, and by which way.

use askama::Template;
use serde::Deserialize;
use serde_json::{Value, json};

use super::cards::Titled;
use super::form::Trouble;
use super::phrases::Phrases;
use super::results::{Asked, Names};
use super::site::Site;
use super::written::day;
use crate::domain::Rhythm;

/// The longest name that is put forward, in characters.
const LONGEST_NAME: usize = 80;

/// A way to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// A feed.
    Feed,
    /// A letter a day, a week, or at once.
    Mail(Rhythm),
}

impl Way {
    const ALL: [(Self, &'static str); 4] = [
        (Self::Mail(Rhythm::Daily), "daily"),
        (Self::Mail(Rhythm::Weekly), "weekly"),
        (Self::Mail(Rhythm::AtOnce), "at_once"),
        (Self::Feed, "feed"),
    ];

    /// The way of this name, as forms have it; a letter a day for any other.
    pub(crate) fn named(name: &str) -> Self {
        let found = Self::ALL.into_iter().find(|(_, other)| *other == name);
        found.map_or(Self::Mail(Rhythm::Daily), |(way, _)| way)
    }

    const fn label(self, t: &Phrases) -> &'static str {
        match self {
            Self::Feed => t.way_feed,
            Self::Mail(Rhythm::Daily) => t.way_daily,
            Self::Mail(Rhythm::Weekly) => t.way_weekly,
            Self::Mail(Rhythm::AtOnce) => t.way_at_once,
        }
    }
}

/// What somebody fills in to save a search.
#[derive(Debug)]
pub(crate) struct Given {
    /// What to call it.
    pub(crate) name: String,
    /// How to be told.
    pub(crate) way: Way,
}

impl Given {
    /// The variables of the operation that saves it.
    pub(crate) fn variables(&self, asked: &Asked) -> Value {
        let mut input = json!({ "name": self.name, "selection": asked.selection() });
        let (channel, rhythm) = match self.way {
            Way::Feed => ("FEED", None),
            Way::Mail(Rhythm::Daily) => ("MAIL", Some("DAILY")),
            Way::Mail(Rhythm::Weekly) => ("MAIL", Some("WEEKLY")),
            Way::Mail(Rhythm::AtOnce) => ("MAIL", Some("AT_ONCE")),
        };
        if let Some(fields) = input.as_object_mut() {
            fields.insert("channel".to_owned(), channel.into());
            fields.extend(rhythm.map(|rhythm| ("rhythm".to_owned(), rhythm.into())));
        }
        json!({ "input": input })
    }
}

/// The field of the form that something wrong is about.
fn field_of(trouble: &Trouble) -> &'static str {
    match trouble.path.first().map(String::as_str) {
        Some("name") => "name",
        _ => "way-daily",
    }
}

/// What the API says of a watch before it is saved.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Foreseen {
    watch_preview: Option<Preview>,
}

#[derive(Debug, Deserialize)]
struct Preview {
    count: usize,
    days: u32,
    examples: Vec<Example>,
}

#[derive(Debug, Deserialize)]
struct Example {
    event: Happened,
    solution: Titled,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Happened {
    occurred_at: chrono::DateTime<chrono::Utc>,
}

impl Example {
    fn happened(&self, site: &Site) -> String {
        day(&self.event.occurred_at, &site.language)
    }
}

/// What came of saving.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Saving {
    /// Nothing if somebody may not.
    pub(crate) create_watch: Option<Saved>,
}

/// A search that was saved, unless there is something wrong.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Saved {
    /// The address of the feed, which is shown this one time.
    pub(crate) feed_url: Option<String>,
    /// What is wrong.
    pub(crate) user_errors: Vec<Trouble>,
}

/// The page that saves a search.
#[derive(Template)]
#[template(path = "watch.html")]
pub(crate) struct WatchPage<'a> {
    pub(crate) site: &'a Site,
    pub(crate) asked: Asked,
    pub(crate) names: Names,
    /// What would have come; nothing for who is not signed in.
    pub(crate) foreseen: Option<Foreseen>,
    pub(crate) is_known: bool,
    /// What somebody has filled in.
    pub(crate) given: Option<Given>,
    pub(crate) complaints: Vec<Trouble>,
    /// The address of the feed that was just made.
    pub(crate) feed: Option<String>,
}

impl WatchPage<'_> {
    fn words(&self) -> Vec<(&'static str, String)> {
        self.asked.words(self.site, &self.names)
    }

    fn preview(&self) -> Option<&Preview> {
        self.foreseen.as_ref()?.watch_preview.as_ref()
    }

    fn name(&self) -> String {
        if let Some(given) = &self.given {
            return given.name.clone();
        }
        let words: Vec<String> = self.words().into_iter().map(|(_, word)| word).collect();
        let name = words.join(", ").replace(['„', '“'], "");
        let name = if name.is_empty() { self.site.t().all_solutions.to_owned() } else { name };
        name.chars().take(LONGEST_NAME).collect()
    }

    fn ways(&self) -> Vec<(&'static str, &'static str, bool)> {
        let chosen = self.given.as_ref().map_or(Way::Mail(Rhythm::Daily), |given| given.way);
        let way =
            |(way, name): (Way, &'static str)| (name, way.label(self.site.t()), way == chosen);
        Way::ALL.into_iter().map(way).collect()
    }

    /// Where a link of the summary leads.
    fn place_of(&self, trouble: &Trouble) -> &'static str {
        field_of(trouble)
    }

    fn complaint_of(&self, field: &str) -> Option<&str> {
        let mut complaints = self.complaints.iter();
        complaints.find(|it| field_of(it) == field).map(|it| it.message.as_str())
    }

    /// Feeds that everybody reads: of the topics that are asked for, or of all.
    fn open_feeds(&self) -> Vec<(String, String)> {
        let topics = self.asked.topics().map(|slug| {
            let name = self.names.of_topic(slug).unwrap_or(slug).to_owned();
            (name, format!("/feeds/topics/{slug}.atom"))
        });
        let topics: Vec<_> = topics.collect();
        match topics.is_empty() {
            true => {
                let all = self.site.t().all_solutions.to_owned();
                vec![(all, "/feeds/solutions.atom".to_owned())]
            }
            false => topics,
        }
    }

    fn action(&self) -> String {
        self.asked.watch(self.site).to_string()
    }

    fn results(&self) -> String {
        self.asked.address(self.site).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_says_how_and_how_often() {
        let asked = Asked::of(&[("q".to_owned(), "Bus".to_owned())]);
        let said = |name| {
            let given = Given { name: "Busse".to_owned(), way: Way::named(name) };
            let variables = given.variables(&asked);
            let said = |field: &str| variables.pointer(&format!("/input/{field}")).cloned();
            (said("channel"), said("rhythm"))
        };
        let text = |text: &str| Some(Value::from(text));
        assert_eq!(said("feed"), (text("FEED"), None));
        assert_eq!(said("at_once"), (text("MAIL"), text("AT_ONCE")));
        assert_eq!(said("nonsense"), (text("MAIL"), text("DAILY")));
    }
}
