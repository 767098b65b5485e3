//! What speaks for a document whatever is searched for: that it was checked, that it is complete, that
//! it is new. All of it together changes a score little, so the text decides.

use tantivy::columnar::Column;
use tantivy::{DocId, SegmentReader};

use crate::document::Number;

/// What each of the three can add to a score, as a share of it.
const SHARE: f32 = 0.05;
/// The factor that no document exceeds.
pub(crate) const GREATEST: f32 = 1.0 + 3.0 * SHARE;
/// The highest level of quality.
const BEST_QUALITY: f32 = 3.0;
/// Completeness is in per mille.
const COMPLETE: f32 = 1_000.0;
/// After this long, being new counts half, in milliseconds: two years.
const HALF_LIFE: f32 = 2.0 * 365.25 * 86_400_000.0;

/// The merits of the documents of a segment.
pub(crate) struct Merit {
    quality: Option<Column<i64>>,
    completeness: Option<Column<i64>>,
    published: Option<Column<i64>>,
    now: Option<i64>,
}

impl Merit {
    /// Reads the figures of a segment; without a time, being new counts nothing.
    pub(crate) fn of_segment(segment: &SegmentReader, now: Option<i64>) -> tantivy::Result<Self> {
        let column = |number: Number| segment.fast_fields().column_opt(number.name());
        Ok(Self {
            quality: column(Number::Quality)?,
            completeness: column(Number::Completeness)?,
            published: column(Number::Published)?,
            now,
        })
    }

    /// The factor for a document, from 1 to [`GREATEST`].
    pub(crate) fn factor(&self, doc: DocId) -> f32 {
        let value = |column: &Option<Column<i64>>| column.as_ref().and_then(|it| it.first(doc));
        let share = |column, most: f32| {
            value(column).map_or(0.0, |value| (value as f32 / most).clamp(0.0, 1.0))
        };
        let age = value(&self.published).zip(self.now).map(|(then, now)| now.saturating_sub(then));
        let newness = age.map_or(0.0, |age| (-(age.max(0) as f32) / HALF_LIFE).exp2());
        let all =
            share(&self.quality, BEST_QUALITY) + share(&self.completeness, COMPLETE) + newness;
        1.0 + SHARE * all
    }
}
