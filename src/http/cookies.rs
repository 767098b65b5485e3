//! Cookies, in and out.

use axum::http::HeaderMap;
use axum::http::header::{COOKIE, HeaderValue, SET_COOKIE};

use super::Gateway;
use super::client::Client;

/// A cookie of the hub: no script reads it, and no page of another site sends it along with more
/// than a link.
pub(super) struct Cookie {
    /// Its name.
    pub(super) name: &'static str,
    /// Where it is sent to.
    pub(super) path: &'static str,
}

impl Cookie {
    /// What a request brought of it.
    pub(super) fn of<'a>(&self, headers: &'a HeaderMap) -> Option<&'a str> {
        let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs = cookies.flat_map(|cookies| cookies.split(';')).map(str::trim);
        pairs.find_map(|pair| pair.strip_prefix(self.name)?.strip_prefix('='))
    }

    /// Adds it to an answer, for so many seconds, or until the browser is closed.
    pub(super) fn set(
        &self,
        answer: &mut HeaderMap,
        value: &str,
        seconds: Option<i64>,
        secure: bool,
    ) {
        let Self { name, path } = self;
        let secure = if secure { "; Secure" } else { "" };
        let age = seconds.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
        let cookie = format!("{name}={value}; Path={path}; HttpOnly; SameSite=Lax{secure}{age}");
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            answer.append(SET_COOKIE, cookie);
        }
    }

    /// Takes it away from the browser.
    pub(super) fn forget(&self, answer: &mut HeaderMap, secure: bool) {
        self.set(answer, "", Some(0), secure);
    }
}

/// Whether cookies are for TLS only: the hub is reached with it, as the operator says or a proxy that
/// the operator trusts.
pub(super) fn are_secure(gateway: &Gateway, client: Client) -> bool {
    let public = gateway.api.services().public_url();
    client.tls || public.is_some_and(crate::domain::PublicUrl::is_secure)
}
