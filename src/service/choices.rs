//! Which questions, adoptions, feedback and organisations.

use allmende_index::{Facet, Filter};

use super::listing::{Listing, any, names, public};
use crate::domain::{
    AdoptionState, AdoptionStatus, Label, MunicipalityId, OrganisationKind, QuestionStatus,
    SolutionId, TopicId,
};

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

/// Which adoptions.
#[derive(Debug, Clone)]
pub struct AdoptionFilter {
    /// Of this solution.
    pub solution: Option<SolutionId>,
    /// By this municipality.
    pub municipality: Option<MunicipalityId>,
    /// Whether they are confirmed.
    pub state: AdoptionState,
    /// How far they are; in any if empty.
    pub statuses: Vec<AdoptionStatus>,
}

impl AdoptionFilter {
    /// The list of these adoptions, changed last first.
    #[must_use]
    pub fn listing(self) -> Listing {
        let mut filters =
            vec![Filter::AnyOf(Facet::Lifecycle, vec![self.state.publication().name().to_owned()])];
        any(&mut filters, Facet::AdoptionStatus, names(&self.statuses));
        any(&mut filters, Facet::Solution, self.solution.iter().map(SolutionId::key));
        any(&mut filters, Facet::Owner, self.municipality.iter().map(MunicipalityId::key));
        let kinds = vec!["Adoption"];
        Listing { kinds, filters, order: Listing::UPDATED, ..Listing::default() }
    }
}

/// The list of the feedback on a solution, changed last first.
#[must_use]
pub fn feedback_on(solution: &SolutionId) -> Listing {
    let filters = vec![public(), Filter::AllOf(Facet::Solution, vec![solution.key()])];
    Listing { kinds: vec!["Feedback"], filters, order: Listing::UPDATED, ..Listing::default() }
}

/// Which organisations.
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "each field is described in the schema's OrganisationFilter")]
pub struct OrganisationFilter {
    pub kinds: Vec<OrganisationKind>,
    pub topics: Vec<TopicId>,
    pub states: Vec<String>,
    pub municipalities: Vec<MunicipalityId>,
}

impl OrganisationFilter {
    /// The conditions; an empty list asks for nothing.
    #[must_use]
    pub fn conditions(self) -> Vec<Filter> {
        let mut conditions = Vec::new();
        any(&mut conditions, Facet::OrganisationKind, names(&self.kinds));
        any(&mut conditions, Facet::Topic, self.topics.iter().map(TopicId::key));
        any(&mut conditions, Facet::State, self.states.into_iter());
        let places = self.municipalities.iter().map(MunicipalityId::key);
        any(&mut conditions, Facet::Municipality, places);
        conditions
    }
}
