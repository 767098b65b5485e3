//! GraphQL over WebSocket: the graphql-transport-ws protocol.

mod line;
mod session;
mod words;
mod work;

use axum::body::Body;
use axum::extract::ws::WebSocketUpgrade;
use axum::http::header::SEC_WEBSOCKET_PROTOCOL;
use axum::http::{HeaderMap, Response};
use tokio_util::task::TaskTracker;

use super::client::Client;
use super::refusal::Refusal;
use super::{Gateway, asker};
use session::Session;

/// The name of the sub-protocol.
const PROTOCOL: &str = "graphql-transport-ws";
/// How much is read at a time, in bytes. It stays with the connection, and subscribers say little;
/// the library's usual 128 KiB would be all that ten thousand of them take.
const READ_BUFFER: usize = 4 * 1024;

/// Takes a WebSocket over, if it speaks the protocol. It counts as open until it has ended.
pub(super) async fn upgrade(
    gateway: Gateway,
    upgrade: WebSocketUpgrade,
    client: Client,
    headers: &HeaderMap,
    open: &TaskTracker,
) -> Result<Response<Body>, Refusal> {
    let offered =
        headers.get_all(SEC_WEBSOCKET_PROTOCOL).iter().filter_map(|value| value.to_str().ok());
    if !offered.flat_map(|value| value.split(',')).any(|protocol| protocol.trim() == PROTOCOL) {
        return Err(Refusal::SubProtocol);
    }
    if open.len() > gateway.limits.streams {
        return Err(Refusal::Full);
    }
    let place = gateway.place_of(client)?;
    let caller = asker::caller(gateway.api.services(), headers, client).await?;
    let limit = gateway.limits.body;
    let upgrade = upgrade
        .protocols([PROTOCOL])
        .read_buffer_size(READ_BUFFER)
        .max_message_size(limit)
        .max_frame_size(limit);
    let counted = open.token();
    Ok(upgrade.on_upgrade(async move |socket| {
        Session::new(gateway, caller).run(socket).await;
        drop((counted, place));
    }))
}
