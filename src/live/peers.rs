//! All municipalities in columns, to find those most like one of them.

use std::collections::HashMap;
use std::sync::Arc;

use super::place::Place;
use crate::domain::likeness::{
    Distance, Explanation, Nearest, Reference, Scaled, Standing, Table, Window, distance, nearest,
};
use crate::domain::{Level, MunicipalityId, Weights};

/// All municipalities by their levels, as they were at one moment.
#[derive(Debug, Default)]
pub(super) struct Peers(HashMap<Level, Members>);

/// The municipalities of one level, in the order of their keys.
#[derive(Debug, Default)]
struct Members {
    places: Vec<Arc<Place>>,
    ids: Vec<MunicipalityId>,
    scaled: Vec<Scaled>,
    table: Table,
}

impl Peers {
    /// Puts places in order.
    pub(super) fn new<'a>(
        places: impl Iterator<Item = &'a Arc<Place>>,
        reference: &Reference,
    ) -> Self {
        let mut places: Vec<&Arc<Place>> = places.collect();
        places.sort_unstable_by(|one, other| one.municipality.id.cmp(&other.municipality.id));
        let mut peers = Self::default();
        for place in places {
            let level = place.municipality.kind.level();
            let scaled = Scaled::new(place.figures(), reference.level(level).scales());
            let members = peers.0.entry(level).or_default();
            members.places.push(Arc::clone(place));
            members.ids.push(place.municipality.id.clone());
            members.table.push(&scaled);
            members.scaled.push(scaled);
        }
        peers
    }
}

/// Compares one municipality with all others of its level.
pub struct Comparer<'a> {
    members: &'a Members,
    row: usize,
    focus: Scaled,
    weights: Weights,
    standing: Arc<Standing>,
}

/// How a municipality compares with the one in focus.
pub struct Compared {
    /// The other municipality.
    pub place: Arc<Place>,
    /// How far apart they are.
    pub distance: Distance,
    /// Its place in the list that it comes from, from 1.
    pub rank: Option<usize>,
    /// The share of all German municipalities of the level that are further away, in percent.
    pub percentile: Option<f64>,
    /// Feature by feature.
    pub explanation: Explanation,
}

impl<'a> Comparer<'a> {
    /// Prepares to compare; nothing if no figure that counts is known.
    ///
    /// How far all German municipalities are from the one in focus takes most of the time; it is
    /// asked for once and kept by who asks.
    pub(super) fn new(
        peers: &'a Peers,
        focus: &Place,
        weights: &Weights,
        standing: impl FnOnce(Scaled) -> Arc<Standing>,
    ) -> Option<Self> {
        let level = focus.municipality.kind.level();
        let members = peers.0.get(&level)?;
        let row = members.ids.binary_search(&focus.municipality.id).ok()?;
        weights.counting().find(|(feature, _)| focus.figures().get(*feature).is_some())?;
        let scaled = *members.scaled.get(row)?;
        let standing = standing(scaled);
        Some(Self { members, row, focus: scaled, weights: *weights, standing })
    }

    /// How alike every municipality of the level is, by bare key, from 0 to 1; itself included.
    #[must_use]
    pub fn likenesses(&self) -> HashMap<String, f32> {
        let distances = self.members.table.distances(&self.focus, &self.weights).into_iter();
        let known = self.members.ids.iter().zip(distances).filter(|(_, it)| it.coverage > 0.0);
        known.map(|(id, it)| (id.key(), it.likeness())).collect()
    }

    /// The nearest that are wanted.
    pub fn nearest(
        &self,
        wanted: impl Fn(&Place, Distance) -> bool,
        window: &Window<'_, MunicipalityId>,
    ) -> Nearest {
        let wanted = |row: usize, distance: Distance| {
            let place = self.members.places.get(row).filter(|_| row != self.row);
            place.is_some_and(|place| wanted(place, distance))
        };
        let Members { table, ids, .. } = self.members;
        nearest(table, ids, &self.focus, &self.weights, wanted, window)
    }

    fn distance_of(&self, row: usize) -> Option<Distance> {
        distance(&self.focus, self.members.scaled.get(row)?, &self.weights)
    }

    /// The comparison with a municipality of a row, at its place in a list.
    #[must_use]
    pub fn compared(&self, row: usize, rank: Option<usize>) -> Option<Compared> {
        let (place, scaled) = (self.members.places.get(row)?, self.members.scaled.get(row)?);
        let focus = self.members.places.get(self.row)?;
        Some(Compared {
            place: Arc::clone(place),
            distance: self.distance_of(row)?,
            rank,
            percentile: self.standing.percentile(scaled),
            explanation: Explanation::new(
                [focus.figures(), place.figures()],
                [&self.focus, scaled],
                &self.weights,
            ),
        })
    }

    /// The comparison with one municipality; nothing if no figure can be compared.
    #[must_use]
    pub fn with(&self, other: &MunicipalityId) -> Option<Compared> {
        self.compared(self.members.ids.binary_search(other).ok()?, None)
    }

    /// The place of one municipality among all of the hub, from 1; looks at all of them.
    #[must_use]
    pub fn rank(&self, other: &MunicipalityId) -> Option<usize> {
        let row = self.members.ids.binary_search(other).ok()?;
        let rank = self.distance_of(row)?.rank();
        let before = Window { before: Some((rank, other)), ..Window::first(0) };
        let others = self.nearest(|_, _| true, &before);
        Some(others.inside + 1)
    }
}

/// How far all German municipalities are from a place.
pub(super) fn standing(
    reference: &Reference,
    place: &Place,
    scaled: Scaled,
    weights: &Weights,
) -> Standing {
    let level = place.municipality.kind.level();
    // Nobody counts quarters, so there is nothing that they could be further away than.
    match level == level.measured_as() {
        true => Standing::new(reference.level(level), scaled, &place.keys(), weights),
        false => Standing::none(scaled),
    }
}
