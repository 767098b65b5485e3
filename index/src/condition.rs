//! Conditions as sets of documents, combined bit by bit.
//!
//! The engine could intersect and exclude while it walks through the hits, but its lists only promise to walk
//! forward, and 0.27 breaks that promise around excluded phrases and ranges.
//! Sets of a few thousand bits are as quick and have no state to get wrong.

use std::sync::Arc;

use tantivy::query::{
    BitSetDocSet, ConstScorer, EnableScoring, Explanation, Query, Scorer, Weight,
};
use tantivy::{BitSet, DocId, Score, SegmentReader};

/// A condition on documents; it adds nothing to their score.
#[derive(Clone, Debug)]
pub(crate) enum Condition<Leaf = Arc<dyn Query>> {
    All,
    None,
    Leaf(Leaf),
    And(Vec<Self>),
    Or(Vec<Self>),
    Not(Box<Self>),
}

impl Query for Condition {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let silent = || match scoring.searcher() {
            Some(searcher) => EnableScoring::disabled_from_searcher(searcher),
            None => EnableScoring::disabled_from_schema(scoring.schema()),
        };
        Ok(Box::new(self.map(&|leaf| leaf.weight(silent()))?))
    }
}

impl<Leaf> Condition<Leaf> {
    fn map<Other>(
        &self,
        change: &impl Fn(&Leaf) -> tantivy::Result<Other>,
    ) -> tantivy::Result<Condition<Other>> {
        let all = |parts: &[Self]| {
            parts.iter().map(|part| part.map(change)).collect::<tantivy::Result<Vec<_>>>()
        };
        Ok(match self {
            Self::All => Condition::All,
            Self::None => Condition::None,
            Self::Leaf(leaf) => Condition::Leaf(change(leaf)?),
            Self::And(parts) => Condition::And(all(parts)?),
            Self::Or(parts) => Condition::Or(all(parts)?),
            Self::Not(part) => Condition::Not(Box::new(part.map(change)?)),
        })
    }
}

impl Condition<Box<dyn Weight>> {
    fn documents(&self, segment: &SegmentReader) -> tantivy::Result<Bits> {
        let count = segment.max_doc();
        Ok(match self {
            Self::All => Bits::none(count).complement(),
            Self::None => Bits::none(count),
            Self::Leaf(leaf) => {
                let mut bits = Bits::none(count);
                leaf.for_each_no_score(segment, &mut |docs| {
                    docs.iter().for_each(|doc| bits.insert(*doc));
                })?;
                bits
            }
            Self::And(parts) => {
                parts.iter().try_fold(Bits::none(count).complement(), |bits, part| {
                    Ok::<_, tantivy::TantivyError>(
                        bits.combine(&part.documents(segment)?, |one, two| one & two),
                    )
                })?
            }
            Self::Or(parts) => parts.iter().try_fold(Bits::none(count), |bits, part| {
                Ok::<_, tantivy::TantivyError>(
                    bits.combine(&part.documents(segment)?, |one, two| one | two),
                )
            })?,
            Self::Not(part) => part.documents(segment)?.complement(),
        })
    }
}

impl Weight for Condition<Box<dyn Weight>> {
    fn scorer(&self, segment: &SegmentReader, _: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let documents = self.documents(segment)?.into_set(segment.max_doc());
        Ok(Box::new(ConstScorer::new(BitSetDocSet::from(documents), 0.0)))
    }

    fn explain(&self, _: &SegmentReader, _: DocId) -> tantivy::Result<Explanation> {
        Ok(Explanation::new("Condition", 0.0))
    }
}

/// One bit for each document of a segment; bits beyond the last document mean nothing.
struct Bits(Vec<u64>);

impl Bits {
    fn none(count: u32) -> Self {
        Self(vec![0; count.div_ceil(64) as usize])
    }

    fn insert(&mut self, doc: DocId) {
        if let Some(word) = self.0.get_mut(doc as usize / 64) {
            *word |= 1 << (doc % 64);
        }
    }

    fn complement(mut self) -> Self {
        self.0.iter_mut().for_each(|word| *word = !*word);
        self
    }

    fn combine(mut self, other: &Self, operation: impl Fn(u64, u64) -> u64) -> Self {
        self.0.iter_mut().zip(&other.0).for_each(|(one, two)| *one = operation(*one, *two));
        self
    }

    fn into_set(self, count: u32) -> BitSet {
        let mut set = BitSet::with_max_value(count);
        for (start, mut word) in (0..count).step_by(64).zip(self.0) {
            while word != 0 {
                let doc = start + word.trailing_zeros();
                if doc < count {
                    set.insert(doc);
                }
                word &= word - 1;
            }
        }
        set
    }
}
