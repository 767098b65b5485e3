//! What Allmende knows about municipalities and their work, and the rules that hold for it.
//!
//! Everything here is pure: no I/O, no async, no clock, no randomness.
//! Times and keys come in from outside, so every rule can be tested by calling it.

mod check;
mod contact;
mod coordinates;
mod document;
mod event;
mod file;
mod key;
mod kinds;
mod licence;
pub mod likeness;
mod municipality;
mod organisation;
mod outside;
mod partial_date;
mod patch;
mod problem;
mod process;
mod profile;
mod publication;
mod searched;
mod solution;
mod state;
#[cfg(test)]
mod testing;
mod text;
mod thesaurus;
mod token;
mod viewer;
mod vocabulary;

pub use contact::{Contact, ContactChange, ContactVisibility, Willingness};
pub use coordinates::{Coordinates, Near};
pub use document::{DocumentChange, DocumentKind, ProjectDocument};
pub use event::{Actor, Event, EventKind, Subject};
pub use file::{
    DocumentFile, FileHash, FileKind, FileProblem, FileText, HEAD, HashError, LARGEST_FILE,
    Sniffed, TextFailure, TextState, download_name, sniff,
};
pub use key::{
    ContactId, DocumentId, EventId, KeyError, MunicipalityId, NodeId, NodeKind, OrganisationId,
    ProcessId, ProfileId, ProgrammeId, SolutionId, TargetGroupId, ThesaurusId, TokenId, TopicId,
};
pub use kinds::Label;
pub use licence::spdx_licence;
pub use likeness::{Feature, Figures, Lens, Level, Weights};
pub use municipality::{
    Cluster, Confidence, Municipality, MunicipalityKind, Participation, ParticipationRole,
    SettlementType, SizeBand, StructuralWeakness, SupportClass,
};
pub use organisation::{Organisation, OrganisationKind};
pub use outside::{Clock, Ids};
pub use partial_date::{PartialDate, day};
pub use patch::Patch;
pub use problem::{Language, Problem, ProblemCode, What};
pub use process::{
    Measure, MeasureStatus, Priority, ProcessStep, ProcessStepKind, StepState, StrategyProcess,
    Swot,
};
pub use profile::{Profile, ProfileChange};
pub use publication::Publication;
pub use searched::{Searched, countable};
pub use solution::{
    Action, Costs, DigitalTool, EffortBand, EvidenceLevel, Funding, FundingLevel, Image, Indicator,
    Instrument, Lifecycle, MoneyRange, ParticipationLevel, ParticipationRecord, Partner,
    PartnerRole, Period, QualityLevel, Results, Solution, SolutionChange, SolutionStatus, Source,
    Staff, Transferability,
};
pub use state::State;
pub use text::{slug, token_is_slug};
pub use thesaurus::{SynonymGroup, Thesaurus};
pub use token::{Role, Secret, Token, TokenHash};
pub use viewer::Viewer;
pub use vocabulary::{Programme, TargetGroup, Topic, Translated};
