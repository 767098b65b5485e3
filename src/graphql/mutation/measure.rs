//! Changes to the measures of a strategy process, one at a time.

use async_graphql::{Context, InputObject, MaybeUndefined, Object, Result, SimpleObject};

use super::process::change;
use super::{UserError, patch, payload, sorted};
use crate::domain::{
    MeasureChange, MeasureId, MeasureStatus, MeasureStep, Patch, ProcessChange, ProcessId,
    SolutionId, TargetGroupId, TopicId,
};
use crate::graphql::context::ContextExt;
use crate::graphql::ids::PartialDate;
use crate::graphql::objects::{Solution, StrategyProcess};
use crate::graphql::query::Query;
use crate::graphql::whole::Whole;

/// Changes to measures.
#[derive(Default, Clone, Copy)]
pub(in crate::graphql) struct Measures;

/// The fields of a measure that may be absent.
#[derive(InputObject)]
pub(in crate::graphql) struct MeasureDetails {
    /// Where it stands; planned if absent.
    status: MaybeUndefined<MeasureStatus>,
    /// Who does it: a role.
    owner: MaybeUndefined<String>,
    /// From when to when, in words.
    period: MaybeUndefined<String>,
    /// Its beginning.
    starts: MaybeUndefined<PartialDate>,
    /// Its end.
    ends: MaybeUndefined<PartialDate>,
    /// Whole euros.
    budget: MaybeUndefined<Whole<u64>>,
    /// What it is about.
    topics: MaybeUndefined<Vec<TopicId>>,
    /// Whom it is for.
    target_groups: MaybeUndefined<Vec<TargetGroupId>>,
    /// The solution that it became.
    solution: MaybeUndefined<SolutionId>,
}

impl From<MeasureDetails> for MeasureChange {
    fn from(details: MeasureDetails) -> Self {
        Self {
            title: Patch::Keep,
            status: patch(details.status),
            owner: patch(details.owner),
            period: patch(details.period),
            starts: patch(details.starts).map(|date| date.0),
            ends: patch(details.ends).map(|date| date.0),
            budget: patch(details.budget).map(Into::into),
            topics: patch(details.topics),
            target_groups: patch(details.target_groups),
            solution: patch(details.solution),
        }
    }
}

/// What makes a measure.
#[derive(InputObject)]
pub(in crate::graphql) struct AddMeasureInput {
    /// Which process.
    id: ProcessId,
    /// The revision that the change was made on; if the record has another one meanwhile, nothing is changed.
    expected_revision: Option<Whole<u32>>,
    /// What it is called.
    title: String,
    /// The rest of the measure.
    #[graphql(flatten)]
    details: MeasureDetails,
}

/// A change to a measure. What is absent stays, what is null is emptied.
#[derive(InputObject)]
pub(in crate::graphql) struct UpdateMeasureInput {
    /// Which process.
    id: ProcessId,
    /// The revision that the change was made on; if the record has another one meanwhile, nothing is changed.
    expected_revision: Option<Whole<u32>>,
    /// Which of its measures.
    measure: MeasureId,
    /// What it is called.
    title: MaybeUndefined<String>,
    /// The rest of the measure.
    #[graphql(flatten)]
    details: MeasureDetails,
}

/// Which measure to remove.
#[derive(InputObject)]
pub(in crate::graphql) struct RemoveMeasureInput {
    /// Which process.
    id: ProcessId,
    /// The revision that the change was made on; if the record has another one meanwhile, nothing is changed.
    expected_revision: Option<Whole<u32>>,
    /// Which of its measures.
    measure: MeasureId,
}

/// Which measure to write up.
#[derive(InputObject)]
pub(in crate::graphql) struct DraftSolutionFromMeasureInput {
    /// Which process.
    id: ProcessId,
    /// The revision that was read; if the record has another one meanwhile, nothing is written.
    expected_revision: Option<Whole<u32>>,
    /// Which of its measures; it must be done, and no solution have come of it.
    measure: MeasureId,
}

payload! {
    /// What came of adding a measure.
    AddMeasurePayload {
        /// The process after the change.
        strategy_process: StrategyProcess
    }
}

payload! {
    /// What came of changing a measure.
    UpdateMeasurePayload {
        /// The process after the change.
        strategy_process: StrategyProcess
    }
}

payload! {
    /// What came of removing a measure.
    RemoveMeasurePayload {
        /// The process after the change.
        strategy_process: StrategyProcess
    }
}

/// What came of writing up a measure.
#[derive(SimpleObject)]
pub(in crate::graphql) struct DraftSolutionFromMeasurePayload {
    /// The draft.
    solution: Option<Solution>,
    /// The process after the change.
    strategy_process: Option<StrategyProcess>,
    /// What is wrong with the input; empty if the change was made.
    user_errors: Vec<UserError>,
    /// Further questions.
    query: Option<Query>,
}

/// Changes to measures, by those whose process it is.
#[Object]
impl Measures {
    /// Adds a measure at the end of the plan.
    async fn add_measure(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What makes it.")] input: AddMeasureInput,
    ) -> Option<Result<AddMeasurePayload>> {
        let title = Patch::Set(input.title);
        let measure = MeasureChange { title, ..input.details.into() };
        let step = MeasureStep::Add(ctx.services().ids.fresh().into(), measure);
        let outcome = change(ctx, &input.id, input.expected_revision, of_measure(step)).await;
        AddMeasurePayload::new(ctx, outcome)
    }

    /// Changes one measure; the others stay as they are.
    async fn update_measure(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The change.")] input: UpdateMeasureInput,
    ) -> Option<Result<UpdateMeasurePayload>> {
        let measure = MeasureChange { title: patch(input.title), ..input.details.into() };
        let step = MeasureStep::Update(input.measure, measure);
        let outcome = change(ctx, &input.id, input.expected_revision, of_measure(step)).await;
        UpdateMeasurePayload::new(ctx, outcome)
    }

    /// Removes a measure from the plan.
    async fn remove_measure(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: RemoveMeasureInput,
    ) -> Option<Result<RemoveMeasurePayload>> {
        let step = MeasureStep::Remove(input.measure);
        let outcome = change(ctx, &input.id, input.expected_revision, of_measure(step)).await;
        RemoveMeasurePayload::new(ctx, outcome)
    }

    /// Writes a finished measure up as a draft of a solution, with title, municipality, topics,
    /// target groups, period and costs; the measure leads to it from then on.
    async fn draft_solution_from_measure(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: DraftSolutionFromMeasureInput,
    ) -> Option<Result<DraftSolutionFromMeasurePayload>> {
        let DraftSolutionFromMeasureInput { id, expected_revision, measure } = input;
        let expected = expected_revision.map(Into::into);
        let outcome =
            ctx.services().draft_from_measure(ctx.viewer(), &id, &measure, expected).await;
        Some(sorted(ctx, outcome).map(|(both, user_errors)| {
            let (process, solution) = both.unzip();
            DraftSolutionFromMeasurePayload {
                solution: solution.map(Solution::from),
                strategy_process: process.map(|it| StrategyProcess(std::sync::Arc::new(it))),
                user_errors,
                query: Some(Query),
            }
        }))
    }
}

fn of_measure(step: MeasureStep) -> ProcessChange {
    ProcessChange { measure: Some(step), ..ProcessChange::default() }
}
