//! Searches that somebody saves to be told of what happens.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, Result, SimpleObject};

use super::{UserError, patch, payload, sorted};
use crate::domain::{ChannelKind, EventKind, Rhythm, WatchChange, WatchId, WebhookId};
use crate::graphql::context::ContextExt;
use crate::graphql::objects::{QuietHours, Watch};
use crate::graphql::query::Query;
use crate::graphql::watching::WatchSelectionInput;
use crate::service::NewWatch;

/// Searches that somebody saves to be told of what happens.
#[derive(Default, Clone, Copy)]
pub(in crate::graphql) struct Watches;

/// What makes a watch.
#[derive(InputObject)]
pub(in crate::graphql) struct CreateWatchInput {
    /// What to call it.
    name: String,
    /// Which solutions it finds.
    selection: WatchSelectionInput,
    /// Of which events of solutions it tells; of publications if absent.
    kinds: Option<Vec<EventKind>>,
    /// How.
    channel: ChannelKind,
    /// To which address letters go; that of the account if absent. The holder of any other address is
    /// asked first.
    address: Option<String>,
    /// To which of the viewer's webhooks messages go.
    webhook: Option<WebhookId>,
    /// When letters or messages come: daily if absent.
    #[graphql(default_with = "Rhythm::Daily")]
    rhythm: Rhythm,
    /// When nothing is sent at once: it comes together when they end.
    quiet_hours: Option<QuietHours>,
}

/// A change to a watch. What is absent stays.
#[derive(InputObject)]
pub(in crate::graphql) struct UpdateWatchInput {
    /// Which watch.
    id: WatchId,
    /// What to call it.
    name: Option<String>,
    /// Which solutions it finds; all that it says takes the place of what was said before.
    selection: Option<WatchSelectionInput>,
    /// Of which events of solutions it tells.
    kinds: Option<Vec<EventKind>>,
    /// To which address letters go; the holder of one that is not the account's is asked first.
    address: Option<String>,
    /// When letters come.
    rhythm: Option<Rhythm>,
    /// When nothing is sent at once; null takes them away.
    quiet_hours: MaybeUndefined<QuietHours>,
}

/// Which watch is to rest.
#[derive(InputObject)]
pub(in crate::graphql) struct PauseWatchInput {
    /// Which watch.
    id: WatchId,
}

/// Which watch is to go on.
#[derive(InputObject)]
pub(in crate::graphql) struct ResumeWatchInput {
    /// Which watch.
    id: WatchId,
}

/// Which watch to take away.
#[derive(InputObject)]
pub(in crate::graphql) struct DeleteWatchInput {
    /// Which watch.
    id: WatchId,
}

/// Which feed gets another address.
#[derive(InputObject)]
pub(in crate::graphql) struct RenewWatchFeedInput {
    /// Which watch.
    id: WatchId,
}

/// What came of saving a watch.
#[derive(SimpleObject)]
pub(in crate::graphql) struct CreateWatchPayload {
    /// The watch.
    watch: Option<Watch>,
    /// The address of its feed, if it is one. Who knows it reads the feed; it is shown this one time.
    feed_url: Option<String>,
    /// What is wrong with the input; empty if the watch was saved.
    user_errors: Vec<UserError>,
    /// Further questions.
    query: Option<Query>,
}

payload! {
    /// What came of changing a watch.
    UpdateWatchPayload {
        /// The watch after the change.
        watch: Watch
    }
}

payload! {
    /// What came of letting a watch rest.
    PauseWatchPayload {
        /// The watch after the change.
        watch: Watch
    }
}

payload! {
    /// What came of letting a watch go on.
    ResumeWatchPayload {
        /// The watch after the change.
        watch: Watch
    }
}

/// What came of taking a watch away.
#[derive(SimpleObject)]
pub(in crate::graphql) struct DeleteWatchPayload {
    /// The id of what is gone.
    deleted_id: Option<ID>,
    /// What is wrong with the input; empty if the watch is gone.
    user_errors: Vec<UserError>,
    /// Further questions.
    query: Option<Query>,
}

/// What came of giving a feed another address.
#[derive(SimpleObject)]
pub(in crate::graphql) struct RenewWatchFeedPayload {
    /// The watch.
    watch: Option<Watch>,
    /// The address of its feed from now on. It is shown this one time.
    feed_url: Option<String>,
    /// What is wrong with the input; empty if the feed has another address.
    user_errors: Vec<UserError>,
    /// Further questions.
    query: Option<Query>,
}

/// The whole address of a path, if the hub knows its own.
fn whole(ctx: &Context<'_>, path: &str) -> String {
    ctx.services().public_url().map_or(path.to_owned(), |hub| hub.page(path))
}

/// Searches that somebody saves to be told of what happens.
#[Object]
impl Watches {
    /// Saves a search to be told of what happens to what it finds, from now on: by an Atom feed, by mail
    /// or by a webhook, which is told of each event. Nobody is told of what they did themselves. At most 50 for each account; for who is
    /// signed in or has an access token.
    async fn create_watch(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What makes it.")] input: CreateWatchInput,
    ) -> Option<Result<CreateWatchPayload>> {
        let selection = match input.selection.checked(ctx) {
            Ok(selection) => selection,
            Err(error) => return Some(Err(error)),
        };
        let new = NewWatch {
            name: input.name,
            selection,
            kinds: input.kinds,
            channel: input.channel,
            address: input.address,
            webhook: input.webhook,
            rhythm: input.rhythm,
            quiet: input.quiet_hours.map(Into::into),
        };
        let outcome = Box::pin(ctx.services().create_watch(ctx.viewer(), new)).await;
        Some(sorted(ctx, outcome).map(|(made, user_errors)| {
            let (watch, path) = made.unzip();
            CreateWatchPayload {
                watch: watch.map(Watch::from),
                feed_url: path.flatten().map(|path| whole(ctx, &path)),
                user_errors,
                query: Some(Query),
            }
        }))
    }

    /// Changes a watch.
    async fn update_watch(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The change.")] input: UpdateWatchInput,
    ) -> Option<Result<UpdateWatchPayload>> {
        let selection = match input.selection.map(|it| it.checked(ctx)).transpose() {
            Ok(selection) => selection,
            Err(error) => return Some(Err(error)),
        };
        let change = WatchChange {
            name: input.name,
            selection,
            kinds: input.kinds,
            rhythm: input.rhythm,
            quiet: patch(input.quiet_hours).map(Into::into),
            address: input.address,
        };
        let work = ctx.services().update_watch(ctx.viewer(), &input.id, &change);
        UpdateWatchPayload::new(ctx, Box::pin(work).await)
    }

    /// Lets a watch rest. What happens meanwhile is not told of later.
    async fn pause_watch(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: PauseWatchInput,
    ) -> Option<Result<PauseWatchPayload>> {
        let work = ctx.services().pause_watch(ctx.viewer(), &input.id);
        PauseWatchPayload::new(ctx, Box::pin(work).await)
    }

    /// Lets a watch tell of what happens from now on. Whoever has unsubscribed at an address that is
    /// not the account's is asked again first.
    async fn resume_watch(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: ResumeWatchInput,
    ) -> Option<Result<ResumeWatchPayload>> {
        let work = ctx.services().resume_watch(ctx.viewer(), &input.id);
        ResumeWatchPayload::new(ctx, Box::pin(work).await)
    }

    /// Takes a watch away.
    async fn delete_watch(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: DeleteWatchInput,
    ) -> Option<Result<DeleteWatchPayload>> {
        let outcome = Box::pin(ctx.services().delete_watch(ctx.viewer(), &input.id)).await;
        Some(sorted(ctx, outcome).map(|(deleted, user_errors)| DeleteWatchPayload {
            deleted_id: deleted.map(|()| ID::from(&input.id)),
            user_errors,
            query: Some(Query),
        }))
    }

    /// Gives the feed of a watch another address. Who knew the one before reads nothing more there.
    async fn renew_watch_feed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: RenewWatchFeedInput,
    ) -> Option<Result<RenewWatchFeedPayload>> {
        let outcome = Box::pin(ctx.services().renew_watch_feed(ctx.viewer(), &input.id)).await;
        Some(sorted(ctx, outcome).map(|(renewed, user_errors)| {
            let (watch, path) = renewed.unzip();
            RenewWatchFeedPayload {
                watch: watch.map(Watch::from),
                feed_url: path.map(|path| whole(ctx, &path)),
                user_errors,
                query: Some(Query),
            }
        }))
    }
}
