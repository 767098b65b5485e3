//! The connection to the database, and whether anybody is at its other end.
//!
//! The client of SurrealDB connects again by itself, and until then keeps every question waiting, in a
//! queue without an end. Somebody in front of a screen should not wait with it, nor should a hub that
//! others could take over from: so a server is asked every second whether it is there, and while it is
//! not, questions are refused before they are sent.

use std::borrow::Cow;
use std::future::{Future, IntoFuture};
use std::ops::Deref;
use std::pin::Pin;
use std::sync::Weak;
use std::time::Duration;

use surrealdb::engine::any::Any;
use surrealdb::method::{IntoVariables, Query};
use surrealdb::{IndexedResults, Surreal};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

/// How often a server is asked whether it is there.
const PACE: Duration = Duration::from_secs(1);
/// How long it may take to say so.
const PATIENCE: Duration = Duration::from_secs(3);

/// What a question says that was not sent, for nobody is there.
pub(super) const AWAY: &str = "allmende:away";
/// What a question says whose answer did not come: it may have been heard.
pub(super) const UNANSWERED: &str = "allmende:unanswered";

/// The client of the database.
pub(super) struct Database {
    client: Surreal<Any>,
    is_there: watch::Sender<bool>,
}

/// For what needs no answer in time: migrations, and the choice of namespaces.
impl Deref for Database {
    type Target = Surreal<Any>;

    fn deref(&self) -> &Surreal<Any> {
        &self.client
    }
}

impl Database {
    pub(super) fn new(client: Surreal<Any>) -> Self {
        Self { client, is_there: watch::Sender::new(true) }
    }

    /// A question, to be given values and awaited.
    pub(super) fn query<'a>(&'a self, question: impl Into<Cow<'a, str>>) -> Question<'a> {
        Question { query: self.client.query(question), is_there: self.is_there.subscribe() }
    }

    /// Asks the server whether it is there, as long as somebody has the client.
    pub(super) async fn keep_asking(database: Weak<Self>) {
        while let Some(database) = database.upgrade() {
            let is_there = matches!(timeout(PATIENCE, database.client.health()).await, Ok(Ok(())));
            let before = database.is_there.send_replace(is_there);
            drop(database);
            match (before, is_there) {
                (true, false) => {
                    tracing::error!("the database does not answer: only what is in memory goes on");
                }
                (false, true) => tracing::info!("the database answers again"),
                _ => {}
            }
            sleep(PACE).await;
        }
    }
}

/// A question to the database.
pub(super) struct Question<'a> {
    query: Query<'a, Any>,
    is_there: watch::Receiver<bool>,
}

impl Question<'_> {
    /// With these values.
    pub(super) fn bind(self, values: impl IntoVariables) -> Self {
        Self { query: self.query.bind(values), ..self }
    }
}

impl<'a> IntoFuture for Question<'a> {
    type Output = Result<IndexedResults, surrealdb::Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(mut self) -> Self::IntoFuture {
        Box::pin(async move {
            if !*self.is_there.borrow() {
                return Err(lost(AWAY));
            }
            tokio::select! {
                biased;
                answer = self.query => answer,
                _ = self.is_there.wait_for(|is_there| !is_there) => Err(lost(UNANSWERED)),
            }
        })
    }
}

fn lost(how: &str) -> surrealdb::Error {
    surrealdb::Error::connection(how.to_owned(), None)
}
