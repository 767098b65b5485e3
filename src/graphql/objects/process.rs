//! Strategy processes with the five steps.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};

use super::solution::ordered;
use super::solution_parts::ParticipationRecord;
use super::{
    Municipality, Node, Organisation, Programme, ProjectDocument, Solution, TargetGroup, Topic,
    load_nodes,
};
use crate::domain::{self, Label, MeasureStatus, ProcessStepKind, Publication, StepState};
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

    /// How often the record was changed, from 1; for `expectedRevision`.
    async fn revision(&self) -> u32 {
        self.0.revision
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

    /// How far each of the five steps is.
    async fn step_progress(&self) -> Vec<StepProgress> {
        let progress = |step: &ProcessStepKind| StepProgress {
            step: *step,
            progress: self.0.progress_of(*step),
        };
        ProcessStepKind::ALL.iter().map(progress).collect()
    }

    /// How far its measures are.
    async fn measure_progress(&self) -> MeasureProgress {
        self.0.measure_progress().into()
    }

    /// Who accompanied it.
    async fn facilitations(&self) -> Vec<Facilitation> {
        self.0.facilitations.iter().cloned().map(Facilitation).collect()
    }

    /// The steps that are known, in their order; what is not proven is absent.
    async fn steps(&self) -> Vec<ProcessStep> {
        self.0.steps.iter().cloned().map(ProcessStep).collect()
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

    /// What the interim review found.
    async fn review(&self) -> Option<InterimReview> {
        self.0.review.clone().map(InterimReview::from)
    }

    /// Whether it is shown.
    async fn publication(&self) -> Publication {
        self.0.publication
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it was last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
}

/// How far one of the five steps is.
#[derive(SimpleObject)]
pub(in crate::graphql) struct StepProgress {
    /// Which.
    step: ProcessStepKind,
    /// From 0 (planned, or not known of) through 0.5 (running) to 1 (done).
    progress: f64,
}

/// How far the measures of a plan are.
#[derive(SimpleObject)]
pub(in crate::graphql) struct MeasureProgress {
    /// How many are planned.
    planned: usize,
    /// How many go on.
    running: usize,
    /// How many are done.
    done: usize,
    /// How many were stopped.
    stopped: usize,
    /// The share of those that are done, of those that were not stopped, from 0 to 1; null if there
    /// are none.
    share: Option<f64>,
}

impl From<domain::MeasureProgress> for MeasureProgress {
    fn from(progress: domain::MeasureProgress) -> Self {
        let share = progress.share();
        let domain::MeasureProgress { planned, running, done, stopped } = progress;
        Self { planned, running, done, stopped, share }
    }
}

/// That an organisation accompanied a process.
pub(in crate::graphql) struct Facilitation(domain::Facilitation);

/// That an organisation accompanied a process.
#[Object]
impl Facilitation {
    /// Which organisation; null if it was put away since.
    async fn organisation(&self, ctx: &Context<'_>) -> Option<Result<Organisation>> {
        match load_nodes(ctx, vec![self.0.organisation.clone().into()]).await {
            Ok(nodes) => nodes.into_values().next().and_then(|node| match node {
                Node::Organisation(organisation) => Some(Ok(organisation)),
                _ => None,
            }),
            Err(error) => Some(Err(error)),
        }
    }

    /// In which role.
    async fn role(&self) -> &str {
        &self.0.role
    }

    /// From when.
    async fn starts(&self) -> Option<PartialDate> {
        self.0.starts.clone().map(PartialDate)
    }

    /// Until when.
    async fn ends(&self) -> Option<PartialDate> {
        self.0.ends.clone().map(PartialDate)
    }
}

/// What an interim review found.
#[derive(SimpleObject)]
pub(in crate::graphql) struct InterimReview {
    /// When it was held.
    date: Option<PartialDate>,
    /// What was reached.
    reached: Vec<String>,
    /// What was not.
    not_reached: Vec<String>,
    /// What is done differently from then on.
    changed: Vec<String>,
}

impl From<domain::InterimReview> for InterimReview {
    fn from(review: domain::InterimReview) -> Self {
        let domain::InterimReview { date, reached, not_reached, changed } = review;
        Self { date: date.map(PartialDate), reached, not_reached, changed }
    }
}

/// One step of the five.
pub(in crate::graphql) struct ProcessStep(domain::ProcessStep);

/// One step of the five.
#[Object]
impl ProcessStep {
    /// Which.
    async fn step(&self) -> ProcessStepKind {
        self.0.step
    }

    /// Where it stands.
    async fn state(&self) -> StepState {
        self.0.state
    }

    /// When it was, or is planned; its beginning, if it took longer.
    async fn date(&self) -> Option<PartialDate> {
        self.0.date.clone().map(PartialDate)
    }

    /// Its end, if it took longer.
    async fn ends(&self) -> Option<PartialDate> {
        self.0.ends.clone().map(PartialDate)
    }

    /// What happened.
    async fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }

    /// Where that is evidenced.
    async fn source(&self) -> Option<&str> {
        self.0.source.as_deref()
    }

    /// How citizens took part, one by one.
    async fn participation(&self) -> Vec<ParticipationRecord> {
        self.0.participation.iter().cloned().map(ParticipationRecord::from).collect()
    }

    /// What came of it on paper.
    async fn documents(&self, ctx: &Context<'_>) -> Option<Result<Vec<ProjectDocument>>> {
        let pick =
            |node| if let Node::ProjectDocument(document) = node { Some(document) } else { None };
        Some(ordered(ctx, &self.0.documents, pick).await)
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
    /// What names it in changes.
    async fn id(&self) -> ID {
        ID::from(&self.0.key)
    }

    /// What it is called.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// Where it stands.
    async fn status(&self) -> MeasureStatus {
        self.0.status
    }

    /// Who does it: a role.
    async fn owner(&self) -> Option<&str> {
        self.0.owner.as_deref()
    }

    /// From when to when, in words.
    async fn period(&self) -> Option<&str> {
        self.0.period.as_deref()
    }

    /// Its beginning.
    async fn starts(&self) -> Option<PartialDate> {
        self.0.starts.clone().map(PartialDate)
    }

    /// Its end.
    async fn ends(&self) -> Option<PartialDate> {
        self.0.ends.clone().map(PartialDate)
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

    /// Whom it is for.
    async fn target_groups(&self, ctx: &Context<'_>) -> Vec<TargetGroup> {
        let tables = ctx.tables();
        let groups = self.0.target_groups.iter().filter_map(|id| tables.target_groups.get(id));
        groups.cloned().map(TargetGroup).collect()
    }

    /// The solution that it became.
    async fn solution(&self, ctx: &Context<'_>) -> Option<Result<Solution>> {
        let id = self.0.solution.clone()?;
        Solution::find(ctx, id).await.transpose()
    }
}
