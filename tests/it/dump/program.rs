//! The commands, as they are typed.

use std::path::Path;
use std::process::Output;

use serde_json::json;

use crate::support::Hub;
use crate::support::hub::allmende;

fn run(directory: &Path, arguments: &[&str]) -> Output {
    allmende(directory).args(arguments).output().expect("the program runs")
}

fn said(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn complained(output: &Output) -> String {
    assert!(!output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_moves_to_another_machine_and_goes_on() {
    use std::os::unix::fs::PermissionsExt;

    let old = tempfile::tempdir().expect("a directory");
    let new = tempfile::tempdir().expect("a directory");
    let (old, new) = (old.path(), new.path());
    said(&run(old, &["seed"]));
    let token = said(&run(old, &["token", "create", "--municipality", "geestland"]));
    let first = old.join("hub.zip");
    let told = said(&run(old, &["export", "hub.zip", "--personal"]));
    assert!(told.contains("with personal data"), "{told}");
    let mode = std::fs::metadata(&first).expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "nobody else may read it");

    let file = first.to_str().expect("a path");
    let told = said(&run(new, &["restore", file]));
    assert!(told.contains("0 files restored"), "{told}");
    assert!(complained(&run(new, &["restore", file])).contains("the hub is not empty"));
    said(&run(new, &["export", "again.zip", "--personal"]));
    let (first, again) = (std::fs::read(first), std::fs::read(new.join("again.zip")));
    assert!(first.expect("a dump") == again.expect("a dump"), "byte for byte the same");

    let hub = Hub::start(new);
    let question = "{ viewer { grants { role } } solutions(search: \"Dorfarzt\") { totalCount } }";
    let answer = hub.run(token.trim(), question, &json!({})).await.expect("an answer");
    assert!(answer["data"]["solutions"]["totalCount"].as_u64() > Some(0), "{answer}");
    let locked = complained(&run(new, &["export", "never.zip"]));
    assert!(locked.contains("in use by another process"), "{locked}");
    assert_eq!(hub.terminate(), 0);
    assert!(!new.join("never.zip").exists());
}

#[test]
fn a_restore_that_broke_off_says_so_until_it_is_done_again() {
    let old = tempfile::tempdir().expect("a directory");
    let new = tempfile::tempdir().expect("a directory");
    let (old, new) = (old.path(), new.path());
    said(&run(old, &["seed"]));
    said(&run(old, &["export", "hub.zip", "--personal"]));
    let file = old.join("hub.zip");
    let mut restoring = allmende(new).arg("restore").arg(&file).spawn().expect("the program runs");
    // The mark stands before the first record: as soon as the database is there, it may be killed.
    let database = new.join("data/database");
    let began = || {
        let files = std::fs::read_dir(&database).into_iter().flatten().flatten();
        files.filter_map(|file| file.metadata().ok()).map(|file| file.len()).sum::<u64>() > 400_000
    };
    while !began() && restoring.try_wait().expect("a process of ours").is_none() {
        std::thread::yield_now();
    }
    restoring.kill().expect("a process of ours");
    restoring.wait().expect("a process of ours");
    let unfinished = complained(&run(new, &["seed"]));
    assert!(unfinished.contains("restore unfinished"), "{unfinished}");
    assert!(complained(&run(new, &["export", "half.zip"])).contains("restore unfinished"));
    said(&run(new, &["restore", file.to_str().expect("a path")]));
    said(&run(new, &["export", "again.zip", "--personal"]));
    let (first, again) = (std::fs::read(file), std::fs::read(new.join("again.zip")));
    assert!(first.expect("a dump") == again.expect("a dump"), "byte for byte the same");
}
