//! The index can be lost, broken or foreign; it heals by itself.

mod projected;

use std::fs;
use std::path::Path;

use allmende::app::{App, Places, Silent, StartError};
use allmende::live::Progress;
use allmende::service::Seed;
use allmende::store::Location;
use allmende_index::Root;
use tempfile::TempDir;

use crate::support::hub::allmende;
use crate::support::test_app::{determined, places};

const FIXTURE: &str = include_str!("support/fixture.toml");

/// Counts what is put into a new index.
#[derive(Default)]
struct Rebuilt(usize);

impl Progress for Rebuilt {
    fn expect(&mut self, _: usize) {}

    fn advance(&mut self, _: &'static str, records: usize) {
        self.0 += records;
    }
}

async fn start(directory: &Path) -> (App, usize) {
    let places = Places {
        database: Location::Directory(directory.join("database")),
        index: Some(directory.join("index")),
        ..places()
    };
    loop {
        let (clock, ids) = determined();
        let mut rebuilt = Rebuilt::default();
        match App::start(places.clone(), clock, ids, &mut rebuilt).await {
            Ok(app) => return (app, rebuilt.0),
            // SurrealDB closes its files a moment after its last handle is gone.
            Err(StartError::Store(allmende::store::Error::Locked(_))) => {
                tokio::task::yield_now().await;
            }
            Err(error) => panic!("{error}"),
        }
    }
}

/// A directory with the fixture in it, and the number of documents of its index.
async fn filled() -> (TempDir, u64) {
    let directory = tempfile::tempdir().expect("a directory");
    let (app, _) = start(directory.path()).await;
    let mut seed = Seed::default();
    seed.read("fixture.toml", FIXTURE).expect("a sound fixture");
    app.services().import(seed, &mut Silent).await.expect("the fixture fits the rules");
    app.settle().await.expect("the database answers");
    let documents = app.services().searcher().documents();
    app.stop().await;
    (directory, documents)
}

/// A directory of a hub that holds nothing yet.
async fn empty() -> TempDir {
    let directory = tempfile::tempdir().expect("a directory");
    let (app, _) = start(directory.path()).await;
    app.stop().await;
    directory
}

/// Starts again after something happened to the index; tells whether it was built anew.
async fn restarted(directory: &TempDir, documents: u64) -> bool {
    let (app, rebuilt) = start(directory.path()).await;
    app.settle().await.expect("the database answers");
    assert_eq!(app.services().searcher().documents(), documents);
    app.stop().await;
    rebuilt > 0
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_goes_on_where_the_index_stands() {
    let (directory, documents) = filled().await;
    assert!(!restarted(&directory, documents).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_index_is_built_anew() {
    let (directory, documents) = filled().await;
    fs::remove_dir_all(directory.path().join("index")).expect("an index");
    assert!(restarted(&directory, documents).await);
    assert!(!restarted(&directory, documents).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_index_is_built_anew() {
    let (directory, documents) = filled().await;
    let mut broken = 0;
    for generation in fs::read_dir(directory.path().join("index")).expect("an index").flatten() {
        for file in fs::read_dir(generation.path()).into_iter().flatten().flatten() {
            if file.path().extension().is_some_and(|kind| kind == "term" || kind == "idx") {
                fs::write(file.path(), b"broken").expect("our own file");
                broken += 1;
            }
        }
    }
    assert!(broken > 0, "there was nothing to break");
    assert!(restarted(&directory, documents).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_index_of_another_hub_is_not_used_however_far_it_is() {
    for further in [false, true] {
        let (ours, documents) = filled().await;
        let theirs = if further { filled().await.0 } else { empty().await };
        fs::remove_dir_all(ours.path().join("index")).expect("an index");
        fs::rename(theirs.path().join("index"), ours.path().join("index")).expect("our own");
        assert!(restarted(&ours, documents).await);
        assert!(!restarted(&ours, documents).await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_that_is_ahead_of_its_database_is_not_used() {
    let (longer, documents) = filled().await;
    let empty = empty().await;
    fs::remove_dir_all(empty.path().join("index")).expect("an index");
    fs::rename(longer.path().join("index"), empty.path().join("index")).expect("our own directory");
    assert!(documents > 0);
    restarted(&empty, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_that_is_taken_away_while_it_is_in_use_is_built_anew() {
    let directory = tempfile::tempdir().expect("a directory");
    let (app, _) = start(directory.path()).await;
    let mut seed = Seed::default();
    seed.read("fixture.toml", FIXTURE).expect("a sound fixture");
    app.services().import(seed.clone(), &mut Silent).await.expect("the fixture fits the rules");
    app.settle().await.expect("the database answers");
    let documents = app.services().searcher().documents();
    // The index may be writing in this very moment.
    while fs::remove_dir_all(directory.path().join("index")).is_err() {
        tokio::task::yield_now().await;
    }
    let more = "[[organisation]]\nslug = \"mehr\"\nname = \"Mehr\"\nkind = \"firm\"\n";
    let mut seed = Seed::default();
    seed.read("more.toml", more).expect("a sound file");
    app.services().import(seed, &mut Silent).await.expect("a sound record");
    app.settle().await.expect("the database answers");
    assert_eq!(app.services().searcher().documents(), documents + 1);
    // The hub says that it follows again right after the index does.
    while app.services().searcher().is_stuck() {
        tokio::task::yield_now().await;
    }
    app.stop().await;
}

/// The names of the generations on disk and the one in use.
fn generations(directory: &Path) -> (Vec<String>, String) {
    let index = directory.join("data/index");
    let mut names: Vec<String> = fs::read_dir(&index)
        .expect("an index")
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name.starts_with("generation-"))
        .collect();
    names.sort_unstable();
    (names, fs::read_to_string(index.join("current")).expect("one in use").trim().to_owned())
}

#[test]
fn reindex_leaves_an_index_alone_that_is_in_use() {
    let directory = tempfile::tempdir().expect("a directory");
    // The other process: a hub whose database lies on a server, with its index here.
    let root = Root::new(directory.path().join("data/index"));
    let hub = root.build("a hub").and_then(|builder| builder.finish(0)).expect("an index");
    let before = generations(directory.path());
    let output = allmende(directory.path()).arg("reindex").output().expect("the program runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains("stop the hub first"), "{said}");
    assert_eq!(generations(directory.path()), before);
    drop(hub);
}

#[test]
fn reindex_builds_beside_the_old_index_and_swaps() {
    let directory = tempfile::tempdir().expect("a directory");
    let run = |command: &str| {
        let output = allmende(directory.path()).arg(command).output().expect("the program runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    };
    run("seed");
    let (_, before) = generations(directory.path());
    let said = run("reindex");
    let (names, after) = generations(directory.path());
    assert!(before < after, "{before} {after}");
    assert_eq!(names, [after]);
    let documents: u32 =
        said.split(' ').next().and_then(|word| word.parse().ok()).expect("a number");
    assert!(documents > 250, "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_of_another_analysis_answers_until_a_new_one_is_built_beside_it() {
    let (directory, documents) = filled().await;
    let index = directory.path().join("index");
    let current = fs::read_to_string(index.join("current")).expect("a generation");
    let meta = index.join(current.trim()).join("meta.json");
    let text = fs::read_to_string(&meta).expect("what the engine keeps");
    let place = text.find("analysis=").expect("the fingerprint") + "analysis=".len();
    fs::write(&meta, format!("{}x{}", &text[..place], &text[place..])).expect("it is written");
    let (app, rebuilt) = start(directory.path()).await;
    assert_eq!(rebuilt, 0, "nobody waits for the new index");
    assert_eq!(app.services().searcher().documents(), documents);
    let more = "[[organisation]]\nslug = \"mehr\"\nname = \"Mehr\"\nkind = \"firm\"\n";
    let mut seed = Seed::default();
    seed.read("more.toml", more).expect("a sound file");
    app.services().import(seed, &mut Silent).await.expect("a sound record");
    app.settle().await.expect("the database answers");
    assert_eq!(app.services().searcher().documents(), documents + 1);
    app.stop().await;
    assert_ne!(fs::read_to_string(index.join("current")).expect("a generation"), current);
    let (app, rebuilt) = start(directory.path()).await;
    assert_eq!(rebuilt, 0, "the new index is opened as it is");
    app.stop().await;
}
