//! Pages of those who write and review.

mod contacts;
mod documents;
mod entries;
mod parts;
mod processes;
mod solutions;
mod steps;

pub(in crate::http) use contacts::{
    confirm as confirm_contact, edit as edit_contact, publish as publish_contact,
    save as save_contact,
};
pub(in crate::http) use documents::{
    look as look_at_document, publish as publish_document, upload as upload_document,
};
pub(in crate::http) use entries::{create as create_entry, new as new_entry};
pub(in crate::http) use parts::{
    act as act_on_part, back as back_to_process, edit as edit_part, save as save_part,
};
pub(in crate::http) use processes::{
    all as processes, archive as archive_process, begin as begin_process, look as look_at_process,
    publish as publish_process,
};
pub(in crate::http) use solutions::{
    create as create_solution, edit as edit_solution, new as new_solution,
    preview as preview_solution, save as save_solution,
};
pub(in crate::http) use steps::{back as back_to_solution, review as review_solution, step};

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::Response;
use chrono::Days;
use serde_json::{Value, json};

use super::posted::{Sent, Worker};
use super::visit::Changed;
use super::{Answer, Visit};
use crate::domain::{Role, SolutionId, Viewer};
use crate::http::refusal::Refusal;
use crate::web::Address;
use crate::web::operations;
use crate::web::work::desk::DeskPage;
use crate::web::work::edit::Lists;
use crate::web::work::record::Record;

/// How many days ahead somebody hears that a solution is to be confirmed.
const SOON: Days = Days::new(60);

/// What waits for somebody, and what they are working on.
pub(in crate::http) async fn desk(Worker(visit): Worker) -> Answer {
    let grants = visit.viewer().grants();
    let own = edited(visit.viewer());
    let writes = !own.is_empty();
    let reviews = grants.iter().any(|grant| matches!(grant.role, Role::Approver | Role::Moderator));
    let soon = visit.gateway.api.services().now().date_naive().checked_add_days(SOON);
    let variables = json!({ "own": own, "works": writes, "reviews": reviews, "soon": soon });
    let found = visit.ask(operations::WORK, variables).await?;
    let is_saved = visit.said("saved").is_some();
    visit.page(&DeskPage { site: &visit.site, found, writes, reviews, is_saved })
}

/// The municipalities for which somebody writes.
pub(super) fn edited(viewer: &Viewer) -> Vec<String> {
    let writing = viewer.grants().iter().filter(|grant| grant.role == Role::Editor);
    let places: BTreeSet<String> =
        writing.filter_map(|grant| grant.municipality.as_ref().map(ToString::to_string)).collect();
    places.into_iter().collect()
}

/// Leads on to a page that says that something was saved.
pub(super) fn saved(visit: &Visit, path: String) -> Response<Body> {
    let there = Address::at(path).with("saved", "1");
    visit.go(&visit.site.carried(there).to_string())
}

/// A solution as those see it who write or review it; nothing if there is none for them.
async fn record(visit: &Visit, id: &str) -> Result<Option<Record>, Refusal> {
    if id.parse::<SolutionId>().is_err() {
        return Ok(None);
    }
    let mut answer: Value = visit.ask(operations::WORK_SOLUTION, json!({ "id": id })).await?;
    let solution = answer.get_mut("solution").map(Value::take).filter(Value::is_object);
    let record = solution.map(Record::read).transpose();
    record.map_err(|error| {
        tracing::error!(%error, "a solution is not what its page expects");
        Refusal::Internal
    })
}

/// What one can choose from while writing.
pub(super) async fn lists(visit: &Visit) -> Result<Lists, Refusal> {
    visit.ask(operations::WORK_CHOICES, json!({})).await
}
