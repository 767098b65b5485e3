//! Reads the text of a file that a stranger sent, in a process of its own.
//!
//! Such a file may be made to break whoever reads it. So the hub reads none of it: it calls this
//! same program again (`allmende extract`), hands it the file as standard input, and gets the text
//! as two lines of JSON, a [`Finding`] and a [`Reading`]. Before it reads, that process limits its
//! own memory and time; when it dies, nothing else does. The hub's side is in `files/reader.rs`.

mod html;
mod limits;
mod markup;
mod office;
mod pages;
mod pdf;
mod plain;

use std::io::{self, Read, Write};

use serde::{Deserialize, Serialize};

use crate::domain::{FileKind, Label, TextFailure};
pub use limits::{MEMORY, PROCESSOR_SECONDS};
use pages::Pages;

/// The most bytes of text that are read of one file: some 400 printed pages.
pub const MOST_TEXT: usize = 1_000_000;
/// The most pages whose text is read.
pub const MOST_PAGES: usize = 5_000;

/// First line: what the file is. An archive is looked into; what is no office document has no kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The kind, if it is one that is taken.
    pub kind: Option<FileKind>,
}

/// Second line: its text. It is missing if there is no kind, or if the process died.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reading {
    /// It was read.
    Text {
        /// The text, page by page; in one piece if the file has no pages.
        pieces: Vec<String>,
        /// How many pages there are, if there are pages.
        pages: Option<u32>,
        /// Whether there is more text than was read.
        cut: bool,
    },
    /// It could not be read.
    Failed(TextFailure),
}

/// What the hub knows of a file from its beginning.
pub const ARCHIVE: &str = "archive";

/// Reads standard input and writes what it found to standard output. `hint` is the written form of
/// the kind that the beginning of the file tells, or [`ARCHIVE`].
///
/// # Errors
/// The limits cannot be set, or nobody reads what is written.
pub fn run(hint: &str) -> io::Result<()> {
    limits::confine()?;
    let mut bytes = Vec::new();
    io::stdin().lock().read_to_end(&mut bytes)?;
    let kind = FileKind::from_name(hint).or_else(|| office::kind(&bytes));
    line(&Finding { kind })?;
    match kind {
        Some(kind) => line(&read(&bytes, kind)),
        None => Ok(()),
    }
}

/// The text of a file of this kind.
fn read(bytes: &[u8], kind: FileKind) -> Reading {
    let mut pages = Pages::default();
    let read = match kind {
        FileKind::Pdf => pdf::read(bytes, &mut pages),
        FileKind::Docx => office::docx(bytes, &mut pages),
        FileKind::Odt => office::odt(bytes, &mut pages),
        FileKind::Html => html::read(bytes, &mut pages),
        FileKind::Csv | FileKind::Text => plain::read(bytes, &mut pages),
        FileKind::Xlsx | FileKind::Ods | FileKind::Pptx | FileKind::Odp => Ok(()),
        FileKind::Png | FileKind::Jpeg => Ok(()),
    };
    read.map_or_else(Reading::Failed, |()| pages.into_reading())
}

fn line(told: &impl Serialize) -> io::Result<()> {
    let mut output = io::stdout().lock();
    serde_json::to_writer(&mut output, told)?;
    output.write_all(b"\n")?;
    output.flush()
}
