//! Which questions.

use allmende_index::{Facet, Filter};

use super::listing::{any, names};
use crate::domain::{MunicipalityId, QuestionStatus, TopicId};

/// Which questions.
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "each field is described in the schema's QuestionFilter")]
pub struct QuestionFilter {
    pub topics: Vec<TopicId>,
    pub statuses: Vec<QuestionStatus>,
    pub asked_by: Vec<MunicipalityId>,
    pub addressed_to: Vec<MunicipalityId>,
    pub states: Vec<String>,
    pub languages: Vec<String>,
}

impl QuestionFilter {
    /// The conditions; an empty list asks for nothing.
    #[must_use]
    pub fn conditions(self) -> Vec<Filter> {
        let mut conditions = Vec::new();
        any(&mut conditions, Facet::Topic, self.topics.iter().map(TopicId::key));
        any(&mut conditions, Facet::QuestionStatus, names(&self.statuses));
        any(&mut conditions, Facet::Municipality, self.asked_by.iter().map(MunicipalityId::key));
        any(&mut conditions, Facet::Addressee, self.addressed_to.iter().map(MunicipalityId::key));
        any(&mut conditions, Facet::State, self.states.into_iter());
        let languages = self.languages.into_iter();
        any(&mut conditions, Facet::Language, languages.map(|language| language.to_lowercase()));
        conditions
    }
}
