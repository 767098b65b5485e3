//! Collects the documents that may make a page, and counts all of them.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocId, Searcher, SegmentOrdinal, SegmentReader};

use crate::affinity::{Likeness, Resolved};
use crate::cursor::{Cursor, Value};
use crate::matching::Bits;
use crate::merit::Merits;
use crate::page::{Direction, Page};
use crate::query::{Affinity, Order, OrderBy};
use crate::rank;
use crate::schema::{ID_NAME, TITLE_KEY_NAME};

/// What is lost when a factor is applied and taken out again.
const ROUNDED: f32 = 1.0 - 1e-5;

/// What to collect.
pub(crate) struct Wanted {
    pub(crate) order: Order,
    pub(crate) affinity: Option<Affinity>,
    pub(crate) page: Page,
    /// The time, for the merit of what is new.
    pub(crate) now: Option<i64>,
}

/// What a page is taken from, in each segment: documents, and how well they match.
pub(crate) type Segments<'a> = &'a [(&'a Bits, Option<&'a [f32]>)];

impl Wanted {
    /// The documents that may make the page.
    pub(crate) fn collect(
        &self,
        searcher: &Searcher,
        (merits, resolved): (&Merits, &Resolved),
        segments: Segments<'_>,
    ) -> tantivy::Result<Found> {
        let mut all = Found::default();
        for ((number, segment), (bits, scores)) in
            (0..).zip(searcher.segment_readers()).zip(segments)
        {
            let mut page = SegmentPage::open(self, number, segment, resolved)?;
            let factors = match scores {
                Some(_) if self.order.by == OrderBy::Relevance => {
                    Some(merits.of(segment, self.now)?)
                }
                _ => None,
            };
            let scores = Scores { given: *scores, factors: factors.as_deref().map(Vec::as_slice) };
            page.collect(bits, &scores);
            all.add(page.harvest());
        }
        Ok(all)
    }
}

/// How well the documents of a segment match, and the factors for their merits.
struct Scores<'a> {
    given: Option<&'a [f32]>,
    factors: Option<&'a [f32]>,
}

impl Scores<'_> {
    #[inline]
    fn of(&self, doc: DocId) -> f32 {
        let at =
            |of: Option<&[f32]>| of.map_or(1.0, |of| of.get(doc as usize).copied().unwrap_or(1.0));
        at(self.given) * at(self.factors)
    }
}

/// What was found, in one segment or in all of them.
#[derive(Default)]
pub(crate) struct Found {
    pub(crate) total: u64,
    /// How many lie ahead of the window between the cursors, inside of it, and behind it.
    pub(crate) ahead: u64,
    pub(crate) inside: u64,
    pub(crate) behind: u64,
    /// The best of each segment, in no order.
    pub(crate) candidates: Vec<Candidate>,
}

impl Found {
    fn add(&mut self, found: Self) {
        self.total += found.total;
        self.ahead += found.ahead;
        self.inside += found.inside;
        self.behind += found.behind;
        self.candidates.extend(found.candidates);
    }
}

/// A place in the order, valid within one segment: what is sorted by, then the id.
pub(crate) type Place = (u64, u64);

/// What hits are sorted by, within one segment.
enum Source {
    Score,
    Likeness,
    Number(Option<Column<i64>>),
    Title(Option<StrColumn>),
}

/// The page as one segment sees it.
pub(crate) struct SegmentPage {
    number: SegmentOrdinal,
    order: Order,
    source: Source,
    likeness: Option<Likeness>,
    ids: Option<StrColumn>,
    after: Option<Place>,
    before: Option<Place>,
    size: usize,
    backward: bool,
    best: BinaryHeap<Candidate>,
    /// Documents that match less well cannot make the page, however alike their places are.
    floor: f32,
    found: Found,
}

impl SegmentPage {
    fn open(
        wanted: &Wanted,
        number: SegmentOrdinal,
        segment: &SegmentReader,
        resolved: &Resolved,
    ) -> tantivy::Result<Self> {
        let fast = segment.fast_fields();
        let source = match wanted.order.by {
            OrderBy::Relevance => Source::Score,
            OrderBy::Affinity => Source::Likeness,
            OrderBy::Number(number) => Source::Number(fast.column_opt(number.name())?),
            OrderBy::Title => Source::Title(fast.str(TITLE_KEY_NAME)?),
        };
        let affinity = wanted.affinity.as_ref();
        let likeness = affinity.map(|affinity| Likeness::resolve(affinity, segment, resolved));
        let mut page = Self {
            number,
            order: wanted.order,
            source,
            likeness: likeness.transpose()?,
            floor: f32::NEG_INFINITY,
            ids: fast.str(ID_NAME)?,
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

    fn sort(&self, doc: DocId, score: f32, likeness: f32) -> u64 {
        match &self.source {
            Source::Score => rank::of_score(score, self.order),
            Source::Likeness => rank::of_score(likeness, self.order),
            Source::Number(column) => {
                rank::of_value(&Value::Number(first(column.as_ref(), doc)), self.order)
            }
            Source::Title(column) => first(ordinals(column.as_ref()), doc)
                .map_or(rank::MISSING, |ordinal| rank::directed(rank::spread(ordinal), self.order)),
        }
    }

    /// Whether a document cannot make the page: so many are better already. Most documents are
    /// done with this, before their ids are looked up.
    fn is_beaten(&self, sort: u64) -> bool {
        let sort = if self.backward { !sort } else { sort };
        self.best.len() >= self.size && self.best.peek().is_none_or(|worst| sort > worst.place.0)
    }

    fn score(&self, given: f32, likeness: f32) -> f32 {
        match (&self.source, &self.likeness) {
            (Source::Score, affinity) => {
                affinity.as_ref().map_or(given, |affinity| affinity.raise(given, likeness))
            }
            _ => 0.0,
        }
    }

    fn keep(&mut self, candidate: Candidate) {
        self.best.push(candidate);
        if self.best.len() > self.size {
            self.best.pop();
        }
        let best_first = self.order.descending && !self.backward;
        if let Source::Score = self.source
            && best_first
            && self.best.len() == self.size
            && let Some(worst) = self.best.peek()
        {
            let most = self.likeness.as_ref().map_or(1.0, Likeness::most);
            self.floor = worst.score / most * ROUNDED;
        }
    }
}

impl SegmentPage {
    fn collect(&mut self, bits: &Bits, scores: &Scores<'_>) {
        let all_count = self.likeness.as_ref().is_none_or(Likeness::admits_all);
        if self.after.is_some() || self.before.is_some() || !all_count {
            return bits.for_each(|doc| self.place(doc, scores.of(doc)));
        }
        self.found.total += bits.len();
        self.found.inside += bits.len();
        bits.for_each(|doc| {
            let score = scores.of(doc);
            if score >= self.floor {
                self.consider(doc, score);
            }
        });
    }

    /// Takes a document into the page if it is good enough.
    fn consider(&mut self, doc: DocId, score: f32) {
        let likeness = self.likeness.as_ref().map_or(0.0, |affinity| affinity.of(doc));
        let score = self.score(score, likeness);
        let sort = self.sort(doc, score, likeness);
        if !self.is_beaten(sort) {
            let id = first(ordinals(self.ids.as_ref()), doc).unwrap_or_default();
            self.take((sort, rank::spread(id)), doc, score, likeness);
        }
    }

    /// Counts a document on its side of the cursors, and takes it if it stands between them.
    fn place(&mut self, doc: DocId, score: f32) {
        let likeness = self.likeness.as_ref().map_or(0.0, |affinity| affinity.of(doc));
        if self.likeness.as_ref().is_some_and(|affinity| !affinity.admits(likeness)) {
            return;
        }
        self.found.total += 1;
        let score = self.score(score, likeness);
        let id = first(ordinals(self.ids.as_ref()), doc).unwrap_or_default();
        let place = (self.sort(doc, score, likeness), rank::spread(id));
        let ahead = self.after.is_some_and(|after| place <= after);
        let behind = self.before.is_some_and(|before| place >= before);
        self.found.ahead += u64::from(ahead);
        self.found.behind += u64::from(behind);
        if !ahead && !behind {
            self.found.inside += 1;
            self.take(place, doc, score, likeness);
        }
    }

    fn take(&mut self, place: Place, doc: DocId, score: f32, likeness: f32) {
        let place = if self.backward { (!place.0, !place.1) } else { place };
        self.keep(Candidate { place, segment: self.number, doc, score, likeness });
    }

    fn harvest(self) -> Found {
        Found { candidates: self.best.into_vec(), ..self.found }
    }
}

/// A hit that may make the page; the greatest is the first to go.
pub(crate) struct Candidate {
    /// Both parts turned around if the page is taken from the end.
    pub(crate) place: Place,
    pub(crate) segment: SegmentOrdinal,
    pub(crate) doc: DocId,
    pub(crate) score: f32,
    pub(crate) likeness: f32,
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

pub(crate) fn first<T: PartialOrd + Copy + std::fmt::Debug + Send + Sync + 'static>(
    column: Option<&Column<T>>,
    doc: DocId,
) -> Option<T> {
    column.and_then(|column| column.first(doc))
}

pub(crate) fn ordinals(column: Option<&StrColumn>) -> Option<&Column<u64>> {
    column.map(|column| column.ords())
}
