//! The fields of the index.
//!
//! They are numbered in a fixed order, so a field is known without looking it up.

use tantivy::TantivyDocument;
use tantivy::schema::{
    Field, IndexRecordOption, NumericOptions, Schema, TextFieldIndexing, TextOptions,
};

use crate::analysis;
use crate::document::{Document, Facet, HighlightField, Number};

/// The unique id; raw, fast and stored.
pub(crate) const ID: Field = Field::from_field_id(0);
/// The title's collation key; only to order by.
pub(crate) const TITLE_KEY: Field = Field::from_field_id(1);
/// Ids and external keys in lower case, to find a document by typing one.
pub(crate) const KEY: Field = Field::from_field_id(2);
/// The words of all texts as they were written, in lower case.
pub(crate) const WRITTEN: Field = Field::from_field_id(3);
/// The words of the title as they were written, to complete what somebody types.
pub(crate) const TITLE: Field = Field::from_field_id(4);
/// The stems of all words and, marked as such, of the words inside of compounds; with positions.
pub(crate) const STEMS: Field = Field::from_field_id(5);

/// Name of [`ID`].
pub(crate) const ID_NAME: &str = "id";
/// Name of [`TITLE_KEY`].
pub(crate) const TITLE_KEY_NAME: &str = "title_key";

const TEXTS: u32 = 6;
const FACETS: u32 = TEXTS + HighlightField::ALL.len() as u32;
const NUMBERS: u32 = FACETS + Facet::ALL.len() as u32;

/// The stored field of a text; it is not searched.
pub(crate) const fn text(field: HighlightField) -> Field {
    Field::from_field_id(TEXTS + field as u32)
}

/// The field of a facet.
pub(crate) const fn facet(facet: Facet) -> Field {
    Field::from_field_id(FACETS + facet as u32)
}

/// The field of a number.
pub(crate) const fn number(number: Number) -> Field {
    Field::from_field_id(NUMBERS + number as u32)
}

/// The schema; the fields are added in the order of their numbers.
pub(crate) fn schema() -> Schema {
    let mut builder = Schema::builder();
    builder.add_text_field(ID_NAME, raw().set_fast("raw").set_stored());
    builder.add_text_field(TITLE_KEY_NAME, TextOptions::default().set_fast("raw"));
    builder.add_text_field("key", raw());
    builder.add_text_field("written", indexed(analysis::WRITTEN, IndexRecordOption::WithFreqs));
    builder.add_text_field("title", indexed(analysis::WRITTEN, IndexRecordOption::Basic));
    let positions = IndexRecordOption::WithFreqsAndPositions;
    builder.add_text_field("stems", indexed(analysis::STEMS, positions));
    for field in HighlightField::ALL {
        let name = format!("text_{}", field.name());
        builder.add_text_field(&name, TextOptions::default().set_stored());
    }
    for facet in Facet::ALL {
        builder.add_text_field(facet.name(), raw().set_fast("raw"));
    }
    for number in Number::ALL {
        builder.add_i64_field(number.name(), NumericOptions::default().set_fast());
    }
    builder.build()
}

fn indexed(analyzer: &str, record: IndexRecordOption) -> TextOptions {
    let indexing = TextFieldIndexing::default().set_tokenizer(analyzer).set_index_option(record);
    TextOptions::default().set_indexing_options(indexing)
}

fn raw() -> TextOptions {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer("raw")
        .set_index_option(IndexRecordOption::Basic)
        .set_fieldnorms(false);
    TextOptions::default().set_indexing_options(indexing)
}

/// A document as tantivy takes it.
pub(crate) fn entry(document: Document) -> TantivyDocument {
    let mut entry = TantivyDocument::default();
    entry.add_text(ID, &document.id);
    if let Some(key) = analysis::title_key(&document.title) {
        entry.add_text(TITLE_KEY, key);
    }
    add_facets(&mut entry, &document);
    for wanted in Number::ALL {
        if let Some((_, value)) = document.numbers.iter().find(|(given, _)| given == wanted) {
            entry.add_i64(number(*wanted), *value);
        }
    }
    for (field, written) in document.into_texts() {
        if !written.is_empty() {
            add_text(&mut entry, field, analysis::nfc(written));
        }
    }
    entry
}

/// Adds a text to the fields that are searched, as often as it weighs: so one list of documents
/// for each word tells how well they match, whichever of their texts it stands in.
fn add_text(entry: &mut TantivyDocument, field: HighlightField, written: String) {
    // Topics have names in both languages; nobody should be offered English words to go on with.
    if field != HighlightField::Topics {
        entry.add_text(WRITTEN, &written);
    }
    if field == HighlightField::Title {
        entry.add_text(TITLE, &written);
    }
    for _ in 0..weight(field) {
        entry.add_text(STEMS, &written);
    }
    entry.add_text(text(field), written);
}

/// How often a word of a text counts, as in BM25F.
pub(crate) fn weight(field: HighlightField) -> usize {
    match field {
        HighlightField::Title => 5,
        HighlightField::Topics => 3,
        HighlightField::Teaser | HighlightField::Places => 2,
        HighlightField::Problem
        | HighlightField::Approach
        | HighlightField::Results
        | HighlightField::Text => 1,
    }
}

fn add_facets(entry: &mut TantivyDocument, document: &Document) {
    let mut facets: Vec<(Facet, &str)> =
        document.facets.iter().map(|(facet, value)| (*facet, value.as_str())).collect();
    facets.retain(|(facet, _)| *facet != Facet::Kind);
    facets.push((Facet::Kind, &document.kind));
    facets.sort_unstable();
    facets.dedup();
    entry.add_text(KEY, key(&document.id));
    if let Some((_, local)) = document.id.split_once(':') {
        entry.add_text(KEY, key(local));
    }
    for (of, value) in facets {
        entry.add_text(facet(of), value);
        if of == Facet::ExternalKey {
            entry.add_text(KEY, key(value));
        }
    }
}

/// An id or external key as it is looked up.
pub(crate) fn key(text: &str) -> String {
    analysis::lower(&analysis::nfc(text.trim().to_owned()))
}
