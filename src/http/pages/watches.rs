//! Pages about saved searches. Whoever is not signed in sees what would be watched, and is led to where
//! one signs in.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use serde_json::{Map, Value, json};

use super::posted::{Sent, Worker};
use super::{Answer, Visit};
use crate::http::refusal::Refusal;
use crate::web::form::Trouble;
use crate::web::operations::{self, Operation};
use crate::web::results::{Asked, Names};
use crate::web::watches::{Changed, Found, WatchesPage};
use crate::web::watching::{Given, Saved, Saving, WatchPage, Way};

/// Where somebody's watches are.
const WATCHES: &str = "/watches";

/// What would be watched, and how.
pub(in crate::http) async fn watch(visit: Visit) -> Answer {
    shown(&visit.within("/solutions"), None, Vec::new()).await
}

/// Saves a search. A feed's address is shown here, this one time.
pub(in crate::http) async fn save_watch(Sent { visit, posted }: Sent) -> Answer {
    let visit = visit.within("/solutions");
    let name = posted.said("name").trim().to_owned();
    let given = Given { name, way: Way::named(posted.said("way")) };
    let variables = given.variables(&Asked::of(&visit.pairs));
    let saving = visit.ask_or_hear::<Saving>(operations::SAVE_WATCH, variables).await?;
    let saved = match saving.map(|saving| saving.create_watch) {
        Ok(saved) => saved.ok_or(Refusal::Internal)?,
        Err(message) => Saved { feed_url: None, user_errors: vec![Trouble::at("", message)] },
    };
    if !saved.user_errors.is_empty() {
        return shown(&visit, Some(given), saved.user_errors).await;
    }
    match saved.feed_url {
        Some(feed) => {
            let page = WatchPage { feed: Some(feed), ..page(&visit).await? };
            visit.answer(StatusCode::CREATED, &page)
        }
        None => Ok(Redirect::to(&visit.site.link(WATCHES)).into_response()),
    }
}

/// The watches of whoever asks.
pub(in crate::http) async fn watches(Worker(visit): Worker) -> Answer {
    listed(&visit, Vec::new()).await
}

/// Lets a watch rest or go on, or takes it away.
pub(in crate::http) async fn change_watch(Sent { visit, posted }: Sent) -> Answer {
    let operation = operation(posted.said("do"));
    let operation = operation.ok_or(Refusal::Parameters("there is nothing of that name to do"))?;
    let variables = json!({ "input": { "id": posted.said("id") } });
    let done = visit.ask_or_hear::<Map<String, Value>>(operation, variables).await?;
    let complaints = match done {
        Ok(payloads) => {
            let payload = payloads.into_iter().next().map(|(_, payload)| payload);
            visit.read::<Changed>(payload.unwrap_or_default())?.user_errors
        }
        Err(message) => vec![Trouble::at("", message)],
    };
    if !complaints.is_empty() {
        return listed(&visit, complaints).await;
    }
    Ok(Redirect::to(&visit.site.link(WATCHES)).into_response())
}

/// What a button does.
fn operation(name: &str) -> Option<Operation> {
    match name {
        "pause" => Some(operations::PAUSE_WATCH),
        "resume" => Some(operations::RESUME_WATCH),
        "delete" => Some(operations::DELETE_WATCH),
        _ => None,
    }
}

/// The page of a search, filled in as somebody left it.
async fn shown(visit: &Visit, given: Option<Given>, complaints: Vec<Trouble>) -> Answer {
    let mut page = page(visit).await?;
    if visit.site.is_signed_in {
        let variables = json!({ "selection": page.asked.selection() });
        match visit.ask_or_hear(operations::PREVIEW_WATCH, variables).await? {
            Ok(foreseen) => page.foreseen = Some(foreseen),
            // What cannot be watched cannot be saved either, and that is told then.
            Err(message) if complaints.is_empty() => {
                page.complaints = vec![Trouble::at("", message)];
            }
            Err(_) => {}
        }
    }
    page.given = given;
    page.complaints.extend(complaints);
    let is_sound = page.complaints.is_empty();
    let status = if is_sound { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    visit.answer(status, &page)
}

/// The page of a search, with nothing filled in.
async fn page(visit: &Visit) -> Result<WatchPage<'_>, Refusal> {
    let asked = Asked::of(&visit.pairs);
    let names = names(visit, &asked.records()).await?;
    Ok(WatchPage {
        site: &visit.site,
        asked,
        names,
        foreseen: None,
        is_known: visit.site.is_signed_in,
        given: None,
        complaints: Vec::new(),
        feed: None,
    })
}

async fn listed(visit: &Visit, complaints: Vec<Trouble>) -> Answer {
    let found: Found = visit.ask(operations::WATCHES, json!({})).await?;
    let names = names(visit, &found.records()).await?;
    let is_sound = complaints.is_empty();
    let status = if is_sound { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    visit.answer(status, &WatchesPage { site: &visit.site, found, names, complaints })
}

/// What records are called.
async fn names(visit: &Visit, ids: &[String]) -> Result<Names, Refusal> {
    match ids.is_empty() {
        true => Ok(Names::default()),
        false => visit.ask(operations::NAMES, json!({ "ids": ids })).await,
    }
}
