//! How well each document of a segment matches a plan.
//!
//! Word by word, into tables with a place for each document: with the hundred thousand documents
//! that a hub may have this is quicker than to walk through all lists of documents at once, and one
//! pass tells for every document how many of the words it has, strictly or in part.

use std::cell::Cell;

use tantivy::query::{EnableScoring, Query as EngineQuery};
use tantivy::{DocId, DocSet, Searcher, SegmentReader, TERMINATED};

use super::bits::Bits;
use super::bm25::{Lengths, Postings};
use super::plan::{Plan, Unit, Way};

/// What further ways to have a word add to the best one.
const TIE_BREAKER: f32 = 0.1;
/// Weight of a phrase that was typed.
const PHRASE_BOOST: f32 = 1.5;

/// What is known of the documents of one segment.
pub(super) struct Evaluated {
    /// How well each matches.
    pub(super) scores: Vec<f32>,
    /// How many of the words each has.
    pub(super) strict: Vec<u8>,
    /// How many of the words each has at least in part.
    pub(super) half: Vec<u8>,
    /// Documents with at least one of the words in part; all if there are none.
    pub(super) touched: Bits,
    /// Documents with all phrases and without what is excluded.
    pub(super) allowed: Bits,
    /// Documents that have the text as their key.
    pub(super) keyed: Bits,
}

/// Evaluates a plan on one segment.
pub(super) fn evaluate(
    searcher: &Searcher,
    number: usize,
    segment: &SegmentReader,
    plan: &Plan,
    lengths: &Lengths,
) -> tantivy::Result<Evaluated> {
    let count = segment.max_doc();
    let [mut word, mut way] = TABLES.take();
    word.fit(count);
    way.fit(count);
    let mut evaluator = Evaluator { searcher, number, segment, lengths, word, way };
    let places = count as usize;
    let mut found = Evaluated {
        scores: vec![0.0; places],
        strict: vec![0; places],
        half: vec![0; places],
        touched: if plan.units.is_empty() { Bits::all(count) } else { Bits::none(count) },
        allowed: Bits::all(count),
        keyed: Bits::none(count),
    };
    for unit in &plan.units {
        evaluator.unit(unit, &mut found)?;
    }
    for phrase in &plan.phrases {
        evaluator.phrase(phrase.as_ref(), &mut found)?;
    }
    for way in &plan.excluded {
        let excluded = evaluator.documents(way)?;
        found.allowed.and(&excluded.complement());
    }
    if let Some(key) = &plan.key {
        key.each(number, segment, lengths, |doc, score| {
            found.keyed.insert(doc);
            add(&mut found.scores, doc, score);
        })?;
    }
    // Only after a success they are known to be empty.
    TABLES.set([evaluator.word, evaluator.way]);
    Ok(found)
}

thread_local! {
    /// Tables that are used again and again; they are left empty.
    static TABLES: Cell<[Table; 2]> = Cell::default();
}

/// Sums for each document that was touched.
#[derive(Default)]
struct Table {
    /// The best score, and the sum of all.
    best: Vec<f32>,
    sum: Vec<f32>,
    /// How many members were found.
    members: Vec<u8>,
    touched: Bits,
    /// Touched for more than a part.
    strict: Bits,
}

impl Table {
    /// Makes room for so many documents.
    fn fit(&mut self, count: u32) {
        let places = self.best.len().max(count as usize);
        self.best.resize(places, 0.0);
        self.sum.resize(places, 0.0);
        self.members.resize(places, 0);
        self.touched = Bits::none(count);
        self.strict = Bits::none(count);
    }

    #[inline]
    fn add(&mut self, doc: DocId, score: f32) {
        let place = doc as usize;
        if let (Some(best), Some(sum)) = (self.best.get_mut(place), self.sum.get_mut(place)) {
            *best = best.max(score);
            *sum += score;
        }
        self.touched.insert(doc);
    }

    /// Takes out what was gathered for a document.
    fn take(&mut self, doc: DocId) -> (f32, f32, u8) {
        let place = doc as usize;
        let (Some(best), Some(sum), Some(members)) =
            (self.best.get_mut(place), self.sum.get_mut(place), self.members.get_mut(place))
        else {
            return (0.0, 0.0, 0);
        };
        (std::mem::take(best), std::mem::take(sum), std::mem::take(members))
    }
}

struct Evaluator<'a> {
    searcher: &'a Searcher,
    number: usize,
    segment: &'a SegmentReader,
    lengths: &'a Lengths,
    word: Table,
    way: Table,
}

impl Evaluator<'_> {
    fn unit(&mut self, unit: &Unit, found: &mut Evaluated) -> tantivy::Result<()> {
        for way in &unit.0 {
            self.way(way)?;
        }
        let Self { word, .. } = self;
        let touched = std::mem::replace(&mut word.touched, Bits::none(0));
        touched.for_each(|doc| {
            let (best, sum, _) = word.take(doc);
            add(&mut found.scores, doc, best + TIE_BREAKER * (sum - best));
            add_one(&mut found.half, doc);
        });
        word.strict.for_each(|doc| add_one(&mut found.strict, doc));
        found.touched.or(&touched);
        word.touched = touched;
        word.touched.clear();
        word.strict.clear();
        Ok(())
    }

    /// Adds what one way finds to the word at hand.
    fn way(&mut self, way: &Way) -> tantivy::Result<()> {
        match way {
            Way::Words { members, least, half } => match members.as_slice() {
                [member] if *half <= 1 => self.member(member, *least <= 1),
                members => self.several(members, *least, *half),
            },
            Way::Phrase(query, weight) => {
                let word = &mut self.word;
                each_of(self.searcher, self.segment, query.as_ref(), |doc, score| {
                    word.add(doc, weight * score);
                    word.strict.insert(doc);
                })
            }
        }
    }

    /// One thing that may be said in several words.
    fn member(&mut self, member: &[Postings], strictly: bool) -> tantivy::Result<()> {
        for postings in member {
            let word = &mut self.word;
            postings.each(self.number, self.segment, self.lengths, |doc, score| {
                word.add(doc, score);
                if strictly {
                    word.strict.insert(doc);
                }
            })?;
        }
        Ok(())
    }

    /// Several things, so many of which must be there.
    fn several(&mut self, members: &[Vec<Postings>], least: u8, half: u8) -> tantivy::Result<()> {
        for member in members {
            let alone = member.len() == 1;
            let mut seen = if alone { Bits::default() } else { Bits::none(self.segment.max_doc()) };
            for postings in member {
                let way = &mut self.way;
                postings.each(self.number, self.segment, self.lengths, |doc, score| {
                    if alone || seen.insert(doc) {
                        way.add(doc, score);
                        add_one(&mut way.members, doc);
                    }
                })?;
            }
        }
        let Self { word, way, .. } = self;
        let touched = std::mem::replace(&mut way.touched, Bits::none(0));
        touched.for_each(|doc| {
            let (_, sum, members) = way.take(doc);
            if members >= half {
                word.add(doc, sum);
            }
            if members >= least {
                word.strict.insert(doc);
            }
        });
        way.touched = touched;
        way.touched.clear();
        Ok(())
    }

    /// A phrase that must occur.
    fn phrase(&self, phrase: &dyn EngineQuery, found: &mut Evaluated) -> tantivy::Result<()> {
        let mut holding = Bits::none(self.segment.max_doc());
        each_of(self.searcher, self.segment, phrase, |doc, score| {
            holding.insert(doc);
            add(&mut found.scores, doc, PHRASE_BOOST * score);
        })?;
        found.allowed.and(&holding);
        Ok(())
    }

    /// The documents that a way finds.
    fn documents(&mut self, way: &Way) -> tantivy::Result<Bits> {
        self.way(way)?;
        let documents = self.word.touched.clone();
        documents.for_each(|doc| {
            self.word.take(doc);
        });
        self.word.touched.clear();
        self.word.strict.clear();
        Ok(documents)
    }
}

/// The documents of a query of the engine, and their scores.
fn each_of(
    searcher: &Searcher,
    segment: &SegmentReader,
    query: &dyn EngineQuery,
    mut take: impl FnMut(DocId, f32),
) -> tantivy::Result<()> {
    let weight = query.weight(EnableScoring::enabled_from_searcher(searcher))?;
    let mut scorer = weight.scorer(segment, 1.0)?;
    while scorer.doc() != TERMINATED {
        take(scorer.doc(), scorer.score());
        scorer.advance();
    }
    Ok(())
}

fn add(scores: &mut [f32], doc: DocId, score: f32) {
    if let Some(place) = scores.get_mut(doc as usize) {
        *place += score;
    }
}

fn add_one(counts: &mut [u8], doc: DocId) {
    if let Some(place) = counts.get_mut(doc as usize) {
        *place = place.saturating_add(1);
    }
}
