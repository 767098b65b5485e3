//! The end of an erasure: nothing of what was taken away is left in the files of the database.

use std::time::Duration;

use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::{Error, Services};
use crate::domain::Personal;
use crate::store::Change;

/// How long an answer waits for it, at most; after that it goes on in the background.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long an answer waits for the index, at most.
const INDEX_PATIENCE: Duration = Duration::from_secs(10);
/// How often what is due is looked for.
const INTERVAL: Duration = Duration::from_secs(30);
/// Who began to read before the erasure keeps the database from letting go of what was there then:
/// once no request can be that old any more, it is done again.
const READERS_GONE: TimeDelta = TimeDelta::minutes(2);
/// What arrived or was given up may stay in the files for so many days.
const LATER: Days = Days::new(2);

/// By when the files have to be free of what somebody asked to erase.
pub(super) fn now_and_again(now: DateTime<Utc>) -> [DateTime<Utc>; 2] {
    [now, now + READERS_GONE]
}

/// By when the files have to be free of what is of no more use: the same moment for a whole day,
/// since each time costs the database much work.
pub(super) fn some_day(now: DateTime<Utc>) -> DateTime<Utc> {
    (now.date_naive() + LATER).and_time(NaiveTime::MIN).and_utc()
}

impl Services {
    /// Finishes erasures whose time has come, and tells whether the files are free of them.
    ///
    /// # Errors
    /// What the database says; they stay due then.
    pub async fn finish_erasures(&self) -> Result<bool, Error> {
        let due = self.store.due_erasures(self.clock.now()).await?;
        if due.is_empty() { Ok(true) } else { Ok(self.store.finish_erasures(due).await?) }
    }

    /// Forgets what was searched for with words that tell of a person.
    pub(super) async fn forget_searches_for(&self, person: &Personal) -> Result<(), Error> {
        Ok(self.search_log.forget(|typed| person.stands_in(typed)).await?)
    }

    /// Waits until the index holds nothing any more of what an entry took away, and forgets what
    /// somebody searched for until then. Tells whether that is done; if not it will be.
    pub(super) async fn let_go(&self, seq: u64, person: Personal) -> bool {
        let services = self.clone();
        let work = tokio::spawn(async move {
            services.searcher.wait_for(seq).await;
            services.forget_searches_for(&person).await?;
            // What is forgotten now is in the files too; the marks of before may have gone already.
            let marks = Change::default().erases(&now_and_again(services.clock.now()));
            Ok::<(), Error>(services.store.commit_silently(marks).await?)
        });
        match timeout(INDEX_PATIENCE, work).await {
            Ok(Ok(Ok(()))) => true,
            Ok(Ok(Err(error))) => {
                tracing::error!(%error, "searches for somebody who was erased may be left in the log");
                false
            }
            Ok(Err(error)) => {
                tracing::error!(%error, "searches for somebody who was erased may be left in the log");
                false
            }
            Err(_) => false,
        }
    }

    /// Waits until the index has passed an entry, and tells whether it has.
    pub(super) async fn index_has_passed(&self, seq: u64) -> bool {
        timeout(INDEX_PATIENCE, self.searcher.wait_for(seq)).await.is_ok()
    }

    /// Finishes erasures before the answer, and tells whether that is done; if not it will be.
    pub(super) async fn finished_erasures(&self) -> bool {
        let services = self.clone();
        let work = tokio::spawn(async move { services.finish_erasures().await });
        match timeout(PATIENCE, work).await {
            Ok(Ok(Ok(done))) => done,
            Ok(Ok(Err(error))) => {
                tracing::error!(%error, "an erasure is not finished; trying again");
                false
            }
            Ok(Err(error)) => {
                tracing::error!(%error, "an erasure is not finished; trying again");
                false
            }
            Err(_) => false,
        }
    }

    /// Finishes erasures until the end of the program: first what a process before this one left.
    pub async fn keep_erasing(self, shutdown: CancellationToken) {
        while !shutdown.is_cancelled() {
            if let Err(error) = self.finish_erasures().await {
                tracing::error!(%error, "an erasure is not finished; trying again");
            }
            let _ended = shutdown.run_until_cancelled(sleep(INTERVAL)).await.is_none();
        }
    }
}

#[cfg(test)]
mod tests;
