//! Looks a dump through, all of it, before anything of it is written.
//!
//! A dump comes from outside. Nothing of it is taken on trust: what may be in it, how much it may
//! unpack to, how long a line is, the hash of every part, the order of keys, and whether the program
//! can read each record.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};

use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use zip::ZipArchive;

use super::export::file_of;
use super::manifest::{Contents, JOURNAL, MANIFEST, Manifest, Part, digits, file, table_of};
use super::{DumpError, LONGEST_LINE};
use crate::domain::FileHash;
use crate::store::dump::{Kept, Migrated, kept_of, readable_entry};

/// The archive of a dump.
pub(super) type Dump = ZipArchive<BufReader<File>>;

/// The most bytes of a manifest.
const LONGEST_MANIFEST: u64 = 1024 * 1024;
/// How much more the parts may be than the archive: text of records shrinks to a tenth or so.
const MOST_GROWTH: u64 = 200;
/// What a small archive may unpack to in any case.
const ALWAYS: u64 = 16 * 1024 * 1024;
/// The longest key of a record.
const LONGEST_KEY: usize = 1_000;

/// A dump that was looked through.
pub(super) struct Checked {
    pub(super) manifest: Manifest,
    pub(super) migrated: Migrated,
    /// The files that it holds.
    pub(super) files: BTreeSet<FileHash>,
}

/// Looks through all of it.
pub(super) fn check(dump: &mut Dump, packed: u64, most_file: u64) -> Result<Checked, DumpError> {
    if dump.has_duplicate_names() {
        return Err(DumpError::Foreign("two of its parts have the same name".to_owned()));
    }
    let manifest = manifest(dump)?;
    let Some(migrated) = Migrated::through(&manifest.applied()) else {
        return Err(DumpError::Schema(manifest.program));
    };
    let files = names(dump, &manifest, packed)?;
    let mut needed = BTreeSet::new();
    for part in &manifest.parts {
        match table_of(&part.name).and_then(kept_of) {
            Some(kept) => {
                let mut records = Records { kept, migrated, last: None };
                each_line(dump, part, |row| {
                    needed.extend(file_of(kept.table, &row));
                    records.check(row)
                })?;
            }
            None => entries(dump, part, manifest.journal, migrated)?,
        }
    }
    if let Some(missing) = needed.difference(&files).next() {
        return Err(DumpError::part(
            &file(missing.as_str()),
            "a document has it, but it is missing",
        ));
    }
    let mut contents = Contents::default();
    for hash in &files {
        contents.bytes += content(dump, hash, most_file)?;
        contents.count += 1;
    }
    if contents != manifest.files {
        let Contents { count, bytes } = manifest.files;
        let reason = format!(
            "it tells of {count} files with {bytes} bytes, there are {} with {}",
            contents.count, contents.bytes
        );
        return Err(DumpError::part(MANIFEST, reason));
    }
    Ok(Checked { manifest, migrated, files })
}

fn manifest(dump: &mut Dump) -> Result<Manifest, DumpError> {
    let Ok(entry) = dump.by_name(MANIFEST) else {
        return Err(DumpError::Foreign(format!("there is no {MANIFEST} in it")));
    };
    let mut text = String::new();
    let read = entry.take(LONGEST_MANIFEST + 1).read_to_string(&mut text);
    read.map_err(|error| DumpError::part(MANIFEST, error.to_string()))?;
    if text.len() as u64 > LONGEST_MANIFEST {
        return Err(DumpError::part(MANIFEST, "it is too long"));
    }
    Manifest::read(&text)
}

/// Compares what there is with what the manifest tells; gives the files.
fn names(
    dump: &mut Dump,
    manifest: &Manifest,
    packed: u64,
) -> Result<BTreeSet<FileHash>, DumpError> {
    let mut told: BTreeSet<&str> = BTreeSet::new();
    for part in &manifest.parts {
        let is_known = part.name == JOURNAL
            || table_of(&part.name)
                .and_then(kept_of)
                .is_some_and(|kept| kept.is_in(manifest.personal));
        if !is_known {
            return Err(DumpError::part(&part.name, "this program knows no such part"));
        }
        if !told.insert(&part.name) {
            return Err(DumpError::part(&part.name, "the manifest names it twice"));
        }
    }
    if !told.contains(JOURNAL) {
        return Err(DumpError::part(JOURNAL, "the manifest does not name it"));
    }
    let mut files = BTreeSet::new();
    let mut found: BTreeSet<String> = BTreeSet::new();
    let mut unpacked: u64 = 0;
    for place in 0..dump.len() {
        let entry = dump.by_index(place)?;
        unpacked = unpacked.saturating_add(entry.size());
        let name = entry.name()?.into_owned();
        let hash = name.strip_prefix("files/").map(|hash| FileHash::try_from(hash.to_owned()));
        match hash {
            Some(Ok(hash)) => {
                files.insert(hash);
            }
            None if name == MANIFEST => {}
            None if told.contains(name.as_str()) => {
                found.insert(name);
            }
            _ => return Err(DumpError::part(&name, "nothing of this name belongs into a dump")),
        }
    }
    if let Some(missing) = told.iter().find(|name| !found.contains(**name)) {
        return Err(DumpError::part(missing, "it is missing"));
    }
    if unpacked > ALWAYS.max(packed.saturating_mul(MOST_GROWTH)) {
        let reason = format!("its {packed} bytes would unpack to {unpacked}, which no dump does");
        return Err(DumpError::Foreign(reason));
    }
    Ok(files)
}

/// The records of a table, one after the other.
struct Records {
    kept: &'static Kept,
    migrated: Migrated,
    last: Option<String>,
}

impl Records {
    fn check(&mut self, row: Json) -> Result<(), String> {
        let key = row.get("id").and_then(Json::as_str).ok_or("it has no id")?.to_owned();
        let is_plain = key.bytes().all(|it| it.is_ascii_alphanumeric() || b"-_".contains(&it));
        let is_short = (1..=LONGEST_KEY).contains(&key.len());
        if !is_short || !is_plain {
            return Err(format!("\"{key:.80}\" is no key"));
        }
        match self.last.as_deref().map(|last| last.cmp(&key)) {
            Some(std::cmp::Ordering::Equal) => {
                return Err(format!("the key {key} stands there twice"));
            }
            Some(std::cmp::Ordering::Greater) => {
                return Err(format!("the key {key} is out of order"));
            }
            _ => {}
        }
        if self.migrated.is_current() {
            (self.kept.readable)(row)?;
        }
        self.last = Some(key);
        Ok(())
    }
}

fn entries(dump: &mut Dump, part: &Part, head: u64, migrated: Migrated) -> Result<(), DumpError> {
    let mut last = 0;
    each_line(dump, part, |row| {
        let seq = row.get("seq").and_then(Json::as_u64);
        if seq != Some(last + 1) {
            return Err(format!("entry {} must follow, not {seq:?}", last + 1));
        }
        last += 1;
        if migrated.is_current() { readable_entry(row) } else { Ok(()) }
    })?;
    if last != head {
        let reason = format!("it ends with entry {last}, the manifest says {head}");
        return Err(DumpError::part(JOURNAL, reason));
    }
    Ok(())
}

/// Reads the lines of a part, and holds it against the manifest.
fn each_line(
    dump: &mut Dump,
    part: &Part,
    mut each: impl FnMut(Json) -> Result<(), String>,
) -> Result<(), DumpError> {
    let wrong = |reason: String| DumpError::part(&part.name, reason);
    let mut hash = Sha256::new();
    let (mut lines, mut bytes) = (0, 0);
    for_lines(dump, &part.name, |line| {
        hash.update(line);
        (lines, bytes) = (lines + 1, bytes + line.len() as u64);
        if lines > part.lines || bytes > part.bytes {
            return Err(wrong("it is longer than the manifest says".to_owned()));
        }
        let row =
            serde_json::from_slice(line).map_err(|error| error.to_string()).and_then(&mut each);
        row.map_err(|reason| wrong(format!("line {lines}: {reason}")))
    })?;
    if (lines, bytes) != (part.lines, part.bytes) {
        let reason = format!(
            "it has {lines} lines and {bytes} bytes, the manifest says {} and {}",
            part.lines, part.bytes
        );
        return Err(wrong(reason));
    }
    if digits(hash) != part.sha256 {
        return Err(wrong("it does not have the SHA-256 of the manifest".to_owned()));
    }
    Ok(())
}

/// Hands each line of a part on, with its end.
pub(super) fn for_lines(
    dump: &mut Dump,
    name: &str,
    mut each: impl FnMut(&[u8]) -> Result<(), DumpError>,
) -> Result<(), DumpError> {
    let mut reader = BufReader::new(dump.by_name(name)?);
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = (&mut reader).take(LONGEST_LINE + 1).read_until(b'\n', &mut line);
        match read.map_err(|error| DumpError::part(name, error.to_string()))? {
            0 => return Ok(()),
            length if length as u64 > LONGEST_LINE => {
                return Err(DumpError::part(
                    name,
                    format!("a line has more than {LONGEST_LINE} bytes"),
                ));
            }
            _ => each(&line)?,
        }
    }
}

/// Reads the content of a file and compares it with its name; gives its size.
fn content(dump: &mut Dump, hash: &FileHash, most: u64) -> Result<u64, DumpError> {
    let name = file(hash.as_str());
    let mut content = dump.by_name(&name)?.take(most + 1);
    let mut found = Sha256::new();
    let mut piece = vec![0; 256 * 1024];
    let mut bytes = 0;
    loop {
        let read =
            content.read(&mut piece).map_err(|error| DumpError::part(&name, error.to_string()))?;
        if read == 0 {
            break;
        }
        bytes += read as u64;
        found.update(piece.get(..read).unwrap_or_default());
    }
    if bytes > most {
        let reason = format!("it has more than {most} bytes; --max-file-bytes allows larger ones");
        return Err(DumpError::part(&name, reason));
    }
    if digits(found) != hash.as_str() {
        return Err(DumpError::part(&name, "its content does not have the hash of its name"));
    }
    Ok(bytes)
}

/// The tables whose records a dump holds, with the names of their parts, in their order.
pub(super) fn tables(manifest: &Manifest) -> Vec<(&'static Kept, String)> {
    let names = manifest.parts.iter().map(|part| &part.name);
    let tables = names.filter_map(|name| Some((kept_of(table_of(name)?)?, name.clone())));
    tables.collect()
}
