//! Reviewing a solution, and leading it on.

use axum::extract::Path;
use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::{Answer, Sent, Visit, Worker, lists, record, saved};
use crate::domain::{Label, ReviewPoint};
use crate::http::pages::posted::Posted;
use crate::web::form::{Form, Trouble, written_day};
use crate::web::work::edit::{form, stored};
use crate::web::work::record::Record;
use crate::web::work::review::ReviewPage;
use crate::web::work::step::{StepForm, StepKind, StepPage};

/// What readers see beside what is proposed.
pub(in crate::http) async fn review(Path(id): Path<String>, Worker(visit): Worker) -> Answer {
    let Some(record) = record(&visit, &id).await? else { return visit.missing() };
    let lists = lists(&visit).await?;
    let language = visit.site.language;
    let form = form(&lists, Some(&record), stored(&record, language), language);
    let steps = record.steps(visit.viewer(), &visit.site, |_| true);
    let is_saved = visit.said("saved").is_some();
    visit.page(&ReviewPage { site: &visit.site, record, form, steps, is_saved })
}

/// Leads from the address of a step to the solution: a step is taken with a button.
pub(in crate::http) async fn back(
    Path((id, _)): Path<(String, String)>,
    Worker(visit): Worker,
) -> Answer {
    Ok(visit.go(&visit.site.link(&format!("/work/solutions/{id}"))))
}

/// Takes a step.
pub(in crate::http) async fn step(
    Path((id, name)): Path<(String, String)>,
    Sent { visit, posted }: Sent,
) -> Answer {
    let Some(step) = StepKind::named(&name) else { return visit.missing() };
    let Some(before) = record(&visit, &id).await? else { return visit.missing() };
    let mut input = Map::new();
    let mut say = |name: &str, value: Value| input.insert(name.to_owned(), value);
    say("id", json!(before.id));
    say("expectedRevision", json!(posted.number("expectedRevision")));
    if step.takes_reason() {
        say("reason", reason(step, &posted));
    }
    if step.has_checklist() {
        say("checklist", looked_at(&posted));
    }
    let day = posted.said("reviewBy").trim();
    let review_by = written_day(day);
    let is_day = day.is_empty() || review_by.is_some();
    if step.takes_day() {
        say("reviewBy", json!(review_by));
    }
    let troubles = match is_day {
        true => visit.change(step.operation, Value::Object(input)).await?.troubles,
        false => vec![Trouble::at("reviewBy", visit.site.w().no_day)],
    };
    if troubles.is_empty() {
        let room = if step.is_review { "/review" } else { "" };
        return Ok(saved(&visit, format!("{}{room}", before.path())));
    }
    again(&visit, &posted, step, before, troubles).await
}

/// The step once more, with what keeps it from being taken.
async fn again(
    visit: &Visit,
    posted: &Posted,
    step: &StepKind,
    before: Record,
    troubles: Vec<Trouble>,
) -> Answer {
    let id = before.id.clone();
    let record = record(visit, &id).await?.unwrap_or(before);
    let (lists, language) = (lists(visit).await?, visit.site.language);
    let form = form(&lists, Some(&record), stored(&record, language), language);
    let troubles = Form { troubles, ..form }.summary();
    let chosen = posted.all("checklist[]");
    let mut again = StepForm::new(step, &record, &visit.site);
    posted.said("reason").clone_into(&mut again.reason);
    posted.said("reviewBy").clone_into(&mut again.day);
    for (choice, is_chosen) in &mut again.points {
        *is_chosen = chosen.contains(&choice.value.as_str());
    }
    let page = StepPage { site: &visit.site, record, step: again, troubles };
    visit.answer(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// Why; where it must be said, the API tells that it is missing.
fn reason(step: &StepKind, posted: &Posted) -> Value {
    let reason = posted.said("reason").replace("\r\n", "\n");
    let reason = reason.trim();
    if reason.is_empty() && !step.action.needs_reason() { Value::Null } else { json!(reason) }
}

/// What somebody says to have looked at.
fn looked_at(posted: &Posted) -> Value {
    let is_point = |value: &&str| {
        ReviewPoint::ALL.iter().any(|point| point.name().eq_ignore_ascii_case(value))
    };
    let points = posted.all("checklist[]").into_iter().filter(is_point);
    points.map(|point| json!({ "point": point.to_uppercase(), "met": true })).collect()
}
