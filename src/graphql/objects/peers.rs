//! Lists of municipalities that are compared with one.

use std::sync::Arc;

use async_graphql::connection::PageInfo;
use async_graphql::{Context, InputObject, Object, Result, SimpleObject};

use super::likeness::{Likeness, LikenessReference};
use super::{Municipality, Topic};
use crate::domain::{Feature, Lens, TopicId, Weights};
use crate::graphql::connection::Paging;
use crate::graphql::context::ContextExt;
use crate::graphql::failure::{Code, failure, from_list};
use crate::graphql::input::{MunicipalityFilterInput, NearPoint, check_states};
use crate::live::Place;
use crate::service::{MunicipalityFilter, PeerListing, PeerPage, Wanted};

/// How much a figure counts in a comparison; only ratios matter.
#[derive(InputObject, Debug, Clone, Copy)]
pub(in crate::graphql) struct FeatureWeightInput {
    /// The figure.
    feature: Feature,
    /// From 0 to 1000.
    weight: f64,
}

/// How municipalities are compared.
pub(super) struct Comparison {
    lens: Option<Lens>,
    weights: Weights,
}

impl Comparison {
    /// By somebody's own weights if there are any, else by a lens.
    pub(super) fn new(lens: Lens, own: Option<Vec<FeatureWeightInput>>) -> Result<Self> {
        let Some(own) = own else {
            return Ok(Self { lens: Some(lens), weights: lens.weights() });
        };
        let own: Vec<_> = own.into_iter().map(|it| (it.feature, it.weight)).collect();
        let weights = Weights::own(&own);
        let weights =
            weights.map_err(|error| failure(Code::BadUserInput, format!("weights: {error}")))?;
        Ok(Self { lens: None, weights })
    }
}

/// A page of municipalities that are compared with one.
pub(in crate::graphql) struct PeerConnection {
    focus: Arc<Place>,
    comparison: Comparison,
    page: PeerPage,
}

impl PeerConnection {
    pub(super) async fn read(
        ctx: &Context<'_>,
        focus: &Arc<Place>,
        wanted: Wanted,
        comparison: Comparison,
        filter: Option<MunicipalityFilterInput>,
        paging: Paging,
    ) -> Result<Self> {
        let filter = filter.unwrap_or_default();
        check_states(filter.states.as_deref())?;
        let listing = PeerListing {
            focus: focus.municipality.id.clone(),
            wanted,
            lens: comparison.lens,
            weights: comparison.weights,
            near: filter.near.map(NearPoint::checked).transpose()?,
            filter: MunicipalityFilter::from(filter),
        };
        let between = [paging.after.as_deref(), paging.before.as_deref()];
        let page = ctx.services().peers(&listing, paging.size()?, between).await;
        Ok(Self { focus: Arc::clone(focus), comparison, page: page.map_err(from_list)? })
    }
}

/// A page of municipalities that are compared with one, the nearest first.
#[Object]
impl PeerConnection {
    /// The municipalities of this page.
    async fn edges(&self) -> Vec<PeerEdge> {
        let edge = |peer: &crate::service::Peer| PeerEdge {
            focus: Arc::clone(&self.focus),
            compared: Arc::clone(&peer.compared),
            shared: peer.shared.clone(),
            cursor: peer.cursor.clone(),
        };
        self.page.peers.iter().map(edge).collect()
    }

    /// Where this page stands in the list.
    async fn page_info(&self) -> PageInfo {
        let cursor = |peer: Option<&crate::service::Peer>| peer.map(|peer| peer.cursor.clone());
        PageInfo {
            has_previous_page: self.page.before > 0,
            has_next_page: self.page.before + self.page.peers.len() < self.page.total,
            start_cursor: cursor(self.page.peers.first()),
            end_cursor: cursor(self.page.peers.last()),
        }
    }

    /// How many municipalities the whole list has.
    async fn total_count(&self) -> i32 {
        i32::try_from(self.page.total).unwrap_or(i32::MAX)
    }

    /// The lens; null if the weights are one's own.
    async fn lens(&self) -> Option<Lens> {
        self.comparison.lens
    }

    /// How much each figure counts; together 1.
    async fn weights(&self) -> Vec<FeatureWeight> {
        let weight = |(feature, weight)| FeatureWeight { feature, weight };
        self.comparison.weights.counting().map(weight).collect()
    }

    /// All German municipalities of the level, from which scales and percentiles come.
    async fn reference(&self, ctx: &Context<'_>) -> LikenessReference {
        LikenessReference::of(&ctx.tables().reference, self.focus.municipality.kind.level())
    }
}

/// How much a figure counts in a comparison.
#[derive(SimpleObject)]
pub(in crate::graphql) struct FeatureWeight {
    /// The figure.
    feature: Feature,
    /// From 0 to 1.
    weight: f32,
}

/// A municipality that is compared with one.
pub(in crate::graphql) struct PeerEdge {
    focus: Arc<Place>,
    compared: Arc<crate::live::Compared>,
    shared: Vec<TopicId>,
    cursor: String,
}

/// A municipality that is compared with one.
#[Object]
impl PeerEdge {
    /// Its place in the list, for `after`.
    async fn cursor(&self) -> &str {
        &self.cursor
    }

    /// The municipality.
    async fn node(&self) -> Option<Municipality> {
        Some(Municipality(Arc::clone(&self.compared.place)))
    }

    /// How alike it is, and why.
    async fn likeness(&self) -> Likeness {
        Likeness {
            focus: Arc::clone(&self.focus),
            compared: Arc::clone(&self.compared),
            lens: Lens::General,
        }
    }

    /// The topics that both work on; none in a list of peers, which looks at figures only.
    async fn shared_topics(&self, ctx: &Context<'_>) -> Vec<Topic> {
        let tables = ctx.tables();
        self.shared.iter().filter_map(|id| tables.topics.get(id).cloned()).map(Topic).collect()
    }
}
