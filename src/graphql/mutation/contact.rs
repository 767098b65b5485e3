//! Changes to contacts.

use async_graphql::{Context, InputObject, MaybeUndefined, Object, Result, SimpleObject};

use super::{UserError, patch, payload, sorted};
use crate::domain::{
    self, ContactChange, ContactId, ContactVisibility, MunicipalityId, Patch, Willingness,
};
use crate::graphql::context::ContextExt;
use crate::graphql::ids::Date;
use crate::graphql::objects::Contact;
use crate::graphql::query::Query;
use crate::graphql::whole::Whole;

/// Changes to contacts.
#[derive(Default, Clone, Copy)]
pub(in crate::graphql) struct Contacts;

/// What makes a contact. It starts as a draft that only its editors see.
#[derive(InputObject)]
pub(in crate::graphql) struct CreateContactInput {
    /// Whose contact it is.
    municipality: MunicipalityId,
    /// The role, for instance "Stabsstelle Demografie".
    role: String,
    /// The rest of the record.
    #[graphql(flatten)]
    details: ContactDetails,
}

/// A change to a contact. What is absent stays, what is null is emptied.
#[derive(InputObject)]
pub(in crate::graphql) struct UpdateContactInput {
    /// Which contact.
    id: ContactId,
    /// The revision that the change was made on; if the record has another one meanwhile, nothing is changed.
    expected_revision: Option<Whole<u32>>,
    /// The role, for instance "Stabsstelle Demografie".
    role: MaybeUndefined<String>,
    /// The rest of the record.
    #[graphql(flatten)]
    details: ContactDetails,
}

/// The fields of a contact that may be absent.
#[derive(InputObject)]
pub(in crate::graphql) struct ContactDetails {
    /// Its key in the system that it comes from.
    external_key: MaybeUndefined<String>,
    /// The person; needs `consentAt`.
    person: MaybeUndefined<String>,
    /// The office.
    office: MaybeUndefined<String>,
    /// Mail address, best a role's mailbox.
    email: MaybeUndefined<String>,
    /// Telephone number.
    phone: MaybeUndefined<String>,
    /// Whether mail address and telephone number belong to the person, so that they are erased when
    /// the person withdraws consent; true if absent. Say false for a role's mailbox.
    address_is_personal: MaybeUndefined<bool>,
    /// Who may see how it is reached; everybody if absent.
    visibility: MaybeUndefined<ContactVisibility>,
    /// Languages spoken, BCP 47.
    languages: MaybeUndefined<Vec<String>>,
    /// What it is ready to do.
    willing: MaybeUndefined<Vec<Willingness>>,
    /// When the person agreed to be named.
    consent_at: MaybeUndefined<Date>,
    /// By when somebody should check whether it still holds.
    review_by: MaybeUndefined<Date>,
}

impl From<ContactDetails> for ContactChange {
    fn from(details: ContactDetails) -> Self {
        Self {
            external_key: patch(details.external_key),
            person: patch(details.person),
            office: patch(details.office),
            email: patch(details.email),
            phone: patch(details.phone),
            address_is_personal: patch(details.address_is_personal),
            visibility: patch(details.visibility),
            languages: patch(details.languages),
            willing: patch(details.willing),
            consent_at: patch(details.consent_at).map(|date| date.0),
            review_by: patch(details.review_by).map(|date| date.0),
            ..Self::default()
        }
    }
}

/// Which contact to publish.
#[derive(InputObject)]
pub(in crate::graphql) struct PublishContactInput {
    /// Which contact.
    id: ContactId,
}

/// Which contact to archive.
#[derive(InputObject)]
pub(in crate::graphql) struct ArchiveContactInput {
    /// Which contact.
    id: ContactId,
}

payload! {
    /// What came of making a contact.
    CreateContactPayload {
        /// The contact after the change.
        contact: Contact
    }
}

payload! {
    /// What came of changing a contact.
    UpdateContactPayload {
        /// The contact after the change.
        contact: Contact
    }
}

payload! {
    /// What came of publishing a contact.
    PublishContactPayload {
        /// The contact after the change.
        contact: Contact
    }
}

payload! {
    /// What came of archiving a contact.
    ArchiveContactPayload {
        /// The contact after the change.
        contact: Contact
    }
}

/// Changes to contacts.
#[Object]
impl Contacts {
    /// Makes a contact as a draft.
    async fn create_contact(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What makes it.")] input: CreateContactInput,
    ) -> Option<Result<CreateContactPayload>> {
        let services = ctx.services();
        let draft = domain::Contact::draft(
            services.ids.fresh().into(),
            input.municipality,
            services.clock.now(),
        );
        let change = ContactChange { role: Patch::Set(input.role), ..input.details.into() };
        CreateContactPayload::new(ctx, services.create(ctx.viewer(), draft, change).await)
    }

    /// Changes a contact.
    async fn update_contact(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The change.")] input: UpdateContactInput,
    ) -> Option<Result<UpdateContactPayload>> {
        let change = ContactChange { role: patch(input.role), ..input.details.into() };
        let outcome = ctx
            .services()
            .update(ctx.viewer(), &input.id, input.expected_revision.map(Into::into), change)
            .await;
        UpdateContactPayload::new(ctx, outcome)
    }

    /// Brings a contact out in the open.
    async fn publish_contact(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: PublishContactInput,
    ) -> Option<Result<PublishContactPayload>> {
        PublishContactPayload::new(ctx, ctx.services().publish(ctx.viewer(), &input.id).await)
    }

    /// Puts a contact away; it can be published again.
    async fn archive_contact(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: ArchiveContactInput,
    ) -> Option<Result<ArchiveContactPayload>> {
        ArchiveContactPayload::new(ctx, ctx.services().archive(ctx.viewer(), &input.id).await)
    }
}
