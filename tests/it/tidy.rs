//! Keeps the shape of the code: who may use whom, and what may be named where.

use std::fs;
use std::path::{Path, PathBuf};

/// The rooms of `src/`, from the inside out. A room uses those before it, never those after it.
const ROOMS: [&str; 12] = [
    "domain", "store", "extract", "files", "outbound", "mail", "live", "service", "graphql", "web",
    "http", "cli",
];

/// Libraries that only some rooms may name.
const ONLY_IN: [(&str, &[&str]); 9] = [
    ("lettre", &["mail"]),
    ("surrealdb", &["store"]),
    ("async_graphql", &["graphql", "http"]),
    ("axum", &["http", "web"]),
    ("object_store", &["files"]),
    ("openidconnect", &["outbound"]),
    ("reqwest", &["outbound"]),
    ("rustls", &["outbound"]),
    ("tantivy", &[]),
];

fn files(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            found.push(path);
        }
    }
    found
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Whether a text names a path such as `axum::` as a whole word.
fn names(text: &str, path: &str) -> bool {
    text.match_indices(path).any(|(start, _)| {
        let before = text[..start].chars().next_back();
        before.is_none_or(|letter| !letter.is_alphanumeric() && letter != '_')
    })
}

/// The lines of code, without comments.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).expect("our own source");
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn rooms_use_only_those_further_inside() {
    let mut wrong = Vec::new();
    for (position, room) in ROOMS.iter().enumerate() {
        for file in files(&source().join(room)) {
            let code = code(&file);
            for outer in &ROOMS[position + 1..] {
                if names(&code, &format!("crate::{outer}::")) {
                    wrong.push(format!("{} uses {outer}", file.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn libraries_stay_in_their_rooms() {
    let mut wrong = Vec::new();
    for file in files(&source()) {
        let code = code(&file);
        for (library, rooms) in ONLY_IN {
            let allowed = rooms.iter().any(|room| file.starts_with(source().join(room)));
            if !allowed && names(&code, &format!("{library}::")) {
                wrong.push(format!("{} names {library}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_domain_is_pure() {
    let mut wrong = Vec::new();
    for file in files(&source().join("domain")) {
        let code = code(&file);
        for impure in ["async fn", "std::fs", "std::net", "tokio::", "tracing::"] {
            if code.contains(impure) {
                wrong.push(format!("{} has {impure}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn files_are_one_thought() {
    let mut root = files(&source());
    root.extend(files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("index/src")));
    let long =
        |file: &PathBuf| fs::read_to_string(file).expect("our own source").lines().count() > 500;
    let long: Vec<_> = root.into_iter().filter(long).collect();
    assert!(long.is_empty(), "two rooms share a wall: {long:#?}");
}

#[test]
fn the_printed_schema_is_the_schema() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/schema.graphql");
    let printed = fs::read_to_string(path).expect("the printed schema");
    let same = printed.trim() == allmende::graphql::sdl().trim();
    assert!(same, "print it again: cargo run -- schema > schema/schema.graphql");
}
