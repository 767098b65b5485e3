//! The file of a document, and bringing the document out.

use axum::extract::{Path, Request};
use axum::http::StatusCode;
use serde_json::json;

use super::{Answer, Sent, Visit, Worker, saved};
use crate::domain::DocumentId;
use crate::http::refusal::Refusal;
use crate::http::{files, session};
use crate::web::form::Trouble;
use crate::web::operations;
use crate::web::work::document::{Document, DocumentPage, Found};

/// A document for those who look after it.
pub(in crate::http) async fn look(Path(id): Path<String>, Worker(visit): Worker) -> Answer {
    shown(&visit, StatusCode::OK, &id, Vec::new()).await
}

/// Takes the file of a form, by the way that files take everywhere.
pub(in crate::http) async fn upload(
    Path(id): Path<String>,
    Worker(visit): Worker,
    request: Request,
) -> Answer {
    session::from_own_form(request.headers())?;
    match files::give_of_form(&visit.gateway, visit.asker(), &id, request).await {
        Ok(()) => Ok(saved(&visit, format!("/work/documents/{id}"))),
        Err(refusal @ (Refusal::Service { .. } | Refusal::Multipart(_))) => {
            let trouble = Trouble::at("", refusal.to_string());
            shown(&visit, refusal.status(), &id, vec![trouble]).await
        }
        Err(refusal) => Err(refusal),
    }
}

/// Brings a document out.
pub(in crate::http) async fn publish(Path(id): Path<String>, Sent { visit, .. }: Sent) -> Answer {
    let changed = visit.change(operations::PUBLISH_DOCUMENT, json!({ "id": id })).await?;
    if changed.troubles.is_empty() {
        return Ok(saved(&visit, format!("/work/documents/{id}")));
    }
    shown(&visit, StatusCode::UNPROCESSABLE_ENTITY, &id, changed.troubles).await
}

async fn shown(visit: &Visit, status: StatusCode, id: &str, troubles: Vec<Trouble>) -> Answer {
    let Some(document) = document(visit, id).await? else { return visit.missing() };
    let is_saved = visit.said("saved").is_some();
    let page = DocumentPage { site: &visit.site, document, troubles, is_saved };
    visit.answer(status, &page)
}

async fn document(visit: &Visit, id: &str) -> Result<Option<Document>, Refusal> {
    if id.parse::<DocumentId>().is_err() {
        return Ok(None);
    }
    let found: Found = visit.ask(operations::WORK_DOCUMENT, json!({ "id": id })).await?;
    Ok(found.node)
}
