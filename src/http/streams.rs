//! Counts the streams that are open, and keeps them from becoming too many.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::refusal::Refusal;

/// For so many intervals of the sign of life a client may take nothing, or say nothing.
pub(super) const SILENT_INTERVALS: u32 = 3;

/// The number of open streams.
#[derive(Debug, Clone)]
pub(super) struct Streams {
    open: Arc<AtomicUsize>,
    most: usize,
}

/// One open stream; counts as long as it lives.
#[derive(Debug)]
pub(super) struct OpenStream(Arc<AtomicUsize>);

impl Streams {
    /// At most so many.
    pub(super) fn new(most: usize) -> Self {
        Self { open: Arc::default(), most }
    }

    /// Counts one more, if there is room for it.
    pub(super) fn open(&self) -> Result<OpenStream, Refusal> {
        let more = |count: usize| (count < self.most).then_some(count + 1);
        match self.open.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more) {
            Ok(_) => Ok(OpenStream(Arc::clone(&self.open))),
            Err(_) => Err(Refusal::Full),
        }
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.open.load(Ordering::Relaxed)
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
        let streams = Streams::new(3);
        let mut open: Vec<_> = (0..3).map(|_| streams.open().expect("room")).collect();
        assert_eq!(streams.open().err(), Some(Refusal::Full));
        assert_eq!(streams.count(), 3);
        open.pop();
        assert!(streams.open().is_ok());
    }
}
