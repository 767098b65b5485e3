//! Answers as they are written. A request error has no `data`, as the specification asks.

use async_graphql::{Response, ServerError, Value};
use serde::Serialize;

/// An answer as it is written: `data` only if there is any.
#[derive(Serialize)]
pub(crate) struct Wire<'a> {
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [ServerError],
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a Value>,
}

impl<'a> From<&'a Response> for Wire<'a> {
    fn from(response: &'a Response) -> Self {
        Self { errors: &response.errors, data: (!was_not_run(response)).then_some(&response.data) }
    }
}

/// Whether the document was refused before any field of it ran.
pub(crate) fn was_not_run(response: &Response) -> bool {
    let no_path = response.errors.iter().all(|error| error.path.is_empty());
    response.data == Value::Null && !response.errors.is_empty() && no_path
}

/// Whether an answer is the last one of its subscription: it failed as a whole.
pub(crate) fn has_failed(response: &Response) -> bool {
    response.is_err() && response.data == Value::Null
}

/// The JSON text of an answer.
pub(crate) fn text(response: &Response) -> String {
    json(&Wire::from(response))
}

/// The JSON text of what is part of an answer.
pub(crate) fn json(part: &impl Serialize) -> String {
    serde_json::to_string(part).unwrap_or_else(|error| {
        tracing::error!(%error, "an answer could not be written");
        r#"{"errors":[{"message":"the answer could not be written","extensions":{"code":"INTERNAL_SERVER_ERROR"}}]}"#.to_owned()
    })
}
