//! Dated figures of a municipality.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::check::Checks;
use super::demographic_type::DemographicType;
use super::key::{MunicipalityId, ProfileId};
use super::likeness::Feature;
use super::patch::Patch;
use super::problem::Problem;
use super::publication::Publication;

/// The figures of a municipality at one date. What is not known is absent, never zero.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// Its key.
    pub id: ProfileId,
    /// How often the record was changed, from 1.
    pub revision: u32,
    /// Whose figures these are.
    pub municipality: MunicipalityId,
    /// The day that the figures describe.
    pub reference_date: NaiveDate,
    /// Inhabitants.
    pub population: Option<u32>,
    /// Area in square kilometres.
    pub area_km2: Option<f64>,
    /// Change of population over five years, in percent.
    pub population_change_5y: Option<f64>,
    /// Change of population over ten years, in percent.
    pub population_change_10y: Option<f64>,
    /// Share of people under 18, in percent.
    pub share_under_18: Option<f64>,
    /// Share of people of 65 and over, in percent.
    pub share_65_plus: Option<f64>,
    /// Share of people of 80 and over, in percent.
    pub share_80_plus: Option<f64>,
    /// Share of people without a German passport, in percent.
    pub share_foreign: Option<f64>,
    /// Yearly net migration of people from 18 to 25, per 1,000 of that age.
    pub net_migration_18_25: Option<f64>,
    /// Tax power per inhabitant, in euros.
    pub tax_power: Option<f64>,
    /// Unemployed people in percent of those of working age.
    pub unemployment: Option<f64>,
    /// Class in RegioStaR 17 (111 to 225), yearly published by the federal transport ministry.
    pub regiostar17: Option<u16>,
    /// Its type among German municipalities, after the Wegweiser Kommune.
    #[serde(default)]
    pub demographic_type: Option<DemographicType>,
    /// Where the figures come from.
    pub source: Option<String>,
    /// Whether it is out in the open.
    pub publication: Publication,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// A change to a profile.
#[derive(Debug, Clone, Default)]
pub struct ProfileChange {
    /// See [`Profile::reference_date`].
    pub reference_date: Patch<NaiveDate>,
    /// See [`Profile::population`].
    pub population: Patch<u32>,
    /// See [`Profile::area_km2`].
    pub area_km2: Patch<f64>,
    /// See [`Profile::population_change_5y`].
    pub population_change_5y: Patch<f64>,
    /// See [`Profile::population_change_10y`].
    pub population_change_10y: Patch<f64>,
    /// See [`Profile::share_under_18`].
    pub share_under_18: Patch<f64>,
    /// See [`Profile::share_65_plus`].
    pub share_65_plus: Patch<f64>,
    /// See [`Profile::share_80_plus`].
    pub share_80_plus: Patch<f64>,
    /// See [`Profile::share_foreign`].
    pub share_foreign: Patch<f64>,
    /// See [`Profile::net_migration_18_25`].
    pub net_migration_18_25: Patch<f64>,
    /// See [`Profile::tax_power`].
    pub tax_power: Patch<f64>,
    /// See [`Profile::unemployment`].
    pub unemployment: Patch<f64>,
    /// See [`Profile::regiostar17`].
    pub regiostar17: Patch<u16>,
    /// See [`Profile::demographic_type`].
    pub demographic_type: Patch<DemographicType>,
    /// See [`Profile::source`].
    pub source: Patch<String>,
}

impl Profile {
    /// An empty draft.
    #[must_use]
    pub fn draft(
        id: ProfileId,
        municipality: MunicipalityId,
        reference_date: NaiveDate,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            id,
            revision: 1,
            municipality,
            reference_date,
            population: None,
            area_km2: None,
            population_change_5y: None,
            population_change_10y: None,
            share_under_18: None,
            share_65_plus: None,
            share_80_plus: None,
            share_foreign: None,
            net_migration_18_25: None,
            tax_power: None,
            unemployment: None,
            regiostar17: None,
            demographic_type: None,
            source: None,
            publication: Publication::Draft,
            created_at: now,
            updated_at: now,
        }
    }

    /// The record with a change applied.
    ///
    /// # Errors
    /// Everything that would be wrong with it.
    pub fn changed(
        mut self,
        change: ProfileChange,
        now: DateTime<Utc>,
    ) -> Result<Self, Vec<Problem>> {
        let mut checks = Checks::default();
        checks
            .kept("referenceDate", change.reference_date.apply_required(&mut self.reference_date));
        change.population.apply(&mut self.population);
        change.area_km2.apply(&mut self.area_km2);
        change.population_change_5y.apply(&mut self.population_change_5y);
        change.population_change_10y.apply(&mut self.population_change_10y);
        change.share_under_18.apply(&mut self.share_under_18);
        change.share_65_plus.apply(&mut self.share_65_plus);
        change.share_80_plus.apply(&mut self.share_80_plus);
        change.share_foreign.apply(&mut self.share_foreign);
        change.net_migration_18_25.apply(&mut self.net_migration_18_25);
        change.tax_power.apply(&mut self.tax_power);
        change.unemployment.apply(&mut self.unemployment);
        change.regiostar17.apply(&mut self.regiostar17);
        change.demographic_type.apply(&mut self.demographic_type);
        change.source.apply(&mut self.source);
        self.updated_at = now;
        checks.finish()?;
        self.check()?;
        Ok(self)
    }

    /// Checks a record before it is stored.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<Problem>> {
        let mut checks = Checks::default();
        checks.year("referenceDate", Some(self.reference_date.year()));
        checks.range("population", self.population, 0, 5_000_000);
        checks.range("areaKm2", self.area_km2, 0.01, 30_000.0);
        for (field, share) in [
            ("shareUnder18", self.share_under_18),
            ("share65Plus", self.share_65_plus),
            ("share80Plus", self.share_80_plus),
            ("shareForeign", self.share_foreign),
            ("unemployment", self.unemployment),
        ] {
            checks.range(field, share, 0.0, 100.0);
        }
        checks.range("populationChange5y", self.population_change_5y, -100.0, 1_000.0);
        checks.range("populationChange10y", self.population_change_10y, -100.0, 1_000.0);
        checks.range("netMigration18To25", self.net_migration_18_25, -1_000.0, 1_000.0);
        checks.range("taxPower", self.tax_power, 0.0, 1_000_000.0);
        checks.range("regiostar17", self.regiostar17, 111, 225);
        checks.lines([("source", &self.source)]);
        checks.finish()
    }

    /// Inhabitants per square kilometre.
    #[must_use]
    pub fn density(&self) -> Option<f64> {
        let area = self.area_km2.filter(|area| *area > 0.0)?;
        Some(f64::from(self.population?) / area)
    }

    /// A figure that municipalities are compared by; nothing if it is not known, or none of a
    /// profile.
    #[must_use]
    pub fn figure(&self, feature: Feature) -> Option<f64> {
        match feature {
            Feature::Population => self.population.map(f64::from),
            Feature::Density => self.density(),
            Feature::SettlementType => self.regiostar17.map(f64::from),
            Feature::Change5 => self.population_change_5y,
            Feature::Change10 => self.population_change_10y,
            Feature::YouthMigration => self.net_migration_18_25,
            Feature::Under18 => self.share_under_18,
            Feature::Over65 => self.share_65_plus,
            Feature::Over80 => self.share_80_plus,
            Feature::Foreign => self.share_foreign,
            Feature::Unemployment => self.unemployment,
            Feature::TaxPower => self.tax_power,
            Feature::Surroundings | Feature::Support | Feature::Kind | Feature::State => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;
    use crate::domain::testing::told;

    fn sound() -> Profile {
        let key = |n| Ulid::from_parts(1, n);
        let date = NaiveDate::default();
        Profile::draft(key(1).into(), key(2).into(), date, DateTime::UNIX_EPOCH)
    }

    #[test]
    fn every_figure_is_checked() {
        type Case = (fn(&mut Profile), &'static str);
        let cases: [Case; 18] = [
            (|it| it.reference_date = NaiveDate::MAX, "OUT_OF_RANGE referenceDate"),
            (|it| it.population = Some(5_000_001), "OUT_OF_RANGE population"),
            (|it| it.area_km2 = Some(0.0), "OUT_OF_RANGE areaKm2"),
            (|it| it.area_km2 = Some(f64::INFINITY), "OUT_OF_RANGE areaKm2"),
            (|it| it.population_change_5y = Some(-100.1), "OUT_OF_RANGE populationChange5y"),
            (|it| it.population_change_10y = Some(1_000.1), "OUT_OF_RANGE populationChange10y"),
            (|it| it.share_under_18 = Some(100.1), "OUT_OF_RANGE shareUnder18"),
            (|it| it.share_65_plus = Some(-0.1), "OUT_OF_RANGE share65Plus"),
            (|it| it.share_80_plus = Some(f64::NAN), "OUT_OF_RANGE share80Plus"),
            (|it| it.share_foreign = Some(101.0), "OUT_OF_RANGE shareForeign"),
            (|it| it.unemployment = Some(101.0), "OUT_OF_RANGE unemployment"),
            (|it| it.net_migration_18_25 = Some(-1_000.1), "OUT_OF_RANGE netMigration18To25"),
            (|it| it.tax_power = Some(-1e300), "OUT_OF_RANGE taxPower"),
            (|it| it.tax_power = Some(1_000_001.0), "OUT_OF_RANGE taxPower"),
            (|it| it.regiostar17 = Some(110), "OUT_OF_RANGE regiostar17"),
            (|it| it.source = Some("x".repeat(201)), "TOO_LONG source"),
            (|it| it.source = Some("a\nb".to_owned()), "INVALID source"),
            (|it| it.source = Some("a\0b".to_owned()), "INVALID source"),
        ];
        for (spoil, expected) in cases {
            let mut profile = sound();
            spoil(&mut profile);
            assert_eq!(told(profile.check()), [expected]);
        }
        assert_eq!(sound().check(), Ok(()));
    }
}
