//! The subscribers.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::ValueEnum;
use futures_util::{SinkExt, StreamExt};
use serde_json::json;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio_tungstenite::client_async_with_config;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

use crate::count::Count;
use crate::{Failure, Load};

/// How many connect at the same time.
const AT_ONCE: usize = 100;

/// How a subscriber is connected.
#[derive(Clone, Copy, ValueEnum, PartialEq, Eq)]
pub(crate) enum Transport {
    /// graphql-transport-ws.
    WebSocket,
    /// Server-sent events.
    Events,
}

/// The subscription of everybody; each filter looks for another word.
const DOCUMENT: &str = "subscription($search: String, $after: String) {
    solutionPublished(search: $search, after: $after) {
        cursor occurredAt solutionId solution { title teaser lifecycle municipalities { name } }
    }
}";

/// The word that a filter looks for.
pub(crate) fn word(filter: usize) -> String {
    const SYLLABLES: [&str; 10] = ["ba", "de", "fi", "go", "ku", "la", "me", "ni", "po", "ru"];
    let syllable = |digit: usize| SYLLABLES.get(digit % 10).copied().unwrap_or_default();
    format!("x{}{}{}x", syllable(filter / 100), syllable(filter / 10), syllable(filter))
}

/// Connects all subscribers, and returns once each of them listens.
pub(crate) async fn all(load: &Load, count: &Arc<Count>) -> Result<(), Failure> {
    let mut connecting: JoinSet<Result<(), Failure>> = JoinSet::new();
    for subscriber in 0..load.subscribers {
        let (load, count) = (load.clone(), Arc::clone(count));
        connecting.spawn(async move {
            match load.transport {
                Transport::WebSocket => websocket(load, count, subscriber).await,
                Transport::Events => events(load, count, subscriber).await,
            }
        });
        if connecting.len() >= AT_ONCE
            && let Some(connected) = connecting.join_next().await
        {
            connected??;
        }
    }
    while let Some(connected) = connecting.join_next().await {
        connected??;
    }
    Ok(())
}

async fn websocket(load: Load, count: Arc<Count>, subscriber: usize) -> Result<(), Failure> {
    let stream = TcpStream::connect(&load.hub).await?;
    stream.set_nodelay(true)?;
    let mut request = format!("ws://{}/graphql", load.hub).into_client_request()?;
    request.headers_mut().insert("sec-websocket-protocol", "graphql-transport-ws".parse()?);
    let config = WebSocketConfig::default().read_buffer_size(4_096).write_buffer_size(0);
    let (mut socket, _) = client_async_with_config(request, stream, Some(config)).await?;
    if !load.bare {
        socket.send(Message::text(json!({ "type": "connection_init" }).to_string())).await?;
        socket.next().await.ok_or("the hub closed")??;
        let variables = json!({ "search": word(subscriber % load.filters) });
        let payload = json!({ "query": DOCUMENT, "variables": variables });
        let subscribe = json!({ "type": "subscribe", "id": "1", "payload": payload });
        socket.send(Message::text(subscribe.to_string())).await?;
        // Its answer tells that the hub has taken in what was said before it.
        socket.send(Message::text(json!({ "type": "ping" }).to_string())).await?;
        socket.next().await.ok_or("the hub closed")??;
    }
    tokio::spawn(async move {
        let mut last = 0;
        while let Some(Ok(message)) = socket.next().await {
            match message {
                Message::Text(text) if text.contains("\"cursor\":") => {
                    take(&count, subscriber, &text, &mut last);
                }
                Message::Text(text) if text.contains("\"ping\"") => {
                    let pong = Message::text(json!({ "type": "pong" }).to_string());
                    if socket.send(pong).await.is_err() {
                        break;
                    }
                }
                _ => {}
            }
        }
    });
    Ok(())
}

async fn events(load: Load, count: Arc<Count>, subscriber: usize) -> Result<(), Failure> {
    let mut stream = TcpStream::connect(&load.hub).await?;
    let variables = json!({ "search": word(subscriber % load.filters) });
    let body = json!({ "query": DOCUMENT, "variables": variables }).to_string();
    let head = format!(
        "POST /graphql HTTP/1.1\r\nhost: {}\r\naccept: text/event-stream\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        load.hub,
        body.len(),
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body.as_bytes()).await?;
    let mut lines = BufReader::with_capacity(4_096, stream).lines();
    // The first sign of life tells that the hub listens.
    while let Some(line) = lines.next_line().await? {
        if line == ":" {
            break;
        }
    }
    tokio::spawn(async move {
        let mut last = 0;
        while let Ok(Some(line)) = lines.next_line().await {
            if line.contains("\"cursor\":") {
                take(&count, subscriber, &line, &mut last);
            }
        }
    });
    Ok(())
}

/// Takes a message in. Its fields are looked for and not parsed: thousands come at a time.
fn take(count: &Count, subscriber: usize, text: &str, last: &mut u64) {
    let after = |name: &str| {
        let start = text.find(name)? + name.len();
        text.get(start..)?.split('"').next()
    };
    let cursor = after("\"cursor\":\"").and_then(|cursor| cursor.parse().ok()).unwrap_or_default();
    let occurred =
        after("\"occurredAt\":\"").and_then(|at| chrono::DateTime::parse_from_rfc3339(at).ok());
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of this century")]
    let latency = occurred.map_or(0.0, |at| now - at.timestamp_micros() as f64 / 1e6);
    let in_order = cursor > *last;
    *last = cursor;
    count.told(
        subscriber,
        after("\"cursor\":\"").unwrap_or_default(),
        latency,
        text.len(),
        in_order,
    );
}
