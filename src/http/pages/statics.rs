//! What pages need beside themselves. It is named with its build, so nobody asks for it twice.

use std::sync::LazyLock;

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

const STYLESHEET: &str = include_str!("../../web/static/allmende.css");
const SCRIPT: &str = include_str!("../../web/static/allmende.js");
const GRAPHIQL_STYLESHEET: &str = include_str!("../../web/static/graphiql.css");
const GRAPHIQL_SCRIPT: &str = include_str!("../../web/static/graphiql.js");
const ICON: &str = include_str!("../../web/static/icon.svg");

/// What names this build of them.
pub(super) static BUILD: LazyLock<String> = LazyLock::new(|| {
    let digest = Sha256::new().chain_update(STYLESHEET).chain_update(SCRIPT).chain_update(ICON);
    let digest = digest.chain_update(GRAPHIQL_STYLESHEET).chain_update(GRAPHIQL_SCRIPT);
    digest.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
});

/// How pages look.
pub(in crate::http) async fn stylesheet() -> Response {
    file(STYLESHEET, "text/css; charset=utf-8")
}

/// What only a script can do.
pub(in crate::http) async fn script() -> Response {
    file(SCRIPT, "text/javascript; charset=utf-8")
}

/// How the page around GraphiQL looks.
pub(in crate::http) async fn graphiql_stylesheet() -> Response {
    file(GRAPHIQL_STYLESHEET, "text/css; charset=utf-8")
}

/// What starts GraphiQL.
pub(in crate::http) async fn graphiql_script() -> Response {
    file(GRAPHIQL_SCRIPT, "text/javascript; charset=utf-8")
}

/// What stands on the tab of a browser.
pub(in crate::http) async fn icon() -> Response {
    file(ICON, "image/svg+xml")
}

fn file(text: &'static str, kind: &'static str) -> Response {
    let headers = [
        (CONTENT_TYPE, kind),
        (CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, text).into_response()
}
