//! What an owner may change of a watch.

use chrono::{DateTime, Utc};

use super::{QuietHours, Rhythm, Selection, Watch};
use crate::domain::event::EventKind;
use crate::domain::patch::Patch;

/// A change to a watch. What is absent stays.
#[derive(Debug, Clone, Default)]
pub struct WatchChange {
    /// What its owner calls it.
    pub name: Option<String>,
    /// What it finds.
    pub selection: Option<Selection>,
    /// Of which events it tells.
    pub kinds: Option<Vec<EventKind>>,
    /// When.
    pub rhythm: Option<Rhythm>,
    /// When nothing is sent at once.
    pub quiet: Patch<QuietHours>,
    /// To which address letters go.
    pub address: Option<String>,
}

impl Watch {
    /// The watch after a change, but for its address, which has to be asked about.
    #[must_use]
    pub fn changed(mut self, change: &WatchChange, now: DateTime<Utc>) -> Self {
        self.revision += 1;
        self.updated_at = now;
        if let Some(name) = &change.name {
            self.name.clone_from(name);
        }
        if let Some(selection) = &change.selection {
            self.selection.clone_from(selection);
        }
        if let Some(kinds) = &change.kinds {
            self.kinds.clone_from(kinds);
        }
        if let Some(rhythm) = change.rhythm {
            self.rhythm = rhythm;
        }
        match change.quiet {
            Patch::Keep => {}
            Patch::Clear => self.quiet = None,
            Patch::Set(quiet) => self.quiet = Some(quiet),
        }
        self
    }
}
