//! Changes to organisations.

use async_graphql::{Context, InputObject, MaybeUndefined, Object, Result, SimpleObject};

use super::{UserError, patch, payload, sorted};
use crate::domain::{
    MunicipalityId, OrganisationChange, OrganisationId, OrganisationKind, Patch, TopicId,
};
use crate::graphql::context::ContextExt;
use crate::graphql::objects::Organisation;
use crate::graphql::query::Query;
use crate::graphql::whole::Whole;

/// Changes to organisations.
#[derive(Default, Clone, Copy)]
pub(in crate::graphql) struct Organisations;

/// The fields of an organisation that may be absent.
#[derive(InputObject)]
pub(in crate::graphql) struct OrganisationDetails {
    /// What it does. No names of persons.
    description: MaybeUndefined<String>,
    /// The web address.
    website: MaybeUndefined<String>,
    /// The mailbox of a role, not of a person.
    mailbox: MaybeUndefined<String>,
    /// What it knows about.
    topics: MaybeUndefined<Vec<TopicId>>,
    /// The states it works in, ISO 3166-2, for instance `DE-SN`.
    states: MaybeUndefined<Vec<String>>,
    /// The municipalities it works in.
    municipalities: MaybeUndefined<Vec<MunicipalityId>>,
}

impl From<OrganisationDetails> for OrganisationChange {
    fn from(details: OrganisationDetails) -> Self {
        Self {
            name: Patch::Keep,
            kind: Patch::Keep,
            description: patch(details.description),
            website: patch(details.website),
            mailbox: patch(details.mailbox),
            topics: patch(details.topics),
            states: patch(details.states),
            municipalities: patch(details.municipalities),
        }
    }
}

/// What makes an organisation.
#[derive(InputObject)]
pub(in crate::graphql) struct CreateOrganisationInput {
    /// The municipality in whose name it is entered, which may change it; absent for moderators.
    entered_by: Option<MunicipalityId>,
    /// The name; not that of a person.
    name: String,
    /// What it is.
    kind: OrganisationKind,
    /// The rest of the record.
    #[graphql(flatten)]
    details: OrganisationDetails,
}

/// A change to an organisation. What is absent stays, what is null is emptied.
#[derive(InputObject)]
pub(in crate::graphql) struct UpdateOrganisationInput {
    /// Which organisation.
    id: OrganisationId,
    /// The revision that the change was made on; if the record has another one meanwhile, nothing is changed.
    expected_revision: Option<Whole<u32>>,
    /// The name; not that of a person. The name in URLs stays.
    name: MaybeUndefined<String>,
    /// What it is.
    kind: MaybeUndefined<OrganisationKind>,
    /// The rest of the record.
    #[graphql(flatten)]
    details: OrganisationDetails,
}

/// Which organisation to put away.
#[derive(InputObject)]
pub(in crate::graphql) struct ArchiveOrganisationInput {
    /// Which organisation.
    id: OrganisationId,
}

/// Which organisation to show again.
#[derive(InputObject)]
pub(in crate::graphql) struct PublishOrganisationInput {
    /// Which organisation.
    id: OrganisationId,
}

payload! {
    /// What came of entering an organisation.
    CreateOrganisationPayload {
        /// The organisation after the change.
        organisation: Organisation
    }
}

payload! {
    /// What came of changing an organisation.
    UpdateOrganisationPayload {
        /// The organisation after the change.
        organisation: Organisation
    }
}

payload! {
    /// What came of putting an organisation away.
    ArchiveOrganisationPayload {
        /// The organisation after the change.
        organisation: Organisation
    }
}

payload! {
    /// What came of showing an organisation again.
    PublishOrganisationPayload {
        /// The organisation after the change.
        organisation: Organisation
    }
}

/// Changes to organisations, for moderators and for the municipality that entered one.
#[Object]
impl Organisations {
    /// Enters an organisation or experts; they are shown at once.
    async fn create_organisation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What makes it.")] input: CreateOrganisationInput,
    ) -> Option<Result<CreateOrganisationPayload>> {
        let change = OrganisationChange {
            name: Patch::Set(input.name.clone()),
            kind: Patch::Set(input.kind),
            ..input.details.into()
        };
        let (services, by) = (ctx.services(), input.entered_by);
        let outcome = services.create_organisation(ctx.viewer(), by, &input.name, change).await;
        CreateOrganisationPayload::new(ctx, outcome)
    }

    /// Changes an organisation.
    async fn update_organisation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The change.")] input: UpdateOrganisationInput,
    ) -> Option<Result<UpdateOrganisationPayload>> {
        let change = OrganisationChange {
            name: patch(input.name),
            kind: patch(input.kind),
            ..input.details.into()
        };
        let expected = input.expected_revision.map(Into::into);
        let outcome =
            ctx.services().update_organisation(ctx.viewer(), &input.id, expected, change).await;
        UpdateOrganisationPayload::new(ctx, outcome)
    }

    /// Puts an organisation away; it can be shown again.
    async fn archive_organisation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: ArchiveOrganisationInput,
    ) -> Option<Result<ArchiveOrganisationPayload>> {
        let outcome = ctx.services().show_organisation(ctx.viewer(), &input.id, false).await;
        ArchiveOrganisationPayload::new(ctx, outcome)
    }

    /// Shows an organisation again that was put away.
    async fn publish_organisation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: PublishOrganisationInput,
    ) -> Option<Result<PublishOrganisationPayload>> {
        let outcome = ctx.services().show_organisation(ctx.viewer(), &input.id, true).await;
        PublishOrganisationPayload::new(ctx, outcome)
    }
}
