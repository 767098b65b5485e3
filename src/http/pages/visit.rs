//! Somebody who looks at a page.

use std::sync::Arc;

use askama::Template;
use async_graphql::{Request, Response as Executed, Variables};
use axum::body::Body;
use axum::extract::{FromRequestParts, Request as HttpRequest, State};
use axum::http::header::{
    ACCEPT, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH,
    REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::request::Parts;
use axum::http::{Response, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::form_urlencoded;

use super::statics::BUILD;
use crate::domain::{Language, Viewer};
use crate::graphql::Asker;
use crate::http::files::{finished, holds, text};
use crate::http::graphql::execute;
use crate::http::refusal::Refusal;
use crate::http::{Gateway, asker};
use crate::live::Tables;
use crate::web::Address;
use crate::web::form::Trouble;
use crate::web::operations::Operation;
use crate::web::site::{LANGUAGE, MINE, Mine, Site};
use crate::web::trouble::TroublePage;

/// A page takes everything from the hub itself, and nobody shows it within another one.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
    connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Somebody who looks at a page.
pub(in crate::http) struct Visit {
    pub(super) gateway: Gateway,
    asker: Asker,
    /// What stands around the page.
    pub(super) site: Site,
    /// What stands behind the `?`, as far as it can be read.
    pub(super) pairs: Vec<(String, String)>,
    /// Whether a browser asks, and not a program that reads data.
    pub(in crate::http) wants_page: bool,
    /// What the browser has already.
    known: Option<String>,
}

/// What came of a change.
pub(super) struct Changed {
    /// The record after it; null if nothing was changed.
    pub(super) record: Value,
    /// What is wrong.
    pub(super) troubles: Vec<Trouble>,
}

impl FromRequestParts<Gateway> for Visit {
    type Rejection = Refusal;

    async fn from_request_parts(
        parts: &mut Parts,
        gateway: &Gateway,
    ) -> Result<Self, Self::Rejection> {
        let asker = asker::asker(gateway.api.services(), &parts.headers).await?;
        Ok(Self::of(parts, gateway, asker))
    }
}

impl Visit {
    /// The visit of somebody whose request begins like this.
    fn of(parts: &Parts, gateway: &Gateway, mut asker: Asker) -> Self {
        let headers = &parts.headers;
        let query = parts.uri.query().unwrap_or_default();
        let pairs: Vec<(String, String)> =
            form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let said = |name: &str| pairs.iter().find(|(other, _)| other == name);
        let chosen = said(LANGUAGE).and_then(|(_, value)| match value.as_str() {
            "de" => Some(Language::German),
            "en" => Some(Language::English),
            _ => None,
        });
        let language = chosen.unwrap_or_else(|| asker::language(headers));
        asker.language = language;
        let tables = gateway.api.services().directory().tables();
        let mine = said(MINE).and_then(|(_, slug)| tables.by_slug(slug)).map(|place| Mine {
            id: place.municipality.id.clone(),
            slug: place.municipality.slug.clone(),
            name: place.municipality.name.clone(),
        });
        let site = Site {
            language,
            language_chosen: chosen.is_some(),
            mine,
            is_signed_in: matches!(asker.viewer, Viewer::Member(_)),
            here: Address::new(parts.uri.path(), pairs.clone()),
            room: "",
            assets: &BUILD,
        };
        let accepts = text(headers, &ACCEPT).unwrap_or_default();
        let wants_page = accepts.contains("text/html");
        let known = text(headers, &IF_NONE_MATCH).map(str::to_owned);
        Self { gateway: gateway.clone(), asker, site, pairs, wants_page, known }
    }

    /// Who it is.
    pub(super) const fn viewer(&self) -> &Viewer {
        &self.asker.viewer
    }

    /// Who it is, for the API.
    pub(super) const fn asker(&self) -> &Asker {
        &self.asker
    }

    /// The same in a room of the main navigation.
    pub(super) fn within(mut self, room: &'static str) -> Self {
        self.site.room = room;
        self
    }

    /// The first value of a name behind the `?`.
    pub(super) fn said(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// All values of a name behind the `?`.
    pub(super) fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        let name = name.to_owned();
        let named = self.pairs.iter().filter(move |(other, _)| *other == name);
        named.map(|(_, value)| value.trim())
    }

    /// What the hub knows of municipalities by name.
    pub(super) fn tables(&self) -> Arc<Tables> {
        self.gateway.api.services().directory().tables()
    }

    /// Has a document of the hub's own answered, and reads the answer.
    pub(super) async fn ask<T: DeserializeOwned>(
        &self,
        operation: Operation,
        variables: Value,
    ) -> Result<T, Refusal> {
        let response = self.run(operation, variables).await?;
        if let Some(error) = response.errors.first() {
            tracing::debug!(operation = operation.name, message = %error.message, "a page got no answer");
            return Err(Refusal::of_answer(error));
        }
        let data = response.data.into_json().map_err(unreadable)?;
        self.read(data)
    }

    /// The same; if what was asked makes no sense, what is wrong with it in the words of the API.
    pub(super) async fn ask_or_hear<T: DeserializeOwned>(
        &self,
        operation: Operation,
        variables: Value,
    ) -> Result<Result<T, String>, Refusal> {
        let response = self.run(operation, variables).await?;
        match response.errors.first() {
            None => self.read(response.data.into_json().map_err(unreadable)?).map(Ok),
            Some(error) => match Refusal::of_answer(error) {
                // A hub that sends no mail says so as something that cannot be had now.
                Refusal::Parameters(_) | Refusal::Full => Ok(Err(error.message.clone())),
                refusal => Err(refusal),
            },
        }
    }

    /// Has something changed by a document of the hub's own. What is wrong with it, or with who wants
    /// it, is an answer, too, so that nothing gets lost that somebody typed.
    pub(super) async fn change(
        &self,
        operation: Operation,
        input: Value,
    ) -> Result<Changed, Refusal> {
        let response = self.run(operation, json!({ "input": input })).await?;
        if !response.errors.is_empty() {
            let said = response.errors.iter().map(|error| Trouble::at("", error.message.clone()));
            return Ok(Changed { record: Value::Null, troubles: said.collect() });
        }
        let data = response.data.into_json().map_err(unreadable)?;
        let payload = data.as_object().and_then(|data| data.values().next().cloned());
        let Some(Value::Object(mut payload)) = payload else { return Err(Refusal::Internal) };
        let troubles = self.read(payload.remove("userErrors").unwrap_or_default())?;
        let record = payload.into_iter().map(|(_, record)| record).find(Value::is_object);
        Ok(Changed { record: record.unwrap_or_default(), troubles })
    }

    async fn run(&self, operation: Operation, variables: Value) -> Result<Executed, Refusal> {
        let request = Request::new(operation.document)
            .operation_name(operation.name)
            .variables(Variables::from_json(variables));
        execute(&self.gateway, request, self.asker.clone()).await
    }

    /// Checks and runs what somebody else put together, and gives the answer as it is.
    pub(super) async fn tried(&self, mut request: Request) -> Result<Value, Refusal> {
        let response = match self.gateway.api.check(&mut request) {
            Ok(_) => execute(&self.gateway, request, self.asker.clone()).await?,
            Err(errors) => Executed::from_errors(errors),
        };
        serde_json::to_value(&response).map_err(unreadable)
    }

    /// Reads a part of an answer.
    pub(super) fn read<T: DeserializeOwned>(&self, data: Value) -> Result<T, Refusal> {
        serde_json::from_value(data).map_err(unreadable)
    }

    /// A page as an answer. A browser that has the same already gets nothing.
    pub(super) fn page(&self, page: &impl Template) -> Result<Response<Body>, Refusal> {
        self.answer(StatusCode::OK, page)
    }

    /// That there is no such page, and how to go on.
    pub(super) fn missing(&self) -> Result<Response<Body>, Refusal> {
        let t = self.site.t();
        let page = TroublePage { site: &self.site, title: t.not_found_title, text: t.not_found };
        self.answer(StatusCode::NOT_FOUND, &page)
    }

    /// Leads on to another page of the hub.
    pub(super) fn go(&self, to: &str) -> Response<Body> {
        ([(CACHE_CONTROL, "no-store")], Redirect::to(to)).into_response()
    }

    /// A page as an answer with a status of its own.
    pub(super) fn answer(
        &self,
        status: StatusCode,
        page: &impl Template,
    ) -> Result<Response<Body>, Refusal> {
        self.answer_under(POLICY, status, page)
    }

    /// The same under a policy of its own.
    pub(super) fn answer_under(
        &self,
        policy: &'static str,
        status: StatusCode,
        page: &impl Template,
    ) -> Result<Response<Body>, Refusal> {
        let html = page.render().map_err(|error| {
            tracing::error!(%error, "a page could not be written");
            Refusal::Internal
        })?;
        let digest: String =
            Sha256::digest(&html).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        let etag = format!("\"{digest}\"");
        let cache = match self.asker.viewer {
            Viewer::Anonymous => "public, no-cache",
            _ => "private, no-store",
        };
        let answer = Response::builder()
            .header(ETAG, &etag)
            .header(CACHE_CONTROL, cache)
            .header(VARY, "Accept, Accept-Language, Cookie, Authorization")
            .header(CONTENT_SECURITY_POLICY, policy)
            .header(REFERRER_POLICY, "same-origin")
            .header("cross-origin-opener-policy", "same-origin")
            .header("permissions-policy", "camera=(), geolocation=(), microphone=()")
            .header(X_CONTENT_TYPE_OPTIONS, "nosniff");
        if status == StatusCode::OK && self.known.as_ref().is_some_and(|known| holds(known, &etag))
        {
            return finished(answer.status(StatusCode::NOT_MODIFIED), Body::empty());
        }
        let answer = answer.status(status).header(CONTENT_TYPE, "text/html; charset=utf-8");
        finished(answer, Body::from(html))
    }
}

/// Has what went wrong on a page told as a page, too.
pub(in crate::http) async fn kindly(
    State(gateway): State<Gateway>,
    request: HttpRequest,
    next: Next,
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let asker = asker::asker(gateway.api.services(), &parts.headers).await;
    let nobody = || Asker { viewer: Viewer::Anonymous, language: asker::language(&parts.headers) };
    let asker = asker.unwrap_or_else(|_| nobody());
    let visit = Some(Visit::of(&parts, &gateway, asker)).filter(|visit| visit.wants_page);
    let answer = next.run(HttpRequest::from_parts(parts, body)).await;
    let is_page = answer
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|it| it.as_bytes().starts_with(b"text/html"));
    let status = answer.status();
    let Some(visit) =
        visit.filter(|_| !is_page && (status.is_client_error() || status.is_server_error()))
    else {
        return answer;
    };
    let t = visit.site.t();
    let text = match status {
        StatusCode::FORBIDDEN => t.refused,
        StatusCode::PAYLOAD_TOO_LARGE => t.too_large,
        _ if status.is_client_error() => t.not_understood,
        _ => t.failed_text,
    };
    let page = TroublePage { site: &visit.site, title: t.failed_title, text };
    visit.answer(status, &page).unwrap_or(answer)
}

fn unreadable(error: impl std::fmt::Display) -> Refusal {
    tracing::error!(%error, "an answer is not what its page expects");
    Refusal::Internal
}
