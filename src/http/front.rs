//! What whoever runs a hub gives its pages: texts of their own, and the files of GraphiQL. Both are read
//! once, at the start, so that what is missing is said there and not to a reader.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use sha2::{Digest, Sha256};

use crate::web::texts::Texts;

/// The longest text, in bytes.
const LONGEST: usize = 200_000;
/// The files of GraphiQL, and what they are.
const FILES: [(&str, &str); 4] = [
    ("graphiql.min.css", "text/css; charset=utf-8"),
    ("graphiql.min.js", "text/javascript; charset=utf-8"),
    ("react.production.min.js", "text/javascript; charset=utf-8"),
    ("react-dom.production.min.js", "text/javascript; charset=utf-8"),
];

/// Where it lies.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FrontPlaces {
    /// The directory of the texts.
    pub texts: Option<PathBuf>,
    /// The directory of GraphiQL, as `tools/graphiql.sh` makes it.
    pub graphiql: Option<PathBuf>,
}

/// Why it cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FrontError {
    /// A directory or a file cannot be read.
    #[error("{key}: {path} cannot be read: {error}")]
    Unreadable {
        /// The key of the configuration.
        key: &'static str,
        /// What cannot be read.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// A file is called like no text.
    #[error(
        "texts: {0} is no text: call it imprint, privacy, accessibility or plain-language, and then .de.txt or .en.txt"
    )]
    Name(PathBuf),
    /// A file says nothing.
    #[error("texts: {0} is empty: write something into it, or take it away")]
    Empty(PathBuf),
    /// A file says too much.
    #[error("texts: {0} is longer than {LONGEST} bytes")]
    TooLong(PathBuf),
    /// Files of GraphiQL are not there.
    #[error("graphiql: {0} is missing: tools/graphiql.sh fetches it")]
    Missing(PathBuf),
}

/// What whoever runs a hub gives its pages.
#[derive(Debug, Clone, Default)]
pub struct Front {
    pub(super) texts: Arc<Texts>,
    pub(super) graphiql: Option<Arc<Graphiql>>,
}

/// The files of GraphiQL.
#[derive(Debug)]
pub(super) struct Graphiql {
    files: Vec<(&'static str, &'static str, Bytes)>,
    /// What names them, so that nobody asks for the same twice.
    pub(super) build: String,
}

impl Front {
    /// Reads what lies in these places.
    ///
    /// # Errors
    /// What is wrong there, with the key of the configuration.
    pub fn read(places: &FrontPlaces) -> Result<Self, FrontError> {
        let texts = places.texts.as_deref().map(texts).transpose()?.unwrap_or_default();
        let graphiql = places.graphiql.as_deref().map(Graphiql::read).transpose()?;
        Ok(Self { texts: Arc::new(texts), graphiql: graphiql.map(Arc::new) })
    }
}

/// The texts of a directory. What does not end with `.txt` is none of the hub's business.
fn texts(directory: &Path) -> Result<Texts, FrontError> {
    let unreadable = |path: &Path, error| {
        let path = path.to_owned();
        FrontError::Unreadable { key: "texts", path, error }
    };
    let mut texts = Texts::default();
    for entry in fs::read_dir(directory).map_err(|error| unreadable(directory, error))? {
        let path = entry.map_err(|error| unreadable(directory, error))?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if !name.ends_with(".txt") {
            continue;
        }
        let text = fs::read_to_string(&path).map_err(|error| unreadable(&path, error))?;
        if text.trim().is_empty() {
            return Err(FrontError::Empty(path));
        }
        if text.len() > LONGEST {
            return Err(FrontError::TooLong(path));
        }
        if !texts.take(name, &text) {
            return Err(FrontError::Name(path));
        }
    }
    Ok(texts)
}

impl Graphiql {
    fn read(directory: &Path) -> Result<Self, FrontError> {
        let mut files = Vec::new();
        let mut digest = Sha256::new();
        for (name, kind) in FILES {
            let path = directory.join(name);
            let content = fs::read(&path).map_err(|error| match error.kind() {
                io::ErrorKind::NotFound => FrontError::Missing(path),
                _ => FrontError::Unreadable { key: "graphiql", path, error },
            })?;
            digest.update(&content);
            files.push((name, kind, Bytes::from(content)));
        }
        let build = digest.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        Ok(Self { files, build })
    }

    /// A file with what it is.
    pub(super) fn file(&self, name: &str) -> Option<(&'static str, Bytes)> {
        let (_, kind, content) = self.files.iter().find(|(other, ..)| *other == name)?;
        Some((kind, content.clone()))
    }
}
