//! Topics, target groups, programmes.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};

use crate::domain;
use crate::graphql::connection::{Connection, Paging};
use crate::graphql::context::ContextExt;
use crate::graphql::ids::PartialDate;
use crate::graphql::objects::{Municipality, Solution};
use crate::service::{Listing, MunicipalityFilter, SolutionFilter};

/// What a solution can be about.
#[derive(Clone)]
pub(in crate::graphql) struct Topic(pub(in crate::graphql) Arc<domain::Topic>);

/// What a solution can be about.
#[Object]
impl Topic {
    /// The global id.
    pub(super) async fn id(&self) -> ID {
        ID::from(&self.0.id)
    }

    /// The slug, which never changes.
    async fn slug(&self) -> String {
        self.0.id.key()
    }

    /// The name, in the language of the request.
    async fn name(&self, ctx: &Context<'_>) -> &str {
        self.0.name.in_language(ctx.language())
    }

    /// What belongs to it, in the language of the request.
    async fn description(&self, ctx: &Context<'_>) -> &str {
        self.0.description.in_language(ctx.language())
    }

    /// The topics of the model project's toolbox that it takes in.
    async fn zwk_topics(&self) -> &[String] {
        &self.0.zwk_topics
    }

    /// The United Nations' sustainable development goals that it serves, 1 to 17.
    async fn sustainable_development_goals(&self) -> &[u8] {
        &self.0.sdg
    }

    /// Its solutions, newest first.
    async fn solutions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only those ahead of this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<Solution>>> {
        let filters =
            SolutionFilter { topics: vec![self.0.id.clone()], ..SolutionFilter::default() }
                .conditions();
        let listing = Listing {
            kinds: vec!["Solution"],
            filters,
            order: Listing::NEWEST,
            ..Listing::default()
        };
        Some(Connection::read(ctx, listing, Paging::new(first, after, last, before)).await)
    }
}

/// Whom a solution can be for.
#[derive(Clone)]
pub(in crate::graphql) struct TargetGroup(pub(in crate::graphql) Arc<domain::TargetGroup>);

/// Whom a solution can be for.
#[Object]
impl TargetGroup {
    /// The global id.
    pub(super) async fn id(&self) -> ID {
        ID::from(&self.0.id)
    }

    /// The slug, which never changes.
    async fn slug(&self) -> String {
        self.0.id.key()
    }

    /// The name, in the language of the request.
    async fn name(&self, ctx: &Context<'_>) -> &str {
        self.0.name.in_language(ctx.language())
    }
}

/// A programme that municipalities took part in.
#[derive(Clone)]
pub(in crate::graphql) struct Programme(pub(in crate::graphql) Arc<domain::Programme>);

/// A programme that municipalities took part in.
#[Object]
impl Programme {
    /// The global id.
    pub(super) async fn id(&self) -> ID {
        ID::from(&self.0.id)
    }

    /// The slug, which never changes.
    async fn slug(&self) -> String {
        self.0.id.key()
    }

    /// The name, in the language of the request.
    async fn name(&self, ctx: &Context<'_>) -> &str {
        self.0.name.in_language(ctx.language())
    }

    /// What it was for, in the language of the request.
    async fn description(&self, ctx: &Context<'_>) -> &str {
        self.0.description.in_language(ctx.language())
    }

    /// Its beginning.
    async fn starts(&self) -> Option<PartialDate> {
        self.0.starts.clone().map(PartialDate)
    }

    /// Its end.
    async fn ends(&self) -> Option<PartialDate> {
        self.0.ends.clone().map(PartialDate)
    }

    /// Its web address.
    async fn url(&self) -> Option<&str> {
        self.0.url.as_deref()
    }

    /// The municipalities that took part, by name.
    async fn municipalities(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only those ahead of this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<Municipality>>> {
        let filter = MunicipalityFilter {
            programmes: vec![self.0.id.clone()],
            ..MunicipalityFilter::default()
        };
        let filters = filter.conditions();
        let listing = Listing {
            kinds: vec!["Municipality"],
            filters,
            order: Listing::TITLE,
            ..Listing::default()
        };
        Some(Connection::read(ctx, listing, Paging::new(first, after, last, before)).await)
    }
}
