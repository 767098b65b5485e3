//! The page of a document for those who look after it: its file, and bringing it out.

use askama::Template;
use serde::Deserialize;

use crate::domain::{DocumentKind, Publication};
use crate::web::cards::FileCard;
use crate::web::form::Trouble;
use crate::web::kind::Kind;
use crate::web::site::Site;

/// What the API answers.
#[derive(Debug, Deserialize)]
pub(crate) struct Found {
    /// Nothing if there is none, or none that the viewer may see.
    pub(crate) node: Option<Document>,
}

/// A document.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Document {
    pub(crate) id: String,
    title: String,
    kind: Kind<DocumentKind>,
    publication: Kind<Publication>,
    url: Option<String>,
    file: Option<FileCard>,
}

impl Document {
    /// Where it is looked after.
    pub(crate) fn path(&self) -> String {
        format!("/work/documents/{}", self.id)
    }
}

/// The page of a document for those who look after it.
#[derive(Template)]
#[template(path = "document.html")]
pub(crate) struct DocumentPage<'a> {
    pub(crate) site: &'a Site,
    pub(crate) document: Document,
    pub(crate) troubles: Vec<Trouble>,
    /// Whether it was changed a moment ago.
    pub(crate) is_saved: bool,
}

impl DocumentPage<'_> {
    fn action(&self, step: &str) -> String {
        self.site.link(&format!("{}/{step}", self.document.path()))
    }

    /// Where a script sends the file itself.
    fn upload(&self) -> String {
        format!("/documents/{}/file", self.document.id)
    }

    fn is_public(&self) -> bool {
        self.document.publication.0.is_public()
    }

    /// Whether there is something to read.
    fn lies_somewhere(&self) -> bool {
        self.document.file.is_some() || self.document.url.is_some()
    }
}
