//! What links led to.

use std::collections::HashSet;

use async_graphql::{Context, Object, Result};
use chrono::{DateTime, Utc};

use crate::domain::{self, Label, LinkId, LinkStatus};
use crate::graphql::context::ContextExt;
use crate::graphql::failure::fault;

/// What a link led to when the hub last followed it.
#[derive(Clone)]
pub(in crate::graphql) struct LinkCheck(domain::LinkCheck);

impl LinkCheck {
    /// The links of a solution that lead nowhere, in the order of the record; none for who does not
    /// work on it.
    pub(super) async fn broken(ctx: &Context<'_>, of: &domain::Solution) -> Result<Vec<Self>> {
        let viewer = ctx.viewer();
        if !viewer.works_for_any(&of.municipalities) && !viewer.moderates() {
            return Ok(Vec::new());
        }
        let mut once = HashSet::new();
        let ids: Vec<LinkId> =
            of.links().map(LinkId::of).filter(|id| once.insert(id.clone())).collect();
        let found = ctx.loaders().load_many(ids.clone()).await;
        let found = found.map_err(|error| fault(error.as_ref()))?;
        let checks = ids.iter().filter_map(|id| found.get(id)).filter(|check| check.is_broken());
        Ok(checks.cloned().map(Self).collect())
    }

    /// What a link led to; nothing if it was never followed.
    pub(super) async fn status_of(ctx: &Context<'_>, url: &str) -> Result<Option<LinkStatus>> {
        let found = ctx.loaders().load_one(LinkId::of(url)).await;
        let found = found.map_err(|error| fault(error.as_ref()))?;
        Ok(found.map(|check: domain::LinkCheck| check.status))
    }
}

/// What a link led to when the hub last followed it.
#[Object]
impl LinkCheck {
    /// The address.
    async fn url(&self) -> &str {
        &self.0.url
    }

    /// What it led to.
    async fn status(&self) -> LinkStatus {
        self.0.status
    }

    /// What is wrong, in a sentence.
    async fn message(&self, ctx: &Context<'_>) -> Option<&'static str> {
        self.0.trouble.map(|trouble| trouble.label(ctx.language()))
    }

    /// When it was last followed.
    async fn checked_at(&self) -> DateTime<Utc> {
        self.0.checked_at
    }

    /// Since when it leads nowhere.
    async fn broken_since(&self) -> Option<DateTime<Utc>> {
        self.0.broken_since()
    }
}
