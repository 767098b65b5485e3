//! Solutions.

use std::sync::Arc;

use allmende_index::{Facet, Filter, Like};
use async_graphql::{Context, ID, Object, Result};
use chrono::{DateTime, Utc};

use super::reuse::AdoptionCounts;
use super::solution_parts::{
    Costs, DigitalTool, Funding, Image, ParticipationRecord, Partner, Period, Results, Source,
    Staff, Transferability,
};
use super::{
    Adoption, Contact, Feedback, Municipality, Node, ProjectDocument, StrategyProcess, TargetGroup,
    Topic, load_nodes,
};
use crate::domain::{
    self, AdoptionState, AdoptionStatus, EffortBand, EvidenceLevel, Instrument, Lifecycle,
    MunicipalityId, NodeId, QualityLevel, SizeBand, SolutionId, SolutionStatus,
};
use crate::graphql::connection::{Connection, Paging};
use crate::graphql::context::ContextExt;
use crate::graphql::ids::Date;
use crate::service::{AdoptionFilter, Alike, Listing, feedback_on};

/// What a municipality did about a problem, written so that others can do it too.
#[derive(Clone)]
pub(in crate::graphql) struct Solution(pub(in crate::graphql) Arc<domain::Solution>);

impl Solution {
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

/// What a municipality did about a problem, written so that others can do it too. What is not
/// known is null: readers see "not stated".
#[Object]
impl Solution {
    /// The global id.
    pub(super) async fn id(&self) -> ID {
        ID::from(&self.0.id)
    }

    /// How often the record was changed, from 1; for `expectedRevision`.
    async fn revision(&self) -> u32 {
        self.0.revision
    }

    /// The name in URLs.
    async fn slug(&self) -> &str {
        &self.0.slug
    }

    /// Its key in the system that it was imported from.
    async fn external_key(&self) -> Option<&str> {
        self.0.external_key.as_deref()
    }

    /// The language of its texts, BCP 47.
    async fn language(&self) -> &str {
        &self.0.language
    }

    /// Where it stands on its way to the readers.
    async fn lifecycle(&self) -> Lifecycle {
        self.0.lifecycle
    }

    /// How far its content was checked; what was checked and others use is replicated.
    async fn quality(&self, ctx: &Context<'_>) -> QualityLevel {
        self.0.quality.proven_by(ctx.tables().adoptions(&self.0.id))
    }

    /// How much of the record is filled, from 0 to 1.
    async fn completeness(&self) -> f64 {
        self.0.completeness()
    }

    /// What it is called.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// One sentence that makes one want to read on.
    async fn teaser(&self) -> &str {
        &self.0.teaser
    }

    /// Whose it is; the first one answers for it.
    async fn municipalities(&self, ctx: &Context<'_>) -> Vec<Municipality> {
        self.0.municipalities.iter().filter_map(|id| Municipality::find(ctx, id)).collect()
    }

    /// Where exactly.
    async fn place(&self) -> Option<&str> {
        self.0.place.as_deref()
    }

    /// When.
    async fn period(&self) -> Option<Period> {
        self.0.period.clone().map(Period::from)
    }

    /// Where the work itself stands.
    async fn status(&self) -> Option<SolutionStatus> {
        self.0.status
    }

    /// The starting point.
    async fn problem(&self) -> &str {
        &self.0.problem
    }

    /// What was done.
    async fn approach(&self) -> &str {
        &self.0.approach
    }

    /// Steps and dates.
    async fn steps(&self) -> Option<&str> {
        self.0.steps.as_deref()
    }

    /// How citizens took part.
    async fn participation(&self) -> Option<ParticipationRecord> {
        self.0.participation.clone().map(ParticipationRecord::from)
    }

    /// Who worked along.
    async fn partners(&self) -> Vec<Partner> {
        self.0.partners.iter().cloned().map(Partner).collect()
    }

    /// What came out of it.
    async fn results(&self) -> Option<Results> {
        self.0.results.clone().map(Results::from)
    }

    /// How well the result is known.
    async fn evidence(&self) -> Option<EvidenceLevel> {
        self.0.evidence
    }

    /// What it costs.
    async fn costs(&self) -> Option<Costs> {
        self.0.costs.clone().map(Costs::from)
    }

    /// Where the money came from.
    async fn funding(&self) -> Vec<Funding> {
        self.0.funding.iter().cloned().map(Funding::from).collect()
    }

    /// Who does the work.
    async fn staff(&self) -> Option<Staff> {
        self.0.staff.clone().map(Staff::from)
    }

    /// Law or council decision that it rests on.
    async fn legal_basis(&self) -> Option<&str> {
        self.0.legal_basis.as_deref()
    }

    /// What must be there first.
    async fn prerequisites(&self) -> Option<&str> {
        self.0.prerequisites.as_deref()
    }

    /// What others can take over.
    async fn transferability(&self) -> Option<Transferability> {
        self.0.transferability.clone().map(Transferability::from)
    }

    /// What was learned.
    async fn lessons(&self) -> Option<&str> {
        self.0.lessons.as_deref()
    }

    /// What was hard, what failed.
    async fn difficulties(&self) -> Option<&str> {
        self.0.difficulties.as_deref()
    }

    /// What they would do differently.
    async fn would_change(&self) -> Option<&str> {
        self.0.would_change.as_deref()
    }

    /// How it goes on after the funding.
    async fn sustaining(&self) -> Option<&str> {
        self.0.sustaining.as_deref()
    }

    /// Software and data in use.
    async fn digital_tools(&self) -> Vec<DigitalTool> {
        self.0.digital_tools.iter().cloned().map(DigitalTool::from).collect()
    }

    /// What it is about.
    async fn topics(&self, ctx: &Context<'_>) -> Vec<Topic> {
        let tables = ctx.tables();
        self.0.topics.iter().filter_map(|id| tables.topics.get(id)).cloned().map(Topic).collect()
    }

    /// Whom it is for.
    async fn target_groups(&self, ctx: &Context<'_>) -> Vec<TargetGroup> {
        let tables = ctx.tables();
        self.0
            .target_groups
            .iter()
            .filter_map(|id| tables.target_groups.get(id))
            .cloned()
            .map(TargetGroup)
            .collect()
    }

    /// Words that people look for.
    async fn keywords(&self) -> &[String] {
        &self.0.keywords
    }

    /// By what means it works.
    async fn instruments(&self) -> &[Instrument] {
        &self.0.instruments
    }

    /// What it takes to start.
    async fn effort(&self) -> Option<EffortBand> {
        self.0.effort
    }

    /// Months to the first effect.
    async fn months_to_effect(&self) -> Option<u16> {
        self.0.months_to_effect
    }

    /// Sizes of places where it worked.
    async fn size_bands(&self) -> &[SizeBand] {
        &self.0.size_bands
    }

    /// Whom to call.
    async fn contacts(&self, ctx: &Context<'_>) -> Option<Result<Vec<Contact>>> {
        Some(
            ordered(ctx, &self.0.contacts, |node| {
                if let Node::Contact(contact) = node { Some(contact) } else { None }
            })
            .await,
        )
    }

    /// Papers that others can adapt.
    async fn documents(&self, ctx: &Context<'_>) -> Option<Result<Vec<ProjectDocument>>> {
        let pick =
            |node| if let Node::ProjectDocument(document) = node { Some(document) } else { None };
        Some(ordered(ctx, &self.0.documents, pick).await)
    }

    /// Pictures.
    async fn images(&self) -> Vec<Image> {
        self.0.images.iter().cloned().map(Image::from).collect()
    }

    /// Solutions that go with it.
    async fn related(&self, ctx: &Context<'_>) -> Option<Result<Vec<Solution>>> {
        Some(Solution::many(ctx, &self.0.related).await)
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
    ) -> Option<Result<Connection<Self>>> {
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

    /// Where the facts come from.
    async fn sources(&self) -> Vec<Source> {
        self.0.sources.iter().cloned().map(Source::from).collect()
    }

    /// Licence of the text.
    async fn licence(&self) -> Option<&str> {
        self.0.licence.as_deref()
    }

    /// How to quote it.
    async fn citation(&self) -> Option<&str> {
        self.0.citation.as_deref()
    }

    /// When somebody last looked whether it still holds.
    async fn last_checked(&self) -> Option<Date> {
        self.0.last_checked.map(Date)
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
