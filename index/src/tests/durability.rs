use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::support::*;
use crate::{Error, Index, Missing, Opened, Query, Root, Writer};

const SOURCE: &str = "this hub";

fn fresh() -> (TempDir, Root) {
    let directory = TempDir::new().unwrap();
    let root = Root::new(directory.path().join("index"));
    (directory, root)
}

fn build(root: &Root, titles: &[&str], cursor: u64) -> (Index, Writer) {
    let mut builder = root.build(SOURCE).unwrap();
    for title in titles {
        builder.put(titled(title, title)).unwrap();
    }
    builder.finish(cursor).unwrap()
}

fn ready(root: &Root) -> (Index, Writer) {
    match root.open(SOURCE).unwrap() {
        Opened::Ready(index, writer) => (index, writer),
        Opened::Outdated(_) => panic!("outdated"),
        Opened::Missing(missing) => panic!("{missing}"),
    }
}

fn missing(root: &Root) -> Missing {
    match root.open(SOURCE).unwrap() {
        Opened::Ready(index, _) | Opened::Outdated(index) => {
            panic!("opened {} documents", index.len())
        }
        Opened::Missing(missing) => missing,
    }
}

fn path(directory: &TempDir) -> PathBuf {
    directory.path().join("index")
}

fn generation(directory: &TempDir) -> PathBuf {
    let current = fs::read_to_string(path(directory).join("current")).unwrap();
    path(directory).join(current.trim())
}

fn generations(directory: &TempDir) -> Vec<String> {
    let names = fs::read_dir(path(directory))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| name.starts_with("generation-")).collect();
    names.sort_unstable();
    names
}

fn segment_files(generation: &Path) -> Vec<PathBuf> {
    let paths = fs::read_dir(generation).unwrap().map(|entry| entry.unwrap().path());
    paths
        .filter(|path| !path.extension().is_none_or(|end| end == "json" || end == "lock"))
        .collect()
}

#[test]
fn commits_and_their_cursor_survive_a_reopening() {
    let (_directory, root) = fresh();
    assert_eq!(missing(&root), Missing::NoCurrent);
    let (index, mut writer) = build(&root, &["Bus", "Bahn"], 7);
    assert_eq!((index.cursor(), index.len()), (7, 2));
    writer.put(titled("Rad", "Rad")).unwrap();
    writer.delete("Bus").unwrap();
    writer.put(titled("Bahn", "Tram")).unwrap();
    assert_eq!((index.cursor(), index.len()), (7, 2), "nothing shows before the commit");
    writer.commit(9).unwrap();
    writer.put(titled("lost", "lost")).unwrap();
    drop((index, writer));
    let (index, mut writer) = ready(&root);
    assert_eq!((index.cursor(), index.len()), (9, 2));
    assert_eq!(found(&index, "Tram"), ["Bahn"]);
    assert!(found(&index, "Bus").is_empty() && found(&index, "lost").is_empty());
    writer.commit(10).unwrap();
    drop((index, writer));
    assert_eq!(ready(&root).0.cursor(), 10, "a commit without changes counts too");
}

#[test]
fn the_cursor_survives_merges() {
    let (_directory, root) = fresh();
    let (_, mut writer) = build(&root, &[], 0);
    for number in 1..=40_u64 {
        writer.put(titled(&format!("{number}"), "Bus")).unwrap();
        writer.delete(&format!("{}", number.saturating_sub(3))).unwrap();
        writer.commit(number).unwrap();
    }
    drop(writer);
    let (index, _) = ready(&root);
    assert_eq!((index.cursor(), index.len()), (40, 3));
}

#[test]
fn a_second_writer_is_turned_away() {
    let (_directory, root) = fresh();
    let held = build(&root, &["Bus"], 1);
    assert!(matches!(root.open(SOURCE), Err(Error::Busy(_))));
    drop(held);
    ready(&root);
}

#[test]
fn a_second_process_is_turned_away_and_changes_nothing() {
    let (directory, root) = fresh();
    let (index, mut writer) = build(&root, &["Bus"], 1);
    let other = Root::new(path(&directory));
    assert!(matches!(other.open(SOURCE), Err(Error::Busy(_))));
    assert!(matches!(other.build(SOURCE), Err(Error::Busy(_))));
    writer.commit(2).unwrap();
    assert_eq!(generations(&directory), ["generation-000001"]);
    // Whoever only reads needs nothing of the directory that it has not open already.
    drop(writer);
    drop(build(&other, &["Bahn"], 3));
    assert_eq!(found(&index, "Bus"), ["Bus"]);
}

#[test]
fn an_index_of_another_source_is_missing() {
    let (directory, root) = fresh();
    drop(build(&root, &["Bus"], 1));
    let other = |source| match root.open(source).unwrap() {
        Opened::Ready(..) | Opened::Outdated(_) => panic!("opened for {source}"),
        Opened::Missing(missing) => missing,
    };
    assert_eq!(other("that hub"), Missing::OtherSource(SOURCE.to_owned()));
    let meta = generation(&directory).join("meta.json");
    let text = fs::read_to_string(&meta).unwrap();
    fs::write(&meta, text.replace(";source=this hub", "")).unwrap();
    assert_eq!(missing(&root), Missing::NoCursor, "a payload of old says nothing of its source");
}

#[test]
fn a_build_beside_the_old_one_takes_its_place() {
    let (directory, root) = fresh();
    let (old, old_writer) = build(&root, &["Bus"], 1);
    let mut builder = root.build(SOURCE).unwrap();
    assert!(matches!(root.build(SOURCE), Err(Error::Busy(_))));
    builder.put(titled("Bahn", "Bahn")).unwrap();
    assert_eq!(found(&old, "Bus"), ["Bus"]);
    let (new, new_writer) = builder.finish(2).unwrap();
    assert_eq!(generations(&directory), ["generation-000002"]);
    assert_eq!(
        (found(&old, "Bus"), old.cursor()),
        (vec!["Bus".to_owned()], 1),
        "the old one still answers"
    );
    assert_eq!(old.highlights(&text("Bus"), &["Bus".to_owned()]).unwrap().len(), 1);
    assert!(found(&new, "Bus").is_empty());
    drop((old, old_writer, new, new_writer));
    let (index, _writer) = ready(&root);
    assert_eq!((found(&index, "Bahn"), index.cursor()), (vec!["Bahn".to_owned()], 2));
}

#[test]
fn a_build_that_was_given_up_changes_nothing_and_is_cleared_away() {
    let (directory, root) = fresh();
    drop(build(&root, &["Bus"], 1));
    let mut builder = root.build(SOURCE).unwrap();
    builder.put(titled("half", "half")).unwrap();
    drop(builder);
    assert_eq!(generations(&directory).len(), 2);
    let (index, writer) = ready(&root);
    assert_eq!((index.len(), index.cursor()), (1, 1));
    drop((index, writer));
    drop(root.build(SOURCE).unwrap());
    assert_eq!(generations(&directory), ["generation-000001", "generation-000003"]);
}

#[test]
fn every_damaged_file_is_noticed_and_a_build_repairs_it() {
    let (directory, root) = fresh();
    let (_, mut writer) = build(&root, &["Bus", "Bahn", "Rad", "Schiff", "Tram"], 1);
    writer.delete("Rad").unwrap();
    writer.commit(2).unwrap();
    drop(writer);
    let files = segment_files(&generation(&directory));
    assert!(files.len() > 5, "{files:?}");
    for file in files {
        let whole = fs::read(&file).unwrap();
        let mut flipped = whole.clone();
        flipped[whole.len() / 4] ^= 0x55;
        let cut = whole[..whole.len() / 2].to_vec();
        for damaged in [flipped, cut, Vec::new(), b"broken".to_vec()] {
            fs::write(&file, damaged).unwrap();
            let reason = missing(&root);
            assert!(
                matches!(reason, Missing::Damaged(_) | Missing::Unreadable(_)),
                "{}: {reason}",
                file.display()
            );
        }
        fs::remove_file(&file).unwrap();
        assert!(
            matches!(missing(&root), Missing::Damaged(_) | Missing::Unreadable(_)),
            "{}",
            file.display()
        );
        fs::write(&file, whole).unwrap();
    }
    drop(ready(&root));
    fs::write(generation(&directory).join("meta.json"), b"{").unwrap();
    assert!(matches!(missing(&root), Missing::Unreadable(_)));
    drop(build(&root, &["Tram"], 3));
    assert_eq!(found(&ready(&root).0, "Tram"), ["Tram"]);
}

#[test]
fn lost_lists_of_files_are_noticed() {
    for name in ["meta.json", ".managed.json"] {
        let (directory, root) = fresh();
        drop(build(&root, &["Bus"], 1));
        fs::remove_file(generation(&directory).join(name)).unwrap();
        let reason = missing(&root);
        assert!(matches!(reason, Missing::Unreadable(_) | Missing::Damaged(_)), "{name}: {reason}");
    }
}

#[test]
fn a_current_that_leads_nowhere_is_missing() {
    for name in ["generation-000009", "../..", "", "generation-x", "/etc", "\u{0}"] {
        let (directory, root) = fresh();
        drop(build(&root, &["Bus"], 1));
        fs::write(path(&directory).join("current"), name).unwrap();
        assert_eq!(missing(&root), Missing::NoGeneration(name.to_owned()));
    }
}

#[test]
fn foreign_indexes_are_missing() {
    let (directory, root) = fresh();
    drop(build(&root, &["Bus"], 1));
    let here = generation(&directory);
    fs::remove_dir_all(&here).unwrap();
    fs::create_dir(&here).unwrap();
    fs::write(here.join("notes.txt"), "not an index").unwrap();
    assert!(matches!(missing(&root), Missing::Unreadable(_)));
    let mut fields = tantivy::schema::Schema::builder();
    fields.add_text_field("body", tantivy::schema::TEXT);
    drop(tantivy::Index::create_in_dir(&here, fields.build()).unwrap());
    assert_eq!(missing(&root), Missing::OtherSchema);
}

#[test]
fn a_foreign_analysis_or_payload_is_missing() {
    let (directory, root) = fresh();
    drop(build(&root, &["Bus"], 1));
    let meta = generation(&directory).join("meta.json");
    let text = fs::read_to_string(&meta).unwrap();
    let place = text.find("analysis=").unwrap() + "analysis=".len();
    fs::write(&meta, format!("{}0-{}", &text[..place], &text[place..])).unwrap();
    let Opened::Outdated(index) = root.open(SOURCE).unwrap() else { panic!("not outdated") };
    assert!(!index.is_empty(), "it answers until another one is built");
    fs::write(&meta, text.replace("cursor=", "corsor=")).unwrap();
    assert_eq!(missing(&root), Missing::NoCursor);
    fs::write(&meta, text).unwrap();
    assert_eq!(ready(&root).0.search(&Query::default()).unwrap().total, 1);
}

#[test]
fn a_writer_that_failed_starts_afresh_from_the_last_commit() {
    let (directory, root) = fresh();
    let (index, mut writer) = build(&root, &["Bus"], 1);
    let (here, away) = (generation(&directory), path(&directory).join("away"));
    fs::rename(&here, &away).unwrap();
    writer.put(titled("Bahn", "Bahn")).unwrap();
    assert!(writer.commit(2).is_err());
    assert_eq!(
        (index.cursor(), found(&index, "Bus").len()),
        (1, 1),
        "what was searchable stays so"
    );
    fs::rename(&away, &here).unwrap();
    writer.put(titled("Rad", "Rad")).unwrap();
    writer.commit(3).unwrap();
    assert_eq!((found(&index, "Rad").len(), found(&index, "Bahn").len()), (1, 0));
    assert_eq!(index.cursor(), 3);
}
