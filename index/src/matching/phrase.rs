//! Where words stand in documents, and words that follow each other.

use tantivy::postings::{Postings as _, SegmentPostings};
use tantivy::{DocId, DocSet, SegmentReader};

use super::bits::Bits;
use super::bm25::{Lengths, Postings};
use crate::schema;

/// Words that follow each other.
pub(super) struct Phrase {
    /// Each alone and inside of others; nothing of a word that stands nowhere.
    words: Vec<Vec<Postings>>,
    worth: f32,
}

impl Phrase {
    /// What their words are worth together is what they are worth, times a boost.
    pub(super) fn new(words: Vec<Vec<Postings>>, boost: f32) -> Self {
        let weight = |forms: &Vec<Postings>| {
            // Both forms are one word, which is as rare as its more frequent form at most.
            let weights = forms.iter().map(Postings::weight);
            weights.fold(f32::INFINITY, f32::min)
        };
        let worth = boost * words.iter().map(weight).sum::<f32>();
        Self { words, worth }
    }

    /// The documents of a segment and their scores.
    pub(super) fn each(
        &self,
        number: usize,
        segment: &SegmentReader,
        lengths: &Lengths,
        mut take: impl FnMut(DocId, f32),
    ) -> tantivy::Result<()> {
        let mut holding = Bits::all(segment.max_doc());
        for forms in &self.words {
            let mut with_word = Bits::none(segment.max_doc());
            for form in forms {
                form.documents(number, segment, &mut with_word)?;
            }
            holding.and(&with_word);
        }
        if holding.is_empty() {
            return Ok(());
        }
        let places = self.words.iter().map(|forms| Places::open(forms, number, segment));
        let mut places = places.collect::<tantivy::Result<Vec<_>>>()?;
        let norms = segment.get_fieldnorms_reader(schema::STEMS)?;
        let mut starts = Vec::new();
        holding.for_each(|doc| {
            let frequency = occurrences(&mut places, doc, &mut starts);
            if frequency > 0 {
                take(doc, self.worth * lengths.share(&norms, doc, frequency));
            }
        });
        Ok(())
    }
}

/// How often words follow each other in a document.
fn occurrences(words: &mut [Places], doc: DocId, starts: &mut Vec<u32>) -> u32 {
    starts.clear();
    for (offset, word) in (0..).zip(words) {
        let places = word.of(doc);
        if offset == 0 {
            starts.extend_from_slice(places);
        } else {
            starts.retain(|start| places.binary_search(&(start + offset)).is_ok());
        }
        if starts.is_empty() {
            return 0;
        }
    }
    u32::try_from(starts.len()).unwrap_or(u32::MAX)
}

/// Where a word stands, in one document after the other.
pub(super) struct Places {
    forms: Vec<SegmentPostings>,
    found: Vec<u32>,
}

impl Places {
    /// Of a word in any of its forms.
    pub(super) fn open(
        forms: &[Postings],
        number: usize,
        segment: &SegmentReader,
    ) -> tantivy::Result<Self> {
        let forms = forms.iter().filter_map(|form| form.places(number, segment).transpose());
        Ok(Self { forms: forms.collect::<tantivy::Result<_>>()?, found: Vec::new() })
    }

    /// Its places in a document, in ascending order; documents must be asked for in that order, too.
    pub(super) fn of(&mut self, doc: DocId) -> &[u32] {
        self.found.clear();
        for form in &mut self.forms {
            if form.doc() < doc {
                form.seek(doc);
            }
            if form.doc() == doc {
                form.append_positions_with_offset(0, &mut self.found);
            }
        }
        self.found.sort_unstable();
        &self.found
    }
}
