//! Solutions.

use std::sync::Arc;

use allmende_index::{Facet, Filter, Like};
use async_graphql::{Context, ID, MergedObject, Object, Result};
use chrono::{DateTime, Utc};

use super::reuse::AdoptionCounts;
use super::solution_content::SolutionContent;
use super::version::{SolutionVersion, Transition};
use super::{Adoption, Feedback, LinkCheck, Node, StrategyProcess, load_nodes};
use crate::domain::{
    self, AdoptionState, AdoptionStatus, Lifecycle, MunicipalityId, NodeId, QualityLevel,
    SolutionId,
};
use crate::graphql::connection::{Connection, Paging};
use crate::graphql::context::ContextExt;
use crate::graphql::failure::from_service;
use crate::graphql::ids::Date;
use crate::service::{AdoptionFilter, Alike, Listing, feedback_on};

/// What a municipality did about a problem, written so that others can do it too. What is not
/// known is null: readers see "not stated".
#[derive(MergedObject, Clone)]
pub(in crate::graphql) struct Solution(SolutionHead, SolutionContent);

impl From<Arc<domain::Solution>> for Solution {
    fn from(record: Arc<domain::Solution>) -> Self {
        Self(SolutionHead(Arc::clone(&record)), SolutionContent(record))
    }
}

impl From<domain::Solution> for Solution {
    fn from(record: domain::Solution) -> Self {
        Arc::new(record).into()
    }
}

impl Solution {
    /// The global id, as the interface `Node` asks for it.
    pub(super) async fn id(&self, _: &Context<'_>) -> Result<ID> {
        Ok(ID::from(&self.0.0.id))
    }

    /// The solution of a key, if the viewer may read it.
    pub(in crate::graphql) async fn find(
        ctx: &Context<'_>,
        id: SolutionId,
    ) -> Result<Option<Self>> {
        Ok(Self::many(ctx, &[id]).await?.pop())
    }

    pub(super) async fn many(ctx: &Context<'_>, ids: &[SolutionId]) -> Result<Vec<Self>> {
        let pick = |node| if let Node::Solution(solution) = node { Some(solution) } else { None };
        ordered(ctx, ids, pick).await
    }
}

/// The records of these keys that the viewer may read, in the order of the keys.
pub(super) async fn ordered<K, N>(
    ctx: &Context<'_>,
    ids: &[K],
    pick: fn(Node) -> Option<N>,
) -> Result<Vec<N>>
where
    K: Clone + Into<NodeId>,
{
    let ids: Vec<NodeId> = ids.iter().cloned().map(Into::into).collect();
    let mut nodes = load_nodes(ctx, ids.clone()).await?;
    Ok(ids.iter().filter_map(|id| nodes.remove(id)).filter_map(pick).collect())
}

/// What is known of a solution beside what it says.
#[derive(Clone)]
struct SolutionHead(Arc<domain::Solution>);

/// What is known of a solution beside what it says.
#[Object]
impl SolutionHead {
    /// The global id.
    async fn id(&self) -> ID {
        ID::from(&self.0.id)
    }

    /// How often the record was changed, from 1; for `expectedRevision`. A change to a next version
    /// counts, too.
    async fn revision(&self) -> u32 {
        self.0.revision
    }

    /// The name in URLs.
    async fn slug(&self) -> &str {
        &self.0.slug
    }

    /// Where it stands on its way to the readers.
    async fn lifecycle(&self) -> Lifecycle {
        self.0.lifecycle
    }

    /// How far its content was checked; what was checked and others use is replicated.
    async fn quality(&self, ctx: &Context<'_>) -> QualityLevel {
        self.0.quality.proven_by(ctx.tables().adoptions(&self.0.id))
    }

    /// The number of the version that readers see, from 1; 0 before the first publication.
    async fn version(&self) -> u32 {
        self.0.version
    }

    /// The next version that is being worked on while readers see this one; for those who may read it.
    async fn next_version(&self, ctx: &Context<'_>) -> Option<Result<SolutionVersion>> {
        let found = ctx.services().next_version(ctx.viewer(), &self.0).await;
        let found = found.map_err(from_service).transpose()?;
        Some(found.map(|version| SolutionVersion(Arc::new(version))))
    }

    /// Its versions that the viewer may read, the newest first.
    async fn versions(&self, ctx: &Context<'_>) -> Option<Result<Vec<SolutionVersion>>> {
        let found = ctx.services().versions(ctx.viewer(), &self.0).await.map_err(from_service);
        Some(found.map(|versions| {
            versions.into_iter().map(|version| SolutionVersion(Arc::new(version))).collect()
        }))
    }

    /// The steps on its way, the newest first; for those who work on it, and moderators.
    async fn transitions(&self, ctx: &Context<'_>) -> Option<Result<Vec<Transition>>> {
        let found = ctx.services().transitions(ctx.viewer(), &self.0).await.map_err(from_service);
        Some(found.map(|steps| steps.into_iter().map(Transition).collect()))
    }

    /// The solution that tells the same and took its place.
    async fn merged_into(&self, ctx: &Context<'_>) -> Option<Result<Solution>> {
        let into = self.0.merged_into.clone()?;
        Solution::find(ctx, into).await.transpose()
    }

    /// Solutions that share the words which tell most about it, the most alike first; those of
    /// places like its own are ranked higher.
    async fn similar(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only those ahead of this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<Solution>>> {
        let tables = ctx.tables();
        let comparable = |id: &&MunicipalityId| {
            tables.place(id).is_some_and(|place| place.population().is_some())
        };
        let municipality = self.0.municipalities.first().filter(comparable).cloned();
        let listing = Listing {
            kinds: vec!["Solution"],
            like: Some(Like::Document(self.0.id.to_string())),
            alike: municipality.map(Alike::general),
            order: Listing::RELEVANCE,
            ..Listing::default()
        };
        Some(Connection::read(ctx, listing, Paging::new(first, after, last, before)).await)
    }

    /// Who took it over, changed last first; facets tell where they are.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a Relay connection")]
    async fn adoptions(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Whether they are confirmed; what is not is seen by those concerned only.",
            default_with = "AdoptionState::Confirmed"
        )]
        state: AdoptionState,
        #[graphql(desc = "How far they are; in any if absent.")] statuses: Option<
            Vec<AdoptionStatus>,
        >,
        #[graphql(desc = "The first so many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only those ahead of this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<Adoption>>> {
        let (solution, statuses) = (Some(self.0.id.clone()), statuses.unwrap_or_default());
        let filter = AdoptionFilter { solution, municipality: None, state, statuses };
        let paging = Paging::new(first, after, last, before);
        Some(Connection::read(ctx, filter.listing(), paging).await)
    }

    /// How many municipalities are how far with it, by their own word.
    async fn adoption_counts(&self, ctx: &Context<'_>) -> AdoptionCounts {
        ctx.tables().adoptions(&self.0.id).into()
    }

    /// Why it was helpful to others, changed last first.
    async fn feedback(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only those ahead of this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<Feedback>>> {
        let paging = Paging::new(first, after, last, before);
        Some(Connection::read(ctx, feedback_on(&self.0.id), paging).await)
    }

    /// The strategy processes of which a measure led to it.
    async fn processes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only those ahead of this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<StrategyProcess>>> {
        let listing = Listing {
            kinds: vec!["StrategyProcess"],
            filters: vec![Filter::AllOf(Facet::Solution, vec![self.0.id.key()])],
            order: Listing::UPDATED,
            ..Listing::default()
        };
        Some(Connection::read(ctx, listing, Paging::new(first, after, last, before)).await)
    }

    /// The day by which somebody is to say whether it still holds (`confirmSolution`): a year after
    /// it was published or last confirmed, unless they set another one. Null if it is not public.
    async fn review_by(&self) -> Option<Date> {
        self.0.review_date().map(Date)
    }

    /// Its links that lead nowhere; for those who work on it, empty for others.
    async fn broken_links(&self, ctx: &Context<'_>) -> Option<Result<Vec<LinkCheck>>> {
        Some(LinkCheck::broken(ctx, &self.0).await)
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it was last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }

    /// When it was first published.
    async fn published_at(&self) -> Option<DateTime<Utc>> {
        self.0.published_at
    }
}
