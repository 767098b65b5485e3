//! What happened.

use std::sync::Arc;

use allmende_index::Direction;
use async_graphql::connection::PageInfo;
use async_graphql::{Context, ID, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};

use super::version::actor;
use super::{Municipality, Node, load_nodes};
use crate::domain::{self, EventId, EventKind};
use crate::graphql::choices::EventFilterInput;
use crate::graphql::connection::Paging;
use crate::graphql::context::ContextExt;
use crate::graphql::cursor;
use crate::graphql::failure::from_service;

/// One entry of the journal.
#[derive(Clone)]
pub(in crate::graphql) struct Event(pub(in crate::graphql) Arc<domain::Event>);

/// One entry of the journal.
#[Object]
impl Event {
    /// The global id.
    pub(super) async fn id(&self) -> ID {
        ID::from(EventId::from(self.0.seq))
    }

    /// The place of the entry in the journal: hand it back as `after` to receive what follows.
    async fn cursor(&self) -> String {
        self.0.seq.to_string()
    }

    /// When it happened.
    async fn occurred_at(&self) -> DateTime<Utc> {
        self.0.at
    }

    /// What happened.
    async fn kind(&self) -> EventKind {
        self.0.kind
    }

    /// The id of what it happened to.
    async fn subject_id(&self) -> ID {
        ID::from(&self.0.subject.0)
    }

    /// What it happened to, as it is now; null if the viewer may not see it any more.
    async fn subject(&self, ctx: &Context<'_>) -> Option<Result<Node>> {
        match load_nodes(ctx, vec![self.0.subject.0.clone()]).await {
            Ok(nodes) => nodes.into_values().next().map(Ok),
            Err(error) => Some(Err(error)),
        }
    }

    /// What it was called then; null if that is a draft of others, or others have put it away.
    async fn title(&self, ctx: &Context<'_>) -> Option<&str> {
        self.0.title_for(ctx.viewer())
    }

    /// Who did it: `operator`, `hub`, or the id of an account or access token. Null if that is none of
    /// the viewer's business: those who work for the municipality may know it, and moderators; who
    /// has written to a contact, only admins.
    async fn actor(&self, ctx: &Context<'_>) -> Option<String> {
        self.0.names_actor_to(ctx.viewer()).then(|| actor(&self.0.actor))
    }

    /// What those who may know it call who did it: the name of the account or of the access token.
    async fn actor_name(&self, ctx: &Context<'_>) -> Option<Result<String>> {
        if !self.0.names_actor_to(ctx.viewer()) {
            return None;
        }
        ctx.services().actor_name(&self.0.actor).await.map_err(from_service).transpose()
    }

    /// The municipalities it concerns.
    async fn municipalities(&self, ctx: &Context<'_>) -> Vec<Municipality> {
        self.0.municipalities.iter().filter_map(|id| Municipality::find(ctx, id)).collect()
    }
}

/// A page of the journal.
#[derive(SimpleObject)]
pub(in crate::graphql) struct EventConnection {
    /// The entries of this page, oldest first.
    edges: Vec<EventEdge>,
    /// Where this page stands in the journal.
    page_info: PageInfo,
}

/// An entry of the journal with its place.
#[derive(SimpleObject)]
pub(in crate::graphql) struct EventEdge {
    /// The place of the entry.
    cursor: String,
    /// The entry.
    node: Option<Event>,
}

impl EventConnection {
    /// The entries that these arguments ask for.
    pub(in crate::graphql) async fn read(
        ctx: &Context<'_>,
        filter: EventFilterInput,
        paging: Paging,
    ) -> Result<Self> {
        let filter = filter.checked()?;
        let (size, direction) = paging.size()?;
        let (services, viewer) = (ctx.services(), ctx.viewer());
        let newest = services.feed().newest();
        let after = cursor::parse(paging.after.as_deref(), services).await?.unwrap_or_default();
        let before = cursor::parse(paging.before.as_deref(), services).await?;
        let before = before.unwrap_or(newest + 1);
        let range = (after, before);
        match direction {
            Direction::Forward => {
                let seen = services.events(viewer, &filter, range, size).await;
                let seen = seen.map_err(from_service)?;
                let more = seen.more || before <= newest;
                Ok(Self::new(seen.events, (None, seen.reached), after > 0, more))
            }
            Direction::Backward => {
                let seen = services.events_before(viewer, &filter, range, size).await;
                let seen = seen.map_err(from_service)?;
                let more = seen.more || after > 0;
                Ok(Self::new(seen.events, (seen.reached, None), more, before <= newest))
            }
        }
    }

    /// A page of these entries. A look that ended before the page was full reached further than
    /// its outermost entries, at its start or its end.
    fn new(
        events: Vec<domain::Event>,
        (start, end): (Option<u64>, Option<u64>),
        has_previous_page: bool,
        has_next_page: bool,
    ) -> Self {
        let edge = |event: domain::Event| EventEdge {
            cursor: event.seq.to_string(),
            node: Some(Event(Arc::new(event))),
        };
        let edges: Vec<_> = events.into_iter().map(edge).collect();
        let cursor = |reached: Option<u64>, edge: Option<&EventEdge>| {
            reached.map(|seq| seq.to_string()).or_else(|| edge.map(|edge| edge.cursor.clone()))
        };
        let page_info = PageInfo {
            has_previous_page,
            has_next_page,
            start_cursor: cursor(start, edges.first()),
            end_cursor: cursor(end, edges.last()),
        };
        Self { edges, page_info }
    }
}
