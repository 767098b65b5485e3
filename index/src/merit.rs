//! What speaks for a document whatever is searched for: that it was checked, that it is complete, that
//! it is new. All of it together changes a score little, so the text decides.

use std::sync::Arc;

use quick_cache::Weighter;
use quick_cache::sync::Cache;
use tantivy::SegmentReader;
use tantivy::columnar::Column;
use tantivy::index::SegmentId;

use crate::document::Number;

/// What each of the three can add to a score, as a share of it.
const SHARE: f32 = 0.05;
/// The highest level of quality.
const BEST_QUALITY: f32 = 3.0;
/// Completeness is in per mille.
const COMPLETE: f32 = 1_000.0;
/// A day in milliseconds: newness is told no more exactly, so pages go on where others ended.
const DAY: i64 = 86_400_000;
/// After so many days being new counts half: two years.
const HALF_LIFE: f32 = 2.0 * 365.25;
/// How much memory the factors may take that are kept.
const MOST_BYTES: u64 = 16 << 20;

/// The factors of the documents of segments, as long as the day lasts.
pub(crate) struct Merits(Cache<(SegmentId, Option<i64>), Arc<Vec<f32>>, Size>);

impl Default for Merits {
    fn default() -> Self {
        Self(Cache::with_weighter(64, MOST_BYTES, Size))
    }
}

impl Merits {
    /// The factor for each document of a segment, from 1 to 1.15; without a time, being new counts
    /// nothing.
    pub(crate) fn of(
        &self,
        segment: &SegmentReader,
        now: Option<i64>,
    ) -> tantivy::Result<Arc<Vec<f32>>> {
        let key = (segment.segment_id(), now.map(|now| now.div_euclid(DAY)));
        if let Some(known) = self.0.get(&key) {
            return Ok(known);
        }
        let merit = Merit::of_segment(segment, key.1)?;
        let factors = Arc::new((0..segment.max_doc()).map(|doc| merit.factor(doc)).collect());
        self.0.insert(key, Arc::clone(&factors));
        Ok(factors)
    }
}

/// Factors weigh what they take.
#[derive(Clone)]
struct Size;

impl Weighter<(SegmentId, Option<i64>), Arc<Vec<f32>>> for Size {
    fn weight(&self, _: &(SegmentId, Option<i64>), factors: &Arc<Vec<f32>>) -> u64 {
        factors.len() as u64 * 4 + 64
    }
}

/// The figures of the documents of a segment.
struct Merit {
    quality: Option<Column<i64>>,
    completeness: Option<Column<i64>>,
    published: Option<Column<i64>>,
    today: Option<i64>,
}

impl Merit {
    fn of_segment(segment: &SegmentReader, today: Option<i64>) -> tantivy::Result<Self> {
        let column = |number: Number| segment.fast_fields().column_opt(number.name());
        Ok(Self {
            quality: column(Number::Quality)?,
            completeness: column(Number::Completeness)?,
            published: column(Number::Published)?,
            today,
        })
    }

    fn factor(&self, doc: u32) -> f32 {
        let value = |column: &Option<Column<i64>>| column.as_ref().and_then(|it| it.first(doc));
        let share = |column, most: f32| {
            value(column).map_or(0.0, |value| (value as f32 / most).clamp(0.0, 1.0))
        };
        let days = |(then, today): (i64, i64)| today.saturating_sub(then.div_euclid(DAY)).max(0);
        let age = value(&self.published).zip(self.today).map(days);
        let newness = age.map_or(0.0, |age| (-(age as f32) / HALF_LIFE).exp2());
        let all =
            share(&self.quality, BEST_QUALITY) + share(&self.completeness, COMPLETE) + newness;
        1.0 + SHARE * all
    }
}
