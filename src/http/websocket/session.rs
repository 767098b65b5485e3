//! One connection and the operations that run on it.

use std::collections::HashMap;
use std::convert::Infallible;

use axum::extract::ws::WebSocket;
use futures_util::future::BoxFuture;
use serde_json::{Map, Value};
use tokio::sync::mpsc;
use tokio::task::AbortHandle;
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep_until};

use super::line::{
    BAD_MESSAGE, DUPLICATE, End, FORBIDDEN, GOING_AWAY, IDLE, INIT_TIMEOUT, Line, OVER,
    TOO_MANY_INITS, TRY_AGAIN, UNAUTHORIZED,
};
use super::words::{self, Id, Said};
use super::work::{Told, Work};
use crate::graphql::Operation;
use crate::http::asker::Caller;
use crate::http::refusal::Refusal;
use crate::http::{Gateway, asker, parameters};
use crate::service::Error;

/// How many answers may wait for a slow client before its streams wait too.
const WAITING: usize = 16;
/// How many operations may run at a time.
const MOST_OPERATIONS: usize = 100;

/// One connection.
pub(super) struct Session {
    gateway: Gateway,
    caller: Caller,
    /// What the client was let in by is over.
    over: BoxFuture<'static, ()>,
    acknowledged: bool,
    running: HashMap<Id, Running>,
    runs: u64,
    tell: mpsc::Sender<Told>,
    told: mpsc::Receiver<Told>,
}

/// One operation of a connection; ends with it.
struct Running {
    run: u64,
    /// Whether it ends by itself.
    ends: bool,
    task: AbortHandle,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Session {
    pub(super) fn new(gateway: Gateway, caller: Caller) -> Self {
        let (tell, told) = mpsc::channel(WAITING);
        Self {
            over: caller.until_over(gateway.api.services()),
            gateway,
            caller,
            acknowledged: false,
            running: HashMap::new(),
            runs: 0,
            tell,
            told,
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
        let mut idle_since = Instant::now();
        loop {
            if !self.running.is_empty() {
                idle_since = Instant::now();
            }
            let reply = tokio::select! {
                () = shutdown.cancelled() => return self.wind_up(line).await,
                () = self.over.as_mut() => return Err(OVER),
                () = sleep_until(init_by), if !self.acknowledged => return Err(INIT_TIMEOUT),
                () = sleep_until(idle_since + limits.websocket_idle), if self.running.is_empty() => {
                    return Err(IDLE);
                }
                _ = alive.tick() => {
                    line.ask().await?;
                    None
                }
                Some(told) = self.told.recv() => self.relay(told),
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
        self.running.retain(|_, running| running.ends);
        while !self.running.is_empty()
            && let Some(told) = self.told.recv().await
        {
            if let Some(message) = self.relay(told) {
                line.say(message).await?;
            }
        }
        Err(GOING_AWAY)
    }

    /// Takes in what an operation tells. One that was ended by the client has nothing to say,
    /// even if another one has its id by now.
    fn relay(&mut self, told: Told) -> Option<String> {
        let current = self.running.get(&told.id).is_some_and(|running| running.run == told.run);
        if current && told.last {
            self.running.remove(&told.id);
        }
        current.then_some(told.message)
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
        let work = match self.work(&id, operation) {
            Ok(work) => work,
            Err(refusal) => return Ok(Some(words::error(&id, &refusal.errors()))),
        };
        let ends = operation != Operation::Subscription;
        let task = tokio::spawn(work.run(operation, request)).abort_handle();
        self.running.insert(id, Running { run: self.runs, ends, task });
        Ok(None)
    }

    /// What one more operation needs, if there is room for it.
    fn work(&mut self, id: &Id, operation: Operation) -> Result<Work, Refusal> {
        if self.running.len() >= MOST_OPERATIONS {
            return Err(Refusal::TooManyOperations(MOST_OPERATIONS));
        }
        let stays = operation == Operation::Subscription;
        let open = stays.then(|| self.gateway.streams.open()).transpose()?;
        // The connection itself counts for the first one.
        let another = stays && self.running.values().any(|it| !it.ends);
        let place = another.then(|| self.gateway.place_of(self.caller.client)).transpose()?;
        self.runs += 1;
        Ok(Work {
            id: id.clone(),
            run: self.runs,
            gateway: self.gateway.clone(),
            asker: self.caller.asker(),
            tell: self.tell.clone(),
            _open: (open, place.flatten()),
        })
    }
}
