//! Lists: filters, orders and counts come from the index, records by key from the database.

use std::collections::{HashMap, HashSet};
use std::ops::RangeInclusive;
use std::sync::Arc;

use allmende_index::{
    Affinity, Cursor, DidYouMean, Direction, Facet, FacetCounts, Filter, Highlight, Hits, Like,
    Number, Order, OrderBy, Page, Query, TitleSuggestion,
};

use super::typed::{Hint, Understood, understand};
use super::{Error, Services};
use crate::domain::{
    Action, Label, Lens, Lifecycle, MunicipalityId, Near, Topic, Verdict, Viewer, slug,
};
use crate::live::{self, Age, Entry, Place, begins_within};

/// How much likeness raises a hit of a search: a place exactly alike doubles its score.
const LIKENESS_WEIGHT: f32 = 1.0;

/// A day in milliseconds.
const DAY: i64 = 86_400_000;
/// Who has typed more needs no suggestions.
const LONGEST_TYPED: usize = 100;

/// What somebody may want who is typing.
#[derive(Debug, Default)]
pub struct Suggestions {
    /// Topics with a word in their name that begins so.
    pub topics: Vec<Arc<Topic>>,
    /// Municipalities with a word in their name that begins so.
    pub places: Vec<Arc<Place>>,
    /// Solutions with such words in their title.
    pub titles: Vec<TitleSuggestion>,
    /// The text with its last word completed.
    pub words: Vec<String>,
}

/// Why a list cannot be given.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// The cursor is broken or belongs to another list.
    #[error(
        "the cursor is broken or belongs to a list in another order: take it from pageInfo of the same list"
    )]
    Cursor,
    /// A municipality that the list should be compared with does not exist.
    #[error("there is no municipality with the id {0}")]
    Municipality(MunicipalityId),
    /// The text is too long.
    #[error("{0}")]
    Text(String),
    /// A range in a text cannot be read.
    #[error(
        "\"{0}\" names no range of numbers: write for instance population:5000, population:<5000, population:>=1000 or year:2021..2024, the smaller number first"
    )]
    Range(String),
    /// A municipality without figures cannot be compared.
    #[error("{0} has no published profile, so nothing can be compared with it")]
    Figures(MunicipalityId),
    /// Anything else.
    #[error(transparent)]
    Service(#[from] Error),
}

/// Ranking by likeness to a municipality.
#[derive(Debug, Clone, PartialEq)]
pub struct Alike {
    /// The municipality in focus.
    pub municipality: MunicipalityId,
    /// What the comparison is about.
    pub lens: Lens,
    /// Places less alike are left out.
    pub minimum: Option<f32>,
}

impl Alike {
    /// To compare with a municipality in general.
    #[must_use]
    pub const fn general(municipality: MunicipalityId) -> Self {
        Self { municipality, lens: Lens::General, minimum: None }
    }
}

/// What is asked of a list.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    /// Kinds of things, by their names in ids.
    pub kinds: Vec<&'static str>,
    /// What people typed.
    pub search: Option<String>,
    /// Whether only what matches the whole text counts, as for those who wait for what is new.
    pub strict: bool,
    /// Whether the last word may go on: somebody is still typing.
    pub unfinished: bool,
    /// What records are to be like, in place of a text.
    pub like: Option<Like>,
    /// Conditions.
    pub filters: Vec<Filter>,
    /// Solutions in these states of review; if empty, all that the viewer comes across.
    pub lifecycles: Vec<Lifecycle>,
    /// Only what belongs to places near a point.
    pub near: Option<Near>,
    /// Ranking by likeness.
    pub alike: Option<Alike>,
    /// The order.
    pub order: Order,
}

/// A list that can be paged and counted.
#[derive(Debug, Clone)]
pub struct Listed {
    query: Query,
    hints: Vec<Hint>,
    /// The conditions as they were typed.
    typed: String,
    is_plain: bool,
}

impl Listed {
    /// The words that are looked for; nothing if there are none.
    #[must_use]
    pub fn words(&self) -> Option<&str> {
        self.query.text.as_deref()
    }

    /// Whether nothing but the words and the kinds of things narrows the list down.
    #[must_use]
    pub const fn is_plain(&self) -> bool {
        self.is_plain
    }

    /// Whether nobody is typing any more.
    #[must_use]
    pub const fn is_finished(&self) -> bool {
        !self.query.unfinished
    }

    /// What of the text was not understood as it may have been meant.
    #[must_use]
    pub fn hints(&self) -> &[Hint] {
        &self.hints
    }
}

/// The years that can be asked for.
const YEARS: RangeInclusive<i64> = 1900..=2100;

/// Work that went on in one of the years between two, both included.
pub(super) fn going_on(from: Option<i64>, to: Option<i64>) -> Filter {
    let from = from.unwrap_or(*YEARS.start()).max(*YEARS.start());
    let to = to.unwrap_or(*YEARS.end()).min(*YEARS.end());
    Filter::AnyOf(Facet::Year, (from..=to).map(|year| year.to_string()).collect())
}

pub(super) fn names<L: Label>(values: &[L]) -> impl Iterator<Item = String> + '_ {
    values.iter().map(|value| value.name().to_owned())
}

pub(super) fn any(
    conditions: &mut Vec<Filter>,
    facet: Facet,
    values: impl Iterator<Item = String>,
) {
    let values: Vec<String> = values.collect();
    if !values.is_empty() {
        conditions.push(Filter::AnyOf(facet, values));
    }
}

/// What is out in the open.
pub(super) fn public() -> Filter {
    Filter::AnyOf(Facet::Lifecycle, vec!["published".to_owned(), "needs_update".to_owned()])
}

/// What a member finds beside what is public: what belongs to those that the member works for, and
/// for moderators what was handed over for review.
fn hidden(viewer: &Viewer) -> Vec<Filter> {
    let own: Vec<String> = viewer.own().map(MunicipalityId::key).collect();
    let mut hidden = Vec::new();
    if !own.is_empty() {
        hidden.push(Filter::AnyOf(Facet::Municipality, own));
    }
    if viewer.moderates() {
        let handed_over = Lifecycle::ALL
            .iter()
            .filter(|state| state.is_handed_over())
            .copied()
            .collect::<Vec<_>>();
        hidden.push(Filter::AnyOf(Facet::Lifecycle, names(&handed_over).collect()));
    }
    hidden
}

/// What a viewer may find: what is out in the open, and what belongs to the own municipality.
fn visible(viewer: &Viewer) -> Filter {
    let public = public();
    match viewer {
        Viewer::Operator | Viewer::Hub => Filter::All,
        Viewer::Anonymous => public,
        Viewer::Member(_) => {
            let mut visible = vec![public];
            visible.extend(hidden(viewer));
            Filter::Or(visible)
        }
    }
}

/// What a viewer may find in these states of review. A solution that everybody reads may have a
/// next version that only its editors know of: for others it is not in the state of that.
fn in_states(viewer: &Viewer, states: &[Lifecycle]) -> Filter {
    let in_any = |states: &[Lifecycle]| Filter::AnyOf(Facet::Lifecycle, names(states).collect());
    if viewer.is_operator() {
        return in_any(states);
    }
    let anywhere =
        |state: &Lifecycle| viewer.verdict(&[], false, *state, Action::Read) == Verdict::Allowed;
    let (open, hidden): (Vec<Lifecycle>, Vec<Lifecycle>) =
        states.iter().copied().partition(anywhere);
    let own: Vec<String> = viewer.own().map(MunicipalityId::key).collect();
    let own = Filter::And(vec![in_any(&hidden), Filter::AnyOf(Facet::Municipality, own)]);
    Filter::Or(vec![in_any(&open), own])
}

impl Services {
    /// Prepares a list for a viewer.
    ///
    /// # Errors
    /// The municipality to compare with is unknown or has no figures.
    pub fn list(&self, viewer: &Viewer, listing: Listing) -> Result<Listed, ListError> {
        let tables = self.directory.tables();
        let mut understood = match listing.search.as_deref() {
            Some(text) => understand(text, listing.unfinished, &tables)?,
            None => Understood::default(),
        };
        let mut filters = listing.filters;
        filters.append(&mut understood.conditions);
        filters.extend(listing.near.map(|near| {
            // Within another condition, so that the counts of municipalities keep it.
            Filter::Or(vec![Filter::AnyOf(Facet::Municipality, tables.near(near))])
        }));
        let is_plain = filters.is_empty() && listing.lifecycles.is_empty();
        let affinity = listing.alike.map(|alike| self.affinity(alike)).transpose()?;
        // Without words all match equally well: then what is new comes first, and places by name.
        let nothing_said =
            understood.words.is_none() && listing.like.is_none() && affinity.is_none();
        let order = match listing.order {
            Listing::RELEVANCE if nothing_said && listing.kinds == ["Municipality"] => {
                Listing::TITLE
            }
            Listing::RELEVANCE if nothing_said => Listing::NEWEST,
            order => order,
        };
        Ok(Listed {
            query: Query {
                text: understood.words,
                like: listing.like,
                lenient: !listing.strict,
                now: Some(self.today()),
                kinds: listing.kinds.into_iter().map(str::to_owned).collect(),
                unfinished: listing.unfinished,
                filter: Filter::And(filters),
                audience: if listing.lifecycles.is_empty() {
                    visible(viewer)
                } else {
                    in_states(viewer, &listing.lifecycles)
                },
                order,
                affinity,
                ..Query::default()
            },
            hints: understood.hints,
            typed: understood.typed,
            is_plain,
        })
    }

    /// The beginning of this day: whoever turns pages sees the same order until midnight.
    fn today(&self) -> i64 {
        self.clock.now().timestamp_millis() / DAY * DAY
    }

    fn affinity(&self, alike: Alike) -> Result<Affinity, ListError> {
        let tables = self.directory.tables();
        let focus = tables
            .place(&alike.municipality)
            .ok_or_else(|| ListError::Municipality(alike.municipality.clone()))?;
        let values = tables.likeness_to(focus, alike.lens);
        if values.is_empty() {
            return Err(ListError::Figures(alike.municipality));
        }
        Ok(Affinity { values, minimum: alike.minimum, weight: LIKENESS_WEIGHT })
    }

    /// One page of a list.
    ///
    /// # Errors
    /// A cursor is broken or of another list.
    pub async fn page(
        &self,
        listed: &Listed,
        size: usize,
        direction: Direction,
        after: Option<&str>,
        before: Option<&str>,
    ) -> Result<Hits, ListError> {
        let cursor = |text: Option<&str>| {
            text.map(str::parse::<Cursor>).transpose().map_err(|_| ListError::Cursor)
        };
        let page = Page { size, direction, after: cursor(after)?, before: cursor(before)? };
        self.searcher.search(Query { page, ..listed.query.clone() }).await.map_err(|error| {
            match error {
                live::Error::Index(allmende_index::Error::Cursor(_)) => ListError::Cursor,
                live::Error::Index(error @ allmende_index::Error::TextTooLong { .. }) => {
                    ListError::Text(error.to_string())
                }
                other => ListError::Service(other.into()),
            }
        })
    }

    /// Where the words of a list's text stand in records, by their ids.
    ///
    /// # Errors
    /// What the index says.
    pub async fn highlights(
        &self,
        listed: &Listed,
        ids: Vec<String>,
    ) -> Result<HashMap<String, Vec<Highlight>>, Error> {
        if listed.words().is_none() {
            return Ok(HashMap::new());
        }
        Ok(self.searcher.highlights(listed.query.clone(), ids).await?)
    }

    /// The values of facets over a whole list.
    ///
    /// # Errors
    /// What the index says.
    pub async fn facets(
        &self,
        listed: &Listed,
        facets: Vec<Facet>,
    ) -> Result<Vec<FacetCounts>, Error> {
        Ok(self.searcher.facets(listed.query.clone(), facets).await?)
    }

    /// Those of some new entries that a list holds, by the numbers of the journal. Waits until the
    /// index has taken them in, so the answer is the same that a query after it would give.
    ///
    /// # Errors
    /// What the database or the index says.
    pub async fn held(
        &self,
        listed: &Listed,
        entries: &[Entry],
        age: Age,
    ) -> Result<HashSet<u64>, Error> {
        Ok(self.percolation.select(&listed.query, entries, age).await?)
    }

    /// The text that was probably meant, and how many entries of the list it would find.
    ///
    /// # Errors
    /// What the index says.
    pub async fn did_you_mean(&self, listed: &Listed) -> Result<Option<DidYouMean>, Error> {
        let meant = self.searcher.did_you_mean(listed.query.clone()).await?;
        Ok(meant.map(|meant| {
            let text = format!("{} {}", meant.text.trim(), listed.typed);
            DidYouMean { text: text.trim().to_owned(), ..meant }
        }))
    }

    /// What somebody may want who is typing.
    ///
    /// # Errors
    /// What the index says.
    pub async fn suggest(
        &self,
        viewer: &Viewer,
        typed: &str,
        size: usize,
    ) -> Result<Suggestions, Error> {
        let tables = self.directory.tables();
        let wanted = slug(typed);
        if wanted.is_empty() || typed.chars().count() > LONGEST_TYPED {
            return Ok(Suggestions::default());
        }
        let begins = |topic: &&Arc<Topic>| {
            let names = [slug(&topic.name.de), slug(&topic.name.en)];
            names.iter().any(|name| begins_within(name, &wanted))
        };
        let mut topics: Vec<Arc<Topic>> = tables.topics.values().filter(begins).cloned().collect();
        topics.sort_by_key(|topic| topic.position);
        topics.truncate(size);
        let places = tables.beginning(typed, size).into_iter().cloned().collect();
        let words = Query { audience: visible(viewer), ..Query::default() };
        let titles = Query { kinds: vec!["Solution".to_owned()], ..words.clone() };
        let (titles, words) = self.searcher.suggest(typed.to_owned(), titles, words, size).await?;
        Ok(Suggestions { topics, places, titles, words })
    }
}

/// The orders that lists are asked for.
impl Listing {
    /// Newest publication first.
    pub const NEWEST: Order = Order { by: OrderBy::Number(Number::Published), descending: true };
    /// Last change first.
    pub const UPDATED: Order = Order { by: OrderBy::Number(Number::Updated), descending: true };
    /// Fullest record first.
    pub const COMPLETENESS: Order =
        Order { by: OrderBy::Number(Number::Completeness), descending: true };
    /// To be confirmed first.
    pub const REVIEW_DUE: Order =
        Order { by: OrderBy::Number(Number::ReviewDue), descending: false };
    /// By name.
    pub const TITLE: Order = Order { by: OrderBy::Title, descending: false };
    /// Largest place first.
    pub const POPULATION: Order =
        Order { by: OrderBy::Number(Number::Population), descending: true };
    /// Smallest place first.
    pub const POPULATION_ASCENDING: Order =
        Order { by: OrderBy::Number(Number::Population), descending: false };
    /// Best match first.
    pub const RELEVANCE: Order = Order { by: OrderBy::Relevance, descending: true };
    /// Most alike first.
    pub const LIKENESS: Order = Order { by: OrderBy::Affinity, descending: true };
}
