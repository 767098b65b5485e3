//! One connection and the operations that run on it.

use std::convert::Infallible;
use std::pin::pin;
use std::task::Poll;

use axum::extract::ws::WebSocket;
use futures_util::future::BoxFuture;
use futures_util::{StreamExt, poll};
use serde_json::{Map, Value};
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep_until};
use tokio_stream::StreamMap;

use super::line::{
    BAD_MESSAGE, DUPLICATE, End, FORBIDDEN, GOING_AWAY, IDLE, INIT_TIMEOUT, Line, OVER,
    TOO_MANY_INITS, TRY_AGAIN, UNAUTHORIZED,
};
use super::words::{self, Id, Said};
use super::work::{Message, Order, Work};
use crate::graphql::Operation;
use crate::http::asker::Caller;
use crate::http::refusal::Refusal;
use crate::http::{Gateway, asker, parameters};
use crate::service::Error;

/// How many messages travel together at most: what the client says is to be heard, too.
const TOGETHER: usize = 16;
/// How many operations may run at a time.
const MOST_OPERATIONS: usize = 100;

/// One connection.
pub(super) struct Session {
    gateway: Gateway,
    caller: Caller,
    /// What the client was let in by is over.
    over: BoxFuture<'static, ()>,
    acknowledged: bool,
    running: StreamMap<Id, Work>,
}

impl Session {
    pub(super) fn new(gateway: Gateway, caller: Caller) -> Self {
        Self {
            over: caller.until_over(gateway.api.services()),
            gateway,
            caller,
            acknowledged: false,
            running: StreamMap::new(),
        }
    }

    /// Serves a client until one side has enough.
    pub(super) async fn run(mut self, socket: WebSocket) {
        let mut line = Line::new(socket, self.gateway.limits.keep_alive);
        let Err(end) = self.converse(&mut line).await;
        // Nothing runs on for a client that is being left.
        drop(self);
        line.leave(end).await;
    }

    async fn converse(&mut self, line: &mut Line) -> Result<Infallible, End> {
        let limits = self.gateway.limits;
        let init_by = Instant::now() + limits.websocket_init;
        let mut alive = interval_at(Instant::now() + limits.keep_alive, limits.keep_alive);
        alive.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let shutdown = self.gateway.shutdown.clone();
        // Asked once: all connections wait for the same, and each question locks out the others.
        let mut ending = pin!(shutdown.cancelled());
        let mut idle_since = Instant::now();
        loop {
            if !self.running.is_empty() {
                idle_since = Instant::now();
            }
            let reply = tokio::select! {
                () = ending.as_mut() => return self.wind_up(line).await,
                () = self.over.as_mut() => return Err(OVER),
                () = sleep_until(init_by), if !self.acknowledged => return Err(INIT_TIMEOUT),
                () = sleep_until(idle_since + limits.websocket_idle), if self.running.is_empty() => {
                    return Err(IDLE);
                }
                _ = alive.tick() => {
                    line.ask().await?;
                    None
                }
                Some(told) = self.running.next() => {
                    self.relay(line, told).await?;
                    None
                }
                heard = line.hear() => match heard? {
                    Some(text) => self.answer(&text).await?,
                    None => None,
                },
            };
            if let Some(reply) = reply {
                line.say(reply).await?;
            }
        }
    }

    /// Lets what ends by itself come to its end, without beginning anything new.
    async fn wind_up(&mut self, line: &mut Line) -> Result<Infallible, End> {
        let endless = self.running.iter().filter(|(_, work)| !work.ends);
        for id in endless.map(|(id, _)| id.clone()).collect::<Vec<_>>() {
            self.running.remove(&id);
        }
        while let Some(told) = self.running.next().await {
            self.relay(line, told).await?;
        }
        Err(GOING_AWAY)
    }

    /// Says what an operation tells, and what else is told by now: short messages travel together.
    async fn relay(&mut self, line: &mut Line, mut told: (Id, Message)) -> Result<(), End> {
        for _ in 1..TOGETHER {
            self.add(line, told).await?;
            match poll!(self.running.next()) {
                Poll::Ready(Some(next)) => told = next,
                Poll::Ready(None) | Poll::Pending => return line.send_off().await,
            }
        }
        self.add(line, told).await?;
        line.send_off().await
    }

    async fn add(&mut self, line: &mut Line, (id, message): (Id, Message)) -> Result<(), End> {
        if message.last {
            // The client may use the id again as soon as it knows.
            self.running.remove(&id);
        }
        line.add(message.text).await
    }

    /// Takes in what the client says.
    async fn answer(&mut self, text: &str) -> Result<Option<String>, End> {
        match serde_json::from_str(text).map_err(|_| BAD_MESSAGE)? {
            Said::ConnectionInit { payload } => {
                if std::mem::replace(&mut self.acknowledged, true) {
                    return Err(TOO_MANY_INITS);
                }
                self.authenticate(payload.unwrap_or_default()).await?;
                Ok(Some(words::acknowledged()))
            }
            Said::Ping {} => Ok(Some(words::pong())),
            Said::Pong {} => Ok(None),
            Said::Subscribe { .. } if !self.acknowledged => Err(UNAUTHORIZED),
            Said::Subscribe { id, .. } if self.running.contains_key(&id) => Err(DUPLICATE),
            Said::Subscribe { id, payload } => self.subscribe(id, payload),
            Said::Complete { id } => {
                self.running.remove(&id);
                Ok(None)
            }
        }
    }

    /// A browser cannot set headers on a WebSocket: the token may come with the first message.
    async fn authenticate(&mut self, mut payload: Map<String, Value>) -> Result<(), End> {
        match payload.remove("authorization").or_else(|| payload.remove("Authorization")) {
            None => Ok(()),
            Some(Value::String(authorization)) => {
                let services = self.gateway.api.services();
                let admitted = asker::bearer(services, &authorization).await;
                self.caller.admitted = admitted.map_err(|error| match error {
                    Error::Unauthenticated => FORBIDDEN,
                    _ => TRY_AGAIN,
                })?;
                self.over = self.caller.until_over(services);
                Ok(())
            }
            Some(_) => Err(FORBIDDEN),
        }
    }

    /// Starts an operation; gives the message that refuses it.
    fn subscribe(&mut self, id: Id, payload: Map<String, Value>) -> Result<Option<String>, End> {
        let mut request = parameters::from_map(payload).map_err(|_| BAD_MESSAGE)?;
        let operation = match self.gateway.api.check(&mut request) {
            Ok(operation) => operation,
            Err(errors) => return Ok(Some(words::error(&id, &errors))),
        };
        let order = match self.order(&id, operation) {
            Ok(order) => order,
            Err(refusal) => return Ok(Some(words::error(&id, &refusal.errors()))),
        };
        self.running.insert(id, Work::begin(order, operation, request));
        Ok(None)
    }

    /// What one more operation needs, if there is room for it.
    fn order(&self, id: &Id, operation: Operation) -> Result<Order, Refusal> {
        if self.running.len() >= MOST_OPERATIONS {
            return Err(Refusal::TooManyOperations(MOST_OPERATIONS));
        }
        let stays = operation == Operation::Subscription;
        let open = stays.then(|| self.gateway.streams.open()).transpose()?;
        // The connection itself counts for the first one.
        let another = stays && self.running.values().any(|work| !work.ends);
        let place = another.then(|| self.gateway.place_of(self.caller.client)).transpose()?;
        Ok(Order {
            id: id.clone(),
            gateway: self.gateway.clone(),
            asker: self.caller.asker(),
            open: (open, place.flatten()),
        })
    }
}
