//! Strategy processes: which there are, beginning one, looking at one, bringing it out.

use axum::extract::Path;
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{Answer, Sent, Visit, Worker, edited, saved};
use crate::domain::ProcessId;
use crate::http::refusal::Refusal;
use crate::web::form::{Summed, Trouble};
use crate::web::operations::{self, Operation};
use crate::web::work::process::{Process, ProcessPage};
use crate::web::work::processes::ProcessesPage;

/// The processes that somebody keeps.
pub(in crate::http) async fn all(Worker(visit): Worker) -> Answer {
    listed(&visit, Vec::new()).await
}

/// Begins a process.
pub(in crate::http) async fn begin(Sent { visit, posted }: Sent) -> Answer {
    let input = json!({ "municipality": posted.said("municipality") });
    let changed = visit.change(operations::CREATE_STRATEGY_PROCESS, input).await?;
    if changed.troubles.is_empty() {
        let id = changed.record.get("id").and_then(Value::as_str).unwrap_or_default();
        return Ok(saved(&visit, format!("/work/processes/{id}")));
    }
    listed(&visit, changed.troubles).await
}

async fn listed(visit: &Visit, troubles: Vec<Trouble>) -> Answer {
    let variables = json!({ "own": edited(visit.viewer()) });
    let found = visit.ask(operations::WORK_PROCESSES, variables).await?;
    let status = status(&troubles);
    let page = ProcessesPage { site: &visit.site, found, troubles: summed(troubles) };
    visit.answer(status, &page)
}

/// A process with all its parts.
pub(in crate::http) async fn look(Path(id): Path<String>, Worker(visit): Worker) -> Answer {
    shown(&visit, &id, Vec::new()).await
}

/// Brings a process out in the open.
pub(in crate::http) async fn publish(Path(id): Path<String>, Sent { visit, .. }: Sent) -> Answer {
    taken(&visit, operations::PUBLISH_STRATEGY_PROCESS, &id).await
}

/// Puts a process away.
pub(in crate::http) async fn archive(Path(id): Path<String>, Sent { visit, .. }: Sent) -> Answer {
    taken(&visit, operations::ARCHIVE_STRATEGY_PROCESS, &id).await
}

async fn taken(visit: &Visit, operation: Operation, id: &str) -> Answer {
    let changed = visit.change(operation, json!({ "id": id })).await?;
    if changed.troubles.is_empty() {
        return Ok(saved(visit, format!("/work/processes/{id}")));
    }
    shown(visit, id, changed.troubles).await
}

/// A process as it is now, with what kept a step from being taken.
pub(super) async fn shown(visit: &Visit, id: &str, troubles: Vec<Trouble>) -> Answer {
    let Some(process) = process(visit, id).await? else { return visit.missing() };
    let is_saved = visit.said("saved").is_some();
    let status = status(&troubles);
    let page = ProcessPage { site: &visit.site, process, troubles: summed(troubles), is_saved };
    visit.answer(status, &page)
}

/// A process for those who keep it; nothing if there is none for them.
pub(super) async fn process(visit: &Visit, id: &str) -> Result<Option<Process>, Refusal> {
    if id.parse::<ProcessId>().is_err() {
        return Ok(None);
    }
    let answer: Value = visit.ask(operations::WORK_PROCESS, json!({ "id": id })).await?;
    let process = Process::read(answer).map_err(|error| {
        tracing::error!(%error, "a process is not what its page expects");
        Refusal::Internal
    })?;
    Ok(process.filter(|process| process.is_kept_by(visit.viewer())))
}

fn status(troubles: &[Trouble]) -> StatusCode {
    match troubles.first() {
        None => StatusCode::OK,
        Some(_) if troubles.iter().any(Trouble::is_stale) => StatusCode::CONFLICT,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// What is wrong, where there is no field to mend it.
fn summed(troubles: Vec<Trouble>) -> Vec<Summed> {
    let sum = |trouble: Trouble| Summed { anchor: None, message: trouble.message };
    troubles.into_iter().map(sum).collect()
}
