//! All German municipalities, from which scales and percentiles come.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, LazyLock};

use chrono::NaiveDate;

use super::super::kinds::Label;
use super::super::state::State;
use super::feature::{FEATURES, Feature, Measure};
use super::figures::Figures;
use super::lens::Weights;
use super::level::Level;
use super::table::{Scaled, Table};

/// The reference that comes with the program.
const SHIPPED: &str = include_str!("../../../seed/reference/germany_2022.csv");
/// A figure that fewer of a level have tells nothing of the others.
const FEWEST: usize = 100;

/// Why a reference cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReferenceError {
    /// The head does not say from when the figures are, or where they come from.
    #[error("line {line}: a reference begins with `# date: 2022-12-31` and `# source: …`")]
    Head {
        /// The line, from 1.
        line: usize,
    },
    /// A column has no name that is known.
    #[error("line {line}: there is no figure \"{name}\"")]
    Column {
        /// The line, from 1.
        line: usize,
        /// The name.
        name: String,
    },
    /// A row cannot be read.
    #[error("line {line}, column {column}: {reason}")]
    Row {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// What is wrong with it.
        reason: String,
    },
}

/// Where values of each feature lie on a scale: numbers from its low to its high end, classes as
/// they are.
#[derive(Debug, Clone)]
pub struct Scales([[f32; 2]; FEATURES]);

impl Scales {
    /// The place of a value: 0 at the low end of the scale, 1 at the high one, and beyond.
    #[inline]
    pub(super) fn place(&self, feature: Feature, value: f32) -> f32 {
        let [low, high] = self.0.get(feature as usize).copied().unwrap_or([0.0, 1.0]);
        match feature.measure() {
            Measure::Ratio => (value.log10() - low.log10()) / (high.log10() - low.log10()),
            Measure::Difference => (value - low) / (high - low),
            Measure::Settlement | Measure::Same => value,
        }
    }
}

/// The municipalities of one level.
#[derive(Debug)]
pub struct LevelReference {
    scales: Scales,
    table: Table,
    rows: HashMap<String, usize>,
    places: Vec<(String, Figures)>,
    /// The values of each feature, in ascending order; empty if too few are known.
    sorted: [Vec<f32>; FEATURES],
}

/// All German municipalities at one date.
#[derive(Debug)]
pub struct Reference {
    /// The day that the figures describe.
    pub date: NaiveDate,
    /// Where they come from.
    pub source: String,
    levels: [LevelReference; 3],
    /// Inhabitants per square kilometre of each county, by its key.
    counties: HashMap<String, f64>,
}

impl Reference {
    /// The one that comes with the program.
    #[must_use]
    pub fn shipped() -> &'static Arc<Self> {
        static REFERENCE: LazyLock<Arc<Reference>> = LazyLock::new(|| {
            #[expect(clippy::expect_used, reason = "a part of the program; tests read it")]
            Reference::read(SHIPPED)
                .map(Arc::new)
                .expect("the reference that comes with the program is sound")
        });
        &REFERENCE
    }

    /// Reads one: a head with date and source, names of columns, a row for each municipality.
    ///
    /// # Errors
    /// The first line that cannot be read.
    pub fn read(text: &str) -> Result<Self, ReferenceError> {
        super::rows::read(text).map(|rows| Self::new(rows.date, rows.source, rows.rows))
    }

    fn new(date: NaiveDate, source: String, mut rows: Vec<(Level, String, Figures)>) -> Self {
        let counties: HashMap<String, f64> = rows
            .iter()
            .filter(|(level, _, _)| *level == Level::County)
            .filter_map(|(_, key, figures)| {
                Some((key.clone(), f64::from(figures.get(Feature::Density)?)))
            })
            .collect();
        for (level, key, figures) in &mut rows {
            figures.set_states(State::of_key(key).map(str::to_owned).as_slice());
            if *level != Level::County {
                let county = key.get(..5).and_then(|county| counties.get(county));
                figures.set(Feature::Surroundings, county.copied());
            }
        }
        let cities: HashSet<String> = rows
            .iter()
            .filter(|(level, key, _)| *level == Level::Municipality && key.ends_with("000"))
            .map(|(_, key, _)| key.clone())
            .collect();
        let levels = [Level::Municipality, Level::Association, Level::County];
        let levels = levels.map(|wanted| {
            // Cities with county rights stand among the counties, too; they are compared as towns.
            let is_city = |key: &str| cities.contains(&format!("{key}000"));
            let rows = rows.iter().filter(|(level, key, _)| {
                *level == wanted && (wanted != Level::County || !is_city(key))
            });
            LevelReference::new(rows.map(|(_, key, figures)| (key, figures)))
        });
        Self { date, source, levels, counties }
    }

    /// The municipalities of a level; of quarters those of municipalities.
    #[must_use]
    pub fn level(&self, level: Level) -> &LevelReference {
        let [municipality, association, county] = &self.levels;
        match level.measured_as() {
            Level::Association => association,
            Level::County => county,
            Level::Municipality | Level::Quarter => municipality,
        }
    }

    /// Inhabitants per square kilometre of the county of an official key.
    #[must_use]
    pub fn surroundings(&self, key: &str) -> Option<f64> {
        key.get(..5).filter(|_| key.len() > 5).and_then(|county| self.counties.get(county)).copied()
    }
}

impl LevelReference {
    fn new<'a>(rows: impl Iterator<Item = (&'a String, &'a Figures)> + Clone) -> Self {
        let mut sorted: [Vec<f32>; FEATURES] = std::array::from_fn(|_| Vec::new());
        for (feature, values) in Feature::ALL.iter().zip(&mut sorted) {
            values.extend(rows.clone().filter_map(|(_, figures)| figures.get(*feature)));
            values.sort_unstable_by(f32::total_cmp);
            if values.len() < FEWEST {
                values.clear();
            }
        }
        let mut scales = Scales([[0.0, 1.0]; FEATURES]);
        for ((feature, values), scale) in Feature::ALL.iter().zip(&sorted).zip(&mut scales.0) {
            let known = [quantile(values, 0.01), quantile(values, 0.99)];
            *scale = match known {
                [Some(low), Some(high)] if high > low => [low, high],
                _ => feature.assumed(),
            };
        }
        let (mut table, mut keys, mut places) = (Table::default(), HashMap::new(), Vec::new());
        for (key, figures) in rows {
            keys.insert(key.clone(), table.len());
            table.push(&Scaled::new(figures, &scales));
            places.push((key.clone(), *figures));
        }
        Self { scales, table, rows: keys, places, sorted }
    }

    /// The scales of its features.
    #[must_use]
    pub const fn scales(&self) -> &Scales {
        &self.scales
    }

    /// The official keys of its municipalities, and their figures.
    pub fn places(&self) -> impl Iterator<Item = &(String, Figures)> {
        self.places.iter()
    }

    /// How many municipalities it has.
    #[must_use]
    pub fn size(&self) -> usize {
        self.table.len()
    }

    /// Whether it has the values of a feature.
    #[must_use]
    pub fn knows(&self, feature: Feature) -> bool {
        self.sorted.get(feature as usize).is_some_and(|values| !values.is_empty())
    }

    /// The weights of what it knows of nearly all; nothing if none of it counts.
    #[must_use]
    pub fn weights(&self, weights: &Weights) -> Option<Weights> {
        let nearly_all = self.size() - self.size() / 10;
        let is_known = |feature: Feature| {
            self.sorted.get(feature as usize).is_some_and(|values| values.len() >= nearly_all)
        };
        weights.only(|feature| self.knows(feature) && is_known(feature))
    }

    /// The share of its municipalities with a smaller value, from 0 to 100, counting half of those
    /// with the same one; nothing of classes and of what it does not know.
    #[must_use]
    pub fn percentile(&self, feature: Feature, value: f32) -> Option<f64> {
        let values = self.sorted.get(feature as usize).filter(|values| !values.is_empty())?;
        if !feature.is_number() {
            return None;
        }
        let below = values.partition_point(|other| *other < value);
        let up_to = values.partition_point(|other| *other <= value);
        Some(100.0 * (below + up_to) as f64 / 2.0 / values.len() as f64)
    }

    /// The value below which a share of its municipalities lie, from 0 to 1.
    #[must_use]
    pub fn quantile(&self, feature: Feature, share: f64) -> Option<f32> {
        let values = self.sorted.get(feature as usize).filter(|_| feature.is_number())?;
        quantile(values, share)
    }

    /// How far its municipalities are from one, which itself is left out by its key.
    #[must_use]
    pub fn distances(&self, focus: &Scaled, keys: &[&str], weights: &Weights) -> Vec<f32> {
        let itself = keys.iter().find_map(|key| self.rows.get(*key));
        let distances = self.table.distances(focus, weights).into_iter().enumerate();
        let others = distances.filter(|(row, it)| Some(row) != itself && it.coverage > 0.0);
        others.map(|(_, it)| it.distance).collect()
    }
}

/// Between ascending values, the one at a share, with straight lines between neighbours.
fn quantile(values: &[f32], share: f64) -> Option<f32> {
    let place = share * values.len().checked_sub(1)? as f64;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place")]
    let (below, rest) = (place.floor() as usize, place.fract() as f32);
    let low = values.get(below)?;
    let high = values.get(below + 1).unwrap_or(low);
    Some(low + (high - low) * rest)
}
