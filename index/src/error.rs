//! What can go wrong.

use crate::cursor::CursorError;

/// A failure of the index.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The caller's cursor cannot be used.
    #[error(transparent)]
    Cursor(#[from] CursorError),
    /// The caller's text is too long.
    #[error("a search may have at most {limit} characters: shorten it to the words that matter")]
    TextTooLong {
        /// The limit.
        limit: usize,
    },
    /// The caller's filter is nested too deeply.
    #[error("a filter may be nested at most {limit} levels deep")]
    FilterTooDeep {
        /// The limit.
        limit: usize,
    },
    /// Another writer or another build has the directory.
    #[error("the index is in use by another writer: {0}")]
    Busy(String),
    /// Reading or writing failed.
    #[error("the index cannot reach its files: {0}")]
    Io(#[from] std::io::Error),
    /// The search engine failed.
    #[error("the index engine failed: {0}")]
    Engine(#[source] Box<tantivy::TantivyError>),
}

impl From<tantivy::TantivyError> for Error {
    fn from(error: tantivy::TantivyError) -> Self {
        match error {
            tantivy::TantivyError::LockFailure(lock, detail) => {
                Self::Busy(detail.unwrap_or_else(|| lock.to_string()))
            }
            other => Self::Engine(Box::new(other)),
        }
    }
}
