//! Bodies that go out piece by piece, as long as somebody takes them.

use std::time::Duration;

use axum::BoxError;
use axum::body::{Body, Bytes};
use futures_util::{Stream, StreamExt, stream};
use tokio::sync::mpsc;
use tokio::time::timeout;

/// Nobody took the next piece in time.
#[derive(Debug, thiserror::Error)]
#[error("the client was too slow")]
struct Abandoned;

/// A body whose pieces are made by a task of its own. Who takes none for as long as a request may take is
/// given up, and with them all that the pieces need, such as a place among a few: a client that stalls
/// asks for nothing more, so the body itself would never notice. What was given up ends with an error,
/// so that nobody takes it for whole.
pub(super) fn sent<E>(
    pieces: impl Stream<Item = Result<Bytes, E>> + Send + 'static,
    patience: Duration,
) -> Body
where
    E: Into<BoxError> + Send + 'static,
{
    // Nothing behind the last piece says that it was the last one.
    let (going, coming) = mpsc::channel::<Option<Result<Bytes, BoxError>>>(1);
    tokio::spawn(async move {
        let pieces = pieces.map(|piece| Some(piece.map_err(Into::into)));
        let mut pieces = std::pin::pin!(pieces.chain(stream::iter([None])));
        loop {
            let piece = tokio::select! {
                () = going.closed() => return,
                piece = pieces.next() => piece,
            };
            let Some(piece) = piece else { return };
            if !matches!(timeout(patience, going.send(piece)).await, Ok(Ok(()))) {
                tracing::debug!("a client took nothing any more of what it had asked for");
                return;
            }
        }
    });
    Body::from_stream(stream::unfold(Some(coming), |coming| async move {
        let mut coming = coming?;
        match coming.recv().await {
            Some(None) => None,
            Some(Some(Ok(piece))) => Some((Ok(piece), Some(coming))),
            Some(Some(Err(error))) => Some((Err(error), None)),
            None => Some((Err(Abandoned.into()), None)),
        }
    }))
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::sync::Arc;

    use http_body_util::BodyExt;
    use tokio::sync::Semaphore;

    use super::*;

    fn pieces(count: usize) -> impl Stream<Item = Result<Bytes, Infallible>> {
        stream::iter((0..count).map(|_| Ok(Bytes::from_static(b"piece "))))
    }

    #[tokio::test]
    async fn whoever_takes_everything_gets_everything() {
        for count in [0, 1, 5] {
            let body = sent(pieces(count), Duration::from_secs(60)).collect().await;
            assert_eq!(body.expect("whole").to_bytes(), "piece ".repeat(count).as_bytes());
        }
    }

    #[tokio::test]
    async fn whoever_stalls_holds_nothing_and_gets_no_end() {
        let places = Arc::new(Semaphore::new(1));
        let place = Arc::clone(&places).try_acquire_owned().expect("a place");
        let held = pieces(5).map(move |piece| {
            let _held = &place;
            piece
        });
        let body = sent(held, Duration::from_millis(20));
        // Nobody looks at the body meanwhile.
        let free = timeout(Duration::from_secs(30), places.acquire()).await;
        assert!(free.is_ok_and(|place| place.is_ok()), "the place is held for ever");
        assert!(body.collect().await.is_err(), "it is taken for whole");
    }

    #[tokio::test]
    async fn what_breaks_is_told() {
        let broken = stream::iter([Ok(Bytes::from_static(b"a")), Err("the disk")]);
        assert!(sent(broken, Duration::from_secs(60)).collect().await.is_err());
    }
}
