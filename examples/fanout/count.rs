//! Who was told what, and when.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

/// Everything that subscribers were told. Publications are numbered from 0 as they are heard of.
pub(crate) struct Count {
    subscribers: usize,
    publications: usize,
    /// When the first publication was about to go out.
    began: OnceLock<Instant>,
    heard: Mutex<Heard>,
    delivered: AtomicU64,
    bytes: AtomicU64,
    came: Notify,
}

#[derive(Default)]
struct Heard {
    /// How often each subscriber heard of each publication, by its key.
    times: HashMap<String, Vec<u8>>,
    latencies: Vec<f64>,
    out_of_order: u64,
    last: Option<Instant>,
}

impl Count {
    pub(crate) fn new(subscribers: usize, publications: usize) -> Self {
        Self {
            subscribers,
            publications,
            began: OnceLock::new(),
            heard: Mutex::default(),
            delivered: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            came: Notify::new(),
        }
    }

    /// From now on it counts: all is prepared.
    pub(crate) fn begin(&self) {
        self.began.get_or_init(Instant::now);
    }

    /// A subscriber was told of a publication, so many seconds after its commit.
    pub(crate) fn told(
        &self,
        subscriber: usize,
        key: &str,
        latency: f64,
        bytes: usize,
        in_order: bool,
    ) {
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        let subscribers = self.subscribers;
        let times = heard.times.entry(key.to_owned()).or_insert_with(|| vec![0; subscribers]);
        if let Some(times) = times.get_mut(subscriber) {
            *times = times.saturating_add(1);
        }
        heard.latencies.push(latency);
        heard.out_of_order += u64::from(!in_order);
        heard.last = Some(Instant::now());
        drop(heard);
        self.bytes.store(bytes as u64, Ordering::Relaxed);
        let delivered = self.delivered.fetch_add(1, Ordering::Relaxed) + 1;
        if delivered >= self.expected() {
            self.came.notify_waiters();
        }
    }

    fn expected(&self) -> u64 {
        (self.subscribers * self.publications) as u64
    }

    /// Waits until everything is delivered, or nothing came for long.
    pub(crate) async fn wait(&self, silence: Duration) {
        let mut seen = 0;
        loop {
            let came = self.came.notified();
            let delivered = self.delivered.load(Ordering::Relaxed);
            if delivered >= self.expected() {
                return;
            }
            let late = tokio::time::timeout(silence, came).await.is_err();
            if late && self.delivered.load(Ordering::Relaxed) == seen {
                return;
            }
            seen = self.delivered.load(Ordering::Relaxed);
        }
    }

    /// The length of a message.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// What came of it, in lines.
    #[expect(clippy::cast_precision_loss, reason = "figures for people")]
    pub(crate) fn report(&self) -> Vec<String> {
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        let delivered = self.delivered.load(Ordering::Relaxed);
        let doubled: u64 =
            heard.times.values().flatten().map(|times| u64::from(times.saturating_sub(1))).sum();
        let missed = self.expected() - (delivered - doubled).min(self.expected());
        let times = self.began.get().zip(heard.last);
        let seconds = times.map_or(0.0, |(began, last)| (last - *began).as_secs_f64());
        heard.latencies.sort_by(f64::total_cmp);
        let latencies = &heard.latencies;
        let at = |share: f64| {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a place in a list"
            )]
            let place = (share * latencies.len().saturating_sub(1) as f64) as usize;
            latencies.get(place).copied().unwrap_or_default() * 1_000.0
        };
        vec![
            format!(
                "{} subscribers, {} publications: {delivered} delivered, {missed} missed, {doubled} doubled, {} out of order",
                self.subscribers, self.publications, heard.out_of_order,
            ),
            format!(
                "{seconds:.2} s, {:.0} messages a second",
                delivered as f64 / seconds.max(1e-9)
            ),
            format!(
                "from commit to client: p50 {:.1} ms, p99 {:.1} ms, max {:.1} ms",
                at(0.5),
                at(0.99),
                at(1.0),
            ),
        ]
    }
}
