//! What resolvers take from the request's context.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_graphql::Context;
use async_graphql::dataloader::DataLoader;

use super::loaders::Loaders;
use crate::domain::{Language, Viewer};
use crate::live::Tables;
use crate::service::Services;

/// Who asks, and in which language answers should be.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Asker {
    /// Who.
    pub viewer: Viewer,
    /// In which language.
    pub language: Language,
}

/// A subscriber's place in the journal, shared with the transport.
#[derive(Debug, Clone, Default)]
pub struct Place {
    /// Where the transport says that the subscriber stopped; goes before the argument `after`.
    pub resume: Option<String>,
    /// Nothing behind this entry is told: the stream ends there.
    pub(super) until: Option<u64>,
    /// The entry that was told last.
    told: Arc<AtomicU64>,
}

impl Place {
    /// A place behind this cursor.
    #[must_use]
    pub fn resuming(resume: Option<String>) -> Self {
        Self { resume, until: None, told: Arc::default() }
    }

    /// A place behind one entry, for what happened up to another.
    pub(super) fn between(after: u64, until: u64) -> Self {
        Self { resume: Some(after.to_string()), until: Some(until), told: Arc::default() }
    }

    /// The cursor of the entry that was told last.
    #[must_use]
    pub fn told(&self) -> Option<u64> {
        Some(self.told.load(Ordering::Relaxed)).filter(|seq| *seq > 0)
    }

    pub(super) fn tell(&self, seq: u64) {
        self.told.store(seq, Ordering::Relaxed);
    }
}

/// Access to the request's context. The data is put there by [`super::Api`]; without it nothing runs.
pub(super) trait ContextExt {
    fn services(&self) -> &Services;
    fn viewer(&self) -> &Viewer;
    fn language(&self) -> Language;
    fn loaders(&self) -> &DataLoader<Loaders>;

    fn tables(&self) -> Arc<Tables> {
        self.services().directory().tables()
    }
}

impl ContextExt for Context<'_> {
    fn services(&self) -> &Services {
        self.data_unchecked()
    }

    fn viewer(&self) -> &Viewer {
        &self.data_unchecked::<Asker>().viewer
    }

    fn language(&self) -> Language {
        self.data_unchecked::<Asker>().language
    }

    fn loaders(&self) -> &DataLoader<Loaders> {
        self.data_unchecked()
    }
}
