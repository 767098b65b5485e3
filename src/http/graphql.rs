//! GraphQL over HTTP: POST, GET, and the way to streams.

use async_graphql::{Request, Response as GraphQlResponse};
use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::rejection::{BytesRejection, FailedToBufferBody, QueryRejection};
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{FromRequest, Query, Request as HttpRequest, State};
use axum::http::header::{CACHE_CONTROL, HeaderValue, VARY};
use axum::http::{HeaderMap, Response};
use axum::response::IntoResponse;
use tokio_util::task::TaskTracker;

use super::Gateway;
use super::accept::{self, Form};
use super::answer::answer;
use super::asker::Caller;
use super::client::Client;
use super::refusal::Refusal;
use super::{asker, multipart, parameters, sse, websocket};
use crate::graphql::{Asker, Operation};

/// A query, mutation or subscription in a body.
pub(super) async fn post(
    State(gateway): State<Gateway>,
    client: Client,
    headers: HeaderMap,
    request: HttpRequest,
) -> Result<Response<Body>, Refusal> {
    if multipart::is_multipart(&headers) {
        return multipart::post(gateway, client, headers, request).await;
    }
    parameters::check_content_type(&headers)?;
    let form = accept::wanted(&headers).ok_or(Refusal::NotAcceptable)?;
    let caller = asker::caller(gateway.api.services(), &headers, client).await?;
    let request = parameters::from_body(&body(&gateway, request).await?)?;
    run(gateway, &headers, form, request, caller, false).await
}

/// The whole body, if it is small and comes in time.
pub(super) async fn body(gateway: &Gateway, request: HttpRequest) -> Result<Bytes, Refusal> {
    let limits = gateway.limits;
    match tokio::time::timeout(limits.request, Bytes::from_request(request, gateway)).await {
        Ok(Ok(body)) => Ok(body),
        Ok(Err(BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)))) => {
            Err(Refusal::TooLarge(limits.body))
        }
        Ok(Err(_)) => Err(Refusal::BrokenBody),
        Err(_) => Err(Refusal::SlowBody(limits.request.as_secs())),
    }
}

/// A query or subscription in a query string, or a WebSocket.
pub(super) async fn get_or_upgrade(
    State(gateway): State<Gateway>,
    client: Client,
    headers: HeaderMap,
    open: Option<Extension<TaskTracker>>,
    pairs: Result<Query<Vec<(String, String)>>, QueryRejection>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response<Body>, Refusal> {
    if let Ok(upgrade) = upgrade {
        let Extension(open) = open.unwrap_or_default();
        return websocket::upgrade(gateway, upgrade, client, &headers, &open).await;
    }
    let form = accept::wanted(&headers).ok_or(Refusal::NotAcceptable)?;
    let caller = asker::caller(gateway.api.services(), &headers, client).await?;
    let Query(pairs) = pairs.map_err(|_| Refusal::Parameters("the query string cannot be read"))?;
    let request = parameters::from_query(pairs)?;
    run(gateway, &headers, form, request, caller, true).await
}

/// Answers a request, whatever it does, in the form that was asked for.
pub(super) async fn run(
    gateway: Gateway,
    headers: &HeaderMap,
    form: Form,
    mut request: Request,
    caller: Caller,
    read_only: bool,
) -> Result<Response<Body>, Refusal> {
    let operation = match gateway.api.check(&mut request) {
        Ok(operation) => operation,
        Err(errors) => {
            let refused = GraphQlResponse::from_errors(errors);
            return Ok(if form == Form::Events {
                sse::single(&refused)
            } else {
                answer(&refused, form)
            });
        }
    };
    match (operation, form) {
        (Operation::Mutation, _) if read_only => Err(Refusal::NeedsPost("mutation")),
        (Operation::Subscription, Form::Events) => {
            sse::stream(gateway, headers, request, &caller).await
        }
        (Operation::Subscription, _) if read_only => Err(Refusal::NeedsPost("subscription")),
        (Operation::Subscription, _) => Err(Refusal::NeedsStream),
        (Operation::Query | Operation::Mutation, Form::Events) => {
            Ok(sse::single(&execute(&gateway, request, caller.asker()).await?))
        }
        (Operation::Query | Operation::Mutation, form) => {
            Ok(answer(&execute(&gateway, request, caller.asker()).await?, form))
        }
    }
}

/// Runs a query or mutation within the time that it may take.
pub(super) async fn execute(
    gateway: &Gateway,
    request: Request,
    asker: Asker,
) -> Result<GraphQlResponse, Refusal> {
    let limit = gateway.limits.request;
    let answer = tokio::time::timeout(limit, gateway.api.execute(request, asker)).await;
    answer.map_err(|_| Refusal::TimedOut(limit.as_secs()))
}

/// An answer is for the one who asked, now: it depends on rights, language and form.
pub(super) async fn for_the_asker_only(mut response: Response<Body>) -> Response<Body> {
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers
        .insert(VARY, HeaderValue::from_static("Accept, Accept-Language, Authorization, Cookie"));
    response
}

/// A plain answer of JSON.
pub(super) fn json(value: &serde_json::Value) -> Response<Body> {
    axum::Json(value).into_response()
}
