//! The part of a dump that describes the others.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::DumpError;

/// The name of the format.
const FORMAT: &str = "allmende-dump";
/// The version of the format that this program writes, and the last one that it reads.
pub(super) const VERSION: u32 = 1;
/// Its name in the archive.
pub(super) const MANIFEST: &str = "manifest.json";
/// The name of the journal in the archive.
pub(super) const JOURNAL: &str = "journal.ndjson";

/// What a dump is and what it holds.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    pub(super) format: String,
    pub(super) version: u32,
    /// The version of the program that made it.
    pub(super) program: String,
    /// The identity of the hub.
    pub(super) hub: String,
    /// Whether it holds what says who somebody is.
    pub(super) personal: bool,
    /// The number of the newest entry of the journal.
    pub(super) journal: u64,
    pub(super) migrations: Vec<Migration>,
    pub(super) files: Contents,
    /// Records and journal, in the order of the archive.
    pub(super) parts: Vec<Part>,
}

/// A migration of the database.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Migration {
    pub(super) name: String,
    pub(super) checksum: String,
}

/// The files of documents, all together.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub(super) struct Contents {
    pub(super) count: u64,
    pub(super) bytes: u64,
}

/// A part of lines.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) lines: u64,
    pub(super) bytes: u64,
    pub(super) sha256: String,
}

impl Manifest {
    /// That of a hub, before its parts are known.
    pub(super) fn new(hub: String, personal: bool, journal: u64) -> Self {
        let migration =
            |(name, checksum): (&str, String)| Migration { name: name.to_owned(), checksum };
        Self {
            format: FORMAT.to_owned(),
            version: VERSION,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            hub,
            personal,
            journal,
            migrations: crate::store::dump::migrations().map(migration).collect(),
            files: Contents::default(),
            parts: Vec::new(),
        }
    }

    /// As it stands in the archive.
    pub(super) fn text(&self) -> Result<String, DumpError> {
        let text = serde_json::to_string_pretty(self).map_err(std::io::Error::from)?;
        Ok(text + "\n")
    }

    /// Reads it; the version first, since a later one may read otherwise.
    pub(super) fn read(text: &str) -> Result<Self, DumpError> {
        let foreign = |error: serde_json::Error| DumpError::part(MANIFEST, error.to_string());
        let json: Json = serde_json::from_str(text).map_err(foreign)?;
        if json.get("format").and_then(Json::as_str) != Some(FORMAT) {
            return Err(DumpError::Foreign(format!("{MANIFEST} does not name {FORMAT}")));
        }
        match json.get("version").and_then(Json::as_u64) {
            Some(version) if version > u64::from(VERSION) => {
                Err(DumpError::Newer(u32::try_from(version).unwrap_or(u32::MAX)))
            }
            Some(version) if version == u64::from(VERSION) => {
                serde_json::from_value(json).map_err(foreign)
            }
            _ => Err(DumpError::part(MANIFEST, "it names no version of the format")),
        }
    }

    /// The migrations, as the store compares them.
    pub(super) fn applied(&self) -> Vec<(String, String)> {
        self.migrations.iter().map(|it| (it.name.clone(), it.checksum.clone())).collect()
    }
}

/// The name of the part with the records of a table.
pub(super) fn records(table: &str) -> String {
    format!("records/{table}.ndjson")
}

/// The table of a part with records.
pub(super) fn table_of(part: &str) -> Option<&str> {
    part.strip_prefix("records/")?.strip_suffix(".ndjson")
}

/// The name of the part with the content of a file.
pub(super) fn file(hash: &str) -> String {
    format!("files/{hash}")
}

/// SHA-256 as hexadecimal digits.
pub(super) fn digits(hash: sha2::Sha256) -> String {
    sha2::Digest::finalize(hash).iter().map(|byte| format!("{byte:02x}")).collect()
}
