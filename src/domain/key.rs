//! Keys of records and the global ids made of them (`Solution:01J…`).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use ulid::Ulid;

use super::text::token_is_slug;

/// Why a text is no global id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// There is no `Kind:` in front, or the kind does not exist.
    #[error("\"{0}\" is no id of Allmende: ids read like \"Solution:01J5Z3NDEKTSV4RRFFQ69G5FAV\"")]
    Unknown(String),
    /// The id is of another kind than asked for.
    #[error("\"{id}\" is no id of a {expected}")]
    WrongKind {
        /// The id as it was given.
        id: String,
        /// Name of the kind that was asked for.
        expected: &'static str,
    },
    /// The part behind the colon is broken.
    #[error("the key in \"{0}\" is broken")]
    Broken(String),
}

/// Splits `Kind:key`, and says so if the kind is another one.
fn key_of<'a>(id: &'a str, expected: &'static str) -> Result<&'a str, KeyError> {
    let (kind, key) = id.split_once(':').ok_or_else(|| KeyError::Unknown(id.to_owned()))?;
    if kind == expected {
        Ok(key)
    } else if kind.parse::<NodeKind>().is_ok() {
        Err(KeyError::WrongKind { id: id.to_owned(), expected })
    } else {
        Err(KeyError::Unknown(id.to_owned()))
    }
}

/// Declares a typed key. Its serde form is the bare key, its text form the global id.
macro_rules! key {
    ($(#[$doc:meta])* $name:ident, $kind:literal, $inner:ty, $parse:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name($inner);

        impl $name {
            /// The name of the kind, as it stands in front of the colon.
            pub const KIND: &'static str = $kind;

            /// A key from its bare part, without the kind.
            ///
            /// # Errors
            /// [`KeyError::Broken`] if the text has not the form of a key.
            pub fn from_key(key: &str) -> Result<Self, KeyError> {
                let parse: fn(&str) -> Option<$inner> = $parse;
                parse(key).map(Self).ok_or_else(|| KeyError::Broken(key.to_owned()))
            }

            /// The bare key, as the database stores it.
            #[must_use]
            pub fn key(&self) -> String {
                self.0.to_string()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}:{}", Self::KIND, self.0)
            }
        }

        impl FromStr for $name {
            type Err = KeyError;

            fn from_str(id: &str) -> Result<Self, KeyError> {
                Self::from_key(key_of(id, Self::KIND)?).map_err(|_| KeyError::Broken(id.to_owned()))
            }
        }
    };
}

macro_rules! ulid_keys {
    ($($(#[$doc:meta])* $name:ident = $kind:literal;)*) => {$(
        key!($(#[$doc])* $name, $kind, Ulid, |key| Ulid::from_string(key).ok());

        impl From<Ulid> for $name {
            fn from(ulid: Ulid) -> Self {
                Self(ulid)
            }
        }
    )*};
}

macro_rules! slug_keys {
    ($($(#[$doc:meta])* $name:ident = $kind:literal;)*) => {$(
        key!($(#[$doc])* $name, $kind, String, |key| token_is_slug(key).then(|| key.to_owned()));
    )*};
}

ulid_keys! {
    /// Key of a municipality.
    MunicipalityId = "Municipality";
    /// Key of a profile.
    ProfileId = "Profile";
    /// Key of a solution.
    SolutionId = "Solution";
    /// Key of a contact.
    ContactId = "Contact";
    /// Key of a project document.
    DocumentId = "ProjectDocument";
    /// Key of an organisation.
    OrganisationId = "Organisation";
    /// Key of a strategy process.
    ProcessId = "StrategyProcess";
    /// Key of an access token.
    TokenId = "AccessToken";
    /// Key of an account.
    AccountId = "Account";
    /// Key of a step of a solution on its way to the readers.
    TransitionId = "Transition";
    /// Key of a question.
    QuestionId = "Question";
    /// Key of an answer, within its question.
    AnswerId = "Answer";
    /// Key of a measure, within its strategy process.
    MeasureId = "Measure";
    /// Key of an adoption.
    AdoptionId = "Adoption";
    /// Key of feedback.
    FeedbackId = "Feedback";
    /// Key of a message on its way.
    MessageId = "Message";
    /// Key of a webhook.
    WebhookId = "Webhook";
    /// Key of a message to a webhook.
    DeliveryId = "Delivery";
    /// Key of a watch.
    WatchId = "Watch";
}

key!(
    /// Key of a version of a solution: the solution's key and the version's number.
    VersionId, "SolutionVersion", String, |key| {
        let (solution, number) = key.split_once('-')?;
        let sound = Ulid::from_string(solution).is_ok()
            && number.len() == 5
            && number.bytes().all(|byte| byte.is_ascii_digit());
        sound.then(|| key.to_owned())
    }
);

impl VersionId {
    /// The key of a version. Keys of one solution stand in the order of their numbers.
    #[must_use]
    pub fn of(solution: &SolutionId, number: u32) -> Self {
        Self(format!("{}-{number:05}", solution.key()))
    }

    /// The solution and the number of the version.
    ///
    /// # Errors
    /// [`KeyError::Broken`]; a key that was made or read cannot be.
    pub fn parts(&self) -> Result<(SolutionId, u32), KeyError> {
        let broken = || KeyError::Broken(self.to_string());
        let (solution, number) = self.0.split_once('-').ok_or_else(broken)?;
        Ok((SolutionId::from_key(solution)?, number.parse().map_err(|_| broken())?))
    }
}

key!(
    /// Number of an entry of the journal.
    EventId, "Event", u64, |key| key.parse().ok()
);

impl From<u64> for EventId {
    fn from(seq: u64) -> Self {
        Self(seq)
    }
}

impl EventId {
    /// The entry's number.
    #[must_use]
    pub const fn seq(&self) -> u64 {
        self.0
    }
}

slug_keys! {
    /// Slug of a topic; vocabularies keep readable keys that never change.
    TopicId = "Topic";
    /// Slug of a target group.
    TargetGroupId = "TargetGroup";
    /// Slug of a programme.
    ProgrammeId = "Programme";
    /// Key of the thesaurus; there is one.
    ThesaurusId = "Thesaurus";
    /// Name of what follows the journal.
    FollowerId = "Follower";
}

impl ThesaurusId {
    /// The key of the one thesaurus.
    #[must_use]
    pub fn the_one() -> Self {
        Self("synonyms".to_owned())
    }
}

impl FollowerId {
    /// What tells watches of what happened.
    #[must_use]
    pub fn watches() -> Self {
        Self("watches".to_owned())
    }
}

/// Declares the kinds of things that have a global id, and the id that may be any of them.
macro_rules! nodes {
    ($($(#[$doc:meta])* $kind:ident($id:ident);)*) => {
        /// The kinds of things that have a global id.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum NodeKind { $($(#[$doc])* $kind,)* }

        impl NodeKind {
            /// The name in front of the colon.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$kind => $id::KIND,)* }
            }
        }

        impl FromStr for NodeKind {
            type Err = KeyError;

            fn from_str(name: &str) -> Result<Self, KeyError> {
                match name {
                    $($id::KIND => Ok(Self::$kind),)*
                    _ => Err(KeyError::Unknown(name.to_owned())),
                }
            }
        }

        /// A global id of any kind.
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub enum NodeId { $($(#[$doc])* $kind($id),)* }

        impl NodeId {
            /// What the id names.
            #[must_use]
            pub const fn kind(&self) -> NodeKind {
                match self { $(Self::$kind(_) => NodeKind::$kind,)* }
            }

            /// The bare key.
            #[must_use]
            pub fn key(&self) -> String {
                match self { $(Self::$kind(id) => id.key(),)* }
            }
        }

        impl fmt::Display for NodeId {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self { $(Self::$kind(id) => id.fmt(f),)* }
            }
        }

        impl FromStr for NodeId {
            type Err = KeyError;

            fn from_str(id: &str) -> Result<Self, KeyError> {
                let (kind, _) = id.split_once(':').ok_or_else(|| KeyError::Unknown(id.to_owned()))?;
                match kind.parse().map_err(|_| KeyError::Unknown(id.to_owned()))? {
                    $(NodeKind::$kind => id.parse().map(Self::$kind),)*
                }
            }
        }

        $(impl From<$id> for NodeId {
            fn from(id: $id) -> Self {
                Self::$kind(id)
            }
        })*
    };
}

nodes! {
    /// A municipality.
    Municipality(MunicipalityId);
    /// A profile.
    Profile(ProfileId);
    /// A solution.
    Solution(SolutionId);
    /// A contact.
    Contact(ContactId);
    /// A project document.
    ProjectDocument(DocumentId);
    /// An organisation.
    Organisation(OrganisationId);
    /// A strategy process.
    StrategyProcess(ProcessId);
    /// A topic.
    Topic(TopicId);
    /// A target group.
    TargetGroup(TargetGroupId);
    /// A programme.
    Programme(ProgrammeId);
    /// The words that mean the same.
    Thesaurus(ThesaurusId);
    /// An access token.
    AccessToken(TokenId);
    /// An account.
    Account(AccountId);
    /// A step of a solution on its way to the readers.
    Transition(TransitionId);
    /// A version of a solution.
    SolutionVersion(VersionId);
    /// An entry of the journal.
    Event(EventId);
    /// A question.
    Question(QuestionId);
    /// That a municipality took a solution over.
    Adoption(AdoptionId);
    /// Why a solution was helpful to a municipality.
    Feedback(FeedbackId);
    /// A webhook.
    Webhook(WebhookId);
    /// A message to a webhook.
    Delivery(DeliveryId);
    /// A search that somebody saved.
    Watch(WatchId);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_global_id_reads_back() {
        let id = SolutionId::from(Ulid::from_parts(1_700_000_000_000, 7));
        assert_eq!(id.to_string().parse::<SolutionId>(), Ok(id.clone()));
        assert_eq!(id.to_string().parse::<NodeId>(), Ok(NodeId::Solution(id)));
        assert_eq!(
            "Topic:mobility".parse::<TopicId>().map(|id| id.key()),
            Ok("mobility".to_owned())
        );
    }

    #[test]
    fn a_broken_id_says_what_is_wrong() {
        let check = |id: &str| id.parse::<SolutionId>().unwrap_err();
        assert!(matches!(check("nonsense"), KeyError::Unknown(_)));
        assert!(matches!(check("Nothing:01"), KeyError::Unknown(_)));
        assert!(matches!(check("Topic:mobility"), KeyError::WrongKind { .. }));
        assert!(matches!(check("Solution:01"), KeyError::Broken(_)));
        assert!(matches!("Topic:../x".parse::<TopicId>(), Err(KeyError::Broken(_))));
    }
}
