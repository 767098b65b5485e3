//! GraphQL over server-sent events, in distinct connections mode.

use std::convert::Infallible;

use async_graphql::{Request, Response as GraphQlResponse};
use axum::body::{Body, Bytes};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, Response};
use axum::response::IntoResponse;
use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at, sleep_until};
use tokio_util::sync::CancellationToken;

use super::Gateway;
use super::accept::Form;
use super::addresses::Place;
use super::asker::Caller;
use super::downloads::sent;
use super::refusal::Refusal;
use super::streams::{OpenStream, SILENT_INTERVALS};
use crate::graphql::wire::text;
use crate::graphql::{RESUME, Subscriber, Told};

/// Ends a stream. A browser only fires an event that has a data line.
const COMPLETE: &str = "event: complete\ndata:\n\n";
/// Keeps proxies from closing a quiet stream.
const SIGN_OF_LIFE: &str = ":\n\n";

/// A stream of one answer.
pub(super) fn single(response: &GraphQlResponse) -> Response<Body> {
    events(Body::from(format!("{}{COMPLETE}", next(&text(response), None))))
}

/// A stream of a subscription's answers. A browser that lost it sends `Last-Event-ID`, which
/// counts more than the argument `after` in the address that it repeats.
pub(super) async fn stream(
    gateway: Gateway,
    headers: &HeaderMap,
    request: Request,
    caller: &Caller,
) -> Result<Response<Body>, Refusal> {
    let open = (gateway.streams.open()?, gateway.place_of(caller.client)?);
    let last =
        headers.get("last-event-id").and_then(|value| value.to_str().ok()).map(str::to_owned);
    let resume = last.filter(|last| !last.is_empty());
    let period = gateway.limits.keep_alive;
    let mut alive = interval_at(Instant::now() + period, period);
    alive.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let telling = Telling {
        over: caller.until_over(gateway.api.services()),
        subscriber: gateway.api.subscribe(request, caller.asker(), resume).await,
        alive,
        until: Instant::now() + gateway.limits.stream_life,
        shutdown: gateway.shutdown,
        ended: false,
        _open: open,
    };
    let first = stream::iter([Ok::<_, Infallible>(Bytes::from_static(SIGN_OF_LIFE.as_bytes()))]);
    let pieces = first.chain(stream::unfold(telling, Telling::tell));
    // Who takes nothing any more gives no sign of life either.
    Ok(events(sent(pieces, period * SILENT_INTERVALS)))
}

/// A subscription that is being told.
struct Telling {
    /// What the client was let in by is over.
    over: BoxFuture<'static, ()>,
    subscriber: Subscriber,
    alive: Interval,
    until: Instant,
    shutdown: CancellationToken,
    ended: bool,
    _open: (OpenStream, Option<Place>),
}

impl Telling {
    async fn tell(mut self) -> Option<(Result<Bytes, Infallible>, Self)> {
        if self.ended {
            return None;
        }
        let text = tokio::select! {
            biased;
            // At the end of the program the connection just closes: a client comes back and resumes.
            () = self.shutdown.cancelled() => return None,
            () = self.over.as_mut() => {
                self.ended = true;
                COMPLETE.to_owned()
            }
            () = sleep_until(self.until) => self.told(Some(Told::Resume(self.subscriber.cursor()))),
            told = self.subscriber.next() => self.told(told),
            _ = self.alive.tick() => SIGN_OF_LIFE.to_owned(),
        };
        Some((Ok(text.into()), self))
    }

    fn told(&mut self, told: Option<Told>) -> String {
        self.ended = !matches!(told, Some(Told::Next(_)));
        match told {
            Some(Told::Next(message)) => next(&message.text, message.cursor),
            Some(Told::Failed(errors)) => {
                format!("{}{COMPLETE}", next(&format!("{{\"errors\":{errors}}}"), None))
            }
            // Without a word of completion: a browser comes back by itself, behind this id.
            Some(Told::Resume(cursor)) => {
                format!(
                    "event: resume\nid: {cursor}\ndata: {{\"code\":\"{RESUME}\",\"cursor\":\"{cursor}\"}}\n\n"
                )
            }
            None => COMPLETE.to_owned(),
        }
    }
}

/// An answer as an event. JSON text has no line breaks.
fn next(text: &str, cursor: Option<u64>) -> String {
    let id = cursor.map(|cursor| format!("id: {cursor}\n")).unwrap_or_default();
    format!("event: next\n{id}data: {text}\n\n")
}

fn events(body: Body) -> Response<Body> {
    ([(CONTENT_TYPE, Form::Events.content_type())], body).into_response()
}
