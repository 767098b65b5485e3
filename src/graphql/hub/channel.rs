//! One subscription that runs once, for all who have it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use async_graphql::Response;
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use tokio::sync::watch;
use tokio::task::AbortHandle;

use super::ring::{Ending, Pulled, Ring};
use super::{Key, Template};
use crate::graphql::Place;
use crate::graphql::wire::{has_failed, json, text};

/// The channels at work, by what they run.
pub(super) type Channels = Mutex<HashMap<Key, Weak<Channel>>>;

/// Where others find a channel, and by what.
pub(super) type Registered = (Weak<Channels>, Key);

/// A subscription at work, until the last of its subscribers lets go of it.
pub(super) struct Channel {
    shared: Arc<Shared>,
    task: AbortHandle,
    template: Template,
    /// Where others find it, and by what.
    registered: Option<Registered>,
}

/// What the task of a channel and its subscribers have in common.
struct Shared {
    ring: Mutex<Ring>,
    /// Counts what is told; subscribers wait for it to move.
    told: watch::Sender<u64>,
}

impl Channel {
    /// Begins to tell what follows a place, at which the stream must begin too.
    pub(super) fn begin(
        after: u64,
        answers: BoxStream<'static, Response>,
        place: Place,
        template: Template,
        registered: Option<Registered>,
    ) -> Self {
        let ring = Mutex::new(Ring::behind(after));
        let shared = Arc::new(Shared { ring, told: watch::Sender::new(0) });
        let task = tokio::spawn(run(Arc::clone(&shared), answers, place)).abort_handle();
        Self { shared, task, template, registered }
    }

    /// What runs.
    pub(super) const fn template(&self) -> &Template {
        &self.template
    }

    /// What follows a place.
    pub(super) fn pull(&self, after: u64) -> Pulled {
        self.shared.ring.lock().unwrap_or_else(PoisonError::into_inner).pull(after)
    }

    /// Tells when there is more to pull.
    pub(super) fn watch(&self) -> watch::Receiver<u64> {
        self.shared.told.subscribe()
    }

    /// Whether nothing more will come.
    pub(super) fn is_over(&self) -> bool {
        self.task.is_finished()
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.task.abort();
        let Some((channels, key)) = &self.registered else { return };
        let Some(channels) = channels.upgrade() else { return };
        let mut channels = channels.lock().unwrap_or_else(PoisonError::into_inner);
        // Another one may have taken its place.
        if channels.get(key).is_some_and(|channel| channel.strong_count() == 0) {
            channels.remove(key);
        }
    }
}

impl Shared {
    fn change(&self, change: impl FnOnce(&mut Ring)) {
        change(&mut self.ring.lock().unwrap_or_else(PoisonError::into_inner));
        self.told.send_modify(|told| *told += 1);
    }
}

/// Runs the subscription, and writes down what it tells.
async fn run(shared: Arc<Shared>, mut answers: BoxStream<'static, Response>, place: Place) {
    // Should a resolver panic, nobody may wait for ever.
    let guard = EndsWith(&shared);
    while let Some(answer) = answers.next().await {
        if has_failed(&answer) {
            shared.change(|ring| ring.end(Ending::Failed(json(&answer.errors).into())));
            return;
        }
        let told = place.told().unwrap_or_default();
        shared.change(|ring| ring.push(told, text(&answer).into()));
    }
    drop(guard);
}

/// Ends the ring, whatever happens.
struct EndsWith<'a>(&'a Shared);

impl Drop for EndsWith<'_> {
    fn drop(&mut self) {
        self.0.change(|ring| ring.end(Ending::Complete));
    }
}
