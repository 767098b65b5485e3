//! What those who ask may know of: what is told of a text must not depend on anything else.

use tantivy::Searcher;
use tantivy::schema::Field;

use super::bits::Bits;
use super::condition::Known;
use super::filter;
use crate::error::Error;
use crate::query::Query;

/// The documents that those who ask may know of, in each segment.
pub(super) struct Audience<'a> {
    pub(super) searcher: &'a Searcher,
    known: &'a Known,
    allowed: Vec<Bits>,
}

impl<'a> Audience<'a> {
    pub(super) fn of(
        searcher: &'a Searcher,
        known: &'a Known,
        query: &Query,
    ) -> Result<Self, Error> {
        let condition = filter::audience(query)?;
        let mut allowed = Vec::with_capacity(searcher.segment_readers().len());
        for segment in searcher.segment_readers() {
            let documents = condition.documents(searcher, segment, known)?;
            let mut bits = documents.unwrap_or_else(|| Bits::all(segment.max_doc()));
            if let Some(alive) = known.alive(segment) {
                bits.and(&alive);
            }
            allowed.push(bits);
        }
        Ok(Self { searcher, known, allowed })
    }

    /// The documents of each segment.
    pub(super) fn segments(&self) -> &[Bits] {
        &self.allowed
    }

    /// Whether one of the documents has a word.
    pub(super) fn knows(&self, field: Field, word: &str) -> tantivy::Result<bool> {
        for (segment, allowed) in self.searcher.segment_readers().iter().zip(&self.allowed) {
            if self.known.holding(segment, field, word)?.shared(allowed) > 0 {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
