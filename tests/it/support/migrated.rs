//! A database in memory that has its schema already.
//!
//! Migrations take most of the time of a start in an unoptimised build. So the first test that needs
//! them keeps what they made in a file; all others, also those of later runs, begin with that.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use allmende::store::{Location, Store};
use sha2::{Digest, Sha256};

/// In memory, with all migrations applied and nothing else.
pub fn migrated() -> Location {
    let directory = place();
    if !directory.exists() {
        make(&directory);
    }
    in_memory_of(&directory, "aol=never")
}

/// One for each state of the migrations and of the libraries that read the file.
fn place() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<PathBuf> = fs::read_dir(root.join("schema/database"))
        .expect("the migrations")
        .map(|entry| entry.expect("a readable directory").path())
        .chain([root.join("Cargo.lock")])
        .collect();
    files.sort();
    let mut hash = Sha256::new();
    for file in files {
        hash.update(fs::read(file).expect("a readable file"));
    }
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("migrated-{:x}", hash.finalize()))
}

/// Makes it beside its place, and moves it there when it is whole. Tests are processes of their own:
/// one makes it, the others wait.
fn make(directory: &Path) {
    let lock = File::create(directory.with_extension("lock")).expect("a writable directory");
    lock.lock().expect("a lock");
    if directory.exists() {
        return;
    }
    let unfinished = directory.with_extension("unfinished");
    match fs::remove_dir_all(&unfinished) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => panic!("{error}"),
        _ => {}
    }
    let location = in_memory_of(&unfinished, "aol=sync&sync=every");
    let made = std::thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(async { Store::open(&location).await.map(drop) })
    });
    made.join().expect("no panic").expect("sound migrations");
    fs::rename(&unfinished, directory).expect("one file system");
}

fn in_memory_of(directory: &Path, options: &str) -> Location {
    Location::Server {
        url: format!("mem://{}?{options}", directory.display()),
        credentials: None,
        namespace: "allmende".to_owned(),
        database: "allmende".to_owned(),
    }
}
