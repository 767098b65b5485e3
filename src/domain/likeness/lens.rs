//! How much each feature counts: presets by topic, or weights of one's own.

use super::super::kinds::{Label, kinds};
use super::feature::{Block, FEATURES, Feature};

kinds! {
    /// What a comparison is about; each lens weighs the features in its own way.
    Lens {
        General = "general", "Allgemein", "General";
        Mobility = "mobility", "Mobilität", "Mobility";
        Care = "care", "Gesundheit und Pflege", "Health and care";
        Housing = "housing", "Wohnen", "Housing";
        Finance = "finance", "Finanzen", "Finance";
        Youth = "youth", "Kinder und Jugend", "Children and youth";
        Diversity = "diversity", "Vielfalt und Integration", "Diversity and integration";
        Administration = "administration", "Verwaltung", "Administration";
    }
}

/// Weights are not usable.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum WeightError {
    /// One is below zero, above 1000 or no number.
    #[error("the weight of {} must be a number from 0 to 1000", .0.name())]
    OutOfRange(Feature),
    /// A feature was weighed twice.
    #[error("{} has two weights", .0.name())]
    Twice(Feature),
    /// Nothing counts.
    #[error("at least one weight must be above 0")]
    AllZero,
}

/// The greatest weight; only ratios count.
const GREATEST: f64 = 1_000.0;

/// How much each feature counts; the weights add up to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weights([f32; FEATURES]);

impl Weights {
    /// Those of somebody's own; features that are left out do not count.
    ///
    /// # Errors
    /// A weight is out of range or given twice, or none is above zero.
    pub fn own(given: &[(Feature, f64)]) -> Result<Self, WeightError> {
        let mut weights = [None; FEATURES];
        for (feature, weight) in given {
            if !(0.0..=GREATEST).contains(weight) {
                return Err(WeightError::OutOfRange(*feature));
            }
            let place = weights.get_mut(*feature as usize);
            if place.and_then(|place| place.replace(*weight)).is_some() {
                return Err(WeightError::Twice(*feature));
            }
        }
        let weights = weights.map(Option::unwrap_or_default);
        if weights.iter().all(|weight| *weight <= 0.0) {
            return Err(WeightError::AllZero);
        }
        Ok(Self::normal(weights))
    }

    fn normal(weights: [f64; FEATURES]) -> Self {
        let sum: f64 = weights.iter().sum();
        #[expect(clippy::cast_possible_truncation, reason = "a share")]
        Self(weights.map(|weight| (weight / sum) as f32))
    }

    /// The weight of a feature, from 0 to 1.
    #[must_use]
    pub fn of(&self, feature: Feature) -> f32 {
        self.0.get(feature as usize).copied().unwrap_or_default()
    }

    /// The features that count, in their order, with their weights.
    pub fn counting(&self) -> impl Iterator<Item = (Feature, f32)> + '_ {
        let all = Feature::ALL.iter().map(|feature| (*feature, self.of(*feature)));
        all.filter(|(_, weight)| *weight > 0.0)
    }

    /// The same, but only for some features, which stand for the others of their blocks; nothing if
    /// none of them counts.
    #[must_use]
    pub(super) fn only(&self, keeps: impl Fn(Feature) -> bool) -> Option<Self> {
        let mut weights = [0.0; FEATURES];
        for block in Block::ALL {
            let of_block = || self.counting().filter(|(it, _)| it.block() == *block);
            let whole: f32 = of_block().map(|(_, weight)| weight).sum();
            let kept: f32 = of_block().filter(|(it, _)| keeps(*it)).map(|(_, weight)| weight).sum();
            for (feature, weight) in of_block().filter(|(it, _)| keeps(*it)) {
                if let Some(place) = weights.get_mut(feature as usize) {
                    *place = whole * weight / kept;
                }
            }
        }
        (weights.iter().sum::<f32>() > 0.0).then_some(Self(weights))
    }
}

impl Lens {
    /// How much each feature counts.
    ///
    /// In general five blocks count; state and kind do not, for among places that are otherwise
    /// alike they would decide alone: all neighbours would lie within the borders of one state.
    #[must_use]
    pub fn weights(self) -> Weights {
        use Feature::{
            Change5, Change10, Density, Foreign, Kind, Over65, Over80, Population, SettlementType,
            State, Support, Surroundings, TaxPower, Under18, Unemployment, YouthMigration,
        };
        let given: &[(Feature, f64)] = match self {
            Self::General => &[
                (Population, 20.0),
                (Density, 10.0),
                (SettlementType, 10.0),
                (Change5, 6.0),
                (Change10, 7.0),
                (YouthMigration, 7.0),
                (Under18, 4.0),
                (Over65, 4.0),
                (Over80, 4.0),
                (Foreign, 3.0),
                (Unemployment, 5.0),
                (TaxPower, 5.0),
                (Support, 5.0),
            ],
            Self::Mobility => &[
                (Population, 15.0),
                (Density, 20.0),
                (Surroundings, 20.0),
                (SettlementType, 25.0),
                (Over65, 10.0),
                (Under18, 10.0),
            ],
            Self::Care => &[
                (Population, 15.0),
                (Density, 10.0),
                (SettlementType, 10.0),
                (Over65, 20.0),
                (Over80, 25.0),
                (Change10, 10.0),
                (Surroundings, 10.0),
            ],
            Self::Housing => &[
                (Population, 15.0),
                (Density, 15.0),
                (Surroundings, 15.0),
                (Change5, 15.0),
                (Change10, 15.0),
                (YouthMigration, 15.0),
                (TaxPower, 10.0),
            ],
            Self::Finance => &[
                (Population, 20.0),
                (TaxPower, 35.0),
                (Unemployment, 20.0),
                (Support, 15.0),
                (State, 10.0),
            ],
            Self::Youth => &[
                (Population, 15.0),
                (Density, 10.0),
                (SettlementType, 10.0),
                (Under18, 30.0),
                (YouthMigration, 25.0),
                (Change10, 10.0),
            ],
            Self::Diversity => &[
                (Population, 15.0),
                (Density, 10.0),
                (SettlementType, 10.0),
                (Foreign, 40.0),
                (Unemployment, 15.0),
                (YouthMigration, 10.0),
            ],
            Self::Administration => &[(Population, 50.0), (Kind, 20.0), (State, 30.0)],
        };
        let mut weights = [0.0; FEATURES];
        for (feature, weight) in given {
            if let Some(place) = weights.get_mut(*feature as usize) {
                *place = *weight;
            }
        }
        Weights::normal(weights)
    }
}
