//! One who comes back after everything was missed.

use std::time::Instant;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::client_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use crate::Failure;

/// What is told of each entry.
const DOCUMENT: &str = r#"subscription {
    activity(after: "0") { cursor occurredAt kind subjectId title }
}"#;

/// Follows the journal from its beginning to where it ends now, and says how quickly that went.
pub(crate) async fn replay(hub: &str) -> Result<Vec<String>, Failure> {
    let newest = newest(hub).await?;
    let mut request = format!("ws://{hub}/graphql").into_client_request()?;
    request.headers_mut().insert("sec-websocket-protocol", "graphql-transport-ws".parse()?);
    let (mut socket, _) = client_async(request, TcpStream::connect(hub).await?).await?;
    socket.send(Message::text(json!({ "type": "connection_init" }).to_string())).await?;
    socket.next().await.ok_or("the hub closed")??;
    let payload = json!({ "query": DOCUMENT });
    let subscribe = json!({ "type": "subscribe", "id": "1", "payload": payload });
    socket.send(Message::text(subscribe.to_string())).await?;
    let (begun, mut last, mut told) = (Instant::now(), 0_u64, 0_u64);
    while last < newest {
        let message = socket.next().await.ok_or("the hub closed")??;
        let text = message.to_text()?;
        // Looked for and not parsed: the listener is not to be what is measured.
        let Some((_, rest)) = text.split_once("\"cursor\":\"") else { continue };
        let cursor = rest.split('"').next().unwrap_or_default().parse()?;
        if cursor <= last {
            return Err(format!("{cursor} came after {last}").into());
        }
        (last, told) = (cursor, told + 1);
    }
    let seconds = begun.elapsed().as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
    let each_second = told as f64 / seconds;
    Ok(vec![format!("{told} entries told in {seconds:.2} s: {each_second:.0} a second")])
}

/// The newest entry that anybody may know of.
async fn newest(hub: &str) -> Result<u64, Failure> {
    let client = reqwest::Client::builder().tls_built_in_root_certs(false).build()?;
    let question = json!({ "query": "{ events(last: 1) { edges { cursor } } }" }).to_string();
    let request = client.post(format!("http://{hub}/graphql"));
    let request = request.header("content-type", "application/json").body(question);
    let answer: Value = serde_json::from_slice(&request.send().await?.bytes().await?)?;
    let cursor = answer["data"]["events"]["edges"][0]["cursor"].as_str();
    Ok(cursor.ok_or_else(|| answer.to_string())?.parse()?)
}
