//! The parts of a strategy process, each changed by a form of its own.

use axum::extract::Path;
use axum::http::StatusCode;
use serde_json::Value;

use super::processes::{process, shown as overview};
use super::{Answer, Sent, Visit, Worker, lists, saved};
use crate::domain::Language;
use crate::http::pages::posted::Posted;
use crate::web::form::{Choices, Form, Trouble, Values, input};
use crate::web::operations;
use crate::web::work::part::{Part, PartPage};
use crate::web::work::process::Process;

/// The form of a part.
pub(in crate::http) async fn edit(
    Path((id, name)): Path<(String, String)>,
    Worker(visit): Worker,
) -> Answer {
    let Some(part) = Part::named(&name) else { return visit.missing() };
    let Some(process) = process(&visit, &id).await? else { return visit.missing() };
    if !part.is_in(&process) {
        return visit.missing();
    }
    let (language, revision) = (visit.site.language, process.revision);
    let choices = process.choices(&lists(&visit).await?);
    let form = form(&part, part.stored(&process, language), choices, language);
    shown(&visit, StatusCode::OK, (process, part), form, Some(revision))
}

/// Changes a part, or makes it.
pub(in crate::http) async fn save(
    Path((id, name)): Path<(String, String)>,
    Sent { visit, posted }: Sent,
) -> Answer {
    let Some(part) = Part::named(&name) else { return visit.missing() };
    let Some(before) = process(&visit, &id).await? else { return visit.missing() };
    let language = visit.site.language;
    let choices = before.choices(&lists(&visit).await?);
    let revision = posted.number("expectedRevision");
    let typed = Values::posted(&posted.pairs);
    if let Some(list) = posted.said("do").strip_prefix("add:") {
        let form = form(&part, typed, choices, language);
        let form = Form { grows: Some(list.to_owned()), ..form };
        return shown(&visit, StatusCode::OK, (before, part), form, revision);
    }
    let typed = typed.compact(part.groups());
    let (mut input, mut troubles) = input(part.groups(), &typed, language);
    if troubles.is_empty() {
        input.extend(part.input(&before.id, revision));
        troubles = visit.change(part.save(), Value::Object(input)).await?.troubles;
    }
    if troubles.is_empty() {
        return Ok(saved(&visit, before.path()));
    }
    if !troubles.iter().any(Trouble::is_stale) {
        let form = Form { troubles, ..form(&part, typed, choices, language) };
        return shown(&visit, StatusCode::UNPROCESSABLE_ENTITY, (before, part), form, revision);
    }
    // Both are shown, and who saves again has seen both.
    troubles.retain(|trouble| !trouble.is_stale());
    let newest = process(&visit, &id).await?.unwrap_or(before);
    let revision = Some(newest.revision);
    let form = form(&part, typed, choices, language);
    // There is nothing to compare a new measure with.
    let theirs = match part {
        Part::NewMeasure => form.values.clone(),
        _ => part.stored(&newest, language),
    };
    let form = Form { troubles, theirs: Some(theirs), ..form };
    shown(&visit, StatusCode::CONFLICT, (newest, part), form, revision)
}

/// Takes a part away, or writes a measure up as a solution.
pub(in crate::http) async fn act(
    Path((id, name, deed)): Path<(String, String, String)>,
    Sent { visit, posted }: Sent,
) -> Answer {
    let Some(part) = Part::named(&name) else { return visit.missing() };
    match (deed.as_str(), part.remove(), &part) {
        ("remove", Some(operation), _) => {
            let input = named(&part, &id, &posted);
            let troubles = visit.change(operation, input).await?.troubles;
            match troubles.is_empty() {
                true => Ok(saved(&visit, format!("/work/processes/{id}"))),
                false => overview(&visit, &id, troubles).await,
            }
        }
        ("solution", _, Part::Measure(_)) => {
            let input = named(&part, &id, &posted);
            let changed = visit.change(operations::DRAFT_SOLUTION_FROM_MEASURE, input).await?;
            if !changed.troubles.is_empty() {
                return overview(&visit, &id, changed.troubles).await;
            }
            let solution = changed.record.get("id").and_then(Value::as_str).unwrap_or_default();
            Ok(saved(&visit, format!("/work/solutions/{solution}")))
        }
        _ => visit.missing(),
    }
}

/// Leads from the address of a deed to the process: something is done with a button.
pub(in crate::http) async fn back(visit: Visit) -> Answer {
    let path = visit.site.here_text();
    let mut parts = path.split('/').skip(3);
    let id = parts.next().unwrap_or_default();
    Ok(visit.go(&visit.site.link(&format!("/work/processes/{id}"))))
}

fn named(part: &Part, process: &str, posted: &Posted) -> Value {
    Value::Object(part.input(process, posted.number("expectedRevision")))
}

fn form(part: &Part, values: Values, choices: Choices, language: Language) -> Form {
    Form {
        groups: part.groups(),
        values,
        theirs: None,
        troubles: Vec::new(),
        choices,
        language,
        grows: None,
    }
}

fn shown(
    visit: &Visit,
    status: StatusCode,
    (process, part): (Process, Part),
    form: Form,
    revision: Option<u32>,
) -> Answer {
    visit.answer(status, &PartPage { site: &visit.site, process, part, form, revision })
}
