//! Whether a generation can be used.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use tantivy::TantivyError;
use tantivy::directory::error::{OpenDirectoryError, OpenReadError};

use crate::analysis;
use crate::error::Error;
use crate::index::Index;
use crate::payload::Payload;
use crate::schema;

/// No file of the engine is shorter: the end of its footer alone takes eight bytes.
const SHORTEST_FILE: u64 = 8;

/// Why there is no usable index.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Missing {
    /// Nothing has been built yet.
    #[error("no index has been built here yet")]
    NoCurrent,
    /// `current` names something that is not there.
    #[error("the current generation `{0}` is not there")]
    NoGeneration(String),
    /// The engine does not understand the files.
    #[error("the index cannot be opened: {0}")]
    Unreadable(String),
    /// Files are not what was written.
    #[error("files of the index are damaged: {0}")]
    Damaged(String),
    /// The fields are not those of this program.
    #[error("the index has other fields than this version of the program")]
    OtherSchema,
    /// The last commit does not say what it reflects.
    #[error("the index does not say up to where it is complete")]
    NoCursor,
    /// It reflects something else than what was asked for.
    #[error("the index was built from another source ({0})")]
    OtherSource(String),
}

/// A generation that can be searched.
pub(super) struct Loaded {
    pub(super) index: Index,
    /// Whether its words were analysed as this program does it; otherwise it must not be written.
    pub(super) is_current: bool,
}

/// Opens a generation, or says why that cannot be done.
pub(super) fn load(path: &Path, source: &str) -> Result<Result<Loaded, Missing>, Error> {
    match inspect(path, source) {
        Ok(loaded) => Ok(Ok(loaded)),
        Err(Refusal::Missing(missing)) => Ok(Err(missing)),
        Err(Refusal::Engine(error)) if is_environment(&error) => Err(error.into()),
        Err(Refusal::Engine(error)) => Ok(Err(Missing::Unreadable(error.to_string()))),
    }
}

enum Refusal {
    Missing(Missing),
    Engine(TantivyError),
}

impl From<TantivyError> for Refusal {
    fn from(error: TantivyError) -> Self {
        Self::Engine(error)
    }
}

impl From<Missing> for Refusal {
    fn from(missing: Missing) -> Self {
        Self::Missing(missing)
    }
}

fn inspect(path: &Path, source: &str) -> Result<Loaded, Refusal> {
    let engine = tantivy::Index::open_in_dir(path)?;
    if engine.schema() != schema::schema() {
        return Err(Missing::OtherSchema.into());
    }
    let payload =
        engine.load_metas()?.payload.as_deref().and_then(Payload::read).ok_or(Missing::NoCursor)?;
    if payload.source != source {
        return Err(Missing::OtherSource(payload.source).into());
    }
    check_files(path, &engine)?;
    let index = Index::start(engine, source, payload.cursor)?;
    Ok(Loaded { index, is_current: payload.analysis == analysis::fingerprint() })
}

/// Compares every file with its checksum. Only files that the engine keeps a list of are compared,
/// so a lost list is damage too.
fn check_files(path: &Path, engine: &tantivy::Index) -> Result<(), Refusal> {
    let segments = engine.searchable_segment_metas()?;
    if !segments.is_empty() && engine.directory().list_managed_files().is_empty() {
        return Err(Missing::Damaged("the list of files is lost".to_owned()).into());
    }
    // The engine miscounts in files that are too short for its footer.
    let names: Vec<String> = segments.iter().map(|segment| segment.id().uuid_string()).collect();
    let in_use =
        |file: &&PathBuf| names.iter().any(|name| file.to_string_lossy().starts_with(name));
    let too_short = |file: &&PathBuf| {
        let length = std::fs::metadata(path.join(file)).map(|metadata| metadata.len());
        length.is_ok_and(|length| length < SHORTEST_FILE)
    };
    let managed = engine.directory().list_managed_files();
    if let Some(file) = managed.iter().filter(in_use).find(too_short) {
        return Err(Missing::Damaged(file.display().to_string()).into());
    }
    let mut damaged: Vec<String> =
        engine.validate_checksum()?.iter().map(|path| path.display().to_string()).collect();
    if damaged.is_empty() {
        return Ok(());
    }
    damaged.sort_unstable();
    Err(Missing::Damaged(damaged.join(", ")).into())
}

/// Whether the system around the index is at fault, so that building anew would not help.
fn is_environment(error: &TantivyError) -> bool {
    let io: &io::Error = match error {
        TantivyError::IoError(error) => error,
        TantivyError::OpenReadError(OpenReadError::IoError { io_error, .. })
        | TantivyError::OpenDirectoryError(OpenDirectoryError::IoError { io_error, .. }) => {
            io_error
        }
        TantivyError::LockFailure(..) => return true,
        _ => return false,
    };
    let gone = matches!(
        io.kind(),
        ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::IsADirectory
    );
    io.raw_os_error().is_some() && !gone
}
