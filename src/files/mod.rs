//! Uploaded files: taken in piece by piece, kept by the hash of their content, read by a process
//! of their own.
//!
//! Nothing here holds a whole file in memory, and nothing here looks into one further than its
//! first bytes.

mod blobs;
mod incoming;
mod reader;

use std::path::{Path, PathBuf};

use crate::domain::FileProblem;
use blobs::Blobs;
pub use blobs::{Content, Place, PlaceError};
pub use incoming::{Incoming, Received};
pub use reader::Read;
use reader::Reader;

/// Why a file could not be taken, kept or given out.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Something is wrong with the file.
    #[error("the file cannot be taken: {0:?}")]
    Unfit(FileProblem),
    /// The disk.
    #[error("a file could not be taken in: {0}")]
    Disk(#[from] std::io::Error),
    /// The place where files are kept.
    #[error("the place of the files: {0}")]
    Place(#[from] object_store::Error),
    /// The process that reads files could not be started.
    #[error("the reader of files: {0}")]
    Reader(std::io::Error),
    /// A task of the program was cut off.
    #[error("a background task ended early: {0}")]
    Task(#[from] tokio::task::JoinError),
}

impl Error {
    /// Whether there is no such content.
    #[must_use]
    pub const fn is_missing(&self) -> bool {
        matches!(self, Self::Place(object_store::Error::NotFound { .. }))
    }
}

/// Where files are kept and how they are read. Cheap to clone.
#[derive(Clone)]
pub struct Files {
    pub(crate) blobs: Blobs,
    reader: Reader,
    /// Where files lie while they come in; the system's usual place if none.
    arrivals: Option<PathBuf>,
    /// The most bytes of one.
    most: u64,
}

impl Files {
    /// Opens the place. Files of at most `most` bytes are read by `program`, this program; those
    /// that come in lie in `arrivals` meanwhile.
    ///
    /// # Errors
    /// The place cannot be used.
    pub fn open(
        place: &Place,
        program: PathBuf,
        arrivals: Option<&Path>,
        most: u64,
    ) -> Result<Self, PlaceError> {
        if let Some(directory) = arrivals {
            std::fs::create_dir_all(directory).map_err(|reason| PlaceError::Directory {
                path: directory.to_owned(),
                reason: reason.to_string(),
            })?;
        }
        let arrivals = arrivals.map(Path::to_owned);
        Ok(Self { blobs: Blobs::open(place)?, reader: Reader::new(program), arrivals, most })
    }

    /// Begins to take in a file.
    ///
    /// # Errors
    /// The disk.
    pub(crate) async fn incoming(&self) -> Result<Incoming, Error> {
        Incoming::begin(self.arrivals.clone(), self.most).await
    }

    /// The most bytes of a file.
    #[must_use]
    pub const fn most(&self) -> u64 {
        self.most
    }

    /// Finds out what a file is, and reads its text.
    ///
    /// # Errors
    /// It is of a kind that is not taken, or the reader cannot be started. A file over which the
    /// reader fails is no error.
    pub(crate) async fn read(&self, received: &Received) -> Result<Read, Error> {
        self.reader.read(received).await
    }
}
