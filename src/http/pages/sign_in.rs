//! Signing in and out on a page.

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, HeaderValue, LOCATION};
use axum::http::{HeaderMap, Response, StatusCode};
use axum::response::IntoResponse;

use super::posted::{Posted, kept, unkept};
use super::{Answer, Visit};
use crate::domain::ReturnPath;
use crate::http::client::Client;
use crate::http::refusal::Refusal;
use crate::http::session;
use crate::web::work::sign_in::{ACCOUNT, AGAIN, BACK, PASSWORD, SignInPage};

/// Asks who somebody is.
pub(in crate::http) async fn ask(visit: Visit) -> Answer {
    let back = way_back(visit.said(BACK).unwrap_or_default());
    if visit.site.is_signed_in {
        return Ok(visit.go(&back));
    }
    let page = page(&visit, back);
    Ok(unkept(visit.page(&page)?))
}

/// Signs somebody in and leads them back; what they had typed before is sent on to where it was meant
/// for.
pub(in crate::http) async fn sign_in(
    client: Client,
    headers: HeaderMap,
    visit: Visit,
    posted: Posted,
) -> Answer {
    let back = way_back(posted.said(BACK));
    let goes_on = !posted.said(AGAIN).is_empty();
    let (account, password) = (posted.said(ACCOUNT).trim(), posted.said(PASSWORD));
    let begun = session::sign_in(&visit.gateway, client, &headers, account, password).await;
    let refusal = match begun {
        Ok(begun) => {
            // With 307 a browser sends the same once more, to where it leads.
            let status =
                if goes_on { StatusCode::TEMPORARY_REDIRECT } else { StatusCode::SEE_OTHER };
            let mut answer = led(status, &back)?;
            begun.give(&mut answer);
            return Ok(answer);
        }
        Err(refusal) => refusal,
    };
    let w = visit.site.w();
    let error = match &refusal {
        Refusal::TooManyAttempts(seconds) => format!("{} {seconds}", w.try_later),
        _ if refusal.status() == StatusCode::UNAUTHORIZED => w.wrong_pair.to_owned(),
        _ => w.sign_in_failed.to_owned(),
    };
    let page = SignInPage {
        account: account.to_owned(),
        error: Some(error),
        kept: if goes_on { kept(&posted) } else { Vec::new() },
        goes_on,
        ..page(&visit, back)
    };
    Ok(unkept(visit.answer(refusal.status(), &page)?))
}

/// Signs somebody out.
pub(in crate::http) async fn sign_out(
    client: Client,
    headers: HeaderMap,
    visit: Visit,
    _own: Posted,
) -> Answer {
    let mut answer = visit.go(&visit.site.link("/"));
    session::sign_out(&visit.gateway, client, &headers, &mut answer).await?;
    Ok(answer)
}

fn page(visit: &Visit, back: String) -> SignInPage<'_> {
    SignInPage {
        site: &visit.site,
        back,
        account: String::new(),
        error: None,
        kept: Vec::new(),
        goes_on: false,
        elsewhere: visit.gateway.api.services().provider.is_some(),
    }
}

/// Where somebody goes who has signed in: where they wanted to be, or to their work.
fn way_back(text: &str) -> String {
    let path = text.parse::<ReturnPath>().ok();
    let path = path.filter(|path| path.as_str() != "/" && !path.as_str().starts_with("/sign-"));
    path.map_or("/work".to_owned(), |path| path.as_str().to_owned())
}

fn led(status: StatusCode, to: &str) -> Result<Response<Body>, Refusal> {
    let to = HeaderValue::from_str(to).map_err(|error| {
        tracing::error!(%error, "an address cannot stand in a header");
        Refusal::Internal
    })?;
    let no_store = HeaderValue::from_static("no-store");
    Ok((status, [(LOCATION, to), (CACHE_CONTROL, no_store)]).into_response())
}
