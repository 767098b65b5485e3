//! Searches that somebody saved.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};

use super::{Event, Municipality, Solution, Webhook};
use crate::domain::{self, ChannelKind, EventKind, Rhythm};
use crate::graphql::context::ContextExt;
use crate::graphql::failure::from_service;
use crate::service::Foreseen;

/// A search that somebody saved to be told of what happens. Only its owner sees it.
#[derive(Clone)]
pub(in crate::graphql) struct Watch(pub(in crate::graphql) Arc<domain::Watch>);

/// Hours of German clocks in which nothing is sent at once.
#[derive(SimpleObject, InputObject, Clone, Copy)]
#[graphql(input_name = "QuietHoursInput")]
pub(in crate::graphql) struct QuietHours {
    /// The hour in which they begin, 0 to 23.
    starts: u32,
    /// The hour in which they end, 0 to 23; on the next day if it is the smaller one.
    ends: u32,
}

impl From<QuietHours> for domain::QuietHours {
    fn from(QuietHours { starts, ends }: QuietHours) -> Self {
        Self { starts, ends }
    }
}

/// Which solutions a watch finds.
pub(in crate::graphql) struct WatchSelection(domain::Selection);

/// Which solutions a watch finds.
#[Object]
impl WatchSelection {
    /// What must hold, as a `SolutionFilter` in JSON.
    async fn filter(&self) -> Option<&str> {
        self.0.filter.as_deref()
    }

    /// Words that must be found.
    async fn search(&self) -> Option<&str> {
        self.0.search.as_deref()
    }

    /// The municipality to compare places with.
    async fn like_municipality(&self, ctx: &Context<'_>) -> Option<Municipality> {
        Municipality::find(ctx, self.0.like_municipality.as_ref()?)
    }

    /// Only places at least so alike, from 0 to 1.
    async fn min_likeness(&self) -> Option<f64> {
        self.0.min_likeness
    }
}

/// A search that somebody saved to be told of what happens. Only its owner sees it.
#[Object]
impl Watch {
    /// The global id.
    pub(super) async fn id(&self) -> ID {
        ID::from(&self.0.id)
    }

    /// What its owner calls it.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What it finds.
    async fn selection(&self) -> WatchSelection {
        WatchSelection(self.0.selection.clone())
    }

    /// Of which events it tells.
    async fn kinds(&self) -> &[EventKind] {
        &self.0.kinds
    }

    /// How.
    async fn channel(&self) -> ChannelKind {
        self.0.channel.kind()
    }

    /// To which address letters go.
    async fn address(&self) -> Option<&str> {
        self.0.channel.address()
    }

    /// To which webhook messages go; null if that is gone.
    async fn webhook(&self, ctx: &Context<'_>) -> Option<Result<Webhook>> {
        let domain::Channel::Webhook { webhook } = &self.0.channel else { return None };
        let found = ctx.services().webhook(ctx.viewer(), webhook).await.map_err(from_service);
        found.map(|found| found.map(Webhook::from)).transpose()
    }

    /// Whether its reader has still to agree, by the link in a letter: until then no other one comes.
    async fn awaits_confirmation(&self) -> bool {
        !self.0.channel.is_open()
    }

    /// When letters come.
    async fn rhythm(&self) -> Rhythm {
        self.0.rhythm
    }

    /// When nothing is sent at once.
    async fn quiet_hours(&self) -> Option<QuietHours> {
        self.0.quiet.map(|quiet| QuietHours { starts: quiet.starts, ends: quiet.ends })
    }

    /// Whether it rests. What happens meanwhile is not told of later.
    async fn paused(&self) -> bool {
        self.0.paused
    }

    /// When it is told next of what has gathered; null if it is told at once, rests or is a feed.
    async fn next_letter_at(&self) -> Option<DateTime<Utc>> {
        self.0.due_at
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When its owner last changed it.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
}

/// A solution of which a watch would have told, and what happened to it last.
#[derive(SimpleObject)]
pub(in crate::graphql) struct WatchPreviewExample {
    /// What happened.
    event: Event,
    /// The solution as it is now.
    solution: Solution,
}

/// What a watch would have told of.
#[derive(SimpleObject)]
pub(in crate::graphql) struct WatchPreview {
    /// Of how many solutions.
    count: usize,
    /// In how many days, up to now.
    days: i64,
    /// Some of them, the newest first.
    examples: Vec<WatchPreviewExample>,
}

impl From<Foreseen> for WatchPreview {
    fn from(foreseen: Foreseen) -> Self {
        let Foreseen { count, days, examples } = foreseen;
        let example = |(event, solution): (domain::Event, Arc<domain::Solution>)| {
            let (event, solution) = (Event(Arc::new(event)), Solution::from(solution));
            WatchPreviewExample { event, solution }
        };
        Self { count, days, examples: examples.into_iter().map(example).collect() }
    }
}
