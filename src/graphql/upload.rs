//! Files that come with a request.

use std::sync::{Mutex, PoisonError};

use async_graphql::{
    Context, InputValueError, InputValueResult, Result, Scalar, ScalarType, Value,
};

use super::failure::{Code, failure};
use crate::files::Received;

/// What stands for the file among the variables, once the transport has taken it in.
pub(crate) const PLACE: u8 = 0;

/// The file that came with a request; whoever asks for it first gets it.
pub struct Uploads(Mutex<Option<Uploaded>>);

/// A file, and what it was called where it comes from.
pub struct Uploaded {
    pub(crate) received: Received,
    pub(crate) name: String,
}

impl Uploads {
    /// The one file of a request.
    #[must_use]
    pub fn of(received: Received, name: String) -> Self {
        Self(Mutex::new(Some(Uploaded { received, name })))
    }

    fn take(&self) -> Option<Uploaded> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Stands for the file of the request.
#[derive(Debug, Clone, Copy)]
pub(super) struct Upload;

/// A file. It comes in a multipart request with the header `GraphQL-Require-Preflight: 1`, one file a request.
#[Scalar(
    name = "Upload",
    specified_by_url = "https://github.com/jaydenseric/graphql-multipart-request-spec"
)]
impl ScalarType for Upload {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::Number(number) if number.as_u64() == Some(PLACE.into()) => Ok(Self),
            _ => Err(InputValueError::custom("a file comes in a multipart request")),
        }
    }

    fn to_value(&self) -> Value {
        Value::from(PLACE)
    }
}

impl Upload {
    /// The file.
    pub(super) fn take(self, ctx: &Context<'_>) -> Result<Uploaded> {
        ctx.data_opt::<Uploads>().and_then(Uploads::take).ok_or_else(|| {
            failure(Code::BadUserInput, "no file came with the request, or it was used already: send one as multipart/form-data, for one field")
        })
    }
}
