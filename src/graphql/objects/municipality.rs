//! Municipalities.

use std::sync::Arc;

use allmende_index::{Facet, Filter};
use async_graphql::{Context, ID, Object, Result, SimpleObject};

use super::{Contact, Profile, Programme, ProjectDocument, Solution, StrategyProcess};
use crate::domain::{
    self, Cluster, Confidence, Lens, MunicipalityId, MunicipalityKind, ParticipationRole, SizeBand,
    SupportClass,
};
use crate::graphql::connection::{Connection, Listable, Paging};
use crate::graphql::context::ContextExt;
use crate::graphql::input::{SolutionFilterInput, SolutionOrder};
use crate::live::Place;
use crate::service::Listing;

/// A municipality in the wide sense: from a village to a county, and what they form together.
#[derive(Clone)]
pub(in crate::graphql) struct Municipality(pub(in crate::graphql) Arc<Place>);

impl Municipality {
    /// The municipality of a key, if it exists.
    pub(in crate::graphql) fn find(ctx: &Context<'_>, id: &MunicipalityId) -> Option<Self> {
        ctx.tables().place(id).cloned().map(Self)
    }

    fn record(&self) -> &domain::Municipality {
        &self.0.municipality
    }

    /// What belongs to it, of one kind.
    async fn own<N: Listable>(
        &self,
        ctx: &Context<'_>,
        kind: &'static str,
        paging: Paging,
    ) -> Result<Connection<N>> {
        let filters = vec![Filter::AllOf(Facet::Municipality, vec![self.record().id.key()])];
        let listing =
            Listing { kinds: vec![kind], filters, order: Listing::TITLE, ..Listing::default() };
        Connection::read(ctx, listing, paging).await
    }
}

/// A municipality in the wide sense: from a village to a county, and what they form together.
#[Object]
impl Municipality {
    /// The global id.
    pub(super) async fn id(&self) -> ID {
        ID::from(&self.record().id)
    }

    /// The name in URLs, which never changes.
    async fn slug(&self) -> &str {
        &self.record().slug
    }

    /// The name without titles.
    async fn name(&self) -> &str {
        &self.record().name
    }

    /// What sort of territory it is.
    async fn kind(&self) -> MunicipalityKind {
        self.record().kind
    }

    /// The states it lies in, ISO 3166-2, for instance `DE-SN`.
    async fn states(&self) -> &[String] {
        &self.record().states
    }

    /// Official municipality key (AGS), 8 digits; associations and quarters have none.
    async fn ags(&self) -> Option<&str> {
        self.record().ags.as_deref()
    }

    /// Official regional key (ARS): 12 digits, 9 for joint municipalities, 5 for counties.
    async fn ars(&self) -> Option<&str> {
        self.record().ars.as_deref()
    }

    /// The web address.
    async fn website(&self) -> Option<&str> {
        self.record().website.as_deref()
    }

    /// Where it lies: the place of its administration.
    async fn coordinates(&self) -> Option<Coordinates> {
        self.record().coordinates.map(Coordinates::from)
    }

    /// What else is worth knowing, in German.
    async fn note(&self) -> Option<&str> {
        self.record().note.as_deref()
    }

    /// The county, city or association it lies in.
    async fn parent(&self, ctx: &Context<'_>) -> Option<Municipality> {
        self.record().parent.as_ref().and_then(|id| Municipality::find(ctx, id))
    }

    /// The municipalities that form it, if it is an association.
    async fn members(&self, ctx: &Context<'_>) -> Vec<Municipality> {
        self.record().members.iter().filter_map(|id| Municipality::find(ctx, id)).collect()
    }

    /// The programmes it took part in.
    async fn participations(&self) -> Vec<Participation> {
        self.record().participations.iter().cloned().map(Participation).collect()
    }

    /// Whether it is structurally weak, where that is known.
    async fn structural_weakness(&self) -> Option<StructuralWeakness> {
        self.record().structural_weakness.clone().map(StructuralWeakness::from)
    }

    /// The newest published figures.
    async fn profile(&self) -> Option<Profile> {
        self.0.profile.clone().map(|profile| Profile(Arc::new(profile)))
    }

    /// Inhabitants, from the newest published profile.
    async fn population(&self) -> Option<u32> {
        self.0.population()
    }

    /// Size by number of inhabitants.
    async fn size_band(&self) -> Option<SizeBand> {
        self.0.population().map(SizeBand::of)
    }

    /// How alike it is to another municipality; null across levels or without figures.
    async fn likeness(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The other municipality.")] to: MunicipalityId,
    ) -> Option<LikenessDetail> {
        let tables = ctx.tables();
        let comparer = tables.comparer(tables.place(&to)?, &Lens::General.weights())?;
        let distance = comparer.with(&self.record().id)?.distance;
        Some(LikenessDetail {
            score: f64::from(distance.likeness()),
            coverage: f64::from(distance.coverage),
        })
    }

    /// All its profiles.
    async fn profiles(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only those ahead of this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<Profile>>> {
        Some(self.own(ctx, "Profile", Paging::new(first, after, last, before)).await)
    }

    /// Its solutions.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a Relay connection")]
    async fn solutions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Words that must be found.")] search: Option<String>,
        #[graphql(desc = "What must hold.")] filter: Option<SolutionFilterInput>,
        #[graphql(desc = "The order.")] order_by: Option<SolutionOrder>,
        #[graphql(desc = "The first so many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only those ahead of this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<Solution>>> {
        let mut listing = match SolutionOrder::listing(search, filter, None, order_by) {
            Ok(listing) => listing,
            Err(error) => return Some(Err(error)),
        };
        listing.filters.push(Filter::AllOf(Facet::Municipality, vec![self.record().id.key()]));
        Some(Connection::read(ctx, listing, Paging::new(first, after, last, before)).await)
    }

    /// Whom to call.
    async fn contacts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only those ahead of this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<Contact>>> {
        Some(self.own(ctx, "Contact", Paging::new(first, after, last, before)).await)
    }

    /// Its project documents.
    async fn documents(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only those ahead of this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<ProjectDocument>>> {
        Some(self.own(ctx, "ProjectDocument", Paging::new(first, after, last, before)).await)
    }

    /// Its strategy processes with the five steps, one a programme.
    async fn processes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only those ahead of this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<StrategyProcess>>> {
        Some(self.own(ctx, "StrategyProcess", Paging::new(first, after, last, before)).await)
    }
}

/// A point on the earth (WGS 84).
#[derive(SimpleObject)]
pub(in crate::graphql) struct Coordinates {
    /// Degrees north of the equator.
    latitude: f64,
    /// Degrees east of Greenwich.
    longitude: f64,
}

impl From<domain::Coordinates> for Coordinates {
    fn from(domain::Coordinates { latitude, longitude }: domain::Coordinates) -> Self {
        Self { latitude, longitude }
    }
}

/// How alike two municipalities are.
#[derive(SimpleObject)]
#[graphql(name = "MunicipalityLikeness")]
pub(in crate::graphql) struct LikenessDetail {
    /// From 0 (as unlike as can be) to 1 (the same in every known figure).
    score: f64,
    /// The share of the figures' weight that is known on both sides, from 0 to 1.
    coverage: f64,
}

/// One participation in a programme.
pub(in crate::graphql) struct Participation(domain::Participation);

/// One participation in a programme.
#[Object]
impl Participation {
    /// The programme.
    async fn programme(&self, ctx: &Context<'_>) -> Option<Programme> {
        ctx.tables().programmes.get(&self.0.programme).cloned().map(Programme)
    }

    /// In which role.
    async fn role(&self) -> ParticipationRole {
        self.0.role
    }

    /// The regional group, if the programme had any and it is known.
    async fn cluster(&self) -> Option<Cluster> {
        self.0.cluster
    }

    /// Whether the group only follows from circumstances.
    async fn cluster_inferred(&self) -> bool {
        self.0.cluster_inferred
    }

    /// Where the participation is evidenced.
    async fn source(&self) -> Option<&str> {
        self.0.source.as_deref()
    }
}

/// Whether a place is structurally weak, as the GRW support map sees it.
#[derive(SimpleObject)]
pub(in crate::graphql) struct StructuralWeakness {
    /// The class of support area.
    class: SupportClass,
    /// The period of the map.
    period: String,
    /// How sure the class is.
    confidence: Confidence,
    /// Where it comes from.
    source: Option<String>,
}

impl From<domain::StructuralWeakness> for StructuralWeakness {
    fn from(weakness: domain::StructuralWeakness) -> Self {
        let domain::StructuralWeakness { class, period, confidence, source } = weakness;
        Self { class, period, confidence, source }
    }
}
