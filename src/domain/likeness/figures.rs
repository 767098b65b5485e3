//! The figures of one municipality.

use super::feature::{FEATURES, Feature};
use crate::domain::municipality::{MunicipalityKind, SupportClass};
use crate::domain::state::State;

/// The figures of one municipality; what is not known is absent, never zero.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figures([f32; FEATURES]);

impl Default for Figures {
    fn default() -> Self {
        Self([f32::NAN; FEATURES])
    }
}

impl Figures {
    /// Those of a place of which only its inhabitants and its area are known.
    #[must_use]
    pub fn of_size(population: Option<u32>, area_km2: Option<f64>) -> Self {
        let population = population.map(f64::from);
        let mut figures = Self::default();
        figures.set(Feature::Population, population);
        let density = population.zip(area_km2).map(|(population, area)| population / area);
        figures.set(Feature::Density, density);
        figures
    }

    /// Sets a figure; what is no number, and what has no logarithm but needs one, is not known.
    pub fn set(&mut self, feature: Feature, value: Option<f64>) {
        let needs_more = feature.measure() == super::feature::Measure::Ratio;
        let sound = |value: &f64| value.is_finite() && (*value > 0.0 || !needs_more);
        #[expect(clippy::cast_possible_truncation, reason = "seven digits are enough to compare")]
        let value = value.filter(sound).map(|value| value as f32);
        let value = value.filter(|value| value.is_finite()).unwrap_or(f32::NAN);
        if let Some(place) = self.0.get_mut(feature as usize) {
            *place = value;
        }
    }

    /// Sets the class of support area; what is mixed or unclear is not known.
    pub fn set_support(&mut self, class: Option<SupportClass>) {
        let known = class.filter(|it| !matches!(it, SupportClass::Mixed | SupportClass::Unclear));
        self.set(Feature::Support, known.map(|class| f64::from(class as u8)));
    }

    /// Sets the kind of municipality.
    pub fn set_kind(&mut self, kind: MunicipalityKind) {
        self.set(Feature::Kind, Some(f64::from(kind as u8)));
    }

    /// Sets the state; a place in several lies in none.
    pub fn set_states(&mut self, codes: &[String]) {
        let place = match codes {
            [code] => State::ALL.iter().position(|state| state.0 == code),
            _ => None,
        };
        self.set(Feature::State, place.map(|place| place as f64));
    }

    /// A figure, if it is known.
    #[must_use]
    pub fn get(&self, feature: Feature) -> Option<f32> {
        self.0.get(feature as usize).copied().filter(|value| !value.is_nan())
    }

    /// Whether not a single number is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        use crate::domain::kinds::Label;
        !Feature::ALL.iter().any(|feature| feature.is_number() && self.get(*feature).is_some())
    }

    pub(super) const fn values(&self) -> &[f32; FEATURES] {
        &self.0
    }
}
