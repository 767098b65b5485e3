//! Builds the whole index anew from the database, beside the one in use.

use allmende_index::{Builder, Index, Root, Writer};

use super::projection::{Findable, with_text};
use super::{Directory, Error};
use crate::domain::{
    Adoption, Contact, Feedback, Municipality, Organisation, Profile, ProjectDocument, Question,
    Solution, StrategyProcess,
};
use crate::store::{Record, Store};

/// Is told how far long work has come.
pub trait Progress: Send + Sync {
    /// There are so many records in all.
    fn expect(&mut self, records: usize);
    /// So many more records of this sort are done.
    fn advance(&mut self, what: &'static str, records: usize);
}

/// Tells nobody how far long work has come.
pub struct Silent;

impl Progress for Silent {
    fn expect(&mut self, _: usize) {}

    fn advance(&mut self, _: &'static str, _: usize) {}
}

/// Builds a new index and makes it the current one.
///
/// What is written meanwhile is not lost: the cursor is read before the records, so a follower that starts
/// there takes it in afterwards.
///
/// # Errors
/// What the database or the index says; the index in use stays as it was.
pub async fn rebuild(
    store: &Store,
    root: &Root,
    progress: &mut dyn Progress,
) -> Result<(Index, Writer), Error> {
    let mut builder = root.build(&store.identity().await?)?;
    let cursor = store.refresh_head().await?;
    let directory = Directory::load(store.clone()).await?;
    progress.expect(count(store).await?);
    builder = put_all::<Municipality>(store, &directory, builder, progress).await?;
    builder = put_all::<Profile>(store, &directory, builder, progress).await?;
    builder = put_all::<Organisation>(store, &directory, builder, progress).await?;
    builder = put_all::<Contact>(store, &directory, builder, progress).await?;
    builder = put_all::<ProjectDocument>(store, &directory, builder, progress).await?;
    builder = put_all::<StrategyProcess>(store, &directory, builder, progress).await?;
    builder = put_all::<Solution>(store, &directory, builder, progress).await?;
    builder = put_all::<Question>(store, &directory, builder, progress).await?;
    builder = put_all::<Adoption>(store, &directory, builder, progress).await?;
    builder = put_all::<Feedback>(store, &directory, builder, progress).await?;
    Ok(tokio::task::spawn_blocking(move || builder.finish(cursor)).await??)
}

async fn count(store: &Store) -> Result<usize, Error> {
    let counts = [
        store.count::<Municipality>().await?,
        store.count::<Profile>().await?,
        store.count::<Organisation>().await?,
        store.count::<Contact>().await?,
        store.count::<ProjectDocument>().await?,
        store.count::<StrategyProcess>().await?,
        store.count::<Solution>().await?,
        store.count::<Question>().await?,
        store.count::<Adoption>().await?,
        store.count::<Feedback>().await?,
    ];
    Ok(counts.iter().sum())
}

async fn put_all<R: Record + Findable>(
    store: &Store,
    directory: &Directory,
    mut builder: Builder,
    progress: &mut dyn Progress,
) -> Result<Builder, Error> {
    let tables = directory.tables();
    let mut last: Option<R::Id> = None;
    loop {
        let page: Vec<R> = store.page(last.as_ref(), R::AT_ONCE).await?;
        let Some(record) = page.last() else { return Ok(builder) };
        last = Some(record.id().clone());
        let mut documents = Vec::with_capacity(page.len());
        for record in &page {
            documents.push(with_text(store, &tables, record).await?);
        }
        let count = documents.len();
        builder = tokio::task::spawn_blocking(move || {
            documents.into_iter().try_for_each(|document| builder.put(document)).map(|()| builder)
        })
        .await??;
        progress.advance(R::TABLE, count);
    }
}
