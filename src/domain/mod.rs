//! What Allmende knows about municipalities and their work, and the rules that hold for it.
//!
//! Everything here is pure: no I/O, no async, no clock, no randomness.
//! Times and keys come in from outside, so every rule can be tested by calling it.

mod adoption;
mod check;
mod contact;
mod coordinates;
mod document;
mod event;
mod feedback;
mod key;
mod kinds;
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
mod question;
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

pub use adoption::{
    Adoption, AdoptionChange, AdoptionCounts, AdoptionState, AdoptionStatus, AdoptionStep,
};
pub use contact::{Contact, ContactChange, ContactVisibility, Willingness};
pub use coordinates::{Coordinates, Near};
pub use document::{DocumentChange, DocumentKind, ProjectDocument};
pub use event::{Actor, Event, EventKind, Subject};
pub use feedback::Feedback;
pub use key::{
    AdoptionId, AnswerId, ContactId, DocumentId, EventId, FeedbackId, KeyError, MeasureId,
    MunicipalityId, NodeId, NodeKind, OrganisationId, ProcessId, ProfileId, ProgrammeId,
    QuestionId, SolutionId, TargetGroupId, ThesaurusId, TokenId, TopicId,
};
pub use kinds::Label;
pub use likeness::{Feature, Figures, Lens, Level, Weights};
pub use municipality::{
    Cluster, Confidence, Municipality, MunicipalityKind, Participation, ParticipationRole,
    SettlementType, SizeBand, StructuralWeakness, SupportClass,
};
pub use organisation::{Organisation, OrganisationChange, OrganisationKind};
pub use outside::{Clock, Ids};
pub use partial_date::{PartialDate, day};
pub use patch::Patch;
pub use problem::{Language, Problem, ProblemCode, What};
pub use process::{
    Facilitation, InterimReview, Measure, MeasureChange, MeasureProgress, MeasureStatus,
    MeasureStep, Priority, ProcessChange, ProcessStep, ProcessStepChange, ProcessStepKind,
    StepState, StrategyProcess, Swot,
};
pub use profile::{Profile, ProfileChange};
pub use publication::Publication;
pub use question::{Addressee, Answer, AnswerChange, Question, QuestionChange, QuestionStatus};
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
