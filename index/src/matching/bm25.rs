//! How well a word matches, after Robertson and Zaragoza, The Probabilistic Relevance Framework:
//! BM25 and Beyond (2009).
//!
//! Words count as often as their text weighs when they are indexed, which makes it the BM25F of
//! that paper with one list of documents for each word.

use std::ops::Range;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{SegmentPostings, TermInfo};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, Searcher, SegmentReader, Term};

use super::bits::Bits;
use crate::{schema, tokens};

/// How fast further occurrences of a word stop to count.
const K1: f32 = 1.2;
/// How much the length of a text counts.
const B: f32 = 0.75;

/// The documents with a word, in each segment.
#[derive(Clone)]
pub(super) struct Postings {
    field: Field,
    segments: Vec<Option<TermInfo>>,
    /// What the word is worth; or the score itself, if occurrences are not counted.
    weight: f32,
    counted: bool,
}

impl Postings {
    /// Of a word that may occur several times; nothing if no document has it.
    pub(super) fn scored(
        searcher: &Searcher,
        field: Field,
        word: &str,
        boost: f32,
    ) -> tantivy::Result<Option<Self>> {
        let (segments, frequency) = found(searcher, field, word)?;
        let weight = rarity(searcher, frequency) * (K1 + 1.0) * boost;
        Ok((frequency > 0).then_some(Self { field, segments, weight, counted: true }))
    }

    /// Of a word that stands alone or inside of others, with a boost for either: both are one word
    /// and as rare as they are together.
    pub(super) fn forms(
        searcher: &Searcher,
        stem: &str,
        boosts: [f32; 2],
    ) -> tantivy::Result<Vec<Self>> {
        let field = schema::STEMS;
        let (alone, inside) = (stem.to_owned(), tokens::inside(stem));
        let forms = [found(searcher, field, &alone)?, found(searcher, field, &inside)?];
        let frequency: u32 = forms.iter().map(|(_, frequency)| frequency).sum();
        let weight = rarity(searcher, frequency) * (K1 + 1.0);
        let known = forms.into_iter().zip(boosts).filter(|((_, frequency), _)| *frequency > 0);
        let form = |((segments, _), boost): ((Vec<Option<TermInfo>>, u32), f32)| Self {
            field,
            segments,
            weight: weight * boost,
            counted: true,
        };
        Ok(known.map(form).collect())
    }

    /// Of a word whose documents all get one score; nothing if no document has it.
    pub(super) fn worth(
        searcher: &Searcher,
        field: Field,
        word: &str,
        score: f32,
    ) -> tantivy::Result<Option<Self>> {
        let (segments, frequency) = found(searcher, field, word)?;
        Ok((frequency > 0).then_some(Self { field, segments, weight: score, counted: false }))
    }

    /// What it is worth where it stands most often.
    pub(super) fn weight(&self) -> f32 {
        self.weight
    }

    /// Adds the documents of a segment to a set.
    pub(super) fn documents(
        &self,
        number: usize,
        segment: &SegmentReader,
        documents: &mut Bits,
    ) -> tantivy::Result<()> {
        let Some(info) = self.segments.get(number).and_then(Option::as_ref) else { return Ok(()) };
        let inverted = segment.inverted_index(self.field)?;
        let option = IndexRecordOption::Basic;
        let mut block = inverted.read_block_postings_from_terminfo(info, option)?;
        while block.block_len() > 0 {
            block.docs().iter().for_each(|doc| {
                documents.insert(*doc);
            });
            block.advance();
        }
        Ok(())
    }

    /// Where the word stands in the documents of a segment.
    pub(super) fn places(
        &self,
        number: usize,
        segment: &SegmentReader,
    ) -> tantivy::Result<Option<SegmentPostings>> {
        let Some(info) = self.segments.get(number).and_then(Option::as_ref) else {
            return Ok(None);
        };
        let option = IndexRecordOption::WithFreqsAndPositions;
        let inverted = segment.inverted_index(self.field)?;
        Ok(Some(inverted.read_postings_from_terminfo(info, option)?))
    }

    /// The documents of a segment and their scores.
    pub(super) fn each(
        &self,
        number: usize,
        segment: &SegmentReader,
        lengths: &Lengths,
        mut take: impl FnMut(DocId, f32),
    ) -> tantivy::Result<()> {
        let Some(info) = self.segments.get(number).and_then(Option::as_ref) else { return Ok(()) };
        let inverted = segment.inverted_index(self.field)?;
        if !self.counted {
            let mut documents = Bits::none(segment.max_doc());
            self.documents(number, segment, &mut documents)?;
            documents.for_each(|doc| take(doc, self.weight));
            return Ok(());
        }
        let norms = segment.get_fieldnorms_reader(self.field)?;
        let lengths = lengths.of(self.field);
        let option = IndexRecordOption::WithFreqs;
        let mut block = inverted.read_block_postings_from_terminfo(info, option)?;
        while block.block_len() > 0 {
            for (doc, frequency) in block.docs().iter().zip(block.freqs()) {
                let length = usize::from(norms.fieldnorm_id(*doc));
                let length = lengths.get(length).copied().unwrap_or(K1);
                take(*doc, self.weight * saturated(*frequency, length));
            }
            block.advance();
        }
        Ok(())
    }
}

/// What a word is worth that stands in so many documents.
fn rarity(searcher: &Searcher, frequency: u32) -> f32 {
    let documents: u32 = searcher.segment_readers().iter().map(SegmentReader::max_doc).sum();
    let (frequency, documents) = (f64::from(frequency.min(documents)), f64::from(documents));
    #[expect(clippy::cast_possible_truncation, reason = "a score is no more exact than that")]
    let rarity = (1.0 + (documents - frequency + 0.5) / (frequency + 0.5)).ln() as f32;
    rarity
}

/// The share of its worth that a word gets that stands so often in a text.
#[inline]
fn saturated(frequency: u32, length: f32) -> f32 {
    let frequency = frequency as f32;
    frequency / (frequency + length)
}

/// Where a word stands in each segment, and in how many documents.
fn found(
    searcher: &Searcher,
    field: Field,
    word: &str,
) -> tantivy::Result<(Vec<Option<TermInfo>>, u32)> {
    let term = Term::from_field_text(field, word);
    let mut segments = Vec::with_capacity(searcher.segment_readers().len());
    let mut frequency = 0;
    for segment in searcher.segment_readers() {
        let info = segment.inverted_index(field)?.get_term_info(&term)?;
        frequency += info.as_ref().map_or(0, |info| info.doc_freq);
        segments.push(info);
    }
    Ok((segments, frequency))
}

/// What the length of a text takes from its words, by the byte that stands for a length.
pub(super) struct Lengths(Vec<(Field, [f32; 256])>);

impl Lengths {
    /// Of the texts of some fields.
    pub(super) fn of_fields(searcher: &Searcher, fields: &[Field]) -> tantivy::Result<Self> {
        let documents: u32 = searcher.segment_readers().iter().map(SegmentReader::max_doc).sum();
        let table = |field: &Field| {
            let mut words = 0;
            for segment in searcher.segment_readers() {
                words += segment.inverted_index(*field)?.total_num_tokens();
            }
            let average = (words as f32 / documents.max(1) as f32).max(1.0);
            let mut table = [0.0; 256];
            for (length, cell) in (Range { start: 0, end: 255_u8 }).chain([255]).zip(&mut table) {
                let length = FieldNormReader::id_to_fieldnorm(length) as f32;
                *cell = K1 * (1.0 - B + B * length / average);
            }
            Ok::<_, tantivy::TantivyError>((*field, table))
        };
        Ok(Self(fields.iter().map(table).collect::<Result<_, _>>()?))
    }

    /// The share of its worth that something gets that stands so often in a document.
    pub(super) fn share(&self, norms: &FieldNormReader, doc: DocId, frequency: u32) -> f32 {
        let length = self.of(schema::STEMS).get(usize::from(norms.fieldnorm_id(doc)));
        saturated(frequency, length.copied().unwrap_or(K1))
    }

    fn of(&self, field: Field) -> &[f32] {
        let known = self.0.iter().find(|(known, _)| *known == field);
        known.map_or(&[], |(_, table)| table.as_slice())
    }
}
