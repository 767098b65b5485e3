//! How well each document of a segment matches a plan.
//!
//! Word by word, into tables with a place for each document: with the hundred thousand documents
//! that a hub may have this is quicker than to walk through all lists of documents at once, and one
//! pass tells for every document how many of the words it has, strictly or in part.

use std::cell::Cell;

use tantivy::{DocId, SegmentReader};

use super::bits::{Bits, Tally};
use super::bm25::{Lengths, Postings};
use super::plan::{Plan, Way};

/// What further ways to have a word add to the best one.
const TIE_BREAKER: f32 = 0.1;

/// What is known of the documents of one segment.
pub(super) struct Evaluated {
    /// How well each matches.
    pub(super) scores: Vec<f32>,
    /// How many of the words each has.
    pub(super) strict: Tally,
    /// How many of the words each has at least in part.
    pub(super) half: Tally,
    /// Documents with all phrases and without what is excluded.
    pub(super) allowed: Bits,
    /// Documents that have the text as their key.
    pub(super) keyed: Bits,
}

/// Evaluates a plan on one segment.
pub(super) fn evaluate(
    number: usize,
    segment: &SegmentReader,
    plan: &Plan,
    lengths: &Lengths,
) -> tantivy::Result<Evaluated> {
    let count = segment.max_doc();
    let places = count as usize;
    let mut tables = TABLES.take();
    tables.fit(places);
    let mut evaluator = Evaluator {
        number,
        segment,
        lengths,
        tables,
        touched: Bits::none(count),
        strict: Bits::none(count),
        scores: vec![0.0; places],
    };
    let (mut strict, mut half) = (Tally::new(count), Tally::new(count));
    let (mut allowed, mut keyed) = (Bits::all(count), Bits::none(count));
    for unit in &plan.units {
        evaluator.word(&unit.ways)?;
        strict.add(&evaluator.strict);
        half.add(&evaluator.touched);
    }
    for phrase in &plan.phrases {
        evaluator.word(std::slice::from_ref(phrase))?;
        allowed.and(&evaluator.touched);
    }
    for way in &plan.excluded {
        allowed.and(&evaluator.documents(way)?.complement());
    }
    if let Some(key) = &plan.key {
        key.each(number, segment, lengths, |doc, score| {
            keyed.insert(doc);
            add(&mut evaluator.scores, doc, score);
        })?;
    }
    let Evaluator { scores, tables, .. } = evaluator;
    // Only after a success they are known to be empty.
    TABLES.set(tables);
    Ok(Evaluated { scores, strict, half, allowed, keyed })
}

thread_local! {
    /// Tables that are used again and again; they are left empty.
    static TABLES: Cell<Tables> = Cell::default();
}

/// A place for each document.
#[derive(Default)]
struct Tables {
    /// The best score for the word at hand.
    best: Vec<f32>,
    /// The sum of the things of which a way needs several, and how many there are.
    sum: Vec<f32>,
    things: Vec<u8>,
}

impl Tables {
    fn fit(&mut self, places: usize) {
        let places = self.best.len().max(places);
        self.best.resize(places, 0.0);
        self.sum.resize(places, 0.0);
        self.things.resize(places, 0);
    }
}

struct Evaluator<'a> {
    number: usize,
    segment: &'a SegmentReader,
    lengths: &'a Lengths,
    tables: Tables,
    /// Documents with the word at hand, at least in part; and those with all of it.
    touched: Bits,
    strict: Bits,
    /// All words together.
    scores: Vec<f32>,
}

impl Evaluator<'_> {
    /// Evaluates a word that documents may have in several ways.
    fn word(&mut self, ways: &[Way]) -> tantivy::Result<()> {
        self.touched.clear();
        self.strict.clear();
        for way in ways {
            match way {
                Way::Words { members, least, half } => match members.as_slice() {
                    [member] if *half <= 1 => self.thing(member, *least <= 1)?,
                    members => self.several(members, *least, *half)?,
                },
                Way::Phrase(phrase) => {
                    let mut word = Word::of(&mut self.tables.best, &mut self.scores);
                    let strict = &mut self.strict;
                    phrase.each(self.number, self.segment, self.lengths, |doc, score| {
                        word.add(doc, score);
                        strict.insert(doc);
                    })?;
                }
            }
        }
        self.touched.or(&self.strict);
        let best = &mut self.tables.best;
        self.touched.for_each(|doc| {
            if let Some(best) = best.get_mut(doc as usize) {
                *best = 0.0;
            }
        });
        Ok(())
    }

    /// One thing that may be said in several words.
    fn thing(&mut self, thing: &[Postings], strictly: bool) -> tantivy::Result<()> {
        let mut word = Word::of(&mut self.tables.best, &mut self.scores);
        let holding = if strictly { &mut self.strict } else { &mut self.touched };
        for postings in thing {
            postings.each(self.number, self.segment, self.lengths, |doc, score| {
                word.add(doc, score);
                holding.insert(doc);
            })?;
        }
        Ok(())
    }

    /// Several things, so many of which must be there.
    fn several(&mut self, things: &[Vec<Postings>], least: u8, half: u8) -> tantivy::Result<()> {
        let count = self.segment.max_doc();
        let mut any = Bits::none(count);
        for thing in things {
            // In how many words it may be said: it counts once.
            let mut seen = Bits::none(count);
            for postings in thing {
                let Tables { sum, things, .. } = &mut self.tables;
                postings.each(self.number, self.segment, self.lengths, |doc, score| {
                    if seen.insert(doc) {
                        add(sum, doc, score);
                        add_one(things, doc);
                    }
                })?;
            }
            any.or(&seen);
        }
        let Tables { best, sum, things } = &mut self.tables;
        let mut word = Word::of(best, &mut self.scores);
        any.for_each(|doc| {
            let (sum, things) = (take(sum, doc), take(things, doc));
            if things >= half {
                word.add(doc, sum);
                self.touched.insert(doc);
            }
            if things >= least {
                self.strict.insert(doc);
            }
        });
        Ok(())
    }

    /// The documents that a way finds.
    fn documents(&self, way: &Way) -> tantivy::Result<Bits> {
        let mut documents = Bits::none(self.segment.max_doc());
        match way {
            Way::Words { members, .. } => {
                for postings in members.iter().flatten() {
                    postings.documents(self.number, self.segment, &mut documents)?;
                }
            }
            Way::Phrase(phrase) => {
                phrase.each(self.number, self.segment, self.lengths, |doc, _| {
                    documents.insert(doc);
                })?;
            }
        }
        Ok(documents)
    }
}

/// The word at hand: of the ways to have it the best counts most.
struct Word<'a> {
    best: &'a mut [f32],
    scores: &'a mut [f32],
}

impl<'a> Word<'a> {
    fn of(best: &'a mut [f32], scores: &'a mut [f32]) -> Self {
        Self { best, scores }
    }

    #[inline]
    fn add(&mut self, doc: DocId, score: f32) {
        let place = doc as usize;
        if let (Some(best), Some(sum)) = (self.best.get_mut(place), self.scores.get_mut(place)) {
            let more = (score - *best).max(0.0);
            *best += more;
            *sum += more + TIE_BREAKER * (score - more);
        }
    }
}

#[inline]
fn add(scores: &mut [f32], doc: DocId, score: f32) {
    if let Some(place) = scores.get_mut(doc as usize) {
        *place += score;
    }
}

#[inline]
fn add_one(counts: &mut [u8], doc: DocId) {
    if let Some(place) = counts.get_mut(doc as usize) {
        *place = place.saturating_add(1);
    }
}

/// Takes out what was gathered for a document.
#[inline]
fn take<T: Default>(places: &mut [T], doc: DocId) -> T {
    places.get_mut(doc as usize).map(std::mem::take).unwrap_or_default()
}
