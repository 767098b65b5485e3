//! One who listens.

use std::collections::VecDeque;
use std::sync::Arc;

use async_graphql::{Response, ServerError};
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use tokio::sync::watch;

use super::Hub;
use super::channel::Channel;
use super::figures::{Counted, Figures};
use super::ring::{Ending, Message, Pulled};
use crate::graphql::wire::{has_failed, json, text};
use crate::graphql::{Api, Place};

/// What a subscriber is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// The next answer.
    Next(Message),
    /// The subscription failed: the list of errors, as JSON text. It is the last that is told.
    Failed(Arc<str>),
    /// The subscriber was too slow: it should come back with this cursor, and misses nothing then.
    /// It is the last that is told.
    Resume(u64),
}

/// The code that tells a subscriber to come back behind its last cursor.
pub const RESUME: &str = "RESUME";

/// What is said to a subscriber who was too slow, as a list of errors.
pub(crate) fn resume_at(cursor: u64) -> Vec<ServerError> {
    let message =
        format!("this stream ends here: subscribe again with after: \"{cursor}\", nothing is lost");
    let mut error = ServerError::new(message, None);
    let extensions = error.extensions.get_or_insert_default();
    extensions.set("code", RESUME);
    extensions.set("cursor", cursor.to_string());
    vec![error]
}

/// One who listens. What it was told last is its place; it may come back behind that.
pub struct Subscriber {
    api: Api,
    channel: Arc<Channel>,
    changes: watch::Receiver<u64>,
    cursor: u64,
    waiting: VecDeque<Message>,
    catching_up: Option<CatchUp>,
    /// Whether it has reached the channel's ring: from then on it has to keep up.
    is_live: bool,
    is_over: bool,
    figures: Figures,
    _counted: Counted,
}

/// A run of the subscription for one who comes back.
struct CatchUp {
    answers: BoxStream<'static, Response>,
    place: Place,
    until: u64,
    _counted: Counted,
}

impl Hub {
    pub(super) fn subscriber(&self, api: Api, channel: Arc<Channel>, cursor: u64) -> Subscriber {
        Subscriber {
            api,
            changes: channel.watch(),
            channel,
            cursor,
            waiting: VecDeque::new(),
            catching_up: None,
            is_live: false,
            is_over: false,
            figures: self.figures.clone(),
            _counted: self.figures.subscriber(),
        }
    }
}

impl Subscriber {
    /// What is told next; nothing once it is over. May be given up while it waits: nothing is lost.
    pub async fn next(&mut self) -> Option<Told> {
        while !self.is_over {
            if let Some(message) = self.waiting.pop_front() {
                return Some(self.tell(message));
            }
            if let Some(told) = self.catch_up().await {
                return Some(told);
            }
            self.changes.mark_unchanged();
            match self.channel.pull(self.cursor) {
                Pulled::Messages(messages) => {
                    self.is_live = true;
                    self.waiting = messages.into();
                }
                Pulled::Nothing => {
                    self.is_live = true;
                    // The channel holds the sender: waiting cannot fail.
                    self.is_over = self.changes.changed().await.is_err();
                }
                Pulled::Behind(until) => match self.fall_behind(until) {
                    None => {}
                    told => return told,
                },
                Pulled::Over(ending) => {
                    self.is_over = true;
                    if let Ending::Failed(errors) = ending {
                        return Some(Told::Failed(errors));
                    }
                }
            }
        }
        None
    }

    /// The place up to which everything was told: behind it one comes back.
    #[must_use]
    pub const fn cursor(&self) -> u64 {
        self.cursor
    }

    fn tell(&mut self, message: Message) -> Told {
        self.cursor = message.cursor.unwrap_or(self.cursor);
        self.figures.told();
        Told::Next(message)
    }

    /// The next thing of what was missed; nothing once that has been told.
    async fn catch_up(&mut self) -> Option<Told> {
        let run = self.catching_up.as_mut()?;
        match run.answers.next().await {
            Some(answer) if has_failed(&answer) => {
                self.is_over = true;
                Some(Told::Failed(json(&answer.errors).into()))
            }
            Some(answer) => {
                let cursor = run.place.told();
                Some(self.tell(Message { cursor, text: text(&answer).into() }))
            }
            None => {
                self.cursor = self.cursor.max(run.until);
                self.catching_up = None;
                None
            }
        }
    }

    /// The ring begins behind this place: who has just come is caught up, who had been there was too
    /// slow.
    fn fall_behind(&mut self, until: u64) -> Option<Told> {
        if self.is_live {
            self.is_over = true;
            self.figures.cut_off();
            return Some(Told::Resume(self.cursor));
        }
        let place = Place::between(self.cursor, until);
        let template = self.channel.template();
        let answers =
            self.api.execute_stream(template.request(), template.asker.clone(), place.clone());
        let _counted = self.figures.catching_up();
        self.catching_up = Some(CatchUp { answers, place, until, _counted });
        None
    }
}
