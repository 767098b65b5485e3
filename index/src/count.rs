//! Counts the values of facets among the hits.

use std::collections::HashMap;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::StrColumn;
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader};

use crate::affinity::Likeness;
use crate::document::Facet;
use crate::page::{FacetCount, FacetCounts};
use crate::query::Affinity;

/// Which facets to count.
pub(crate) struct FacetCollector {
    pub(crate) facets: Vec<Facet>,
    pub(crate) affinity: Option<Affinity>,
}

impl Collector for FacetCollector {
    type Fruit = Vec<FacetCounts>;
    type Child = SegmentCounts;

    fn for_segment(
        &self,
        _: SegmentOrdinal,
        segment: &SegmentReader,
    ) -> tantivy::Result<SegmentCounts> {
        let likeness = self.affinity.as_ref().map(|affinity| Likeness::resolve(affinity, segment));
        let columns = self.facets.iter().map(|facet| Counter::open(*facet, segment));
        Ok(SegmentCounts {
            likeness: likeness.transpose()?,
            counters: columns.collect::<Result<_, _>>()?,
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(
        &self,
        segments: Vec<tantivy::Result<Vec<Counted>>>,
    ) -> tantivy::Result<Vec<FacetCounts>> {
        let mut sums: Vec<HashMap<String, u64>> = vec![HashMap::new(); self.facets.len()];
        for segment in segments {
            for (sum, counted) in sums.iter_mut().zip(segment?) {
                for (value, count) in counted {
                    *sum.entry(value).or_default() += count;
                }
            }
        }
        Ok(self.facets.iter().zip(sums).map(|(facet, sum)| sorted(*facet, sum)).collect())
    }
}

fn sorted(facet: Facet, sum: HashMap<String, u64>) -> FacetCounts {
    let mut values: Vec<FacetCount> =
        sum.into_iter().map(|(value, count)| FacetCount { value, count }).collect();
    values.sort_unstable_by(|one, two| {
        two.count.cmp(&one.count).then_with(|| one.value.cmp(&two.value))
    });
    FacetCounts { facet, values }
}

/// The values of one facet in one segment.
type Counted = Vec<(String, u64)>;

/// The facets of one segment.
pub(crate) struct SegmentCounts {
    likeness: Option<Likeness>,
    counters: Vec<Counter>,
}

impl SegmentCollector for SegmentCounts {
    type Fruit = tantivy::Result<Vec<Counted>>;

    fn collect(&mut self, doc: DocId, _: Score) {
        if self.likeness.as_ref().is_some_and(|affinity| !affinity.admits(affinity.of(doc))) {
            return;
        }
        for counter in &mut self.counters {
            counter.count(doc);
        }
    }

    fn harvest(self) -> Self::Fruit {
        self.counters.into_iter().map(Counter::finish).collect()
    }
}

/// Counts by ordinal; the strings are read once at the end.
struct Counter {
    column: Option<StrColumn>,
    counts: Vec<u64>,
}

impl Counter {
    fn open(facet: Facet, segment: &SegmentReader) -> tantivy::Result<Self> {
        let column = segment.fast_fields().str(facet.name())?;
        let values = column.as_ref().map_or(0, |column| column.num_terms());
        Ok(Self { column, counts: vec![0; values] })
    }

    fn count(&mut self, doc: DocId) {
        let Some(column) = &self.column else { return };
        for ordinal in column.ords().values_for_doc(doc) {
            if let Some(count) =
                usize::try_from(ordinal).ok().and_then(|place| self.counts.get_mut(place))
            {
                *count += 1;
            }
        }
    }

    fn finish(self) -> tantivy::Result<Counted> {
        let Some(column) = self.column else { return Ok(Counted::new()) };
        let found = || self.counts.iter().zip(0_u64..).filter(|(count, _)| **count > 0);
        let ordinals: Vec<u64> = found().map(|(_, ordinal)| ordinal).collect();
        let mut counted = Counted::with_capacity(ordinals.len());
        let mut counts = found().map(|(count, _)| *count);
        column.dictionary().sorted_ords_to_term_cb(&ordinals, |value| {
            let value = String::from_utf8_lossy(value).into_owned();
            counted.push((value, counts.next().unwrap_or_default()));
        })?;
        Ok(counted)
    }
}
