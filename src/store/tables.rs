//! Which domain type lies in which table.

use surrealdb::types::Value;

use super::reading::read;
use super::record::Record;
use super::value::Shape;
use crate::domain::{
    Account, AccountId, Adoption, AdoptionId, Contact, ContactId, Delivery, DeliveryId, DocumentId,
    ErasedIdentity, Event, Feedback, FeedbackId, FileHash, FileText, Follower, FollowerId,
    LinkCheck, LinkId, Message, MessageId, Municipality, MunicipalityId, NodeKind, Organisation,
    OrganisationId, PendingSignIn, ProcessId, Profile, ProfileId, Programme, ProgrammeId,
    ProjectDocument, Question, QuestionId, Reminder, ReminderId, Session, Solution, SolutionId,
    SolutionVersion, StrategyProcess, TargetGroup, TargetGroupId, Thesaurus, ThesaurusId, Token,
    TokenHash, TokenId, Topic, TopicId, Transition, TransitionId, VersionId, Watch, WatchId,
    Webhook, WebhookId,
};

const MUNICIPALITY: &str = "municipality";
const MADE: &[&str] = &["created_at", "updated_at"];

macro_rules! table {
    ($type:ident, $id:ident, $table:literal, links: $links:expr, moments: $moments:expr) => {
        #[expect(private_interfaces, reason = "only the store looks at shapes")]
        impl Record for $type {
            type Id = $id;
            const TABLE: &'static str = $table;
            const SHAPE: Shape = Shape { links: $links, moments: $moments };

            fn id(&self) -> &$id {
                &self.id
            }

            fn key(id: &$id) -> String {
                id.key()
            }
        }
    };
}

table!(Topic, TopicId, "topic", links: &[], moments: &[]);
table!(TargetGroup, TargetGroupId, "target_group", links: &[], moments: &[]);
table!(Programme, ProgrammeId, "programme", links: &[], moments: &[]);
table!(
    Municipality, MunicipalityId, "municipality",
    links: &[("parent", MUNICIPALITY), ("members", MUNICIPALITY), ("participations.programme", "programme")],
    moments: &[]
);
table!(Profile, ProfileId, "profile", links: &[("municipality", MUNICIPALITY)], moments: MADE);
table!(
    Organisation, OrganisationId, "organisation",
    links: &[("topics", "topic"), ("municipalities", MUNICIPALITY), ("entered_by", MUNICIPALITY)],
    moments: &[]
);
table!(
    Contact, ContactId, "contact",
    links: &[("municipality", MUNICIPALITY)],
    moments: &["created_at", "updated_at", "consent_withdrawn_at", "bounced_at"]
);
table!(
    Message, MessageId, "message",
    links: &[("contact", "contact"), ("watch", "watch")],
    moments: &["next_try", "claimed_until", "created_at", "ended_at"]
);
table!(
    ProjectDocument, DocumentId, "document",
    links: &[("municipality", MUNICIPALITY)],
    moments: &["created_at", "updated_at", "file.uploaded_at"]
);
table!(FileText, FileHash, "file_text", links: &[], moments: &[]);
table!(
    Solution, SolutionId, "solution",
    links: &[
        ("municipalities", MUNICIPALITY),
        ("partners.organisation", "organisation"),
        ("topics", "topic"),
        ("target_groups", "target_group"),
        ("contacts", "contact"),
        ("documents", "document"),
        ("related", "solution"),
        ("merged_into", "solution"),
        ("external_key_of", MUNICIPALITY),
    ],
    moments: &["created_at", "updated_at", "published_at"]
);
table!(
    StrategyProcess, ProcessId, "process",
    links: &[
        ("municipality", MUNICIPALITY),
        ("programme", "programme"),
        ("priorities.topic", "topic"),
        ("measures.topics", "topic"),
        ("measures.target_groups", "target_group"),
        ("measures.solution", "solution"),
        ("facilitations.organisation", "organisation"),
        ("steps.documents", "document"),
    ],
    moments: MADE
);
table!(Thesaurus, ThesaurusId, "thesaurus", links: &[], moments: &[]);
table!(
    Token, TokenId, "token",
    links: &[("municipality", MUNICIPALITY), ("organisation", "organisation"), ("account", "account")],
    moments: &["created_at", "expires_at", "revoked_at"]
);
table!(
    SolutionVersion, VersionId, "solution_version",
    links: &[("solution", "solution")],
    moments: &["superseded_at"]
);
table!(
    Account, AccountId, "account",
    links: &[("grants.municipality", MUNICIPALITY), ("grants.organisation", "organisation")],
    moments: MADE
);
table!(Session, TokenHash, "session", links: &[("account", "account")], moments: &["created_at", "expires_at"]);
table!(PendingSignIn, TokenHash, "sign_in", links: &[], moments: &["expires_at"]);
table!(ErasedIdentity, TokenHash, "erased_identity", links: &[], moments: &[]);
table!(Transition, TransitionId, "transition", links: &[("solution", "solution")], moments: &["at"]);
table!(Reminder, ReminderId, "reminder", links: &[("solution", "solution")], moments: &[]);
table!(
    LinkCheck, LinkId, "link_check",
    links: &[],
    moments: &["checked_at", "failing_since"]
);
table!(
    Question, QuestionId, "question",
    links: &[
        ("municipality", MUNICIPALITY),
        ("topics", "topic"),
        ("contact", "contact"),
        ("routed_to.municipality", MUNICIPALITY),
        ("routed_to.solutions", "solution"),
        ("answers.municipality", MUNICIPALITY),
        ("answers.solutions", "solution"),
        ("answers.documents", "document"),
        ("interested", MUNICIPALITY),
    ],
    moments: &["created_at", "updated_at", "answers.created_at", "answers.updated_at"]
);
table!(
    Adoption, AdoptionId, "adoption",
    links: &[
        ("solution", "solution"),
        ("municipality", MUNICIPALITY),
        ("suggested_by", MUNICIPALITY),
        ("contact", "contact"),
    ],
    moments: &["created_at", "updated_at", "trail.at"]
);
table!(
    Feedback, FeedbackId, "feedback",
    links: &[("solution", "solution"), ("municipality", MUNICIPALITY)],
    moments: MADE
);

table!(
    Webhook, WebhookId, "webhook",
    links: &[],
    moments: &[
        "created_at", "updated_at", "failing_since", "last_delivered_at", "retired.until", "disabled.at",
    ]
);
table!(
    Delivery, DeliveryId, "delivery",
    links: &[("webhook", "webhook")],
    moments: &["created_at", "next_attempt", "ended_at", "attempts.at"]
);
table!(
    Watch, WatchId, "watch",
    links: &[("selection.like_municipality", MUNICIPALITY), ("channel.webhook", "webhook")],
    moments: &[
        "channel.asked_at",
        "channel.confirmed_at",
        "due_at",
        "recent.at",
        "created_at",
        "updated_at",
    ]
);
table!(Follower, FollowerId, "follower", links: &[], moments: &[]);

/// The table of a kind of thing.
pub(super) const fn table_of(kind: NodeKind) -> Option<&'static str> {
    match kind {
        NodeKind::Municipality => Some(Municipality::TABLE),
        NodeKind::Profile => Some(Profile::TABLE),
        NodeKind::Solution => Some(Solution::TABLE),
        NodeKind::Contact => Some(Contact::TABLE),
        NodeKind::ProjectDocument => Some(ProjectDocument::TABLE),
        NodeKind::Organisation => Some(Organisation::TABLE),
        NodeKind::StrategyProcess => Some(StrategyProcess::TABLE),
        NodeKind::Topic => Some(Topic::TABLE),
        NodeKind::TargetGroup => Some(TargetGroup::TABLE),
        NodeKind::Programme => Some(Programme::TABLE),
        NodeKind::Thesaurus => Some(Thesaurus::TABLE),
        NodeKind::AccessToken => Some(Token::TABLE),
        NodeKind::Account => Some(Account::TABLE),
        NodeKind::Transition => Some(Transition::TABLE),
        NodeKind::SolutionVersion => Some(SolutionVersion::TABLE),
        NodeKind::Event => None,
        NodeKind::Question => Some(Question::TABLE),
        NodeKind::Adoption => Some(Adoption::TABLE),
        NodeKind::Feedback => Some(Feedback::TABLE),
        NodeKind::Webhook => Some(Webhook::TABLE),
        NodeKind::Delivery => Some(Delivery::TABLE),
        NodeKind::Watch => Some(Watch::TABLE),
    }
}

/// The journal's entries are numbered, not keyed: they have a shape but are read by range.
pub(super) const EVENT: Shape =
    Shape { links: &[("municipalities", MUNICIPALITY)], moments: &["at"] };
/// The journal's table.
pub(super) const JOURNAL: &str = "journal";

/// Reads entries of the journal.
pub(super) fn read_events(rows: Value) -> Result<Vec<Event>, super::Error> {
    read(rows)
        .map_err(|error| super::Error::Unreadable { table: JOURNAL, reason: error.to_string() })
}

/// Reads an entry of the journal that comes as JSON.
pub(super) fn read_event(json: serde_json::Value) -> Result<Event, super::Error> {
    serde_json::from_value(json)
        .map_err(|error| super::Error::Unreadable { table: JOURNAL, reason: error.to_string() })
}
