//! Which solutions, municipalities, questions, adoptions, feedback and organisations.

use allmende_index::{Facet, Filter, Number};
use chrono::NaiveDate;

use super::listing::{Listing, any, going_on, names, public};
use crate::domain::{
    AdoptionState, AdoptionStatus, EffortBand, EvidenceLevel, Instrument, Label, MunicipalityId,
    MunicipalityKind, OrganisationId, OrganisationKind, ProgrammeId, QualityLevel, QuestionStatus,
    SettlementType, SizeBand, SolutionId, SolutionStatus, SupportClass, TargetGroupId, TopicId,
    milliseconds,
};

/// Which solutions.
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "each field is described in the schema's SolutionFilter")]
pub struct SolutionFilter {
    pub topics: Vec<TopicId>,
    pub target_groups: Vec<TargetGroupId>,
    pub municipalities: Vec<MunicipalityId>,
    pub organisations: Vec<OrganisationId>,
    pub states: Vec<String>,
    pub municipality_kinds: Vec<MunicipalityKind>,
    pub size_bands: Vec<SizeBand>,
    pub statuses: Vec<SolutionStatus>,
    pub instruments: Vec<Instrument>,
    pub efforts: Vec<EffortBand>,
    pub evidence: Vec<EvidenceLevel>,
    pub quality: Vec<QualityLevel>,
    pub structural_weakness: Vec<SupportClass>,
    pub settlement_types: Vec<SettlementType>,
    pub languages: Vec<String>,
    pub population: Option<(Option<i64>, Option<i64>)>,
    pub years: Option<(Option<i64>, Option<i64>)>,
    pub review_due_before: Option<NaiveDate>,
}

impl SolutionFilter {
    /// The conditions; an empty list asks for nothing.
    #[must_use]
    pub fn conditions(self) -> Vec<Filter> {
        let mut conditions = Vec::new();
        any(&mut conditions, Facet::Topic, self.topics.iter().map(TopicId::key));
        any(&mut conditions, Facet::TargetGroup, self.target_groups.iter().map(TargetGroupId::key));
        any(
            &mut conditions,
            Facet::Municipality,
            self.municipalities.iter().map(MunicipalityId::key),
        );
        any(
            &mut conditions,
            Facet::Organisation,
            self.organisations.iter().map(OrganisationId::key),
        );
        any(&mut conditions, Facet::State, self.states.into_iter());
        any(&mut conditions, Facet::MunicipalityKind, names(&self.municipality_kinds));
        any(&mut conditions, Facet::SizeBand, names(&self.size_bands));
        any(&mut conditions, Facet::Status, names(&self.statuses));
        any(&mut conditions, Facet::Instrument, names(&self.instruments));
        any(&mut conditions, Facet::Effort, names(&self.efforts));
        any(&mut conditions, Facet::Evidence, names(&self.evidence));
        any(&mut conditions, Facet::Quality, names(&self.quality));
        any(&mut conditions, Facet::StructuralWeakness, names(&self.structural_weakness));
        any(&mut conditions, Facet::SettlementType, names(&self.settlement_types));
        let languages = self.languages.into_iter();
        any(&mut conditions, Facet::Language, languages.map(|language| language.to_lowercase()));
        conditions
            .extend(self.population.map(|(from, to)| Filter::Range(Number::Population, from, to)));
        conditions.extend(self.years.map(|(from, to)| going_on(from, to)));
        let before = self.review_due_before.map(|day| Some(milliseconds(day).saturating_sub(1)));
        conditions.extend(before.map(|last| Filter::Range(Number::ReviewDue, None, last)));
        conditions
    }
}

/// Which municipalities.
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "each field is described in the schema's MunicipalityFilter")]
pub struct MunicipalityFilter {
    pub kinds: Vec<MunicipalityKind>,
    pub states: Vec<String>,
    pub size_bands: Vec<SizeBand>,
    pub programmes: Vec<ProgrammeId>,
}

impl MunicipalityFilter {
    /// The conditions; an empty list asks for nothing.
    #[must_use]
    pub fn conditions(self) -> Vec<Filter> {
        let mut conditions = Vec::new();
        any(&mut conditions, Facet::MunicipalityKind, names(&self.kinds));
        any(&mut conditions, Facet::State, self.states.into_iter());
        any(&mut conditions, Facet::SizeBand, names(&self.size_bands));
        any(&mut conditions, Facet::Programme, self.programmes.iter().map(ProgrammeId::key));
        conditions
    }
}

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
