//! Takes in a register of municipalities: the official GV100AD file of Destatis, or a table with
//! named columns.
//!
//! A register is read and compared with the hub as a whole before anything is written. It is
//! idempotent: municipalities are known by their official keys, profiles by their date.

mod decode;
mod gv100ad;
mod plan;
mod table;
mod write;

use decode::{Undecodable, decode};
pub(super) use table::Lines;
pub use write::{Outcome, import, import_reference};

use std::collections::HashMap;
use std::fmt;

use chrono::NaiveDate;

use crate::domain::{Coordinates, MunicipalityKind, ProfileChange, StructuralWeakness};
use crate::store;

/// How many rejected rows are told.
const MOST_TOLD: usize = 20;

/// A municipality as a register describes it; what it does not say stays as it is.
#[derive(Debug, Clone, Default)]
struct Entry {
    /// Its line in the file, from 1.
    line: usize,
    /// Official municipality key, 8 digits.
    ags: Option<String>,
    /// Official regional key.
    ars: Option<String>,
    /// Its name without titles.
    name: Option<String>,
    kind: Option<MunicipalityKind>,
    /// The official key of what it lies in.
    parent: Option<String>,
    /// Keys that it had before.
    former: Vec<String>,
    coordinates: Option<Coordinates>,
    weakness: Option<StructuralWeakness>,
    /// The day that its figures describe.
    date: Option<NaiveDate>,
    figures: ProfileChange,
    /// Whether it has any figure.
    has_figures: bool,
}

impl Entry {
    /// The key that it is known by.
    fn key(&self) -> &str {
        self.ags.as_deref().or(self.ars.as_deref()).unwrap_or_default()
    }
}

/// A row that cannot be taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// Its line, from 1.
    pub line: usize,
    /// The column, from 1: a character of a file with fixed columns, a field of a table.
    pub column: Option<usize>,
    /// What is wrong.
    pub reason: String,
}

impl fmt::Display for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.column {
            Some(column) => write!(f, "line {}, column {column}: {}", self.line, self.reason),
            None => write!(f, "line {}: {}", self.line, self.reason),
        }
    }
}

/// Why a register was not taken in.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// Its characters cannot be read.
    #[error(transparent)]
    Undecodable(#[from] Undecodable),
    /// It is neither a GV100AD file nor a table that names a key.
    #[error("{0}")]
    Unknown(String),
    /// Some of its rows cannot be taken in.
    #[error("nothing was imported, for {} rows are wrong; correct them, or leave them out with --partial\n{}", .0.len(), told(.0))]
    Rejected(Vec<Rejected>),
    /// The database.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// The first rejected rows, one a line.
#[must_use]
pub fn told(rejected: &[Rejected]) -> String {
    let mut lines: Vec<String> = rejected.iter().take(MOST_TOLD).map(Rejected::to_string).collect();
    if rejected.len() > MOST_TOLD {
        lines.push(format!("… and {} more", rejected.len() - MOST_TOLD));
    }
    lines.join("\n")
}

/// What a register says.
#[derive(Debug, Default)]
pub struct Register {
    /// In boxes, so that each is let go of when it has been planned: there are 11,000 of them.
    #[expect(clippy::vec_box, reason = "not to hold the whole register twice while it is planned")]
    entries: Vec<Box<Entry>>,
    rejected: Vec<Rejected>,
    /// Areas without inhabitants that belong to no municipality.
    uninhabited: usize,
    /// Columns that nothing is taken from.
    ignored: Vec<String>,
}

impl Register {
    /// Reads a file of either sort.
    ///
    /// # Errors
    /// It is no register at all; single rows that are wrong are kept apart.
    pub fn read(bytes: &[u8]) -> Result<Self, RegisterError> {
        let text = decode(bytes)?;
        let is_official = gv100ad::is_one(&text);
        let mut register = if is_official { gv100ad::read(&text) } else { table::read(&text)? };
        register.reject_doubles();
        if is_official && register.rejected.is_empty() {
            gv100ad::sum_up(&mut register.entries);
        }
        Ok(register)
    }

    /// The second of two rows with one key is rejected.
    fn reject_doubles(&mut self) {
        let mut seen: HashMap<String, usize> = HashMap::new();
        let rejected = &mut self.rejected;
        self.entries.retain(|entry| {
            let Some(first) = seen.insert(entry.key().to_owned(), entry.line) else { return true };
            let reason = format!("the key {} stands in line {first} already", entry.key());
            rejected.push(Rejected { line: entry.line, column: None, reason });
            false
        });
        rejected.sort_by_key(|rejected| rejected.line);
    }
}

/// A name without titles: they follow behind a comma.
fn without_titles(name: &str) -> String {
    name.split(", ").next().unwrap_or(name).trim().to_owned()
}

#[cfg(test)]
mod tests;
