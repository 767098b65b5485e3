//! What needs a real process with real sockets: streams, limits, a gentle end, a second process,
//! a wrong place.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::Hub;
use crate::support::hub::allmende;
use crate::support::socket::Socket;

const ACTIVITY: &str = "subscription { activity { cursor } }";

fn subscribe(id: &str, query: &str) -> Value {
    json!({ "type": "subscribe", "id": id, "payload": { "query": query } })
}

#[tokio::test(flavor = "multi_thread")]
async fn at_the_end_every_subscriber_is_closed_with_1001_and_the_program_says_goodbye() {
    let directory = tempfile::tempdir().expect("a directory");
    let hub = Hub::start(directory.path());
    let mut sockets = Vec::new();
    for _ in 0..50 {
        let mut socket = Socket::open(&hub.url).await;
        socket.say(&[subscribe("1", ACTIVITY)]).await;
        sockets.push(socket);
    }
    let ended = tokio::task::spawn_blocking(move || hub.terminate());
    let codes = join_all(sockets.into_iter().map(Socket::end)).await;
    assert_eq!(codes, [1001; 50]);
    assert_eq!(ended.await.expect("it ends"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_holds_as_many_connections_as_it_may() {
    let directory = tempfile::tempdir().expect("a directory");
    // Nobody is trusted to ask for others, not even this machine.
    let settings = ["--max-streams-per-address", "2", "--trusted-proxies", "192.0.2.1"];
    let hub = Hub::start_with(directory.path(), &settings);
    let http = reqwest::Client::new();
    let listen = async || {
        let body = json!({ "query": ACTIVITY }).to_string();
        let request = http.post(format!("{}/graphql", hub.url)).body(body);
        let request = request.header("content-type", "application/json");
        request.header("accept", "text/event-stream").send().await.expect("an answer")
    };
    let first = listen().await;
    let mut socket = Socket::open(&hub.url).await;
    let refused = listen().await;
    assert_eq!(refused.status().as_u16(), 429);
    let said = refused.text().await.expect("text");
    assert!(said.contains("TOO_MANY_CONNECTIONS") && said.contains("at most 2"), "{said}");
    // The connection counts for its first subscription, and a second one is one more.
    let (one, two) = (subscribe("1", ACTIVITY), subscribe("2", ACTIVITY));
    socket.say(&[one, two]).await;
    let said = socket.hear().await.expect("open");
    assert_eq!((&said["type"], &said["id"]), (&json!("error"), &json!("2")), "{said}");
    assert_eq!(said["payload"][0]["extensions"]["code"], "TOO_MANY_CONNECTIONS");
    // Who is there stays; once one goes, there is room.
    socket.say(&[json!({ "type": "ping" })]).await;
    assert_eq!(socket.hear().await, Ok(json!({ "type": "pong" })));
    assert_eq!(first.status().as_u16(), 200);
    drop(first);
    let room = async { while listen().await.status().as_u16() != 200 {} };
    tokio::time::timeout(Duration::from_secs(20), room).await.expect("there is room again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reused_id_gets_no_message_of_its_predecessor() {
    const ROUNDS: usize = 300;
    let directory = tempfile::tempdir().expect("a directory");
    let hub = Hub::start(directory.path());
    let mut socket = Socket::open(&hub.url).await;
    for round in 0..ROUNDS {
        let query = subscribe("1", &format!("{{ round{round}: __typename }}"));
        let complete = json!({ "type": "complete", "id": "1" });
        // The answer to a ping tells that what was sent before it has been taken in.
        socket.say(&[query, complete, json!({ "type": "ping" })]).await;
    }
    socket.say(&[subscribe("1", "{ last: __typename }")]).await;
    let mut taken_in = 0;
    loop {
        let message = socket.hear().await.expect("open");
        match message["type"].as_str() {
            Some("pong") => taken_in += 1,
            Some("next") if message["payload"]["data"]["last"].is_string() => break,
            Some("next") => {
                let current = format!("round{taken_in}");
                assert!(message["payload"]["data"][&current].is_string(), "{current}: {message}");
            }
            _ => assert_eq!(message, json!({ "type": "complete", "id": "1" })),
        }
    }
    assert_eq!(taken_in, ROUNDS);
    assert_eq!(hub.terminate(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_runs_a_hundred_operations_and_no_more() {
    let directory = tempfile::tempdir().expect("a directory");
    let hub = Hub::start(directory.path());
    let mut socket = Socket::open(&hub.url).await;
    let operations: Vec<_> = (1..=101).map(|id| subscribe(&id.to_string(), ACTIVITY)).collect();
    socket.say(&operations).await;
    let refused = socket.hear().await.expect("open");
    assert_eq!(refused["type"], "error");
    assert_eq!(refused["id"], "101");
    assert_eq!(refused["payload"][0]["extensions"]["code"], "TOO_MANY_OPERATIONS");
    // There is room again once one of them is completed.
    let complete = json!({ "type": "complete", "id": "1" });
    socket.say(&[complete, subscribe("102", "{ __typename }")]).await;
    assert_eq!(socket.hear().await.expect("open")["type"], "next");
    assert_eq!(hub.terminate(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_follows_a_bad_message_does_not_hide_why_the_hub_closes() {
    let directory = tempfile::tempdir().expect("a directory");
    let hub = Hub::start(directory.path());
    let padded = json!({ "type": "ping", "payload": { "padding": "x".repeat(4_096) } });
    let mut messages = vec![padded; 100];
    messages.insert(0, json!({ "type": "subscribe", "id": "", "payload": {} }));
    let mut sockets = Vec::new();
    for _ in 0..20 {
        sockets.push(Socket::open(&hub.url).await);
    }
    let codes = join_all(sockets.into_iter().map(async |mut socket| {
        socket.say(&messages).await;
        socket.end().await
    }));
    assert_eq!(codes.await, [4400; 20]);
    assert_eq!(hub.terminate(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_is_too_large_is_told_so() {
    let directory = tempfile::tempdir().expect("a directory");
    let hub = Hub::start(directory.path());
    let mut socket = Socket::open(&hub.url).await;
    let padding = "x".repeat(1024 * 1024);
    socket.say(&[json!({ "type": "ping", "payload": { "padding": padding } })]).await;
    assert_eq!(socket.end().await, 1009);
    assert_eq!(hub.terminate(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_of_the_schema_is_an_error_over_a_websocket() {
    let directory = tempfile::tempdir().expect("a directory");
    let hub = Hub::start(directory.path());
    let mut socket = Socket::open(&hub.url).await;
    let aliases: Vec<_> = (0..60).map(|alias| format!("a{alias}: __typename")).collect();
    socket.say(&[subscribe("1", &format!("{{ {} }}", aliases.join(" ")))]).await;
    let refused = socket.hear().await.expect("open");
    assert_eq!(refused["type"], "error");
    assert_eq!(refused["payload"][0]["extensions"]["code"], "QUERY_TOO_COMPLEX");
    assert_eq!(hub.terminate(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_stream_ends_after_its_subscription_failed() {
    let directory = tempfile::tempdir().expect("a directory");
    let hub = Hub::start(directory.path());
    let query = "subscription { activity(after: \"nothing\") { cursor } }";
    let request = reqwest::Client::new()
        .post(format!("{}/graphql", hub.url))
        .header("content-type", "application/json")
        .header("accept", "text/event-stream")
        .body(json!({ "query": query }).to_string());
    let answer = request.timeout(Duration::from_secs(10)).send().await.expect("an answer");
    assert_eq!(answer.headers()["cache-control"], "no-store");
    assert_eq!(answer.headers()["vary"], "Accept, Accept-Language, Authorization, Cookie");
    let text = answer.text().await.expect("an end");
    assert!(text.contains("\"errors\"") && text.ends_with("event: complete\ndata:\n\n"), "{text}");
    assert_eq!(hub.terminate(), 0);
}

#[test]
fn a_broken_body_is_a_bad_request_and_not_a_large_one() {
    let directory = tempfile::tempdir().expect("a directory");
    let hub = Hub::start(directory.path());
    let mut stream = TcpStream::connect(hub.url.trim_start_matches("http://")).expect("the hub");
    let head = "POST /graphql HTTP/1.1\r\nhost: hub\r\ncontent-type: application/json\r\n";
    write!(stream, "{head}transfer-encoding: chunked\r\n\r\nno length\r\n").expect("open");
    let mut status = [0; 12];
    stream.read_exact(&mut status).expect("an answer");
    assert_eq!(status, *b"HTTP/1.1 400");
    assert_eq!(hub.terminate(), 0);
}

#[test]
fn a_directory_in_use_is_refused_in_one_line_that_says_what_to_do() {
    let directory = tempfile::tempdir().expect("a directory");
    let hub = Hub::start(directory.path());
    let second = allmende(directory.path()).arg("seed").output().expect("the program runs");
    let said = String::from_utf8(second.stderr).expect("text");
    let line = said
        .lines()
        .find(|line| line.starts_with("allmende: "))
        .unwrap_or_else(|| panic!("{said}"));
    assert!(!second.status.success());
    assert!(
        line.contains("in use by another process") && line.contains("--data-directory"),
        "{line}"
    );
    assert_eq!(hub.terminate(), 0);
}

#[test]
fn a_place_that_is_no_directory_is_refused_in_one_line() {
    let directory = tempfile::tempdir().expect("a directory");
    std::fs::write(directory.path().join("data"), "a file").expect("our own directory");
    let output = allmende(directory.path()).arg("seed").output().expect("the program runs");
    let said = String::from_utf8(output.stderr).expect("text");
    assert!(!output.status.success());
    assert!(
        said.lines().any(|line| line.starts_with("allmende: ") && line.contains("cannot be used")),
        "{said}"
    );
}

#[test]
fn a_wrong_setting_is_refused_with_its_key() {
    let directory = tempfile::tempdir().expect("a directory");
    std::fs::write(directory.path().join("allmende.toml"), "request-timeout = 'soon'")
        .expect("our own directory");
    let output = allmende(directory.path()).arg("seed").output().expect("the program runs");
    let said = String::from_utf8(output.stderr).expect("text");
    assert!(!output.status.success() && said.contains("request-timeout"), "{said}");
}
