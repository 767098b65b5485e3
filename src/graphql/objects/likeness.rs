//! How alike two municipalities are, and why.

use std::sync::Arc;

use async_graphql::{Context, Object, SimpleObject};

use crate::domain::likeness::{Contribution, LevelReference, Reference, WEAK_BASIS, written};
use crate::domain::{Feature, Label, Language, Lens, Level};
use crate::graphql::context::ContextExt;
use crate::graphql::ids::Date;
use crate::live::{Compared, Origin, Place};

/// How alike two municipalities are, and why.
pub(in crate::graphql) struct Likeness {
    pub(super) focus: Arc<Place>,
    pub(super) compared: Arc<Compared>,
    /// What the comparison is about, if its place among all is still to be found.
    pub(super) lens: Lens,
}

/// How alike two municipalities are, and why.
#[Object(name = "MunicipalityLikeness")]
impl Likeness {
    /// From 0 (as unlike as can be) to 1 (the same in every known figure).
    async fn score(&self) -> f32 {
        self.compared.distance.likeness()
    }

    /// The share of all German municipalities of the level that are less alike, in percent, by the
    /// figures that are known of all of them; null for quarters, and if nothing of it counts.
    async fn percentile(&self) -> Option<f64> {
        self.compared.percentile
    }

    /// Its place in the list, from 1; alone its place among all of the hub. Null for the
    /// municipality in focus itself.
    async fn rank(&self, ctx: &Context<'_>) -> Option<i32> {
        let (focus, other) = (&self.focus.municipality.id, &self.compared.place.municipality.id);
        if focus == other {
            return None;
        }
        let among_all = || ctx.tables().comparer(&self.focus, self.lens)?.rank(other);
        let rank = self.compared.rank.or_else(among_all)?;
        i32::try_from(rank).ok()
    }

    /// The share of the weights whose figures are known of both, from 0 to 1. A place of which
    /// less is known is ranked lower.
    async fn coverage(&self) -> f32 {
        self.compared.distance.coverage
    }

    /// Whether so little is known of both that the comparison stands on weak feet: less than half.
    async fn weak_basis(&self) -> bool {
        self.compared.distance.coverage < WEAK_BASIS
    }

    /// What is most alike, what counts most first; at most three.
    async fn agreements(&self) -> Vec<FigureComparison> {
        self.told(self.compared.explanation.agreements())
    }

    /// What differs most, what adds most to the distance first; at most two.
    async fn differences(&self) -> Vec<FigureComparison> {
        self.told(self.compared.explanation.differences())
    }

    /// All that was compared.
    async fn contributions(&self) -> Vec<FigureComparison> {
        self.told(self.compared.explanation.contributions.clone())
    }
}

impl Likeness {
    fn told(&self, contributions: Vec<Contribution>) -> Vec<FigureComparison> {
        let told = |contribution| FigureComparison {
            contribution,
            places: [Arc::clone(&self.focus), Arc::clone(&self.compared.place)],
        };
        contributions.into_iter().map(told).collect()
    }
}

/// One figure of two municipalities, and what it adds to their distance.
pub(in crate::graphql) struct FigureComparison {
    contribution: Contribution,
    /// The one in focus, and the other one.
    places: [Arc<Place>; 2],
}

/// One figure of two municipalities, and what it adds to their distance.
#[Object]
impl FigureComparison {
    /// The figure.
    async fn feature(&self) -> Feature {
        self.contribution.feature
    }

    /// Its name, in the language of the request.
    async fn label(&self, ctx: &Context<'_>) -> &'static str {
        self.contribution.feature.label(ctx.language())
    }

    /// The value of the municipality in focus.
    async fn focus(&self) -> Figure {
        self.figure(0)
    }

    /// The value of the other one.
    async fn other(&self) -> Figure {
        self.figure(1)
    }

    /// How far they are apart, from 0 (the same) to 1 (as far as the 1st and the 99th percentile of all
    /// municipalities, or further).
    async fn difference(&self) -> f32 {
        self.contribution.difference
    }

    /// How much the figure counted here, from 0 to 1.
    async fn weight(&self) -> f32 {
        self.contribution.weight
    }

    /// The share of the whole distance that comes from it, from 0 to 1.
    async fn share(&self) -> f32 {
        self.contribution.share
    }

    /// The comparison in a sentence, in the language of the request, the municipality in focus
    /// first.
    async fn sentence(&self, ctx: &Context<'_>) -> String {
        self.contribution.sentence(ctx.language())
    }

    /// The same in German.
    async fn sentence_de(&self) -> String {
        self.contribution.sentence(Language::German)
    }

    /// The same in English.
    async fn sentence_en(&self) -> String {
        self.contribution.sentence(Language::English)
    }
}

impl FigureComparison {
    fn figure(&self, which: usize) -> Figure {
        let [focus, other] = &self.places;
        let place = if which == 0 { focus } else { other };
        Figure { feature: self.contribution.feature, place: Arc::clone(place) }
    }
}

/// A figure of a municipality, and where it lies among those of all of its level.
pub(in crate::graphql) struct Figure {
    feature: Feature,
    place: Arc<Place>,
}

impl Figure {
    /// All figures of a place that are known.
    pub(super) fn all(place: &Arc<Place>) -> Vec<Self> {
        let known = Feature::ALL.iter().filter(|it| place.figures().get(**it).is_some());
        known.map(|feature| Self { feature: *feature, place: Arc::clone(place) }).collect()
    }

    fn raw(&self) -> Option<f32> {
        self.place.figures().get(self.feature)
    }

    fn origin(&self) -> Option<&Origin> {
        self.place.origin(self.feature)
    }

    fn level(&self) -> Level {
        self.place.municipality.kind.level()
    }
}

/// A figure of a municipality, and where it lies among those of all of its level.
#[Object]
impl Figure {
    /// Which figure.
    async fn feature(&self) -> Feature {
        self.feature
    }

    /// Its name, in the language of the request.
    async fn label(&self, ctx: &Context<'_>) -> &'static str {
        self.feature.label(ctx.language())
    }

    /// The number; null for classes.
    async fn value(&self) -> Option<f32> {
        self.raw().filter(|_| self.feature.is_number())
    }

    /// The value as people write it, in the language of the request.
    async fn text(&self, ctx: &Context<'_>) -> Option<String> {
        self.raw().map(|value| written(self.feature, value, ctx.language()))
    }

    /// What the number is measured in; null if it has no unit.
    async fn unit(&self) -> Option<&'static str> {
        Some(self.feature.unit()).filter(|unit| !unit.is_empty())
    }

    /// The day that it describes.
    async fn date(&self) -> Option<Date> {
        self.origin()?.date.map(Date)
    }

    /// Where it comes from.
    async fn source(&self) -> Option<&str> {
        self.origin()?.source.as_deref()
    }

    /// The share of all German municipalities of the level with a smaller value, in percent; null
    /// for classes, and if it is not known of all of them.
    async fn percentile(&self, ctx: &Context<'_>) -> Option<f64> {
        let level = Some(self.level()).filter(|level| *level != Level::Quarter)?;
        ctx.tables().reference.level(level).percentile(self.feature, self.raw()?)
    }

    /// The values of all German municipalities of the level; null for classes, and if they are not
    /// known.
    async fn distribution(&self, ctx: &Context<'_>) -> Option<Distribution> {
        let level = Some(self.level()).filter(|level| *level != Level::Quarter)?;
        Distribution::of(ctx.tables().reference.level(level), self.feature)
    }
}

/// How the values of a figure are spread over all German municipalities of a level.
#[derive(SimpleObject)]
pub(in crate::graphql) struct Distribution {
    /// The least value.
    min: f32,
    /// The greatest value.
    max: f32,
    /// Below this value lie 5 percent.
    p5: f32,
    /// Below this value lies a quarter.
    p25: f32,
    /// Below this value lies half.
    median: f32,
    /// Above this value lies a quarter.
    p75: f32,
    /// Above this value lie 5 percent.
    p95: f32,
    /// How many municipalities there are.
    size: usize,
}

impl Distribution {
    fn of(level: &LevelReference, feature: Feature) -> Option<Self> {
        let at = |share| level.quantile(feature, share);
        Some(Self {
            min: at(0.0)?,
            p5: at(0.05)?,
            p25: at(0.25)?,
            median: at(0.5)?,
            p75: at(0.75)?,
            p95: at(0.95)?,
            max: at(1.0)?,
            size: level.size(),
        })
    }
}

/// What all German municipalities of a level are known by.
#[derive(SimpleObject)]
pub(in crate::graphql) struct LikenessReference {
    /// The level on which is compared.
    level: Level,
    /// How many municipalities it has.
    size: usize,
    /// The day that the figures describe.
    date: Date,
    /// Where they come from.
    source: String,
}

impl LikenessReference {
    pub(super) fn of(reference: &Reference, level: Level) -> Self {
        Self {
            level: level.measured_as(),
            size: reference.level(level).size(),
            date: Date(reference.date),
            source: reference.source.clone(),
        }
    }
}
