//! What Allmende knows about municipalities and their work, and the rules that hold for it.
//!
//! Everything here is pure: no I/O, no async, no clock, no randomness.
//! Times and keys come in from outside, so every rule can be tested by calling it.

mod account;
mod adoption;
mod check;
mod consent;
mod contact;
mod coordinates;
mod credential;
mod demographic_type;
mod document;
mod event;
mod feedback;
mod file;
mod follower;
mod identity;
mod key;
mod kinds;
mod licence;
pub mod likeness;
mod link;
mod mail_address;
mod message;
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
mod rights;
mod role_map;
mod searched;
mod solution;
mod state;
#[cfg(test)]
pub(crate) mod testing;
mod text;
mod thesaurus;
mod token;
mod vocabulary;
mod watch;
mod web;
mod webhook;

pub use account::{Account, Session, check_password};
pub use adoption::{
    Adoption, AdoptionChange, AdoptionCounts, AdoptionState, AdoptionStatus, AdoptionStep,
};
pub use consent::{Personal, WithdrawalReason};
pub use contact::{Contact, ContactChange, ContactVisibility, Willingness};
pub use coordinates::{Coordinates, Near};
pub use credential::{Admitted, Credential, Meaning, Shown};
pub use demographic_type::{DemographicType, DemographicTypeError};
pub use document::{DocumentChange, DocumentKind, ProjectDocument};
pub use event::{Actor, Event, EventFilter, EventKind, Subject};
pub use feedback::Feedback;
pub use file::{
    DocumentFile, FileHash, FileKind, FileProblem, FileText, HEAD, HashError, LARGEST_FILE,
    Sniffed, TextFailure, TextState, download_name, sniff,
};
pub use follower::Follower;
pub use identity::{ErasedIdentity, Identity, PendingSignIn, SignInKeys};
pub use key::{
    AccountId, AdoptionId, AnswerId, ContactId, DeliveryId, DocumentId, EventId, FeedbackId,
    FollowerId, KeyError, MeasureId, MessageId, MunicipalityId, NodeId, NodeKind, OrganisationId,
    ProcessId, ProfileId, ProgrammeId, QuestionId, SolutionId, TargetGroupId, ThesaurusId, TokenId,
    TopicId, TransitionId, VersionId, WatchId, WebhookId,
};
pub use kinds::Label;
pub use licence::spdx_licence;
pub use likeness::{Feature, Figures, Lens, Level, Weights};
pub use link::{Finding, LinkCheck, LinkId, LinkStatus, LinkTrouble};
pub use mail_address::is_mail_address;
pub use message::{Inquiry, Matter, Message, MessageState};
pub use municipality::{
    Cluster, Confidence, Municipality, MunicipalityKind, Participation, ParticipationRole,
    SettlementType, SizeBand, StructuralWeakness, SupportClass,
};
pub use organisation::{Organisation, OrganisationChange, OrganisationKind};
pub use outside::{Clock, Ids};
pub use partial_date::{PartialDate, day, milliseconds};
pub use patch::Patch;
pub use problem::{Language, Problem, ProblemCode, What, Words};
pub use process::{
    Facilitation, InterimReview, Measure, MeasureChange, MeasureProgress, MeasureStatus,
    MeasureStep, Priority, ProcessChange, ProcessStep, ProcessStepChange, ProcessStepKind,
    StepState, StrategyProcess, Swot, SwotChange,
};
pub use profile::{Profile, ProfileChange};
pub use publication::Publication;
pub use question::{Addressee, Answer, AnswerChange, Question, QuestionChange, QuestionStatus};
pub use rights::{Grant, Member, Relation, Role, Rule, Verdict, Viewer};
pub use role_map::{ClaimedRole, RoleMap, RoleRule, RoleRuleError};
pub use searched::{Searched, countable};
pub use solution::{
    Action, Costs, Difference, DigitalTool, EffortBand, EvidenceLevel, Funding, FundingLevel,
    Image, Indicator, Instrument, Lifecycle, MoneyRange, ParticipationLevel, ParticipationRecord,
    Partner, PartnerRole, Period, QualityLevel, ReasonCode, Reminder, ReminderId, Results,
    ReviewPoint, ReviewRules, ReviewStep, Reviewed, Solution, SolutionChange, SolutionStatus,
    SolutionVersion, Source, Staff, Step, Transferability, Transition, differences,
};
pub use state::State;
pub use text::{camel_case, escaped, slug, token_is_slug};
pub use thesaurus::{SynonymGroup, Thesaurus};
pub use token::{Secret, Token, TokenHash};
pub use vocabulary::{Programme, TargetGroup, Topic, Translated};
pub use watch::{
    Channel, ChannelKind, LinkKey, LinkPurpose, QuietHours, Recent, Rhythm, Selection, Watch,
    WatchChange,
};
pub use web::{PublicUrl, PublicUrlError, ReturnPath, ReturnPathError, is_private};
pub use webhook::{
    Attempt, Delivery, DeliveryState, DeliveryTrouble, Disabling, DisablingReason, Envelope, PING,
    Reply, RetiredSecret, SigningSecret, Webhook, WebhookState,
};
