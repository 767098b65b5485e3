//! Makes a hub of a dump.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use bytes::Bytes;
use serde_json::Value as Json;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;
use zip::ZipArchive;

use super::DumpError;
use super::check::{Checked, Dump, check, for_lines, tables};
use super::manifest::{JOURNAL, file};
use crate::domain::FileHash;
use crate::files::Files;
use crate::live::Progress;
use crate::store::dump::{ENTRIES, KEPT, Known, Rows};
use crate::store::{Location, Store};

/// How many pieces may wait until they are written.
const WAITING: usize = 4;
/// How much of a file is handed on at once.
const AT_ONCE: usize = 256 * 1024;

/// What was restored.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Restored {
    /// Records.
    pub records: u64,
    /// Entries of the journal.
    pub entries: u64,
    /// Files of documents.
    pub files: u64,
    /// Whether there is personal data among it.
    pub personal: bool,
}

/// What the thread that reads the archive hands on.
enum Piece {
    File(FileHash),
    Content(Bytes),
    FileEnd,
    Rows(&'static str, Rows),
}

/// Makes the hub of a dump in an empty place. All of the dump is looked through first. What fails
/// afterwards is taken back; after a crash the database says that it is unfinished, and the same
/// again begins anew.
///
/// # Errors
/// The dump is not sound, or of a later program; the place is not empty; the database or the disk.
pub async fn restore(
    location: &Location,
    files: &Files,
    path: &Path,
    progress: &mut dyn Progress,
) -> Result<(Store, Restored), DumpError> {
    let file = File::open(path)?;
    let packed = file.metadata()?.len();
    let most = files.most();
    let (dump, checked) = spawn_blocking(move || {
        let mut dump = ZipArchive::new(BufReader::new(file))?;
        let checked = check(&mut dump, packed, most)?;
        Ok::<_, DumpError>((dump, checked))
    })
    .await??;
    let store = open(location, &checked).await?;
    match store.known().await? {
        Known::Empty => {}
        Known::Unfinished => store.empty_after_restore().await?,
        Known::Used => return Err(DumpError::Used),
    }
    store.begin_restore().await?;
    let mut new_files = Vec::new();
    let written = Box::pin(write(&store, files, dump, &checked, &mut new_files, progress)).await;
    match written {
        Ok(restored) => Ok((store, restored)),
        Err(error) => {
            take_back(&store, files, &new_files).await;
            Err(error)
        }
    }
}

async fn open(location: &Location, checked: &Checked) -> Result<Store, DumpError> {
    match Store::open_to_restore(location, checked.migrated).await {
        Err(crate::store::Error::Migration { .. }) if !checked.migrated.is_current() => {
            Err(DumpError::Late(checked.manifest.program.clone()))
        }
        other => Ok(other?),
    }
}

async fn write(
    store: &Store,
    files: &Files,
    dump: Dump,
    checked: &Checked,
    new_files: &mut Vec<FileHash>,
    progress: &mut dyn Progress,
) -> Result<Restored, DumpError> {
    let manifest = &checked.manifest;
    let lines: u64 = manifest.parts.iter().map(|part| part.lines).sum();
    progress.expect(usize::try_from(lines + manifest.files.count).unwrap_or(usize::MAX));
    let (pieces, mut coming) = mpsc::channel(WAITING);
    let (names, parts) = (checked.files.iter().cloned().collect::<Vec<_>>(), tables(manifest));
    let reading = spawn_blocking(move || read(dump, &names, parts, &pieces));
    let mut incoming = None;
    let mut name = None;
    while let Some(piece) = coming.recv().await {
        match piece {
            Piece::File(hash) => {
                incoming = Some(files.incoming().await?);
                name = Some(hash);
            }
            Piece::Content(bytes) => {
                if let Some(incoming) = &mut incoming {
                    incoming.take(&bytes).await?;
                }
            }
            Piece::FileEnd => {
                let (Some(coming), Some(name)) = (incoming.take(), name.take()) else { continue };
                let received = coming.finish().await?;
                if received.hash != name {
                    let reason = "the dump was changed while it was restored";
                    return Err(DumpError::part(&file(name.as_str()), reason));
                }
                if !files.blobs.holds(&name).await? {
                    new_files.push(name);
                }
                files.blobs.put(&received).await?;
                progress.advance("files", 1);
            }
            Piece::Rows(what, rows) => {
                let count = rows.len();
                store.restore_rows(rows).await?;
                progress.advance(what, count);
            }
        }
    }
    reading.await??;
    store.finish_migrations().await?;
    if !checked.migrated.is_current() {
        all_readable(store).await?;
    }
    store.end_restore(&manifest.hub, manifest.journal).await?;
    store.refresh_head().await?;
    let (entries, personal) = (manifest.journal, manifest.personal);
    Ok(Restored { records: lines - entries, entries, files: manifest.files.count, personal })
}

/// Reads the archive in the order in which it has to be written: a content that a record names is
/// there before the record.
fn read(
    mut dump: Dump,
    files: &[FileHash],
    parts: Vec<(&'static crate::store::dump::Kept, String)>,
    pieces: &mpsc::Sender<Piece>,
) -> Result<(), DumpError> {
    // Whoever writes says why it has ended; here it is enough to end as well.
    let gone = |_| DumpError::Disk(std::io::Error::other("the restore broke off"));
    for hash in files {
        pieces.blocking_send(Piece::File(hash.clone())).map_err(gone)?;
        let mut content = dump.by_name(&file(hash.as_str()))?;
        loop {
            let mut piece = vec![0; AT_ONCE];
            let read = content.read(&mut piece)?;
            if read == 0 {
                break;
            }
            piece.truncate(read);
            pieces.blocking_send(Piece::Content(piece.into())).map_err(gone)?;
        }
        pieces.blocking_send(Piece::FileEnd).map_err(gone)?;
    }
    for (kept, name) in parts {
        let send = |rows| pieces.blocking_send(Piece::Rows(kept.table, Rows::Of(kept, rows)));
        in_pages(&mut dump, &name, kept.at_once, |rows| send(rows).map_err(gone))?;
    }
    let send = |rows| pieces.blocking_send(Piece::Rows(JOURNAL, Rows::Journal(rows)));
    in_pages(&mut dump, JOURNAL, ENTRIES, |rows| send(rows).map_err(gone))
}

fn in_pages(
    dump: &mut Dump,
    name: &str,
    at_once: usize,
    mut send: impl FnMut(Vec<Json>) -> Result<(), DumpError>,
) -> Result<(), DumpError> {
    let mut rows = Vec::new();
    for_lines(dump, name, |line| {
        let row = serde_json::from_slice(line);
        rows.push(row.map_err(|error| DumpError::part(name, error.to_string()))?);
        if rows.len() >= at_once { send(std::mem::take(&mut rows)) } else { Ok(()) }
    })?;
    if rows.is_empty() { Ok(()) } else { send(rows) }
}

/// Looks whether the program can read what migrations made of an older dump.
async fn all_readable(store: &Store) -> Result<(), DumpError> {
    let snapshot = store.snapshot().await?;
    let mut outcome = Ok(());
    'tables: for kept in KEPT {
        let mut after = String::new();
        loop {
            let page = snapshot.page(kept, &after).await?;
            let is_last = page.len() < kept.at_once;
            for row in page {
                row.get("id").and_then(Json::as_str).unwrap_or_default().clone_into(&mut after);
                if let Err(reason) = (kept.readable)(row) {
                    outcome = Err(DumpError::Migrated { table: kept.table, reason });
                    break 'tables;
                }
            }
            if is_last {
                break;
            }
        }
    }
    snapshot.close().await?;
    outcome
}

/// Leaves the place as it was. If that fails too, the mark stays, and says so at every start.
async fn take_back(store: &Store, files: &Files, new_files: &[FileHash]) {
    let mut outcome = store.empty_after_restore().await.map_err(DumpError::from);
    for hash in new_files {
        if outcome.is_ok() {
            outcome = files.blobs.remove(hash).await.map_err(DumpError::from);
        }
    }
    if let Err(error) = outcome {
        tracing::error!(%error, "what was restored could not be taken back");
    }
}
