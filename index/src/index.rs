//! Answers queries.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arc_swap::ArcSwap;
use tantivy::collector::DocSetCollector;
use tantivy::query::TermSetQuery;
use tantivy::schema::Value;
use tantivy::{IndexReader, ReloadPolicy, Searcher, TantivyDocument, Term};

use crate::affinity::Resolved;
use crate::analysis;
use crate::collect::Wanted;
use crate::correct::{self, DidYouMean};
use crate::count;
use crate::document::{Facet, HighlightField};
use crate::error::Error;
use crate::highlight::{Highlight, Highlighter};
use crate::matching::{self, Bits, Known, Matches, Recent};
use crate::merit::Merits;
use crate::page::{FacetCounts, Hit, Hits, Page};
use crate::query::{Filter, Query};
use crate::resolve;
use crate::schema;
use crate::strings::Dictionaries;
use crate::suggest::{self, TitleSuggestion};
use crate::synonyms::{SynonymGroup, Synonyms};
use crate::writer::Writer;

/// The searchable side of the index; cheap to clone, for any number of threads.
///
/// It sees what the [`Writer`] last committed.
#[derive(Clone)]
pub struct Index {
    inner: Arc<Inner>,
}

struct Inner {
    engine: tantivy::Index,
    reader: IndexReader,
    source: String,
    cursor: AtomicU64,
    synonyms: ArcSwap<Synonyms>,
    recent: Recent,
    known: Known,
    merits: Merits,
    resolved: Resolved,
    dictionaries: Dictionaries,
}

impl Index {
    /// An empty index in memory, with its writer. Nobody opens it again, so its source needs no name.
    pub fn in_memory() -> Result<(Self, Writer), Error> {
        let index = Self::start(tantivy::Index::create_in_ram(schema::schema()), "", 0)?;
        let writer = Writer::open(index.clone(), None)?;
        Ok((index, writer))
    }

    /// Opens an engine's index for reading; the cursor is the one of its last commit.
    pub(crate) fn start(
        mut engine: tantivy::Index,
        source: &str,
        cursor: u64,
    ) -> tantivy::Result<Self> {
        engine.set_tokenizers(analysis::analyzers());
        let reader = engine.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let (source, cursor) = (source.to_owned(), AtomicU64::new(cursor));
        let inner = Inner {
            engine,
            reader,
            source,
            cursor,
            synonyms: ArcSwap::default(),
            recent: Recent::default(),
            known: Known::default(),
            merits: Merits::default(),
            resolved: Resolved::default(),
            dictionaries: Dictionaries::default(),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// What it is built from.
    pub(crate) fn source(&self) -> &str {
        &self.inner.source
    }

    pub(crate) fn engine(&self) -> &tantivy::Index {
        &self.inner.engine
    }

    /// Makes the last commit searchable, and only then says so.
    pub(crate) fn publish(&self, cursor: u64) -> tantivy::Result<()> {
        self.inner.reader.reload()?;
        self.inner.cursor.store(cursor, Ordering::Release);
        Ok(())
    }

    /// Uses other synonyms from now on; nothing has to be indexed anew.
    pub fn set_synonyms(&self, groups: &[SynonymGroup]) {
        self.inner.synonyms.rcu(|known| known.replaced(groups));
    }

    /// Uses the synonyms of another index.
    pub(crate) fn share_synonyms(&self, other: &Self) {
        self.inner.synonyms.store(other.inner.synonyms.load_full());
    }

    /// The page of documents that a query asks for.
    pub fn search(&self, query: &Query) -> Result<Hits, Error> {
        for cursor in [&query.page.after, &query.page.before].into_iter().flatten() {
            cursor.check(query.order)?;
        }
        let searcher = self.searcher();
        let matches = self.matching(&searcher, query)?;
        let admitted = matches.admitted(&searcher, &self.inner.known, query, None)?;
        let scores = matches.segments.iter().map(|(_, scores)| scores.as_deref());
        let segments: Vec<_> = admitted.iter().zip(scores).collect();
        let wanted = Wanted {
            order: query.order,
            affinity: query.affinity.clone(),
            page: query.page.clone(),
            now: query.now,
        };
        let kept = (&self.inner.merits, &self.inner.resolved);
        let found = wanted.collect(&searcher, kept, &segments)?;
        let full = matches.full.as_deref();
        let in_full = full.map(|full| full.iter().zip(&admitted).map(|(one, two)| one.shared(two)));
        let in_full = in_full.map(Iterator::sum);
        let mut hits = resolve::hits(&searcher, &self.inner.dictionaries, &wanted, found, full)?;
        hits.in_full = in_full.unwrap_or(hits.total);
        hits.reading = matches.reading.clone();
        Ok(hits)
    }

    fn matching(&self, searcher: &Searcher, query: &Query) -> Result<Arc<Matches>, Error> {
        self.inner.recent.matches(searcher, &self.inner.known, &self.inner.synonyms.load(), query)
    }

    /// How many documents match, on whatever page.
    pub fn count(&self, query: &Query) -> Result<u64, Error> {
        if query.affinity.as_ref().is_some_and(|affinity| affinity.minimum.is_some()) {
            let page = Page { size: 0, ..Page::default() };
            return Ok(self.search(&Query { page, ..query.clone() })?.total);
        }
        let searcher = self.searcher();
        let matches = self.matching(&searcher, query)?;
        let admitted = matches.admitted(&searcher, &self.inner.known, query, None)?;
        Ok(admitted.iter().map(Bits::len).sum())
    }

    /// Exact counts of the values of facets among all hits, on whatever page.
    ///
    /// If the query itself asks for values of a facet, by [`Query::kinds`] or by a [`Filter::AnyOf`] that stands
    /// alone or directly within [`Filter::And`], that condition is lifted for the counts of this facet:
    /// they tell what other values would bring.
    pub fn facets(&self, query: &Query, facets: &[Facet]) -> Result<Vec<FacetCounts>, Error> {
        let searcher = self.searcher();
        let matches = self.matching(&searcher, query)?;
        let affinity = query.affinity.as_ref();
        let count = |lifted: Option<Facet>, facets: &[Facet]| {
            let admitted = matches.admitted(&searcher, &self.inner.known, query, lifted)?;
            Ok::<_, Error>(count::count(
                &searcher,
                &self.inner.known,
                &self.inner.dictionaries,
                &admitted,
                (affinity, &self.inner.resolved),
                facets,
            )?)
        };
        let (narrowed, free): (Vec<Facet>, Vec<Facet>) =
            facets.iter().partition(|facet| matching::narrows(query, **facet));
        let mut counts = count(None, &free)?;
        for facet in narrowed {
            counts.extend(count(Some(facet), &[facet])?);
        }
        counts.sort_by_key(|counted| facets.iter().position(|facet| *facet == counted.facet));
        Ok(counts)
    }

    /// Whether a query finds this document, whatever page it asks for.
    pub fn matches(&self, query: &Query, id: &str) -> Result<Option<Hit>, Error> {
        let this = Filter::Id(vec![id.to_owned()]);
        let filter = Filter::And(vec![this, query.filter.clone()]);
        let page = Page { size: 1, ..Page::default() };
        let hits = self.search(&Query { filter, page, ..query.clone() })?;
        Ok(hits.hits.into_iter().next())
    }

    /// Where these documents match the text of a query, as that was understood; documents and texts
    /// that do not match are left out.
    pub fn highlights(
        &self,
        query: &Query,
        ids: &[String],
    ) -> Result<HashMap<String, Vec<Highlight>>, Error> {
        let searcher = self.searcher();
        let reading = &self.matching(&searcher, query)?.reading;
        let synonyms = self.inner.synonyms.load();
        let Some(highlighter) = Highlighter::new(query, reading, &synonyms)? else {
            return Ok(HashMap::new());
        };
        let terms = ids.iter().map(|id| Term::from_field_text(schema::ID, id));
        let mut found = HashMap::new();
        for address in searcher.search(&TermSetQuery::new(terms), &DocSetCollector)? {
            let document: TantivyDocument = searcher.doc(address)?;
            let stored = |field| document.get_first(field).and_then(|value| value.as_str());
            let highlights: Vec<Highlight> = HighlightField::ALL
                .iter()
                .filter_map(|field| highlighter.highlight(*field, stored(schema::text(*field))?))
                .collect();
            if let Some(id) = stored(schema::ID).filter(|_| !highlights.is_empty()) {
                found.insert(id.to_owned(), highlights);
            }
        }
        Ok(found)
    }

    /// Titles that go with what somebody is typing, among the documents that the rest of a query
    /// asks for.
    pub fn suggest_titles(
        &self,
        typed: &str,
        among: &Query,
        size: usize,
    ) -> Result<Vec<TitleSuggestion>, Error> {
        let (searcher, known) = (self.searcher(), &self.inner.known);
        let allowed = self.allowed(&searcher, among)?;
        Ok(suggest::titles(&searcher, known, &allowed, typed, size)?)
    }

    /// What somebody is typing with its last word completed, by words of the documents that the
    /// rest of a query asks for.
    pub fn suggest_words(
        &self,
        typed: &str,
        among: &Query,
        size: usize,
    ) -> Result<Vec<String>, Error> {
        let (searcher, known) = (self.searcher(), &self.inner.known);
        let allowed = self.allowed(&searcher, among)?;
        Ok(suggest::words(&searcher, known, &allowed, typed, size)?)
    }

    fn allowed(&self, searcher: &Searcher, among: &Query) -> Result<Vec<Bits>, Error> {
        let among = Query { text: None, like: None, ..among.clone() };
        self.matching(searcher, &among)?.admitted(searcher, &self.inner.known, &among, None)
    }

    /// The text that was probably meant, if words of it stand nowhere, and how many documents it
    /// finds.
    pub fn did_you_mean(&self, query: &Query) -> Result<Option<DidYouMean>, Error> {
        let reading = self.matching(&self.searcher(), query)?.reading.clone();
        let Some(text) = query.text.as_deref().filter(|_| !reading.corrections.is_empty()) else {
            return Ok(None);
        };
        let text = correct::corrected(text, &reading.corrections);
        let meant = Query { text: Some(text.clone()), lenient: false, ..query.clone() };
        let total = match self.count(&meant) {
            // Words that are meant may be longer than those that were typed.
            Err(Error::TextTooLong { .. }) => 0,
            counted => counted?,
        };
        Ok((total > 0).then_some(DidYouMean { text, total }))
    }

    /// The number of the journal entry up to which this index is complete.
    #[must_use]
    pub fn cursor(&self) -> u64 {
        self.inner.cursor.load(Ordering::Acquire)
    }

    /// How many documents there are.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.searcher().num_docs()
    }

    /// Whether there are no documents.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn searcher(&self) -> Searcher {
        self.inner.reader.searcher()
    }
}
