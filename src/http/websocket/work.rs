//! The operations of a connection, each in a task of its own.

use std::panic::AssertUnwindSafe;

use async_graphql::Request;
use futures_util::FutureExt;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};

use super::words::{self, Id};
use crate::graphql::wire::{Wire, was_not_run};
use crate::graphql::{Asker, Operation, Told as Heard, resume_at};
use crate::http::addresses::Place;
use crate::http::refusal::Refusal;
use crate::http::streams::OpenStream;
use crate::http::{Gateway, graphql};

/// What an operation tells the session.
pub(super) struct Told {
    pub(super) id: Id,
    /// Which of the operations that had this id.
    pub(super) run: u64,
    pub(super) message: String,
    /// Whether the operation has ended with it.
    pub(super) last: bool,
}

/// An operation at work.
pub(super) struct Work {
    pub(super) id: Id,
    pub(super) run: u64,
    pub(super) gateway: Gateway,
    pub(super) asker: Asker,
    pub(super) tell: mpsc::Sender<Told>,
    /// The place of a subscription among all open streams, and among those of its address.
    pub(super) _open: (Option<OpenStream>, Option<Place>),
}

impl Work {
    /// Works until everything is told.
    pub(super) async fn run(self, operation: Operation, request: Request) {
        let work = async {
            match operation {
                Operation::Query | Operation::Mutation => self.once(request).await,
                Operation::Subscription => self.again_and_again(request).await,
            }
        };
        // A panic is a defect of the hub; the client must not wait for ever because of it.
        let last = AssertUnwindSafe(work)
            .catch_unwind()
            .await
            .unwrap_or_else(|panic| words::error(&self.id, &Refusal::from_panic(&*panic).errors()));
        self.tell(last, true).await;
    }

    /// Runs a query or mutation; gives the message that ends it.
    async fn once(&self, request: Request) -> String {
        match graphql::execute(&self.gateway, request, self.asker.clone()).await {
            Ok(response) if was_not_run(&response) => words::error(&self.id, &response.errors),
            Ok(response) => {
                self.tell(words::next(&self.id, &Wire::from(&response)), false).await;
                words::complete(&self.id)
            }
            Err(refusal) => words::error(&self.id, &refusal.errors()),
        }
    }

    /// Runs a subscription; gives the message that ends it.
    async fn again_and_again(&self, request: Request) -> String {
        let mut subscriber = self.gateway.api.subscribe(request, self.asker.clone(), None).await;
        let until = Instant::now() + self.gateway.limits.stream_life;
        loop {
            let told = match timeout_at(until, subscriber.next()).await {
                Ok(told) => told,
                Err(_) => Some(Heard::Resume(subscriber.cursor())),
            };
            match told {
                Some(Heard::Next(message)) => {
                    self.tell(words::written(&self.id, &message.text), false).await;
                }
                Some(Heard::Failed(errors)) => return words::failed(&self.id, &errors),
                Some(Heard::Resume(cursor)) => return words::error(&self.id, &resume_at(cursor)),
                None => return words::complete(&self.id),
            }
        }
    }

    async fn tell(&self, message: String, last: bool) {
        let told = Told { id: self.id.clone(), run: self.run, message, last };
        // The session may be over already; then the next await ends this task.
        let _over = self.tell.send(told).await.is_err();
    }
}
