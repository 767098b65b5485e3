//! Likeness of municipalities, resolved for one segment.

use tantivy::columnar::Column;
use tantivy::{DocId, SegmentReader};

use crate::document::Facet;
use crate::query::Affinity;

/// The likeness of every document of a segment.
pub(crate) struct Likeness {
    ordinals: Option<Column<u64>>,
    /// By the ordinal of the municipality.
    values: Vec<f32>,
    /// The greatest of them.
    best: f32,
    minimum: f32,
    weight: f32,
}

impl Likeness {
    /// Looks every municipality of the segment up once.
    pub(crate) fn resolve(affinity: &Affinity, segment: &SegmentReader) -> tantivy::Result<Self> {
        let mut likeness = Self {
            ordinals: None,
            values: Vec::new(),
            best: 0.0,
            minimum: affinity.minimum.unwrap_or(f32::NEG_INFINITY),
            weight: affinity.weight,
        };
        let Some(column) = segment.fast_fields().str(Facet::Municipality.name())? else {
            return Ok(likeness);
        };
        let mut terms = column.dictionary().stream()?;
        while terms.advance() {
            let value =
                std::str::from_utf8(terms.key()).ok().and_then(|key| affinity.values.get(key));
            likeness.values.push(value.copied().filter(|value| value.is_finite()).unwrap_or(0.0));
        }
        likeness.best = likeness.values.iter().fold(0.0, |best, value| best.max(*value));
        likeness.ordinals = Some(column.ords().clone());
        Ok(likeness)
    }

    /// The best likeness among the document's municipalities.
    pub(crate) fn of(&self, doc: DocId) -> f32 {
        let Some(ordinals) = &self.ordinals else { return 0.0 };
        ordinals
            .values_for_doc(doc)
            .filter_map(|ordinal| self.values.get(usize::try_from(ordinal).ok()?))
            .fold(0.0, |best, value| value.max(best))
    }

    /// Whether a likeness is high enough for a hit.
    pub(crate) fn admits(&self, likeness: f32) -> bool {
        likeness >= self.minimum
    }

    /// Whether every likeness is high enough.
    pub(crate) fn admits_all(&self) -> bool {
        self.minimum <= 0.0
    }

    /// What a score can be multiplied by at most.
    pub(crate) fn most(&self) -> f32 {
        self.raise(1.0, self.best)
    }

    /// A score, raised by a likeness.
    pub(crate) fn raise(&self, score: f32, likeness: f32) -> f32 {
        score * (1.0 + self.weight * likeness)
    }
}
