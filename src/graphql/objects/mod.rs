//! The types of the API. Each wraps a domain record and shows what the viewer may see.

mod account;
mod contact;
mod document;
mod event;
mod likeness;
mod link;
mod municipality;
mod node;
mod organisation;
mod peers;
mod process;
mod profile;
mod question;
mod reuse;
mod solution;
mod solution_content;
mod solution_parts;
mod version;
mod viewer;
mod vocabulary;
mod watch;
mod webhook;

pub(super) use account::{AccessToken, Account, Grant};
pub(super) use contact::Contact;
pub(super) use document::ProjectDocument;
pub(super) use event::{Event, EventConnection};
use link::LinkCheck;
pub(super) use municipality::Municipality;
pub(super) use node::{Node, load_nodes};
pub(super) use organisation::Organisation;
pub(super) use process::StrategyProcess;
pub(super) use profile::Profile;
pub(super) use question::Question;
pub(super) use reuse::{Adoption, Feedback};
pub(super) use solution::Solution;
pub(super) use solution_parts::{
    CostsInput, DigitalToolInput, FundingInput, ImageInput, ParticipationInput, PartnerInput,
    PeriodInput, ResultsInput, SourceInput, StaffInput, TransferabilityInput,
};
pub(super) use version::SolutionVersion;
pub(super) use viewer::CurrentViewer;
pub(super) use vocabulary::{Programme, TargetGroup, Thesaurus, Topic};
pub(super) use watch::{QuietHours, Watch, WatchPreview};
pub(super) use webhook::{Delivery, Webhook};
