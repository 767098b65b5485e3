//! Which part of the hits is wanted, and what comes back.

use crate::cursor::Cursor;
use crate::document::Facet;
use crate::matching::Reading;

/// A part of the ordered hits: at most `size` of those strictly between two cursors.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// How many at most.
    pub size: usize,
    /// Whether the first or the last of them.
    pub direction: Direction,
    /// Only hits behind this one.
    pub after: Option<Cursor>,
    /// Only hits ahead of this one.
    pub before: Option<Cursor>,
}

impl Default for Page {
    fn default() -> Self {
        Self { size: 20, direction: Direction::Forward, after: None, before: None }
    }
}

/// From which end a page is taken; the hits come in the same order either way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    /// The first ones.
    #[default]
    Forward,
    /// The last ones.
    Backward,
}

/// One page of hits.
#[derive(Clone, Debug, PartialEq)]
pub struct Hits {
    /// How many documents match in all, on whatever page.
    pub total: u64,
    /// The page, in the order asked for.
    pub hits: Vec<Hit>,
    /// How many of them match the whole text, if less was enough for the others.
    pub in_full: u64,
    /// Whether a matching document comes after this page.
    pub has_next: bool,
    /// Whether a matching document comes before this page.
    pub has_previous: bool,
    /// How the text was understood.
    pub reading: Reading,
}

/// A document that matches.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// Its id.
    pub id: String,
    /// Its kind.
    pub kind: String,
    /// How well it matches, affinity included; only worked out for [`crate::OrderBy::Relevance`], otherwise 0.
    pub score: f32,
    /// Whether it matches the whole text, if less was enough for others.
    pub in_full: bool,
    /// Its affinity, if the query gave one.
    pub affinity: Option<f32>,
    /// Its place in this order.
    pub cursor: Cursor,
}

/// The values of one facet among the hits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FacetCounts {
    /// Which facet.
    pub facet: Facet,
    /// Its values, the most frequent first, equally frequent ones by value.
    pub values: Vec<FacetCount>,
}

/// How many hits have a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FacetCount {
    /// The value.
    pub value: String,
    /// The number of hits that have it.
    pub count: u64,
}
