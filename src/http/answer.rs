//! Answers over HTTP; statuses are those that the graphql-http audits want.

use std::any::Any;

use async_graphql::Response as GraphQlResponse;
use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{Response, StatusCode};
use axum::response::IntoResponse;

use super::accept::Form;
use super::refusal::Refusal;
use crate::graphql::wire::{text, was_not_run};

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
