//! Likeness of municipalities, resolved for one segment.

use std::collections::HashMap;
use std::sync::Arc;

use quick_cache::sync::Cache;
use tantivy::columnar::{Column, StrColumn};
use tantivy::index::SegmentId;
use tantivy::{DocId, SegmentReader};

use crate::document::Facet;
use crate::query::Affinity;

/// How many likenesses of segments are kept: some places that ask, in some segments.
const MOST_KEPT: usize = 64;

/// Likenesses of the municipalities of segments, as they were resolved last. A segment never changes,
/// and neither does what a query brings along: it is kept as long, so its address tells it.
pub(crate) struct Resolved(Cache<(SegmentId, usize), Arc<Known>>);

impl Default for Resolved {
    fn default() -> Self {
        Self(Cache::new(MOST_KEPT))
    }
}

/// The likenesses of the municipalities of a segment, by their ordinals.
struct Known {
    /// Keeps the address of what they come from.
    _of: Arc<HashMap<String, f32>>,
    values: Vec<f32>,
    /// The greatest of them.
    best: f32,
}

impl Resolved {
    fn of(
        &self,
        segment: &SegmentReader,
        affinity: &Affinity,
        column: &StrColumn,
    ) -> tantivy::Result<Arc<Known>> {
        let key = (segment.segment_id(), Arc::as_ptr(&affinity.values).addr());
        if let Some(known) = self.0.get(&key) {
            return Ok(known);
        }
        let mut values = Vec::with_capacity(column.num_terms());
        let mut terms = column.dictionary().stream()?;
        while terms.advance() {
            let value =
                std::str::from_utf8(terms.key()).ok().and_then(|key| affinity.values.get(key));
            values.push(value.copied().filter(|value| value.is_finite()).unwrap_or(0.0));
        }
        let best = values.iter().fold(0.0, |best: f32, value| best.max(*value));
        let known = Arc::new(Known { _of: Arc::clone(&affinity.values), values, best });
        self.0.insert(key, Arc::clone(&known));
        Ok(known)
    }
}

/// The likeness of every document of a segment.
pub(crate) struct Likeness {
    known: Option<(Column<u64>, Arc<Known>)>,
    minimum: f32,
    weight: f32,
}

impl Likeness {
    /// Looks every municipality of the segment up once.
    pub(crate) fn resolve(
        affinity: &Affinity,
        segment: &SegmentReader,
        resolved: &Resolved,
    ) -> tantivy::Result<Self> {
        let column = segment.fast_fields().str(Facet::Municipality.name())?;
        let known = |column: StrColumn| {
            let known = resolved.of(segment, affinity, &column)?;
            Ok::<_, tantivy::TantivyError>((column.ords().clone(), known))
        };
        Ok(Self {
            known: column.map(known).transpose()?,
            minimum: affinity.minimum.unwrap_or(f32::NEG_INFINITY),
            weight: affinity.weight,
        })
    }

    /// The best likeness among the document's municipalities.
    pub(crate) fn of(&self, doc: DocId) -> f32 {
        let Some((ordinals, known)) = &self.known else { return 0.0 };
        ordinals
            .values_for_doc(doc)
            .filter_map(|ordinal| known.values.get(usize::try_from(ordinal).ok()?))
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
        self.raise(1.0, self.known.as_ref().map_or(0.0, |(_, known)| known.best))
    }

    /// A score, raised by a likeness.
    pub(crate) fn raise(&self, score: f32, likeness: f32) -> f32 {
        score * (1.0 + self.weight * likeness)
    }
}
