//! The list of solutions: what is asked, and what is shown of the answer.

mod asked;
mod filter;
mod saved;

use std::collections::HashMap;

use askama::Template;
use serde::Deserialize;

use super::cards::{Highlight, PageInfo, SolutionCard};
use super::site::Site;
pub(crate) use asked::Asked;
use filter::Filter;
pub(crate) use saved::Names;

/// How many values of a filter are shown before one has to unfold more.
const MOST_SHOWN: usize = 8;

/// What the API answers.
#[derive(Debug, Deserialize)]
pub(crate) struct Found {
    solutions: Listed,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    total_count: usize,
    reading: Reading,
    page_info: PageInfo,
    facets: Vec<Facet>,
    edges: Vec<Edge>,
}

/// How the API understood the text.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Reading {
    hints: Vec<String>,
    did_you_mean: Option<Suggestion>,
    corrections: Vec<Correction>,
}

/// Another text.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Suggestion {
    pub(crate) text: String,
    pub(crate) total_count: usize,
}

/// A word that was understood as others.
#[derive(Debug, Deserialize)]
struct Correction {
    nearly: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Facet {
    field: String,
    values: Vec<FacetValue>,
}

/// A value of a filter, and how many solutions have it.
#[derive(Debug, Deserialize)]
pub(crate) struct FacetValue {
    value: String,
    pub(crate) label: String,
    pub(crate) count: usize,
}

impl FacetValue {
    /// The key of the record that it is.
    pub(crate) fn key(&self) -> &str {
        self.value.rsplit_once(':').map_or(&self.value, |(_, key)| key)
    }
}

/// A solution that was found.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Edge {
    pub(crate) node: Option<SolutionCard>,
    pub(crate) matches_in_full: bool,
    highlights: Vec<Highlight>,
}

impl Edge {
    /// Where the words were found beside title, teaser and topics, which one sees anyway.
    pub(crate) fn passage(&self) -> Option<&Highlight> {
        let hidden = |it: &&Highlight| !["title", "teaser", "topics"].contains(&it.field.as_str());
        self.highlights.iter().find(hidden)
    }
}

/// Why municipalities are alike that in focus, by their ids.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Reasons {
    nodes: Vec<Option<Compared>>,
}

#[derive(Debug, Deserialize)]
struct Compared {
    id: String,
    likeness: Option<Likeness>,
}

/// How alike two municipalities are, and why.
#[derive(Debug, Deserialize)]
pub(crate) struct Likeness {
    pub(crate) agreements: Vec<Reason>,
    pub(crate) differences: Vec<Reason>,
}

/// A reason in words.
#[derive(Debug, Deserialize)]
pub(crate) struct Reason {
    pub(crate) sentence: String,
}

impl Likeness {
    /// Whether anything can be said.
    pub(crate) fn has_reasons(&self) -> bool {
        !self.agreements.is_empty() || !self.differences.is_empty()
    }

    /// What they have in common, or if that is nothing, what tells them apart.
    pub(crate) fn reasons(&self) -> String {
        let some = if self.agreements.is_empty() { &self.differences } else { &self.agreements };
        let sentences: Vec<&str> = some.iter().map(|reason| reason.sentence.as_str()).collect();
        sentences.join(" ")
    }
}

/// A filter as it is shown.
pub(crate) struct Choices {
    pub(crate) label: &'static str,
    pub(crate) name: &'static str,
    pub(crate) shown: Vec<Choice>,
    pub(crate) folded: Vec<Choice>,
}

/// A value that can be chosen, or is.
pub(crate) struct Choice {
    pub(crate) label: String,
    pub(crate) count: usize,
    /// Where it is chosen, or no more.
    pub(crate) link: String,
    pub(crate) is_chosen: bool,
}

impl Found {
    /// The municipalities of what was found, without doubles.
    pub(crate) fn municipalities(&self) -> Vec<&str> {
        let cards = self.solutions.edges.iter().filter_map(|edge| edge.node.as_ref());
        let mut ids: Vec<&str> =
            cards.flat_map(|card| &card.municipalities).filter_map(|it| it.id.as_deref()).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }
}

/// The list of solutions.
#[derive(Template)]
#[template(path = "results.html")]
pub(crate) struct ResultsPage<'a> {
    site: &'a Site,
    asked: Asked,
    found: Found,
    reasons: HashMap<String, Likeness>,
}

impl<'a> ResultsPage<'a> {
    /// The page of an answer.
    pub(crate) fn new(site: &'a Site, asked: Asked, found: Found, reasons: Reasons) -> Self {
        let reasons = reasons.nodes.into_iter().flatten();
        let reasons = reasons.filter_map(|it| Some((it.id, it.likeness?))).collect();
        Self { site, asked, found, reasons }
    }

    fn total(&self) -> usize {
        self.found.solutions.total_count
    }

    /// What was found, and whether from there on it matches only in part.
    fn cards(&self) -> Vec<(&Edge, &SolutionCard, bool)> {
        let edges = &self.found.solutions.edges;
        let first = edges.iter().position(|edge| !edge.matches_in_full).filter(|place| *place > 0);
        let cards = edges
            .iter()
            .enumerate()
            .filter_map(|(place, edge)| Some((edge, edge.node.as_ref()?, first == Some(place))));
        cards.collect()
    }

    fn hints(&self) -> &[String] {
        &self.found.solutions.reading.hints
    }

    fn did_you_mean(&self) -> Option<&Suggestion> {
        self.found.solutions.reading.did_you_mean.as_ref()
    }

    fn nearly(&self) -> String {
        let corrections = self.found.solutions.reading.corrections.iter();
        corrections.flat_map(|it| it.nearly.clone()).collect::<Vec<_>>().join(", ")
    }

    fn search_for(&self, text: &str) -> String {
        self.asked.address(self.site).only("q", text).to_string()
    }

    fn sorted_by(&self, order: &str) -> String {
        self.asked.address(self.site).only("sort", order).to_string()
    }

    fn next(&self) -> Option<String> {
        let cursor = self.found.solutions.page_info.next()?;
        Some(self.asked.address(self.site).with("after", cursor).to_string())
    }

    fn watch(&self) -> String {
        self.asked.watch(self.site).to_string()
    }

    fn first(&self) -> String {
        self.asked.address(self.site).to_string()
    }

    fn without_filters(&self) -> String {
        let all = filter::ALL.iter();
        let address = self.asked.address(self.site);
        all.fold(address, |address, filter| address.without(filter.name)).to_string()
    }

    /// Why the place of a solution is alike the municipality in focus.
    fn likeness(&self, card: &SolutionCard) -> Option<&Likeness> {
        card.municipalities.iter().find_map(|it| self.reasons.get(it.id.as_deref()?))
    }

    /// The filters that are not chosen yet or can be given up.
    fn filters(&self) -> Vec<Choices> {
        let facet = |filter: &Filter| {
            self.found.solutions.facets.iter().find(|facet| facet.field == filter.facet)
        };
        let all = filter::ALL.iter().filter_map(|filter| Some((filter, facet(filter)?)));
        all.map(|(filter, facet)| self.choices(filter, facet)).collect()
    }

    fn choices(&self, filter: &'static Filter, facet: &Facet) -> Choices {
        let choice = |value: &FacetValue| {
            let written = filter.in_address(&value.value);
            let is_chosen = self.asked.has(filter, &written);
            let address = self.asked.address(self.site);
            let link = match is_chosen {
                true => address.without_value(filter.name, &written),
                false => address.with(filter.name, written),
            };
            let (label, count) = (value.label.clone(), value.count);
            Choice { label, count, link: link.to_string(), is_chosen }
        };
        let (chosen, others): (Vec<_>, Vec<_>) =
            facet.values.iter().map(choice).partition(|choice| choice.is_chosen);
        let mut shown: Vec<Choice> = chosen.into_iter().chain(others).collect();
        let folded = shown.split_off(MOST_SHOWN.min(shown.len()));
        Choices { label: filter.label(self.site.language), name: filter.name, shown, folded }
    }

    /// The chosen values, each to be given up.
    fn chips(&self) -> Vec<Choice> {
        let chip = |(filter, value): (&'static Filter, &str)| {
            let link = self.asked.address(self.site).without_value(filter.name, value);
            let label = self.label_of(filter, value);
            Choice { label, count: 0, link: link.to_string(), is_chosen: true }
        };
        self.asked.chosen().map(chip).collect()
    }

    fn label_of(&self, filter: &Filter, value: &str) -> String {
        if let Some(label) = filter.reads(value, self.site.language) {
            return label.to_owned();
        }
        let facets = self.found.solutions.facets.iter();
        let values = facets.filter(|it| it.field == filter.facet).flat_map(|it| &it.values);
        let mut values = values.filter(|it| filter.in_address(&it.value) == value);
        values.next().map_or_else(|| value.to_owned(), |it| it.label.clone())
    }
}
