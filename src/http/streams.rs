//! Counts the streams that are open, and keeps them from becoming too many.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::refusal::Refusal;

/// The most streams at a time, and the most connections.
pub(super) const MOST: usize = 10_000;

/// The number of open streams.
#[derive(Debug, Clone, Default)]
pub(super) struct Streams(Arc<AtomicUsize>);

/// One open stream; counts as long as it lives.
#[derive(Debug)]
pub(super) struct OpenStream(Arc<AtomicUsize>);

impl Streams {
    /// Counts one more, if there is room for it.
    pub(super) fn open(&self) -> Result<OpenStream, Refusal> {
        let more = |count: usize| (count < MOST).then_some(count + 1);
        match self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more) {
            Ok(_) => Ok(OpenStream(Arc::clone(&self.0))),
            Err(_) => Err(Refusal::Full),
        }
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_room_again_once_a_stream_ends() {
        let streams = Streams::default();
        let mut open: Vec<_> = (0..MOST).map(|_| streams.open().expect("room")).collect();
        assert_eq!(streams.open().err(), Some(Refusal::Full));
        assert_eq!(streams.count(), MOST);
        open.pop();
        assert!(streams.open().is_ok());
    }
}
