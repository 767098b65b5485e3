//! Makes a dump of a hub.

use std::collections::BTreeSet;
use std::io::Write;

use bytes::Bytes;
use futures_util::StreamExt;
use serde_json::Value as Json;

use super::DumpError;
use super::archive::Archive;
use super::manifest::{JOURNAL, Manifest, records};
use crate::domain::FileHash;
use crate::files::Files;
use crate::live::Progress;
use crate::store::Store;
use crate::store::dump::{ENTRIES, KEPT, Snapshot};

/// What a dump holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Exported {
    /// Records.
    pub records: u64,
    /// Entries of the journal.
    pub entries: u64,
    /// Files of documents.
    pub files: u64,
    /// The bytes of those.
    pub bytes: u64,
}

/// Writes everything of a hub into an archive. It is read in pages from one state of the database:
/// what is written meanwhile is not in it, and nothing is held in memory but a page and the hashes
/// of files.
///
/// # Errors
/// The database, the files, or whatever takes the archive; the archive is of no use then.
pub async fn export(
    store: &Store,
    files: &Files,
    output: Box<dyn Write + Send>,
    personal: bool,
    progress: &mut dyn Progress,
) -> Result<Exported, DumpError> {
    let snapshot = store.snapshot().await?;
    let written = Box::pin(write(&snapshot, files, output, personal, progress)).await;
    let closed = snapshot.close().await;
    let exported = written?;
    closed?;
    Ok(exported)
}

async fn write(
    snapshot: &Snapshot,
    files: &Files,
    output: Box<dyn Write + Send>,
    personal: bool,
    progress: &mut dyn Progress,
) -> Result<Exported, DumpError> {
    let head = snapshot.head().await?;
    let manifest = Manifest::new(snapshot.identity().await?, personal, head);
    progress.expect(expected(snapshot, personal, head).await?);
    let mut archive = Archive::begin(output);
    let mut exported = Exported { entries: head, ..Exported::default() };
    let mut needed = BTreeSet::new();
    entries(snapshot, &mut archive, progress).await?;
    for kept in KEPT.iter().filter(|kept| kept.is_in(personal)) {
        archive.lines(records(kept.table)).await?;
        let mut after = String::new();
        loop {
            let page = snapshot.page(kept, &after).await?;
            let count = page.len();
            let Some(key) = page.last().and_then(|row| row.get("id")).and_then(Json::as_str) else {
                break;
            };
            after = key.to_owned();
            needed.extend(page.iter().filter_map(|row| file_of(kept.table, row)));
            let shown = |row| if personal { row } else { kept.without_personal(row) };
            archive.more(lines(page.into_iter().map(shown)), count as u64).await?;
            exported.records += count as u64;
            progress.advance(kept.table, count);
            if count < kept.at_once {
                break;
            }
        }
    }
    for hash in &needed {
        content(files, hash, &mut archive).await?;
    }
    let contents = archive.finish(manifest).await?;
    Ok(Exported { files: contents.count, bytes: contents.bytes, ..exported })
}

/// How many records and entries there are.
async fn expected(snapshot: &Snapshot, personal: bool, head: u64) -> Result<usize, DumpError> {
    let mut expected = usize::try_from(head).unwrap_or(usize::MAX);
    for kept in KEPT.iter().filter(|kept| kept.is_in(personal)) {
        expected = expected.saturating_add(snapshot.count(kept).await?);
    }
    Ok(expected)
}

/// The journal names who did something by key only, so it is the same in every dump.
async fn entries(
    snapshot: &Snapshot,
    archive: &mut Archive,
    progress: &mut dyn Progress,
) -> Result<(), DumpError> {
    archive.lines(JOURNAL.to_owned()).await?;
    let mut after = 0;
    loop {
        let page = snapshot.entries(after).await?;
        let count = page.len();
        let Some(last) = page.last().and_then(|entry| entry.get("seq")).and_then(Json::as_u64)
        else {
            return Ok(());
        };
        after = last;
        archive.more(lines(page.into_iter()), count as u64).await?;
        progress.advance("journal", count);
        if count < ENTRIES {
            return Ok(());
        }
    }
}

/// The content of a file, piece by piece.
async fn content(files: &Files, hash: &FileHash, archive: &mut Archive) -> Result<(), DumpError> {
    let found = files.blobs.get(hash, None).await;
    let mut content = found.map_err(|error| match error {
        missing if missing.is_missing() => DumpError::FileGone(hash.to_string()),
        other => other.into(),
    })?;
    archive.file(hash.as_str()).await?;
    while let Some(piece) = content.next().await {
        archive.more(piece?, 0).await?;
    }
    Ok(())
}

/// One JSON a line.
fn lines(rows: impl Iterator<Item = Json>) -> Bytes {
    let mut text = String::new();
    for row in rows {
        text.push_str(&row.to_string());
        text.push('\n');
    }
    text.into()
}

/// The file that a document has.
pub(super) fn file_of(table: &str, row: &Json) -> Option<FileHash> {
    let hash = row.pointer("/file/hash").filter(|_| table == "document")?.as_str()?;
    FileHash::try_from(hash.to_owned()).ok()
}
