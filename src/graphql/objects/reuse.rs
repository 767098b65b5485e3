//! What municipalities made of each other's solutions.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};

use super::{Contact, Municipality, Solution};
use crate::domain::{self, AdoptionState, AdoptionStatus, Publication};
use crate::graphql::ids::PartialDate;

/// That a municipality took a solution of others over.
#[derive(Clone)]
pub(in crate::graphql) struct Adoption(pub(in crate::graphql) Arc<domain::Adoption>);

/// That a municipality took a solution of others over.
#[Object]
impl Adoption {
    /// The global id.
    pub(super) async fn id(&self) -> ID {
        ID::from(&self.0.id)
    }

    /// How often the record was changed, from 1; for `expectedRevision`.
    async fn revision(&self) -> u32 {
        self.0.revision
    }

    /// What was taken over; null if it was put away since.
    async fn solution(&self, ctx: &Context<'_>) -> Option<Result<Solution>> {
        Solution::find(ctx, self.0.solution.clone()).await.transpose()
    }

    /// Who took it over.
    async fn municipality(&self, ctx: &Context<'_>) -> Option<Municipality> {
        Municipality::find(ctx, &self.0.municipality)
    }

    /// Which of those whose solution it is suggested it; null if the adopting one came first.
    async fn suggested_by(&self, ctx: &Context<'_>) -> Option<Municipality> {
        Municipality::find(ctx, self.0.suggested_by.as_ref()?)
    }

    /// Whether the adopting municipality says so itself; only what it confirmed counts.
    async fn state(&self) -> AdoptionState {
        self.0.state
    }

    /// How far they are.
    async fn status(&self) -> AdoptionStatus {
        self.0.status
    }

    /// Since when.
    async fn since(&self) -> Option<PartialDate> {
        self.0.since.clone().map(PartialDate)
    }

    /// What they do differently.
    async fn changes(&self) -> Option<&str> {
        self.0.changes.as_deref()
    }

    /// What came of it.
    async fn result(&self) -> Option<&str> {
        self.0.result.as_deref()
    }

    /// Whom of them to call.
    async fn contact(&self, ctx: &Context<'_>) -> Option<Result<Contact>> {
        let id = self.0.contact.clone()?;
        Contact::find(ctx, id).await.transpose()
    }

    /// How far they were, step by step, since it was confirmed.
    async fn trail(&self) -> Vec<AdoptionStep> {
        self.0.trail.iter().cloned().map(AdoptionStep::from).collect()
    }

    /// When it was entered.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it was last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
}

/// A status that an adoption reached.
#[derive(SimpleObject)]
pub(in crate::graphql) struct AdoptionStep {
    /// Which.
    status: AdoptionStatus,
    /// When it was reached, if they say so.
    since: Option<PartialDate>,
    /// When it was entered.
    at: DateTime<Utc>,
}

impl From<domain::AdoptionStep> for AdoptionStep {
    fn from(step: domain::AdoptionStep) -> Self {
        let domain::AdoptionStep { status, since, at } = step;
        Self { status, since: since.map(PartialDate), at }
    }
}

/// How many municipalities are how far with a solution, by their own word.
#[derive(SimpleObject)]
pub(in crate::graphql) struct AdoptionCounts {
    /// How many are interested.
    interested: i32,
    /// How many plan it.
    planning: i32,
    /// How many use it.
    in_use: i32,
    /// How many gave it up.
    dropped: i32,
}

impl From<domain::AdoptionCounts> for AdoptionCounts {
    fn from(counts: domain::AdoptionCounts) -> Self {
        let count = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
        Self {
            interested: count(counts.interested),
            planning: count(counts.planning),
            in_use: count(counts.in_use),
            dropped: count(counts.dropped),
        }
    }
}

/// Why a solution was helpful to a municipality.
#[derive(Clone)]
pub(in crate::graphql) struct Feedback(pub(in crate::graphql) Arc<domain::Feedback>);

/// Why a solution was helpful to a municipality.
#[Object]
impl Feedback {
    /// The global id.
    pub(super) async fn id(&self) -> ID {
        ID::from(&self.0.id)
    }

    /// How often the record was changed, from 1.
    async fn revision(&self) -> u32 {
        self.0.revision
    }

    /// Of which solution; null if it was put away since.
    async fn solution(&self, ctx: &Context<'_>) -> Option<Result<Solution>> {
        Solution::find(ctx, self.0.solution.clone()).await.transpose()
    }

    /// Who says so.
    async fn municipality(&self, ctx: &Context<'_>) -> Option<Municipality> {
        Municipality::find(ctx, &self.0.municipality)
    }

    /// Helpful for us because …
    async fn text(&self) -> &str {
        &self.0.text
    }

    /// Whether it is shown.
    async fn publication(&self) -> Publication {
        self.0.publication
    }

    /// When it was given.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it was last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
}
