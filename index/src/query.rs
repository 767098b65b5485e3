//! What is asked of the index.

use std::collections::HashMap;
use std::sync::Arc;

use crate::document::{Facet, Number};
use crate::page::Page;

/// One question. The default asks for the first twenty of all documents.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// What a person typed. Words, `"phrases"`, `-excluded` and `-"excluded phrases"`; everything else separates.
    /// Text without a single word asks for all documents.
    pub text: Option<String>,
    /// Whether less of the text is enough if few documents match it: half of the words
    /// inside of a compound, fewer of the words, words that are written nearly so. What a query
    /// finds then depends on what else there is, so it is for people who look at a list, not for
    /// those who wait for what matches. [`crate::Reading`] tells what was enough.
    pub lenient: bool,
    /// Whether the last word may go on: somebody is still typing.
    pub unfinished: bool,
    /// Asks for documents like this, in place of a text.
    pub like: Option<Like>,
    /// The time, in milliseconds since 1970, to rank what was published of late a little higher.
    pub now: Option<i64>,
    /// The kinds wanted; none stands for all.
    pub kinds: Vec<String>,
    /// What else must hold.
    pub filter: Filter,
    /// What those who ask may know of. It narrows the hits down like the filter, but what is told of
    /// the text, what was enough and what was probably meant, depends on nothing else either.
    pub audience: Filter,
    /// The order of the hits.
    pub order: Order,
    /// A likeness for each municipality.
    pub affinity: Option<Affinity>,
    /// Which part of the hits.
    pub page: Page,
}

/// What documents are to be like: what shares the words that tell most about it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Like {
    /// The document with this id, which is no hit itself.
    Document(String),
    /// What somebody wrote: plain words, in which nothing is a condition or a phrase.
    Written {
        /// What it is called; weighs most.
        title: String,
        /// The rest.
        text: String,
    },
}

/// A condition on facets, numbers and ids.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Filter {
    /// Holds for every document.
    #[default]
    All,
    /// Holds for no document.
    None,
    /// At least one of the values; without values it holds for no document.
    AnyOf(Facet, Vec<String>),
    /// Every one of the values; without values it holds for every document.
    AllOf(Facet, Vec<String>),
    /// The number is there and lies between these bounds, both included.
    Range(Number, Option<i64>, Option<i64>),
    /// The document has one of these ids.
    Id(Vec<String>),
    /// All of these hold.
    And(Vec<Filter>),
    /// At least one of these holds.
    Or(Vec<Filter>),
    /// This does not hold.
    Not(Box<Filter>),
}

/// The order of hits; equal ones are ordered by id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Order {
    /// What to compare.
    pub by: OrderBy,
    /// Whether the greatest comes first.
    pub descending: bool,
}

impl Default for Order {
    fn default() -> Self {
        Self { by: OrderBy::Relevance, descending: true }
    }
}

/// What hits are compared by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OrderBy {
    /// How well the text matches, raised by the affinity if there is one.
    Relevance,
    /// A number; documents without it come last in both directions.
    Number(Number),
    /// The title as a German dictionary orders it; documents without one come last in both directions.
    Title,
    /// The affinity alone.
    Affinity,
}

/// How alike each municipality is to the one that asks.
#[derive(Clone, Debug)]
pub struct Affinity {
    /// A likeness between 0 and 1 for each value of [`Facet::Municipality`]; 0 for all others.
    /// A document with several municipalities takes the best.
    pub values: Arc<HashMap<String, f32>>,
    /// Documents below this are no hits.
    pub minimum: Option<f32>,
    /// With [`OrderBy::Relevance`] a score becomes `score * (1 + weight * likeness)`.
    pub weight: f32,
}
