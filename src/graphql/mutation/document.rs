//! Changes to documents.

use async_graphql::{Context, InputObject, MaybeUndefined, Object, Result, SimpleObject};

use super::{UserError, patch, payload, sorted};
use crate::domain::{self, DocumentChange, DocumentId, DocumentKind, MunicipalityId, Patch};
use crate::graphql::context::ContextExt;
use crate::graphql::ids::PartialDate;
use crate::graphql::objects::ProjectDocument;
use crate::graphql::query::Query;
use crate::graphql::whole::Whole;

/// Changes to documents.
#[derive(Default, Clone, Copy)]
pub(in crate::graphql) struct Documents;

/// What makes a document. It starts as a draft that only its editors see.
#[derive(InputObject)]
pub(in crate::graphql) struct CreateDocumentInput {
    /// Whose document it is.
    municipality: MunicipalityId,
    /// What it is called.
    title: String,
    /// What sort of document it is.
    kind: DocumentKind,
    /// Where it lies.
    url: String,
    /// The rest of the record.
    #[graphql(flatten)]
    details: DocumentDetails,
}

/// A change to a document. What is absent stays, what is null is emptied.
#[derive(InputObject)]
pub(in crate::graphql) struct UpdateDocumentInput {
    /// Which document.
    id: DocumentId,
    /// The revision that the change was made on; if the record has another one meanwhile, nothing is changed.
    expected_revision: Option<Whole<u32>>,
    /// What it is called.
    title: MaybeUndefined<String>,
    /// What sort of document it is.
    kind: MaybeUndefined<DocumentKind>,
    /// Where it lies.
    url: MaybeUndefined<String>,
    /// The rest of the record.
    #[graphql(flatten)]
    details: DocumentDetails,
}

/// The fields of a document that may be absent.
#[derive(InputObject)]
pub(in crate::graphql) struct DocumentDetails {
    /// Its key in the system that it comes from.
    external_key: MaybeUndefined<String>,
    /// What it holds.
    description: MaybeUndefined<String>,
    /// Its media type, for instance `application/pdf`.
    media_type: MaybeUndefined<String>,
    /// Its size in bytes.
    bytes: MaybeUndefined<Whole<u64>>,
    /// Its licence.
    licence: MaybeUndefined<String>,
    /// Its language, BCP 47.
    language: MaybeUndefined<String>,
    /// Whether people with disabilities can use it.
    accessible: MaybeUndefined<bool>,
    /// Which version it is.
    version: MaybeUndefined<String>,
    /// When it came out.
    published_on: MaybeUndefined<PartialDate>,
}

impl From<DocumentDetails> for DocumentChange {
    fn from(details: DocumentDetails) -> Self {
        Self {
            external_key: patch(details.external_key),
            description: patch(details.description),
            media_type: patch(details.media_type),
            bytes: patch(details.bytes).map(Into::into),
            licence: patch(details.licence),
            language: patch(details.language),
            accessible: patch(details.accessible),
            version: patch(details.version),
            published_on: patch(details.published_on).map(|date| date.0),
            ..Self::default()
        }
    }
}

/// Which document to publish.
#[derive(InputObject)]
pub(in crate::graphql) struct PublishDocumentInput {
    /// Which document.
    id: DocumentId,
}

/// Which document to archive.
#[derive(InputObject)]
pub(in crate::graphql) struct ArchiveDocumentInput {
    /// Which document.
    id: DocumentId,
}

payload! {
    /// What came of making a document.
    CreateDocumentPayload {
        /// The document after the change.
        document: ProjectDocument
    }
}

payload! {
    /// What came of changing a document.
    UpdateDocumentPayload {
        /// The document after the change.
        document: ProjectDocument
    }
}

payload! {
    /// What came of publishing a document.
    PublishDocumentPayload {
        /// The document after the change.
        document: ProjectDocument
    }
}

payload! {
    /// What came of archiving a document.
    ArchiveDocumentPayload {
        /// The document after the change.
        document: ProjectDocument
    }
}

/// Changes to documents.
#[Object]
impl Documents {
    /// Makes a document as a draft.
    async fn create_document(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What makes it.")] input: CreateDocumentInput,
    ) -> Option<Result<CreateDocumentPayload>> {
        let services = ctx.services();
        let draft = domain::ProjectDocument::draft(
            services.ids.fresh().into(),
            input.municipality,
            services.clock.now(),
        );
        let change = DocumentChange {
            title: Patch::Set(input.title),
            kind: Patch::Set(input.kind),
            url: Patch::Set(input.url),
            ..input.details.into()
        };
        CreateDocumentPayload::new(ctx, services.create(ctx.viewer(), draft, change).await)
    }

    /// Changes a document.
    async fn update_document(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The change.")] input: UpdateDocumentInput,
    ) -> Option<Result<UpdateDocumentPayload>> {
        let change = DocumentChange {
            title: patch(input.title),
            kind: patch(input.kind),
            url: patch(input.url),
            ..input.details.into()
        };
        let outcome = ctx
            .services()
            .update(ctx.viewer(), &input.id, input.expected_revision.map(Into::into), change)
            .await;
        UpdateDocumentPayload::new(ctx, outcome)
    }

    /// Brings a document out in the open.
    async fn publish_document(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: PublishDocumentInput,
    ) -> Option<Result<PublishDocumentPayload>> {
        PublishDocumentPayload::new(ctx, ctx.services().publish(ctx.viewer(), &input.id).await)
    }

    /// Puts a document away; it can be published again.
    async fn archive_document(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: ArchiveDocumentInput,
    ) -> Option<Result<ArchiveDocumentPayload>> {
        ArchiveDocumentPayload::new(ctx, ctx.services().archive(ctx.viewer(), &input.id).await)
    }
}
