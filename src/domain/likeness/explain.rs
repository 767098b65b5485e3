//! Why two municipalities are alike, and where they differ.

use super::super::kinds::Label;
use super::feature::{Block, Feature};
use super::figures::Figures;
use super::lens::Weights;
use super::table::{Scaled, difference};

/// Below this coverage a comparison stands on weak feet.
pub const WEAK_BASIS: f32 = 0.5;
/// Features that are no further apart agree, in spans of the reference.
const AGREES: f32 = 0.1;
/// How many agreements and differences are worth telling.
const MOST_AGREEMENTS: usize = 3;
const MOST_DIFFERENCES: usize = 2;

/// What one feature adds to the distance of two municipalities.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contribution {
    /// The feature.
    pub feature: Feature,
    /// The value of the municipality in focus, and that of the other one.
    pub values: [f32; 2],
    /// How far they are apart, from 0 to 1.
    pub difference: f32,
    /// How much the feature counts here, from 0 to 1: what others of its block do not know counts
    /// here too.
    pub weight: f32,
    /// Its share of the whole distance, from 0 to 1.
    pub share: f32,
}

/// A comparison, feature by feature.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// What is known of both, in the order of the features.
    pub contributions: Vec<Contribution>,
}

impl Explanation {
    /// Compares two municipalities whose scales are the same.
    #[must_use]
    pub fn new(figures: [&Figures; 2], [focus, other]: [&Scaled; 2], weights: &Weights) -> Self {
        let mut contributions = Vec::new();
        let mut all = 0.0;
        for block in Block::ALL {
            let of_block = || weights.counting().filter(|(it, _)| it.block() == *block);
            let whole: f32 = of_block().map(|(_, weight)| weight).sum();
            let known: Vec<(Feature, f32, f32)> = of_block()
                .filter_map(|(it, weight)| Some((it, weight, difference(it, focus, other)?)))
                .collect();
            let weight_known: f32 = known.iter().map(|(_, weight, _)| weight).sum();
            all += if known.is_empty() { 0.0 } else { whole };
            contributions.extend(known.into_iter().map(|(feature, weight, difference)| {
                let values = figures.map(|it| it.get(feature).unwrap_or(f32::NAN));
                let weight = whole * weight / weight_known;
                Contribution { feature, values, difference, weight, share: weight * difference }
            }));
        }
        let distance: f32 = contributions.iter().map(|it| it.share).sum();
        for contribution in &mut contributions {
            contribution.weight /= all;
            contribution.share = if distance > 0.0 { contribution.share / distance } else { 0.0 };
        }
        contributions.sort_by_key(|it| it.feature);
        Self { contributions }
    }

    /// What is most alike: what counts most first.
    #[must_use]
    pub fn agreements(&self) -> Vec<Contribution> {
        let mut found: Vec<Contribution> =
            self.contributions.iter().filter(|it| it.difference <= AGREES).copied().collect();
        found.sort_by(|one, other| {
            let worth = |it: &Contribution| it.weight * (1.0 - it.difference / AGREES);
            worth(other).total_cmp(&worth(one)).then(one.feature.cmp(&other.feature))
        });
        found.truncate(MOST_AGREEMENTS);
        found
    }

    /// What differs most: what adds most to the distance first.
    #[must_use]
    pub fn differences(&self) -> Vec<Contribution> {
        let mut found: Vec<Contribution> =
            self.contributions.iter().filter(|it| it.difference > AGREES).copied().collect();
        found.sort_by(|one, other| {
            other.share.total_cmp(&one.share).then(one.feature.cmp(&other.feature))
        });
        found.truncate(MOST_DIFFERENCES);
        found
    }
}
