//! The pages: each runs a document of `schema/operations` as everybody can, and shows the answer.

mod developers;
mod places;
mod posted;
mod questions;
mod sign_in;
mod statics;
mod versions;
mod visit;
mod watches;
mod work;

pub(super) use developers::{developers, graphiql, graphiql_file, run};
pub(super) use places::{choose, compare, municipalities, municipality};
pub(super) use questions::{act as act_on_question, back as back_to_question, question};
pub(super) use sign_in::{ask as ask_to_sign_in, sign_in, sign_out};
pub(super) use statics::{graphiql_script, graphiql_stylesheet, icon, script, stylesheet};
pub(super) use versions::versions;
pub(super) use visit::{Visit, kindly};
pub(super) use watches::{change_watch, save_watch, watch, watches};
pub(super) use work::{
    act_on_part, archive_process, back_to_process, back_to_solution, begin_process,
    confirm_contact, create_entry, create_solution, desk, edit_contact, edit_part, edit_solution,
    look_at_document, look_at_process, new_entry, new_solution, preview_solution, processes,
    publish_contact, publish_document, publish_process, review_solution, save_contact, save_part,
    save_solution, step, upload_document,
};

use axum::body::Body;
use axum::extract::Path;
use axum::http::{Response, StatusCode};
use axum::response::{IntoResponse, Redirect};
use serde::de::DeserializeOwned;
use serde_json::json;

use super::refusal::Refusal;
use super::{feeds, health};
use crate::web::lists::{ContactsPage, DocumentsPage, Frame, Page, QuestionsPage, Wanted};
use crate::web::operations::{self, Operation};
use crate::web::results::{Asked, Reasons, ResultsPage};
use crate::web::solution::SolutionPage;
use crate::web::start::StartPage;
use crate::web::statements::{Statement, StatementPage};
use crate::web::{results, solution, start};

type Answer = Result<Response<Body>, Refusal>;

/// How many entries a list shows.
const AT_ONCE: usize = 30;
/// The longest text that is searched for, in characters: the API takes no more.
const LONGEST: usize = 1_000;

/// What is new, by what one searches, and from where; for programs, where things are.
pub(super) async fn start(visit: Visit) -> Answer {
    if !visit.wants_page {
        return Ok(health::welcome().into_response());
    }
    let found: start::Found = visit.ask(operations::START_PAGE, json!({})).await?;
    visit.page(&StartPage { site: &visit.site, found })
}

/// The list of solutions.
pub(super) async fn solutions(visit: Visit) -> Answer {
    let visit = visit.within("/solutions");
    let asked = Asked::of(&visit.pairs);
    let variables = asked.variables(&visit.site);
    let found: results::Found = visit.ask(operations::SEARCH_SOLUTIONS, variables).await?;
    let reasons = match &visit.site.mine {
        Some(mine) => {
            let variables = json!({ "focus": mine.id.to_string(), "ids": found.municipalities() });
            visit.ask(operations::LIKENESS_REASONS, variables).await?
        }
        None => Reasons::default(),
    };
    visit.page(&ResultsPage::new(&visit.site, asked, found, reasons))
}

/// One solution; for programs, as it stands in the open data. What became a part of another leads there.
pub(super) async fn solution(visit: Visit, Path(slug): Path<String>) -> Answer {
    if !visit.wants_page {
        return feeds::solution(&visit.gateway, &slug, visit.site.language).await;
    }
    let visit = visit.within("/solutions");
    let variables = json!({ "by": { "slug": slug } });
    let found: solution::Found = visit.ask(operations::SOLUTION_PAGE, variables).await?;
    let Some(solution) = found.solution else { return visit.missing() };
    if let Some(other) = &solution.merged_into {
        let there = visit.site.link(&format!("/solutions/{}", other.slug));
        return Ok(Redirect::permanent(&there).into_response());
    }
    visit.page(&SolutionPage { site: &visit.site, solution, draft: None })
}

/// What municipalities ask each other.
pub(super) async fn questions(visit: Visit) -> Answer {
    let visit = visit.within("/questions");
    let title = visit.site.t().questions;
    let (page, frame) = list(&visit, operations::QUESTION_LIST, "questions", title).await?;
    visit.page(&QuestionsPage { site: &visit.site, page, frame })
}

/// Whom one can ask.
pub(super) async fn contacts(visit: Visit) -> Answer {
    let visit = visit.within("/contacts");
    let title = visit.site.t().contacts;
    let (page, frame) = list(&visit, operations::CONTACTS, "search", title).await?;
    visit.page(&ContactsPage { site: &visit.site, page, frame })
}

/// What one can read on.
pub(super) async fn documents(visit: Visit) -> Answer {
    let visit = visit.within("/documents");
    let title = visit.site.t().documents;
    let (page, frame) = list(&visit, operations::DOCUMENTS, "search", title).await?;
    visit.page(&DocumentsPage { site: &visit.site, page, frame })
}

/// What the law asks of every hub, and the hub in plain words.
pub(super) async fn statement(visit: Visit) -> Answer {
    let all = Statement::ALL.into_iter();
    let mut named = all.filter(|it| visit.site.here.is_at(&format!("/{}", it.name())));
    let Some(statement) = named.next() else { return visit.missing() };
    let shown = visit.gateway.front.texts.shown(statement, visit.site.language);
    visit.page(&StatementPage { site: &visit.site, statement, shown })
}

/// Whatever nobody answers to.
pub(super) async fn missing(visit: Visit) -> Answer {
    if visit.wants_page {
        return visit.missing();
    }
    Ok(StatusCode::NOT_FOUND.into_response())
}

/// A page of a list, whose field in the answer has this name.
async fn list<N: DeserializeOwned>(
    visit: &Visit,
    operation: Operation,
    field: &str,
    title: &'static str,
) -> Result<(Page<N>, Frame), Refusal> {
    let search: String = visit.said("q").unwrap_or_default().chars().take(LONGEST).collect();
    let after = visit.said("after");
    let variables = json!({ "search": search, "first": AT_ONCE, "after": after });
    let mut answer: serde_json::Map<String, serde_json::Value> =
        visit.ask(operation, variables).await?;
    let page: Page<N> = visit.read(answer.remove(field).unwrap_or_default())?;
    let wanted = Wanted { path: visit.site.room, search, is_later: after.is_some() };
    let frame = Frame::new(&visit.site, title, wanted, &page);
    Ok((page, frame))
}
