//! Changes to documents.

use async_graphql::{Context, InputObject, MaybeUndefined, Object, Result, SimpleObject};

use super::{UserError, patch, payload, sorted};
use crate::domain::{self, DocumentChange, DocumentId, DocumentKind, MunicipalityId, Patch};
use crate::graphql::context::ContextExt;
use crate::graphql::ids::PartialDate;
use crate::graphql::objects::ProjectDocument;
use crate::graphql::query::Query;
use crate::graphql::upload::Upload;
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
    /// Where it lies on the web. A document that is published needs a link or a file.
    url: Option<String>,
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
    /// Where it lies on the web.
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
    /// The media type of what the link leads to, for instance `application/pdf`.
    media_type: MaybeUndefined<String>,
    /// The size in bytes of what the link leads to.
    bytes: MaybeUndefined<Whole<u64>>,
    /// Its licence: an SPDX expression, or a name such as `dl-de/by-2-0`, `CC BY 4.0`.
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

/// A file for a document.
#[derive(InputObject)]
pub(in crate::graphql) struct UploadDocumentFileInput {
    /// Which document.
    id: DocumentId,
    /// The file. What it is, its content tells.
    file: Upload,
    /// What it is called when somebody saves it; the name that the client sends with it if absent.
    name: Option<String>,
    /// The revision that the change was made on; if the record has another one meanwhile, nothing is changed.
    expected_revision: Option<Whole<u32>>,
}

/// Which document to take the file away from.
#[derive(InputObject)]
pub(in crate::graphql) struct RemoveDocumentFileInput {
    /// Which document.
    id: DocumentId,
    /// The revision that the change was made on; if the record has another one meanwhile, nothing is changed.
    expected_revision: Option<Whole<u32>>,
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
    /// What came of giving a document a file.
    UploadDocumentFilePayload {
        /// The document after the change.
        document: ProjectDocument
    }
}

payload! {
    /// What came of taking the file of a document away.
    RemoveDocumentFilePayload {
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
            url: Patch::from(input.url),
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

    /// Gives a document a file, in place of the one that it had. The request is a multipart
    /// request; a plain `PUT /documents/{id}/file` with the file as its body does the same.
    async fn upload_document_file(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one, and the file.")] input: UploadDocumentFileInput,
    ) -> Option<Result<UploadDocumentFilePayload>> {
        let uploaded = match input.file.take(ctx) {
            Ok(uploaded) => uploaded,
            Err(error) => return Some(Err(error)),
        };
        let name = input.name.as_deref().unwrap_or(&uploaded.name);
        let revision = input.expected_revision.map(Into::into);
        let services = ctx.services();
        let outcome =
            services.give_file(ctx.viewer(), &input.id, revision, &uploaded.received, name).await;
        UploadDocumentFilePayload::new(ctx, outcome)
    }

    /// Takes the file of a document away.
    async fn remove_document_file(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: RemoveDocumentFileInput,
    ) -> Option<Result<RemoveDocumentFilePayload>> {
        let revision = input.expected_revision.map(Into::into);
        let outcome = ctx.services().remove_file(ctx.viewer(), &input.id, revision).await;
        RemoveDocumentFilePayload::new(ctx, outcome)
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
