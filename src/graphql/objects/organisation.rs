//! Those who work along.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};

use super::Solution;
use crate::domain::{self, OrganisationKind};
use crate::graphql::connection::{Connection, Paging};
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
