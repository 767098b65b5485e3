//! How alike two municipalities are.
//!
//! Gower distance over robustly scaled figures, logarithms first: without them a village of 242
//! people would count towns of ten times its size as equal. The scale comes from all German
//! municipalities of a level (Destatis, Gemeindeverzeichnis of 31.12.2022, computed over 10,775
//! municipalities with inhabitants and 400 counties), not from those who happen to be members.

/// The level on which municipalities are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Level {
    /// Municipalities and towns.
    Municipality,
    /// Joint municipalities and associations.
    Association,
    /// Counties and regional associations.
    County,
    /// Quarters of a city.
    Quarter,
}

/// The figures that a comparison needs.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Figures {
    /// Inhabitants.
    pub population: Option<u32>,
    /// Area in square kilometres.
    pub area_km2: Option<f64>,
}

impl Figures {
    /// Inhabitants per square kilometre.
    #[must_use]
    pub fn density(&self) -> Option<f64> {
        let area = self.area_km2.filter(|area| *area > 0.0)?;
        Some(f64::from(self.population?) / area)
    }
}

/// The result of a comparison.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Likeness {
    /// From 0 (as unlike as can be) to 1 (the same in every known figure).
    pub score: f64,
    /// The share of the figures' weight that was known on both sides, from 0 to 1.
    pub coverage: f64,
}

/// One scaled feature: the range is from the 5th to the 95th percentile of the reference.
struct Scale {
    weight: f64,
    low: f64,
    high: f64,
}

impl Scale {
    /// Distance from 0 to 1 between two values on this scale.
    fn distance(&self, left: f64, right: f64) -> f64 {
        let place = |value: f64| value.log10().clamp(self.low, self.high);
        (place(left) - place(right)).abs() / (self.high - self.low)
    }
}

/// Scales of population and density. Percentiles of the levels that are not published are those
/// of a normal distribution (mean ± 1.645 standard deviations) with the level's own mean.
const fn scales(level: Level) -> (Scale, Scale) {
    match level {
        Level::Municipality | Level::Quarter => (
            Scale { weight: 0.6, low: 2.246, high: 5.7 },
            Scale { weight: 0.4, low: 1.297, high: 3.5 },
        ),
        Level::Association => (
            Scale { weight: 0.6, low: 3.0, high: 5.0 },
            Scale { weight: 0.4, low: 1.297, high: 3.0 },
        ),
        Level::County => (
            Scale { weight: 0.6, low: 4.742, high: 5.681 },
            Scale { weight: 0.4, low: 1.658, high: 3.239 },
        ),
    }
}

/// How alike two places of one level are; nothing if not even one figure is known of both.
///
/// Symmetric, 1 for the same figures, and independent of who else is a member.
#[must_use]
pub fn likeness(level: Level, left: Figures, right: Figures) -> Option<Likeness> {
    let (size, settlement) = scales(level);
    let positive = |value: Option<f64>| value.filter(|value| *value > 0.0);
    let population = |figures: &Figures| positive(figures.population.map(f64::from));
    let pairs = [
        (size, population(&left), population(&right)),
        (settlement, positive(left.density()), positive(right.density())),
    ];
    let (mut distance, mut known) = (0.0, 0.0);
    for (scale, left, right) in pairs {
        if let (Some(left), Some(right)) = (left, right) {
            distance += scale.weight * scale.distance(left, right);
            known += scale.weight;
        }
    }
    (known > 0.0).then(|| Likeness { score: 1.0 - distance / known, coverage: known })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(population: u32, area_km2: f64) -> Figures {
        Figures { population: Some(population), area_km2: Some(area_km2) }
    }

    fn score(left: Figures, right: Figures) -> f64 {
        likeness(Level::Municipality, left, right).expect("both have figures").score
    }

    #[test]
    fn the_same_is_one_and_order_does_not_matter() {
        let (schossin, vrees) = (figures(242, 11.42), figures(1_948, 37.54));
        assert!((score(schossin, schossin) - 1.0).abs() < 1e-12);
        assert!((score(schossin, vrees) - score(vrees, schossin)).abs() < 1e-12);
    }

    #[test]
    fn a_village_is_nearer_to_a_village_than_to_a_town_ten_times_its_size() {
        let schossin = figures(242, 11.42);
        assert!(score(schossin, figures(300, 14.0)) > 0.95);
        assert!(score(schossin, figures(2_624, 120.0)) < score(schossin, figures(420, 18.0)));
    }

    #[test]
    fn a_dense_town_is_like_other_dense_towns() {
        // Kornwestheim, Unterschleißheim, Geestland: the last has its size but not its density.
        let kornwestheim = figures(34_130, 14.7);
        assert!(
            score(kornwestheim, figures(30_000, 14.9))
                > score(kornwestheim, figures(31_507, 356.6))
        );
    }

    #[test]
    fn missing_figures_lower_the_coverage_and_none_gives_nothing() {
        let only_population = Figures { population: Some(1_000), area_km2: None };
        let likeness_of = |left, right| likeness(Level::Municipality, left, right);
        let result =
            likeness_of(only_population, figures(1_000, 10.0)).expect("population is known");
        assert!((result.coverage - 0.6).abs() < 1e-12);
        assert_eq!(likeness_of(Figures::default(), figures(1_000, 10.0)), None);
    }
}
