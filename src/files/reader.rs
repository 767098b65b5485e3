//! Calls the process that reads a stranger's file: see `extract/`.

use std::io::{BufRead, BufReader, Read as _};
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::{Error, Received};
use crate::domain::{FileKind, FileProblem, Label, Sniffed, TextFailure};
use crate::extract::{ARCHIVE, Finding, MOST_PAGES, MOST_TEXT, Reading};

/// How many files are read at the same time.
const AT_ONCE: usize = 2;
/// How long one may take; the process ends itself earlier if all of this is work.
const PATIENCE: Duration = Duration::from_secs(20);
/// The most bytes that are taken from the process: each byte of text may be written as six, and
/// each page has its quotes.
const MOST_TOLD: usize = MOST_TEXT * 6 + MOST_PAGES * 4 + 1_024;
/// Signals that end the process when it goes beyond its limits.
const ABORTED: i32 = 6;
const OUT_OF_TIME: i32 = 24;

/// Reads files, a few at a time.
#[derive(Clone)]
pub(super) struct Reader {
    program: PathBuf,
    places: Arc<Semaphore>,
}

/// What was found in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// What it is.
    pub kind: FileKind,
    /// Its text.
    pub reading: Reading,
}

impl Reader {
    pub(super) fn new(program: PathBuf) -> Self {
        Self { program, places: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    pub(super) async fn read(&self, received: &Received) -> Result<Read, Error> {
        let hint = match received.sniffed {
            Sniffed::Kind(kind) if !kind.has_text() => return Ok(textless(kind)),
            Sniffed::Kind(kind) => kind.name(),
            Sniffed::Archive => ARCHIVE,
            Sniffed::Unknown => return Err(Error::Unfit(FileProblem::Kind)),
        };
        // Places are never taken away for good.
        let _place = self.places.acquire().await.map_err(std::io::Error::other)?;
        let (process, output) = self.start(hint, received.rewound()?).map_err(Error::Reader)?;
        let told = timeout(PATIENCE, spawn_blocking(move || told(output))).await;
        let told = match told {
            Ok(told) => told??,
            Err(_) => Told::default(),
        };
        let ended = spawn_blocking(move || process.end()).await?.map_err(Error::Reader)?;
        let known = match received.sniffed {
            Sniffed::Kind(kind) => Some(kind),
            Sniffed::Archive | Sniffed::Unknown => told.finding.and_then(|finding| finding.kind),
        };
        let kind = known.ok_or(Error::Unfit(FileProblem::Kind))?;
        let reading = told.reading.unwrap_or_else(|| Reading::Failed(cause(ended)));
        Ok(Read { kind, reading })
    }

    /// Starts the process. It learns nothing of the hub but the file: no variables, no directory.
    fn start(
        &self,
        hint: &str,
        file: std::fs::File,
    ) -> Result<(Process, ChildStdout), std::io::Error> {
        let mut command = Command::new(&self.program);
        command.args(["extract", hint]).env_clear().current_dir("/");
        command.stdin(file).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn()?;
        let output = child.stdout.take().ok_or(std::io::ErrorKind::BrokenPipe)?;
        Ok((Process(Mutex::new(child)), output))
    }
}

/// A file whose text is not looked for.
const fn textless(kind: FileKind) -> Read {
    let reading = Reading::Text { pieces: Vec::new(), pages: None, cut: false };
    Read { kind, reading }
}

/// A process that does not outlive the one who waits for it.
struct Process(Mutex<Child>);

impl Process {
    /// Ends it, if it has not ended, and tells how it did.
    fn end(&self) -> Result<ExitStatus, std::io::Error> {
        let mut child = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // What has closed its output has a moment to end by itself; nobody else is waited for.
        for _ in 0..20 {
            if let Some(status) = child.try_wait()? {
                return Ok(status);
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        child.kill()?;
        child.wait()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let child = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        // One that has ended and was waited for cannot be killed any more, which is as well.
        let _gone = child.kill().and_then(|()| child.wait());
    }
}

/// What the process has told before it ended.
#[derive(Default)]
struct Told {
    finding: Option<Finding>,
    reading: Option<Reading>,
}

/// Reads the lines of the process, as far as they make sense.
fn told(output: ChildStdout) -> Result<Told, std::io::Error> {
    let mut lines = BufReader::new(output.take(MOST_TOLD as u64));
    let mut next = || {
        let mut line = Vec::new();
        lines.read_until(b'\n', &mut line).map(|_| line)
    };
    let finding = serde_json::from_slice(&next()?).ok();
    Ok(Told { finding, reading: serde_json::from_slice(&next()?).ok() })
}

/// Why a process ended without a text.
fn cause(ended: ExitStatus) -> TextFailure {
    match ended.signal() {
        Some(ABORTED) => TextFailure::TooLarge,
        Some(OUT_OF_TIME | 9) => TextFailure::TooSlow,
        _ => TextFailure::Crashed,
    }
}
