//! Relay connections over lists of the index.

use std::borrow::Cow;
use std::collections::HashMap;

use allmende_index::{Direction, Highlight as IndexHighlight, Hit, Hits};
use async_graphql::connection::PageInfo;
use async_graphql::{Context, Object, OutputType, Result, SimpleObject, TypeName};

use super::context::ContextExt;
use super::facets::{Facet, FacetField, facets};
use super::failure::{Code, failure, from_list, from_service};
use crate::service::{Hint, Listed, Listing};

/// Entries of a page if none are asked for.
const USUAL: usize = 20;
/// The most entries of a page.
const MOST: i32 = 100;

/// Which part of a list is asked for.
#[derive(Debug, Default)]
pub(super) struct Paging {
    pub(super) first: Option<i32>,
    pub(super) after: Option<String>,
    pub(super) last: Option<i32>,
    pub(super) before: Option<String>,
}

impl Paging {
    /// From the four arguments of a connection.
    pub(super) fn new(
        first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> Self {
        Self { first, after, last, before }
    }

    /// How many entries, and from which end.
    pub(super) fn size(&self) -> Result<(usize, Direction)> {
        let sized = |name: &str, count: i32| {
            let size = usize::try_from(count).ok().filter(|_| (1..=MOST).contains(&count));
            size.ok_or_else(|| {
                failure(Code::BadUserInput, format!("{name} must be from 1 to {MOST}, not {count}"))
            })
        };
        match (self.first, self.last) {
            (Some(_), Some(_)) => Err(failure(Code::BadUserInput, "give first or last, not both")),
            (Some(first), None) => Ok((sized("first", first)?, Direction::Forward)),
            (None, Some(last)) => Ok((sized("last", last)?, Direction::Backward)),
            (None, None) => Ok((USUAL, Direction::Forward)),
        }
    }
}

/// What a connection lists.
pub(super) trait Listable: OutputType + Sized + Clone + 'static {
    /// The name of the type.
    const NAME: &'static str;
    /// The records of these ids that the viewer may read.
    async fn load(ctx: &Context<'_>, ids: &[String]) -> Result<HashMap<String, Self>>;
}

/// A page of a list.
pub(super) struct Connection<N> {
    hits: Hits,
    nodes: HashMap<String, N>,
    highlights: HashMap<String, Vec<IndexHighlight>>,
    listed: Listed,
}

/// An entry of a list.
pub(super) struct Edge<N> {
    hit: Hit,
    node: N,
    highlights: Vec<IndexHighlight>,
}

impl<N: Listable> TypeName for Connection<N> {
    fn type_name() -> Cow<'static, str> {
        Cow::Owned(format!("{}Connection", N::NAME))
    }
}

impl<N: Listable> TypeName for Edge<N> {
    fn type_name() -> Cow<'static, str> {
        Cow::Owned(format!("{}Edge", N::NAME))
    }
}

impl<N: Listable> Connection<N> {
    /// Reads one page of a list.
    pub(super) async fn read(ctx: &Context<'_>, listing: Listing, paging: Paging) -> Result<Self> {
        let (size, direction) = paging.size()?;
        let services = ctx.services();
        let listed = services.list(ctx.viewer(), listing).map_err(from_list)?;
        let page = services.page(
            &listed,
            size,
            direction,
            paging.after.as_deref(),
            paging.before.as_deref(),
        );
        let hits = page.await.map_err(from_list)?;
        if paging.after.is_none() && paging.before.is_none() {
            services.note_search(&listed, &hits);
        }
        let ids: Vec<String> = hits.hits.iter().map(|hit| hit.id.clone()).collect();
        let nodes = N::load(ctx, &ids).await?;
        // What is hidden by now must not show through its highlights either.
        let ids = ids.into_iter().filter(|id| nodes.contains_key(id)).collect();
        let highlights = match wants(ctx, "highlights") {
            true => services.highlights(&listed, ids).await.map_err(from_service)?,
            false => HashMap::new(),
        };
        Ok(Self { hits, nodes, highlights, listed })
    }
}

/// Whether a field is selected somewhere below `edges`.
fn wants(ctx: &Context<'_>, field: &str) -> bool {
    ctx.look_ahead().field("edges").field(field).exists()
}

/// A page of a list, after the Relay connection specification.
#[Object(name_type)]
impl<N: Listable> Connection<N> {
    /// The entries of this page, in order. One that left the list in this very moment is left out.
    async fn edges(&self) -> Vec<Edge<N>> {
        let edge = |hit: &Hit| {
            Some(Edge {
                hit: hit.clone(),
                node: self.nodes.get(&hit.id).cloned()?,
                highlights: self.highlights.get(&hit.id).cloned().unwrap_or_default(),
            })
        };
        self.hits.hits.iter().filter_map(edge).collect()
    }

    /// Where this page stands in the list.
    async fn page_info(&self) -> PageInfo {
        let cursor = |hit: Option<&Hit>| hit.map(|hit| hit.cursor.to_string());
        PageInfo {
            has_previous_page: self.hits.has_previous,
            has_next_page: self.hits.has_next,
            start_cursor: cursor(self.hits.hits.first()),
            end_cursor: cursor(self.hits.hits.last()),
        }
    }

    /// How many entries the whole list has.
    async fn total_count(&self) -> i32 {
        i32::try_from(self.hits.total).unwrap_or(i32::MAX)
    }

    /// How the text of the search was understood.
    async fn reading(&self) -> SearchReading<'_> {
        SearchReading { hits: &self.hits, listed: &self.listed }
    }

    /// How many entries of the whole list have which values. A filter on a field does not narrow
    /// the counts of that field, so that a choice can be widened.
    async fn facets(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The fields to count; all that apply if absent.")] fields: Option<
            Vec<FacetField>,
        >,
    ) -> Option<Result<Vec<Facet>>> {
        Some(facets(ctx, &self.listed, fields).await.map_err(from_service))
    }
}

/// An entry of a list.
#[Object(name_type)]
impl<N: Listable> Edge<N> {
    /// The place of the entry in the list, for `after` and `before`.
    async fn cursor(&self) -> String {
        self.hit.cursor.to_string()
    }

    /// The entry itself.
    async fn node(&self) -> Option<&N> {
        Some(&self.node)
    }

    /// How well the entry matches a search; comparable within one list only. Null in other orders.
    async fn score(&self) -> Option<f32> {
        (self.hit.score > 0.0).then_some(self.hit.score)
    }

    /// Whether the entry matches the whole text of the search; see `reading { relaxed }`.
    async fn matches_in_full(&self) -> bool {
        self.hit.in_full
    }

    /// Where the words of the search stand.
    async fn highlights(&self) -> Vec<Highlight> {
        self.highlights.iter().map(Highlight::from).collect()
    }

    /// How alike the places of the entry are to `likeMunicipality`; null without it.
    async fn likeness(&self) -> Option<LikenessScore> {
        self.hit.affinity.map(|score| LikenessScore { score })
    }
}

/// How alike two places are.
#[derive(SimpleObject)]
#[graphql(name = "Likeness")]
pub(super) struct LikenessScore {
    /// From 0 (as unlike as can be, or not comparable) to 1 (the same in every known figure).
    score: f32,
}

/// How the text of a search was understood.
pub(super) struct SearchReading<'a> {
    hits: &'a Hits,
    listed: &'a Listed,
}

/// How the text of a search was understood.
#[Object]
impl SearchReading<'_> {
    /// What was enough for an entry, if little matches the text as `strict` asks for it; null if
    /// everything listed does.
    async fn relaxed(&self) -> Option<RelaxedSearch> {
        let relaxed = self.hits.reading.relaxed?;
        let count = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
        Some(RelaxedSearch { required: count(relaxed.required), words: count(relaxed.words) })
    }

    /// How many entries of the whole list match all of the text, each word in any of its forms or
    /// with all that it is made of; the others match less.
    async fn matching_in_full(&self) -> i32 {
        i32::try_from(self.hits.in_full).unwrap_or(i32::MAX)
    }

    /// Words that stand nowhere, with words written nearly so that were looked for as well.
    async fn corrections(&self) -> Vec<SearchCorrection> {
        let correction = |it: &allmende_index::Correction| SearchCorrection {
            typed: it.typed.clone(),
            nearly: it.nearly.clone(),
        };
        self.hits.reading.corrections.iter().map(correction).collect()
    }

    /// The whole text that was probably meant; null if there is no better one.
    async fn did_you_mean(&self, ctx: &Context<'_>) -> Option<Result<SearchSuggestion>> {
        let meant = ctx.services().did_you_mean(self.listed).await.map_err(from_service);
        let meant = meant.transpose()?;
        Some(meant.map(|meant| SearchSuggestion {
            text: meant.text,
            total_count: i32::try_from(meant.total).unwrap_or(i32::MAX),
        }))
    }

    /// What of the text was not understood as it may have been meant, in the language of the
    /// request.
    async fn hints(&self, ctx: &Context<'_>) -> Vec<String> {
        let unread = Some(self.hits.reading.unread).filter(|unread| *unread > 0).map(Hint::Unread);
        let hints = self.listed.hints().iter().cloned().chain(unread);
        hints.map(|hint| hint.message(ctx.language())).collect()
    }
}

/// What was enough for an entry of a list.
#[derive(SimpleObject)]
pub(super) struct RelaxedSearch {
    /// How many of the words, in part at least.
    required: i32,
    /// How many words there are.
    words: i32,
}

/// A word that stands nowhere.
#[derive(SimpleObject)]
pub(super) struct SearchCorrection {
    /// The word as it was typed, in lower case.
    typed: String,
    /// Words that are written nearly so, the likeliest first.
    nearly: Vec<String>,
}

/// A text to search for instead.
#[derive(SimpleObject)]
pub(super) struct SearchSuggestion {
    /// The text.
    text: String,
    /// How many entries match all of it.
    total_count: i32,
}

/// A passage in which words of the search stand.
#[derive(SimpleObject)]
pub(super) struct Highlight {
    /// The field that the passage comes from.
    field: String,
    /// The passage in pieces; joined, they are the passage.
    fragments: Vec<HighlightFragment>,
    /// The passage as HTML: everything escaped, matches within `mark`.
    html: String,
    /// The page of a document that it stands on, from 1, if the document has pages.
    page: Option<i32>,
}

/// A piece of a passage.
#[derive(SimpleObject)]
pub(super) struct HighlightFragment {
    /// The text, without any markup.
    text: String,
    /// Whether it matches the search.
    matched: bool,
}

impl From<&IndexHighlight> for Highlight {
    fn from(highlight: &IndexHighlight) -> Self {
        let piece = |fragment: &allmende_index::Fragment| HighlightFragment {
            text: fragment.text.clone(),
            matched: fragment.matched,
        };
        Self {
            field: highlight.field.name().to_owned(),
            fragments: highlight.fragments.iter().map(piece).collect(),
            html: highlight.html(),
            page: highlight.page.and_then(|page| i32::try_from(page).ok()),
        }
    }
}
