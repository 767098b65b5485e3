//! Conditions as sets of documents, combined bit by bit.

use std::sync::Arc;

use quick_cache::Weighter;
use quick_cache::sync::Cache;
use tantivy::index::SegmentId;
use tantivy::query::{EnableScoring, Query};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, SegmentReader, Term};

use super::bits::Bits;
use crate::schema;

/// How much memory the sets may take that are kept.
const MOST_BYTES: u64 = 32 << 20;

/// Of more values than this in one condition the sets are not kept.
const MOST_KEPT: usize = 50;

/// A condition on documents.
#[derive(Clone, Debug)]
pub(super) enum Condition {
    All,
    None,
    /// A field has one of some values.
    AnyOf(Field, Vec<String>),
    /// A query of the engine finds it.
    Found(Arc<dyn Query>),
    And(Vec<Self>),
    Or(Vec<Self>),
    Not(Box<Self>),
}

impl Condition {
    /// The documents of a segment that meet the condition, deleted ones among them; nothing stands
    /// for all.
    pub(super) fn documents(
        &self,
        searcher: &Searcher,
        segment: &SegmentReader,
        known: &Known,
    ) -> tantivy::Result<Option<Bits>> {
        let count = segment.max_doc();
        Ok(match self {
            Self::All => None,
            Self::None => Some(Bits::none(count)),
            Self::AnyOf(field, values) => {
                let mut bits = Bits::none(count);
                let few = values.len() <= MOST_KEPT;
                for value in values {
                    match few {
                        true => bits.or(&*known.holding(segment, *field, value)?),
                        false => add_holding(segment, *field, value, &mut bits)?,
                    }
                }
                Some(bits)
            }
            Self::Found(query) => {
                let mut bits = Bits::none(count);
                let weight = query.weight(EnableScoring::disabled_from_searcher(searcher))?;
                weight.for_each_no_score(segment, &mut |docs| {
                    docs.iter().for_each(|doc| {
                        bits.insert(*doc);
                    });
                })?;
                Some(bits)
            }
            Self::And(parts) => {
                let mut all: Option<Bits> = None;
                for part in parts {
                    let Some(part) = part.documents(searcher, segment, known)? else { continue };
                    match &mut all {
                        Some(bits) => bits.and(&part),
                        None => all = Some(part),
                    }
                }
                all
            }
            Self::Or(parts) => {
                let mut any = Bits::none(count);
                for part in parts {
                    let Some(part) = part.documents(searcher, segment, known)? else {
                        return Ok(None);
                    };
                    any.or(&part);
                }
                Some(any)
            }
            Self::Not(part) => {
                let part = part.documents(searcher, segment, known)?;
                Some(part.map_or_else(|| Bits::none(count), Bits::complement))
            }
        })
    }
}

/// Adds the documents of a segment with a value, deleted ones among them.
fn add_holding(
    segment: &SegmentReader,
    field: Field,
    value: &str,
    bits: &mut Bits,
) -> tantivy::Result<()> {
    let inverted = segment.inverted_index(field)?;
    let term = Term::from_field_text(field, value);
    let Some(info) = inverted.get_term_info(&term)? else { return Ok(()) };
    let option = IndexRecordOption::Basic;
    let mut block = inverted.read_block_postings_from_terminfo(&info, option)?;
    while block.block_len() > 0 {
        block.docs().iter().for_each(|doc| {
            bits.insert(*doc);
        });
        block.advance();
    }
    Ok(())
}

/// What documents have in common.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Common {
    /// A value in a field.
    Value(Field, String),
    /// They were not deleted up to that operation.
    Alive(u64),
}

/// The documents with a value, as long as their segment lives: the same few values are asked for
/// again and again, and a segment never changes but for what is deleted from it.
pub(crate) struct Known(Cache<(SegmentId, Common), Arc<Bits>, Size>);

impl Default for Known {
    fn default() -> Self {
        let items = 10_000;
        Self(Cache::with_weighter(items, MOST_BYTES, Size))
    }
}

impl Known {
    /// The documents of a segment with a value, deleted ones among them.
    pub(crate) fn holding(
        &self,
        segment: &SegmentReader,
        field: Field,
        value: &str,
    ) -> tantivy::Result<Arc<Bits>> {
        let key = (segment.segment_id(), Common::Value(field, value.to_owned()));
        if let Some(known) = self.0.get(&key) {
            return Ok(known);
        }
        let mut bits = Bits::none(segment.max_doc());
        add_holding(segment, field, value, &mut bits)?;
        let bits = Arc::new(bits);
        // Single documents are asked for once.
        if field != schema::ID {
            self.0.insert(key, Arc::clone(&bits));
        }
        Ok(bits)
    }

    /// The documents of a segment that are not deleted; nothing stands for all.
    pub(crate) fn alive(&self, segment: &SegmentReader) -> Option<Arc<Bits>> {
        let alive = segment.alive_bitset()?;
        let key = (segment.segment_id(), Common::Alive(segment.delete_opstamp()?));
        if let Some(known) = self.0.get(&key) {
            return Some(known);
        }
        let mut bits = Bits::none(segment.max_doc());
        alive.iter_alive().for_each(|doc| {
            bits.insert(doc);
        });
        let bits = Arc::new(bits);
        self.0.insert(key, Arc::clone(&bits));
        Some(bits)
    }
}

/// Sets weigh what they take.
#[derive(Clone)]
struct Size;

impl Weighter<(SegmentId, Common), Arc<Bits>> for Size {
    fn weight(&self, (_, common): &(SegmentId, Common), bits: &Arc<Bits>) -> u64 {
        let value = match common {
            Common::Value(_, value) => value.len() as u64,
            Common::Alive(_) => 0,
        };
        bits.size() + value + 64
    }
}
