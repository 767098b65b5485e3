//! Collects one page of hits and counts all of them.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader};

use crate::affinity::Likeness;
use crate::cursor::{Cursor, Value};
use crate::document::Facet;
use crate::page::{Direction, Hit, Hits, Page};
use crate::query::{Affinity, Order, OrderBy};
use crate::rank;
use crate::schema::{ID_NAME, TITLE_KEY_NAME};

/// What to collect.
pub(crate) struct PageCollector {
    pub(crate) order: Order,
    /// Whether the text decides the score; otherwise all match equally well.
    pub(crate) scoring: bool,
    pub(crate) affinity: Option<Affinity>,
    pub(crate) page: Page,
}

impl Collector for PageCollector {
    type Fruit = Hits;
    type Child = SegmentPage;

    fn for_segment(
        &self,
        _: SegmentOrdinal,
        segment: &SegmentReader,
    ) -> tantivy::Result<SegmentPage> {
        SegmentPage::open(self, segment)
    }

    fn requires_scoring(&self) -> bool {
        self.scoring
    }

    fn merge_fruits(&self, segments: Vec<tantivy::Result<Found>>) -> tantivy::Result<Hits> {
        let mut all = Found::default();
        for found in segments {
            let found = found?;
            all.total += found.total;
            all.ahead += found.ahead;
            all.inside += found.inside;
            all.behind += found.behind;
            all.hits.extend(found.hits);
        }
        all.hits.sort_unstable_by(|one, two| one.cursor.compare(&two.cursor));
        let left_out = all.inside > self.page.size as u64;
        let forward = self.page.direction == Direction::Forward;
        if forward {
            all.hits.truncate(self.page.size);
        } else {
            let surplus = all.hits.len().saturating_sub(self.page.size);
            all.hits.drain(..surplus);
        }
        Ok(Hits {
            total: all.total,
            hits: all.hits,
            has_next: all.behind > 0 || (forward && left_out),
            has_previous: all.ahead > 0 || (!forward && left_out),
        })
    }
}

/// What a segment contributes.
#[derive(Default)]
pub(crate) struct Found {
    total: u64,
    /// How many lie ahead of the window between the cursors, inside of it, and behind it.
    ahead: u64,
    inside: u64,
    behind: u64,
    hits: Vec<Hit>,
}

/// A place in the order, valid within one segment: what is sorted by, then the id.
type Place = (u64, u64);

/// What hits are sorted by, within one segment.
enum Source {
    Score,
    Likeness,
    Number(Option<Column<i64>>),
    Title(Option<StrColumn>),
}

/// The page as one segment sees it.
pub(crate) struct SegmentPage {
    order: Order,
    scoring: bool,
    source: Source,
    likeness: Option<Likeness>,
    ids: Option<StrColumn>,
    kinds: Option<StrColumn>,
    after: Option<Place>,
    before: Option<Place>,
    size: usize,
    backward: bool,
    best: BinaryHeap<Candidate>,
    found: Found,
}

impl SegmentPage {
    fn open(wanted: &PageCollector, segment: &SegmentReader) -> tantivy::Result<Self> {
        let fast = segment.fast_fields();
        let source = match wanted.order.by {
            OrderBy::Relevance => Source::Score,
            OrderBy::Affinity => Source::Likeness,
            OrderBy::Number(number) => Source::Number(fast.column_opt(number.name())?),
            OrderBy::Title => Source::Title(fast.str(TITLE_KEY_NAME)?),
        };
        let likeness =
            wanted.affinity.as_ref().map(|affinity| Likeness::resolve(affinity, segment));
        let mut page = Self {
            order: wanted.order,
            scoring: wanted.scoring,
            source,
            likeness: likeness.transpose()?,
            ids: fast.str(ID_NAME)?,
            kinds: fast.str(Facet::Kind.name())?,
            after: None,
            before: None,
            size: wanted.page.size,
            backward: wanted.page.direction == Direction::Backward,
            best: BinaryHeap::new(),
            found: Found::default(),
        };
        page.after = wanted.page.after.as_ref().map(|cursor| page.locate(cursor)).transpose()?;
        page.before = wanted.page.before.as_ref().map(|cursor| page.locate(cursor)).transpose()?;
        Ok(page)
    }

    /// The place of a cursor among the documents of this segment.
    fn locate(&self, cursor: &Cursor) -> std::io::Result<Place> {
        let sort = match (&self.source, &cursor.value) {
            (Source::Title(Some(titles)), Value::Title(Some(title))) => {
                rank::directed(rank::spread_str(titles.dictionary(), title)?, self.order)
            }
            (_, value) => rank::of_value(value, self.order),
        };
        let id = match &self.ids {
            Some(ids) => rank::spread_str(ids.dictionary(), &cursor.id)?,
            None => 0,
        };
        Ok((sort, id))
    }

    fn place(&self, doc: DocId, score: f32, likeness: f32) -> Place {
        let sort = match &self.source {
            Source::Score => rank::of_score(score, self.order),
            Source::Likeness => rank::of_score(likeness, self.order),
            Source::Number(column) => {
                rank::of_value(&Value::Number(first(column.as_ref(), doc)), self.order)
            }
            Source::Title(column) => first(ordinals(column.as_ref()), doc)
                .map_or(rank::MISSING, |ordinal| rank::directed(rank::spread(ordinal), self.order)),
        };
        let id = first(ordinals(self.ids.as_ref()), doc).map_or(0, rank::spread);
        (sort, id)
    }

    fn score(&self, given: Score, likeness: f32) -> f32 {
        match (&self.source, &self.likeness) {
            (Source::Score, affinity) => {
                let base = if self.scoring { given } else { 1.0 };
                affinity.as_ref().map_or(base, |affinity| affinity.raise(base, likeness))
            }
            _ => 0.0,
        }
    }

    fn keep(&mut self, candidate: Candidate) {
        self.best.push(candidate);
        if self.best.len() > self.size {
            self.best.pop();
        }
    }

    fn hit(&self, candidate: &Candidate) -> std::io::Result<Hit> {
        let Candidate { doc, score, likeness, .. } = *candidate;
        let value = match &self.source {
            Source::Score => Value::Score(score),
            Source::Likeness => Value::Score(likeness),
            Source::Number(column) => Value::Number(first(column.as_ref(), doc)),
            Source::Title(column) => Value::Title(first_str(column.as_ref(), doc)?),
        };
        let id = first_str(self.ids.as_ref(), doc)?.unwrap_or_default();
        Ok(Hit {
            id: id.clone(),
            kind: first_str(self.kinds.as_ref(), doc)?.unwrap_or_default(),
            score,
            affinity: self.likeness.is_some().then_some(likeness),
            cursor: Cursor { order: self.order, value, id },
        })
    }
}

impl SegmentCollector for SegmentPage {
    type Fruit = tantivy::Result<Found>;

    fn collect(&mut self, doc: DocId, score: Score) {
        let likeness = self.likeness.as_ref().map_or(0.0, |affinity| affinity.of(doc));
        if self.likeness.as_ref().is_some_and(|affinity| !affinity.admits(likeness)) {
            return;
        }
        self.found.total += 1;
        let score = self.score(score, likeness);
        let place = self.place(doc, score, likeness);
        let ahead = self.after.is_some_and(|after| place <= after);
        let behind = self.before.is_some_and(|before| place >= before);
        self.found.ahead += u64::from(ahead);
        self.found.behind += u64::from(behind);
        if !ahead && !behind {
            self.found.inside += 1;
            let place = if self.backward { (!place.0, !place.1) } else { place };
            self.keep(Candidate { place, doc, score, likeness });
        }
    }

    fn harvest(mut self) -> tantivy::Result<Found> {
        let best = std::mem::take(&mut self.best);
        self.found.hits =
            best.iter().map(|candidate| self.hit(candidate)).collect::<Result<_, _>>()?;
        Ok(self.found)
    }
}

/// A hit that may make the page; the greatest is the first to go.
struct Candidate {
    /// Both parts turned around if the page is taken from the end.
    place: Place,
    doc: DocId,
    score: f32,
    likeness: f32,
}

impl Ord for Candidate {
    fn cmp(&self, other: &Self) -> Ordering {
        self.place.cmp(&other.place)
    }
}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Candidate {
    fn eq(&self, other: &Self) -> bool {
        self.place == other.place
    }
}

impl Eq for Candidate {}

fn first<T: PartialOrd + Copy + std::fmt::Debug + Send + Sync + 'static>(
    column: Option<&Column<T>>,
    doc: DocId,
) -> Option<T> {
    column.and_then(|column| column.first(doc))
}

fn ordinals(column: Option<&StrColumn>) -> Option<&Column<u64>> {
    column.map(|column| column.ords())
}

fn first_str(column: Option<&StrColumn>, doc: DocId) -> std::io::Result<Option<String>> {
    let Some(column) = column else { return Ok(None) };
    column.ords().first(doc).map(|ordinal| rank::string_of(column, ordinal)).transpose()
}
