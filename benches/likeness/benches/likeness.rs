//! What it costs to compare one municipality with all of Germany.
//!
//! `cargo bench -p allmende-likeness-bench`
//!
//! The floor is a plain loop over the same floats: the sum of the absolute differences of every
//! known figure, without weights, blocks and what is missing.

use std::hint::black_box;

use allmende_likeness_bench::Germany;
use allmende_likeness_bench::domain::Language;
use allmende_likeness_bench::domain::likeness::{
    Explanation, FEATURES, Feature, Figures, Lens, Level, Reference, Scaled, Standing, Table,
    Weights, Window, nearest,
};
use criterion::{Criterion, criterion_group, criterion_main};

/// Made-up figures for all that the reference does not know, so that every feature is compared.
fn filled(germany: &Germany) -> Vec<Figures> {
    let mut state = 1_u64;
    let mut share = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 33) as f64 / (1_u64 << 31) as f64
    };
    let mut all = germany.figures.clone();
    for figures in &mut all {
        for feature in [
            Feature::Change5,
            Feature::Change10,
            Feature::YouthMigration,
            Feature::Under18,
            Feature::Over65,
            Feature::Over80,
            Feature::Foreign,
            Feature::Unemployment,
            Feature::TaxPower,
        ] {
            figures.set(feature, Some(1.0 + 30.0 * share()));
        }
        let classes = [111.0, 115.0, 125.0, 211.0, 215.0, 225.0];
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place")]
        let class = classes.get((share() * 6.0) as usize).copied();
        figures.set(Feature::SettlementType, class);
        figures.set(Feature::Support, Some((share() * 4.0).floor()));
    }
    all
}

/// The floor: columns of floats, and nothing but differences.
fn plain(columns: &[Vec<f32>], focus: &[f32]) -> f32 {
    let rows = columns.first().map_or(0, Vec::len);
    let mut sums = vec![0.0_f32; rows];
    for (column, focus) in columns.iter().zip(focus) {
        for (sum, value) in sums.iter_mut().zip(column) {
            *sum += (value - focus).abs();
        }
    }
    sums.into_iter().fold(f32::INFINITY, f32::min)
}

fn compared(criterion: &mut Criterion) {
    let germany = Germany::read();
    let reference = Reference::shipped().level(Level::Municipality);
    let figures = filled(&germany);
    let scaled: Vec<Scaled> =
        figures.iter().map(|it| Scaled::new(it, reference.scales())).collect();
    let mut full = Table::default();
    scaled.iter().for_each(|it| full.push(it));
    let (Some(focus), Some(of_focus)) = (scaled.get(5_000), figures.get(5_000)) else { return };
    let columns: Vec<Vec<f32>> = Lens::General
        .weights()
        .counting()
        .map(|(feature, _)| figures.iter().map(|it| it.get(feature).unwrap_or(0.0)).collect())
        .collect();
    let values: Vec<f32> = columns.iter().filter_map(|column| column.get(5_000)).copied().collect();
    let weights = Lens::General.weights();
    criterion.bench_function("floor: a plain loop over the same floats", |bencher| {
        bencher.iter(|| black_box(plain(black_box(&columns), &values)));
    });
    criterion.bench_function("distances to all, 13 figures each", |bencher| {
        bencher.iter(|| black_box(full.distances(black_box(focus), &weights).len()));
    });
    let explained = |table: &Table, weights: &Weights| {
        let found = nearest(
            table,
            &germany.keys,
            focus,
            weights,
            |row, _| row != 5_000,
            &Window::first(20),
        );
        let standing = Standing::new(reference, *focus, &[], weights);
        let mut letters = 0;
        for neighbour in &found.found {
            let (Some(other), Some(of_other)) =
                (scaled.get(neighbour.row), figures.get(neighbour.row))
            else {
                continue;
            };
            let why = Explanation::new([of_focus, of_other], [focus, other], weights);
            letters += standing.percentile(other).map_or(0, |_| 1);
            for it in why.agreements().iter().chain(&why.differences()) {
                letters += it.sentence(Language::German).len();
            }
        }
        letters
    };
    criterion.bench_function("the nearest 20 with percentiles and reasons", |bencher| {
        bencher.iter(|| black_box(explained(black_box(&full), &weights)));
    });
    criterion.bench_function("all of Germany read and put in order", |bencher| {
        bencher.iter(|| black_box(Germany::read().table.len()));
    });
    eprintln!("{} features, {} municipalities", FEATURES, full.len());
}

criterion_group!(benches, compared);
criterion_main!(benches);
