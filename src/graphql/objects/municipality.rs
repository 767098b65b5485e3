//! Municipalities.

use std::sync::Arc;

use allmende_index::{Facet, Filter};
use async_graphql::{Context, ID, Object, Result, SimpleObject};

use super::likeness::{Figure, Likeness};
use super::peers::{Comparison, FeatureWeightInput, PeerConnection};
use super::{
    Adoption, Contact, Profile, Programme, ProjectDocument, Question, Solution, StrategyProcess,
};
use crate::domain::{
    self, AdoptionState, AdoptionStatus, Cluster, Confidence, Lens, Level, MunicipalityId,
    MunicipalityKind, ParticipationRole, SizeBand, SupportClass,
};
use crate::graphql::choices::{QuestionFilterInput, QuestionOrder, QuestionRole};
use crate::graphql::connection::{Connection, Listable, Paging};
use crate::graphql::context::ContextExt;
use crate::graphql::failure::{Code, failure, from_service};
use crate::graphql::input::{MunicipalityFilterInput, SolutionFilterInput, SolutionOrder};
use crate::live::Place;
use crate::service::{AdoptionFilter, Listing, Wanted};

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

    /// A list of municipalities that are compared with it.
    async fn compared(
        &self,
        ctx: &Context<'_>,
        wanted: Wanted,
        (lens, weights): (Lens, Option<Vec<FeatureWeightInput>>),
        filter: Option<MunicipalityFilterInput>,
        paging: Paging,
    ) -> Result<PeerConnection> {
        let comparison = Comparison::new(lens, weights)?;
        PeerConnection::read(ctx, &self.0, wanted, comparison, filter, paging).await
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

    /// Whether one person does all the work here, so that no second pair of eyes looks at what is
    /// published.
    async fn one_person(&self) -> bool {
        self.record().one_person
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

    /// Official keys that it, or what it was merged of, had before.
    async fn former_keys(&self) -> &[String] {
        &self.record().former_keys
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
        let record = self.record();
        if record.members.is_empty() && record.kind.level() == Level::Association {
            // A register names the association of each municipality.
            let tables = ctx.tables();
            return tables.lying_in(&record.id).into_iter().cloned().map(Self).collect();
        }
        record.members.iter().filter_map(|id| Municipality::find(ctx, id)).collect()
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

    /// How alike it is to another municipality, and why; null across levels or without figures.
    async fn likeness(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The other municipality, which is in focus.")] to: MunicipalityId,
        #[graphql(desc = "What the comparison is about.", default_with = "Lens::General")]
        lens: Lens,
    ) -> Option<Likeness> {
        let tables = ctx.tables();
        let focus = tables.place(&to)?;
        let compared = tables.comparer(focus, lens)?.with(&self.record().id)?;
        Some(Likeness { focus: Arc::clone(focus), compared: Arc::new(compared), lens })
    }

    /// Its known figures, each the newest, with all others of the level to compare with.
    async fn figures(&self) -> Vec<Figure> {
        Figure::all(&self.0)
    }

    /// The municipalities most like it: of the same level, by their figures.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a Relay connection")]
    async fn peers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What the comparison is about.", default_with = "Lens::General")]
        lens: Lens,
        #[graphql(desc = "Own weights, in place of those of the lens.")] weights: Option<
            Vec<FeatureWeightInput>,
        >,
        #[graphql(desc = "What must hold.")] filter: Option<MunicipalityFilterInput>,
        #[graphql(desc = "The first so many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only those ahead of this cursor.")] before: Option<String>,
    ) -> Option<Result<PeerConnection>> {
        let paging = Paging::new(first, after, last, before);
        Some(self.compared(ctx, Wanted::Peers, (lens, weights), filter, paging).await)
    }

    /// Municipalities that work on the same topics, in solutions or a strategy process, and are not
    /// too different.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a Relay connection")]
    async fn problem_peers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What the comparison is about.", default_with = "Lens::General")]
        lens: Lens,
        #[graphql(desc = "Own weights, in place of those of the lens.")] weights: Option<
            Vec<FeatureWeightInput>,
        >,
        #[graphql(
            desc = "The greatest distance, from 0 to 1: what is missing from a likeness of 1.",
            default = 0.3
        )]
        max_distance: f64,
        #[graphql(desc = "What must hold.")] filter: Option<MunicipalityFilterInput>,
        #[graphql(desc = "The first so many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only those ahead of this cursor.")] before: Option<String>,
    ) -> Option<Result<PeerConnection>> {
        let wanted = match distance("maxDistance", max_distance) {
            Ok(distance) => Wanted::SharingChallenges(distance),
            Err(error) => return Some(Err(error)),
        };
        let paging = Paging::new(first, after, last, before);
        Some(self.compared(ctx, wanted, (lens, weights), filter, paging).await)
    }

    /// Municipalities that are quite different and did something about the same topics.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a Relay connection")]
    async fn contrasts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What the comparison is about.", default_with = "Lens::General")]
        lens: Lens,
        #[graphql(desc = "Own weights, in place of those of the lens.")] weights: Option<
            Vec<FeatureWeightInput>,
        >,
        #[graphql(
            desc = "The least distance, from 0 to 1: what is missing from a likeness of 1.",
            default = 0.4
        )]
        min_distance: f64,
        #[graphql(desc = "What must hold.")] filter: Option<MunicipalityFilterInput>,
        #[graphql(desc = "The first so many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only those ahead of this cursor.")] before: Option<String>,
    ) -> Option<Result<PeerConnection>> {
        let wanted = match distance("minDistance", min_distance) {
            Ok(distance) => Wanted::Contrasts(distance),
            Err(error) => return Some(Err(error)),
        };
        let paging = Paging::new(first, after, last, before);
        Some(self.compared(ctx, wanted, (lens, weights), filter, paging).await)
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

    /// The contacts that somebody should look at, because their date has come or messages come
    /// back, at most 100; null for those who do not work for it.
    async fn contacts_to_review(&self, ctx: &Context<'_>) -> Option<Result<Vec<Contact>>> {
        let due = ctx.services().contacts_due(ctx.viewer(), &self.0.municipality.id).await;
        let shown = |due: Vec<_>| due.into_iter().map(Contact::from).collect();
        due.map(|due| due.map(shown)).map_err(from_service).transpose()
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

    /// What it took over from others, changed last first.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a Relay connection")]
    async fn adoptions(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Whether it confirmed them; what it did not is seen by those concerned only.",
            default_with = "AdoptionState::Confirmed"
        )]
        state: AdoptionState,
        #[graphql(desc = "How far it is; in any if absent.")] statuses: Option<Vec<AdoptionStatus>>,
        #[graphql(desc = "The first so many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only those ahead of this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<Adoption>>> {
        let (own, statuses) = (Some(self.record().id.clone()), statuses.unwrap_or_default());
        let filter = AdoptionFilter { solution: None, municipality: own, state, statuses };
        let paging = Paging::new(first, after, last, before);
        Some(Connection::read(ctx, filter.listing(), paging).await)
    }

    /// Questions that it asked, or that were sent to it: its inbox.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a Relay connection")]
    async fn questions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it has to do with them.", default_with = "QuestionRole::Addressed")]
        role: QuestionRole,
        #[graphql(desc = "Words to be found in questions and answers.")] search: Option<String>,
        #[graphql(desc = "What must hold.")] filter: Option<QuestionFilterInput>,
        #[graphql(desc = "The order: by relevance with a search, else newest first.")]
        order_by: Option<QuestionOrder>,
        #[graphql(desc = "The first so many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only those ahead of this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<Question>>> {
        let mut listing = match QuestionOrder::listing(search, filter, None, order_by) {
            Ok(listing) => listing,
            Err(error) => return Some(Err(error)),
        };
        let facet = match role {
            QuestionRole::Asked => Facet::Municipality,
            QuestionRole::Addressed => Facet::Addressee,
        };
        listing.filters.push(Filter::AllOf(facet, vec![self.record().id.key()]));
        Some(Connection::read(ctx, listing, Paging::new(first, after, last, before)).await)
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

/// A distance between municipalities.
fn distance(name: &str, given: f64) -> Result<f32> {
    #[expect(clippy::cast_possible_truncation, reason = "a distance from 0 to 1")]
    match given {
        0.0..=1.0 => Ok(given as f32),
        _ => Err(failure(Code::BadUserInput, format!("{name} must be from 0 to 1, not {given}"))),
    }
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
