//! Accounts, access tokens, and how a municipality works.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};

use super::{UserError, payload, sorted};
use crate::domain::{self, AccountId, MunicipalityId, OrganisationId, Role, TokenId};
use crate::graphql::context::ContextExt;
use crate::graphql::objects::{AccessToken, Account, Municipality};
use crate::graphql::query::Query;
use crate::service::{AccountChange, NewToken};

/// Accounts, access tokens, and how a municipality works.
#[derive(Default, Clone, Copy)]
pub(in crate::graphql) struct Accounts;

/// A role for somebody.
#[derive(InputObject)]
pub(in crate::graphql) struct GrantInput {
    /// The role.
    role: Role,
    /// The municipality that it is held for; editors and approvers need one, or an organisation.
    municipality: Option<MunicipalityId>,
    /// The organisation that it is held for.
    organisation: Option<OrganisationId>,
}

impl From<GrantInput> for domain::Grant {
    fn from(it: GrantInput) -> Self {
        Self { role: it.role, municipality: it.municipality, organisation: it.organisation }
    }
}

/// What makes an account.
#[derive(InputObject)]
pub(in crate::graphql) struct CreateAccountInput {
    /// The address to sign in with; best a role's mailbox.
    email: String,
    /// What others call its holder.
    name: Option<String>,
    /// A password of 12 characters or more; none for those who sign in with an identity provider.
    password: Option<String>,
    /// The roles of its holder, 25 at most.
    grants: Vec<GrantInput>,
}

/// A change to an account. What is absent stays.
#[derive(InputObject)]
pub(in crate::graphql) struct UpdateAccountInput {
    /// Which account.
    id: AccountId,
    /// The address to sign in with.
    email: Option<String>,
    /// What others call its holder; null takes it away.
    name: MaybeUndefined<String>,
    /// Another password; whoever is signed in must sign in again.
    password: Option<String>,
    /// The roles of its holder, all of them, 25 at most.
    grants: Option<Vec<GrantInput>>,
    /// Whether nobody can sign in with it.
    disabled: Option<bool>,
}

/// Another password for one's own account.
#[derive(InputObject)]
pub(in crate::graphql) struct ChangePasswordInput {
    /// The present password.
    current_password: String,
    /// Another one, of twelve characters or more.
    new_password: String,
}

/// Which account to erase.
#[derive(InputObject)]
pub(in crate::graphql) struct EraseAccountInput {
    /// Which account.
    id: AccountId,
}

/// What makes an access token.
#[derive(InputObject)]
pub(in crate::graphql) struct CreateAccessTokenInput {
    /// What it is for.
    name: String,
    /// What its holder may do: one role of one's own, or to read.
    grant: GrantInput,
    /// Until when it is in force; for ever if absent.
    expires_at: Option<DateTime<Utc>>,
}

/// Which access token to revoke.
#[derive(InputObject)]
pub(in crate::graphql) struct RevokeAccessTokenInput {
    /// Which token.
    id: TokenId,
}

/// How a municipality works.
#[derive(InputObject)]
pub(in crate::graphql) struct SetOnePersonInput {
    /// Which municipality.
    municipality: MunicipalityId,
    /// Whether one person does all the work there, so that nobody else can look at what is published.
    one_person: bool,
}

payload! {
    /// What came of making an account.
    CreateAccountPayload {
        /// The account.
        account: Account
    }
}

payload! {
    /// What came of changing an account.
    UpdateAccountPayload {
        /// The account after the change.
        account: Account
    }
}

payload! {
    /// What came of changing one's own password.
    ChangePasswordPayload {
        /// The account. It is signed out everywhere: sign in with the new password.
        account: Account
    }
}

/// What came of setting how a municipality works.
#[derive(SimpleObject)]
pub(in crate::graphql) struct SetOnePersonPayload {
    /// The municipality after the change.
    municipality: Option<Municipality>,
    /// What is wrong with the input; empty if the change was made.
    user_errors: Vec<UserError>,
    /// Further questions.
    query: Option<Query>,
}

/// What came of erasing an account.
#[derive(SimpleObject)]
pub(in crate::graphql) struct EraseAccountPayload {
    /// The id of what is gone.
    erased_id: Option<ID>,
    /// Whether some files of the hub still hold traces of it: they go within minutes.
    pending: Option<bool>,
    /// What is wrong with the input; empty if the account is gone.
    user_errors: Vec<UserError>,
    /// Further questions.
    query: Option<Query>,
}

/// What came of making an access token.
#[derive(SimpleObject)]
pub(in crate::graphql) struct CreateAccessTokenPayload {
    /// The token.
    access_token: Option<AccessToken>,
    /// What its holder sends as `Authorization: Bearer …`. It is shown this one time.
    secret: Option<String>,
    /// What is wrong with the input; empty if the token was made.
    user_errors: Vec<UserError>,
    /// Further questions.
    query: Option<Query>,
}

/// What came of revoking an access token.
#[derive(SimpleObject)]
pub(in crate::graphql) struct RevokeAccessTokenPayload {
    /// The token after the change.
    access_token: Option<AccessToken>,
    /// What is wrong with the input; empty if the token has no force any more.
    user_errors: Vec<UserError>,
    /// Further questions.
    query: Option<Query>,
}

fn grants(given: Vec<GrantInput>) -> Vec<domain::Grant> {
    given.into_iter().map(Into::into).collect()
}

/// Accounts, access tokens, and how a municipality works.
#[Object]
impl Accounts {
    /// Makes an account; for admins.
    async fn create_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What makes it.")] input: CreateAccountInput,
    ) -> Option<Result<CreateAccountPayload>> {
        let change = AccountChange {
            email: Some(input.email),
            name: Some(input.name),
            password: input.password,
            grants: Some(grants(input.grants)),
            disabled: None,
        };
        CreateAccountPayload::new(ctx, ctx.services().create_account(ctx.viewer(), change).await)
    }

    /// Changes an account; for admins.
    async fn update_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The change.")] input: UpdateAccountInput,
    ) -> Option<Result<UpdateAccountPayload>> {
        let change = AccountChange {
            email: input.email,
            name: match input.name {
                MaybeUndefined::Undefined => None,
                MaybeUndefined::Null => Some(None),
                MaybeUndefined::Value(name) => Some(Some(name)),
            },
            password: input.password,
            grants: input.grants.map(grants),
            disabled: input.disabled,
        };
        let outcome = ctx.services().update_account(ctx.viewer(), &input.id, change).await;
        UpdateAccountPayload::new(ctx, outcome)
    }

    /// Takes an account and all that names its holder away, for good; for admins.
    async fn erase_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: EraseAccountInput,
    ) -> Option<Result<EraseAccountPayload>> {
        let outcome = ctx.services().erase_account(ctx.viewer(), &input.id).await;
        Some(sorted(ctx, outcome).map(|(erased, user_errors)| EraseAccountPayload {
            pending: erased.map(|done| !done),
            erased_id: erased.map(|_| ID::from(&input.id)),
            user_errors,
            query: Some(Query),
        }))
    }

    /// Makes a token with which a machine works in one's place, with one of one's roles. Only who is
    /// signed in can: a token makes no tokens.
    async fn create_access_token(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What makes it.")] input: CreateAccessTokenInput,
    ) -> Option<Result<CreateAccessTokenPayload>> {
        let new = NewToken {
            name: Some(input.name),
            grant: input.grant.into(),
            expires_at: input.expires_at,
        };
        let outcome = ctx.services().make_token(ctx.viewer(), new).await;
        Some(sorted(ctx, outcome).map(|(made, user_errors)| {
            let (token, secret) = made.unzip();
            CreateAccessTokenPayload {
                access_token: token.map(Into::into),
                secret: secret.map(|secret| secret.reveal().to_owned()),
                user_errors,
                query: Some(Query),
            }
        }))
    }

    /// Changes the password of one's own account, for who is signed in with it.
    async fn change_password(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The present password and another one.")] input: ChangePasswordInput,
    ) -> Option<Result<ChangePasswordPayload>> {
        let ChangePasswordInput { current_password, new_password } = input;
        let services = ctx.services();
        let changed = services.change_password(ctx.viewer(), current_password, new_password).await;
        ChangePasswordPayload::new(ctx, changed)
    }

    /// Takes an access token its force, at once.
    async fn revoke_access_token(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: RevokeAccessTokenInput,
    ) -> Option<Result<RevokeAccessTokenPayload>> {
        let outcome = ctx.services().revoke_token(ctx.viewer(), &input.id).await;
        Some(sorted(ctx, outcome).map(|(token, user_errors)| RevokeAccessTokenPayload {
            access_token: token.map(Into::into),
            user_errors,
            query: Some(Query),
        }))
    }

    /// Says whether one person does all the work of a municipality; for moderators. Then its solutions
    /// go out without anybody else looking at them.
    async fn set_one_person(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Where, and whether.")] input: SetOnePersonInput,
    ) -> Option<Result<SetOnePersonPayload>> {
        let services = ctx.services();
        let set = services.set_one_person(ctx.viewer(), &input.municipality, input.one_person);
        let outcome = sorted(ctx, set.await);
        Some(outcome.map(|(set, user_errors)| SetOnePersonPayload {
            municipality: set.and_then(|()| Municipality::find(ctx, &input.municipality)),
            user_errors,
            query: Some(Query),
        }))
    }
}
