//! Contents are removed once no document has them, and never under somebody's feet.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

use allmende::app::{App, FilePlaces, Places, Silent};
use allmende::domain::Clock;
use allmende::files::Place;
use allmende::service::{Services, Swept};
use axum::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use crate::support::TestApp;
use crate::support::test_app::{determined, places};

const TEXT: &str = "Der Sitzungsbericht liegt bei.";
const HASH: &str = "0c1d8c6dc1a3f0b9c8f5a2d7e6b4938271605f4e3d2c1b0a9f8e7d6c5b4a3928";

/// The time by which the system stamps files.
#[expect(clippy::disallowed_methods, reason = "files know no other clock")]
fn this_moment() -> SystemTime {
    SystemTime::now()
}

/// Two nodes on one database and one directory of files, with a clock that a test can put forward.
struct Nodes {
    one: TestApp,
    other: App,
    directory: tempfile::TempDir,
    hours: Arc<AtomicI64>,
}

impl Nodes {
    async fn start() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let hours = Arc::new(AtomicI64::new(0));
        let (later, start) = (hours.clone(), DateTime::<Utc>::from(this_moment()));
        let clock = Clock::from_fn(move || start + TimeDelta::hours(later.load(Ordering::SeqCst)));
        let kept = Place::Directory(directory.path().to_owned());
        let usual = places();
        let files = FilePlaces { kept, ..usual.files.clone() };
        let places = || Places { files: files.clone(), ..usual.clone() };
        let one = TestApp::start_with(places(), clock.clone(), determined().1).await;
        let store = one.app.services().store().clone();
        let opened = files.open().expect("the same directory");
        let other = App::on(store, opened, places(), clock, determined().1, &mut Silent).await;
        Self { one, other: other.expect("another node"), directory, hours }
    }

    fn contents(&self) -> Vec<PathBuf> {
        let inner = |path: PathBuf| fs::read_dir(path).into_iter().flatten().flatten();
        let all = inner(self.directory.path().to_owned()).flat_map(|it| inner(it.path()));
        all.map(|file| file.path()).collect()
    }

    async fn remove(&self, id: &str) {
        let (services, id) = (self.other.services().clone(), id.parse().expect("an id"));
        let operator = allmende::domain::Viewer::Operator;
        let removed =
            tokio::spawn(
                async move { services.remove_file(&operator, &id, None).await.map(|_| ()) },
            );
        removed.await.expect("no panic").expect("the file goes");
    }

    /// So many hours later, what a sweep of this node removes.
    async fn sweep(&self, services: &Services, hours: i64) -> [usize; 2] {
        self.hours.store(hours, Ordering::SeqCst);
        let services = services.clone();
        let swept = tokio::spawn(async move { services.sweep_files().await }).await;
        let swept = swept.expect("no panic").expect("an answer").expect("nobody else is at it");
        let Swept { contents, texts } = swept;
        [contents, texts]
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_node_is_about_to_need_another_does_not_remove() {
    let nodes = Nodes::start().await;
    let app = &nodes.one;
    let (first, second) = (app.document("Eins").await, app.document("Zwei").await);
    app.give(&first, "a.txt", TEXT).await;
    nodes.remove(&first).await;
    // The first node may have found the content there, and be about to write a record that needs it.
    assert_eq!(nodes.contents().len(), 1);
    assert_eq!(nodes.sweep(nodes.other.services(), 23).await, [0, 0], "it is too young");
    app.give(&second, "b.txt", TEXT).await;
    assert_eq!(nodes.sweep(nodes.other.services(), 25).await, [0, 0], "it is needed");
    let given = app.fetch(Some(&app.editor), &second, &[]).await;
    assert_eq!((given.status, given.text.as_str()), (StatusCode::OK, TEXT));
    assert_eq!(app.found(Some(&app.editor), "Sitzungsbericht").await[0][0], "Zwei");

    nodes.remove(&second).await;
    assert_eq!(nodes.sweep(app.app.services(), 26).await, [1, 1]);
    assert_eq!(nodes.contents(), Vec::<PathBuf>::new());
    assert_eq!(nodes.sweep(app.app.services(), 27).await, [0, 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_crash_left_goes_and_what_is_none_of_the_hubs_stays() {
    let nodes = Nodes::start().await;
    let put = |name: &str, file: &str| {
        let directory = nodes.directory.path().join(name);
        fs::create_dir_all(&directory).expect("a directory");
        fs::write(directory.join(file), "left").expect("a file");
    };
    put(&HASH[..2], HASH);
    put(&HASH[..2], "notes.txt");
    put("ff", HASH);
    let services = nodes.one.app.services();
    assert_eq!(nodes.sweep(services, 23).await, [0, 0], "its record may be on the way");
    assert_eq!(nodes.sweep(services, 25).await, [1, 0]);
    let mut left: Vec<_> = nodes.contents();
    left.sort();
    let expected = [Path::new("0c/notes.txt").to_owned(), Path::new("ff").join(HASH)];
    assert_eq!(left, expected.map(|path| nodes.directory.path().join(path)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_content_that_is_needed_again_is_young_again() {
    let nodes = Nodes::start().await;
    let app = &nodes.one;
    let (first, second) = (app.document("Eins").await, app.document("Zwei").await);
    app.give(&first, "a.txt", TEXT).await;
    let content = nodes.contents().remove(0);
    let long_ago = this_moment() - Duration::from_secs(30 * 3_600);
    let file = File::options().write(true).open(&content).expect("the content");
    file.set_modified(long_ago).expect("its own time");
    app.give(&second, "b.txt", TEXT).await;
    let written = fs::metadata(&content).and_then(|it| it.modified()).expect("its time");
    assert!(written > long_ago + Duration::from_secs(29 * 3_600), "the sweep may take it away");
    let input = json!({ "id": second });
    let removed = app.on_document("removeDocumentFile", "RemoveDocumentFileInput", input).await;
    assert_eq!(removed["userErrors"], json!([]));
    assert_eq!(app.fetch(Some(&app.editor), &first, &[]).await.status, StatusCode::OK);
}
