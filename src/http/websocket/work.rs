//! The operations of a connection, each in a task of its own.

use std::panic::AssertUnwindSafe;

use async_graphql::Request;
use futures_util::{FutureExt, StreamExt};
use tokio::sync::mpsc;

use super::words::{self, Id};
use crate::graphql::{Asker, Operation, Place};
use crate::http::answer::{Wire, has_failed, was_not_run};
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
    /// The place of a subscription among all open streams.
    pub(super) _open: Option<OpenStream>,
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
        let mut answers =
            self.gateway.api.execute_stream(request, self.asker.clone(), Place::default());
        while let Some(response) = answers.next().await {
            if has_failed(&response) {
                return words::error(&self.id, &response.errors);
            }
            self.tell(words::next(&self.id, &Wire::from(&response)), false).await;
        }
        words::complete(&self.id)
    }

    async fn tell(&self, message: String, last: bool) {
        let told = Told { id: self.id.clone(), run: self.run, message, last };
        // The session may be over already; then the next await ends this task.
        let _over = self.tell.send(told).await.is_err();
    }
}
