//! Versions of solutions, what differs between them, and the steps between states.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};

use super::Solution;
use super::solution_content::SolutionContent;
use crate::domain::{
    self, Action, Actor, Label, Lifecycle, Problem, ReasonCode, ReviewPoint, VersionId, What,
    differences,
};
use crate::graphql::context::ContextExt;
use crate::graphql::failure::{fault, from_service};
use crate::service::Error;

/// One version of a solution: what readers saw, see or will see.
#[derive(Clone)]
pub(in crate::graphql) struct SolutionVersion(pub(in crate::graphql) Arc<domain::SolutionVersion>);

/// One version of a solution: what readers saw, see or will see.
#[Object]
impl SolutionVersion {
    /// The global id.
    pub(super) async fn id(&self) -> ID {
        ID::from(&self.0.id)
    }

    /// Its number, from 1.
    async fn number(&self) -> u32 {
        self.0.number
    }

    /// Where it stands on its way to the readers.
    async fn lifecycle(&self) -> Lifecycle {
        self.0.content.lifecycle
    }

    /// What it says.
    async fn content(&self) -> SolutionContent {
        SolutionContent(Arc::new(self.0.content.clone()))
    }

    /// When it gave way to the next one; null as long as readers see it, or do not see it yet.
    async fn superseded_at(&self) -> Option<DateTime<Utc>> {
        self.0.superseded_at
    }

    /// When its text was last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.content.updated_at
    }

    /// The solution that it is a version of.
    async fn solution(&self, ctx: &Context<'_>) -> Option<Result<Solution>> {
        Solution::find(ctx, self.0.solution.clone()).await.transpose()
    }

    /// What it says otherwise than another version of the same solution; than the one that readers
    /// see if none is named.
    async fn differences(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The version to compare with.")] since: Option<VersionId>,
    ) -> Option<Result<Vec<Difference>>> {
        Some(self.compared(ctx, since).await)
    }
}

impl SolutionVersion {
    async fn compared(
        &self,
        ctx: &Context<'_>,
        since: Option<VersionId>,
    ) -> Result<Vec<Difference>> {
        let services = ctx.services();
        let before = match &since {
            Some(since) => {
                let found = services.version(ctx.viewer(), since).await.map_err(from_service)?;
                found.filter(|it| it.solution == self.0.solution).map(|it| it.content)
            }
            None => {
                let id = &self.0.solution;
                services.read::<domain::Solution>(ctx.viewer(), id).await.map_err(from_service)?
            }
        };
        let missing = || from_service(Error::from(Problem::at("since", What::NotFound)));
        let before = before.ok_or_else(missing)?;
        let found = differences(&before, &self.0.content).map_err(|error| fault(&error))?;
        Ok(found.into_iter().map(Difference::from).collect())
    }
}

/// What two versions say otherwise in one place.
#[derive(SimpleObject)]
pub(in crate::graphql) struct Difference {
    /// Where: names of fields from outside in; entries of lists by their position, from 0.
    path: Vec<String>,
    /// What stood there before; null if nothing did.
    before: Option<String>,
    /// What stands there after; null if nothing does.
    after: Option<String>,
}

impl From<domain::Difference> for Difference {
    fn from(it: domain::Difference) -> Self {
        Self { path: it.path, before: it.before, after: it.after }
    }
}

/// A step of a solution on its way to the readers.
pub(in crate::graphql) struct Transition(pub(in crate::graphql) domain::Transition);

/// A step of a solution on its way to the readers.
#[Object]
impl Transition {
    /// The global id.
    async fn id(&self) -> ID {
        ID::from(&self.0.id)
    }

    /// The version that it is about.
    async fn version(&self) -> u32 {
        self.0.version
    }

    /// What was done.
    async fn action(&self) -> Action {
        self.0.action
    }

    /// The state before.
    async fn before(&self) -> Lifecycle {
        self.0.before
    }

    /// The state after.
    async fn after(&self) -> Lifecycle {
        self.0.after
    }

    /// Why, in words; for a step of the hub itself in the reader's language.
    async fn reason(&self, ctx: &Context<'_>) -> Option<&str> {
        let of_hub = self.0.code.map(|code| code.label(ctx.language()));
        self.0.reason.as_deref().or(of_hub)
    }

    /// Why the hub itself did it, for programs; null if somebody else did it.
    async fn reason_code(&self) -> Option<ReasonCode> {
        self.0.code
    }

    /// What the reviewer looked at.
    async fn checklist(&self) -> Vec<Reviewed> {
        self.0.checklist.iter().map(|it| Reviewed { point: it.point, met: it.met }).collect()
    }

    /// Who did it: `operator`, `hub` for the hub itself, or the id of an account or access token.
    async fn actor(&self) -> String {
        actor(&self.0.actor)
    }

    /// When.
    async fn at(&self) -> DateTime<Utc> {
        self.0.at
    }
}

/// What a reviewer found on one point.
#[derive(SimpleObject)]
pub(in crate::graphql) struct Reviewed {
    /// The point.
    point: ReviewPoint,
    /// Whether it is as it should be.
    met: bool,
}

/// How the API names who did something.
pub(super) fn actor(actor: &Actor) -> String {
    String::from(actor.clone())
}
