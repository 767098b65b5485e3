//! The directory that holds the index.
//!
//! Each build is a generation of its own; the file `current` names the one in use and is replaced in one step.

use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use crate::document::Document;
use crate::error::Error;
use crate::index::Index;
use crate::schema;
use crate::writer::Writer;

mod check;

use check::Loaded;
pub use check::Missing;

const CURRENT: &str = "current";
const CURRENT_DRAFT: &str = "current.new";
const BUILD_LOCK: &str = "build.lock";
const USE_LOCK: &str = "in-use.lock";
const PREFIX: &str = "generation-";

/// The directory that holds the index, in generations.
///
/// It belongs to one root and its clones, as long as one of their [`Writer`]s or [`Builder`]s lives:
/// a second process would remove the generation that the first one uses.
#[derive(Clone, Debug)]
pub struct Root {
    path: PathBuf,
    in_use: Arc<Mutex<Weak<File>>>,
}

/// What was found in the directory.
pub enum Opened {
    /// An index, ready to search and to continue.
    Ready(Index, Writer),
    /// An index whose words were analysed in another way, by another version of the program: it can
    /// be searched, though not all is found, until another one is built beside it.
    Outdated(Index),
    /// Nothing usable; it must be built.
    Missing(Missing),
}

impl Root {
    /// Names the directory; nothing is touched yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), in_use: Arc::default() }
    }

    /// The directory.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Opens the current generation if it was built from this source, after checking every byte of it.
    ///
    /// Whatever a build can repair is [`Opened::Missing`]; errors are what it cannot: no permission, no space,
    /// another writer.
    pub fn open(&self, source: &str) -> Result<Opened, Error> {
        fs::create_dir_all(&self.path)?;
        let in_use = self.take()?;
        let Some(name) = self.current()? else {
            return Ok(Opened::Missing(Missing::NoCurrent));
        };
        let path = self.path.join(&name);
        if number_of(&name).is_none() || !path.is_dir() {
            return Ok(Opened::Missing(Missing::NoGeneration(name)));
        }
        let index = match check::load(&path, source)? {
            Ok(Loaded { index, is_current: true }) => index,
            Ok(Loaded { index, .. }) => return Ok(Opened::Outdated(index)),
            Err(missing) => return Ok(Opened::Missing(missing)),
        };
        let writer = Writer::open(index.clone(), Some(in_use))?;
        Ok(Opened::Ready(index, writer))
    }

    /// Starts a new generation beside the current one, one at a time, from a source with this name.
    ///
    /// Generations that an earlier build left behind are removed.
    pub fn build(&self, source: &str) -> Result<Builder, Error> {
        fs::create_dir_all(&self.path)?;
        let in_use = self.take()?;
        let lock = self.lock(BUILD_LOCK, "a build is running")?;
        let current = self.current()?;
        let last = self.generations()?.iter().filter_map(|name| number_of(name)).max();
        self.remove_all_but(current.as_deref());
        let name = format!("{PREFIX}{:06}", last.unwrap_or(0) + 1);
        let path = self.path.join(&name);
        fs::create_dir(&path)?;
        let engine = tantivy::Index::create_in_dir(&path, schema::schema())?;
        let writer = Writer::open(Index::start(engine, source, 0)?, Some(in_use))?;
        Ok(Builder { root: self.clone(), name, writer, _lock: lock })
    }

    /// Takes the directory for this root, or shares it with what this root has open already.
    fn take(&self) -> Result<Arc<File>, Error> {
        let mut in_use = self.in_use.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(held) = in_use.upgrade() {
            return Ok(held);
        }
        let held = Arc::new(self.lock(USE_LOCK, "another process has it open")?);
        *in_use = Arc::downgrade(&held);
        Ok(held)
    }

    /// Locks a file of the directory until it is closed; the system does that for a process that dies.
    fn lock(&self, name: &str, taken: &str) -> Result<File, Error> {
        let file = File::create(self.path.join(name))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err(Error::Busy(taken.to_owned())),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }

    fn current(&self) -> io::Result<Option<String>> {
        match fs::read(self.path.join(CURRENT)) {
            Ok(name) => Ok(Some(String::from_utf8_lossy(&name).trim().to_owned())),
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::IsADirectory) => {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    fn set_current(&self, name: &str) -> io::Result<()> {
        let draft = self.path.join(CURRENT_DRAFT);
        let mut file = File::create(&draft)?;
        writeln!(file, "{name}")?;
        file.sync_all()?;
        sync_directory(&self.path)?;
        let current = self.path.join(CURRENT);
        if current.is_dir() {
            // Nothing of ours: it would be in the way.
            fs::remove_dir_all(&current)?;
        }
        fs::rename(&draft, current)?;
        sync_directory(&self.path)
    }

    fn generations(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.path)? {
            names.extend(
                entry?.file_name().into_string().ok().filter(|name| number_of(name).is_some()),
            );
        }
        Ok(names)
    }

    /// Removes other generations as far as possible; what stays is removed by the next build.
    fn remove_all_but(&self, kept: Option<&str>) {
        let names = self.generations().unwrap_or_default();
        for name in names.iter().filter(|name| Some(name.as_str()) != kept) {
            if let Err(error) = fs::remove_dir_all(self.path.join(name)) {
                tracing::warn!(%error, generation = name, "an old generation of the index stays");
            }
        }
    }
}

/// A generation in the making. If it is dropped, the current one stays in use.
pub struct Builder {
    root: Root,
    name: String,
    writer: Writer,
    _lock: File,
}

impl Builder {
    /// Adds a document, or replaces the one with its id. After an error the build must be given up.
    pub fn put(&mut self, document: Document) -> Result<(), Error> {
        self.writer.put(document)
    }

    /// Commits the new generation, makes it the current one, and removes the older ones.
    ///
    /// An [`Index`] of an older generation answers as long as it is held; its [`Writer`] must not be used any more.
    pub fn finish(mut self, cursor: u64) -> Result<(Index, Writer), Error> {
        self.writer.commit(cursor)?;
        self.root.set_current(&self.name)?;
        self.root.remove_all_but(Some(&self.name));
        Ok((self.writer.index().clone(), self.writer))
    }
}

/// The number in the name of a generation.
fn number_of(name: &str) -> Option<u64> {
    let digits = name.strip_prefix(PREFIX)?;
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
}

fn sync_directory(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}
