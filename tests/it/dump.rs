//! A whole hub in one file, and back.

mod filled;
mod hostile;
mod program;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use allmende::app::{App, Silent};
use allmende::files::Files;
use allmende::service::{DumpError, export, restore};
use allmende::store::{Location, Store};
use serde_json::Value;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::support::TestApp;
use crate::support::test_app::{determined, places};

/// What is written into it can be looked at afterwards.
#[derive(Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The dump of a hub.
pub async fn dumped(store: &Store, files: &Files, personal: bool) -> Vec<u8> {
    let sink = Sink::default();
    let made = export(store, files, Box::new(sink.clone()), personal, &mut Silent).await;
    made.expect("a dump");
    sink.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// What a dump holds, by name.
pub fn parts(dump: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut archive = ZipArchive::new(std::io::Cursor::new(dump)).expect("an archive");
    let mut parts = BTreeMap::new();
    for place in 0..archive.len() {
        let mut entry = archive.by_index(place).expect("a part");
        let mut content = Vec::new();
        entry.read_to_end(&mut content).expect("its content");
        parts.insert(entry.name().expect("a name").into_owned(), content);
    }
    parts
}

/// An archive with these parts.
fn packed(parts: &BTreeMap<String, Vec<u8>>) -> Vec<u8> {
    let mut archive = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in parts {
        archive.start_file(name, SimpleFileOptions::default()).expect("a part");
        archive.write_all(content).expect("its content");
    }
    archive.finish().expect("an archive").into_inner()
}

fn manifest(dump: &[u8]) -> Value {
    serde_json::from_slice(&parts(dump)["manifest.json"]).expect("a manifest")
}

fn saved(directory: &Path, dump: &[u8]) -> PathBuf {
    let path = directory.join("hub.zip");
    File::create(&path).and_then(|mut file| file.write_all(dump)).expect("a file");
    path
}

/// Restores into a new hub in memory.
async fn restored(dump: &[u8]) -> Result<(Store, Files), DumpError> {
    let directory = tempfile::tempdir().expect("a directory");
    let path = saved(directory.path(), dump);
    let files = places().files.open().expect("files in memory");
    let (store, _) = Box::pin(restore(&Location::Memory, &files, &path, &mut Silent)).await?;
    Ok((store, files))
}

/// A hub on what was restored.
async fn serving(store: Store, files: Files) -> TestApp {
    let (clock, ids) = determined();
    let app = App::on(store, files, places(), clock, ids, &mut Silent).await.expect("a hub");
    let app = TestApp::around(app);
    app.settle().await;
    app
}
