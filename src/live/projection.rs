//! What of each record goes into the index.

mod reuse;

use std::collections::BTreeSet;

use allmende_index::{Document, Facet, Number};
use chrono::{DateTime, Datelike, Utc};

use super::Error;
use super::place::Place;
use super::tables::Tables;
use crate::domain::{
    Adoption, Contact, ContactVisibility, DocumentFile, Feedback, FileHash, FileText, Label,
    Municipality, MunicipalityId, NodeId, Organisation, PartialDate, Period, Profile,
    ProjectDocument, Publication, Question, SettlementType, Solution, StrategyProcess, TextState,
    TopicId, milliseconds,
};
use crate::store::{self, Record, Store};

/// Values for [`Facet::Lifecycle`] of what has no lifecycle of its own: it is always shown.
const SHOWN: &str = "published";

/// Work that went on for longer is counted for its first years only.
const MOST_YEARS: usize = 50;

/// How many records are read at once when all are.
const PAGE: usize = 500;

/// A record that can be found.
pub(super) trait Findable {
    /// How many of them are read at once when all are.
    const AT_ONCE: usize = PAGE;

    /// Its document, with what the directory knows of the places it belongs to.
    fn document(&self, tables: &Tables) -> Document;

    /// The file whose text belongs to it.
    fn read_file(&self) -> Option<&FileHash> {
        None
    }
}

/// The document of a record, with the text of its file.
pub(super) async fn with_text<R: Findable>(
    store: &Store,
    tables: &Tables,
    record: &R,
) -> Result<Document, store::Error> {
    let mut document = record.document(tables);
    if let Some(hash) = record.read_file() {
        let text = store.get::<FileText>(hash).await?;
        document.text = text.map(|text| text.joined()).unwrap_or_default();
    }
    Ok(document)
}

/// The document of a record as it is now; nothing if it is gone or not for finding.
pub(super) async fn document(
    store: &Store,
    tables: &Tables,
    subject: &NodeId,
) -> Result<Option<Document>, Error> {
    match subject {
        NodeId::Solution(id) => found::<Solution>(store, tables, id).await,
        NodeId::Municipality(id) => found::<Municipality>(store, tables, id).await,
        NodeId::Contact(id) => found::<Contact>(store, tables, id).await,
        NodeId::ProjectDocument(id) => found::<ProjectDocument>(store, tables, id).await,
        NodeId::Profile(id) => found::<Profile>(store, tables, id).await,
        NodeId::Organisation(id) => found::<Organisation>(store, tables, id).await,
        NodeId::StrategyProcess(id) => found::<StrategyProcess>(store, tables, id).await,
        NodeId::Question(id) => found::<Question>(store, tables, id).await,
        NodeId::Adoption(id) => found::<Adoption>(store, tables, id).await,
        NodeId::Feedback(id) => found::<Feedback>(store, tables, id).await,
        NodeId::Topic(_)
        | NodeId::TargetGroup(_)
        | NodeId::Programme(_)
        | NodeId::Thesaurus(_)
        | NodeId::AccessToken(_)
        | NodeId::Account(_)
        | NodeId::Transition(_)
        | NodeId::SolutionVersion(_)
        | NodeId::Event(_)
        | NodeId::Webhook(_)
        | NodeId::Delivery(_)
        | NodeId::Watch(_) => Ok(None),
    }
}

async fn found<R: Record + Findable>(
    store: &Store,
    tables: &Tables,
    id: &R::Id,
) -> Result<Option<Document>, Error> {
    let Some(record) = store.get::<R>(id).await? else { return Ok(None) };
    Ok(Some(with_text(store, tables, &record).await?))
}

impl Findable for Solution {
    fn document(&self, tables: &Tables) -> Document {
        let mut facets = vec![(Facet::Lifecycle, self.lifecycle.name().to_owned())];
        // A next version is looked for by those who work on it; readers ask for what is public.
        facets.extend(self.working.map(|state| (Facet::Lifecycle, state.name().to_owned())));
        facets.extend(self.topics.iter().map(|topic| (Facet::Topic, topic.key())));
        facets.extend(self.target_groups.iter().map(|group| (Facet::TargetGroup, group.key())));
        facets.extend(
            self.instruments
                .iter()
                .map(|instrument| (Facet::Instrument, instrument.name().to_owned())),
        );
        facets.extend(self.keywords.iter().map(|keyword| (Facet::Keyword, keyword.to_lowercase())));
        facets.extend(self.status.map(|status| (Facet::Status, status.name().to_owned())));
        facets.extend(self.effort.map(|effort| (Facet::Effort, effort.name().to_owned())));
        facets.extend(self.evidence.map(|evidence| (Facet::Evidence, evidence.name().to_owned())));
        facets.extend(self.external_key.clone().map(|key| (Facet::ExternalKey, key)));
        let quality = self.quality.proven_by(tables.adoptions(&self.id));
        facets.push((Facet::Quality, quality.name().to_owned()));
        facets.push((Facet::Language, self.language.to_lowercase()));
        let years = self.period.as_ref().map(|period| years(period, self.updated_at));
        facets.extend(years.into_iter().flatten().map(|year| (Facet::Year, year.to_string())));
        let organisations =
            self.partners.iter().filter_map(|partner| partner.organisation.as_ref());
        facets.extend(organisations.map(|organisation| (Facet::Organisation, organisation.key())));
        let mut document = Document {
            id: self.id.to_string(),
            kind: "Solution".to_owned(),
            title: self.title.clone(),
            teaser: self.teaser.clone(),
            topics: solution_words(self, tables),
            problem: self.problem.clone(),
            approach: self.approach.clone(),
            results: self
                .results
                .as_ref()
                .and_then(|results| results.summary.clone())
                .unwrap_or_default(),
            text: solution_text(self),
            places: String::new(),
            facets,
            numbers: dates(self.created_at, self.updated_at),
        };
        document
            .numbers
            .extend(self.published_at.map(|at| (Number::Published, at.timestamp_millis())));
        let due = self.review_date().map(milliseconds);
        document.numbers.extend(due.map(|due| (Number::ReviewDue, due)));
        document.numbers.push((Number::Quality, quality as i64));
        #[expect(clippy::cast_possible_truncation, reason = "a share from 0 to 1, in per mille")]
        document
            .numbers
            .push((Number::Completeness, (self.completeness() * 1_000.0).round() as i64));
        belongs_to(&mut document, &self.municipalities, tables);
        document
    }
}

/// The years in which the work went on; work without an end up to the last change of its record.
fn years(period: &Period, updated: DateTime<Utc>) -> impl Iterator<Item = i32> + use<> {
    let starts = period.starts.as_ref().map(PartialDate::year);
    let ends = period.ends.as_ref().map_or_else(|| updated.year(), PartialDate::year);
    let starts = starts.unwrap_or(ends);
    (starts..=ends.max(starts)).take(MOST_YEARS)
}

/// Names of topics and target groups in both languages, and keywords.
fn solution_words(solution: &Solution, tables: &Tables) -> String {
    let groups = solution.target_groups.iter().filter_map(|id| tables.target_groups.get(id));
    let groups = groups.flat_map(|group| [group.name.de.as_str(), group.name.en.as_str()]);
    let names = topic_names(&solution.topics, tables).chain(groups);
    joined(names.chain(solution.keywords.iter().map(String::as_str)))
}

/// Names of topics in both languages.
fn topic_names<'a>(topics: &'a [TopicId], tables: &'a Tables) -> impl Iterator<Item = &'a str> {
    let topics = topics.iter().filter_map(|id| tables.topics.get(id));
    topics.flat_map(|topic| [topic.name.de.as_str(), topic.name.en.as_str()])
}

/// The value of [`Facet::Lifecycle`] of what is either in the open or not.
fn shown(is_public: bool) -> (Facet, String) {
    let publication = if is_public { Publication::Published } else { Publication::Archived };
    (Facet::Lifecycle, publication.name().to_owned())
}

/// Everything else that is worth finding.
fn solution_text(solution: &Solution) -> String {
    let parts = [
        &solution.place,
        &solution.steps,
        &solution.legal_basis,
        &solution.prerequisites,
        &solution.lessons,
        &solution.difficulties,
        &solution.would_change,
        &solution.sustaining,
    ];
    let transfer =
        solution.transferability.iter().flat_map(|transfer| [&transfer.copyable, &transfer.local]);
    let participation = solution.participation.iter().map(|participation| &participation.formats);
    let partners = solution.partners.iter().map(|partner| &partner.name);
    let funding = solution.funding.iter().map(|funding| funding.programme.as_str());
    let tools = solution.digital_tools.iter().map(|tool| tool.name.as_str());
    let texts = parts
        .into_iter()
        .chain(transfer)
        .chain(participation)
        .chain(partners)
        .flatten()
        .map(String::as_str);
    joined(texts.chain(funding).chain(tools))
}

impl Findable for Municipality {
    fn document(&self, tables: &Tables) -> Document {
        let mut document = Document {
            id: self.id.to_string(),
            kind: "Municipality".to_owned(),
            title: self.name.clone(),
            text: self.note.clone().unwrap_or_default(),
            facets: vec![(Facet::Lifecycle, SHOWN.to_owned())],
            ..Document::default()
        };
        let programmes =
            self.participations.iter().map(|participation| participation.programme.key());
        document.facets.extend(programmes.map(|programme| (Facet::Programme, programme)));
        let keys = [Some(&self.slug), self.ags.as_ref(), self.ars.as_ref()].into_iter().flatten();
        document
            .facets
            .extend(keys.chain(&self.former_keys).map(|key| (Facet::ExternalKey, key.clone())));
        belongs_to(&mut document, std::slice::from_ref(&self.id), tables);
        document
    }
}

impl Findable for Contact {
    fn document(&self, tables: &Tables) -> Document {
        let shown = self.visibility == ContactVisibility::Public;
        let person = self.person.as_deref().filter(|_| shown).unwrap_or_default();
        let text = joined([self.office.as_deref().unwrap_or_default(), person]);
        let document = Document { title: self.role.clone(), text, ..Document::default() };
        let made = dates(self.created_at, self.updated_at);
        owned(
            document,
            "Contact",
            &self.id.to_string(),
            self.publication,
            &self.municipality,
            tables,
            made,
        )
    }
}

impl Findable for ProjectDocument {
    /// Their texts may be long.
    const AT_ONCE: usize = 10;

    fn read_file(&self) -> Option<&FileHash> {
        let is_read = |file: &&DocumentFile| matches!(file.text, TextState::Read | TextState::Cut);
        self.file.as_ref().filter(is_read).map(|file| &file.hash)
    }

    fn document(&self, tables: &Tables) -> Document {
        let document = Document {
            title: self.title.clone(),
            teaser: self.description.clone().unwrap_or_default(),
            topics: self.kind.label(crate::domain::Language::German).to_owned(),
            facets: self
                .external_key
                .clone()
                .map(|key| (Facet::ExternalKey, key))
                .into_iter()
                .collect(),
            ..Document::default()
        };
        let made = dates(self.created_at, self.updated_at);
        owned(
            document,
            "ProjectDocument",
            &self.id.to_string(),
            self.publication,
            &self.municipality,
            tables,
            made,
        )
    }
}

impl Findable for Profile {
    fn document(&self, tables: &Tables) -> Document {
        let document = Document { title: self.reference_date.to_string(), ..Document::default() };
        let made = dates(self.created_at, self.updated_at);
        owned(
            document,
            "Profile",
            &self.id.to_string(),
            self.publication,
            &self.municipality,
            tables,
            made,
        )
    }
}

impl Findable for Organisation {
    fn document(&self, tables: &Tables) -> Document {
        let mut facets = vec![
            shown(self.is_public()),
            (Facet::ExternalKey, self.slug.clone()),
            (Facet::OrganisationKind, self.kind.name().to_owned()),
        ];
        facets.extend(self.topics.iter().map(|topic| (Facet::Topic, topic.key())));
        let places = self.municipalities.iter().filter_map(|id| tables.place(id));
        let places: Vec<&Municipality> = places.map(|place| &place.municipality).collect();
        let states: BTreeSet<&String> =
            self.states.iter().chain(places.iter().flat_map(|place| &place.states)).collect();
        facets.extend(states.into_iter().map(|state| (Facet::State, state.clone())));
        // Once it is put away, only those who entered it find it.
        let entered_by = self.entered_by.as_slice();
        let owners = if self.is_public() { &self.municipalities[..] } else { entered_by };
        facets.extend(owners.iter().map(|id| (Facet::Municipality, id.key())));
        Document {
            id: self.id.to_string(),
            kind: "Organisation".to_owned(),
            title: self.name.clone(),
            teaser: self.description.clone().unwrap_or_default(),
            topics: joined(topic_names(&self.topics, tables)),
            places: joined(places.iter().map(|place| place.name.as_str())),
            facets,
            ..Document::default()
        }
    }
}

impl Findable for StrategyProcess {
    fn document(&self, tables: &Tables) -> Document {
        let programme = self.programme.as_ref().and_then(|id| tables.programmes.get(id));
        let notes = self.steps.iter().filter_map(|step| step.note.as_deref());
        let measures = self.measures.iter().map(|measure| measure.title.as_str());
        let mut facets: Vec<(Facet, String)> =
            self.programme.iter().map(|id| (Facet::Programme, id.key())).collect();
        let topics = self.priorities.iter().map(|priority| &priority.topic);
        let topics = topics.chain(self.measures.iter().flat_map(|measure| &measure.topics));
        facets.extend(topics.map(|topic| (Facet::Topic, topic.key())));
        let solutions = self.measures.iter().filter_map(|measure| measure.solution.as_ref());
        facets.extend(solutions.map(|solution| (Facet::Solution, solution.key())));
        let organisations = self.facilitations.iter().map(|it| it.organisation.key());
        facets.extend(organisations.map(|organisation| (Facet::Organisation, organisation)));
        let review = self.review.iter();
        let review = review.flat_map(|it| [&it.reached, &it.not_reached, &it.changed]);
        let review = review.flatten().map(String::as_str);
        let document = Document {
            title: programme.map(|programme| programme.name.de.clone()).unwrap_or_default(),
            text: joined(notes.chain(measures).chain(review)),
            facets,
            ..Document::default()
        };
        let id = self.id.to_string();
        owned(
            document,
            "StrategyProcess",
            &id,
            self.publication,
            &self.municipality,
            tables,
            dates(self.created_at, self.updated_at),
        )
    }
}

/// Completes the document of a record that belongs to one municipality.
fn owned(
    mut document: Document,
    kind: &str,
    id: &str,
    publication: Publication,
    owner: &MunicipalityId,
    tables: &Tables,
    numbers: Vec<(Number, i64)>,
) -> Document {
    document.id = id.to_owned();
    document.kind = kind.to_owned();
    document.numbers = numbers;
    document.facets.push((Facet::Lifecycle, publication.name().to_owned()));
    belongs_to(&mut document, std::slice::from_ref(owner), tables);
    document
}

/// Adds what is known of the places that a record belongs to.
fn belongs_to(document: &mut Document, owners: &[MunicipalityId], tables: &Tables) {
    document.facets.extend(owners.iter().map(|owner| (Facet::Municipality, owner.key())));
    let places: Vec<&Place> =
        owners.iter().filter_map(|owner| tables.place(owner)).map(AsRef::as_ref).collect();
    document.places = joined(places.iter().map(|place| place.municipality.name.as_str()));
    let mut add = |facet: Facet, value: &str| {
        let value = (facet, value.to_owned());
        if !document.facets.contains(&value) {
            document.facets.push(value);
        }
    };
    for place in &places {
        place.municipality.states.iter().for_each(|state| add(Facet::State, state));
        add(Facet::MunicipalityKind, place.municipality.kind.name());
        if let Some(band) = place.size_band() {
            add(Facet::SizeBand, band);
        }
        if let Some(weakness) = &place.municipality.structural_weakness {
            add(Facet::StructuralWeakness, weakness.class.name());
        }
        let class = place.profile.as_ref().and_then(|profile| profile.regiostar17);
        if let Some(settlement) = class.and_then(SettlementType::of_regiostar17) {
            add(Facet::SettlementType, settlement.name());
        }
    }
    let population = places.first().and_then(|place| place.population());
    document
        .numbers
        .extend(population.map(|population| (Number::Population, i64::from(population))));
}

fn dates(created: DateTime<Utc>, updated: DateTime<Utc>) -> Vec<(Number, i64)> {
    vec![
        (Number::Created, created.timestamp_millis()),
        (Number::Updated, updated.timestamp_millis()),
    ]
}

fn joined<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let texts: Vec<&str> = texts.into_iter().filter(|text| !text.is_empty()).collect();
    texts.join("\n")
}
