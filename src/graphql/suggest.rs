//! What somebody may want who is typing, and what people look for and do not find.

use async_graphql::{ID, SimpleObject};

use super::ids::Date;
use super::objects::{Municipality, Topic};
use crate::{domain, service};

/// What somebody may want who is typing.
#[derive(SimpleObject)]
pub(super) struct Suggestions {
    /// The text with its last word completed, the most frequent first.
    texts: Vec<String>,
    /// Topics with a word in their name that begins so.
    topics: Vec<Topic>,
    /// Municipalities with a word in their name that begins so.
    municipalities: Vec<Municipality>,
    /// Solutions with such words in their title.
    solutions: Vec<TitleSuggestion>,
}

/// A solution by its title.
#[derive(SimpleObject)]
pub(super) struct TitleSuggestion {
    /// The global id of the solution.
    id: ID,
    /// Its title.
    title: String,
}

impl From<service::Suggestions> for Suggestions {
    fn from(found: service::Suggestions) -> Self {
        let title = |it: allmende_index::TitleSuggestion| TitleSuggestion {
            id: ID::from(it.id),
            title: it.title,
        };
        Self {
            texts: found.words,
            topics: found.topics.into_iter().map(Topic).collect(),
            municipalities: found.places.into_iter().map(Municipality).collect(),
            solutions: found.titles.into_iter().map(title).collect(),
        }
    }
}

/// A text that was searched for; nobody knows by whom.
#[derive(SimpleObject)]
pub(super) struct SearchedText {
    /// The text, in lower case.
    text: String,
    /// How often it was searched for.
    asked: i32,
    /// How often somebody opened what it found after all.
    opened: i32,
    /// The last day on which nothing matched it.
    last_day: Date,
}

impl From<domain::Searched> for SearchedText {
    fn from(searched: domain::Searched) -> Self {
        let count = |count: u64| i32::try_from(count).unwrap_or(i32::MAX);
        Self {
            text: searched.text,
            asked: count(searched.asked),
            opened: count(searched.opened),
            last_day: Date(searched.day),
        }
    }
}
