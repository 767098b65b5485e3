//! Counts of values over a list.

use allmende_index::{Facet as IndexFacet, FacetCount};
use async_graphql::{Context, Enum, Object, Result, SimpleObject};

use super::context::ContextExt;
use super::enums::api_name;
use super::failure::{Code, failure};
use super::input::SearchKind;
use crate::domain::{
    AdoptionStatus, EffortBand, EvidenceLevel, Instrument, Label, Language, MunicipalityId,
    MunicipalityKind, OrganisationKind, ProgrammeId, QualityLevel, QuestionStatus, SettlementType,
    SizeBand, SolutionStatus, State, SupportClass, TargetGroupId, TopicId,
};
use crate::live::Tables;
use crate::service::{Error, Listed};

/// A field whose values can be counted.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FacetField {
    /// Topics.
    Topic,
    /// Target groups.
    TargetGroup,
    /// States.
    State,
    /// Kinds of municipality.
    MunicipalityKind,
    /// Sizes of municipality.
    SizeBand,
    /// Status of the work.
    Status,
    /// Effort to start.
    Effort,
    /// Evidence of the result.
    Evidence,
    /// Means.
    Instrument,
    /// Programmes.
    Programme,
    /// Municipalities.
    Municipality,
    /// Kinds of things.
    Kind,
    /// How far it was checked.
    Quality,
    /// Structural weakness of the places.
    StructuralWeakness,
    /// Kinds of settlement of the places.
    SettlementType,
    /// Languages of the texts.
    Language,
    /// Years in which the work went on.
    Year,
    /// Where questions stand.
    QuestionStatus,
    /// How far others are with a solution.
    AdoptionStatus,
    /// Kinds of organisation.
    OrganisationKind,
}

const ALL: [(FacetField, IndexFacet); 20] = [
    (FacetField::Topic, IndexFacet::Topic),
    (FacetField::TargetGroup, IndexFacet::TargetGroup),
    (FacetField::State, IndexFacet::State),
    (FacetField::MunicipalityKind, IndexFacet::MunicipalityKind),
    (FacetField::SizeBand, IndexFacet::SizeBand),
    (FacetField::Status, IndexFacet::Status),
    (FacetField::Effort, IndexFacet::Effort),
    (FacetField::Evidence, IndexFacet::Evidence),
    (FacetField::Instrument, IndexFacet::Instrument),
    (FacetField::Programme, IndexFacet::Programme),
    (FacetField::Municipality, IndexFacet::Municipality),
    (FacetField::Kind, IndexFacet::Kind),
    (FacetField::Quality, IndexFacet::Quality),
    (FacetField::StructuralWeakness, IndexFacet::StructuralWeakness),
    (FacetField::SettlementType, IndexFacet::SettlementType),
    (FacetField::Language, IndexFacet::Language),
    (FacetField::Year, IndexFacet::Year),
    (FacetField::QuestionStatus, IndexFacet::QuestionStatus),
    (FacetField::AdoptionStatus, IndexFacet::AdoptionStatus),
    (FacetField::OrganisationKind, IndexFacet::OrganisationKind),
];

/// The most values of a field that are told at once.
const MOST_VALUES: i32 = 1_000;

/// The counts of one field.
pub(super) struct Facet {
    field: FacetField,
    values: Vec<FacetValue>,
}

/// The counts of one field.
#[Object]
impl Facet {
    /// The field.
    async fn field(&self) -> FacetField {
        self.field
    }

    /// Its values, most frequent first.
    async fn values(
        &self,
        #[graphql(desc = "The first so many, 1 to 1000.", default = 100)] first: i32,
    ) -> Result<Vec<FacetValue>> {
        match usize::try_from(first) {
            Ok(size) if (1..=MOST_VALUES).contains(&first) => {
                Ok(self.values.iter().take(size).cloned().collect())
            }
            _ => Err(failure(
                Code::BadUserInput,
                format!("first must be from 1 to {MOST_VALUES}, not {first}"),
            )),
        }
    }

    /// How many different values there are.
    async fn value_count(&self) -> usize {
        self.values.len()
    }
}

/// One value and how many entries have it.
#[derive(SimpleObject, Clone)]
pub(super) struct FacetValue {
    /// The value as a filter takes it: an id, an enum value, a state's code, a language's tag or a year.
    value: String,
    /// What people read.
    label: String,
    /// How many entries of the list have it.
    count: i32,
}

/// Counts fields over a list; fields without any value are left out.
pub(super) async fn facets(
    ctx: &Context<'_>,
    listed: &Listed,
    fields: Option<Vec<FacetField>>,
) -> std::result::Result<Vec<Facet>, Error> {
    let wanted = |field: &FacetField| fields.as_ref().is_none_or(|fields| fields.contains(field));
    let wanted: Vec<_> = ALL.into_iter().filter(|(field, _)| wanted(field)).collect();
    let counts =
        ctx.services().facets(listed, wanted.iter().map(|(_, facet)| *facet).collect()).await?;
    let (tables, language) = (ctx.tables(), ctx.language());
    let facet = |(field, _): (FacetField, IndexFacet), counts: allmende_index::FacetCounts| Facet {
        field,
        values: counts
            .values
            .into_iter()
            // A list of everything leaves out what nobody looks for.
            .filter(|count| {
                field != FacetField::Kind || SearchKind::from_name(&count.value).is_some()
            })
            .map(|count| value(field, count, &tables, language))
            .collect(),
    };
    let facets = wanted.into_iter().zip(counts).map(|(field, counts)| facet(field, counts));
    Ok(facets.filter(|facet| !facet.values.is_empty()).collect())
}

fn value(
    field: FacetField,
    counted: FacetCount,
    tables: &Tables,
    language: Language,
) -> FacetValue {
    let count = i32::try_from(counted.count).unwrap_or(i32::MAX);
    let (value, label) = described(field, &counted.value, tables, language)
        .unwrap_or((counted.value.clone(), counted.value));
    FacetValue { value, label, count }
}

/// The value as the API writes it, and its label.
fn described(
    field: FacetField,
    value: &str,
    tables: &Tables,
    language: Language,
) -> Option<(String, String)> {
    match field {
        FacetField::Topic => {
            let id = TopicId::from_key(value).ok()?;
            Some((id.to_string(), tables.topics.get(&id)?.name.in_language(language).to_owned()))
        }
        FacetField::TargetGroup => {
            let id = TargetGroupId::from_key(value).ok()?;
            Some((
                id.to_string(),
                tables.target_groups.get(&id)?.name.in_language(language).to_owned(),
            ))
        }
        FacetField::Programme => {
            let id = ProgrammeId::from_key(value).ok()?;
            Some((
                id.to_string(),
                tables.programmes.get(&id)?.name.in_language(language).to_owned(),
            ))
        }
        FacetField::Municipality => {
            let id = MunicipalityId::from_key(value).ok()?;
            Some((id.to_string(), tables.place(&id)?.municipality.name.clone()))
        }
        FacetField::State => {
            let state = State::ALL.iter().find(|state| state.0 == value)?;
            Some((value.to_owned(), state.name(language).to_owned()))
        }
        FacetField::Kind => {
            let kind = SearchKind::from_name(value)?;
            Some((kind.api_name(), kind.label(language).to_owned()))
        }
        FacetField::Language | FacetField::Year => None,
        FacetField::Quality => labelled::<QualityLevel>(value, language),
        FacetField::StructuralWeakness => labelled::<SupportClass>(value, language),
        FacetField::SettlementType => labelled::<SettlementType>(value, language),
        FacetField::MunicipalityKind => labelled::<MunicipalityKind>(value, language),
        FacetField::SizeBand => labelled::<SizeBand>(value, language),
        FacetField::Status => labelled::<SolutionStatus>(value, language),
        FacetField::Effort => labelled::<EffortBand>(value, language),
        FacetField::Evidence => labelled::<EvidenceLevel>(value, language),
        FacetField::Instrument => labelled::<Instrument>(value, language),
        FacetField::QuestionStatus => labelled::<QuestionStatus>(value, language),
        FacetField::AdoptionStatus => labelled::<AdoptionStatus>(value, language),
        FacetField::OrganisationKind => labelled::<OrganisationKind>(value, language),
    }
}

fn labelled<L: Label>(name: &str, language: Language) -> Option<(String, String)> {
    let value = L::from_name(name)?;
    Some((api_name(value), value.label(language).to_owned()))
}
