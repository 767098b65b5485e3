//! A whole hub in one file, and a hub made of such a file.
//!
//! docs/DUMP.md describes the format. A dump of one state of a hub is the same, byte for byte,
//! whenever and wherever it is made.

mod archive;
mod check;
mod export;
mod manifest;
mod restore;

pub use export::{Exported, export};
pub use restore::{Restored, restore};

use std::io;

use crate::store;

/// The most bytes of one line: no record is larger.
const LONGEST_LINE: u64 = 64 * 1024 * 1024;

/// Why a dump was not made, or not restored.
#[derive(Debug, thiserror::Error)]
pub enum DumpError {
    /// The database.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The files.
    #[error(transparent)]
    Files(#[from] crate::files::Error),
    /// The file of the dump, or standard output.
    #[error("the dump could not be read or written: {0}")]
    Disk(#[from] io::Error),
    /// The archive.
    #[error("this is no sound ZIP file: {0}")]
    Zip(#[from] zip::result::ZipError),
    /// It is an archive, but no dump.
    #[error("this is no dump of Allmende: {0}")]
    Foreign(String),
    /// It was made by a later program.
    #[error(
        "the dump has format version {0}, this program reads up to version {known}: restore it with a newer Allmende",
        known = manifest::VERSION
    )]
    Newer(u32),
    /// It was made with migrations that this program does not have.
    #[error(
        "the dump was made by Allmende {0}, whose database this program does not know: restore it with that version or a newer one"
    )]
    Schema(String),
    /// The database that it should go into has a later schema.
    #[error(
        "the dump was made by the older Allmende {0}, and this database has been used by a newer one already: restore into an empty data directory, which is then brought up to date"
    )]
    Late(String),
    /// A part of it is wrong.
    #[error("{part}: {reason}; nothing was restored")]
    Part {
        /// Its name in the archive.
        part: String,
        /// What is wrong with it.
        reason: String,
    },
    /// There is a hub already.
    #[error(
        "the hub is not empty: a dump is restored only where nothing is yet; choose another directory with --data-directory, or another --database-name on the server"
    )]
    Used,
    /// A file of a document was not there.
    #[error(
        "the file {0} of a document is missing: if the hub is running, it was replaced meanwhile, so export again; otherwise see that --files names the right place"
    )]
    FileGone(String),
    /// What was written is not what the program expects.
    #[error("after the migrations, a record of {table} cannot be read: {reason}")]
    Migrated {
        /// Its table.
        table: &'static str,
        /// Why not.
        reason: String,
    },
    /// A task of the program was cut off.
    #[error("a background task ended early: {0}")]
    Task(#[from] tokio::task::JoinError),
}

impl DumpError {
    fn part(part: &str, reason: impl Into<String>) -> Self {
        Self::Part { part: part.to_owned(), reason: reason.into() }
    }
}
