//! Writes the archive, on a thread of its own: compressing takes time.

use std::io::Write;

use bytes::Bytes;
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, spawn_blocking};
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, DateTime, System, ZipWriter};

use super::DumpError;
use super::manifest::{Contents, MANIFEST, Manifest, Part, digits, file};

/// How many pieces may wait until they are written.
const WAITING: usize = 8;

/// What is written next.
enum Piece {
    /// A part of lines begins.
    Lines(String),
    /// The content of a file begins, with this hash.
    File(String),
    /// More of the part that has begun; so many lines.
    More(Bytes, u64),
    /// The end.
    Manifest(Box<Manifest>),
}

/// An archive that is being written, piece by piece. It looks nowhere back, so it can go out on a
/// wire as it is made.
pub(super) struct Archive {
    pieces: mpsc::Sender<Piece>,
    writing: JoinHandle<Result<Contents, DumpError>>,
}

impl Archive {
    pub(super) fn begin(output: Box<dyn Write + Send>) -> Self {
        let (pieces, mut coming) = mpsc::channel(WAITING);
        let writing = spawn_blocking(move || {
            let mut writing = Writing::new(output);
            while let Some(piece) = coming.blocking_recv() {
                if let Piece::Manifest(manifest) = piece {
                    return writing.finish(*manifest);
                }
                writing.take(piece)?;
            }
            Err(DumpError::Disk(std::io::Error::other("the export broke off")))
        });
        Self { pieces, writing }
    }

    /// Begins a part of lines.
    pub(super) async fn lines(&mut self, name: String) -> Result<(), DumpError> {
        self.send(Piece::Lines(name)).await
    }

    /// Begins the content of a file.
    pub(super) async fn file(&mut self, hash: &str) -> Result<(), DumpError> {
        self.send(Piece::File(hash.to_owned())).await
    }

    /// Adds to the part that has begun.
    pub(super) async fn more(&mut self, bytes: Bytes, lines: u64) -> Result<(), DumpError> {
        self.send(Piece::More(bytes, lines)).await
    }

    /// Ends the archive with its manifest; gives what files it holds.
    pub(super) async fn finish(mut self, manifest: Manifest) -> Result<Contents, DumpError> {
        self.send(Piece::Manifest(Box::new(manifest))).await?;
        self.writing.await?
    }

    async fn send(&mut self, piece: Piece) -> Result<(), DumpError> {
        if self.pieces.send(piece).await.is_ok() {
            return Ok(());
        }
        // Whoever writes has ended: with the reason why.
        (&mut self.writing).await??;
        Err(DumpError::Disk(std::io::Error::other("the archive ended early")))
    }
}

/// What has begun.
enum Current {
    Nothing,
    Lines(Part, Sha256),
    File(String, Sha256),
}

struct Writing {
    zip: ZipWriter<StreamWriter<Box<dyn Write + Send>>>,
    current: Current,
    parts: Vec<Part>,
    contents: Contents,
}

impl Writing {
    fn new(output: Box<dyn Write + Send>) -> Self {
        let zip = ZipWriter::new_stream(output);
        let (parts, contents) = (Vec::new(), Contents::default());
        Self { zip, current: Current::Nothing, parts, contents }
    }

    fn take(&mut self, piece: Piece) -> Result<(), DumpError> {
        match piece {
            Piece::Lines(name) => {
                self.end()?;
                self.zip.start_file(&name, options(CompressionMethod::Deflated))?;
                let part = Part { name, lines: 0, bytes: 0, sha256: String::new() };
                self.current = Current::Lines(part, Sha256::new());
            }
            Piece::File(hash) => {
                self.end()?;
                // Most are compressed already.
                self.zip.start_file(file(&hash), options(CompressionMethod::Stored))?;
                self.contents.count += 1;
                self.current = Current::File(hash, Sha256::new());
            }
            Piece::More(bytes, lines) => {
                match &mut self.current {
                    Current::Lines(part, hash) => {
                        part.lines += lines;
                        part.bytes += bytes.len() as u64;
                        hash.update(&bytes);
                    }
                    Current::File(_, hash) => {
                        self.contents.bytes += bytes.len() as u64;
                        hash.update(&bytes);
                    }
                    Current::Nothing => {}
                }
                self.zip.write_all(&bytes)?;
            }
            Piece::Manifest(_) => {}
        }
        Ok(())
    }

    fn end(&mut self) -> Result<(), DumpError> {
        match std::mem::replace(&mut self.current, Current::Nothing) {
            Current::Nothing => {}
            Current::Lines(part, hash) => {
                self.parts.push(Part { sha256: digits(hash), ..part });
            }
            Current::File(name, hash) => {
                let found = digits(hash);
                if found != name {
                    let reason = format!(
                        "its content has the hash {found}: it is damaged where files are kept"
                    );
                    return Err(DumpError::part(&file(&name), reason));
                }
            }
        }
        Ok(())
    }

    fn finish(mut self, mut manifest: Manifest) -> Result<Contents, DumpError> {
        self.end()?;
        manifest.parts = std::mem::take(&mut self.parts);
        manifest.files = self.contents;
        self.zip.start_file(MANIFEST, options(CompressionMethod::Deflated))?;
        self.zip.write_all(manifest.text()?.as_bytes())?;
        self.zip.finish()?.into_inner().flush()?;
        Ok(self.contents)
    }
}

/// The same for every part, of every size, on every day.
fn options(method: CompressionMethod) -> SimpleFileOptions {
    SimpleFileOptions::default()
        .compression_method(method)
        .compression_level((method == CompressionMethod::Deflated).then_some(6))
        .last_modified_time(DateTime::default())
        .system(System::Unix)
        .unix_permissions(0o600)
        .large_file(true)
}
