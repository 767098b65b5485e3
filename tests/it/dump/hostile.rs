//! Dumps that were tampered with, and places that are not empty.

use std::collections::BTreeMap;

use allmende::app::Silent;
use allmende::service::{DumpError, export, restore};
use allmende::store::{Error, Location, Store};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{dumped, manifest, packed, parts, restored, saved};
use crate::support::TestApp;
use crate::support::test_app::places;

type Parts = BTreeMap<String, Vec<u8>>;

/// The parts of a small hub.
async fn small() -> Parts {
    let app = TestApp::start().await;
    let services = app.app.services();
    parts(&dumped(services.store(), services.files(), true).await)
}

fn digest(content: &[u8]) -> String {
    Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Changes a part, and the manifest so that it fits.
fn rewrite(parts: &mut Parts, name: &str, change: impl FnOnce(Vec<String>) -> Vec<String>) {
    let text = String::from_utf8(parts[name].clone()).expect("text");
    let lines = change(text.lines().map(str::to_owned).collect());
    let content: String = lines.iter().map(|line| format!("{line}\n")).collect();
    change_manifest(parts, |manifest| {
        let parts = manifest["parts"].as_array_mut().expect("parts");
        let part = parts.iter_mut().find(|part| part["name"] == name).expect("the part");
        part["lines"] = json!(lines.len());
        part["bytes"] = json!(content.len());
        part["sha256"] = json!(digest(content.as_bytes()));
    });
    parts.insert(name.to_owned(), content.into_bytes());
}

fn change_manifest(parts: &mut Parts, change: impl FnOnce(&mut Value)) {
    let mut manifest: Value = serde_json::from_slice(&parts["manifest.json"]).expect("JSON");
    change(&mut manifest);
    parts.insert("manifest.json".to_owned(), manifest.to_string().into_bytes());
}

/// What is said to a dump; nothing of it was written.
async fn refused(dump: &[u8]) -> String {
    let directory = tempfile::tempdir().expect("a directory");
    let path = saved(directory.path(), dump);
    let files = places().files.open().expect("files in memory");
    let database = Location::Directory(directory.path().join("database"));
    let outcome = Box::pin(restore(&database, &files, &path, &mut Silent)).await;
    let said = outcome.map(drop).expect_err("it must be refused").to_string();
    assert!(
        !directory.path().join("database").exists(),
        "refused before anything is opened: {said}"
    );
    said
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_tampered_with_is_refused_before_anything_is_written() {
    let sound = small().await;
    assert!(restored(&packed(&sound)).await.is_ok(), "the parts themselves are sound");
    let check = async |change: &dyn Fn(&mut Parts), expected: &str| {
        let mut parts = sound.clone();
        change(&mut parts);
        let said = refused(&packed(&parts)).await;
        assert!(said.contains(expected), "{said}\nexpected: {expected}");
    };
    let topics = "records/topic.ndjson";
    let twist = |lines: Vec<String>| lines.into_iter().rev().collect();
    let twice = |lines: Vec<String>| lines.iter().chain(&lines[..1]).cloned().collect::<Vec<_>>();
    let path = |parts: &mut Parts, name: &str| {
        parts.insert(name.to_owned(), b"x".to_vec());
    };
    check(&|it| path(it, "../../etc/passwd"), "nothing of this name belongs into a dump").await;
    check(&|it| path(it, "/etc/passwd"), "nothing of this name belongs into a dump").await;
    check(&|it| path(it, "files/../records/topic.ndjson"), "nothing of this name").await;
    check(&|it| path(it, "records/session.ndjson"), "nothing of this name belongs").await;
    check(&|it| path(it, &format!("files/{}", "0".repeat(64))), "does not have the hash").await;
    check(&|it| path(it, topics), "expected value").await;
    check(&|it| drop(it.insert("journal.ndjson".to_owned(), it[topics].clone())), "must follow")
        .await;
    check(&|it| drop(it.remove(topics)), "records/topic.ndjson: it is missing").await;
    check(&|it| drop(it.remove("journal.ndjson")), "journal.ndjson: it is missing").await;
    check(&|it| drop(it.remove("manifest.json")), "no manifest.json").await;
    check(&|it| it.get_mut(topics).expect("it").extend(b"{}\n"), "longer than the manifest").await;
    check(&|it| rewrite(it, topics, twist), "is out of order").await;
    check(&|it| rewrite(it, topics, |it| twice(vec![it[0].clone()])), "stands there twice").await;
    check(
        &|it| rewrite(it, topics, |it| vec![it[0].replace("\"id\":\"", "\"id\":\"`;")]),
        "is no key",
    )
    .await;
    check(
        &|it| rewrite(it, topics, |_| vec!["{\"id\":\"a\"}".to_owned()]),
        "line 1: missing field",
    )
    .await;
    check(&|it| rewrite(it, "journal.ndjson", |it| it[1..].to_vec()), "entry 1 must follow").await;
    check(&|it| rewrite(it, "journal.ndjson", |it| it[..2].to_vec()), "it ends with entry 2").await;
    let field = |name: &'static str, value: Value| {
        move |it: &mut Parts| change_manifest(it, |manifest| manifest[name] = value.clone())
    };
    check(&field("version", json!(2)), "format version 2").await;
    check(&field("format", json!("zip")), "no dump of Allmende").await;
    check(&field("surprise", json!(1)), "unknown field").await;
    check(&field("personal", json!(false)), "this program knows no such part").await;
    check(&field("files", json!({ "count": 1, "bytes": 1 })), "there are 0 with 0").await;
    check(&field("migrations", json!([])), "whose database this program does not know").await;
    let foreign = json!([{ "name": "9999_later", "checksum": "0" }]);
    check(&field("migrations", foreign), "whose database this program does not know").await;
    let unknown = |it: &mut Parts| {
        change_manifest(it, |manifest| {
            let part =
                json!({ "name": "records/nothing.ndjson", "lines": 0, "bytes": 0, "sha256": "" });
            manifest["parts"].as_array_mut().expect("parts").push(part);
        });
    };
    check(&unknown, "records/nothing.ndjson: this program knows no such part").await;
    assert!(refused(b"no archive").await.contains("no sound ZIP file"));
    let whole = packed(&sound);
    assert!(refused(&whole[..whole.len() / 2]).await.contains("no sound ZIP file"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bomb_is_known_by_its_size_and_by_its_lines() {
    let mut parts = small().await;
    let name = "records/topic.ndjson";
    parts.insert(name.to_owned(), vec![b' '; 300 * 1024 * 1024]);
    let said = refused(&packed(&parts)).await;
    assert!(said.contains("would unpack to"), "{said}");
    // Within that, one endless line is held against the manifest as soon as it is read.
    parts.insert(name.to_owned(), vec![b' '; 15 * 1024 * 1024]);
    let said = refused(&packed(&parts)).await;
    assert!(said.contains("longer than the manifest"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_database_refuses_is_taken_back() {
    let mut parts = small().await;
    // Two municipalities of one name in URLs: only the database sees it.
    rewrite(&mut parts, "records/municipality.ndjson", |lines| {
        let slug = |line: &String| {
            serde_json::from_str::<Value>(line).expect("JSON")["slug"]
                .as_str()
                .expect("a slug")
                .to_owned()
        };
        let (first, second) = (slug(&lines[0]), slug(&lines[1]));
        let mut lines = lines;
        lines[1] =
            lines[1].replace(&format!("\"slug\":\"{second}\""), &format!("\"slug\":\"{first}\""));
        lines
    });
    let directory = tempfile::tempdir().expect("a directory");
    let path = saved(directory.path(), &packed(&parts));
    let files = places().files.open().expect("files in memory");
    let database = Location::Directory(directory.path().join("database"));
    let outcome = Box::pin(restore(&database, &files, &path, &mut Silent)).await.map(drop);
    assert!(matches!(outcome, Err(DumpError::Store(Error::Taken { .. }))), "{outcome:?}");
    let sound = saved(directory.path(), &packed(&small().await));
    let again = Box::pin(restore(&database, &files, &sound, &mut Silent)).await;
    assert!(again.is_ok(), "the place is empty again: {:?}", again.err());
}

/// The pause before a database is asked for again that another one still holds.
const PAUSE: std::time::Duration = std::time::Duration::from_millis(25);

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_that_has_something_is_not_written_over() {
    let dump = packed(&small().await);
    let directory = tempfile::tempdir().expect("a directory");
    let path = saved(directory.path(), &dump);
    let files = places().files.open().expect("files in memory");
    let database = Location::Directory(directory.path().join("database"));
    let (store, _) = Box::pin(restore(&database, &files, &path, &mut Silent)).await.expect("empty");
    drop(store);
    // RocksDB lets go of its directory a moment after it is closed.
    let locked = |error: &DumpError| matches!(error, DumpError::Store(Error::Locked(_)));
    let again = loop {
        let again = Box::pin(restore(&database, &files, &path, &mut Silent)).await.map(drop);
        match &again {
            Err(error) if locked(error) => tokio::time::sleep(PAUSE).await,
            _ => break again,
        }
    };
    assert!(matches!(again, Err(DumpError::Used)), "{again:?}");
    let store = loop {
        match Store::open(&database).await {
            Err(Error::Locked(_)) => tokio::time::sleep(PAUSE).await,
            opened => break opened.expect("it is whole"),
        }
    };
    let sink = Box::new(std::io::sink());
    export(&store, &files, sink, true, &mut Silent).await.expect("and as it was");
    assert_eq!(manifest(&dump)["version"], 1);
}
