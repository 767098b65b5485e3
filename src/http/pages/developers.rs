//! Pages for developers: what the API is, its documents, and where they are tried.

use async_graphql::{Request, Variables};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::response::IntoResponse;
use serde_json::Value;

use super::{Answer, Visit};
use crate::http::Gateway;
use crate::http::refusal::Refusal;
use crate::web::developers::{
    Attempt, DevelopersPage, GraphiqlPage, NoGraphiqlPage, Question, RunPage,
};

/// Where the API is if nobody has said where the hub is.
const HERE: &str = "http://127.0.0.1:8080/graphql";

/// What GraphiQL needs beyond what every page may: it writes styles as it goes, and brings pictures and
/// fonts within its stylesheet. All of it still comes from the hub.
const GRAPHIQL_POLICY: &str = "default-src 'none'; script-src 'self'; \
    style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; \
    connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// What the API is.
pub(in crate::http) async fn developers(visit: Visit) -> Answer {
    let public = visit.gateway.api.services().public_url();
    let endpoint = public.map_or_else(|| HERE.to_owned(), |hub| hub.page("/graphql"));
    visit.page(&DevelopersPage { site: &visit.site, endpoint })
}

/// Runs one of the hub's own queries and shows the answer as it is.
pub(in crate::http) async fn run(visit: Visit) -> Answer {
    let name = visit.said("operation").unwrap_or_default();
    let attempt = Attempt::new(name, visit.said("variables"));
    let (obstacle, answer) = match attempt.question() {
        None => (None, None),
        Some(Err(obstacle)) => (Some(obstacle), None),
        Some(Ok(question)) => (None, Some(tried(&visit, question).await?)),
    };
    let status = if obstacle.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    visit.answer(status, &RunPage { site: &visit.site, attempt, obstacle, answer })
}

/// What was sent, and what came back.
async fn tried(visit: &Visit, question: Question) -> Result<(String, String), Refusal> {
    let Question { name, document, variables } = question;
    let variables = Variables::from_json(Value::Object(variables));
    let request = Request::new(document.as_str()).operation_name(name).variables(variables);
    let answer = visit.tried(request).await?;
    let written = serde_json::to_string_pretty(&answer).map_err(|error| {
        tracing::error!(%error, "an answer could not be written");
        Refusal::Internal
    })?;
    Ok((document, written))
}

/// GraphiQL, if whoever runs the hub has fetched it; otherwise how to.
pub(in crate::http) async fn graphiql(visit: Visit) -> Answer {
    match &visit.gateway.front.graphiql {
        Some(graphiql) => {
            let (site, build) = (&visit.site, graphiql.build.as_str());
            let page = GraphiqlPage { site, build, is_known: visit.site.is_signed_in };
            visit.answer_under(GRAPHIQL_POLICY, StatusCode::OK, &page)
        }
        None => visit.page(&NoGraphiqlPage { site: &visit.site }),
    }
}

/// A file of GraphiQL.
pub(in crate::http) async fn graphiql_file(
    State(gateway): State<Gateway>,
    Path(name): Path<String>,
) -> Result<impl IntoResponse, StatusCode> {
    let found = gateway.front.graphiql.as_ref().and_then(|graphiql| graphiql.file(&name));
    let (kind, content) = found.ok_or(StatusCode::NOT_FOUND)?;
    let headers = [
        (CONTENT_TYPE, kind),
        (CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Ok((headers, content))
}
