//! What is removed is gone from the disk, too.

use std::fs;
use std::path::Path;

use tantivy::schema::Value;
use tantivy::{ReloadPolicy, TantivyDocument};
use tempfile::TempDir;

use super::support::*;
use crate::{Document, Opened, Root};

const SOURCE: &str = "this hub";

/// Everything that the files of the one generation hold as text, in small letters: stored texts,
/// also those of removed documents, and the words of all fields.
fn held(root: &Path) -> Vec<String> {
    let current = fs::read_to_string(root.join("current")).unwrap();
    let engine = tantivy::Index::open_in_dir(root.join(current.trim())).unwrap();
    let reader: tantivy::IndexReader =
        engine.reader_builder().reload_policy(ReloadPolicy::Manual).try_into().unwrap();
    let mut held = Vec::new();
    for segment in reader.searcher().segment_readers() {
        let store = segment.get_store_reader(0).unwrap();
        for document in 0..segment.max_doc() {
            let document: TantivyDocument = store.get(document).unwrap();
            let texts = document.field_values().filter_map(|(_, value)| value.as_str());
            held.extend(texts.map(str::to_lowercase));
        }
        for (field, entry) in engine.schema().fields() {
            if entry.is_indexed() && entry.field_type().is_str() {
                let words = segment.inverted_index(field).unwrap();
                let mut words = words.terms().stream().unwrap();
                while words.advance() {
                    held.push(String::from_utf8_lossy(words.key()).into_owned());
                }
            }
        }
    }
    held
}

fn holds(root: &Path, word: &str) -> bool {
    held(root).iter().any(|text| text.contains(word))
}

/// The names of the files of segments, without their endings, each once.
fn segments(root: &Path) -> usize {
    let current = fs::read_to_string(root.join("current")).unwrap();
    let files = fs::read_dir(root.join(current.trim())).unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    let stems = names.filter_map(|name| name.split('.').next().map(str::to_owned));
    let mut stems: Vec<_> = stems.filter(|stem| stem.len() == 32).collect();
    stems.sort_unstable();
    stems.dedup();
    stems.len()
}

fn contact(text: &str) -> Document {
    Document { text: text.to_owned(), ..titled("Contact:1", "Stabsstelle") }
}

#[test]
fn a_purge_leaves_nothing_of_what_was_replaced_or_removed() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("index");
    let root = Root::new(&path);
    let (index, mut writer) = root.build(SOURCE).unwrap().finish(1).unwrap();
    for number in 0..20 {
        writer.put(titled(&format!("Solution:{number}"), "Bürgerbus")).unwrap();
    }
    writer.put(contact("Kim Quixbart")).unwrap();
    writer.put(titled("Contact:2", "Zwirbelmann")).unwrap();
    writer.commit(2).unwrap();
    writer.put(contact("Rathaus")).unwrap();
    writer.delete("Contact:2").unwrap();
    writer.commit(3).unwrap();
    assert!(found(&index, "Quixbart").is_empty());
    assert!(holds(&path, "quixbart") && holds(&path, "zwirbelmann"), "{:?}", held(&path));

    writer.purge().unwrap();
    assert!(!holds(&path, "quixbart") && !holds(&path, "zwirbelmann"));
    assert!(holds(&path, "rathaus") && holds(&path, "stabsstelle"));
    assert_eq!(found(&index, "Bürgerbus").len(), 20);
    assert_eq!(found(&index, "Rathaus"), ["Contact:1"]);
    let live = index.engine().searchable_segment_ids().unwrap().len();
    assert_eq!(segments(&path), live, "files of old segments are left");

    // It goes on, and what was purged is a commit like any other.
    writer.put(titled("Solution:20", "Bürgerbus")).unwrap();
    writer.commit(4).unwrap();
    writer.settle().unwrap();
    drop((index, writer));
    let Opened::Ready(index, _writer) = root.open(SOURCE).unwrap() else { panic!("not ready") };
    assert_eq!((index.cursor(), found(&index, "Bürgerbus").len()), (4, 21));
}

#[test]
fn a_purge_does_not_wait_for_ever_for_those_who_still_read() {
    let directory = TempDir::new().unwrap();
    let root = Root::new(directory.path().join("index"));
    let (index, mut writer) = root.build(SOURCE).unwrap().finish(1).unwrap();
    writer.put(contact("Kim Quixbart")).unwrap();
    writer.commit(2).unwrap();
    // What searches keep in memory must not keep the files.
    assert_eq!(found(&index, "Quixbart"), ["Contact:1"]);
    index.suggest_words("Quix", &text("Quix"), 5).unwrap();
    writer.put(contact("Rathaus")).unwrap();
    writer.commit(3).unwrap();
    writer.purge().unwrap();
    assert_eq!(segments(&directory.path().join("index")), 1);
}
