//! Making contacts, questions and documents.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{Answer, Changed, Sent, Visit, Worker, lists, saved};
use crate::web::form::{Form, Values, input};
use crate::web::operations;
use crate::web::work::entry::{EntryPage, Sort};

/// The form of a new record.
pub(in crate::http) async fn new(Worker(visit): Worker) -> Answer {
    let Some(sort) = Sort::at(&visit.site.here) else { return visit.missing() };
    let lists = lists(&visit).await?;
    let form = sort.form(&lists, sort.fresh(&lists), visit.site.language);
    let page = EntryPage { site: &visit.site, sort, form, writes: lists.writes() };
    visit.page(&page)
}

/// Makes a record.
pub(in crate::http) async fn create(Sent { visit, posted }: Sent) -> Answer {
    let Some(sort) = Sort::at(&visit.site.here) else { return visit.missing() };
    let lists = lists(&visit).await?;
    let language = visit.site.language;
    let typed = Values::posted(&posted.pairs).compact(sort.groups);
    let (input, mut troubles) = input(sort.groups, &typed, language);
    if troubles.is_empty() {
        let changed = visit.change(sort.create, Value::Object(input)).await?;
        if changed.troubles.is_empty() {
            return made(&visit, sort, &changed).await;
        }
        troubles = changed.troubles;
    }
    let form = Form { troubles, ..sort.form(&lists, typed, language) };
    let page = EntryPage { site: &visit.site, sort, form, writes: lists.writes() };
    visit.answer(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// Leads on to what was made. A contact is brought out at once: that it is there is its use.
async fn made(visit: &Visit, sort: &Sort, changed: &Changed) -> Answer {
    let id = changed.record.get("id").and_then(Value::as_str).unwrap_or_default();
    let there = format!("{}/{id}", sort.room);
    if sort.comes_out {
        let published = visit.change(operations::PUBLISH_CONTACT, json!({ "id": id })).await?;
        if !published.troubles.is_empty() {
            // Its page says that it is a draft, and brings it out when it can.
            return Ok(visit.go(&visit.site.link(&there)));
        }
    }
    Ok(saved(visit, there))
}
