//! Webhooks and what was sent to them, for their owners.

use allmende_index::Direction;
use async_graphql::connection::PageInfo;
use async_graphql::{Context, ID, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};

use super::Event;
use crate::domain::{
    self, Delivery as Record, DeliveryId, DeliveryState, DeliveryTrouble, DisablingReason,
    WebhookState,
};
use crate::graphql::connection::Paging;
use crate::graphql::context::ContextExt;
use crate::graphql::failure::{Code, failure, from_service};
use crate::store::{DeliveryRange, Order};

/// An address that is told what happened. Only its owner sees it.
#[derive(Clone)]
pub(in crate::graphql) struct Webhook(pub(in crate::graphql) std::sync::Arc<domain::Webhook>);

/// Why a webhook is sent nothing, and since when.
#[derive(SimpleObject)]
pub(in crate::graphql) struct WebhookDisabling {
    /// Why; `BY_OWNER`, or else by the hub itself.
    reason: DisablingReason,
    /// Since when.
    at: DateTime<Utc>,
}

/// An address that is told what happened. Only its owner sees it.
#[Object]
impl Webhook {
    /// The global id.
    pub(super) async fn id(&self) -> ID {
        ID::from(&self.0.id)
    }

    /// What its owner calls it.
    async fn name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }

    /// Where messages go.
    async fn url(&self) -> &str {
        &self.0.url
    }

    /// Whether it is sent anything.
    async fn state(&self) -> WebhookState {
        self.0.state()
    }

    /// Why it is sent nothing; null while it is.
    async fn disabled(&self) -> Option<WebhookDisabling> {
        let disabled = self.0.disabled.as_ref()?;
        Some(WebhookDisabling { reason: disabled.reason, at: disabled.at })
    }

    /// Until when messages are signed with the secret of before, too; null if only the present one
    /// signs.
    async fn previous_secret_until(&self, ctx: &Context<'_>) -> Option<DateTime<Utc>> {
        let until = self.0.retired.as_ref()?.until;
        (ctx.services().now() < until).then_some(until)
    }

    /// How many messages arrived.
    async fn delivered_count(&self) -> u32 {
        self.0.delivered
    }

    /// How many messages were given up.
    async fn failed_count(&self) -> u32 {
        self.0.failed
    }

    /// Since when there was nothing but failures; null if the last attempt was a success.
    async fn failing_since(&self) -> Option<DateTime<Utc>> {
        self.0.failing_since
    }

    /// When a message arrived last.
    async fn last_delivered_at(&self) -> Option<DateTime<Utc>> {
        self.0.last_delivered_at
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When its owner changed it last, or the hub disabled it.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }

    /// Messages to it, the newest first. Those that arrived are kept for 7 days, those that were given
    /// up for 30.
    async fn deliveries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those in this state.")] state: Option<DeliveryState>,
        #[graphql(desc = "The first so many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only those ahead of this cursor.")] before: Option<String>,
    ) -> Option<Result<DeliveryConnection>> {
        let paging = Paging::new(first, after, last, before);
        Some(DeliveryConnection::read(ctx, &self.0.id, state, paging).await)
    }
}

impl From<domain::Webhook> for Webhook {
    fn from(record: domain::Webhook) -> Self {
        Self(record.into())
    }
}

/// A message to a webhook. Only the webhook's owner sees it.
#[derive(Clone)]
pub(in crate::graphql) struct Delivery(pub(in crate::graphql) std::sync::Arc<Record>);

/// An attempt to deliver a message.
#[derive(SimpleObject)]
pub(in crate::graphql) struct DeliveryAttempt {
    /// When it began.
    at: DateTime<Utc>,
    /// How many milliseconds it took.
    milliseconds: u32,
    /// The HTTP status of the answer; null if there was none.
    status: Option<u16>,
    /// What went wrong; null if it arrived.
    trouble: Option<DeliveryTrouble>,
}

/// A message to a webhook. Only the webhook's owner sees it.
#[Object]
impl Delivery {
    /// The global id. The receiver finds it in the header `webhook-id`, the same at each attempt.
    pub(super) async fn id(&self) -> ID {
        ID::from(&self.0.id)
    }

    /// Where it goes.
    async fn webhook(&self, ctx: &Context<'_>) -> Option<Result<Webhook>> {
        let found = ctx.services().webhook(ctx.viewer(), &self.0.webhook).await;
        found.map(|it| it.map(Into::into)).map_err(from_service).transpose()
    }

    /// What it tells of, as the envelope names it, such as `org.allmende.solution.published`.
    async fn kind(&self) -> &str {
        &self.0.kind
    }

    /// The entry of the journal that it tells of; null for a test, or if the viewer may not know of it.
    async fn event(&self, ctx: &Context<'_>) -> Option<Result<Event>> {
        let found = ctx.services().event(ctx.viewer(), self.0.event.as_ref()?).await;
        found.map(|it| it.map(|it| Event(it.into()))).map_err(from_service).transpose()
    }

    /// What is sent.
    async fn body(&self) -> &str {
        &self.0.body
    }

    /// Where it stands.
    async fn state(&self) -> DeliveryState {
        self.0.state
    }

    /// The last attempts, the oldest first.
    async fn attempts(&self) -> Vec<DeliveryAttempt> {
        let attempt = |it: &domain::Attempt| DeliveryAttempt {
            at: it.at,
            milliseconds: it.milliseconds,
            status: it.status,
            trouble: it.trouble,
        };
        self.0.attempts.iter().map(attempt).collect()
    }

    /// When it is tried next; null if it arrived or was given up.
    async fn next_attempt_at(&self) -> Option<DateTime<Utc>> {
        self.0.next_attempt
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it arrived or was given up.
    async fn ended_at(&self) -> Option<DateTime<Utc>> {
        self.0.ended_at
    }
}

impl From<Record> for Delivery {
    fn from(record: Record) -> Self {
        Self(record.into())
    }
}

/// A page of messages to a webhook.
#[derive(SimpleObject)]
pub(in crate::graphql) struct DeliveryConnection {
    /// The messages of this page, the newest first.
    edges: Vec<DeliveryEdge>,
    /// Where this page stands among all.
    page_info: PageInfo,
}

/// A message to a webhook with its place.
#[derive(SimpleObject)]
pub(in crate::graphql) struct DeliveryEdge {
    /// The place of the message.
    cursor: String,
    /// The message.
    node: Option<Delivery>,
}

impl DeliveryConnection {
    async fn read(
        ctx: &Context<'_>,
        webhook: &domain::WebhookId,
        state: Option<DeliveryState>,
        paging: Paging,
    ) -> Result<Self> {
        let (size, direction) = paging.size()?;
        // The newest stand in front: what lies behind a cursor was made before.
        let (newer, older) = (place(paging.after)?, place(paging.before)?);
        let (had_after, had_before) = (newer.is_some(), older.is_some());
        let forward = direction == Direction::Forward;
        let order = if forward { Order::Descending } else { Order::Ascending };
        let range = DeliveryRange { state, before: newer, after: older, order };
        let found = ctx.services().deliveries(webhook, &range, size + 1).await;
        let mut found = found.map_err(from_service)?;
        let more = found.len() > size;
        found.truncate(size);
        if !forward {
            found.reverse();
        }
        let edge =
            |record: Record| DeliveryEdge { cursor: record.id.key(), node: Some(record.into()) };
        let edges: Vec<DeliveryEdge> = found.into_iter().map(edge).collect();
        let page_info = PageInfo {
            has_previous_page: if forward { had_after } else { more },
            has_next_page: if forward { more } else { had_before },
            start_cursor: edges.first().map(|edge| edge.cursor.clone()),
            end_cursor: edges.last().map(|edge| edge.cursor.clone()),
        };
        Ok(Self { edges, page_info })
    }
}

fn place(cursor: Option<String>) -> Result<Option<DeliveryId>> {
    let read = |text: String| {
        DeliveryId::from_key(&text).map_err(|_| {
            failure(Code::BadUserInput, format!("\"{text:.40}\" is no cursor of a delivery"))
        })
    };
    cursor.map(read).transpose()
}
