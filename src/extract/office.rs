//! Office documents: archives of XML files.

use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use super::markup::{Bounded, Markup, walk};
use super::pages::Pages;
use crate::domain::{FileKind, TextFailure};

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// The most files that a document is made of.
const MOST_ENTRIES: usize = 10_000;
/// The most bytes that one of its files may have when it is unpacked.
const MOST_UNPACKED: u64 = 64 * 1024 * 1024;
/// The most bytes of the files that tell what it is.
const MOST_TOLD: u64 = 1024 * 1024;

/// How Word marks text.
const WORD: Markup = Markup {
    within: &["t"],
    lines: &["p"],
    breaks: &["br", "cr"],
    blanks: &["tab"],
    pages: &["lastRenderedPageBreak"],
    skipped: &["Fallback", "del", "moveFrom"],
};

/// How OpenDocument marks text.
const OPEN: Markup = Markup {
    within: &["p", "h"],
    lines: &["p", "h"],
    breaks: &["line-break"],
    blanks: &["tab", "s"],
    pages: &["soft-page-break"],
    skipped: &["annotation", "tracked-changes", "sequence-decls"],
};

/// What sort of office document an archive is, by the files that it holds. None if it is another
/// archive, or one with macros.
pub(super) fn kind(bytes: &[u8]) -> Option<FileKind> {
    let mut archive = open(bytes).ok()?;
    let has = |archive: &Archive<'_>, name: &str| archive.index_for_name(name).is_some();
    let mut told = String::new();
    if let Ok(entry) = archive.by_name("mimetype") {
        entry.take(200).read_to_string(&mut told).ok()?;
    }
    match told.trim().strip_prefix("application/vnd.oasis.opendocument.") {
        Some("text") => return Some(FileKind::Odt),
        Some("spreadsheet") => return Some(FileKind::Ods),
        Some("presentation") => return Some(FileKind::Odp),
        _ => {}
    }
    if !has(&archive, "[Content_Types].xml") {
        return None;
    }
    let parts = [
        ("word/document.xml", "word/vbaProject.bin", FileKind::Docx),
        ("xl/workbook.xml", "xl/vbaProject.bin", FileKind::Xlsx),
        ("ppt/presentation.xml", "ppt/vbaProject.bin", FileKind::Pptx),
    ];
    let found =
        parts.into_iter().find(|(part, macros, _)| has(&archive, part) && !has(&archive, macros));
    found.map(|(_, _, kind)| kind)
}

/// Reads the text of a Word document, with its notes behind it.
pub(super) fn docx(bytes: &[u8], pages: &mut Pages) -> Result<(), TextFailure> {
    let mut archive = open(bytes)?;
    let mut pieces = part(&mut archive, "word/document.xml", &WORD)?;
    for notes in ["word/footnotes.xml", "word/endnotes.xml"] {
        if archive.index_for_name(notes).is_some() {
            let text = part(&mut archive, notes, &WORD)?.concat();
            pieces.last_mut().into_iter().for_each(|last| last.push_str(&text));
        }
    }
    gather(&pieces, pages);
    Ok(())
}

/// Reads the text of an OpenDocument text.
pub(super) fn odt(bytes: &[u8], pages: &mut Pages) -> Result<(), TextFailure> {
    let mut archive = open(bytes)?;
    if let Ok(entry) = archive.by_name("META-INF/manifest.xml") {
        let mut manifest = Vec::new();
        entry.take(MOST_TOLD).read_to_end(&mut manifest).map_err(|_| TextFailure::Broken)?;
        if String::from_utf8_lossy(&manifest).contains("encryption-data") {
            return Err(TextFailure::Encrypted);
        }
    }
    gather(&part(&mut archive, "content.xml", &OPEN)?, pages);
    Ok(())
}

fn open(bytes: &[u8]) -> Result<Archive<'_>, TextFailure> {
    let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| failure(&error))?;
    if archive.len() > MOST_ENTRIES { Err(TextFailure::TooLarge) } else { Ok(archive) }
}

/// The text of one file of the archive, divided where pages end.
fn part(
    archive: &mut Archive<'_>,
    name: &str,
    markup: &Markup,
) -> Result<Vec<String>, TextFailure> {
    let entry = archive.by_name(name).map_err(|error| failure(&error))?;
    if entry.encrypted() {
        return Err(TextFailure::Encrypted);
    }
    walk(Bounded::new(entry, MOST_UNPACKED), markup)
}

/// Of a document without any page break nothing is known of its pages.
fn gather(pieces: &[String], pages: &mut Pages) {
    let count = pieces.len();
    for piece in pieces {
        if pages.is_full() {
            break;
        }
        pages.push(piece);
    }
    if count > 1 {
        pages.are_pages(count);
    }
}

fn failure(error: &ZipError) -> TextFailure {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword => {
            TextFailure::Encrypted
        }
        _ => TextFailure::Broken,
    }
}
