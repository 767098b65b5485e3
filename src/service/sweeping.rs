//! Removes the contents of files that no document has any more.
//!
//! A content is written before the record that needs it, and whoever takes a record's file away cannot
//! know who else is about to need the same. So nobody removes a content but the sweep, and only one that
//! is older than an upload may last. That also finds what a crash left, or a client that went away.

use std::time::Duration;

use chrono::TimeDelta;
use futures_util::TryStreamExt;
use tokio_util::sync::CancellationToken;

use super::{Error, Services};
use crate::store::{self, Lease};

/// The name of the lease.
const WORK: &str = "sweep";
/// How long a node may be silent before another one takes over.
const SPAN: TimeDelta = TimeDelta::minutes(5);
/// How often the hub looks.
const PACE: Duration = Duration::from_secs(3_600);
/// No upload takes so long from its content to its record.
const LONGEST_UPLOAD: TimeDelta = TimeDelta::hours(24);

/// What a sweep removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Swept {
    /// How many contents.
    pub contents: usize,
    /// How many texts that had been read of contents.
    pub texts: usize,
}

impl Services {
    /// Removes what no document needs any more. Nothing if another node is at it.
    ///
    /// # Errors
    /// What the database says, or the place of the files; the rest is left for the next time.
    pub async fn sweep_files(&self) -> Result<Option<Swept>, Error> {
        let owner = self.ids.fresh().to_string();
        let Some(lease) = self.store.acquire(WORK, &owner, self.clock.now(), SPAN).await? else {
            return Ok(None);
        };
        let swept = self.sweep_under(lease.clone()).await;
        self.store.give_back(&lease, self.clock.now()).await?;
        match swept {
            Err(Error::Store(store::Error::Overtaken)) => Ok(None),
            other => other.map(Some),
        }
    }

    /// Sweeps again and again until the end of the program.
    pub async fn keep_sweeping(self, shutdown: CancellationToken) {
        while !shutdown.is_cancelled() {
            match self.sweep_files().await {
                Ok(Some(swept)) if swept != Swept::default() => {
                    let Swept { contents, texts } = swept;
                    tracing::info!(contents, texts, "removed files that no document has any more");
                }
                Ok(_) => {}
                Err(error) => tracing::error!(%error, "files that nobody needs cannot be removed"),
            }
            if let Err(error) = self.forget_letters().await {
                tracing::error!(%error, "letters that are long over cannot be forgotten");
            }
            let _end = shutdown.run_until_cancelled(tokio::time::sleep(PACE)).await.is_none();
        }
    }

    async fn sweep_under(&self, mut lease: Lease) -> Result<Swept, Error> {
        let mut swept = Swept::default();
        let old = self.clock.now() - LONGEST_UPLOAD;
        let needed = self.store.needed_files().await?;
        let mut found = self.files.blobs.older_than(old);
        while let Some(hash) = found.try_next().await? {
            lease = self.renewed(lease, SPAN).await?;
            // Somebody may have taken it up since; who is about to has made it young.
            if !needed.contains(&hash)
                && !self.store.is_needed(&hash).await?
                && self.files.blobs.remove_older(&hash, old).await?
            {
                swept.contents += 1;
            }
        }
        // A content is there before its text: a text without one is of no use to anybody.
        for hash in self.store.read_files().await?.difference(&needed) {
            lease = self.renewed(lease, SPAN).await?;
            if !self.files.blobs.holds(hash).await? && !self.store.is_needed(hash).await? {
                self.store.forget_text(hash).await?;
                swept.texts += 1;
            }
        }
        Ok(swept)
    }
}
