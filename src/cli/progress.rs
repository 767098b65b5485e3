//! How far long work has come: a bar on a terminal, plain log lines elsewhere.

use indicatif::{ProgressBar, ProgressStyle};

use crate::live::Progress;

/// How many records lie between two log lines.
const STEP: usize = 1_000;

/// A bar that is shown once there is something to show.
pub(super) struct Bar {
    name: &'static str,
    bar: Option<ProgressBar>,
    done: usize,
    expected: usize,
}

impl Bar {
    /// A bar for work of this name.
    pub(super) const fn new(name: &'static str) -> Self {
        Self { name, bar: None, done: 0, expected: 0 }
    }
}

impl Progress for Bar {
    fn expect(&mut self, records: usize) {
        self.expected = records;
        if records == 0 {
            return;
        }
        tracing::info!(work = self.name, records, "long work begins");
        let bar = ProgressBar::new(records as u64);
        // A wrong template would be a defect of this line alone: the bar then has its usual look.
        if let Ok(style) = ProgressStyle::with_template("{prefix} {wide_bar} {pos}/{len} {msg}") {
            bar.set_style(style);
        }
        self.bar = Some(bar.with_prefix(self.name));
    }

    fn advance(&mut self, what: &'static str, records: usize) {
        let before = self.done / STEP;
        self.done += records;
        if let Some(bar) = &self.bar {
            bar.set_message(what);
            bar.inc(records as u64);
        }
        if self.done / STEP > before {
            tracing::info!(
                work = self.name,
                done = self.done,
                of = self.expected,
                "long work goes on"
            );
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
