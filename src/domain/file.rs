//! Uploaded files: what they are, what they are called, what was read of them.
//!
//! What a file is, its content tells; its name and what a client says of it count for nothing.

mod name;
mod sniff;

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::kinds::kinds;

pub use name::download_name;
pub use sniff::{HEAD, Sniffed, sniff};

/// The largest file that can be configured, in bytes: GraphQL's `Int` holds no more.
pub const LARGEST_FILE: u64 = i32::MAX as u64;

kinds! {
    /// What sort of file it is.
    FileKind {
        Pdf = "pdf", "PDF", "PDF";
        Docx = "docx", "Word-Dokument", "Word document";
        Odt = "odt", "OpenDocument-Text", "OpenDocument text";
        Xlsx = "xlsx", "Excel-Tabelle", "Excel workbook";
        Ods = "ods", "OpenDocument-Tabelle", "OpenDocument spreadsheet";
        Pptx = "pptx", "PowerPoint-Präsentation", "PowerPoint presentation";
        Odp = "odp", "OpenDocument-Präsentation", "OpenDocument presentation";
        Html = "html", "HTML-Seite", "HTML page";
        Csv = "csv", "CSV-Tabelle", "CSV table";
        Text = "text", "Text", "Plain text";
        Png = "png", "PNG-Bild", "PNG image";
        Jpeg = "jpeg", "JPEG-Bild", "JPEG image";
    }
}

/// The kinds of files that are taken, for messages.
pub(crate) const TAKEN: &str = "PDF, DOCX, ODT, XLSX, ODS, PPTX, ODP, HTML, CSV, TXT, PNG, JPEG";

impl FileKind {
    /// The media type under which it is given out.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Odt => "application/vnd.oasis.opendocument.text",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Ods => "application/vnd.oasis.opendocument.spreadsheet",
            Self::Pptx => {
                "application/vnd.openxmlformats-officedocument.presentationml.presentation"
            }
            Self::Odp => "application/vnd.oasis.opendocument.presentation",
            Self::Html => "text/html",
            Self::Csv => "text/csv",
            Self::Text => "text/plain",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
        }
    }

    /// How names of such files end, the usual ending first.
    #[must_use]
    pub const fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &["pdf"],
            Self::Docx => &["docx"],
            Self::Odt => &["odt"],
            Self::Xlsx => &["xlsx"],
            Self::Ods => &["ods"],
            Self::Pptx => &["pptx"],
            Self::Odp => &["odp"],
            Self::Html => &["html", "htm", "xhtml"],
            Self::Csv => &["csv", "tsv", "txt"],
            Self::Text => &["txt", "md", "csv", "tsv", "log", "json"],
            Self::Png => &["png"],
            Self::Jpeg => &["jpg", "jpeg"],
        }
    }

    /// Whether its text is read. Tables and slides are kept without.
    #[must_use]
    pub const fn has_text(self) -> bool {
        matches!(self, Self::Pdf | Self::Docx | Self::Odt | Self::Html | Self::Csv | Self::Text)
    }

    /// Whether a browser may show it at once. Everything else is saved: also PDF files, which
    /// browsers do not show under the rules with which files are given out.
    #[must_use]
    pub const fn is_shown(self) -> bool {
        matches!(self, Self::Png | Self::Jpeg)
    }
}

kinds! {
    /// Whether the text of a file was read, so that search finds it.
    TextState {
        Read = "read", "Text gelesen", "Text was read";
        Cut = "cut", "Nur der Anfang des Textes gelesen", "Only the beginning of the text was read";
        Absent = "none", "Kein Text", "No text";
        Failed = "failed", "Text nicht lesbar", "Text could not be read";
    }
}

kinds! {
    /// Why the text of a file could not be read.
    TextFailure {
        Broken = "broken", "Die Datei ist beschädigt oder unvollständig.", "The file is damaged or incomplete.";
        Encrypted = "encrypted", "Die Datei ist mit einem Kennwort geschützt.", "The file is protected by a password.";
        TooDeep = "too_deep", "Die Datei ist zu tief verschachtelt.", "The file is nested too deeply.";
        Declares = "declares", "Die Datei erklärt eigene Zeichenfolgen (DTD), was kein Textprogramm tut.", "The file declares entities of its own (a DTD), which no word processor does.";
        TooLarge = "too_large", "Ausgepackt ist die Datei zu groß: Sie braucht mehr Speicher, als ihr zusteht.", "Unpacked the file is too large: it needs more memory than it is granted.";
        TooSlow = "too_slow", "Die Datei zu lesen dauert zu lange.", "Reading the file takes too long.";
        Crashed = "crashed", "An der Datei ist das Leseprogramm gescheitert.", "The reader failed over the file.";
    }
}

/// The SHA-256 of a file's content, in small hexadecimal digits: its key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FileHash(String);

impl FileHash {
    /// The hash of these bytes.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// Its digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its digits, as the key of a record.
    #[must_use]
    pub fn key(&self) -> String {
        self.0.clone()
    }
}

impl fmt::Display for FileHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a text is no hash.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a SHA-256 has 64 small hexadecimal digits")]
pub struct HashError;

impl TryFrom<String> for FileHash {
    type Error = HashError;

    fn try_from(text: String) -> Result<Self, HashError> {
        let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if text.len() == 64 && text.bytes().all(is_digit) { Ok(Self(text)) } else { Err(HashError) }
    }
}

impl From<FileHash> for String {
    fn from(hash: FileHash) -> Self {
        hash.0
    }
}

/// The uploaded file of a document. Its content lies apart, under its hash.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DocumentFile {
    /// What its content hashes to.
    pub hash: FileHash,
    /// Its size in bytes.
    pub bytes: u64,
    /// What it is.
    pub kind: FileKind,
    /// What it is called when somebody saves it.
    pub name: String,
    /// How many pages it has, if it has pages.
    pub pages: Option<u32>,
    /// Whether its text was read.
    pub text: TextState,
    /// Why its text could not be read.
    pub failure: Option<TextFailure>,
    /// When it was uploaded.
    pub uploaded_at: DateTime<Utc>,
}

/// The text of a file, page by page; of a file without pages in one piece. It depends on the
/// content alone, so files that are the same share it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FileText {
    /// What the file's content hashes to.
    pub id: FileHash,
    /// Whether the pieces are pages.
    pub paged: bool,
    /// The pieces in their order.
    pub pages: Vec<String>,
}

/// What ends a page of a text, for the index.
const PAGE_END: char = '\u{c}';

impl FileText {
    /// All of it in one text; each page is ended by a form feed.
    #[must_use]
    pub fn joined(&self) -> String {
        let mut text = String::with_capacity(self.pages.iter().map(|page| page.len() + 1).sum());
        for page in &self.pages {
            text.push_str(page);
            if self.paged {
                text.push(PAGE_END);
            }
        }
        text
    }
}

/// What is wrong with a file that somebody sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileProblem {
    /// It has no content.
    Empty,
    /// It is larger than allowed.
    TooLarge {
        /// The most bytes allowed.
        most: u64,
    },
    /// It is of a kind that is not taken.
    Kind,
}

impl FileProblem {
    /// The problem in a German sentence.
    pub(super) fn german(&self) -> String {
        match self {
            Self::Empty => "Die Datei ist leer.".to_owned(),
            Self::TooLarge { most } => format!("Die Datei ist zu groß: höchstens {most} Bytes."),
            Self::Kind => format!(
                "Dateien dieser Art werden nicht angenommen; ihrem Inhalt nach muss es eine von diesen sein: {TAKEN} (ohne Makros)."
            ),
        }
    }

    /// The problem in an English sentence.
    pub(super) fn english(&self) -> String {
        match self {
            Self::Empty => "The file is empty.".to_owned(),
            Self::TooLarge { most } => format!("The file is too large: at most {most} bytes."),
            Self::Kind => format!(
                "Files of this kind are not taken; by its content it must be one of these: {TAKEN} (without macros)."
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_has_its_form() {
        let hash = FileHash::new([0xab; 32]);
        assert_eq!(FileHash::try_from(hash.to_string()), Ok(hash.clone()));
        assert!(FileHash::try_from(hash.as_str().to_uppercase()).is_err());
        assert!(FileHash::try_from("../../etc/passwd".to_owned()).is_err());
    }

    #[test]
    fn each_page_of_a_text_has_an_end() {
        let pages = vec!["eins".to_owned(), "zwei".to_owned()];
        let text = FileText { id: FileHash::new([0; 32]), paged: true, pages };
        assert_eq!(text.joined(), "eins\u{c}zwei\u{c}");
        assert_eq!(FileText { paged: false, ..text }.joined(), "einszwei");
    }
}
