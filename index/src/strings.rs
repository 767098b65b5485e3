//! The strings of a segment by their ordinals, kept in memory.
//!
//! The engine keeps them compressed in blocks; to unpack one for each hit takes longer than to find it.

use std::sync::Arc;

use quick_cache::Weighter;
use quick_cache::sync::Cache;
use tantivy::SegmentReader;
use tantivy::columnar::StrColumn;
use tantivy::index::SegmentId;

/// How much memory they may take. The cache divides it among its shards, and one column must fit
/// into one.
const MOST_BYTES: u64 = 1 << 30;
/// About how many columns of segments that are.
const COLUMNS: usize = 1_000;

/// The strings of one column of a segment.
pub(crate) struct Strings {
    text: String,
    ends: Vec<u32>,
}

impl Strings {
    fn read(column: &StrColumn) -> tantivy::Result<Self> {
        let mut strings = Self { text: String::new(), ends: Vec::new() };
        let mut all = column.dictionary().stream()?;
        while all.advance() {
            strings.text.push_str(&String::from_utf8_lossy(all.key()));
            strings.ends.push(u32::try_from(strings.text.len()).unwrap_or(u32::MAX));
        }
        Ok(strings)
    }

    /// The string of an ordinal; empty if there is none.
    pub(crate) fn get(&self, ordinal: u64) -> &str {
        let Ok(place) = usize::try_from(ordinal) else { return "" };
        let start = place.checked_sub(1).and_then(|before| self.ends.get(before));
        let (start, end) = (start.copied().unwrap_or_default(), self.ends.get(place).copied());
        let end = end.unwrap_or(start);
        self.text.get(start as usize..end as usize).unwrap_or_default()
    }
}

/// What was read of segments; they never change.
pub(crate) struct Dictionaries(Cache<(SegmentId, &'static str), Arc<Strings>, Size>);

impl Default for Dictionaries {
    fn default() -> Self {
        Self(Cache::with_weighter(COLUMNS, MOST_BYTES, Size))
    }
}

impl Dictionaries {
    /// The strings of a column.
    pub(crate) fn of(
        &self,
        segment: &SegmentReader,
        name: &'static str,
        column: &StrColumn,
    ) -> tantivy::Result<Arc<Strings>> {
        let key = (segment.segment_id(), name);
        if let Some(known) = self.0.get(&key) {
            return Ok(known);
        }
        let strings = Arc::new(Strings::read(column)?);
        self.0.insert(key, Arc::clone(&strings));
        Ok(strings)
    }
}

/// Strings weigh what they take.
#[derive(Clone)]
struct Size;

impl Weighter<(SegmentId, &'static str), Arc<Strings>> for Size {
    fn weight(&self, _: &(SegmentId, &'static str), strings: &Arc<Strings>) -> u64 {
        (strings.text.len() + strings.ends.len() * 4 + 128) as u64
    }
}
