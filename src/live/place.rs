//! A municipality with what its published profiles say.

use std::cmp::Reverse;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::domain::likeness::Reference;
use crate::domain::{Feature, Figures, Label, Municipality, Profile, SizeBand, slug};

/// When a figure was true, and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The day that it describes, if it describes one.
    pub date: Option<NaiveDate>,
    /// Where it comes from, if that is known.
    pub source: Option<String>,
}

/// A municipality with what its published profiles say.
#[derive(Debug, Clone)]
pub struct Place {
    /// The municipality.
    pub municipality: Municipality,
    /// Its newest published profile.
    pub profile: Option<Profile>,
    /// The slug of its name, to compare it with what people write.
    pub(super) name: String,
    figures: Figures,
    area_km2: Option<f64>,
    origins: Vec<(Feature, Arc<Origin>)>,
}

/// What stands as the source of figures that were added up.
const SUMMED: &str = "Summe der Mitglieder";

impl Place {
    /// A municipality with its profiles, in no order. Of each figure the newest counts that is
    /// known, for a profile may well say nothing of those that did not change.
    pub(super) fn new(
        municipality: Municipality,
        mut profiles: Vec<Profile>,
        reference: &Reference,
    ) -> Self {
        profiles.retain(|profile| profile.publication.is_public());
        profiles.sort_by_key(|profile| Reverse(profile.reference_date));
        let mut place = Self {
            name: slug(&municipality.name),
            figures: Figures::default(),
            area_km2: profiles.iter().find_map(|profile| profile.area_km2),
            origins: Vec::new(),
            profile: None,
            municipality,
        };
        for profile in &profiles {
            place.take(profile);
        }
        place.profile = profiles.into_iter().next();
        place.take_own(reference);
        place
    }

    /// Takes the figures of a profile that no newer one has.
    fn take(&mut self, profile: &Profile) {
        let origin =
            Arc::new(Origin { date: Some(profile.reference_date), source: profile.source.clone() });
        for feature in Feature::ALL {
            if self.figures.get(*feature).is_none() {
                self.set(*feature, profile.figure(*feature), &origin);
            }
        }
        // Inhabitants and area may come from different profiles.
        if self.figures.get(Feature::Density).is_none() {
            let population = self.figures.get(Feature::Population).map(f64::from);
            let known = population.zip(self.area_km2);
            self.set(Feature::Density, known.map(|(people, area)| people / area), &origin);
        }
    }

    /// Takes what the municipality itself says, and its county.
    fn take_own(&mut self, reference: &Reference) {
        let Municipality { kind, states, structural_weakness, .. } = &self.municipality;
        self.figures.set_kind(*kind);
        self.figures.set_states(states);
        self.figures.set_support(structural_weakness.as_ref().map(|weakness| weakness.class));
        if let Some(weakness) = structural_weakness {
            let origin = Origin { date: None, source: weakness.source.clone() };
            self.origins.push((Feature::Support, Arc::new(origin)));
        }
        let keys = [&self.municipality.ags, &self.municipality.ars];
        let key = keys.into_iter().flatten().next();
        let origin = Origin { date: Some(reference.date), source: Some(reference.source.clone()) };
        let density = key.and_then(|key| reference.surroundings(key));
        self.set(Feature::Surroundings, density, &Arc::new(origin));
    }

    /// Takes the sums of the members of an association that gives no figures of its own.
    pub(super) fn take_sums(&mut self, members: &[&Self]) {
        let people: Option<f64> =
            members.iter().map(|it| it.figures.get(Feature::Population).map(f64::from)).sum();
        let area: Option<f64> = members.iter().map(|it| it.area_km2).sum();
        let dates = members.iter().filter_map(|it| it.origin(Feature::Population)?.date);
        let origin = Arc::new(Origin { date: dates.min(), source: Some(SUMMED.to_owned()) });
        self.area_km2 = area;
        self.set(Feature::Population, people, &origin);
        let density = people.zip(area).map(|(people, area)| people / area);
        self.set(Feature::Density, density, &origin);
    }

    /// Whether its figures are, or would be, those of its members together.
    pub(super) fn is_summed(&self) -> bool {
        let own =
            self.origin(Feature::Population).is_some_and(|it| it.source.as_deref() != Some(SUMMED));
        !own && !self.municipality.members.is_empty()
    }

    fn set(&mut self, feature: Feature, value: Option<f64>, origin: &Arc<Origin>) {
        self.figures.set(feature, value);
        self.origins.retain(|(known, _)| *known != feature);
        if self.figures.get(feature).is_some() {
            self.origins.push((feature, Arc::clone(origin)));
        }
    }

    /// The figures for comparisons.
    #[must_use]
    pub const fn figures(&self) -> &Figures {
        &self.figures
    }

    /// When a figure was true, and where it comes from; nothing if it is not known or needs none.
    #[must_use]
    pub fn origin(&self, feature: Feature) -> Option<&Origin> {
        self.origins.iter().find(|(known, _)| *known == feature).map(|(_, origin)| origin.as_ref())
    }

    /// The official keys it is known by in statistics.
    pub(super) fn keys(&self) -> Vec<&str> {
        let Municipality { ags, ars, .. } = &self.municipality;
        [ags, ars].into_iter().flatten().map(String::as_str).collect()
    }

    /// The number of inhabitants.
    #[must_use]
    pub fn population(&self) -> Option<u32> {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "inhabitants")]
        self.figures.get(Feature::Population).map(|people| people.round() as u32)
    }

    /// The written form of the size band.
    #[must_use]
    pub fn size_band(&self) -> Option<&'static str> {
        self.population().map(|population| SizeBand::of(population).name())
    }
}
