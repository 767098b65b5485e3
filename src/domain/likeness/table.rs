//! Many municipalities of one level, column by column, and how far each is from one of them.

use super::super::kinds::Label;
use super::feature::{Block, FEATURES, Feature, Measure, settlement_distance};
use super::figures::Figures;
use super::lens::Weights;
use super::reference::Scales;

/// So many rows are worked on at once: few enough for the nearest cache.
const AT_ONCE: usize = 256;

/// How far one municipality is from another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Distance {
    /// From 0, the same in every known figure, to 1.
    pub distance: f32,
    /// The share of the weights whose figures are known of both, from 0 to 1.
    pub coverage: f32,
}

/// What is not known must not look like likeness: a place of which nothing is known is put back by
/// this much.
const UNKNOWN: f32 = 0.1;

impl Distance {
    /// How alike they are, from 0 to 1, the same in every known figure.
    #[must_use]
    pub fn likeness(self) -> f32 {
        1.0 - self.distance
    }

    /// What peers are ordered by: the distance, and a little for what is not known.
    #[must_use]
    pub fn rank(self) -> f32 {
        self.distance + UNKNOWN * (1.0 - self.coverage)
    }
}

/// Figures on their scales: numbers in spans of the reference, classes as they are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scaled([f32; FEATURES]);

impl Scaled {
    /// Puts figures on the scales of a level.
    #[must_use]
    pub fn new(figures: &Figures, scales: &Scales) -> Self {
        let mut scaled = *figures.values();
        for (feature, value) in Feature::ALL.iter().zip(&mut scaled) {
            *value = scales.place(*feature, *value);
        }
        Self(scaled)
    }

    fn of(&self, feature: Feature) -> f32 {
        self.0.get(feature as usize).copied().unwrap_or(f32::NAN)
    }
}

/// How far two values on their scale are apart, from 0 to 1; no number if one is not known.
#[inline]
fn apart(measure: Measure, one: f32, other: f32) -> f32 {
    match measure {
        // What is further apart than nearly all municipalities is as unlike as can be.
        Measure::Ratio | Measure::Difference => {
            let difference = (one - other).abs();
            if difference > 1.0 { 1.0 } else { difference }
        }
        _ if one.is_nan() || other.is_nan() => f32::NAN,
        Measure::Settlement => settlement_distance(one, other),
        Measure::Same => f32::from(u8::from(one != other)),
    }
}

/// How far two values of a feature are apart, from 0 to 1; nothing if one is not known.
#[must_use]
pub fn difference(feature: Feature, one: &Scaled, other: &Scaled) -> Option<f32> {
    let apart = apart(feature.measure(), one.of(feature), other.of(feature));
    Some(apart).filter(|apart| !apart.is_nan())
}

/// How far two municipalities are apart; nothing if not one figure that counts is known of both.
#[must_use]
pub fn distance(one: &Scaled, other: &Scaled, weights: &Weights) -> Option<Distance> {
    let mut table = Table::default();
    table.push(other);
    table.distances(one, weights).pop().filter(|it| it.coverage > 0.0)
}

/// Municipalities of one level.
#[derive(Debug, Clone, Default)]
pub struct Table {
    columns: [Vec<f32>; FEATURES],
}

impl Table {
    /// Adds a municipality.
    pub fn push(&mut self, figures: &Scaled) {
        for (column, value) in self.columns.iter_mut().zip(figures.0) {
            column.push(value);
        }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.columns.first().map_or(0, Vec::len)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How far each is from a municipality.
    #[must_use]
    pub fn distances(&self, focus: &Scaled, weights: &Weights) -> Vec<Distance> {
        let mut all = Vec::with_capacity(self.len());
        for start in (0..self.len()).step_by(AT_ONCE) {
            let count = AT_ONCE.min(self.len() - start);
            let mut chunk = Chunk::new(count);
            for block in Block::ALL {
                let features = weights.counting().filter(|(it, _)| it.block() == *block);
                let mut whole = 0.0;
                for (feature, weight) in features {
                    whole += weight;
                    let column = self.columns.get(feature as usize);
                    let values = column.and_then(|column| column.get(start..start + count));
                    chunk.add(feature, focus.of(feature), values.unwrap_or_default(), weight);
                }
                chunk.close_block(whole);
            }
            chunk.finish(&mut all);
        }
        all
    }
}

/// Sums for some rows, the block at hand and all blocks before.
struct Chunk {
    count: usize,
    /// Of the block at hand: distances times weights, and the weights of what is known.
    apart: [f32; AT_ONCE],
    known: [f32; AT_ONCE],
    /// Of all blocks: the same with the weights of whole blocks.
    sum: [f32; AT_ONCE],
    weight: [f32; AT_ONCE],
    coverage: [f32; AT_ONCE],
}

impl Chunk {
    const fn new(count: usize) -> Self {
        let zero = [0.0; AT_ONCE];
        Self { count, apart: zero, known: zero, sum: zero, weight: zero, coverage: zero }
    }

    fn add(&mut self, feature: Feature, focus: f32, values: &[f32], weight: f32) {
        if focus.is_nan() {
            return;
        }
        let measure = feature.measure();
        let rows = values.iter().zip(&mut self.apart).zip(&mut self.known);
        match measure {
            // The same for all rows, without a branch: eight at a time.
            Measure::Ratio | Measure::Difference => {
                for ((value, apart), known) in rows {
                    let difference = (focus - value).abs();
                    let is_known = difference >= 0.0;
                    *apart += if is_known { weight * difference.min(1.0) } else { 0.0 };
                    *known += if is_known { weight } else { 0.0 };
                }
            }
            _ => {
                for ((value, sum), known) in rows {
                    let apart = apart(measure, focus, *value);
                    if !apart.is_nan() {
                        *sum += weight * apart;
                        *known += weight;
                    }
                }
            }
        }
    }

    /// What is known of a block stands for all of it.
    fn close_block(&mut self, whole: f32) {
        if whole <= 0.0 {
            return;
        }
        let block = self.apart.iter_mut().zip(&mut self.known);
        let sums = self.sum.iter_mut().zip(&mut self.weight).zip(&mut self.coverage);
        for ((apart, known), ((sum, weight), coverage)) in block.zip(sums).take(self.count) {
            let is_known = *known > 0.0;
            *sum += if is_known { whole * (*apart / *known) } else { 0.0 };
            *weight += if is_known { whole } else { 0.0 };
            *coverage += *known;
            (*apart, *known) = (0.0, 0.0);
        }
    }

    fn finish(&self, all: &mut Vec<Distance>) {
        let rows = self.sum.iter().zip(&self.weight).zip(&self.coverage).take(self.count);
        all.extend(rows.map(|((sum, weight), coverage)| Distance {
            distance: if *weight > 0.0 { (sum / weight).min(1.0) } else { 1.0 },
            coverage: coverage.min(1.0),
        }));
    }
}
