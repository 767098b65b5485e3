//! How much the hub has to do, as numbers.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Numbers that whoever looks after the hub wants to see. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(super) struct Figures(Arc<Numbers>);

#[derive(Debug, Default)]
struct Numbers {
    subscribers: AtomicU64,
    catching_up: AtomicU64,
    told: AtomicU64,
    cut_off: AtomicU64,
}

/// The state of the hub at one moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HubState {
    /// Subscriptions that run, each for all who have it.
    pub channels: u64,
    /// Those who listen.
    pub subscribers: u64,
    /// Those of them who are still told what they missed.
    pub catching_up: u64,
    /// Messages handed out since the start.
    pub told: u64,
    /// Subscribers since the start who were too slow and were sent away with their last cursor.
    pub cut_off: u64,
}

/// Counts as long as it lives.
#[derive(Debug)]
pub(super) struct Counted {
    figures: Figures,
    of: fn(&Numbers) -> &AtomicU64,
}

impl Figures {
    pub(super) fn subscriber(&self) -> Counted {
        self.counted(|numbers| &numbers.subscribers)
    }

    pub(super) fn catching_up(&self) -> Counted {
        self.counted(|numbers| &numbers.catching_up)
    }

    pub(super) fn told(&self) {
        self.0.told.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn cut_off(&self) {
        self.0.cut_off.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn state(&self, channels: usize) -> HubState {
        let read = |number: &AtomicU64| number.load(Ordering::Relaxed);
        HubState {
            channels: channels as u64,
            subscribers: read(&self.0.subscribers),
            catching_up: read(&self.0.catching_up),
            told: read(&self.0.told),
            cut_off: read(&self.0.cut_off),
        }
    }

    fn counted(&self, of: fn(&Numbers) -> &AtomicU64) -> Counted {
        of(&self.0).fetch_add(1, Ordering::Relaxed);
        Counted { figures: self.clone(), of }
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        (self.of)(&self.figures.0).fetch_sub(1, Ordering::Relaxed);
    }
}
