//! The files of an import, and how they read.

use chrono::NaiveDate;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::domain::{
    ContactVisibility, Coordinates, Costs, DigitalTool, DocumentKind, EffortBand, EvidenceLevel,
    Funding, Image, Instrument, Language, Measure, MeasureId, MeasureStatus, MunicipalityKind,
    OrganisationKind, PartialDate, Participation, ParticipationRecord, PartnerRole, Period,
    Priority, ProcessStep, ProgrammeId, Results, SizeBand, SolutionId, SolutionStatus, Source,
    Staff, StructuralWeakness, Swot, SynonymGroup, TargetGroupId, TopicId, Transferability,
    Translated, Willingness,
};
use crate::service::Error;

/// Why an import stopped.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// A file is no TOML, or has fields that there are not.
    #[error("{file}: {reason}")]
    File {
        /// Its name.
        file: String,
        /// What is wrong, with line and column.
        reason: String,
    },
    /// A record breaks a rule.
    #[error("{file}, record \"{key}\": {}", .error.in_words())]
    Record {
        /// Its file.
        file: &'static str,
        /// Its key in the file.
        key: String,
        /// What is wrong.
        error: Error,
    },
}

impl ImportError {
    /// For `map_err`: the record at which a use case failed.
    pub(super) fn at<'a>(file: &'static str, key: &'a str) -> impl FnOnce(Error) -> Self + 'a {
        move |error| Self::Record { file, key: key.to_owned(), error }
    }
}

impl Error {
    /// The error in words, each problem in a sentence.
    pub(super) fn in_words(&self) -> String {
        match self {
            Self::Problems(problems) => {
                let sentences: Vec<_> =
                    problems.iter().map(|problem| problem.message(Language::English)).collect();
                sentences.join(" ")
            }
            other => other.to_string(),
        }
    }
}

/// Declares the form of a record in a file. Lists may be left out.
macro_rules! form {
    ($name:ident { $($field:ident: $type:ty,)* }) => {
        #[derive(Debug, Clone, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(super) struct $name { $(#[serde(default)] pub(super) $field: $type,)* }
    };
    (required { $($required:ident: $required_type:ty,)* } $name:ident { $($field:ident: $type:ty,)* }) => {
        #[derive(Debug, Clone, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(super) struct $name {
            $(pub(super) $required: $required_type,)*
            $(#[serde(default)] pub(super) $field: $type,)*
        }
    };
}

form!(required { slug: TopicId, name: Translated, description: Translated, } TopicForm { zwk_topics: Vec<String>, sdg: Vec<u8>, });
form!(required { slug: TargetGroupId, name: Translated, } TargetGroupForm {});
form!(required { slug: ProgrammeId, name: Translated, description: Translated, } ProgrammeForm {
    starts: Option<PartialDate>, ends: Option<PartialDate>, url: Option<String>, sources: Vec<String>,
});
form!(required { slug: String, name: String, kind: OrganisationKind, } OrganisationForm {
    description: Option<String>, website: Option<String>,
});
form!(required { slug: String, name: String, kind: MunicipalityKind, states: Vec<String>, } MunicipalityForm {
    ags: Option<String>, ars: Option<String>, parent: Option<String>, members: Vec<String>, website: Option<String>,
    note: Option<String>, participations: Vec<Participation>, structural_weakness: Option<StructuralWeakness>,
    coordinates: Option<Coordinates>, one_person: Option<bool>, profiles: Vec<ProfileForm>,
});
form!(required { reference_date: NaiveDate, } ProfileForm {
    population: Option<u32>, area_km2: Option<f64>, source: Option<String>,
});
form!(required { external_key: String, municipality: String, role: String, visibility: ContactVisibility, } ContactForm {
    office: Option<String>, email: Option<String>, phone: Option<String>, languages: Vec<String>, willing: Vec<Willingness>,
});
form!(required { external_key: String, municipality: String, title: String, kind: DocumentKind, url: String, } DocumentForm {
    description: Option<String>, published: Option<PartialDate>, language: Option<String>, licence: Option<String>,
});
form!(PartnerForm { organisation: Option<String>, name: Option<String>, role: Option<PartnerRole>, });
form!(required { external_key: String, title: String, municipalities: Vec<String>, } SolutionForm {
    teaser: String, place: Option<String>, period: Option<Period>, status: Option<SolutionStatus>, topics: Vec<TopicId>,
    target_groups: Vec<TargetGroupId>, keywords: Vec<String>, instruments: Vec<Instrument>, problem: String,
    approach: String, steps: Option<String>, participation: Option<ParticipationRecord>, partners: Vec<PartnerForm>,
    results: Option<Results>, evidence: Option<EvidenceLevel>, costs: Option<Costs>, funding: Vec<Funding>,
    staff: Option<Staff>, legal_basis: Option<String>, prerequisites: Option<String>,
    transferability: Option<Transferability>, lessons: Option<String>, difficulties: Option<String>,
    would_change: Option<String>, sustaining: Option<String>, digital_tools: Vec<DigitalTool>, effort: Option<EffortBand>,
    months_to_effect: Option<u16>, size_bands: Vec<SizeBand>, contacts: Vec<String>, documents: Vec<String>,
    images: Vec<Image>, related: Vec<String>, sources: Vec<Source>, licence: Option<String>,
});
form!(required { title: String, status: MeasureStatus, } MeasureForm {
    owner: Option<String>, period: Option<String>, budget: Option<u64>, topics: Vec<TopicId>, solution: Option<String>,
});
form!(required { municipality: String, } ProcessForm {
    programme: Option<ProgrammeId>, starts: Option<PartialDate>, ends: Option<PartialDate>, steps: Vec<ProcessStep>,
    priorities: Vec<Priority>, swot: Option<Swot>, measures: Vec<MeasureForm>,
});

impl MeasureForm {
    /// The measure, once the solution is known.
    pub(super) fn measure(self, key: MeasureId, solution: Option<SolutionId>) -> Measure {
        let Self { title, status, owner, period, budget, topics, .. } = self;
        let planned = Measure::planned(key);
        Measure { title, status, owner, period, budget, topics, solution, ..planned }
    }
}

/// A set of files to take in.
#[derive(Debug, Clone, Default)]
pub struct Seed {
    pub(super) topics: Vec<TopicForm>,
    pub(super) target_groups: Vec<TargetGroupForm>,
    pub(super) programmes: Vec<ProgrammeForm>,
    pub(super) organisations: Vec<OrganisationForm>,
    pub(super) municipalities: Vec<MunicipalityForm>,
    pub(super) contacts: Vec<ContactForm>,
    pub(super) documents: Vec<DocumentForm>,
    pub(super) solutions: Vec<SolutionForm>,
    pub(super) processes: Vec<ProcessForm>,
    pub(super) synonyms: Vec<SynonymGroup>,
}

/// A whole file: one table of records. A file may hold several.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default, rename = "topic")]
    topics: Vec<TopicForm>,
    #[serde(default, rename = "target_group")]
    target_groups: Vec<TargetGroupForm>,
    #[serde(default, rename = "programme")]
    programmes: Vec<ProgrammeForm>,
    #[serde(default, rename = "organisation")]
    organisations: Vec<OrganisationForm>,
    #[serde(default, rename = "municipality")]
    municipalities: Vec<MunicipalityForm>,
    #[serde(default, rename = "contact")]
    contacts: Vec<ContactForm>,
    #[serde(default, rename = "document")]
    documents: Vec<DocumentForm>,
    #[serde(default, rename = "solution")]
    solutions: Vec<SolutionForm>,
    #[serde(default, rename = "process")]
    processes: Vec<ProcessForm>,
    #[serde(default, rename = "group")]
    synonyms: Vec<SynonymGroup>,
}

impl Seed {
    /// Reads one TOML file into the set.
    ///
    /// # Errors
    /// What is wrong with the file, with line and column.
    pub fn read(&mut self, name: &str, text: &str) -> Result<(), ImportError> {
        let file: File = parse(name, text)?;
        self.topics.extend(file.topics);
        self.target_groups.extend(file.target_groups);
        self.programmes.extend(file.programmes);
        self.organisations.extend(file.organisations);
        self.municipalities.extend(file.municipalities);
        self.contacts.extend(file.contacts);
        self.documents.extend(file.documents);
        self.solutions.extend(file.solutions);
        self.processes.extend(file.processes);
        self.synonyms.extend(file.synonyms);
        Ok(())
    }

    /// How many records it holds.
    #[must_use]
    pub fn records(&self) -> usize {
        let profiles: usize =
            self.municipalities.iter().map(|municipality| municipality.profiles.len()).sum();
        self.topics.len()
            + self.target_groups.len()
            + self.programmes.len()
            + self.organisations.len()
            + self.municipalities.len()
            + profiles
            + self.contacts.len()
            + self.documents.len()
            + self.solutions.len()
            + self.processes.len()
            + usize::from(!self.synonyms.is_empty())
    }
}

fn parse<T: DeserializeOwned>(name: &str, text: &str) -> Result<T, ImportError> {
    toml::from_str(text)
        .map_err(|error| ImportError::File { file: name.to_owned(), reason: error.to_string() })
}
