//! A file on its way in.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::path::PathBuf;

use bytes::{Bytes, BytesMut};
use sha2::{Digest, Sha256};
use tokio::task::spawn_blocking;

use super::Error;
use crate::domain::{FileHash, FileProblem, HEAD, Sniffed, sniff};

/// How many bytes are gathered before they are hashed and written, off the async threads.
const AT_ONCE: usize = 256 * 1024;
/// Bytes that stand in no text: control characters but for line ends, tab, form feed and escape.
const NO_TEXT: [u8; 26] =
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 11, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 28, 29, 30];

/// A file that is coming in. It has no name on the disk: whatever breaks off, nothing is left.
pub struct Incoming {
    /// What is not written yet.
    pending: BytesMut,
    bytes: u64,
    most: u64,
    /// None only while some of it is being written.
    written: Option<Written>,
}

/// What is on the disk already, and what is known of it.
struct Written {
    file: File,
    hash: Sha256,
    head: Vec<u8>,
    is_text: bool,
}

/// A file that has come in whole. It is gone when this is dropped.
#[derive(Debug)]
pub struct Received {
    pub(super) file: File,
    /// What its content hashes to.
    pub(crate) hash: FileHash,
    /// Its size.
    pub(crate) bytes: u64,
    /// What its beginning tells.
    pub(super) sniffed: Sniffed,
}

impl Incoming {
    pub(super) async fn begin(directory: Option<PathBuf>, most: u64) -> Result<Self, Error> {
        let file = spawn_blocking(move || match directory {
            Some(directory) => tempfile::tempfile_in(directory),
            None => tempfile::tempfile(),
        });
        let file = file.await??;
        let written = Written { file, hash: Sha256::new(), head: Vec::new(), is_text: true };
        Ok(Self { pending: BytesMut::new(), bytes: 0, most, written: Some(written) })
    }

    /// Takes the next piece.
    ///
    /// # Errors
    /// The file is too large, or the disk.
    pub async fn take(&mut self, piece: &Bytes) -> Result<(), Error> {
        self.bytes += piece.len() as u64;
        if self.bytes > self.most {
            return Err(Error::Unfit(FileProblem::TooLarge { most: self.most }));
        }
        self.pending.extend_from_slice(piece);
        if self.pending.len() >= AT_ONCE { self.write().await } else { Ok(()) }
    }

    /// The file, now that all of it is there.
    ///
    /// # Errors
    /// It is empty or of a kind that is not taken, or the disk.
    pub async fn finish(mut self) -> Result<Received, Error> {
        if self.bytes == 0 {
            return Err(Error::Unfit(FileProblem::Empty));
        }
        self.write().await?;
        let Written { file, hash, head, is_text } = self.written.ok_or_else(lost)?;
        let sniffed = sniff(&head, is_text);
        if sniffed == Sniffed::Unknown {
            return Err(Error::Unfit(FileProblem::Kind));
        }
        let hash = FileHash::new(hash.finalize().into());
        Ok(Received { file, hash, bytes: self.bytes, sniffed })
    }

    async fn write(&mut self) -> Result<(), Error> {
        let piece = self.pending.split().freeze();
        let mut written = self.written.take().ok_or_else(lost)?;
        let work = move || {
            written.add(&piece)?;
            Ok::<_, std::io::Error>(written)
        };
        self.written = Some(spawn_blocking(work).await??);
        Ok(())
    }
}

impl Written {
    fn add(&mut self, piece: &[u8]) -> Result<(), std::io::Error> {
        let missing = HEAD.saturating_sub(self.head.len()).min(piece.len());
        self.head.extend_from_slice(piece.get(..missing).unwrap_or_default());
        self.is_text = self.is_text && !piece.iter().any(|byte| NO_TEXT.contains(byte));
        self.hash.update(piece);
        self.file.write_all(piece)
    }
}

impl Received {
    /// A handle to read it from its beginning. All handles share one place in the file, so one
    /// after the other may be used.
    pub(super) fn rewound(&self) -> Result<File, std::io::Error> {
        let mut file = self.file.try_clone()?;
        file.seek(SeekFrom::Start(0))?;
        Ok(file)
    }
}

/// After a failure the file cannot be gone on with.
fn lost() -> std::io::Error {
    std::io::Error::other("a file was gone on with after a failure")
}
