//! Who is most like a municipality, who faces the same, and who is quite different and solved it.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use allmende_index::{Direction, Facet, Filter, Query};

use super::choices::MunicipalityFilter;
use super::listing::public;
use super::{Error, ListError, Services};
use crate::domain::likeness::{Distance, Window};
use crate::domain::{Label, Lens, MunicipalityId, Near, SolutionStatus, TopicId, Weights};
use crate::live::{Compared, Place, Tables};

/// Who is wanted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Wanted {
    /// Those most alike.
    Peers,
    /// Those at most so far who work on the same topics.
    SharingChallenges(f32),
    /// Those at least so far who did something about the same topics.
    Contrasts(f32),
}

/// What is asked of a list of municipalities that are compared with one.
#[derive(Debug, Clone)]
pub struct PeerListing {
    /// The municipality in focus.
    pub focus: MunicipalityId,
    /// Who is wanted.
    pub wanted: Wanted,
    /// What the comparison is about; nothing if the weights are somebody's own.
    pub lens: Option<Lens>,
    /// How much each feature counts.
    pub weights: Weights,
    /// Which municipalities.
    pub filter: MunicipalityFilter,
    /// Only those near a point.
    pub near: Option<Near>,
}

/// A municipality of such a list.
pub struct Peer {
    /// How it compares with the one in focus.
    pub compared: Arc<Compared>,
    /// The topics that both work on.
    pub shared: Vec<TopicId>,
    /// Its place in the list.
    pub cursor: String,
}

/// A page of such a list.
pub struct PeerPage {
    /// The municipalities of the page.
    pub peers: Vec<Peer>,
    /// How many the whole list has.
    pub total: usize,
    /// How many come before this page.
    pub before: usize,
}

impl Services {
    /// A page of the municipalities that are compared with one.
    ///
    /// # Errors
    /// The municipality is unknown or has no figure that counts, or the cursor is of another list.
    pub async fn peers(
        &self,
        listing: &PeerListing,
        (size, direction): (usize, Direction),
        [after, before]: [Option<&str>; 2],
    ) -> Result<PeerPage, ListError> {
        let tables = self.directory.tables();
        let focus = tables
            .place(&listing.focus)
            .ok_or_else(|| ListError::Municipality(listing.focus.clone()))?;
        let mark = |cursor: Option<&str>| {
            cursor.map(|cursor| listing.parse(cursor).ok_or(ListError::Cursor)).transpose()
        };
        let (after, before) = (mark(after)?, mark(before)?);
        let sharing = match listing.wanted {
            Wanted::Peers => HashMap::new(),
            Wanted::SharingChallenges(_) => self.sharing(&listing.focus, false).await?,
            Wanted::Contrasts(_) => self.sharing(&listing.focus, true).await?,
        };
        let comparer = match listing.lens {
            Some(lens) => tables.comparer(focus, lens),
            None => tables.comparer_by(focus, &listing.weights),
        };
        let comparer = comparer.ok_or_else(|| ListError::Figures(listing.focus.clone()))?;
        let wanted = |place: &Place, distance: Distance| {
            let shares = || sharing.contains_key(&place.municipality.id.key());
            let fits = match listing.wanted {
                Wanted::Peers => true,
                Wanted::SharingChallenges(farthest) => distance.distance <= farthest && shares(),
                Wanted::Contrasts(nearest) => distance.distance >= nearest && shares(),
            };
            fits && listing.filter.holds(place)
                && listing.near.is_none_or(|near| {
                    place.municipality.coordinates.is_some_and(|it| near.holds(it))
                })
        };
        let window = Window {
            after: after.as_ref().map(|(rank, id)| (*rank, id)),
            before: before.as_ref().map(|(rank, id)| (*rank, id)),
            count: size,
            last: direction == Direction::Backward,
        };
        let nearest = comparer.nearest(wanted, &window);
        let peers = nearest.found.iter().enumerate().filter_map(|(place, neighbour)| {
            let compared = comparer.compared(neighbour.row, Some(nearest.before + place + 1))?;
            let compared = Arc::new(compared);
            let id = &compared.place.municipality.id;
            let cursor = listing.cursor(neighbour.distance.rank(), id);
            let shared = sharing.get(&id.key()).map(|keys| sorted(keys, &tables));
            Some(Peer { shared: shared.unwrap_or_default(), cursor, compared })
        });
        Ok(PeerPage { peers: peers.collect(), total: nearest.total, before: nearest.before })
    }

    /// By the keys of municipalities, the topics that they and one of them work on in the open; or
    /// those about which they did something.
    async fn sharing(
        &self,
        focus: &MunicipalityId,
        solved: bool,
    ) -> Result<HashMap<String, BTreeSet<String>>, Error> {
        let work = Query {
            kinds: vec!["Solution".to_owned(), "StrategyProcess".to_owned()],
            audience: public(),
            ..Query::default()
        };
        let own = Filter::AllOf(Facet::Municipality, vec![focus.key()]);
        let own = Query { filter: own, ..work.clone() };
        let challenges = self.searcher.facets(own, vec![Facet::Topic]).await?;
        let mut sharing: HashMap<String, BTreeSet<String>> = HashMap::new();
        for topic in challenges.into_iter().flat_map(|counts| counts.values) {
            let mut conditions = vec![Filter::AllOf(Facet::Topic, vec![topic.value.clone()])];
            if solved {
                conditions.push(Filter::Or(vec![Filter::AnyOf(Facet::Status, done())]));
            }
            let others = Query { filter: Filter::And(conditions), ..work.clone() };
            let found = self.searcher.facets(others, vec![Facet::Municipality]).await?;
            for municipality in found.into_iter().flat_map(|counts| counts.values) {
                sharing.entry(municipality.value).or_default().insert(topic.value.clone());
            }
        }
        Ok(sharing)
    }
}

/// Where work stands about which something was done.
fn done() -> Vec<String> {
    let done = [SolutionStatus::Running, SolutionStatus::Permanent, SolutionStatus::Ended];
    done.map(|status| status.name().to_owned()).to_vec()
}

/// Topics in the order in which all lists show them.
fn sorted(keys: &BTreeSet<String>, tables: &Tables) -> Vec<TopicId> {
    let mut topics: Vec<_> =
        tables.topics.values().filter(|topic| keys.contains(&topic.id.key())).collect();
    topics.sort_by_key(|topic| topic.position);
    topics.into_iter().map(|topic| topic.id.clone()).collect()
}

impl PeerListing {
    /// A place in this list: how far, who, and a number that stands for what is compared.
    fn cursor(&self, rank: f32, id: &MunicipalityId) -> String {
        format!("{:08x}-{:08x}-{}", rank.to_bits(), self.compares(), id.key())
    }

    fn parse(&self, cursor: &str) -> Option<(f32, MunicipalityId)> {
        let mut parts = cursor.splitn(3, '-');
        let mut number = || u32::from_str_radix(parts.next()?, 16).ok();
        let (rank, compares) = (f32::from_bits(number()?), number()?);
        let id = MunicipalityId::from_key(parts.next()?).ok()?;
        (compares == self.compares() && rank.is_finite()).then_some((rank, id))
    }

    /// All that makes this list as a number (FNV-1a), the same on every node.
    fn compares(&self) -> u32 {
        let weights = self.weights.counting();
        let weights = weights.flat_map(|(it, weight)| [it as u32, weight.to_bits()]);
        let list = format!("{} {:?} {:?} {:?}", self.focus, self.wanted, self.filter, self.near);
        let bytes = weights.flat_map(u32::to_le_bytes).chain(list.into_bytes());
        bytes.fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
    }
}

impl MunicipalityFilter {
    /// Whether a place is one of those that are asked for.
    fn holds(&self, place: &Place) -> bool {
        let municipality = &place.municipality;
        let band = place.size_band();
        let took_part = || {
            let mut programmes = municipality.participations.iter().map(|it| &it.programme);
            programmes.any(|programme| self.programmes.contains(programme))
        };
        (self.kinds.is_empty() || self.kinds.contains(&municipality.kind))
            && (self.states.is_empty()
                || municipality.states.iter().any(|state| self.states.contains(state)))
            && (self.size_bands.is_empty()
                || self.size_bands.iter().any(|size| Some(size.name()) == band))
            && (self.programmes.is_empty() || took_part())
    }
}
