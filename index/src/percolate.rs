//! One document against many queries: which of them would find it.

use tantivy::directory::RamDirectory;
use tantivy::indexer::SingleSegmentIndexWriter;

use crate::analysis;
use crate::document::Document;
use crate::error::Error;
use crate::index::Index;
use crate::page::Page;
use crate::query::Query;
use crate::schema;

/// How much is gathered in memory: one document, with the text of its file.
const MEMORY: usize = 15_000_000;

/// An index of one document. It analyses and matches as the large one does, but its lists have one
/// entry, so that asking hundreds of queries takes milliseconds.
pub struct Percolator(Index);

impl Percolator {
    /// Whether a query finds the document. Only what matches its whole text counts: how much less
    /// is enough for a lenient query depends on all documents.
    ///
    /// # Errors
    /// The query's text is too long, or the engine fails.
    pub fn holds(&self, query: &Query) -> Result<bool, Error> {
        let page = Page { size: 0, ..Page::default() };
        let query = Query { lenient: false, page, ..query.clone() };
        Ok(self.0.count(&query)? > 0)
    }
}

impl Index {
    /// Takes a document for itself, with the synonyms of this index.
    ///
    /// # Errors
    /// What the engine says.
    pub fn percolator(&self, document: Document) -> Result<Percolator, Error> {
        let mut writer: SingleSegmentIndexWriter = tantivy::Index::builder()
            .schema(schema::schema())
            .tokenizers(analysis::analyzers())
            .single_segment_index_writer(RamDirectory::create(), MEMORY)?;
        writer.add_document(schema::entry(document))?;
        let index = Self::start(writer.finalize()?, "", 0)?;
        index.share_synonyms(self);
        Ok(Percolator(index))
    }
}
