//! The start page.

use askama::Template;
use serde::Deserialize;

use super::address::Address;
use super::cards::{Connection, Edge, SolutionCard};
use super::results::FacetValue;
use super::site::Site;

/// What the API answers.
#[derive(Debug, Deserialize)]
pub(crate) struct Found {
    solutions: Newest,
}

#[derive(Debug, Deserialize)]
struct Newest {
    #[serde(flatten)]
    list: Connection<Edge<SolutionCard>>,
    facets: Vec<Topics>,
}

#[derive(Debug, Deserialize)]
struct Topics {
    values: Vec<FacetValue>,
}

/// The start page.
#[derive(Template)]
#[template(path = "start.html")]
pub(crate) struct StartPage<'a> {
    pub(crate) site: &'a Site,
    pub(crate) found: Found,
}

impl StartPage<'_> {
    fn newest(&self) -> impl Iterator<Item = &SolutionCard> {
        self.found.solutions.list.nodes()
    }

    fn total(&self) -> usize {
        self.found.solutions.list.total_count
    }

    fn topics(&self) -> impl Iterator<Item = &FacetValue> {
        self.found.solutions.facets.iter().flat_map(|facet| &facet.values)
    }

    fn of_topic(&self, topic: &FacetValue) -> String {
        self.site.carried(Address::at("/solutions").with("topic", topic.key())).to_string()
    }
}
