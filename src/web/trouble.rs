//! What somebody sees when there is nothing to see.

use askama::Template;

use super::site::Site;

/// A page that says what went wrong, and helps on.
#[derive(Template)]
#[template(path = "trouble.html")]
pub(crate) struct TroublePage<'a> {
    pub(crate) site: &'a Site,
    pub(crate) title: &'a str,
    pub(crate) text: &'a str,
}
