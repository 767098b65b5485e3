//! Shared words: topics, target groups, programmes.

use serde::{Deserialize, Serialize};

use super::key::{ProgrammeId, TargetGroupId, TopicId};
use super::partial_date::PartialDate;
use super::problem::Language;

/// A text in German and English.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Translated {
    /// German.
    pub de: String,
    /// English.
    pub en: String,
}

impl Translated {
    /// The text in one language.
    #[must_use]
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::German => &self.de,
            Language::English => &self.en,
        }
    }
}

/// What a solution can be about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Topic {
    /// Its slug.
    pub id: TopicId,
    /// Its place in lists.
    pub position: u32,
    /// Its name.
    pub name: Translated,
    /// What belongs to it.
    pub description: Translated,
    /// The topics of the model project's toolbox that it takes in.
    pub zwk_topics: Vec<String>,
    /// The United Nations' sustainable development goals it serves, 1 to 17.
    pub sdg: Vec<u8>,
}

/// Whom a solution can be for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TargetGroup {
    /// Its slug.
    pub id: TargetGroupId,
    /// Its place in lists.
    pub position: u32,
    /// Its name.
    pub name: Translated,
}

/// A programme that municipalities took part in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Programme {
    /// Its slug.
    pub id: ProgrammeId,
    /// Its place in lists.
    pub position: u32,
    /// Its name.
    pub name: Translated,
    /// What it was for.
    pub description: Translated,
    /// Its beginning.
    pub starts: Option<PartialDate>,
    /// Its end.
    pub ends: Option<PartialDate>,
    /// Its web address.
    pub url: Option<String>,
    /// Where these facts come from.
    pub sources: Vec<String>,
}
