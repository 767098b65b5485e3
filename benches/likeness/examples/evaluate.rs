//! Whether neighbours are worth their name.
//!
//! `cargo run --release -p allmende-likeness-bench --example evaluate`
//!
//! All with what the reference knows of all municipalities: inhabitants, density, the density of
//! the county, and the state.

use std::collections::HashMap;
use std::error::Error;
use std::io::Write;

use allmende_likeness_bench::Germany;
use allmende_likeness_bench::domain::SizeBand;
use allmende_likeness_bench::domain::likeness::{Feature, Lens, Weights};

/// How many neighbours are asked.
const NEIGHBOURS: usize = 10;
/// Every so manieth municipality is looked at where all would take too long.
const SAMPLED: usize = 7;

fn main() -> Result<(), Box<dyn Error>> {
    let germany = Germany::read();
    let mut out = std::io::stdout().lock();
    let three = [Feature::Population, Feature::Density, Feature::Surroundings];
    let equal = |features: &[Feature]| {
        Weights::own(&features.iter().map(|feature| (*feature, 1.0)).collect::<Vec<_>>())
    };
    for (name, weights) in [("general", Lens::General.weights()), ("three figures", equal(&three)?)]
    {
        let most = hubness(&germany, &weights);
        let share = 100.0 * most as f64 / germany.keys.len() as f64;
        writeln!(out, "{name}: in at most {most} of all top tens, {share:.2} %")?;
    }
    for left_out in three {
        let rest: Vec<Feature> = three.into_iter().filter(|it| *it != left_out).collect();
        let shared = overlap(&germany, &equal(&three)?, &equal(&rest)?);
        writeln!(out, "top ten without {left_out:?}: {:.0} % the same", 100.0 * shared)?;
    }
    for (held_out, known) in [
        (Feature::Density, [Feature::Population, Feature::Surroundings]),
        (Feature::Surroundings, [Feature::Population, Feature::Density]),
    ] {
        let [one, other] = known;
        let weights = equal(&[one, other, Feature::State])?;
        let errors = predicted(&germany, held_out, known, &weights);
        writeln!(out, "{held_out:?} held out, mean error as a factor:")?;
        for (name, error) in errors {
            writeln!(out, "  {name}: {:.3}", 10_f64.powf(error))?;
        }
    }
    Ok(())
}

/// In how many top tens the most frequent municipality stands.
fn hubness(germany: &Germany, weights: &Weights) -> usize {
    let mut counts = vec![0_usize; germany.keys.len()];
    for row in 0..germany.keys.len() {
        for neighbour in germany.nearest(row, weights, NEIGHBOURS, |_| true) {
            if let Some(count) = counts.get_mut(neighbour) {
                *count += 1;
            }
        }
    }
    counts.into_iter().max().unwrap_or_default()
}

/// The share of a top ten that two ways to weigh have in common, on average.
fn overlap(germany: &Germany, one: &Weights, other: &Weights) -> f64 {
    let rows = (0..germany.keys.len()).step_by(SAMPLED);
    let shared = rows.clone().map(|row| {
        let ones = germany.nearest(row, one, NEIGHBOURS, |_| true);
        let others = germany.nearest(row, other, NEIGHBOURS, |_| true);
        ones.iter().filter(|it| others.contains(it)).count() as f64 / NEIGHBOURS as f64
    });
    shared.sum::<f64>() / rows.count() as f64
}

/// The mean error of the logarithm of a figure that was left out, by who foretells it: those most
/// alike, those nearest by raw figures, those of the same size, those of the same state. Nobody
/// is asked about the own county, which has the same surroundings.
fn predicted(
    germany: &Germany,
    held_out: Feature,
    known: [Feature; 2],
    weights: &Weights,
) -> Vec<(&'static str, f64)> {
    let value = |row: usize| germany.figure(row, held_out).map_or(0.0, |it| f64::from(it.log10()));
    let county = |row: usize| germany.keys.get(row).and_then(|key| key.get(..5));
    let mean =
        |rows: &[usize]| rows.iter().map(|row| value(*row)).sum::<f64>() / rows.len().max(1) as f64;
    let raw = raw_scores(germany, known);
    let groups = Groups::new(germany);
    let mut sums = [0.0; 4];
    let mut count = 0.0;
    for row in (0..germany.keys.len()).step_by(SAMPLED) {
        let elsewhere = |other: usize| county(other) != county(row);
        let alike = germany.nearest(row, weights, NEIGHBOURS, elsewhere);
        let by_raw = nearest_raw(&raw, row, elsewhere);
        let of = |group: Option<&Vec<usize>>| -> Vec<usize> {
            group.into_iter().flatten().copied().filter(|it| elsewhere(*it)).collect()
        };
        let guesses = [
            mean(&alike),
            mean(&by_raw),
            mean(&of(groups.size(germany, row))),
            mean(&of(groups.state(germany, row))),
        ];
        for (sum, guess) in sums.iter_mut().zip(guesses) {
            *sum += (guess - value(row)).abs();
        }
        count += 1.0;
    }
    ["most alike", "raw z-scores, Euclid", "same size class", "same state"]
        .into_iter()
        .zip(sums.map(|sum| sum / count))
        .collect()
}

/// Raw figures by their mean and standard deviation.
fn raw_scores(germany: &Germany, known: [Feature; 2]) -> Vec<[f64; 2]> {
    let columns = known.map(|feature| {
        let values: Vec<f64> = (0..germany.keys.len())
            .map(|row| germany.figure(row, feature).map_or(0.0, f64::from))
            .collect();
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        let spread =
            (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / count).sqrt();
        values.into_iter().map(|value| (value - mean) / spread).collect::<Vec<_>>()
    });
    let [ones, others] = columns;
    ones.into_iter().zip(others).map(|(one, other)| [one, other]).collect()
}

fn nearest_raw(raw: &[[f64; 2]], row: usize, wanted: impl Fn(usize) -> bool) -> Vec<usize> {
    let Some([x, y]) = raw.get(row) else { return Vec::new() };
    let mut all: Vec<(f64, usize)> = raw
        .iter()
        .enumerate()
        .filter(|(other, _)| *other != row && wanted(*other))
        .map(|(other, [a, b])| ((a - x).powi(2) + (b - y).powi(2), other))
        .collect();
    all.select_nth_unstable_by(NEIGHBOURS, |one, other| one.0.total_cmp(&other.0));
    all.into_iter().take(NEIGHBOURS).map(|(_, row)| row).collect()
}

/// Municipalities by size class and by state.
struct Groups {
    sizes: HashMap<SizeBand, Vec<usize>>,
    states: HashMap<String, Vec<usize>>,
}

impl Groups {
    fn new(germany: &Germany) -> Self {
        let mut groups = Self { sizes: HashMap::new(), states: HashMap::new() };
        for row in 0..germany.keys.len() {
            if let Some(size) = band(germany, row) {
                groups.sizes.entry(size).or_default().push(row);
            }
            if let Some(state) = state(germany, row) {
                groups.states.entry(state.to_owned()).or_default().push(row);
            }
        }
        groups
    }

    fn size(&self, germany: &Germany, row: usize) -> Option<&Vec<usize>> {
        self.sizes.get(&band(germany, row)?)
    }

    fn state(&self, germany: &Germany, row: usize) -> Option<&Vec<usize>> {
        self.states.get(state(germany, row)?)
    }
}

fn band(germany: &Germany, row: usize) -> Option<SizeBand> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "inhabitants")]
    germany.figure(row, Feature::Population).map(|people| SizeBand::of(people as u32))
}

fn state(germany: &Germany, row: usize) -> Option<&str> {
    germany.keys.get(row)?.get(..2)
}
