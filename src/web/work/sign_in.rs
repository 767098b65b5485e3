//! The page on which one signs in.

use askama::Template;

use crate::web::address::Address;
use crate::web::site::Site;

/// The names of what the page asks for itself; everything else that is sent to it was typed elsewhere.
pub(crate) const ACCOUNT: &str = "account";
/// The password.
pub(crate) const PASSWORD: &str = "password";
/// Where somebody wants to be afterwards.
pub(crate) const BACK: &str = "back";
/// Says that what was typed is to be sent to where it was meant for.
pub(crate) const AGAIN: &str = "again";

/// The page on which one signs in.
#[derive(Template)]
#[template(path = "sign_in.html")]
pub(crate) struct SignInPage<'a> {
    pub(crate) site: &'a Site,
    /// Where it goes on.
    pub(crate) back: String,
    pub(crate) account: String,
    /// What keeps somebody from being signed in.
    pub(crate) error: Option<String>,
    /// What was typed before the session ended.
    pub(crate) kept: Vec<(String, String)>,
    /// Whether the kept is to be sent on.
    pub(crate) goes_on: bool,
    /// Whether one can sign in elsewhere, too.
    pub(crate) elsewhere: bool,
}

impl SignInPage<'_> {
    fn elsewhere_link(&self) -> String {
        Address::at("/session/oidc").with("return", &self.back).to_string()
    }

    fn action(&self) -> String {
        self.site.link("/sign-in")
    }
}
