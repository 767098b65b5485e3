//! Filters and orders of lists.

use async_graphql::{Enum, InputObject, OneofObject, Result};

use super::failure::{Code, failure};
use super::ids::Date;
use crate::domain::{
    Coordinates, EffortBand, EvidenceLevel, Instrument, Language, Lifecycle, MunicipalityId,
    MunicipalityKind, Near, OrganisationId, ProgrammeId, QualityLevel, SettlementType, SizeBand,
    SolutionId, SolutionStatus, State, SupportClass, TargetGroupId, TopicId,
};
use crate::service::{Alike, Listing, MunicipalityFilter, SolutionFilter};

/// Which solutions. Between fields all must hold, within a list one is enough.
#[derive(InputObject, Debug, Clone, Default)]
#[graphql(name = "SolutionFilter")]
pub(super) struct SolutionFilterInput {
    /// Topics.
    topics: Option<Vec<TopicId>>,
    /// Target groups.
    target_groups: Option<Vec<TargetGroupId>>,
    /// Municipalities.
    municipalities: Option<Vec<MunicipalityId>>,
    /// Organisations that worked along.
    organisations: Option<Vec<OrganisationId>>,
    /// States, ISO 3166-2, for instance `DE-SN`.
    states: Option<Vec<String>>,
    /// States of review, also of a next version that is being written; hidden ones only of one's own
    /// municipalities, and those that were handed over for moderators. Together with
    /// `municipalities` this is the list of own drafts, or the queue of what waits for review.
    lifecycles: Option<Vec<Lifecycle>>,
    /// Kinds of municipality.
    municipality_kinds: Option<Vec<MunicipalityKind>>,
    /// Sizes of municipality.
    size_bands: Option<Vec<SizeBand>>,
    /// Where the work stands.
    statuses: Option<Vec<SolutionStatus>>,
    /// Means.
    instruments: Option<Vec<Instrument>>,
    /// Effort to start.
    efforts: Option<Vec<EffortBand>>,
    /// Evidence of the result.
    evidence: Option<Vec<EvidenceLevel>>,
    /// How far it was checked.
    quality: Option<Vec<QualityLevel>>,
    /// Structural weakness of the places.
    structural_weakness: Option<Vec<SupportClass>>,
    /// Kinds of settlement of the places.
    settlement_types: Option<Vec<SettlementType>>,
    /// Languages of the texts, BCP 47.
    languages: Option<Vec<String>>,
    /// Inhabitants of the places.
    population: Option<WholeRange>,
    /// Work that went on in these years.
    years: Option<WholeRange>,
    /// Those whose `reviewBy` lies before this day.
    review_due_before: Option<Date>,
    /// Places near a point; those whose coordinates are not known are left out.
    near: Option<NearPoint>,
}

/// What is at most so far from a point.
#[derive(InputObject, Debug, Clone, Copy)]
#[graphql(name = "Near")]
pub(super) struct NearPoint {
    /// Degrees north of the equator, -90 to 90.
    latitude: f64,
    /// Degrees east of Greenwich, -180 to 180.
    longitude: f64,
    /// The greatest distance in kilometres, up to 1000.
    kilometres: f64,
}

impl NearPoint {
    /// The farthest that is still near.
    const FARTHEST: f64 = 1_000.0;

    /// Checks that there is such a point.
    pub(super) fn checked(self) -> Result<Near> {
        let Self { latitude, longitude, kilometres } = self;
        let within = |value: f64, least: f64, most: f64| (least..=most).contains(&value);
        let wrong = if !within(latitude, -90.0, 90.0) {
            format!("near.latitude must be from -90 to 90, not {latitude}")
        } else if !within(longitude, -180.0, 180.0) {
            format!("near.longitude must be from -180 to 180, not {longitude}")
        } else if !within(kilometres, 0.0, Self::FARTHEST) {
            format!("near.kilometres must be from 0 to {}, not {kilometres}", Self::FARTHEST)
        } else {
            return Ok(Near { point: Coordinates { latitude, longitude }, kilometres });
        };
        Err(failure(Code::BadUserInput, wrong))
    }
}

/// Whole numbers from one to another, both included; without a bound there is none.
#[derive(InputObject, Debug, Clone, Copy)]
#[graphql(name = "IntRange")]
pub(super) struct WholeRange {
    /// The least.
    min: Option<i32>,
    /// The greatest.
    max: Option<i32>,
}

impl WholeRange {
    /// Checks that something can lie within it.
    fn checked(&self, name: &str) -> Result<()> {
        match (self.min, self.max) {
            (Some(min), Some(max)) if min > max => Err(failure(
                Code::BadUserInput,
                format!("{name}.min must not be above {name}.max, as {min} is above {max}"),
            )),
            _ => Ok(()),
        }
    }
}

/// Checks that there are such states.
pub(super) fn check_states(codes: Option<&[String]>) -> Result<()> {
    let is_unknown = |code: &&String| !State::ALL.iter().any(|state| state.0 == **code);
    match codes.unwrap_or_default().iter().find(is_unknown) {
        Some(code) => Err(failure(
            Code::BadUserInput,
            format!("there is no state \"{code:.20}\": write for instance DE-SN (ISO 3166-2)"),
        )),
        None => Ok(()),
    }
}

impl From<WholeRange> for (Option<i64>, Option<i64>) {
    fn from(range: WholeRange) -> Self {
        (range.min.map(i64::from), range.max.map(i64::from))
    }
}

impl From<SolutionFilterInput> for SolutionFilter {
    fn from(input: SolutionFilterInput) -> Self {
        Self {
            topics: input.topics.unwrap_or_default(),
            target_groups: input.target_groups.unwrap_or_default(),
            municipalities: input.municipalities.unwrap_or_default(),
            organisations: input.organisations.unwrap_or_default(),
            states: input.states.unwrap_or_default(),
            municipality_kinds: input.municipality_kinds.unwrap_or_default(),
            size_bands: input.size_bands.unwrap_or_default(),
            statuses: input.statuses.unwrap_or_default(),
            instruments: input.instruments.unwrap_or_default(),
            efforts: input.efforts.unwrap_or_default(),
            evidence: input.evidence.unwrap_or_default(),
            quality: input.quality.unwrap_or_default(),
            structural_weakness: input.structural_weakness.unwrap_or_default(),
            settlement_types: input.settlement_types.unwrap_or_default(),
            languages: input.languages.unwrap_or_default(),
            population: input.population.map(Into::into),
            years: input.years.map(Into::into),
            review_due_before: input.review_due_before.map(|day| day.0),
        }
    }
}

/// Which municipalities. Between fields all must hold, within a list one is enough.
#[derive(InputObject, Debug, Clone, Default)]
#[graphql(name = "MunicipalityFilter")]
pub(super) struct MunicipalityFilterInput {
    /// Kinds of municipality.
    kinds: Option<Vec<MunicipalityKind>>,
    /// States, ISO 3166-2, for instance `DE-SN`.
    pub(super) states: Option<Vec<String>>,
    /// Sizes.
    size_bands: Option<Vec<SizeBand>>,
    /// Programmes they took part in.
    programmes: Option<Vec<ProgrammeId>>,
    /// Those near a point; those whose coordinates are not known are left out.
    pub(super) near: Option<NearPoint>,
}

impl From<MunicipalityFilterInput> for MunicipalityFilter {
    fn from(input: MunicipalityFilterInput) -> Self {
        Self {
            kinds: input.kinds.unwrap_or_default(),
            states: input.states.unwrap_or_default(),
            size_bands: input.size_bands.unwrap_or_default(),
            programmes: input.programmes.unwrap_or_default(),
        }
    }
}

/// Names one municipality.
#[derive(OneofObject, Debug)]
#[graphql(name = "MunicipalityBy")]
pub(super) enum MunicipalityBy {
    /// By its global id.
    Id(MunicipalityId),
    /// By its name in URLs.
    Slug(String),
    /// By its official municipality key, 8 digits.
    Ags(String),
    /// By its official regional key: 12, 9 or 5 digits.
    Ars(String),
}

/// Names one solution.
#[derive(OneofObject, Debug)]
#[graphql(name = "SolutionBy")]
pub(super) enum SolutionBy {
    /// By its global id.
    Id(SolutionId),
    /// By its name in URLs.
    Slug(String),
    /// By its key in the system that it was imported from. Several municipalities may use the same
    /// keys: what the viewer works for goes first, then what is older.
    ExternalKey(String),
}

/// The order of solutions.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SolutionOrder {
    /// Best match of the search first; likeness raises a match.
    Relevance,
    /// Newest publication first.
    Newest,
    /// Last change first.
    Updated,
    /// By title.
    Title,
    /// Fullest record first.
    Completeness,
    /// What is to be confirmed first: by `reviewBy`.
    ReviewDue,
    /// Most alike places first; needs `likeMunicipality`.
    Likeness,
}

impl SolutionOrder {
    /// The list of solutions that these arguments ask for. Without an order, a search is ordered
    /// by relevance, a comparison by likeness, anything else by date.
    pub(super) fn listing(
        search: Option<String>,
        filter: Option<SolutionFilterInput>,
        alike: Option<Alike>,
        order: Option<Self>,
    ) -> Result<Listing> {
        let search = said(search);
        let order = match (order, &search, &alike) {
            (Some(Self::Likeness), _, None) => {
                return Err(failure(
                    Code::BadUserInput,
                    "the order LIKENESS needs likeMunicipality",
                ));
            }
            (Some(order), _, _) => order,
            (None, Some(_), _) => Self::Relevance,
            (None, None, Some(_)) => Self::Likeness,
            (None, None, None) => Self::Newest,
        };
        let order = match order {
            Self::Relevance => Listing::RELEVANCE,
            Self::Newest => Listing::NEWEST,
            Self::Updated => Listing::UPDATED,
            Self::Title => Listing::TITLE,
            Self::Completeness => Listing::COMPLETENESS,
            Self::ReviewDue => Listing::REVIEW_DUE,
            Self::Likeness => Listing::LIKENESS,
        };
        let filter = filter.unwrap_or_default();
        check_states(filter.states.as_deref())?;
        for (name, range) in [("population", filter.population), ("years", filter.years)] {
            range.map_or(Ok(()), |range| range.checked(name))?;
        }
        let near = filter.near.map(NearPoint::checked).transpose()?;
        let lifecycles = filter.lifecycles.clone().unwrap_or_default();
        let filters = SolutionFilter::from(filter).conditions();
        let kinds = vec!["Solution"];
        let rest = Listing::default();
        Ok(Listing { kinds, search, filters, lifecycles, near, alike, order, ..rest })
    }
}

/// A search without a word is none.
pub(super) fn said(search: Option<String>) -> Option<String> {
    search.filter(|text| text.contains(char::is_alphanumeric))
}

/// The order of municipalities.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MunicipalityOrder {
    /// Best match of the search first.
    Relevance,
    /// By name.
    Name,
    /// Largest first.
    Largest,
    /// Smallest first.
    Smallest,
}

impl MunicipalityOrder {
    /// The order of the index. Without one, a search is ordered by relevance, else by name.
    pub(super) fn order(order: Option<Self>, search: Option<&str>) -> allmende_index::Order {
        match order.unwrap_or(if search.is_some() { Self::Relevance } else { Self::Name }) {
            Self::Relevance => Listing::RELEVANCE,
            Self::Name => Listing::TITLE,
            Self::Largest => Listing::POPULATION,
            Self::Smallest => Listing::POPULATION_ASCENDING,
        }
    }
}

/// A kind of thing that a search over everything can find.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SearchKind {
    /// Solutions.
    Solution,
    /// Municipalities.
    Municipality,
    /// Contacts.
    Contact,
    /// Project documents.
    ProjectDocument,
    /// Organisations.
    Organisation,
    /// Strategy processes.
    StrategyProcess,
    /// Questions with their answers.
    Question,
}

impl SearchKind {
    /// All of them.
    const ALL: [Self; 7] = [
        Self::Solution,
        Self::Municipality,
        Self::Contact,
        Self::ProjectDocument,
        Self::Organisation,
        Self::StrategyProcess,
        Self::Question,
    ];

    /// The names of the kinds that are asked for; all if none are.
    pub(super) fn names(kinds: Option<Vec<Self>>) -> Vec<&'static str> {
        let kinds = kinds.filter(|kinds| !kinds.is_empty()).unwrap_or_else(|| Self::ALL.to_vec());
        kinds.into_iter().map(Self::name).collect()
    }

    /// The kind with this name in the index.
    pub(super) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The name of the enum value.
    pub(super) fn api_name(self) -> String {
        async_graphql::resolver_utils::enum_value(self).to_string()
    }

    /// What people read, of several.
    pub(super) const fn label(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Solution, Language::German) => "Lösungen",
            (Self::Municipality, Language::German) => "Kommunen",
            (Self::Contact, Language::German) => "Kontakte",
            (Self::ProjectDocument, Language::German) => "Dokumente",
            (Self::Organisation, Language::German) => "Organisationen",
            (Self::StrategyProcess, Language::German) => "Strategieprozesse",
            (Self::Question, Language::German) => "Fragen",
            (Self::Solution, Language::English) => "Solutions",
            (Self::Municipality, Language::English) => "Municipalities",
            (Self::Contact, Language::English) => "Contacts",
            (Self::ProjectDocument, Language::English) => "Documents",
            (Self::Organisation, Language::English) => "Organisations",
            (Self::StrategyProcess, Language::English) => "Strategy processes",
            (Self::Question, Language::English) => "Questions",
        }
    }

    /// The name of the kind in the index.
    const fn name(self) -> &'static str {
        match self {
            Self::Solution => "Solution",
            Self::Municipality => "Municipality",
            Self::Contact => "Contact",
            Self::ProjectDocument => "ProjectDocument",
            Self::Organisation => "Organisation",
            Self::StrategyProcess => "StrategyProcess",
            Self::Question => "Question",
        }
    }
}
