//! For programs around the hub: does it live, can it answer, what does it offer.

use axum::body::Body;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{Response, StatusCode};
use axum::response::IntoResponse;
use serde_json::json;

use super::{Gateway, graphql};

/// How many journal entries the index may be behind while it counts as ready.
const MOST_BEHIND: u64 = 1_000;

/// Where things are, for somebody who comes with a browser.
pub(super) const fn welcome() -> &'static str {
    "Allmende, a hub on which municipalities share what works.\n\n\
     /graphql         questions, changes and subscriptions: POST, GET, WebSocket, server-sent events\n\
     /schema.graphql  what can be asked\n\
     /documents/…     files of documents\n\
     /export/solutions.csv, /export/solutions.json  all published solutions\n\
     /feeds/…         what is new, as Atom\n\
     /healthz         whether the hub lives\n\
     /readyz          whether it can answer\n\
     /metrics         figures for Prometheus\n"
}

/// The process lives.
pub(super) async fn alive(State(gateway): State<Gateway>) -> Response<Body> {
    graphql::json(&json!({ "status": "ok", "streams": gateway.streams.count() }))
}

/// The database answers and the index is up to date.
pub(super) async fn ready(State(gateway): State<Gateway>) -> Response<Body> {
    let services = gateway.api.services();
    let index = services.searcher().cursor();
    match services.store().refresh_head().await {
        _ if gateway.shutdown.is_cancelled() => unready("shutting down"),
        Ok(_) if services.searcher().is_stuck() => unready("the index cannot follow the journal"),
        Ok(journal) if journal.saturating_sub(index) > MOST_BEHIND => {
            unready("the index is catching up")
        }
        Ok(journal) => {
            graphql::json(&json!({ "status": "ready", "journal": journal, "index": index }))
        }
        Err(error) => {
            tracing::error!(%error, "the database does not answer");
            unready("the database does not answer")
        }
    }
}

fn unready(reason: &str) -> Response<Body> {
    let body = axum::Json(json!({ "status": "unready", "reason": reason }));
    (StatusCode::SERVICE_UNAVAILABLE, [("retry-after", "1")], body).into_response()
}

/// The schema, for tools of front-end developers.
pub(super) async fn schema(State(gateway): State<Gateway>) -> Response<Body> {
    ([(CONTENT_TYPE, "application/graphql; charset=utf-8")], gateway.schema.to_string())
        .into_response()
}
