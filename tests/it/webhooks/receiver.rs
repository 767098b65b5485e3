//! Somebody who receives messages, as well or badly as a test wants it.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Response, Uri};
use futures_util::stream;
use tokio::sync::{Semaphore, watch};

/// A message as it arrived.
#[derive(Debug, Clone)]
pub struct Received {
    pub path: String,
    pub headers: HeaderMap,
    pub body: String,
}

impl Received {
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).unwrap_or_else(|| panic!("no {name}: {self:?}"));
        value.to_str().expect("text")
    }
}

struct Shared {
    received: Mutex<Vec<Received>>,
    count: watch::Sender<usize>,
    /// How many messages to `/gated` may be answered.
    gate: Semaphore,
    hanging: AtomicUsize,
    most_hanging: AtomicUsize,
}

/// A server on this machine.
pub struct Receiver {
    address: SocketAddr,
    shared: Arc<Shared>,
}

impl Receiver {
    pub async fn start() -> Self {
        let shared = Arc::new(Shared {
            received: Mutex::default(),
            count: watch::Sender::new(0),
            gate: Semaphore::new(0),
            hanging: AtomicUsize::new(0),
            most_hanging: AtomicUsize::new(0),
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let router = Router::new().fallback(take).with_state(Arc::clone(&shared));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, shared }
    }

    /// The address of a path.
    pub fn at(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The same under another host's name.
    pub fn elsewhere(&self, path: &str) -> String {
        format!("http://localhost:{}{path}", self.address.port())
    }

    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Lets so many messages to `/gated` be answered.
    pub fn open(&self, messages: usize) {
        self.shared.gate.add_permits(messages);
    }

    /// The most messages that hung at one time.
    pub fn most_hanging(&self) -> usize {
        self.shared.most_hanging.load(Ordering::SeqCst)
    }

    /// What has arrived at a path so far.
    pub fn at_path(&self, path: &str) -> Vec<Received> {
        let received = self.shared.received.lock().expect("no panic");
        received.iter().filter(|it| it.path == path).cloned().collect()
    }

    /// Waits until so many messages have arrived, and gives them all.
    pub async fn received(&self, count: usize) -> Vec<Received> {
        self.received_within(count, Duration::from_secs(60)).await
    }

    /// The same, waiting no longer than this.
    pub async fn received_within(&self, count: usize, patience: Duration) -> Vec<Received> {
        let mut arrived = self.shared.count.subscribe();
        let enough = arrived.wait_for(|arrived| *arrived >= count);
        let in_time = tokio::time::timeout(patience, enough).await;
        let received = self.shared.received.lock().expect("no panic").clone();
        assert!(in_time.is_ok(), "{} of {count} messages: {received:#?}", received.len());
        received
    }
}

async fn take(
    State(shared): State<Arc<Shared>>,
    uri: Uri,
    headers: HeaderMap,
    body: String,
) -> Response<Body> {
    let path = uri.path().to_owned();
    let received = Received { path: path.clone(), headers, body };
    shared.received.lock().expect("no panic").push(received);
    shared.count.send_modify(|count| *count += 1);
    reply(&shared, &path).await
}

fn status(status: u16) -> axum::http::response::Builder {
    Response::builder().status(status)
}

async fn reply(shared: &Arc<Shared>, path: &str) -> Response<Body> {
    let answer = match path {
        "/hangs" => {
            let hanging = shared.hanging.fetch_add(1, Ordering::SeqCst) + 1;
            shared.most_hanging.fetch_max(hanging, Ordering::SeqCst);
            std::future::pending().await
        }
        "/gated" => {
            shared.gate.acquire().await.expect("a gate").forget();
            status(204)
        }
        "/moved" => status(301).header("location", "/ok"),
        "/busy" => status(429).header("retry-after", "120"),
        "/busy-until" => status(503).header("retry-after", "Thu, 01 Jan 2026 00:10:00 GMT"),
        "/large" => return status(200).body(large()).expect("an answer"),
        "/large-error" => return status(500).body(large()).expect("an answer"),
        "/gone" => status(410),
        "/failing" => status(500),
        _ => status(204),
    };
    answer.body(Body::empty()).expect("an answer")
}

/// Ten megabytes.
fn large() -> Body {
    let pieces = (0..160).map(|_| Ok::<_, std::io::Error>(Bytes::from(vec![b'x'; 65_536])));
    Body::from_stream(stream::iter(pieces))
}
