//! Answers on the wire. A request error has no `data`, as the specification asks; statuses are
//! those that the graphql-http audits want.

use std::any::Any;

use async_graphql::{Response as GraphQlResponse, ServerError, Value};
use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{Response, StatusCode};
use axum::response::IntoResponse;
use serde::Serialize;

use super::accept::Form;
use super::refusal::Refusal;

/// An answer as it is written: `data` only if there is any.
#[derive(Serialize)]
pub(super) struct Wire<'a> {
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [ServerError],
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a Value>,
}

impl<'a> From<&'a GraphQlResponse> for Wire<'a> {
    fn from(response: &'a GraphQlResponse) -> Self {
        Self { errors: &response.errors, data: (!was_not_run(response)).then_some(&response.data) }
    }
}

/// Whether the document was refused before any field of it ran.
pub(super) fn was_not_run(response: &GraphQlResponse) -> bool {
    let no_path = response.errors.iter().all(|error| error.path.is_empty());
    response.data == Value::Null && !response.errors.is_empty() && no_path
}

/// Whether an answer is the last one of its subscription: it failed as a whole.
pub(super) fn has_failed(response: &GraphQlResponse) -> bool {
    response.is_err() && response.data == Value::Null
}

/// The JSON text of an answer.
pub(super) fn text(response: &GraphQlResponse) -> String {
    serde_json::to_string(&Wire::from(response)).unwrap_or_else(|error| {
        tracing::error!(%error, "an answer could not be written");
        r#"{"errors":[{"message":"the answer could not be written","extensions":{"code":"INTERNAL_SERVER_ERROR"}}]}"#.to_owned()
    })
}

/// An answer in the form that the client wants.
pub(super) fn answer(response: &GraphQlResponse, form: Form) -> Response<Body> {
    let status = match form {
        Form::GraphQl if was_not_run(response) => StatusCode::BAD_REQUEST,
        Form::GraphQl | Form::Json | Form::Events => StatusCode::OK,
    };
    (status, [(CONTENT_TYPE, form.content_type())], text(response)).into_response()
}

/// The answer of a handler that panicked.
#[expect(clippy::needless_pass_by_value, reason = "the form that the layer asks for")]
pub(super) fn panicked(panic: Box<dyn Any + Send>) -> Response<Body> {
    Refusal::from_panic(&*panic).into_response()
}
