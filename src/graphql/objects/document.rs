//! Project documents.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use chrono::{DateTime, Utc};

use super::Municipality;
use crate::domain::{self, DocumentKind, Publication};
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

    /// Where it lies.
    async fn url(&self) -> &str {
        &self.0.url
    }

    /// Its media type, for instance `application/pdf`.
    async fn media_type(&self) -> Option<&str> {
        self.0.media_type.as_deref()
    }

    /// Its size in bytes.
    async fn bytes(&self) -> Option<u64> {
        self.0.bytes
    }

    /// Its licence.
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
