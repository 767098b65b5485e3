//! Project documents.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};
use chrono::{DateTime, Utc};

use super::{LinkCheck, Municipality};
use crate::domain::{
    self, DocumentId, DocumentKind, FileKind, Label, LinkStatus, Publication, TextFailure,
    TextState,
};
use crate::graphql::context::ContextExt;
use crate::graphql::ids::PartialDate;

/// A project document: what is known of it, and the link to it.
#[derive(Clone)]
pub(in crate::graphql) struct ProjectDocument(pub(in crate::graphql) Arc<domain::ProjectDocument>);

/// A project document: what is known of it, and the link to it.
#[Object]
impl ProjectDocument {
    /// The global id.
    pub(super) async fn id(&self) -> ID {
        ID::from(&self.0.id)
    }

    /// How often the record was changed, from 1; for `expectedRevision`.
    async fn revision(&self) -> u32 {
        self.0.revision
    }

    /// Its key in the system that it was imported from.
    async fn external_key(&self) -> Option<&str> {
        self.0.external_key.as_deref()
    }

    /// Whose it is.
    async fn municipality(&self, ctx: &Context<'_>) -> Option<Municipality> {
        Municipality::find(ctx, &self.0.municipality)
    }

    /// What it is called.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// What it holds.
    async fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    /// What sort of document it is.
    async fn kind(&self) -> DocumentKind {
        self.0.kind
    }

    /// Where it lies on the web; null if it was only uploaded.
    async fn url(&self) -> Option<&str> {
        self.0.url.as_deref()
    }

    /// What the link led to when the hub last followed it; null if it was never followed.
    async fn link_status(&self, ctx: &Context<'_>) -> Option<Result<LinkStatus>> {
        LinkCheck::status_of(ctx, self.0.url.as_deref()?).await.transpose()
    }

    /// The file that was uploaded; null if there is only a link.
    async fn file(&self) -> Option<DocumentFile> {
        let file = self.0.file.clone();
        file.map(|file| DocumentFile { document: self.0.id.clone(), file })
    }

    /// The media type of the file, or of what the link leads to, for instance `application/pdf`.
    async fn media_type(&self) -> Option<&str> {
        let file = self.0.file.as_ref().map(|file| file.kind.media_type());
        file.or(self.0.media_type.as_deref())
    }

    /// The size in bytes of the file, or of what the link leads to.
    async fn bytes(&self) -> Option<u64> {
        self.0.file.as_ref().map(|file| file.bytes).or(self.0.bytes)
    }

    /// Its licence, an SPDX expression such as `CC-BY-4.0` or `DL-DE-BY-2.0`.
    async fn licence(&self) -> Option<&str> {
        self.0.licence.as_deref()
    }

    /// Its language, BCP 47.
    async fn language(&self) -> Option<&str> {
        self.0.language.as_deref()
    }

    /// Whether people with disabilities can use it.
    async fn accessible(&self) -> Option<bool> {
        self.0.accessible
    }

    /// Which version it is.
    async fn version(&self) -> Option<&str> {
        self.0.version.as_deref()
    }

    /// When it came out.
    async fn published_on(&self) -> Option<PartialDate> {
        self.0.published_on.clone().map(PartialDate)
    }

    /// Whether it is shown.
    async fn publication(&self) -> Publication {
        self.0.publication
    }

    /// When the record was made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When the record was last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
}

/// The file of a document.
pub(in crate::graphql) struct DocumentFile {
    document: DocumentId,
    file: domain::DocumentFile,
}

/// The uploaded file of a document.
#[Object]
impl DocumentFile {
    /// What it is called when somebody saves it.
    async fn name(&self) -> &str {
        &self.file.name
    }

    /// What it is, by its content.
    async fn kind(&self) -> FileKind {
        self.file.kind
    }

    /// Its media type, by its content.
    async fn media_type(&self) -> &'static str {
        self.file.kind.media_type()
    }

    /// Its size in bytes.
    async fn size(&self) -> u64 {
        self.file.bytes
    }

    /// The SHA-256 of its content, in hexadecimal digits.
    async fn sha256(&self) -> &str {
        self.file.hash.as_str()
    }

    /// How many pages it has; null if it has no pages.
    async fn pages(&self) -> Option<u32> {
        self.file.pages
    }

    /// Whether its text was read, so that search finds it.
    async fn text_state(&self) -> TextState {
        self.file.text
    }

    /// Why its text could not be read.
    async fn text_failure(&self) -> Option<TextFailure> {
        self.file.failure
    }

    /// Whether its text was read and if not, why not, in a sentence.
    async fn text_message(&self, ctx: &Context<'_>) -> &'static str {
        let language = ctx.language();
        match self.file.failure {
            Some(failure) => failure.label(language),
            None => self.file.text.label(language),
        }
    }

    /// Where it is given out, from the root of this hub.
    async fn url(&self) -> String {
        format!("/documents/{}/file", self.document)
    }

    /// When it was uploaded.
    async fn uploaded_at(&self) -> DateTime<Utc> {
        self.file.uploaded_at
    }
}
