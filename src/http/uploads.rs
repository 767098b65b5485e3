//! Bodies that are files: taken in piece by piece, in a limited time, a few at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::body::{Body, Bytes};
use futures_util::{Stream, StreamExt, stream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout_at};

use super::Limits;
use super::refusal::Refusal;

/// How many files may be on their way in at the same time.
const AT_ONCE: usize = 8;

/// The places for files on their way in. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Uploads(Arc<Semaphore>);

impl Default for Uploads {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

impl Uploads {
    /// Takes a place, if there is one; it is given back when it is dropped.
    pub(super) fn begin(&self) -> Result<OwnedSemaphorePermit, Refusal> {
        Arc::clone(&self.0).try_acquire_owned().map_err(|_| Refusal::TooManyUploads)
    }
}

/// Why a body ended before its end.
#[derive(Debug, thiserror::Error)]
pub(super) enum Cut {
    /// The connection broke, or the body is not framed as HTTP asks.
    #[error("the body broke off")]
    Broken,
    /// It took too long.
    #[error("the body was too slow")]
    Slow(u64),
    /// It is larger than allowed.
    #[error("the body is too large")]
    TooLarge,
}

/// How many bytes of a body are let through; more may be allowed while it comes in.
#[derive(Clone)]
pub(super) struct Allowance(Arc<AtomicU64>);

impl Allowance {
    pub(super) fn new(bytes: u64) -> Self {
        Self(Arc::new(AtomicU64::new(bytes)))
    }

    pub(super) fn add(&self, bytes: u64) {
        self.0.fetch_add(bytes, Ordering::Relaxed);
    }
}

/// A body piece by piece: it must not pause for longer than a request may take, not take longer
/// than an upload may take, and not be larger than allowed.
///
/// After each piece it pauses for a moment, so that a reader which takes all that is there before
/// it looks at it takes no more than one.
pub(super) fn paced(
    body: Body,
    limits: Limits,
    allowance: Allowance,
) -> impl Stream<Item = Result<Bytes, Cut>> + Send + use<> {
    let end = Instant::now() + limits.upload;
    let body = Some(body.into_data_stream());
    stream::unfold((body, 0_u64), move |(body, before)| {
        let allowance = allowance.clone();
        async move {
            let mut body = body?;
            tokio::task::yield_now().await;
            let patience = Instant::now() + limits.request;
            let (deadline, spent) = match patience < end {
                true => (patience, limits.request),
                false => (end, limits.upload),
            };
            let piece = match timeout_at(deadline, body.next()).await {
                Err(_) => Err(Cut::Slow(seconds(spent))),
                Ok(None) => return None,
                Ok(Some(Err(_))) => Err(Cut::Broken),
                Ok(Some(Ok(piece))) => Ok(piece),
            };
            let so_far = before + piece.as_ref().map_or(0, |piece| piece.len() as u64);
            let piece = piece.and_then(|piece| {
                let allowed = allowance.0.load(Ordering::Relaxed);
                if so_far <= allowed { Ok(piece) } else { Err(Cut::TooLarge) }
            });
            let body = piece.is_ok().then_some(body);
            Some((piece, (body, so_far)))
        }
    })
}

const fn seconds(time: Duration) -> u64 {
    time.as_secs()
}
