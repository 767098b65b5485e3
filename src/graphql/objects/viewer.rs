//! Who asks.

use async_graphql::{Context, ID, Object, Result};

use super::{AccessToken, Grant, Watch, Webhook};
use crate::domain::{Actor, Member};
use crate::graphql::context::ContextExt;
use crate::graphql::failure::from_service;

/// Who is signed in, or holds the access token that the request brought.
pub(in crate::graphql) struct CurrentViewer(pub(in crate::graphql) Member);

/// Who is signed in, or holds the access token that the request brought.
#[Object(name = "Viewer")]
impl CurrentViewer {
    /// The roles that the viewer holds here; a token stands for one of them.
    async fn grants(&self) -> Vec<Grant> {
        self.0.grants.iter().cloned().map(Grant).collect()
    }

    /// The id of the account; null for the holder of a token that belongs to none.
    async fn account_id(&self) -> Option<ID> {
        match &self.0.actor {
            Actor::Account(account) => Some(ID::from(account)),
            Actor::Token(_) | Actor::Operator | Actor::Hub => None,
        }
    }

    /// The access tokens that the viewer may revoke: one's own, for admins all. Who brought a token of
    /// an account sees that one.
    async fn access_tokens(&self, ctx: &Context<'_>) -> Option<Result<Vec<AccessToken>>> {
        let found = ctx.services().tokens(ctx.viewer()).await.map_err(from_service);
        Some(found.map(|tokens| tokens.into_iter().map(Into::into).collect()))
    }

    /// The viewer's webhooks, the oldest first; none for who brought a token of an account.
    async fn webhooks(&self, ctx: &Context<'_>) -> Option<Result<Vec<Webhook>>> {
        let found = ctx.services().webhooks(ctx.viewer()).await.map_err(from_service);
        Some(found.map(|webhooks| webhooks.into_iter().map(Into::into).collect()))
    }

    /// The searches that the viewer saved, in the order in which they were saved.
    async fn watches(&self, ctx: &Context<'_>) -> Option<Result<Vec<Watch>>> {
        let found = ctx.services().watches(ctx.viewer()).await.map_err(from_service);
        Some(found.map(|watches| watches.into_iter().map(Into::into).collect()))
    }
}
