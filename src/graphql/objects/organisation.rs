//! Those who work along.

use std::sync::Arc;

use allmende_index::{Facet, Filter};
use async_graphql::{Context, ID, Object, Result};

use super::{Municipality, Solution, StrategyProcess, Topic};
use crate::domain::{self, OrganisationKind, Publication};
use crate::graphql::connection::{Connection, Paging};
use crate::graphql::context::ContextExt;
use crate::service::{Listing, SolutionFilter};

/// Somebody who works along without being a municipality.
#[derive(Clone)]
pub(in crate::graphql) struct Organisation(pub(in crate::graphql) Arc<domain::Organisation>);

/// Somebody who works along without being a municipality.
#[Object]
impl Organisation {
    /// The global id.
    pub(super) async fn id(&self) -> ID {
        ID::from(&self.0.id)
    }

    /// How often the record was changed, from 1; for `expectedRevision`.
    async fn revision(&self) -> u32 {
        self.0.revision
    }

    /// The name in URLs.
    async fn slug(&self) -> &str {
        &self.0.slug
    }

    /// The name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What it is.
    async fn kind(&self) -> OrganisationKind {
        self.0.kind
    }

    /// What it does.
    async fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    /// The web address.
    async fn website(&self) -> Option<&str> {
        self.0.website.as_deref()
    }

    /// The mailbox of a role.
    async fn mailbox(&self) -> Option<&str> {
        self.0.mailbox.as_deref()
    }

    /// What it knows about.
    async fn topics(&self, ctx: &Context<'_>) -> Vec<Topic> {
        let tables = ctx.tables();
        self.0.topics.iter().filter_map(|id| tables.topics.get(id)).cloned().map(Topic).collect()
    }

    /// The states it works in, ISO 3166-2.
    async fn states(&self) -> &[String] {
        &self.0.states
    }

    /// The municipalities it works in.
    async fn municipalities(&self, ctx: &Context<'_>) -> Vec<Municipality> {
        self.0.municipalities.iter().filter_map(|id| Municipality::find(ctx, id)).collect()
    }

    /// The municipality that entered it, and may change it.
    async fn entered_by(&self, ctx: &Context<'_>) -> Option<Municipality> {
        Municipality::find(ctx, self.0.entered_by.as_ref()?)
    }

    /// Whether it is shown.
    async fn publication(&self) -> Publication {
        self.0.publication
    }

    /// The strategy processes it accompanied, as their municipalities say.
    async fn processes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only those ahead of this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<StrategyProcess>>> {
        let listing = Listing {
            kinds: vec!["StrategyProcess"],
            filters: vec![Filter::AllOf(Facet::Organisation, vec![self.0.id.key()])],
            order: Listing::UPDATED,
            ..Listing::default()
        };
        Some(Connection::read(ctx, listing, Paging::new(first, after, last, before)).await)
    }

    /// The solutions it worked along in, newest first.
    async fn solutions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only those ahead of this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<Solution>>> {
        let filter =
            SolutionFilter { organisations: vec![self.0.id.clone()], ..SolutionFilter::default() };
        let listing = Listing {
            kinds: vec!["Solution"],
            filters: filter.conditions(),
            order: Listing::NEWEST,
            ..Listing::default()
        };
        Some(Connection::read(ctx, listing, Paging::new(first, after, last, before)).await)
    }
}
