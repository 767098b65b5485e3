//! What somebody may want who is typing.

use async_graphql::{ID, SimpleObject};

use super::objects::{Municipality, Topic};
use crate::service;

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
