//! Makes hits of the documents that may make a page.
//!
//! Only documents of the page get strings, and those that only their id tells from one of the page.

use std::collections::HashMap;
use std::sync::Arc;

use tantivy::columnar::StrColumn;
use tantivy::{DocId, Searcher, SegmentReader};

use crate::collect::{Candidate, Found, Wanted, first, ordinals};
use crate::cursor::{Cursor, Value};
use crate::document::Facet;
use crate::matching::{Bits, Reading};
use crate::page::{Direction, Hit, Hits};
use crate::query::OrderBy;
use crate::schema::{ID_NAME, TITLE_KEY_NAME};
use crate::strings::{Dictionaries, Strings};

/// The page of hits.
pub(crate) fn hits(
    searcher: &Searcher,
    dictionaries: &Dictionaries,
    wanted: &Wanted,
    found: Found,
    full: Option<&[Bits]>,
) -> tantivy::Result<Hits> {
    let size = wanted.page.size;
    let candidates = contenders(found.candidates, wanted);
    let mut by_segment: HashMap<u32, Vec<Candidate>> = HashMap::new();
    for candidate in candidates {
        by_segment.entry(candidate.segment).or_default().push(candidate);
    }
    let mut hits = Vec::new();
    for (segment, candidates) in by_segment {
        let reader = searcher.segment_reader(segment);
        let full = full.and_then(|full| full.get(segment as usize));
        hits.extend(resolved(dictionaries, reader, wanted, &candidates, full)?);
    }
    hits.sort_unstable_by(|one, two| one.cursor.compare(&two.cursor));
    let left_out = found.inside > size as u64;
    let forward = wanted.page.direction == Direction::Forward;
    if forward {
        hits.truncate(size);
    } else {
        let surplus = hits.len().saturating_sub(size);
        hits.drain(..surplus);
    }
    Ok(Hits {
        total: found.total,
        hits,
        has_next: found.behind > 0 || (forward && left_out),
        has_previous: found.ahead > 0 || (!forward && left_out),
        in_full: 0,
        reading: Reading::default(),
    })
}

/// Those that can make the page as far as that can be told without their strings. What is sorted
/// by compares over segments, but for titles.
fn contenders(mut candidates: Vec<Candidate>, wanted: &Wanted) -> Vec<Candidate> {
    if wanted.order.by == OrderBy::Title || candidates.len() <= wanted.page.size {
        return candidates;
    }
    candidates.sort_unstable_by_key(|candidate| candidate.place.0);
    let last = wanted.page.size.checked_sub(1).and_then(|last| candidates.get(last));
    let Some(last) = last.map(|last| last.place.0) else { return Vec::new() };
    candidates.retain(|candidate| candidate.place.0 <= last);
    candidates
}

fn resolved(
    dictionaries: &Dictionaries,
    segment: &SegmentReader,
    wanted: &Wanted,
    candidates: &[Candidate],
    full: Option<&Bits>,
) -> tantivy::Result<Vec<Hit>> {
    let fast = segment.fast_fields();
    let ids = Texts::of(dictionaries, segment, ID_NAME)?;
    let kinds = Texts::of(dictionaries, segment, Facet::Kind.name())?;
    let titles = match wanted.order.by {
        OrderBy::Title => Texts::of(dictionaries, segment, TITLE_KEY_NAME)?,
        _ => Texts(None),
    };
    let numbers = match wanted.order.by {
        OrderBy::Number(number) => fast.column_opt(number.name())?,
        _ => None,
    };
    let hit = |candidate: &Candidate| {
        let Candidate { doc, score, likeness, .. } = *candidate;
        let value = match wanted.order.by {
            OrderBy::Relevance => Value::Score(score),
            OrderBy::Affinity => Value::Score(likeness),
            OrderBy::Number(_) => Value::Number(first(numbers.as_ref(), doc)),
            OrderBy::Title => Value::Title(titles.first(doc)),
        };
        let id = ids.first(doc).unwrap_or_default();
        Hit {
            id: id.clone(),
            kind: kinds.first(doc).unwrap_or_default(),
            score,
            in_full: full.is_none_or(|full| full.contains(doc)),
            affinity: wanted.affinity.is_some().then_some(likeness),
            cursor: Cursor { order: wanted.order, value, id },
        }
    };
    Ok(candidates.iter().map(hit).collect())
}

/// A column and its strings.
struct Texts(Option<(StrColumn, Arc<Strings>)>);

impl Texts {
    fn of(
        dictionaries: &Dictionaries,
        segment: &SegmentReader,
        name: &'static str,
    ) -> tantivy::Result<Self> {
        let Some(column) = segment.fast_fields().str(name)? else { return Ok(Self(None)) };
        let strings = dictionaries.of(segment, name, &column)?;
        Ok(Self(Some((column, strings))))
    }

    /// The first value of a document.
    fn first(&self, doc: DocId) -> Option<String> {
        let (column, strings) = self.0.as_ref()?;
        Some(strings.get(first(ordinals(Some(column)), doc)?).to_owned())
    }
}
