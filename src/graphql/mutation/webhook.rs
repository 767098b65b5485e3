//! Webhooks.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};

use super::{UserError, patch, payload, sorted};
use crate::domain::{DeliveryId, WebhookId};
use crate::graphql::context::ContextExt;
use crate::graphql::objects::{Delivery, Webhook};
use crate::graphql::query::Query;
use crate::service::WebhookChange;

/// Webhooks.
#[derive(Default, Clone, Copy)]
pub(in crate::graphql) struct Webhooks;

/// What makes a webhook.
#[derive(InputObject)]
pub(in crate::graphql) struct CreateWebhookInput {
    /// Where messages go: an address with `https` on the public network, of 2,048 characters at most.
    url: String,
    /// What its owner calls it.
    name: Option<String>,
}

/// A change to a webhook. What is absent stays.
#[derive(InputObject)]
pub(in crate::graphql) struct UpdateWebhookInput {
    /// Which one.
    id: WebhookId,
    /// Where messages go.
    url: Option<String>,
    /// What its owner calls it; null takes it away.
    name: MaybeUndefined<String>,
}

/// Which webhook.
#[derive(InputObject)]
pub(in crate::graphql) struct RotateWebhookSecretInput {
    /// Which one.
    id: WebhookId,
}

/// Which webhook.
#[derive(InputObject)]
pub(in crate::graphql) struct EnableWebhookInput {
    /// Which one.
    id: WebhookId,
}

/// Which webhook.
#[derive(InputObject)]
pub(in crate::graphql) struct DisableWebhookInput {
    /// Which one.
    id: WebhookId,
}

/// Which webhook.
#[derive(InputObject)]
pub(in crate::graphql) struct DeleteWebhookInput {
    /// Which one.
    id: WebhookId,
}

/// Which webhook.
#[derive(InputObject)]
pub(in crate::graphql) struct TestWebhookInput {
    /// Which one.
    id: WebhookId,
}

/// Which message.
#[derive(InputObject)]
pub(in crate::graphql) struct ReplayDeliveryInput {
    /// Which one.
    id: DeliveryId,
}

/// Which messages.
#[derive(InputObject)]
pub(in crate::graphql) struct ReplayFailedDeliveriesInput {
    /// To which webhook.
    webhook: WebhookId,
    /// Only those that were made then or later; all that are kept if absent.
    since: Option<DateTime<Utc>>,
}

/// What came of making a webhook.
#[derive(SimpleObject)]
pub(in crate::graphql) struct CreateWebhookPayload {
    /// The webhook.
    webhook: Option<Webhook>,
    /// What its messages are signed with: `whsec_` and base64. It is shown this one time.
    secret: Option<String>,
    /// What is wrong with the input; empty if the webhook was made.
    user_errors: Vec<UserError>,
    /// Further questions.
    query: Option<Query>,
}

/// What came of giving a webhook another secret.
#[derive(SimpleObject)]
pub(in crate::graphql) struct RotateWebhookSecretPayload {
    /// The webhook. For a day its messages are signed with both secrets.
    webhook: Option<Webhook>,
    /// The new secret. It is shown this one time.
    secret: Option<String>,
    /// What is wrong with the input; empty if the change was made.
    user_errors: Vec<UserError>,
    /// Further questions.
    query: Option<Query>,
}

payload! {
    /// What came of changing a webhook.
    UpdateWebhookPayload {
        /// The webhook after the change.
        webhook: Webhook
    }
}

payload! {
    /// What came of enabling a webhook.
    EnableWebhookPayload {
        /// The webhook after the change.
        webhook: Webhook
    }
}

payload! {
    /// What came of disabling a webhook.
    DisableWebhookPayload {
        /// The webhook after the change.
        webhook: Webhook
    }
}

payload! {
    /// What came of trying a webhook out.
    TestWebhookPayload {
        /// The message. Ask `node` for it to learn what became of it.
        delivery: Delivery
    }
}

payload! {
    /// What came of sending a message once more.
    ReplayDeliveryPayload {
        /// The message, on its way again.
        delivery: Delivery
    }
}

/// What came of deleting a webhook.
#[derive(SimpleObject)]
pub(in crate::graphql) struct DeleteWebhookPayload {
    /// The id of what is gone.
    deleted_id: Option<ID>,
    /// What is wrong with the input; empty if the webhook is gone.
    user_errors: Vec<UserError>,
    /// Further questions.
    query: Option<Query>,
}

/// What came of sending messages once more.
#[derive(SimpleObject)]
pub(in crate::graphql) struct ReplayFailedDeliveriesPayload {
    /// The webhook.
    webhook: Option<Webhook>,
    /// How many messages are on their way again, the oldest ones; at most 1,000 at once.
    replayed: Option<i32>,
    /// What is wrong with the input; empty if they are on their way.
    user_errors: Vec<UserError>,
    /// Further questions.
    query: Option<Query>,
}

/// Webhooks.
#[Object]
impl Webhooks {
    /// Makes a webhook: an address that is told what happened. For who is signed in, or brings an access
    /// token that belongs to no account; ten at most.
    async fn create_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What makes it.")] input: CreateWebhookInput,
    ) -> Option<Result<CreateWebhookPayload>> {
        let made = ctx.services().create_webhook(ctx.viewer(), input.url, input.name).await;
        Some(sorted(ctx, made).map(|(made, user_errors)| {
            let (webhook, secret) = made.unzip();
            CreateWebhookPayload {
                webhook: webhook.map(Into::into),
                secret: secret.map(|secret| secret.reveal().to_owned()),
                user_errors,
                query: Some(Query),
            }
        }))
    }

    /// Changes a webhook of one's own.
    async fn update_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The change.")] input: UpdateWebhookInput,
    ) -> Option<Result<UpdateWebhookPayload>> {
        let change = WebhookChange { url: input.url, name: patch(input.name) };
        let changed = ctx.services().update_webhook(ctx.viewer(), &input.id, &change).await;
        UpdateWebhookPayload::new(ctx, changed)
    }

    /// Gives a webhook of one's own another secret. For 24 hours messages are signed with both, so that
    /// the receiver can change over meanwhile.
    async fn rotate_webhook_secret(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: RotateWebhookSecretInput,
    ) -> Option<Result<RotateWebhookSecretPayload>> {
        let rotated = ctx.services().rotate_webhook_secret(ctx.viewer(), &input.id).await;
        Some(sorted(ctx, rotated).map(|(rotated, user_errors)| {
            let (webhook, secret) = rotated.unzip();
            RotateWebhookSecretPayload {
                webhook: webhook.map(Into::into),
                secret: secret.map(|secret| secret.reveal().to_owned()),
                user_errors,
                query: Some(Query),
            }
        }))
    }

    /// Has a webhook of one's own sent messages again.
    async fn enable_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: EnableWebhookInput,
    ) -> Option<Result<EnableWebhookPayload>> {
        let enabled = ctx.services().enable_webhook(ctx.viewer(), &input.id).await;
        EnableWebhookPayload::new(ctx, enabled)
    }

    /// Has a webhook of one's own sent nothing any more. What is on its way is given up;
    /// `replayFailedDeliveries` sends it later.
    async fn disable_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: DisableWebhookInput,
    ) -> Option<Result<DisableWebhookPayload>> {
        let disabled = ctx.services().disable_webhook(ctx.viewer(), &input.id).await;
        DisableWebhookPayload::new(ctx, disabled)
    }

    /// Takes a webhook of one's own away, with all that was sent to it.
    async fn delete_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: DeleteWebhookInput,
    ) -> Option<Result<DeleteWebhookPayload>> {
        let deleted = ctx.services().delete_webhook(ctx.viewer(), &input.id).await;
        Some(sorted(ctx, deleted).map(|(deleted, user_errors)| DeleteWebhookPayload {
            deleted_id: deleted.map(|()| ID::from(&input.id)),
            user_errors,
            query: Some(Query),
        }))
    }

    /// Sends a message to a webhook of one's own that tells of nothing, of the type
    /// `org.allmende.webhook.ping`.
    async fn test_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: TestWebhookInput,
    ) -> Option<Result<TestWebhookPayload>> {
        let sent = ctx.services().test_webhook(ctx.viewer(), &input.id).await;
        TestWebhookPayload::new(ctx, sent)
    }

    /// Sends a message to a webhook of one's own once more, under the same id.
    async fn replay_delivery(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: ReplayDeliveryInput,
    ) -> Option<Result<ReplayDeliveryPayload>> {
        let sent = ctx.services().replay_delivery(ctx.viewer(), &input.id).await;
        ReplayDeliveryPayload::new(ctx, sent)
    }

    /// Sends what was given up once more, the oldest first, each message under the same id.
    async fn replay_failed_deliveries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which ones.")] input: ReplayFailedDeliveriesInput,
    ) -> Option<Result<ReplayFailedDeliveriesPayload>> {
        let ReplayFailedDeliveriesInput { webhook, since } = input;
        let services = ctx.services();
        let sent = services.replay_failed_deliveries(ctx.viewer(), &webhook, since).await;
        Some(sorted(ctx, sent).map(|(sent, user_errors)| {
            let (webhook, count) = sent.unzip();
            ReplayFailedDeliveriesPayload {
                webhook: webhook.map(Into::into),
                replayed: count.and_then(|count| i32::try_from(count).ok()),
                user_errors,
                query: Some(Query),
            }
        }))
    }
}
