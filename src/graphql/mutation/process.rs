//! Changes to strategy processes with the five steps.

use async_graphql::{Context, InputObject, MaybeUndefined, Object, Result, SimpleObject};

use super::{UserError, patch, patch_list, payload, sorted};
use crate::domain::{
    self, DocumentId, MunicipalityId, OrganisationId, ProcessChange, ProcessId, ProcessStepChange,
    ProcessStepKind, ProgrammeId, StepState, TopicId,
};
use crate::graphql::context::ContextExt;
use crate::graphql::ids::PartialDate;
use crate::graphql::objects::{ParticipationInput, StrategyProcess};
use crate::graphql::query::Query;
use crate::graphql::whole::Whole;

/// Changes to strategy processes.
#[derive(Default, Clone, Copy)]
pub(in crate::graphql) struct Processes;

/// Strengths, weaknesses, opportunities and threats. A list that is absent stays as it is.
#[derive(InputObject)]
pub(in crate::graphql) struct SwotInput {
    /// What is good here.
    strengths: MaybeUndefined<Vec<String>>,
    /// What is not.
    weaknesses: MaybeUndefined<Vec<String>>,
    /// What may help.
    opportunities: MaybeUndefined<Vec<String>>,
    /// What may harm.
    threats: MaybeUndefined<Vec<String>>,
}

impl From<SwotInput> for domain::SwotChange {
    fn from(input: SwotInput) -> Self {
        Self {
            strengths: patch(input.strengths),
            weaknesses: patch(input.weaknesses),
            opportunities: patch(input.opportunities),
            threats: patch(input.threats),
        }
    }
}

/// A field of work that the workshop put first.
#[derive(InputObject)]
pub(in crate::graphql) struct PriorityInput {
    /// The topic it belongs to.
    topic: TopicId,
    /// What it is called on site.
    title: String,
}

impl From<PriorityInput> for domain::Priority {
    fn from(PriorityInput { topic, title }: PriorityInput) -> Self {
        Self { topic, title }
    }
}

/// What an interim review found.
#[derive(InputObject)]
pub(in crate::graphql) struct InterimReviewInput {
    /// When it was held.
    date: Option<PartialDate>,
    /// What was reached.
    reached: Option<Vec<String>>,
    /// What was not.
    not_reached: Option<Vec<String>>,
    /// What is done differently from then on.
    changed: Option<Vec<String>>,
}

impl From<InterimReviewInput> for domain::InterimReview {
    fn from(input: InterimReviewInput) -> Self {
        Self {
            date: input.date.map(|date| date.0),
            reached: input.reached.unwrap_or_default(),
            not_reached: input.not_reached.unwrap_or_default(),
            changed: input.changed.unwrap_or_default(),
        }
    }
}

/// That an organisation accompanied a process.
#[derive(InputObject)]
pub(in crate::graphql) struct FacilitationInput {
    /// Which organisation.
    organisation: OrganisationId,
    /// In which role.
    role: String,
    /// From when.
    starts: Option<PartialDate>,
    /// Until when.
    ends: Option<PartialDate>,
}

impl From<FacilitationInput> for domain::Facilitation {
    fn from(input: FacilitationInput) -> Self {
        Self {
            organisation: input.organisation,
            role: input.role,
            starts: input.starts.map(|date| date.0),
            ends: input.ends.map(|date| date.0),
        }
    }
}

/// The fields of a strategy process that may be absent.
#[derive(InputObject)]
pub(in crate::graphql) struct ProcessDetails {
    /// The programme that it belongs to; one process each.
    programme: MaybeUndefined<ProgrammeId>,
    /// Its beginning.
    starts: MaybeUndefined<PartialDate>,
    /// Its end.
    ends: MaybeUndefined<PartialDate>,
    /// Who accompanied it.
    facilitations: MaybeUndefined<Vec<FacilitationInput>>,
    /// The profile's findings.
    swot: MaybeUndefined<SwotInput>,
    /// What the workshop put first.
    priorities: MaybeUndefined<Vec<PriorityInput>>,
    /// What the interim review found.
    review: MaybeUndefined<InterimReviewInput>,
}

impl From<ProcessDetails> for ProcessChange {
    fn from(details: ProcessDetails) -> Self {
        Self {
            programme: patch(details.programme),
            starts: patch(details.starts).map(|date| date.0),
            ends: patch(details.ends).map(|date| date.0),
            facilitations: patch_list(details.facilitations),
            swot: patch(details.swot).map(Into::into),
            priorities: patch_list(details.priorities),
            review: patch(details.review).map(Into::into),
            step: None,
            measure: None,
        }
    }
}

/// What begins a strategy process.
#[derive(InputObject)]
pub(in crate::graphql) struct CreateStrategyProcessInput {
    /// Whose process it is.
    municipality: MunicipalityId,
    /// The rest of the record.
    #[graphql(flatten)]
    details: ProcessDetails,
}

/// A change to a strategy process. What is absent stays, what is null is emptied; lists and parts
/// are replaced as a whole.
#[derive(InputObject)]
pub(in crate::graphql) struct UpdateStrategyProcessInput {
    /// Which process.
    id: ProcessId,
    /// The revision that the change was made on; if the record has another one meanwhile, nothing is changed.
    expected_revision: Option<Whole<u32>>,
    /// The rest of the record.
    #[graphql(flatten)]
    details: ProcessDetails,
}

/// Which strategy process to publish.
#[derive(InputObject)]
pub(in crate::graphql) struct PublishStrategyProcessInput {
    /// Which process.
    id: ProcessId,
}

/// Which strategy process to archive.
#[derive(InputObject)]
pub(in crate::graphql) struct ArchiveStrategyProcessInput {
    /// Which process.
    id: ProcessId,
}

/// A change to one of the five steps, which begins as planned. What is absent stays, what is null is
/// emptied.
#[derive(InputObject)]
pub(in crate::graphql) struct SetProcessStepInput {
    /// Which process.
    id: ProcessId,
    /// The revision that the change was made on; if the record has another one meanwhile, nothing is changed.
    expected_revision: Option<Whole<u32>>,
    /// Which step.
    step: ProcessStepKind,
    /// Where it stands.
    state: MaybeUndefined<StepState>,
    /// When it was, or is planned; its beginning, if it took longer.
    date: MaybeUndefined<PartialDate>,
    /// Its end, if it took longer.
    ends: MaybeUndefined<PartialDate>,
    /// What happened.
    note: MaybeUndefined<String>,
    /// Where that is evidenced.
    source: MaybeUndefined<String>,
    /// How citizens took part, one by one: in which form, how far, how many, who was missed.
    participation: MaybeUndefined<Vec<ParticipationInput>>,
    /// What came of it on paper.
    documents: MaybeUndefined<Vec<DocumentId>>,
}

/// Which of the five steps to remove.
#[derive(InputObject)]
pub(in crate::graphql) struct RemoveProcessStepInput {
    /// Which process.
    id: ProcessId,
    /// The revision that the change was made on; if the record has another one meanwhile, nothing is changed.
    expected_revision: Option<Whole<u32>>,
    /// Which step.
    step: ProcessStepKind,
}

/// Declares the payloads that hold the process after a change.
macro_rules! payloads {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        payload! {
            $(#[$doc])*
            $name {
                /// The process after the change.
                strategy_process: StrategyProcess
            }
        }
    )*};
}

payloads! {
    /// What came of beginning a strategy process.
    CreateStrategyProcessPayload;
    /// What came of changing a strategy process.
    UpdateStrategyProcessPayload;
    /// What came of publishing a strategy process.
    PublishStrategyProcessPayload;
    /// What came of archiving a strategy process.
    ArchiveStrategyProcessPayload;
    /// What came of changing a step.
    SetProcessStepPayload;
    /// What came of removing a step.
    RemoveProcessStepPayload;
}

/// Changes to strategy processes, by those whose they are.
#[Object]
impl Processes {
    /// Begins a strategy process as a draft.
    async fn create_strategy_process(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What begins it.")] input: CreateStrategyProcessInput,
    ) -> Option<Result<CreateStrategyProcessPayload>> {
        let CreateStrategyProcessInput { municipality, details } = input;
        let outcome = ctx.services().create_process(ctx.viewer(), municipality, details.into());
        CreateStrategyProcessPayload::new(ctx, outcome.await)
    }

    /// Changes a strategy process.
    async fn update_strategy_process(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The change.")] input: UpdateStrategyProcessInput,
    ) -> Option<Result<UpdateStrategyProcessPayload>> {
        let (id, expected) = (input.id, input.expected_revision);
        let outcome = change(ctx, &id, expected, input.details.into()).await;
        UpdateStrategyProcessPayload::new(ctx, outcome)
    }

    /// Brings a strategy process out in the open.
    async fn publish_strategy_process(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: PublishStrategyProcessInput,
    ) -> Option<Result<PublishStrategyProcessPayload>> {
        let outcome = ctx.services().publish(ctx.viewer(), &input.id).await;
        PublishStrategyProcessPayload::new(ctx, outcome)
    }

    /// Puts a strategy process away; it can be published again.
    async fn archive_strategy_process(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: ArchiveStrategyProcessInput,
    ) -> Option<Result<ArchiveStrategyProcessPayload>> {
        let outcome = ctx.services().archive(ctx.viewer(), &input.id).await;
        ArchiveStrategyProcessPayload::new(ctx, outcome)
    }

    /// Changes one of the five steps, or begins it.
    async fn set_process_step(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The change.")] input: SetProcessStepInput,
    ) -> Option<Result<SetProcessStepPayload>> {
        let step = ProcessStepChange {
            state: patch(input.state),
            date: patch(input.date).map(|date| date.0),
            ends: patch(input.ends).map(|date| date.0),
            note: patch(input.note),
            source: patch(input.source),
            participation: patch_list(input.participation),
            documents: patch(input.documents),
        };
        let step = Some((input.step, Some(step)));
        let whole = ProcessChange { step, ..ProcessChange::default() };
        let outcome = change(ctx, &input.id, input.expected_revision, whole).await;
        SetProcessStepPayload::new(ctx, outcome)
    }

    /// Removes one of the five steps: nothing is known of it.
    async fn remove_process_step(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: RemoveProcessStepInput,
    ) -> Option<Result<RemoveProcessStepPayload>> {
        let step = Some((input.step, None));
        let whole = ProcessChange { step, ..ProcessChange::default() };
        let outcome = change(ctx, &input.id, input.expected_revision, whole).await;
        RemoveProcessStepPayload::new(ctx, outcome)
    }
}

/// Changes a process, or a part of it.
pub(super) async fn change(
    ctx: &Context<'_>,
    id: &ProcessId,
    expected: Option<Whole<u32>>,
    change: ProcessChange,
) -> Result<domain::StrategyProcess, crate::service::Error> {
    ctx.services().update_process(ctx.viewer(), id, expected.map(Into::into), change).await
}
