//! Who is most alike, and how that compares with all German municipalities.

use std::cmp::Ordering;

use super::lens::Weights;
use super::reference::LevelReference;
use super::table::{Distance, Scaled, Table, distance};

/// A municipality of a table, and how far it is from the one in focus.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Neighbour {
    /// Its row in the table.
    pub row: usize,
    /// How far it is.
    pub distance: Distance,
}

impl Neighbour {
    /// The order of neighbours: the nearest first, equally near ones by key.
    fn compare(&self, other: &Self, keys: &[impl Ord]) -> Ordering {
        let rank = self.distance.rank().total_cmp(&other.distance.rank());
        rank.then_with(|| keys.get(self.row).cmp(&keys.get(other.row)))
    }
}

/// Which part of a list of neighbours.
#[derive(Debug, Clone, Copy)]
pub struct Window<'a, K> {
    /// Only those behind one that is so far and has that key.
    pub after: Option<(f32, &'a K)>,
    /// Only those ahead of such a one.
    pub before: Option<(f32, &'a K)>,
    /// How many at most.
    pub count: usize,
    /// Whether the last ones in place of the first.
    pub last: bool,
}

impl<K> Window<'_, K> {
    /// The first so many.
    #[must_use]
    pub const fn first(count: usize) -> Self {
        Self { after: None, before: None, count, last: false }
    }
}

/// The nearest of a table that are wanted. Those of which no figure can be compared are never
/// wanted. The keys are those of the rows; they decide between equally near ones.
#[must_use]
pub fn nearest<K: Ord>(
    table: &Table,
    keys: &[K],
    focus: &Scaled,
    weights: &Weights,
    wanted: impl Fn(usize, Distance) -> bool,
    window: &Window<'_, K>,
) -> Nearest {
    let distances = table.distances(focus, weights).into_iter().enumerate();
    let all = distances.map(|(row, distance)| Neighbour { row, distance });
    let mut found: Vec<Neighbour> =
        all.filter(|it| it.distance.coverage > 0.0 && wanted(it.row, it.distance)).collect();
    let total = found.len();
    let lies = |it: &Neighbour, (rank, key): (f32, &K)| {
        let compared = it.distance.rank().total_cmp(&rank);
        compared.then_with(|| keys.get(it.row).cmp(&Some(key)))
    };
    if let Some(after) = window.after {
        found.retain(|it| lies(it, after) == Ordering::Greater);
    }
    let mut before = total - found.len();
    if let Some(end) = window.before {
        found.retain(|it| lies(it, end) == Ordering::Less);
    }
    let inside = found.len();
    let surplus = found.len().saturating_sub(window.count);
    if surplus > 0 {
        let cut = if window.last { surplus } else { window.count };
        found.select_nth_unstable_by(cut, |one, other| one.compare(other, keys));
        if window.last {
            found.drain(..cut);
            before += cut;
        } else {
            found.truncate(cut);
        }
    }
    found.sort_unstable_by(|one, other| one.compare(other, keys));
    Nearest { found, total, before, inside }
}

/// See [`nearest`].
#[derive(Debug, Clone, PartialEq)]
pub struct Nearest {
    /// The nearest.
    pub found: Vec<Neighbour>,
    /// How many there are.
    pub total: usize,
    /// How many are nearer than the first one found.
    pub before: usize,
    /// How many lie within the window, on whatever page.
    pub inside: usize,
}

/// How far all German municipalities of a level are from the one in focus, by the figures that are
/// known of all of them.
#[derive(Debug)]
pub struct Standing {
    focus: Scaled,
    weights: Option<Weights>,
    distances: Vec<f32>,
}

impl Standing {
    /// Compares one with all of them; its official keys tell which of them is itself.
    #[must_use]
    pub fn new(
        reference: &LevelReference,
        focus: Scaled,
        keys: &[&str],
        weights: &Weights,
    ) -> Self {
        let weights = reference.weights(weights);
        let distances = weights
            .as_ref()
            .map(|weights| reference.distances(&focus, keys, weights))
            .unwrap_or_default();
        Self { focus, weights, distances }
    }

    /// Nothing to compare with.
    #[must_use]
    pub const fn none(focus: Scaled) -> Self {
        Self { focus, weights: None, distances: Vec::new() }
    }

    /// The share of all municipalities that are further away than this one, in percent; nothing if
    /// no figure is known of both and of all.
    #[must_use]
    pub fn percentile(&self, other: &Scaled) -> Option<f64> {
        let distance = distance(&self.focus, other, self.weights.as_ref()?)?.distance;
        let further = self.distances.iter().map(|it| usize::from(*it > distance)).sum::<usize>();
        let all = self.distances.len();
        (all > 0).then(|| 100.0 * further as f64 / all as f64)
    }
}
