//! Answers over HTTP; statuses are those that the graphql-http audits want.

use std::any::Any;

use async_graphql::{Response as GraphQlResponse, Value};
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, Response, StatusCode};
use axum::response::IntoResponse;

use super::accept::Form;
use super::refusal::{AWAY_FOR, Refusal};
use crate::graphql::Code;
use crate::graphql::wire::{text, was_not_run};

/// An answer in the form that the client wants.
pub(super) fn answer(response: &GraphQlResponse, form: Form) -> Response<Body> {
    let status = match form {
        Form::GraphQl if was_not_run(response) => StatusCode::BAD_REQUEST,
        Form::GraphQl | Form::Json | Form::Events => StatusCode::OK,
    };
    let mut answer =
        (status, [(CONTENT_TYPE, form.content_type())], text(response)).into_response();
    if is_to_be_repeated(response) {
        answer.headers_mut().insert(RETRY_AFTER, HeaderValue::from(AWAY_FOR));
    }
    answer
}

/// Whether something of it failed that may work in a moment.
fn is_to_be_repeated(response: &GraphQlResponse) -> bool {
    let unavailable = Value::from(Code::Unavailable.as_str());
    let codes = response.errors.iter().filter_map(|it| it.extensions.as_ref()?.get("code"));
    codes.into_iter().any(|code| *code == unavailable)
}

/// The answer of a handler that panicked.
#[expect(clippy::needless_pass_by_value, reason = "the form that the layer asks for")]
pub(super) fn panicked(panic: Box<dyn Any + Send>) -> Response<Body> {
    Refusal::from_panic(&*panic).into_response()
}
