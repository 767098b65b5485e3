//! Lists: filters, orders and counts come from the index, records by key from the database.

use allmende_index::{
    Affinity, Cursor, Direction, Facet, FacetCounts, Filter, Hits, Number, Order, OrderBy, Page,
    Query,
};

use super::{Error, Services};
use crate::domain::{
    EffortBand, EvidenceLevel, Instrument, Label, MunicipalityId, MunicipalityKind, OrganisationId,
    ProgrammeId, Role, SizeBand, SolutionStatus, TargetGroupId, TopicId, Viewer,
};
use crate::live;

/// How much likeness raises a hit of a search: a place exactly alike doubles its score.
const LIKENESS_WEIGHT: f32 = 1.0;

/// Why a list cannot be given.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// The cursor is broken or belongs to another list.
    #[error(
        "the cursor is broken or belongs to a list in another order: take it from pageInfo of the same list"
    )]
    Cursor,
    /// A municipality that the list should be compared with does not exist.
    #[error("there is no municipality with the id {0}")]
    Municipality(MunicipalityId),
    /// A municipality without figures cannot be compared.
    #[error("{0} has no published profile, so nothing can be compared with it")]
    Figures(MunicipalityId),
    /// Anything else.
    #[error(transparent)]
    Service(#[from] Error),
}

/// Ranking by likeness to a municipality.
#[derive(Debug, Clone, PartialEq)]
pub struct Alike {
    /// The municipality in focus.
    pub municipality: MunicipalityId,
    /// Places less alike are left out.
    pub minimum: Option<f32>,
}

/// What is asked of a list.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    /// Kinds of things, by their names in ids.
    pub kinds: Vec<&'static str>,
    /// What people typed.
    pub search: Option<String>,
    /// Conditions.
    pub filters: Vec<Filter>,
    /// Ranking by likeness.
    pub alike: Option<Alike>,
    /// The order.
    pub order: Order,
}

/// A list that can be paged and counted.
#[derive(Debug, Clone)]
pub struct Listed(Query);

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

fn names<L: Label>(values: &[L]) -> impl Iterator<Item = String> + '_ {
    values.iter().map(|value| value.name().to_owned())
}

fn any(conditions: &mut Vec<Filter>, facet: Facet, values: impl Iterator<Item = String>) {
    let values: Vec<String> = values.collect();
    if !values.is_empty() {
        conditions.push(Filter::AnyOf(facet, values));
    }
}

/// What a viewer may find: what is out in the open, and what belongs to the own municipality.
fn visible(viewer: &Viewer) -> Filter {
    let public =
        Filter::AnyOf(Facet::Lifecycle, vec!["published".to_owned(), "needs_update".to_owned()]);
    match viewer {
        Viewer::Operator => Filter::All,
        Viewer::Holder { role: Role::Editor, municipality: Some(own), .. } => {
            Filter::Or(vec![public, Filter::AnyOf(Facet::Municipality, vec![own.key()])])
        }
        // Within Or, a condition is not lifted for the counts of its own facet.
        Viewer::Holder { .. } | Viewer::Anonymous => Filter::Or(vec![public]),
    }
}

impl Services {
    /// Prepares a list for a viewer.
    ///
    /// # Errors
    /// The municipality to compare with is unknown or has no figures.
    pub fn list(&self, viewer: &Viewer, listing: Listing) -> Result<Listed, ListError> {
        let mut filters = listing.filters;
        filters.push(visible(viewer));
        let affinity = listing.alike.map(|alike| self.affinity(alike)).transpose()?;
        Ok(Listed(Query {
            text: listing.search.filter(|text| !text.trim().is_empty()),
            // What a list holds must be what its subscribers are told, whatever else there is.
            lenient: false,
            kinds: listing.kinds.into_iter().map(str::to_owned).collect(),
            filter: Filter::And(filters),
            order: listing.order,
            affinity,
            ..Query::default()
        }))
    }

    fn affinity(&self, alike: Alike) -> Result<Affinity, ListError> {
        let tables = self.directory.tables();
        let focus = tables
            .place(&alike.municipality)
            .ok_or_else(|| ListError::Municipality(alike.municipality.clone()))?;
        if focus.population().is_none() {
            return Err(ListError::Figures(alike.municipality));
        }
        let values = tables.likeness_to(focus);
        Ok(Affinity { values, minimum: alike.minimum, weight: LIKENESS_WEIGHT })
    }

    /// One page of a list.
    ///
    /// # Errors
    /// A cursor is broken or of another list.
    pub async fn page(
        &self,
        listed: &Listed,
        size: usize,
        direction: Direction,
        after: Option<&str>,
        before: Option<&str>,
    ) -> Result<Hits, ListError> {
        let cursor = |text: Option<&str>| {
            text.map(str::parse::<Cursor>).transpose().map_err(|_| ListError::Cursor)
        };
        let page = Page { size, direction, after: cursor(after)?, before: cursor(before)? };
        self.searcher.search(Query { page, ..listed.0.clone() }).await.map_err(
            |error| match error {
                live::Error::Index(allmende_index::Error::Cursor(_)) => ListError::Cursor,
                other => ListError::Service(other.into()),
            },
        )
    }

    /// The values of facets over a whole list.
    ///
    /// # Errors
    /// What the index says.
    pub async fn facets(
        &self,
        listed: &Listed,
        facets: Vec<Facet>,
    ) -> Result<Vec<FacetCounts>, Error> {
        Ok(self.searcher.facets(listed.0.clone(), facets).await?)
    }

    /// Whether a list holds a record. Waits until the index has taken in the journal entry, so
    /// the answer is the same that a query after it would give.
    ///
    /// # Errors
    /// What the index says.
    pub async fn holds(&self, listed: &Listed, id: &str, seq: u64) -> Result<bool, Error> {
        self.searcher.wait_for(seq).await;
        Ok(self.searcher.matches(listed.0.clone(), id.to_owned()).await?.is_some())
    }
}

/// The orders that lists are asked for.
impl Listing {
    /// Newest publication first.
    pub const NEWEST: Order = Order { by: OrderBy::Number(Number::Published), descending: true };
    /// Last change first.
    pub const UPDATED: Order = Order { by: OrderBy::Number(Number::Updated), descending: true };
    /// Fullest record first.
    pub const COMPLETENESS: Order =
        Order { by: OrderBy::Number(Number::Completeness), descending: true };
    /// By name.
    pub const TITLE: Order = Order { by: OrderBy::Title, descending: false };
    /// Largest place first.
    pub const POPULATION: Order =
        Order { by: OrderBy::Number(Number::Population), descending: true };
    /// Smallest place first.
    pub const POPULATION_ASCENDING: Order =
        Order { by: OrderBy::Number(Number::Population), descending: false };
    /// Best match first.
    pub const RELEVANCE: Order = Order { by: OrderBy::Relevance, descending: true };
    /// Most alike first.
    pub const LIKENESS: Order = Order { by: OrderBy::Affinity, descending: true };
}
