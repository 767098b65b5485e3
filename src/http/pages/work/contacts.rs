//! Looking after a contact.

use axum::extract::Path;
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{Answer, Sent, Visit, Worker, saved};
use crate::domain::ContactId;
use crate::http::refusal::Refusal;
use crate::web::form::{Form, Trouble, Values, changed, input};
use crate::web::operations::{self, Operation};
use crate::web::trouble::TroublePage;
use crate::web::work::contact::{Contact, ContactPage, form};
use crate::web::work::entry::CONTACT_TEXT;

/// The form of a contact.
pub(in crate::http) async fn edit(Path(id): Path<String>, Worker(visit): Worker) -> Answer {
    let Some(contact) = contact(&visit, &id).await? else { return visit.missing() };
    let language = visit.site.language;
    let (form, revision) = (form(contact.stored(language), language), Some(contact.revision));
    shown(&visit, StatusCode::OK, contact, form, revision)
}

/// Changes a contact.
pub(in crate::http) async fn save(Path(id): Path<String>, Sent { visit, posted }: Sent) -> Answer {
    let Some(before) = contact(&visit, &id).await? else { return visit.missing() };
    let language = visit.site.language;
    let revision = posted.number("expectedRevision");
    let typed = Values::posted(&posted.pairs).compact(CONTACT_TEXT);
    let (all, mut troubles) = input(CONTACT_TEXT, &typed, language);
    if troubles.is_empty() {
        let (stored, _) = input(CONTACT_TEXT, &before.stored(language), language);
        let mut said = changed(CONTACT_TEXT, all, &stored);
        said.insert("id".to_owned(), json!(before.id));
        said.insert("expectedRevision".to_owned(), json!(revision));
        let said = Value::Object(said);
        troubles = visit.change(operations::UPDATE_CONTACT, said).await?.troubles;
    }
    if troubles.is_empty() {
        return Ok(saved(&visit, before.path()));
    }
    if !troubles.iter().any(Trouble::is_stale) {
        let form = Form { troubles, ..form(typed, language) };
        return shown(&visit, StatusCode::UNPROCESSABLE_ENTITY, before, form, revision);
    }
    // Both are shown, and who saves again has seen both.
    troubles.retain(|trouble| !trouble.is_stale());
    let newest = contact(&visit, &id).await?.unwrap_or(before);
    let (theirs, revision) = (Some(newest.stored(language)), Some(newest.revision));
    let form = Form { troubles, theirs, ..form(typed, language) };
    shown(&visit, StatusCode::CONFLICT, newest, form, revision)
}

/// Says that a contact still holds.
pub(in crate::http) async fn confirm(Path(id): Path<String>, Sent { visit, .. }: Sent) -> Answer {
    taken(&visit, operations::CONFIRM_CONTACT, &id).await
}

/// Brings a contact out.
pub(in crate::http) async fn publish(Path(id): Path<String>, Sent { visit, .. }: Sent) -> Answer {
    taken(&visit, operations::PUBLISH_CONTACT, &id).await
}

async fn taken(visit: &Visit, operation: Operation, id: &str) -> Answer {
    let changed = visit.change(operation, json!({ "id": id })).await?;
    let Some(trouble) = changed.troubles.first() else {
        return Ok(saved(visit, format!("/work/contacts/{id}")));
    };
    let title = visit.site.t().failed_title;
    let page = TroublePage { site: &visit.site, title, text: &trouble.message };
    visit.answer(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

fn shown(
    visit: &Visit,
    status: StatusCode,
    contact: Contact,
    form: Form,
    revision: Option<u32>,
) -> Answer {
    let is_saved = visit.said("saved").is_some();
    visit.answer(status, &ContactPage { site: &visit.site, contact, form, revision, is_saved })
}

/// A contact for those who look after it; nothing if there is none for them.
async fn contact(visit: &Visit, id: &str) -> Result<Option<Contact>, Refusal> {
    if id.parse::<ContactId>().is_err() {
        return Ok(None);
    }
    let mut answer: Value = visit.ask(operations::WORK_CONTACT, json!({ "id": id })).await?;
    let found = answer.get_mut("node").map(Value::take).filter(Value::is_object);
    found.map(Contact::read).transpose().map_err(|error| {
        tracing::error!(%error, "a contact is not what its page expects");
        Refusal::Internal
    })
}
