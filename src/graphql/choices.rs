//! Filters and orders of lists of questions, organisations and entries of the journal.

use async_graphql::{Enum, InputObject, Result};
use chrono::{DateTime, Utc};

use super::failure::{Code, failure};
use super::input::{check_states, said};
use crate::domain::{
    Actor, EventFilter, EventKind, MunicipalityId, NodeId, OrganisationKind, QuestionStatus,
    TopicId,
};
use crate::service::{Alike, Listing, OrganisationFilter, QuestionFilter};

/// Which questions. Between fields all must hold, within a list one is enough.
#[derive(InputObject, Debug, Clone, Default)]
#[graphql(name = "QuestionFilter")]
pub(super) struct QuestionFilterInput {
    /// Topics.
    topics: Option<Vec<TopicId>>,
    /// Where they stand.
    statuses: Option<Vec<QuestionStatus>>,
    /// Asked by these municipalities.
    asked_by: Option<Vec<MunicipalityId>>,
    /// Sent to these municipalities.
    addressed_to: Option<Vec<MunicipalityId>>,
    /// Asked from these states, ISO 3166-2, for instance `DE-SN`.
    states: Option<Vec<String>>,
    /// Languages of the texts, BCP 47.
    languages: Option<Vec<String>>,
}

impl From<QuestionFilterInput> for QuestionFilter {
    fn from(input: QuestionFilterInput) -> Self {
        Self {
            topics: input.topics.unwrap_or_default(),
            statuses: input.statuses.unwrap_or_default(),
            asked_by: input.asked_by.unwrap_or_default(),
            addressed_to: input.addressed_to.unwrap_or_default(),
            states: input.states.unwrap_or_default(),
            languages: input.languages.unwrap_or_default(),
        }
    }
}

/// The order of questions.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum QuestionOrder {
    /// Best match of the search first.
    Relevance,
    /// Asked last first.
    Newest,
    /// Changed, answered or joined last first.
    Updated,
}

impl QuestionOrder {
    /// The list of questions that these arguments ask for. Without an order, a search is ordered by
    /// relevance, anything else by date; likeness raises a match.
    pub(super) fn listing(
        search: Option<String>,
        filter: Option<QuestionFilterInput>,
        alike: Option<Alike>,
        order: Option<Self>,
    ) -> Result<Listing> {
        let filter = filter.unwrap_or_default();
        check_states(filter.states.as_deref())?;
        let search = said(search);
        let order = match (order, &search) {
            (Some(Self::Relevance), _) | (None, Some(_)) => Listing::RELEVANCE,
            (Some(Self::Newest), _) | (None, None) => Listing::NEWEST,
            (Some(Self::Updated), _) => Listing::UPDATED,
        };
        let filters = QuestionFilter::from(filter).conditions();
        let kinds = vec!["Question"];
        Ok(Listing { kinds, search, filters, alike, order, ..Listing::default() })
    }
}

/// Which entries of the journal. Between fields all must hold, within a list one is enough.
#[derive(InputObject, Debug, Clone, Default)]
#[graphql(name = "EventFilter")]
pub(super) struct EventFilterInput {
    /// What happened.
    kinds: Option<Vec<EventKind>>,
    /// To the thing with this id.
    subject: Option<NodeId>,
    /// By this actor: `operator`, or the id of an account or access token. Only entries are found
    /// that tell the viewer who did it.
    actor: Option<String>,
    /// The municipalities it concerns.
    municipalities: Option<Vec<MunicipalityId>>,
    /// Not before this moment.
    since: Option<DateTime<Utc>>,
    /// Not after this moment.
    until: Option<DateTime<Utc>>,
}

impl EventFilterInput {
    /// What is asked for, if it can be.
    pub(super) fn checked(self) -> Result<EventFilter> {
        let actor = self.actor.map(|actor| {
            Actor::try_from(actor.clone()).map_err(|_| {
                let message = format!(
                    "\"{actor:.60}\" is nobody who acts: write operator, or the id of an account or access token"
                );
                failure(Code::BadUserInput, message)
            })
        });
        Ok(EventFilter {
            kinds: self.kinds.unwrap_or_default(),
            subject: self.subject,
            actor: actor.transpose()?,
            municipalities: self.municipalities.unwrap_or_default(),
            since: self.since,
            until: self.until,
        })
    }
}

/// What a municipality has to do with questions.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum QuestionRole {
    /// It asked them.
    Asked,
    /// They were sent to it.
    Addressed,
}

/// Which organisations. Between fields all must hold, within a list one is enough.
#[derive(InputObject, Debug, Clone, Default)]
#[graphql(name = "OrganisationFilter")]
pub(super) struct OrganisationFilterInput {
    /// What they are.
    kinds: Option<Vec<OrganisationKind>>,
    /// What they know about.
    topics: Option<Vec<TopicId>>,
    /// The states they work in, ISO 3166-2, for instance `DE-SN`; also through a municipality there.
    states: Option<Vec<String>>,
    /// The municipalities they work in.
    municipalities: Option<Vec<MunicipalityId>>,
}

impl OrganisationFilterInput {
    /// The list of organisations that these arguments ask for: best match first, or by name.
    pub(super) fn listing(filter: Option<Self>, search: Option<String>) -> Result<Listing> {
        let filter = filter.unwrap_or_default();
        check_states(filter.states.as_deref())?;
        let search = said(search);
        let order = if search.is_some() { Listing::RELEVANCE } else { Listing::TITLE };
        let filters = OrganisationFilter {
            kinds: filter.kinds.unwrap_or_default(),
            topics: filter.topics.unwrap_or_default(),
            states: filter.states.unwrap_or_default(),
            municipalities: filter.municipalities.unwrap_or_default(),
        };
        let (kinds, filters) = (vec!["Organisation"], filters.conditions());
        Ok(Listing { kinds, search, filters, order, ..Listing::default() })
    }
}
