//! Likeness as people may trust it: known neighbours, and what must hold for any figures.

use super::super::kinds::Label;
use super::super::problem::Language;
use super::*;

/// A place of the reference by its key.
fn place(key: &str) -> (Level, Figures) {
    let rows = rows::read(include_str!("../../../seed/reference/germany_2022.csv")).expect("sound");
    let row = rows.rows.into_iter().find(|(_, it, _)| it == key);
    let (level, _, figures) = row.expect("a key of the reference");
    (level, figures)
}

/// The keys of the places most alike in all of Germany, the place itself left out.
fn neighbours(key: &str, lens: Lens, count: usize) -> Vec<String> {
    let rows = rows::read(include_str!("../../../seed/reference/germany_2022.csv")).expect("sound");
    let (level, figures) = place(key);
    let reference = Reference::shipped().level(level);
    let (mut table, mut keys) = (Table::default(), Vec::new());
    for (_, key, figures) in rows.rows.iter().filter(|(of, _, _)| *of == level) {
        table.push(&Scaled::new(figures, reference.scales()));
        keys.push(key.clone());
    }
    let focus = Scaled::new(&figures, reference.scales());
    let wanted = |row: usize, _: Distance| keys.get(row).is_some_and(|other| other != key);
    let nearest = nearest(&table, &keys, &focus, &lens.weights(), wanted, &Window::first(count));
    nearest.found.iter().map(|it| keys[it.row].clone()).collect()
}

fn population(key: &str) -> f32 {
    place(key).1.get(Feature::Population).expect("inhabitants")
}

#[test]
fn a_village_of_242_is_like_villages() {
    // Schossin. By raw figures a town of ten times its size would count as the same.
    for key in neighbours("13076121", Lens::General, 20) {
        assert!((120.0..480.0).contains(&population(&key)), "{key}: {}", population(&key));
    }
}

#[test]
fn a_dense_town_is_like_dense_towns_all_over_germany() {
    // Kornwestheim: Unterschleißheim, Unterhaching, Pinneberg and Weingarten are like it.
    let found = neighbours("08118046", Lens::General, 6);
    for key in ["09184149", "09184148", "01056039", "08436082"] {
        assert!(found.iter().any(|it| it == key), "{key} is not in {found:?}");
    }
}

#[test]
fn a_large_city_has_neighbours_too() {
    // Frankfurt am Main: Stuttgart, Düsseldorf, Essen.
    assert_eq!(neighbours("06412000", Lens::General, 3), ["08111000", "05111000", "05113000"]);
}

#[test]
fn a_county_is_like_counties() {
    for key in neighbours("13076", Lens::General, 20) {
        assert_eq!(Level::of_key(&key), Some(Level::County));
        assert!((100_000.0..450_000.0).contains(&population(&key)), "{key}");
    }
}

/// The same numbers in every run.
struct Numbers(u64);

impl Numbers {
    fn share(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.0 >> 33) as f64 / (1_u64 << 31) as f64
    }

    fn figures(&mut self) -> Figures {
        let mut figures = Figures::default();
        for feature in Feature::ALL {
            if self.share() < 0.3 {
                continue;
            }
            let value = match feature {
                Feature::SettlementType => {
                    [111.0, 115.0, 125.0, 211.0, 215.0, 225.0][(self.share() * 6.0) as usize]
                }
                Feature::Support | Feature::Kind | Feature::State => (self.share() * 4.0).floor(),
                Feature::Change5 | Feature::Change10 | Feature::YouthMigration => {
                    self.share() * 40.0 - 20.0
                }
                _ => 10_f64.powf(self.share() * 5.0),
            };
            figures.set(*feature, Some(value));
        }
        figures
    }
}

fn scaled(figures: &Figures) -> Scaled {
    Scaled::new(figures, Reference::shipped().level(Level::Municipality).scales())
}

#[test]
fn distances_are_symmetric_within_their_range_and_nothing_for_the_same() {
    let mut numbers = Numbers(1);
    for _ in 0..2_000 {
        let [one, other] = [numbers.figures(), numbers.figures()].map(|it| scaled(&it));
        for lens in Lens::ALL {
            let weights = lens.weights();
            let there = distance(&one, &other, &weights);
            assert_eq!(there, distance(&other, &one, &weights));
            if let Some(it) = there {
                assert!((0.0..=1.000_01).contains(&it.distance), "{it:?}");
                assert!(it.coverage > 0.0 && it.coverage <= 1.0, "{it:?}");
            }
            if let Some(it) = distance(&one, &one, &weights) {
                assert!(it.distance.abs() < 1e-6, "{it:?}");
            }
        }
    }
}

#[test]
fn the_further_a_figure_is_the_further_is_the_place() {
    let mut numbers = Numbers(2);
    for _ in 0..300 {
        let (one, mut other) = (numbers.figures(), numbers.figures());
        for feature in Feature::ALL.iter().filter(|feature| feature.is_number()) {
            let Some(value) = one.get(*feature) else { continue };
            let mut before = -1.0;
            for step in 0..8 {
                other.set(*feature, Some(f64::from(value) + f64::from(step) * 3.0));
                let weights = Lens::Youth.weights();
                let now = distance(&scaled(&one), &scaled(&other), &weights);
                let now = now.map_or(0.0, |it| it.distance);
                assert!(now >= before - 1e-6, "{feature:?}: {now} after {before}");
                before = now;
            }
        }
    }
}

#[test]
fn many_at_once_are_each_alone_in_whatever_order() {
    let mut numbers = Numbers(3);
    let focus = scaled(&numbers.figures());
    let others: Vec<Scaled> = (0..1_000).map(|_| scaled(&numbers.figures())).collect();
    let weights = Lens::General.weights();
    let (mut table, mut reversed) = (Table::default(), Table::default());
    others.iter().for_each(|it| table.push(it));
    others.iter().rev().for_each(|it| reversed.push(it));
    let together = table.distances(&focus, &weights);
    let mut backwards = reversed.distances(&focus, &weights);
    backwards.reverse();
    assert_eq!(together, backwards);
    for (other, together) in others.iter().zip(together) {
        let alone = distance(&focus, other, &weights);
        assert_eq!(alone, Some(together).filter(|it| it.coverage > 0.0));
    }
}

#[test]
fn equally_near_ones_come_by_key_and_pages_join() {
    let figures = Figures::of_size(Some(1_000), Some(10.0));
    let mut table = Table::default();
    let keys: Vec<u32> = (0..50).map(|number| (number * 37) % 50).collect();
    keys.iter().for_each(|_| table.push(&scaled(&figures)));
    let weights = Lens::General.weights();
    let focus = scaled(&figures);
    for last in [false, true] {
        let mut seen: Vec<u32> = Vec::new();
        let mut end: Option<(f32, u32)> = None;
        loop {
            let mark = end.as_ref().map(|(rank, key)| (*rank, key));
            let (after, before) = if last { (None, mark) } else { (mark, None) };
            let window = Window { after, before, count: 7, last };
            let page = nearest(&table, &keys, &focus, &weights, |_, _| true, &window);
            let rest = 50 - seen.len() - page.found.len();
            assert_eq!((page.total, page.before), (50, if last { rest } else { seen.len() }));
            let marked = if last { page.found.first() } else { page.found.last() };
            let Some(marked) = marked else { break };
            end = Some((marked.distance.rank(), keys[marked.row]));
            let found: Vec<u32> = page.found.iter().map(|it| keys[it.row]).collect();
            if last {
                seen.splice(0..0, found);
            } else {
                seen.extend(found);
            }
        }
        assert_eq!(seen, (0..50).collect::<Vec<_>>());
    }
}

#[test]
fn what_is_not_known_is_no_likeness() {
    let weights = Lens::General.weights();
    let full = Figures::of_size(Some(1_000), Some(10.0));
    let mut older = full;
    older.set(Feature::Over65, Some(24.0));
    let compared = |one: &Figures, other: &Figures| {
        distance(&scaled(one), &scaled(other), &weights).expect("something is known")
    };
    let (bare, more) = (compared(&older, &full), compared(&older, &older));
    assert!(bare.coverage < more.coverage && bare.rank() > more.rank());
    assert_eq!(distance(&scaled(&Figures::default()), &scaled(&full), &weights), None);
    assert!(bare.coverage < WEAK_BASIS);
}

#[test]
fn settlements_are_apart_in_three_steps() {
    let of = |class: f64| {
        let mut figures = Figures::default();
        figures.set(Feature::SettlementType, Some(class));
        scaled(&figures)
    };
    for (one, other, expected) in [
        (113.0, 113.0, 0.0),
        (113.0, 114.0, 1.0 / 3.0),
        (113.0, 125.0, 2.0 / 3.0),
        (113.0, 225.0, 1.0),
    ] {
        let found = difference(Feature::SettlementType, &of(one), &of(other)).expect("known");
        assert!((found - expected).abs() < 1e-6, "{one} and {other}: {found}");
    }
}

#[test]
fn explanations_add_up_and_say_what_they_mean() {
    let mut one = Figures::of_size(Some(242), Some(11.42));
    let mut other = Figures::of_size(Some(1_948), Some(20.0));
    one.set(Feature::Over65, Some(21.26));
    other.set(Feature::Over65, Some(21.3));
    let (focus, compared) = (scaled(&one), scaled(&other));
    let weights = Lens::General.weights();
    let explained = Explanation::new([&one, &other], [&focus, &compared], &weights);
    let whole = distance(&focus, &compared, &weights).expect("known").distance;
    let sum: f32 = explained.contributions.iter().map(|it| it.weight * it.difference).sum();
    assert!((sum - whole).abs() < 1e-6, "{sum} {whole}");
    let shares: f32 = explained.contributions.iter().map(|it| it.share).sum();
    assert!((shares - 1.0).abs() < 1e-6);
    let [age] = explained.agreements()[..] else { panic!("one agreement") };
    assert_eq!(
        age.sentence(Language::German),
        "Anteil ab 65 Jahren fast gleich: 21,3\u{a0}% gegenüber 21,3\u{a0}%."
    );
    let differences = explained.differences();
    let told: Vec<String> = differences.iter().map(|it| it.sentence(Language::English)).collect();
    assert_eq!(
        told,
        [
            "Inhabitants per km² different: 21 against 97.",
            "Inhabitants different: 242 against 1,948.",
        ]
    );
}

#[test]
fn percentiles_say_how_many_are_further_away() {
    let reference = Reference::shipped().level(Level::Municipality);
    let weights = Lens::General.weights();
    let (_, figures) = place("13076121");
    let standing = Standing::new(reference, scaled(&figures), &["13076121"], &weights);
    let of = |key: &str| standing.percentile(&scaled(&place(key).1)).expect("known");
    let nearest = neighbours("13076121", Lens::General, 50);
    let percentiles: Vec<f64> = nearest.iter().map(|key| of(key)).collect();
    assert!(percentiles[0] > 99.98 && percentiles.is_sorted_by(|one, two| one >= two));
    assert!(of("06412000") < 0.1, "Frankfurt am Main is as unlike as can be");
    let rows = reference.percentile(Feature::Population, 1_832.0).expect("a number");
    assert!((rows - 50.0).abs() < 0.2, "1,832 people are the median: {rows}");
    assert_eq!(reference.percentile(Feature::Over65, 20.0), None);
}

#[test]
fn the_reference_has_the_known_marks() {
    // Percentiles of all German municipalities at the end of 2022.
    let reference = Reference::shipped();
    let level = reference.level(Level::Municipality);
    assert_eq!((level.size(), reference.level(Level::County).size()), (10_775, 294));
    assert_eq!(reference.level(Level::Association).size(), 1_205);
    for (feature, share, mark) in [
        (Feature::Population, 0.05, 2.246),
        (Feature::Population, 0.5, 3.263),
        (Feature::Population, 0.95, 4.391),
        (Feature::Density, 0.25, 1.711),
        (Feature::Density, 0.95, 2.843),
    ] {
        let found = level.quantile(feature, share).expect("a number").log10();
        assert!((found - mark).abs() < 0.01, "{feature:?} {share}: {found}");
    }
}

#[test]
fn weights_of_ones_own_are_checked() {
    let own = |given: &[(Feature, f64)]| Weights::own(given);
    assert_eq!(own(&[(Feature::Kind, -1.0)]), Err(WeightError::OutOfRange(Feature::Kind)));
    assert_eq!(own(&[(Feature::Kind, f64::NAN)]), Err(WeightError::OutOfRange(Feature::Kind)));
    assert_eq!(own(&[(Feature::Kind, 0.0)]), Err(WeightError::AllZero));
    assert_eq!(own(&[]), Err(WeightError::AllZero));
    assert_eq!(
        own(&[(Feature::Kind, 1.0), (Feature::Kind, 2.0)]),
        Err(WeightError::Twice(Feature::Kind))
    );
    let weights = own(&[(Feature::Kind, 1.0), (Feature::State, 3.0)]).expect("sound");
    assert!((weights.of(Feature::State) - 0.75).abs() < 1e-6);
    for lens in Lens::ALL {
        let sum: f32 = lens.weights().counting().map(|(_, weight)| weight).sum();
        assert!((sum - 1.0).abs() < 1e-5, "{lens:?}");
    }
}

#[test]
fn a_broken_reference_is_refused_with_its_place() {
    let head = "# date: 2022-12-31\n# source: somebody\n";
    let read = |rows: &str| {
        Reference::read(&format!("{head}{rows}")).map(|_| ()).map_err(|it| it.to_string())
    };
    assert_eq!(read("key,population\n01001000,5\n"), Ok(()));
    assert_eq!(read("key,people\n"), Err("line 3: there is no figure \"people\"".to_owned()));
    assert_eq!(
        read("key,population\n01001000,5\n0100,6\n"),
        Err("line 5, column 1: \"0100\" is no official key".to_owned())
    );
    assert_eq!(
        read("key,population\n01001000,many\n"),
        Err("line 4, column 2: \"many\" is no number".to_owned())
    );
    assert!(Reference::read("key,population\n").is_err());
}
