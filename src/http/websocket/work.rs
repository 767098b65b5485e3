//! The operations of a connection. Each is a stream of messages that runs while it is asked for more.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::task::{Context, Poll};

use async_graphql::Request;
use futures_util::stream::{self, BoxStream};
use futures_util::{FutureExt, Stream, StreamExt};
use tokio::time::{Sleep, sleep};
use tokio_util::task::AbortOnDropHandle;

use super::words::{self, Envelope, Id};
use crate::graphql::wire::{Wire, was_not_run};
use crate::graphql::{Asker, Operation, Subscriber, Told, resume_at};
use crate::http::addresses::Place;
use crate::http::refusal::Refusal;
use crate::http::streams::OpenStream;
use crate::http::{Gateway, graphql};

/// What an operation says.
pub(super) struct Message {
    pub(super) text: String,
    /// Whether the operation has ended with it.
    pub(super) last: bool,
}

/// An operation at work, until it is let go of.
pub(super) struct Work {
    messages: BoxStream<'static, Message>,
    /// Whether it ends by itself.
    pub(super) ends: bool,
    /// The place of a subscription among all open streams, and among those of its address.
    _open: (Option<OpenStream>, Option<Place>),
}

/// Who asks for an operation, and where.
pub(super) struct Order {
    pub(super) id: Id,
    pub(super) gateway: Gateway,
    pub(super) asker: Asker,
    /// The place of a subscription among all open streams, and among those of its address.
    pub(super) open: (Option<OpenStream>, Option<Place>),
}

impl Work {
    /// Begins an operation.
    pub(super) fn begin(mut order: Order, operation: Operation, request: Request) -> Self {
        let open = std::mem::take(&mut order.open);
        let (messages, ends) = match operation {
            Operation::Query | Operation::Mutation => (once(order, request), true),
            Operation::Subscription => (again_and_again(order, request), false),
        };
        Self { messages, ends, _open: open }
    }
}

impl Stream for Work {
    type Item = Message;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Message>> {
        self.messages.poll_next_unpin(context)
    }
}

/// Runs a query or mutation, in a task of its own: it may be long, and others are to be heard.
fn once(Order { id, gateway, asker, .. }: Order, request: Request) -> BoxStream<'static, Message> {
    let task = AbortOnDropHandle::new(tokio::spawn(answer(id.clone(), gateway, asker, request)));
    let messages = task.map(move |answer| match answer {
        Ok(messages) => messages,
        // Otherwise it was given up, and nobody listens.
        Err(error) => error.try_into_panic().iter().map(|panic| panicked(&id, &**panic)).collect(),
    });
    stream::once(messages).flat_map(stream::iter).boxed()
}

async fn answer(id: Id, gateway: Gateway, asker: Asker, request: Request) -> Vec<Message> {
    match graphql::execute(&gateway, request, asker).await {
        Ok(response) if was_not_run(&response) => vec![last(words::error(&id, &response.errors))],
        Ok(response) => {
            let text = words::next(&id, &Wire::from(&response));
            vec![Message { text, last: false }, last(words::complete(&id))]
        }
        Err(refusal) => vec![last(words::error(&id, &refusal.errors()))],
    }
}

/// Runs a subscription. It only waits and hands on, so it needs no task of its own.
fn again_and_again(order: Order, request: Request) -> BoxStream<'static, Message> {
    let Order { id, gateway, asker, .. } = order;
    let listener = {
        let id = id.clone();
        async move {
            Listener {
                subscriber: gateway.api.subscribe(request, asker, None).await,
                envelope: Envelope::of(&id),
                end: Box::pin(sleep(gateway.limits.stream_life)),
                id,
            }
        }
    };
    let messages = stream::once(listener)
        .flat_map(|listener| stream::unfold(Some(listener), |it| async { it?.hear().await }));
    // A panic is a defect of the hub; the client must not wait for ever because of it.
    AssertUnwindSafe(messages)
        .catch_unwind()
        .map(move |message| message.unwrap_or_else(|panic| panicked(&id, &*panic)))
        .boxed()
}

/// A client that listens to one subscription.
struct Listener {
    id: Id,
    envelope: Envelope,
    subscriber: Subscriber,
    /// One alarm for all messages: each of its own would be set and taken back.
    end: Pin<Box<Sleep>>,
}

impl Listener {
    /// The next message, and who hears the one after it.
    async fn hear(mut self) -> Option<(Message, Option<Self>)> {
        let told = tokio::select! {
            biased;
            told = self.subscriber.next() => told,
            () = self.end.as_mut() => Some(Told::Resume(self.subscriber.cursor())),
        };
        let message = match told {
            Some(Told::Next(message)) => {
                let text = self.envelope.around(&message.text);
                return Some((Message { text, last: false }, Some(self)));
            }
            Some(Told::Failed(errors)) => words::failed(&self.id, &errors),
            Some(Told::Resume(cursor)) => words::error(&self.id, &resume_at(cursor)),
            None => words::complete(&self.id),
        };
        Some((last(message), None))
    }
}

const fn last(text: String) -> Message {
    Message { text, last: true }
}

fn panicked(id: &Id, panic: &(dyn Any + Send)) -> Message {
    last(words::error(id, &Refusal::from_panic(panic).errors()))
}
