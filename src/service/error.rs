//! How a use case can end without success.

use chrono::TimeDelta;

use crate::domain::{Problem, What};
use crate::{files, live, store};

/// Why a use case did not do what was asked. Nothing was written then.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Only somebody with a valid token may do this.
    #[error("sign in, or send an access token as \"Authorization: Bearer …\"")]
    Unauthenticated,
    /// The viewer is known but may not do this.
    #[error(
        "your role does not allow this: editors change what belongs to their own municipality, approvers look it over, moderators look after what all share, admins after accounts"
    )]
    Forbidden,
    /// The input is wrong, in these places.
    #[error("the input has {} problem(s)", .0.len())]
    Problems(Vec<Problem>),
    /// An address was tried with wrong passwords too often; it rests for this long.
    #[error("this address was tried too often: wait a few minutes")]
    TooManyAttempts(TimeDelta),
    /// The hub cannot send mail.
    #[error("this hub sends no mail: its operator has not set up a mail server; nothing was kept")]
    NoMail,
    /// A password could not be hashed.
    #[error("a password could not be hashed: {0}")]
    Hash(String),
    /// A file could not be taken, kept or given out.
    #[error(transparent)]
    Files(files::Error),
    /// A view failed.
    #[error(transparent)]
    Live(#[from] live::Error),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl From<Vec<Problem>> for Error {
    fn from(problems: Vec<Problem>) -> Self {
        Self::Problems(problems)
    }
}

impl From<files::Error> for Error {
    fn from(error: files::Error) -> Self {
        match error {
            files::Error::Unfit(problem) => Problem::at("file", What::File(problem)).into(),
            other => Self::Files(other),
        }
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self::Problems(vec![problem])
    }
}
