//! The line to a client: what comes in, what goes out, and how it ends.

use std::future::pending;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, close_code};
use futures_util::stream::FusedStream;
use futures_util::{SinkExt, StreamExt};
use tokio::time::{Instant, timeout};
use tokio_tungstenite::tungstenite;

use super::words;
use crate::http::streams::SILENT_INTERVALS;

/// How long a client may take to say goodbye.
const FAREWELL: Duration = Duration::from_secs(1);

/// Why a conversation ends.
#[derive(Debug, Clone, Copy)]
pub(super) enum End {
    /// Nobody listens any more.
    Gone,
    /// The hub closes: a code and a short reason.
    Close(u16, &'static str),
}

pub(super) const BAD_MESSAGE: End = End::Close(4400, "Invalid message");
pub(super) const UNAUTHORIZED: End = End::Close(4401, "Unauthorized");
pub(super) const FORBIDDEN: End = End::Close(4403, "Forbidden");
pub(super) const TRY_AGAIN: End = End::Close(close_code::AGAIN, "The hub cannot look you up now");
pub(super) const OVER: End =
    End::Close(4403, "What you were let in by is over: sign in again or bring another token");
pub(super) const INIT_TIMEOUT: End = End::Close(4408, "Connection initialisation timeout");
pub(super) const DUPLICATE: End = End::Close(4409, "Subscriber for this id already exists");
pub(super) const TOO_MANY_INITS: End = End::Close(4429, "Too many initialisation requests");
pub(super) const GOING_AWAY: End = End::Close(close_code::AWAY, "The hub is shutting down");
pub(super) const IDLE: End = End::Close(close_code::NORMAL, "Nothing was asked for long");
const TOO_LARGE: End = End::Close(close_code::SIZE, "Message too large");
const NO_TEXT: End = End::Close(close_code::INVALID, "A text must be UTF-8");
const BAD_FRAME: End = End::Close(close_code::PROTOCOL, "Invalid frame");

/// The line to a client.
pub(super) struct Line {
    socket: WebSocket,
    patience: Duration,
    heard: Instant,
}

impl Line {
    /// A line on which signs of life go out at this interval.
    pub(super) fn new(socket: WebSocket, keep_alive: Duration) -> Self {
        Self { socket, patience: keep_alive * SILENT_INTERVALS, heard: Instant::now() }
    }

    /// The next thing that the client does, and its text if it says something.
    pub(super) async fn hear(&mut self) -> Result<Option<Utf8Bytes>, End> {
        let message = self.socket.next().await;
        self.heard = Instant::now();
        match message {
            Some(Ok(Message::Text(text))) => Ok(Some(text)),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(None),
            Some(Ok(Message::Binary(_))) => Err(BAD_MESSAGE),
            Some(Ok(Message::Close(_))) | None => Err(End::Gone),
            Some(Err(error)) => Err(broken(error)),
        }
    }

    /// Says something, as soon as the client takes it.
    pub(super) async fn say(&mut self, text: String) -> Result<(), End> {
        self.send(Message::text(text)).await
    }

    /// Has something said together with what follows, as soon as that is sent off.
    pub(super) async fn add(&mut self, text: String) -> Result<(), End> {
        match timeout(self.patience, self.socket.feed(Message::text(text))).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(End::Gone),
        }
    }

    /// Sends off what was added.
    pub(super) async fn send_off(&mut self) -> Result<(), End> {
        match timeout(self.patience, self.socket.flush()).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(End::Gone),
        }
    }

    /// Asks for a sign of life, and ends with a client that has given none for long.
    pub(super) async fn ask(&mut self) -> Result<(), End> {
        if self.heard.elapsed() >= self.patience {
            return Err(End::Gone);
        }
        // Every WebSocket answers this one, even if its program overlooks the other.
        self.send(Message::Ping(Bytes::new())).await?;
        self.say(words::ping()).await
    }

    /// Says goodbye. What still comes in is taken in and dropped: a socket that is let go with
    /// unread input resets the connection, and the client never learns why.
    pub(super) async fn leave(mut self, end: End) {
        let farewell = async {
            if let End::Close(code, reason) = end {
                let frame = CloseFrame { code, reason: reason.into() };
                if self.socket.send(Message::Close(Some(frame))).await.is_err() {
                    return;
                }
                if self.socket.is_terminated() {
                    // What broke the line cannot be read past, so there is only waiting.
                    pending::<()>().await;
                }
            }
            while let Some(Ok(_)) = self.socket.next().await {}
        };
        let _late = timeout(FAREWELL, farewell).await.is_err();
    }

    async fn send(&mut self, message: Message) -> Result<(), End> {
        match timeout(self.patience, self.socket.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(End::Gone),
        }
    }
}

/// How to end after input that cannot be read.
fn broken(error: axum::Error) -> End {
    match error.into_inner().downcast_ref() {
        Some(tungstenite::Error::Capacity(_)) => TOO_LARGE,
        Some(tungstenite::Error::Utf8(_)) => NO_TEXT,
        Some(tungstenite::Error::Protocol(_)) => BAD_FRAME,
        _ => End::Gone,
    }
}
