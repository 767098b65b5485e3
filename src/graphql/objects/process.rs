//! Strategy processes with the five steps.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result, SimpleObject};

use super::{Municipality, Programme, Solution, Topic};
use crate::domain::{self, MeasureStatus, ProcessStepKind, StepState};
use crate::graphql::context::ContextExt;
use crate::graphql::ids::PartialDate;

/// A municipality's strategy process: kick-off, profile, workshop, plan, interim review.
#[derive(Clone)]
pub(in crate::graphql) struct StrategyProcess(pub(in crate::graphql) Arc<domain::StrategyProcess>);

/// A municipality's strategy process: kick-off, profile, workshop, plan, interim review.
#[Object]
impl StrategyProcess {
    /// The global id.
    pub(super) async fn id(&self) -> ID {
        ID::from(&self.0.id)
    }

    /// Whose process it is.
    async fn municipality(&self, ctx: &Context<'_>) -> Option<Municipality> {
        Municipality::find(ctx, &self.0.municipality)
    }

    /// The programme that it belongs to.
    async fn programme(&self, ctx: &Context<'_>) -> Option<Programme> {
        ctx.tables().programmes.get(self.0.programme.as_ref()?).cloned().map(Programme)
    }

    /// Its beginning.
    async fn starts(&self) -> Option<PartialDate> {
        self.0.starts.clone().map(PartialDate)
    }

    /// Its end.
    async fn ends(&self) -> Option<PartialDate> {
        self.0.ends.clone().map(PartialDate)
    }

    /// The share of the five steps that are done, from 0 to 1.
    async fn progress(&self) -> f64 {
        self.0.progress()
    }

    /// The steps that are known, in their order; what is not proven is absent.
    async fn steps(&self) -> Vec<ProcessStep> {
        self.0.steps.iter().cloned().map(ProcessStep::from).collect()
    }

    /// Strengths, weaknesses, opportunities and threats.
    async fn swot(&self) -> Option<Swot> {
        self.0.swot.clone().map(Swot::from)
    }

    /// What the workshop put first.
    async fn priorities(&self) -> Vec<Priority> {
        self.0.priorities.iter().cloned().map(Priority).collect()
    }

    /// The measures of the plan.
    async fn measures(&self) -> Vec<Measure> {
        self.0.measures.iter().cloned().map(Measure).collect()
    }
}

/// One step of the five.
#[derive(SimpleObject)]
pub(in crate::graphql) struct ProcessStep {
    /// Which.
    step: ProcessStepKind,
    /// Where it stands.
    state: StepState,
    /// When it was, or is planned.
    date: Option<PartialDate>,
    /// What happened.
    note: Option<String>,
    /// Where that is evidenced.
    source: Option<String>,
}

impl From<domain::ProcessStep> for ProcessStep {
    fn from(step: domain::ProcessStep) -> Self {
        let domain::ProcessStep { step, state, date, note, source } = step;
        Self { step, state, date: date.map(PartialDate), note, source }
    }
}

/// Strengths, weaknesses, opportunities and threats.
#[derive(SimpleObject)]
pub(in crate::graphql) struct Swot {
    /// What is good here.
    strengths: Vec<String>,
    /// What is not.
    weaknesses: Vec<String>,
    /// What may help.
    opportunities: Vec<String>,
    /// What may harm.
    threats: Vec<String>,
}

impl From<domain::Swot> for Swot {
    fn from(swot: domain::Swot) -> Self {
        let domain::Swot { strengths, weaknesses, opportunities, threats } = swot;
        Self { strengths, weaknesses, opportunities, threats }
    }
}

/// A field of work that the workshop put first.
pub(in crate::graphql) struct Priority(domain::Priority);

/// A field of work that the workshop put first.
#[Object]
impl Priority {
    /// The topic it belongs to.
    async fn topic(&self, ctx: &Context<'_>) -> Option<Topic> {
        ctx.tables().topics.get(&self.0.topic).cloned().map(Topic)
    }

    /// What it is called on site.
    async fn title(&self) -> &str {
        &self.0.title
    }
}

/// One measure of the plan.
pub(in crate::graphql) struct Measure(domain::Measure);

/// One measure of the plan.
#[Object]
impl Measure {
    /// What it is called.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// Where it stands.
    async fn status(&self) -> MeasureStatus {
        self.0.status
    }

    /// Who does it.
    async fn owner(&self) -> Option<&str> {
        self.0.owner.as_deref()
    }

    /// From when to when.
    async fn period(&self) -> Option<&str> {
        self.0.period.as_deref()
    }

    /// Whole euros.
    async fn budget(&self) -> Option<u64> {
        self.0.budget
    }

    /// What it is about.
    async fn topics(&self, ctx: &Context<'_>) -> Vec<Topic> {
        let tables = ctx.tables();
        self.0.topics.iter().filter_map(|id| tables.topics.get(id)).cloned().map(Topic).collect()
    }

    /// The solution that it became.
    async fn solution(&self, ctx: &Context<'_>) -> Option<Result<Solution>> {
        let id = self.0.solution.clone()?;
        Solution::find(ctx, id).await.transpose()
    }
}
