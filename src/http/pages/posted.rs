//! Forms that people send, and who may send them.

use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use axum::http::request::Parts;
use axum::http::{Response, StatusCode};
use axum::response::IntoResponse;
use url::form_urlencoded;

use super::Visit;
use crate::http::refusal::Refusal;
use crate::http::{Gateway, graphql, session};
use crate::web::work::sign_in::{ACCOUNT, AGAIN, BACK, PASSWORD, SignInPage};

/// A form that a page of the hub's own has sent.
pub(in crate::http) struct Posted {
    pub(super) pairs: Vec<(String, String)>,
}

impl Posted {
    /// What was sent under a name; empty if nothing was.
    pub(super) fn said(&self, name: &str) -> &str {
        let found = self.pairs.iter().find(|(other, _)| other == name);
        found.map_or("", |(_, value)| value.as_str())
    }

    /// All that was sent under a name.
    pub(super) fn all(&self, name: &str) -> Vec<&str> {
        let named = self.pairs.iter().filter(|(other, _)| other == name);
        named.map(|(_, value)| value.as_str()).collect()
    }

    /// A whole number that the page has written.
    pub(super) fn number(&self, name: &str) -> Option<u32> {
        self.said(name).parse().ok()
    }
}

impl FromRequest<Gateway> for Posted {
    type Rejection = Refusal;

    async fn from_request(request: Request, gateway: &Gateway) -> Result<Self, Refusal> {
        session::from_own_form(request.headers())?;
        let media = request.headers().get(CONTENT_TYPE).and_then(|media| media.to_str().ok());
        let media = media.and_then(|media| media.split(';').next()).unwrap_or_default();
        if !media.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return Err(Refusal::Parameters(
                "a form must be sent as application/x-www-form-urlencoded",
            ));
        }
        let body = graphql::body(gateway, request).await?;
        Ok(Self { pairs: form_urlencoded::parse(&body).into_owned().collect() })
    }
}

/// Somebody signed in who looks at a page of their work. Others are led to where one signs in.
pub(in crate::http) struct Worker(pub(super) Visit);

impl FromRequestParts<Gateway> for Worker {
    type Rejection = Response<Body>;

    async fn from_request_parts(
        parts: &mut Parts,
        gateway: &Gateway,
    ) -> Result<Self, Response<Body>> {
        let visit = Visit::from_request_parts(parts, gateway).await;
        let visit = visit.map_err(IntoResponse::into_response)?.within("/work");
        if visit.site.is_signed_in {
            return Ok(Self(visit));
        }
        Err(visit.go(&visit.site.sign_in()))
    }
}

/// What somebody signed in has sent. Whose session is over signs in, and goes on with what was typed.
pub(in crate::http) struct Sent {
    pub(super) visit: Visit,
    pub(super) posted: Posted,
}

impl FromRequest<Gateway> for Sent {
    type Rejection = Response<Body>;

    async fn from_request(request: Request, gateway: &Gateway) -> Result<Self, Response<Body>> {
        let (mut parts, body) = request.into_parts();
        let visit = Visit::from_request_parts(&mut parts, gateway).await;
        let visit = visit.map_err(IntoResponse::into_response)?.within("/work");
        let posted = Posted::from_request(Request::from_parts(parts, body), gateway).await;
        let posted = posted.map_err(IntoResponse::into_response)?;
        if visit.site.is_signed_in {
            return Ok(Self { visit, posted });
        }
        if !visit.wants_page {
            return Err(Refusal::Token.into_response());
        }
        let page = SignInPage {
            site: &visit.site,
            back: visit.site.here_text(),
            account: String::new(),
            error: None,
            kept: kept(&posted),
            goes_on: true,
            elsewhere: false,
        };
        let answer = visit.answer(StatusCode::UNAUTHORIZED, &page);
        Err(answer.map_or_else(IntoResponse::into_response, unkept))
    }
}

/// What was typed elsewhere and goes along with a sign-in.
pub(super) fn kept(posted: &Posted) -> Vec<(String, String)> {
    let own = [ACCOUNT, PASSWORD, BACK, AGAIN];
    posted.pairs.iter().filter(|(name, _)| !own.contains(&name.as_str())).cloned().collect()
}

/// An answer that nobody keeps.
pub(super) fn unkept(mut answer: Response<Body>) -> Response<Body> {
    answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}
