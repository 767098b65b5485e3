//! The German full-text index of Allmende.
//!
//! It knows no database, no GraphQL and no HTTP: [`Document`]s go in through the one [`Writer`],
//! [`Query`]s are answered by the [`Index`], which is cheap to clone and may be used by many threads.
//! A [`Root`] is the directory that holds it; everything in it can be thrown away and built again.
//!
//! All calls are synchronous; commits touch the disk, so run them off the async threads.

mod affinity;
mod analysis;
mod collect;
mod compound;
mod correct;
mod count;
mod cursor;
mod document;
mod error;
mod fields;
mod highlight;
mod index;
mod lexicon;
mod matching;
mod merit;
mod page;
mod payload;
mod percolate;
mod query;
mod rank;
mod resolve;
mod root;
mod schema;
mod strings;
mod suggest;
mod synonyms;
mod text;
mod tokens;
mod word;
mod writer;

pub use compound::boundaries;
pub use correct::DidYouMean;
pub use cursor::{Cursor, CursorError};
pub use document::{Document, Facet, HighlightField, Number};
pub use error::Error;
pub use fields::{Field, Typed, fields, range};
pub use highlight::{Fragment, Highlight};
pub use index::Index;
#[doc(hidden)] // For the tool that makes the lexicon.
pub use lexicon::{Ending, Entry, Link};
pub use matching::{Correction, Reading, Relaxed};
pub use page::{Direction, FacetCount, FacetCounts, Hit, Hits, Page};
pub use percolate::Percolator;
pub use query::{Affinity, Filter, Like, Order, OrderBy, Query};
pub use root::{Builder, Missing, Opened, Root};
pub use suggest::TitleSuggestion;
pub use synonyms::SynonymGroup;
pub use text::LONGEST_TEXT;
pub use word::stems;
pub use writer::Writer;

#[cfg(test)]
mod tests;
