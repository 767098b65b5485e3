//! Who works with the hub: accounts, access tokens, and the roles that they hold.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};

use super::{Municipality, Node, Organisation, load_nodes};
use crate::domain::{self, NodeId, Role};

/// A role that somebody holds.
pub(in crate::graphql) struct Grant(pub(in crate::graphql) domain::Grant);

/// A role that somebody holds.
#[Object]
impl Grant {
    /// The role.
    async fn role(&self) -> Role {
        self.0.role
    }

    /// The municipality that it is held for.
    async fn municipality(&self, ctx: &Context<'_>) -> Option<Municipality> {
        Municipality::find(ctx, self.0.municipality.as_ref()?)
    }

    /// The organisation that it is held for.
    async fn organisation(&self, ctx: &Context<'_>) -> Option<Result<Organisation>> {
        let id = NodeId::from(self.0.organisation.clone()?);
        match load_nodes(ctx, vec![id]).await {
            Ok(nodes) => nodes.into_values().find_map(|node| match node {
                Node::Organisation(organisation) => Some(Ok(organisation)),
                _ => None,
            }),
            Err(error) => Some(Err(error)),
        }
    }
}

/// Somebody who signs in. Only admins see accounts.
pub(in crate::graphql) struct Account(pub(in crate::graphql) domain::Account);

impl From<domain::Account> for Account {
    fn from(record: domain::Account) -> Self {
        Self(record)
    }
}

/// Somebody who signs in. Only admins see accounts.
#[Object]
impl Account {
    /// The global id.
    async fn id(&self) -> ID {
        ID::from(&self.0.id)
    }

    /// The address to sign in with; null for who signs in with an identity provider that vouches for none.
    async fn email(&self) -> Option<&str> {
        self.0.email.as_deref()
    }

    /// What others call its holder.
    async fn name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }

    /// The roles of its holder.
    async fn grants(&self) -> Vec<Grant> {
        self.0.grants.iter().cloned().map(Grant).collect()
    }

    /// Whether it has a password.
    async fn has_password(&self) -> bool {
        self.0.password.is_some()
    }

    /// Whether nobody can sign in with it.
    async fn disabled(&self) -> bool {
        self.0.disabled
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it was last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
}

/// A token with which a machine works in somebody's place. Its secret is shown when it is made.
#[derive(SimpleObject)]
pub(in crate::graphql) struct AccessToken {
    /// The global id.
    id: ID,
    /// What it is for.
    name: Option<String>,
    /// What its holder may do.
    grant: Grant,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// Until when it is in force; for ever if null.
    expires_at: Option<DateTime<Utc>>,
    /// When it lost its force.
    revoked_at: Option<DateTime<Utc>>,
}

impl From<domain::Token> for AccessToken {
    fn from(token: domain::Token) -> Self {
        Self {
            id: ID::from(&token.id),
            grant: Grant(token.grant()),
            name: token.name,
            created_at: token.created_at,
            expires_at: token.expires_at,
            revoked_at: token.revoked_at,
        }
    }
}
