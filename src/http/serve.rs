//! Listens, and stops gently.

use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use axum::extract::ConnectInfo;
use axum::serve::Listener;
use axum::{Extension, Router};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long open requests may take at the end of the program.
const GRACE: Duration = Duration::from_secs(10);
/// How long a client may take to send the head of a request, or to send nothing between two.
const HEAD: Duration = Duration::from_secs(10);
/// What an HTTP/2 client says first: until then the version of HTTP is not known.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// The pause between two looks at a first word that comes in pieces.
const PIECES: Duration = Duration::from_millis(20);

/// Why the hub cannot serve.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address cannot be had.
    #[error("listen: cannot listen on {address}: {reason}; choose another one with --listen")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        reason: std::io::Error,
    },
}

/// Takes an address. Connections wait there until [`serve`] answers them.
///
/// # Errors
/// The address cannot be had.
pub async fn listen(address: SocketAddr) -> Result<TcpListener, ServeError> {
    TcpListener::bind(address).await.map_err(|reason| ServeError::Listen { address, reason })
}

/// Serves at most so many connections until `shutdown` is cancelled, then finishes what is open.
pub async fn serve(
    mut listener: TcpListener,
    router: Router,
    most: usize,
    shutdown: CancellationToken,
) {
    // Holds the connections, and the WebSockets that grow out of them.
    let open = TaskTracker::new();
    let router = router.layer(Extension(open.clone()));
    while let Some((stream, peer)) =
        shutdown.run_until_cancelled(Listener::accept(&mut listener)).await
    {
        // Beyond that a connection is closed at once: the system's handles are for those that work.
        if open.len() < most {
            let from = Extension(ConnectInfo(peer));
            let router = Router::new().fallback_service(router.clone()).layer(from);
            open.spawn(connection(stream, router, shutdown.clone()));
        }
    }
    drop(listener);
    open.close();
    if timeout(GRACE, open.wait()).await.is_err() {
        tracing::warn!("some requests did not end in time and were cut off");
    }
}

/// Answers the requests of one connection; at the end of the program only those that are open.
async fn connection(stream: TcpStream, router: Router, shutdown: CancellationToken) {
    // What is told is small and wanted at once.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection collects small packets");
    }
    // The limit for the head only holds once the first bytes have told the version of HTTP.
    let spoken = shutdown.run_until_cancelled(timeout(HEAD, first_word(&stream))).await;
    if !matches!(spoken, Some(Ok(Ok(())))) {
        return;
    }
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD);
    builder.http2().timer(TokioTimer::new()).keep_alive_interval(HEAD).keep_alive_timeout(HEAD);
    let service = TowerToHyperService::new(router);
    let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = shutdown.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection broke");
    }
}

/// Waits until a client has said enough to tell which version of HTTP it speaks; takes nothing.
async fn first_word(stream: &TcpStream) -> std::io::Result<()> {
    let mut seen = [0; PREFACE.len()];
    loop {
        let length = stream.peek(&mut seen).await?;
        let word = seen.get(..length).unwrap_or_default();
        if word.is_empty() || word.len() == PREFACE.len() || !PREFACE.starts_with(word) {
            return Ok(());
        }
        // What was seen stays readable, so the socket itself cannot tell when more has come.
        sleep(PIECES).await;
    }
}
