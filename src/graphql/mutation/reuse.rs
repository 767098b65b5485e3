//! Changes to what municipalities made of each other's solutions.

use async_graphql::{Context, InputObject, MaybeUndefined, Object, Result, SimpleObject};

use super::{UserError, patch, payload, sorted};
use crate::domain::{
    AdoptionChange, AdoptionId, AdoptionStatus, ContactId, FeedbackId, MunicipalityId, Patch,
    SolutionId,
};
use crate::graphql::context::ContextExt;
use crate::graphql::ids::PartialDate;
use crate::graphql::objects::{Adoption, Feedback};
use crate::graphql::query::Query;
use crate::graphql::whole::Whole;

/// Changes to what municipalities made of each other's solutions.
#[derive(Default, Clone, Copy)]
pub(in crate::graphql) struct Reuse;

/// The fields of an adoption that may be absent.
#[derive(InputObject)]
pub(in crate::graphql) struct AdoptionDetails {
    /// Since when.
    since: MaybeUndefined<PartialDate>,
    /// What they do differently.
    changes: MaybeUndefined<String>,
    /// What came of it.
    result: MaybeUndefined<String>,
    /// Whom to call: a contact of the adopting municipality.
    contact: MaybeUndefined<ContactId>,
}

impl From<AdoptionDetails> for AdoptionChange {
    fn from(details: AdoptionDetails) -> Self {
        Self {
            status: Patch::Keep,
            since: patch(details.since).map(|date| date.0),
            changes: patch(details.changes),
            result: patch(details.result),
            contact: patch(details.contact),
        }
    }
}

/// Who took over which solution.
#[derive(InputObject)]
pub(in crate::graphql) struct DeclareAdoptionInput {
    /// Which solution.
    solution: SolutionId,
    /// Who took it over: in whose name.
    municipality: MunicipalityId,
    /// How far they are.
    status: AdoptionStatus,
    /// The rest of the record.
    #[graphql(flatten)]
    details: AdoptionDetails,
}

/// Who may have taken over which solution.
#[derive(InputObject)]
pub(in crate::graphql) struct SuggestAdoptionInput {
    /// Which solution: one's own.
    solution: SolutionId,
    /// Who took it over.
    municipality: MunicipalityId,
    /// How far they are.
    status: AdoptionStatus,
    /// Since when.
    since: Option<PartialDate>,
    /// What they do differently.
    changes: Option<String>,
    /// What came of it.
    result: Option<String>,
}

/// Which adoption to confirm.
#[derive(InputObject)]
pub(in crate::graphql) struct ConfirmAdoptionInput {
    /// Which adoption.
    id: AdoptionId,
}

/// A change to an adoption. What is absent stays, what is null is emptied.
#[derive(InputObject)]
pub(in crate::graphql) struct UpdateAdoptionInput {
    /// Which adoption.
    id: AdoptionId,
    /// The revision that the change was made on; if the record has another one meanwhile, nothing is changed.
    expected_revision: Option<Whole<u32>>,
    /// How far they are.
    status: MaybeUndefined<AdoptionStatus>,
    /// The rest of the record.
    #[graphql(flatten)]
    details: AdoptionDetails,
}

/// Which adoption to take back or to decline.
#[derive(InputObject)]
pub(in crate::graphql) struct WithdrawAdoptionInput {
    /// Which adoption.
    id: AdoptionId,
}

/// Why a solution was helpful.
#[derive(InputObject)]
pub(in crate::graphql) struct GiveFeedbackInput {
    /// Which solution.
    solution: SolutionId,
    /// To whom: in whose name.
    municipality: MunicipalityId,
    /// Helpful for us because …; at most 500 characters.
    text: String,
}

/// Which feedback to take back.
#[derive(InputObject)]
pub(in crate::graphql) struct WithdrawFeedbackInput {
    /// Which feedback.
    id: FeedbackId,
}

/// Declares the payloads that hold a record after a change.
macro_rules! payloads {
    ($($(#[$doc:meta])* $name:ident { $field:ident: $type:ident })*) => {$(
        payload! {
            $(#[$doc])*
            $name {
                /// The record after the change.
                $field: $type
            }
        }
    )*};
}

payloads! {
    /// What came of declaring an adoption.
    DeclareAdoptionPayload { adoption: Adoption }
    /// What came of suggesting an adoption.
    SuggestAdoptionPayload { adoption: Adoption }
    /// What came of confirming an adoption.
    ConfirmAdoptionPayload { adoption: Adoption }
    /// What came of changing an adoption.
    UpdateAdoptionPayload { adoption: Adoption }
    /// What came of taking an adoption back.
    WithdrawAdoptionPayload { adoption: Adoption }
    /// What came of giving feedback.
    GiveFeedbackPayload { feedback: Feedback }
    /// What came of taking feedback back.
    WithdrawFeedbackPayload { feedback: Feedback }
}

/// Changes to what municipalities made of each other's solutions.
#[Object]
impl Reuse {
    /// Says that a municipality took a solution of others over, in its own name. There is one
    /// adoption for each municipality and solution.
    async fn declare_adoption(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who, and which.")] input: DeclareAdoptionInput,
    ) -> Option<Result<DeclareAdoptionPayload>> {
        let change = AdoptionChange { status: Patch::Set(input.status), ..input.details.into() };
        let (solution, municipality) = (input.solution, input.municipality);
        let outcome =
            ctx.services().declare_adoption(ctx.viewer(), &solution, municipality, change);
        DeclareAdoptionPayload::new(ctx, outcome.await)
    }

    /// Says that a municipality took one's own solution over. It is seen by those two only, and
    /// counts once the municipality confirms it.
    async fn suggest_adoption(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who, and which.")] input: SuggestAdoptionInput,
    ) -> Option<Result<SuggestAdoptionPayload>> {
        let change = AdoptionChange {
            status: Patch::Set(input.status),
            since: Patch::from(input.since.map(|date| date.0)),
            changes: Patch::from(input.changes),
            result: Patch::from(input.result),
            contact: Patch::Keep,
        };
        let (solution, municipality) = (input.solution, input.municipality);
        let outcome =
            ctx.services().suggest_adoption(ctx.viewer(), &solution, municipality, change);
        SuggestAdoptionPayload::new(ctx, outcome.await)
    }

    /// Confirms an adoption that others suggested.
    async fn confirm_adoption(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: ConfirmAdoptionInput,
    ) -> Option<Result<ConfirmAdoptionPayload>> {
        let outcome = ctx.services().confirm_adoption(ctx.viewer(), &input.id).await;
        ConfirmAdoptionPayload::new(ctx, outcome)
    }

    /// Changes an adoption: for the adopting municipality, or, while it is only suggested, for those
    /// who did so.
    async fn update_adoption(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The change.")] input: UpdateAdoptionInput,
    ) -> Option<Result<UpdateAdoptionPayload>> {
        let change = AdoptionChange { status: patch(input.status), ..input.details.into() };
        let expected = input.expected_revision.map(Into::into);
        let outcome =
            ctx.services().update_adoption(ctx.viewer(), &input.id, expected, change).await;
        UpdateAdoptionPayload::new(ctx, outcome)
    }

    /// Declines an adoption that was suggested, or takes one back; it counts no more. Moderators may
    /// too.
    async fn withdraw_adoption(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: WithdrawAdoptionInput,
    ) -> Option<Result<WithdrawAdoptionPayload>> {
        let outcome = ctx.services().withdraw_adoption(ctx.viewer(), &input.id).await;
        WithdrawAdoptionPayload::new(ctx, outcome)
    }

    /// Says why a solution of others was helpful to a municipality, in place of what it said before.
    async fn give_feedback(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The feedback.")] input: GiveFeedbackInput,
    ) -> Option<Result<GiveFeedbackPayload>> {
        let GiveFeedbackInput { solution, municipality, text } = input;
        let outcome = ctx.services().give_feedback(ctx.viewer(), &solution, municipality, &text);
        GiveFeedbackPayload::new(ctx, outcome.await)
    }

    /// Takes feedback back, for those who gave it and for moderators.
    async fn withdraw_feedback(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: WithdrawFeedbackInput,
    ) -> Option<Result<WithdrawFeedbackPayload>> {
        let outcome = ctx.services().withdraw_feedback(ctx.viewer(), &input.id).await;
        WithdrawFeedbackPayload::new(ctx, outcome)
    }
}
