//! Takes solutions in from a table or a JSON file of somebody else.
//!
//! All rows are read, understood and held against the rules before the first one is written.
//! docs/IMPORT.md lists the columns.

mod csv;
mod fields;
mod formula;
mod json;
mod kept;
mod known;
mod out;
mod read;
mod values;
mod write;

pub(super) use known::of_places;
pub use out::OpenRow;

use std::fmt;

use serde_json::{Map, Value as Json};

use crate::service::Error;

/// How many bad rows are told.
const MOST_TOLD: usize = 20;

/// One solution as a file describes it, by the names of the API.
#[derive(Debug, Clone)]
struct Row {
    /// Its line in the file, from 1.
    line: usize,
    fields: Map<String, Json>,
    /// As it stands in the file.
    raw: String,
}

/// A row that cannot be taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRow {
    /// Its line in the file, from 1.
    pub line: usize,
    /// The column, or the path of the field; none if the row as a whole is wrong.
    pub path: Option<String>,
    /// What is wrong and what to do.
    pub reason: String,
}

impl fmt::Display for BadRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.path {
            Some(path) => write!(f, "line {}, {path}: {}", self.line, self.reason),
            None => write!(f, "line {}: {}", self.line, self.reason),
        }
    }
}

/// Why a file of solutions was not taken in.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    /// The file as a whole.
    #[error("{0}")]
    Unreadable(String),
    /// The municipality for rows that name none.
    #[error("--municipality: {0}")]
    Municipality(String),
    /// Some of its rows.
    #[error(
        "nothing was imported, for {} rows are wrong; correct them, or leave them out with --partial\n{}",
        lines(.0),
        told_rows(.0)
    )]
    Bad(Vec<BadRow>),
    /// A use case failed over a row that had seemed to be right. What was written by then stays, and
    /// the same import again goes on.
    #[error("line {line}: {}", .error.in_words())]
    Row {
        /// Its line.
        line: usize,
        /// Why.
        error: Error,
    },
    /// A use case.
    #[error("{}", .0.in_words())]
    Service(#[from] Error),
}

impl From<crate::store::Error> for SheetError {
    fn from(error: crate::store::Error) -> Self {
        Self::Service(error.into())
    }
}

/// How solutions of a file are taken in.
#[derive(Debug, Clone, Default)]
pub struct SheetOrder {
    /// The municipality of rows that name none: its name in URLs, or an official key.
    pub municipality: Option<String>,
    /// Publish what is a draft.
    pub publish: bool,
    /// Only look.
    pub dry_run: bool,
    /// Leave bad rows out.
    pub partial: bool,
}

/// What became of a file.
#[derive(Debug, Default)]
pub struct SheetOutcome {
    /// What was written; in a dry run, what would be.
    pub imported: super::Imported,
    /// What was left out, and why.
    pub bad: Vec<BadRow>,
    /// The rows that were left out, as a file of their own that can be corrected; empty if none.
    pub left_out: String,
}

/// A file of solutions.
#[derive(Debug, Default)]
pub struct Sheet {
    rows: Vec<Row>,
    bad: Vec<(BadRow, String)>,
    /// The line with the names of columns, if it has one.
    head: Option<String>,
}

impl Sheet {
    /// Reads a file: JSON if it begins like JSON, otherwise a table.
    ///
    /// # Errors
    /// Nothing of it can be read; single rows that are wrong are kept apart.
    pub fn read(bytes: &[u8]) -> Result<Self, SheetError> {
        let text = decode(bytes)?;
        match text.trim_start().chars().next() {
            None => Err(SheetError::Unreadable("the file is empty".to_owned())),
            Some('{' | '[') => Ok(json::read(&text)),
            Some(_) => csv::read(&text),
        }
    }

    /// How many rows can be read.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows.len()
    }
}

/// The first bad rows, one a line.
#[must_use]
pub fn told_rows(bad: &[BadRow]) -> String {
    let mut told: Vec<String> = bad.iter().take(MOST_TOLD).map(BadRow::to_string).collect();
    if bad.len() > MOST_TOLD {
        told.push(format!("… and {} more", bad.len() - MOST_TOLD));
    }
    told.join("\n")
}

/// How many lines are wrong: one may be wrong in several places.
fn lines(bad: &[BadRow]) -> usize {
    let lines: std::collections::BTreeSet<usize> = bad.iter().map(|bad| bad.line).collect();
    lines.len()
}

/// The text of a file: what a mark at its beginning says, else UTF-8, else what Excel writes.
fn decode(bytes: &[u8]) -> Result<String, SheetError> {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        let marked = bytes.get(mark..).unwrap_or_default();
        let (text, broken) = encoding.decode_without_bom_handling(marked);
        return if broken {
            let name = encoding.name();
            Err(SheetError::Unreadable(format!(
                "the file says that it is {name}, and is not: save it as UTF-8"
            )))
        } else {
            Ok(text.into_owned())
        };
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(text.to_owned());
    }
    Ok(encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned())
}
