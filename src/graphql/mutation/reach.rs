//! What happens to contacts beside the life of all records: consent ends, somebody looks whether
//! they still hold, somebody asks them.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};

use super::{UserError, payload, sorted};
use crate::domain::{ContactId, SolutionId, WithdrawalReason};
use crate::graphql::context::ContextExt;
use crate::graphql::ids::Date;
use crate::graphql::objects::Contact;
use crate::graphql::query::Query;
use crate::graphql::whole::Whole;
use crate::service::Request;

/// Consent of contacts, and messages to them.
#[derive(Default, Clone, Copy)]
pub(in crate::graphql) struct Reach;

/// Whose consent ended.
#[derive(InputObject)]
pub(in crate::graphql) struct WithdrawConsentInput {
    /// Which contact.
    id: ContactId,
    /// Why; seen by those who work for the municipality.
    reason: Option<WithdrawalReason>,
}

/// Which contact still holds.
#[derive(InputObject)]
pub(in crate::graphql) struct ConfirmContactInput {
    /// Which contact.
    id: ContactId,
    /// The revision that was looked at; if the record has another one meanwhile, nothing is changed.
    expected_revision: Option<Whole<u32>>,
    /// By when somebody should look again; in a year if absent.
    review_by: Option<Date>,
}

/// A message to a contact.
#[derive(InputObject)]
pub(in crate::graphql) struct RequestContactInput {
    /// To which contact. Give this or `solution`.
    contact: Option<ContactId>,
    /// To the first contact of which solution that takes messages.
    solution: Option<SolutionId>,
    /// What it is about, in one line of at most 120 characters.
    subject: Option<String>,
    /// The question: plain text of at most 2,000 bytes, where a letter beyond ASCII takes two.
    message: String,
    /// The mail address that the answer goes to.
    reply_to: String,
    /// What to call you.
    name: Option<String>,
}

/// What came of ending a person's consent.
#[derive(SimpleObject)]
pub(in crate::graphql) struct WithdrawConsentPayload {
    /// The contact, without the person.
    contact: Option<Contact>,
    /// Whether some files of the hub still hold the person: they are rewritten within minutes, also
    /// if the hub is started again meanwhile.
    pending: Option<bool>,
    /// What is wrong with the input; empty if the person was erased.
    user_errors: Vec<UserError>,
    /// Further questions.
    query: Option<Query>,
}

payload! {
    /// What came of confirming a contact.
    ConfirmContactPayload {
        /// The contact after the change.
        contact: Contact
    }
}

payload! {
    /// What came of writing to a contact.
    RequestContactPayload {
        /// The contact that the message is on its way to.
        contact: Contact
    }
}

/// Consent of contacts, and messages to them.
#[Object]
impl Reach {
    /// Erases what a contact tells of its person, because the consent to it has ended: the name, the
    /// date of consent, and the mail address and telephone number unless `addressIsPersonal` is
    /// false. It goes from the record, from the index, from what was searched for and from the files
    /// of the database. Role and office stay. For editors of the municipality, and moderators.
    async fn withdraw_consent(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose.")] input: WithdrawConsentInput,
    ) -> Option<Result<WithdrawConsentPayload>> {
        let services = ctx.services();
        let work = services.withdraw_consent(ctx.viewer(), &input.id, input.reason);
        let outcome = Box::pin(work).await;
        Some(sorted(ctx, outcome).map(|(withdrawn, user_errors)| {
            let pending = withdrawn.as_ref().map(|it| it.pending);
            let contact = withdrawn.map(|it| Contact::from(it.contact));
            WithdrawConsentPayload { contact, pending, user_errors, query: Some(Query) }
        }))
    }

    /// Says that a contact still holds: it is to be looked at again in a year, and counts as one that
    /// can be reached.
    async fn confirm_contact(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: ConfirmContactInput,
    ) -> Option<Result<ConfirmContactPayload>> {
        let (expected, day) = (input.expected_revision.map(Into::into), input.review_by);
        let work =
            ctx.services().confirm_contact(ctx.viewer(), &input.id, expected, day.map(|day| day.0));
        ConfirmContactPayload::new(ctx, Box::pin(work).await)
    }

    /// Sends a message to a contact by mail, without telling its address; the answer goes straight to
    /// `replyTo`. The message says for which municipalities you hold a role. For everybody who is
    /// signed in or has an access token; at most 10 an hour, and 20 an hour to one contact.
    async fn request_contact(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The message.")] input: RequestContactInput,
    ) -> Option<Result<RequestContactPayload>> {
        let request = Request {
            contact: input.contact,
            solution: input.solution,
            subject: input.subject,
            message: input.message,
            reply_to: input.reply_to,
            name: input.name,
        };
        let work = ctx.services().request_contact(ctx.viewer(), request);
        RequestContactPayload::new(ctx, Box::pin(work).await)
    }
}
