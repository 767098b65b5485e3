//! The page of a contact for those who look after it.

use askama::Template;
use serde::Deserialize;
use serde_json::Value;

use super::entry::CONTACT_TEXT;
use crate::domain::{Language, Publication};
use crate::web::form::{Choices, Form, Values};
use crate::web::kind::Kind;
use crate::web::site::Site;

/// A contact.
#[derive(Debug, Deserialize)]
pub(crate) struct Contact {
    pub(crate) id: String,
    pub(crate) revision: u32,
    role: String,
    publication: Kind<Publication>,
    /// The answer itself.
    #[serde(skip)]
    own: Value,
}

impl Contact {
    /// Reads the answer of the API.
    ///
    /// # Errors
    /// It is not what the document asks for.
    pub(crate) fn read(answer: Value) -> Result<Self, serde_json::Error> {
        let mut contact = Self::deserialize(&answer)?;
        contact.own = answer;
        Ok(contact)
    }

    /// Where it is looked after.
    pub(crate) fn path(&self) -> String {
        format!("/work/contacts/{}", self.id)
    }

    /// What stands in its form.
    pub(crate) fn stored(&self, language: Language) -> Values {
        Values::of_record(CONTACT_TEXT, &self.own, language)
    }
}

/// The form of a contact with what somebody typed.
pub(crate) fn form(values: Values, language: Language) -> Form {
    Form {
        groups: CONTACT_TEXT,
        values,
        theirs: None,
        troubles: Vec::new(),
        choices: Choices::default(),
        language,
        grows: None,
    }
}

/// The page of a contact for those who look after it.
#[derive(Template)]
#[template(path = "contact.html")]
pub(crate) struct ContactPage<'a> {
    pub(crate) site: &'a Site,
    pub(crate) contact: Contact,
    pub(crate) form: Form,
    /// The revision on which the text was written.
    pub(crate) revision: Option<u32>,
    /// Whether it was saved a moment ago.
    pub(crate) is_saved: bool,
}

impl ContactPage<'_> {
    fn action(&self) -> String {
        self.site.link(&self.contact.path())
    }

    /// Where it is brought out; if it is, where somebody says that it still holds.
    fn next(&self) -> String {
        let step = if self.is_public() { "confirm" } else { "publish" };
        self.site.link(&format!("{}/{step}", self.contact.path()))
    }

    fn is_public(&self) -> bool {
        self.contact.publication.0.is_public()
    }

    fn is_conflict(&self) -> bool {
        self.form.theirs.is_some()
    }
}
