//! The floor: a broadcaster that knows nothing but its connections.

use futures_util::{SinkExt, StreamExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::broadcast;
use tokio_tungstenite::accept_hdr_async_with_config;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

use crate::Failure;

/// How many messages may wait for a slow connection.
const WAITING: usize = 1_024;

/// Sends to all connections what one of them says.
pub(crate) async fn serve(address: &str) -> Result<(), Failure> {
    let listener = TcpListener::bind(address).await?;
    let (everybody, _) = broadcast::channel(WAITING);
    loop {
        let (stream, _) = listener.accept().await?;
        let (everybody, mine) = (everybody.clone(), everybody.subscribe());
        tokio::spawn(async move { connection(stream, everybody, mine).await.is_ok() });
    }
}

async fn connection(
    stream: TcpStream,
    everybody: broadcast::Sender<Message>,
    mut mine: broadcast::Receiver<Message>,
) -> Result<(), Failure> {
    stream.set_nodelay(true)?;
    let config = WebSocketConfig::default().read_buffer_size(4_096).write_buffer_size(0);
    #[expect(clippy::result_large_err, reason = "the form that the library asks for")]
    let protocol = |request: &Request, mut response: Response| {
        if let Some(protocol) = request.headers().get("sec-websocket-protocol") {
            response.headers_mut().insert("sec-websocket-protocol", protocol.clone());
        }
        Ok(response)
    };
    let mut socket = accept_hdr_async_with_config(stream, protocol, Some(config)).await?;
    loop {
        tokio::select! {
            said = socket.next() => if let message @ Message::Text(_) = said.ok_or("gone")?? {
                everybody.send(message)?;
            },
            message = mine.recv() => socket.send(message?).await?,
        }
    }
}
