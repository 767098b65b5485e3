//! One question: reading it, answering it, and what else is done with it.

use axum::extract::Path;
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::posted::{Posted, Sent};
use super::work::{edited, lists, saved};
use super::{Answer, LONGEST, Visit};
use crate::domain::{MunicipalityId, QuestionId, SolutionId};
use crate::http::refusal::Refusal;
use crate::web::form::{Form, Summed, Trouble, Values, input};
use crate::web::operations::{self, Operation};
use crate::web::question::{Found, Question, QuestionPage};
use crate::web::work::answer::{ANSWER, Citable, Powers, form, fresh, places};

/// The most solutions that stay chosen while somebody searches for more: the API reads no more at once.
const MOST_CHOSEN: usize = 50;

/// What somebody has left on the page, if they sent something that was not done.
#[derive(Default)]
struct Left {
    /// What stands in the form of an answer.
    answer: Option<Values>,
    /// Which solutions are searched for.
    find: String,
    /// What is wrong.
    troubles: Vec<Trouble>,
}

/// One question.
pub(in crate::http) async fn question(visit: Visit, Path(id): Path<String>) -> Answer {
    let visit = visit.within("/questions");
    let Some(question) = found(&visit, &id).await? else { return visit.missing() };
    shown(&visit, StatusCode::OK, question, Left::default()).await
}

/// Leads from the address of a deed to the question: something is done with a button.
pub(in crate::http) async fn back(visit: Visit, Path((id, _)): Path<(String, String)>) -> Answer {
    Ok(visit.go(&visit.site.link(&format!("/questions/{id}"))))
}

/// Answers a question, or does something else with it.
pub(in crate::http) async fn act(
    Path((id, deed)): Path<(String, String)>,
    Sent { visit, posted }: Sent,
) -> Answer {
    let visit = visit.within("/questions");
    let Some(question) = found(&visit, &id).await? else { return visit.missing() };
    if deed == "answer" {
        return answer(&visit, &posted, question).await;
    }
    let Some((operation, part)) = operation(&deed) else { return visit.missing() };
    let mut input = json!({ "id": question.id });
    if let (Some(part), Some(input)) = (part, input.as_object_mut()) {
        input.insert(part.to_owned(), json!(posted.said(part)));
    }
    let troubles = visit.change(operation, input).await?.troubles;
    if troubles.is_empty() {
        return Ok(saved(&visit, question.path()));
    }
    // What kept it from being done may be that somebody else did it.
    let Some(question) = found(&visit, &id).await? else { return visit.missing() };
    let left = Left { troubles, ..Left::default() };
    shown(&visit, StatusCode::UNPROCESSABLE_ENTITY, question, left).await
}

/// What a button does, and what names the part of the question that it is about.
fn operation(deed: &str) -> Option<(Operation, Option<&'static str>)> {
    match deed {
        "join" => Some((operations::JOIN_QUESTION, Some("municipality"))),
        "leave" => Some((operations::LEAVE_QUESTION, Some("municipality"))),
        "accept" => Some((operations::ACCEPT_ANSWER, Some("answer"))),
        "take-back-answer" => Some((operations::WITHDRAW_ANSWER, Some("answer"))),
        "close" => Some((operations::CLOSE_QUESTION, None)),
        "take-back" => Some((operations::WITHDRAW_QUESTION, None)),
        _ => None,
    }
}

/// Answers a question; or searches for solutions that the answer can point to.
async fn answer(visit: &Visit, posted: &Posted, question: Question) -> Answer {
    let typed = Values::posted(&posted.pairs).compact(ANSWER);
    let find: String = posted.said("find").trim().chars().take(LONGEST).collect();
    let wish = posted.said("do");
    // What a browser has kept comes with a wish for more fields.
    if wish == "find" || wish.starts_with("add:") {
        let left = Left { answer: Some(typed), find, troubles: Vec::new() };
        return shown(visit, StatusCode::OK, question, left).await;
    }
    let (mut input, mut troubles) = input(ANSWER, &typed, visit.site.language);
    if troubles.is_empty() {
        input.insert("id".to_owned(), json!(question.id));
        let input = Value::Object(input);
        troubles = visit.change(operations::ANSWER_QUESTION, input).await?.troubles;
    }
    if troubles.is_empty() {
        return Ok(saved(visit, question.path()));
    }
    let left = Left { answer: Some(typed), find, troubles };
    shown(visit, StatusCode::UNPROCESSABLE_ENTITY, question, left).await
}

async fn shown(visit: &Visit, status: StatusCode, question: Question, left: Left) -> Answer {
    let language = visit.site.language;
    let mut powers = Powers { moderates: visit.viewer().moderates(), ..Powers::default() };
    let owner = question.municipality.as_ref().and_then(|place| place.id.as_ref()?.parse().ok());
    powers.asks = owner.is_some_and(|owner: MunicipalityId| visit.viewer().edits(&owner));
    let own = edited(visit.viewer());
    let mut answering: Option<Form> = None;
    let mut found_nothing = false;
    if !own.is_empty() {
        let lists = lists(visit).await?;
        powers.places = places(&lists, language);
        // What was typed is shown even if no answer is taken any more.
        if question.goes_on() || left.answer.is_some() {
            let values = left.answer.unwrap_or_else(|| fresh(&lists));
            let citable = citable(visit, &own, &left.find, &values).await?;
            found_nothing = citable.found_nothing();
            answering = Some(form(&lists, &citable, values, language));
        }
    }
    let troubles = match &mut answering {
        Some(form) => {
            form.troubles = left.troubles;
            form.summary()
        }
        None => left.troubles.into_iter().map(unplaced).collect(),
    };
    let page = QuestionPage {
        site: &visit.site,
        question,
        powers,
        form: answering,
        find: left.find,
        found_nothing,
        troubles,
        is_saved: visit.said("saved").is_some(),
    };
    visit.answer(status, &page)
}

/// Solutions that an answer can point to.
async fn citable(
    visit: &Visit,
    own: &[String],
    find: &str,
    values: &Values,
) -> Result<Citable, Refusal> {
    let chosen = values.all("solutions").into_iter();
    let chosen = chosen.filter(|id| id.parse::<SolutionId>().is_ok()).take(MOST_CHOSEN);
    let chosen: Vec<&str> = chosen.collect();
    let variables =
        json!({ "own": own, "search": find, "finds": !find.is_empty(), "chosen": chosen });
    visit.ask(operations::CITABLE_SOLUTIONS, variables).await
}

/// A question by its id, or by what stands behind the colon there.
async fn found(visit: &Visit, id: &str) -> Result<Option<Question>, Refusal> {
    let id = id.parse::<QuestionId>().or_else(|_| QuestionId::from_key(id));
    let Ok(id) = id else { return Ok(None) };
    let variables = json!({ "id": id.to_string() });
    let found: Found = visit.ask(operations::QUESTION_PAGE, variables).await?;
    Ok(found.node)
}

fn unplaced(trouble: Trouble) -> Summed {
    Summed { anchor: None, message: trouble.message }
}
