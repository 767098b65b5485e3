//! Counts the values of facets among the hits.

use std::borrow::Cow;
use std::collections::HashMap;

use tantivy::Searcher;
use tantivy::columnar::StrColumn;

use crate::affinity::{Likeness, Resolved};
use crate::document::Facet;
use crate::matching::{Bits, Known};
use crate::page::{FacetCount, FacetCounts};
use crate::query::Affinity;
use crate::schema;
use crate::strings::Dictionaries;

/// How many bytes of sets of documents are compared in the time that it takes to look up the values
/// of one document.
const SET_BY_SET: u64 = 32;

/// Counts the values of some facets: with many documents and few values value by value, otherwise
/// document by document.
pub(crate) fn count(
    searcher: &Searcher,
    known: &Known,
    dictionaries: &Dictionaries,
    segments: &[Bits],
    (affinity, resolved): (Option<&Affinity>, &Resolved),
    facets: &[Facet],
) -> tantivy::Result<Vec<FacetCounts>> {
    let mut sums: Vec<HashMap<String, u64>> = vec![HashMap::new(); facets.len()];
    for (segment, bits) in searcher.segment_readers().iter().zip(segments) {
        let mut bits = Cow::Borrowed(bits);
        if let Some(affinity) = affinity.filter(|affinity| affinity.minimum.is_some()) {
            let likeness = Likeness::resolve(affinity, segment, resolved)?;
            bits.to_mut().retain(|doc| likeness.admits(likeness.of(doc)));
        }
        for (facet, sum) in facets.iter().zip(&mut sums) {
            let Some(column) = segment.fast_fields().str(facet.name())? else { continue };
            let strings = dictionaries.of(segment, facet.name(), &column)?;
            let mut add = |ordinal, count| {
                if count > 0 {
                    *sum.entry(strings.get(ordinal).to_owned()).or_default() += count;
                }
            };
            if column.num_terms() as u64 * bits.size() <= SET_BY_SET * bits.len() {
                for ordinal in 0..column.num_terms() as u64 {
                    let value = strings.get(ordinal);
                    let holding = known.holding(segment, schema::facet(*facet), value)?;
                    add(ordinal, holding.shared(&bits));
                }
            } else {
                (0..).zip(counted(&column, &bits)).for_each(|(ordinal, count)| add(ordinal, count));
            }
        }
    }
    Ok(facets.iter().zip(sums).map(|(facet, sum)| sorted(*facet, sum)).collect())
}

fn sorted(facet: Facet, sum: HashMap<String, u64>) -> FacetCounts {
    let mut values: Vec<FacetCount> =
        sum.into_iter().map(|(value, count)| FacetCount { value, count }).collect();
    values.sort_unstable_by(|one, two| {
        two.count.cmp(&one.count).then_with(|| one.value.cmp(&two.value))
    });
    FacetCounts { facet, values }
}

/// How many of the documents have which value, by its ordinal.
fn counted(column: &StrColumn, bits: &Bits) -> Vec<u64> {
    let ordinals = column.ords();
    let mut counts = vec![0; column.num_terms()];
    let mut add = |ordinal: u64| {
        if let Some(count) = usize::try_from(ordinal).ok().and_then(|place| counts.get_mut(place)) {
            *count += 1;
        }
    };
    bits.for_each(|doc| ordinals.values_for_doc(doc).for_each(&mut add));
    counts
}
