//! Writing a solution.

use axum::body::Body;
use axum::extract::Path;
use axum::http::{Response, StatusCode};
use axum::response::IntoResponse;
use serde_json::{Map, Value, json};

use super::{Answer, Changed, Sent, Visit, Worker, lists, record, saved};
use crate::domain::Action;
use crate::http::pages::posted::unkept;
use crate::http::refusal::Refusal;
use crate::web::form::{Form, Trouble, Values, changed, input};
use crate::web::operations;
use crate::web::solution::{Found, SolutionPage};
use crate::web::work::edit::{EditPage, form, fresh, stored};
use crate::web::work::fields::SOLUTION;
use crate::web::work::record::Record;

/// The form of a new solution.
pub(in crate::http) async fn new(Worker(visit): Worker) -> Answer {
    let lists = lists(&visit).await?;
    let form = form(&lists, None, fresh(&lists), visit.site.language);
    shown(&visit, StatusCode::OK, None, form, None)
}

/// Makes a solution.
pub(in crate::http) async fn create(Sent { visit, posted }: Sent) -> Answer {
    let language = visit.site.language;
    let lists = lists(&visit).await?;
    let typed = Values::posted(&posted.pairs);
    if let Some(list) = posted.said("do").strip_prefix("add:") {
        let form = Form { grows: Some(list.to_owned()), ..form(&lists, None, typed, language) };
        return shown(&visit, StatusCode::OK, None, form, None);
    }
    let typed = typed.compact(SOLUTION);
    let changed = sent(&visit, operations::CREATE_SOLUTION, &typed, None, Map::new()).await?;
    if changed.troubles.is_empty() {
        let id = changed.record.get("id").and_then(Value::as_str).unwrap_or_default();
        return Ok(went_well(&visit, id, posted.said("do")));
    }
    let form = Form { troubles: changed.troubles, ..form(&lists, None, typed, language) };
    shown(&visit, StatusCode::UNPROCESSABLE_ENTITY, None, form, None)
}

/// The form of a solution.
pub(in crate::http) async fn edit(Path(id): Path<String>, Worker(visit): Worker) -> Answer {
    let Some(record) = record(&visit, &id).await? else { return visit.missing() };
    let lists = lists(&visit).await?;
    let language = visit.site.language;
    let form = form(&lists, Some(&record), stored(&record, language), language);
    let revision = record.revision;
    shown(&visit, StatusCode::OK, Some(record), form, Some(revision))
}

/// Changes a solution. The script that saves while somebody types is answered with data.
pub(in crate::http) async fn save(Path(id): Path<String>, Sent { visit, posted }: Sent) -> Answer {
    let language = visit.site.language;
    let Some(mut before) = record(&visit, &id).await? else { return visit.missing() };
    let lists = lists(&visit).await?;
    let revision = posted.number("expectedRevision");
    let typed = Values::posted(&posted.pairs);
    if let Some(list) = posted.said("do").strip_prefix("add:") {
        let form = form(&lists, Some(&before), typed, language);
        let form = Form { grows: Some(list.to_owned()), ..form };
        return shown(&visit, StatusCode::OK, Some(before), form, revision);
    }
    let typed = typed.compact(SOLUTION);
    let mut own = Map::new();
    own.insert("id".to_owned(), json!(before.id));
    own.insert("expectedRevision".to_owned(), json!(revision));
    let Changed { record: after, mut troubles } =
        sent(&visit, operations::UPDATE_SOLUTION, &typed, Some(&before), own).await?;
    let is_stale = troubles.iter().any(Trouble::is_stale);
    if !visit.wants_page {
        return Ok(told(&after, &troubles, is_stale));
    }
    if troubles.is_empty() {
        return Ok(went_well(&visit, &before.id, posted.said("do")));
    }
    if !is_stale {
        let form = Form { troubles, ..form(&lists, Some(&before), typed, language) };
        return shown(&visit, StatusCode::UNPROCESSABLE_ENTITY, Some(before), form, revision);
    }
    // Both are shown, and who saves again has seen both.
    troubles.retain(|trouble| !trouble.is_stale());
    if let Some(newest) = record(&visit, &id).await? {
        before = newest;
    }
    let (theirs, revision) = (Some(stored(&before, language)), Some(before.revision));
    let form = Form { troubles, theirs, ..form(&lists, Some(&before), typed, language) };
    shown(&visit, StatusCode::CONFLICT, Some(before), form, revision)
}

/// A solution as readers will see it.
pub(in crate::http) async fn preview(Path(id): Path<String>, Worker(visit): Worker) -> Answer {
    let Some(record) = record(&visit, &id).await? else { return visit.missing() };
    let by = json!({ "by": { "id": record.id } });
    let mut answer: Value = visit.ask(operations::SOLUTION_PAGE, by).await?;
    let shown = answer.get_mut("solution").and_then(Value::as_object_mut);
    if let (Some(shown), Some(text)) = (shown, record.text().as_object()) {
        // What the next version says stands in place of what readers see.
        let said = text.iter().filter(|(name, _)| record.has_next() && shown.contains_key(*name));
        let said: Vec<(String, Value)> =
            said.map(|(name, value)| (name.clone(), value.clone())).collect();
        shown.extend(said);
    }
    let found: Found = visit.read(answer)?;
    let Some(solution) = found.solution else { return visit.missing() };
    let draft = Some(visit.site.link(&record.path()));
    visit.page(&SolutionPage { site: &visit.site, solution, draft })
}

/// Sends what was typed, unless something of it cannot be read; of a record that there is already, what
/// differs from it.
async fn sent(
    visit: &Visit,
    operation: operations::Operation,
    typed: &Values,
    before: Option<&Record>,
    own: Map<String, Value>,
) -> Result<Changed, Refusal> {
    let language = visit.site.language;
    let (all, troubles) = input(SOLUTION, typed, language);
    if !troubles.is_empty() {
        return Ok(Changed { record: Value::Null, troubles });
    }
    let mut said = match before {
        Some(before) => {
            let (stored, _) = input(SOLUTION, &stored(before, language), language);
            changed(SOLUTION, all, &stored)
        }
        None => all,
    };
    said.extend(own);
    visit.change(operation, Value::Object(said)).await
}

/// Leads on to what was saved, or to how readers will see it.
fn went_well(visit: &Visit, id: &str, wish: &str) -> Response<Body> {
    match wish {
        "preview" => visit.go(&visit.site.link(&format!("/work/solutions/{id}/preview"))),
        _ => saved(visit, format!("/work/solutions/{id}")),
    }
}

/// What came of saving, for the script.
fn told(record: &Value, troubles: &[Trouble], is_stale: bool) -> Response<Body> {
    let errors: Vec<&str> = troubles.iter().map(|trouble| trouble.message.as_str()).collect();
    let status = match (troubles.is_empty(), is_stale) {
        (true, _) => StatusCode::OK,
        (false, true) => StatusCode::CONFLICT,
        (false, false) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let said = json!({ "revision": record.get("revision"), "errors": errors });
    unkept((status, axum::Json(said)).into_response())
}

fn shown(
    visit: &Visit,
    status: StatusCode,
    record: Option<Record>,
    form: Form,
    revision: Option<u32>,
) -> Answer {
    let viewer = visit.viewer();
    let may_edit = record.as_ref().is_none_or(|record| record.allows(viewer, Action::Edit));
    let steps = record.as_ref().map(|record| record.steps(viewer, &visit.site, |it| !it.is_review));
    let page = EditPage {
        site: &visit.site,
        may_edit,
        steps: steps.unwrap_or_default(),
        is_saved: visit.said("saved").is_some(),
        record,
        form,
        revision,
    };
    visit.answer(status, &page)
}
