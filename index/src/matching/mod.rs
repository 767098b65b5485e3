//! Which documents match a query, and how well.

mod audience;
mod bits;
mod bm25;
mod condition;
mod evaluate;
mod filter;
mod like;
mod nearness;
mod phrase;
mod plan;
mod reading;
mod typing;

use std::sync::Arc;

use quick_cache::Weighter;
use quick_cache::sync::Cache;
use tantivy::{Searcher, SegmentReader};

use audience::Audience;
use bm25::Lengths;
use evaluate::evaluate;
use plan::{Plan, Planner};
use reading::{Level, level, reading};

pub(crate) use bits::Bits;
pub(crate) use condition::Known;
pub(crate) use filter::narrows;
pub use reading::{Correction, Reading, Relaxed};
pub(crate) use typing::beginning_with;

use crate::document::Facet;
use crate::error::Error;
use crate::query::{Like, Query};
use crate::schema;
use crate::synonyms::Synonyms;
use crate::text::Text;

/// How many texts are remembered, and how much memory what they found may take.
const MOST_RECENT: usize = 32;
const MOST_BYTES: u64 = 64 << 20;

/// Documents, in each segment.
pub(crate) struct Matches {
    /// Which; and how well they match, if the text says something.
    pub(crate) segments: Vec<(Bits, Option<Vec<f32>>)>,
    /// Those that match in full, if less was enough for the others.
    pub(crate) full: Option<Vec<Bits>>,
    /// How the text was understood.
    pub(crate) reading: Reading,
}

/// What texts found of late: who asks for a page asks for its facets and for the next page.
pub(crate) struct Recent(Cache<Asked, Arc<Matches>, Size>);

/// The state of the index and of the synonyms, how a text was asked for, and the text.
type Asked = ([u64; 2], [bool; 2], (Option<String>, Option<Like>), String);

impl Default for Recent {
    fn default() -> Self {
        Self(Cache::with_weighter(MOST_RECENT, MOST_BYTES, Size))
    }
}

impl Recent {
    /// What a query found a moment ago, or finds now.
    pub(crate) fn matches(
        &self,
        searcher: &Searcher,
        known: &Known,
        synonyms: &Synonyms,
        query: &Query,
    ) -> Result<Arc<Matches>, Error> {
        let generation = searcher.generation().generation_id();
        let asked = (
            [generation, synonyms.version],
            [query.lenient, query.unfinished],
            (query.text.clone(), query.like.clone()),
            format!("{:?} {:?}", query.audience, query.kinds),
        );
        if let Some(found) = self.0.get(&asked) {
            return Ok(found);
        }
        let found = Arc::new(matches(searcher, known, synonyms, query)?);
        self.0.insert(asked, Arc::clone(&found));
        Ok(found)
    }
}

/// Matches weigh what they take.
#[derive(Clone)]
struct Size;

impl Weighter<Asked, Arc<Matches>> for Size {
    fn weight(&self, asked: &Asked, matches: &Arc<Matches>) -> u64 {
        let scores = |scores: &Option<Vec<f32>>| scores.as_ref().map_or(0, Vec::len) as u64 * 4;
        let segments = matches.segments.iter().map(|(bits, found)| bits.size() + scores(found));
        let full = matches.full.iter().flatten().map(Bits::size).sum::<u64>();
        let like = match &asked.2.1 {
            Some(Like::Document(id)) => id.len(),
            Some(Like::Written { title, text }) => title.len() + text.len(),
            None => 0,
        };
        let texts = asked.2.0.iter().chain([&asked.3]).map(String::len);
        segments.sum::<u64>() + full + (texts.sum::<usize>() + like) as u64 + 256
    }
}

/// What the words and phrases of a text find.
///
/// How much of the text must match is asked of all that the audience may know of, not of what a
/// filter leaves: so every filter, count and facet of a text sees the same hits.
fn matches(
    searcher: &Searcher,
    known: &Known,
    synonyms: &Synonyms,
    query: &Query,
) -> Result<Matches, Error> {
    let all = |segment: &SegmentReader| (Bits::all(segment.max_doc()), None);
    let text = query.text.as_deref().map(Text::parse).transpose()?.flatten();
    if text.is_none() && query.like.is_none() {
        let segments = searcher.segment_readers().iter().map(all).collect();
        return Ok(Matches { segments, full: None, reading: Reading::default() });
    }
    let audience = Audience::of(searcher, known, query)?;
    let planner = Planner { audience: &audience, synonyms };
    let plan = match (&query.like, &text) {
        (Some(like), _) => like::plan(searcher, like)?,
        (None, Some(text)) => planner.plan(text, query.lenient, query.unfinished)?,
        (None, None) => Plan::default(),
    };
    let lengths = Lengths::of_fields(searcher, &[schema::STEMS, schema::WRITTEN])?;
    let segments = searcher.segment_readers().iter().enumerate();
    let evaluated = segments.map(|(number, segment)| evaluate(number, segment, &plan, &lengths));
    let mut evaluated = evaluated.collect::<Result<Vec<_>, _>>()?;
    let level = level(&audience, &plan, &evaluated, query);
    let found: Vec<Bits> = evaluated.iter().map(|segment| segment.at(level)).collect();
    nearness::raise(&audience, &plan, &found, &mut evaluated)?;
    let strictly = Level::Strict(reading::least(&plan));
    let full = matches!(level, Level::Half(_))
        .then(|| evaluated.iter().map(|segment| segment.at(strictly)).collect());
    let is_scored = !plan.units.is_empty() || !plan.phrases.is_empty();
    let scores = evaluated.into_iter().map(|segment| is_scored.then_some(segment.scores));
    Ok(Matches {
        segments: found.into_iter().zip(scores).collect(),
        full,
        reading: Reading { unread: text.map_or(0, |text| text.unread), ..reading(&plan, level) },
    })
}

impl Matches {
    /// Those that are not deleted and meet the conditions of the query; the values asked for in the
    /// lifted facet are left out.
    pub(crate) fn admitted(
        &self,
        searcher: &Searcher,
        known: &Known,
        query: &Query,
        lifted: Option<Facet>,
    ) -> Result<Vec<Bits>, Error> {
        let condition = filter::condition(query, lifted)?;
        let admitted = |(segment, (matching, _)): (&SegmentReader, &(Bits, _))| {
            let mut admitted = matching.clone();
            if let Some(bits) = condition.documents(searcher, segment, known)? {
                admitted.and(&bits);
            }
            if let Some(alive) = known.alive(segment) {
                admitted.and(&alive);
            }
            Ok(admitted)
        };
        searcher.segment_readers().iter().zip(&self.segments).map(admitted).collect()
    }
}
