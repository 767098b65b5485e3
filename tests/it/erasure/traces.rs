//! Looks for traces in the files of a hub, the way somebody would who took the disk.
//!
//! Bytes alone would prove nothing: RocksDB compresses blocks with Zstandard, tantivy stores texts
//! in LZ4 and words in an automaton. So the blocks are unpacked, and the index is read as an index.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use tantivy::schema::Value;
use tantivy::{ReloadPolicy, TantivyDocument};

/// The first bytes of a frame of Zstandard.
const ZSTANDARD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// All files below a directory that can be read; the hub may be removing some.
pub fn files(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

/// The tables of the database that were written before a moment. Files for values of 4 KiB and more
/// do not count: nothing personal is so long.
pub fn tables_before(directory: &Path, moment: SystemTime) -> Vec<PathBuf> {
    let mut tables = files(&directory.join("database"));
    tables.retain(|file| file.extension().is_some_and(|kind| kind == "sst"));
    tables.retain(|file| {
        fs::metadata(file).and_then(|it| it.modified()).is_ok_and(|written| written < moment)
    });
    tables
}

/// The ways in which a text may be written, in small letters.
fn spellings(text: &str) -> BTreeSet<Vec<u8>> {
    let text = text.to_lowercase();
    let wide: Vec<u16> = text.encode_utf16().collect();
    let escaped = text.chars().map(|letter| match letter {
        ' '..='~' => letter.to_string(),
        other => format!("\\u{:04x}", u32::from(other)),
    });
    BTreeSet::from([
        wide.iter().flat_map(|unit| unit.to_le_bytes()).collect(),
        wide.iter().flat_map(|unit| unit.to_be_bytes()).collect(),
        escaped.collect::<String>().into_bytes(),
        text.into_bytes(),
    ])
}

/// Those of some patterns that stand in a text.
fn found<'a>(bytes: &[u8], patterns: &'a BTreeSet<Vec<u8>>) -> BTreeSet<&'a [u8]> {
    let mut by_first: Vec<Vec<&[u8]>> = vec![Vec::new(); 256];
    for pattern in patterns {
        by_first[usize::from(pattern[0])].push(pattern);
    }
    let mut found = BTreeSet::new();
    for (position, byte) in bytes.iter().enumerate() {
        for pattern in &by_first[usize::from(*byte)] {
            if bytes[position..].starts_with(pattern) {
                found.insert(*pattern);
            }
        }
    }
    found
}

/// What the frames of Zstandard within a file hold.
fn unpacked(bytes: &[u8]) -> Vec<u8> {
    let mut unpacked = Vec::new();
    for start in 0..bytes.len().saturating_sub(ZSTANDARD.len()) {
        if bytes[start..].starts_with(&ZSTANDARD) {
            let frame = zstd::stream::read::Decoder::with_buffer(&bytes[start..]);
            // The four bytes may stand there by chance.
            let _chance = frame
                .map(|frame| frame.single_frame().take(16_000_000).read_to_end(&mut unpacked))
                .is_err();
            unpacked.push(0);
        }
    }
    unpacked
}

/// The files in which one of these texts stands.
pub fn traces(directory: &Path, texts: &[&str]) -> Vec<String> {
    let spellings: BTreeSet<Vec<u8>> = texts.iter().flat_map(|text| spellings(text)).collect();
    let mut traces = Vec::new();
    for file in files(directory) {
        let Ok(bytes) = fs::read(&file) else { continue };
        let unpacked = unpacked(&bytes);
        let name = file.strip_prefix(directory).expect("below").display().to_string();
        for (how, bytes) in [("", bytes), (" (unpacked)", unpacked)] {
            for spelling in found(&bytes.to_ascii_lowercase(), &spellings) {
                traces.push(format!("{name}{how}: {}", String::from_utf8_lossy(spelling)));
            }
        }
    }
    traces
}

/// The texts and words of the index in which one of these stands, also those of removed documents.
pub fn in_index(directory: &Path, texts: &[&str]) -> Vec<String> {
    let index = directory.join("index");
    let current = fs::read_to_string(index.join("current")).expect("an index");
    let generation = index.join(current.trim());
    let engine = tantivy::Index::open_in_dir(&generation).expect("an index");
    let reader: tantivy::IndexReader = engine
        .reader_builder()
        .reload_policy(ReloadPolicy::Manual)
        .try_into()
        .expect("an index that can be read");
    let mut held = Vec::new();
    for segment in reader.searcher().segment_readers() {
        let store = segment.get_store_reader(0).expect("stored texts");
        for document in 0..segment.max_doc() {
            let document: TantivyDocument = store.get(document).expect("a document");
            let texts = document.field_values().filter_map(|(_, value)| value.as_str());
            held.extend(texts.map(str::to_owned));
        }
        for (field, entry) in engine.schema().fields() {
            if entry.is_indexed() && entry.field_type().is_str() {
                let words = segment.inverted_index(field).expect("words");
                let mut words = words.terms().stream().expect("words");
                while words.advance() {
                    held.push(String::from_utf8_lossy(words.key()).into_owned());
                }
            }
        }
    }
    let texts: Vec<String> = texts.iter().map(|text| text.to_lowercase()).collect();
    let tells = |held: &String| {
        let held = held.to_lowercase();
        texts.iter().any(|text| held.contains(text))
    };
    held.retain(tells);
    // Of segments that are no more nothing may be left, whatever is in their files.
    let live: Vec<String> = engine
        .searchable_segment_ids()
        .expect("segments")
        .iter()
        .map(tantivy::index::SegmentId::uuid_string)
        .collect();
    let old = files(&index).into_iter().filter(|file| {
        let stem = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let stem = stem.split('.').next().unwrap_or_default();
        stem.len() == 32 && !live.iter().any(|segment| segment == stem)
    });
    held.extend(old.map(|file| format!("old file {}", file.display())));
    held
}
