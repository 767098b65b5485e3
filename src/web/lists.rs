//! Lists of municipalities, questions, contacts and documents, each with a search.

use askama::Template;
use serde::Deserialize;

use super::address::Address;
use super::cards::{ContactCard, DocumentCard, Highlight, Named, PageInfo, PlaceName, states};
use super::kind::Kind;
use super::site::Site;
use super::written::{day, grouped, paragraphs};
use crate::domain::{MunicipalityKind, QuestionStatus};

/// A page of a list, whatever the API calls it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", bound = "N: serde::de::DeserializeOwned")]
pub(crate) struct Page<N> {
    total_count: usize,
    page_info: PageInfo,
    edges: Vec<Entry<N>>,
}

#[derive(Debug, Deserialize)]
struct Entry<N> {
    node: Option<N>,
    #[serde(default)]
    highlights: Vec<Highlight>,
}

/// A municipality in the list.
#[derive(Debug, Deserialize)]
pub(crate) struct PlaceEntry {
    slug: String,
    name: String,
    kind: Kind<MunicipalityKind>,
    population: Option<i64>,
    states: Vec<String>,
    solutions: Option<Counted>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Counted {
    total_count: usize,
}

/// A question in the list.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct QuestionEntry {
    id: String,
    title: String,
    text: String,
    status: Kind<QuestionStatus>,
    created_at: chrono::DateTime<chrono::Utc>,
    municipality: Option<PlaceName>,
    topics: Vec<Named>,
    accepted_answer: Option<Answer>,
}

#[derive(Debug, Deserialize)]
struct Answer {
    text: String,
}

/// What is asked of a list.
pub(crate) struct Wanted {
    /// Where the list is.
    pub(crate) path: &'static str,
    /// What is searched for.
    pub(crate) search: String,
    /// Whether this is not the first page.
    pub(crate) is_later: bool,
}

/// What every list shows around its entries.
pub(crate) struct Frame {
    pub(crate) title: &'static str,
    pub(crate) wanted: Wanted,
    /// Where it begins.
    pub(crate) first: String,
    /// Where it goes on, if it does.
    pub(crate) next: Option<String>,
}

impl Frame {
    /// The frame of a page of a list.
    pub(crate) fn new<N>(site: &Site, title: &'static str, wanted: Wanted, page: &Page<N>) -> Self {
        let address = Address::at(wanted.path);
        let search = wanted.search.as_str();
        let address = if search.is_empty() { address } else { address.with("q", search) };
        let address = site.carried(address);
        let next = page.page_info.next().map(|cursor| address.clone().with("after", cursor));
        Self { title, wanted, first: address.to_string(), next: next.map(|it| it.to_string()) }
    }
}

impl PlaceEntry {
    /// Kind, state and size in a line.
    fn about(&self, site: &Site) -> String {
        let population = self.population.map(|population| {
            format!("{} {}", grouped(population, &site.language), site.t().inhabitants)
        });
        let parts = [
            Some(self.kind.label(&site.language).to_owned()),
            Some(states(&self.states, site)).filter(|states| !states.is_empty()),
            population,
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }
}

impl QuestionEntry {
    /// Its name within the page.
    fn anchor(&self) -> &str {
        self.id.rsplit_once(':').map_or(self.id.as_str(), |(_, key)| key)
    }

    fn asked(&self, site: &Site) -> String {
        day(&self.created_at, &site.language)
    }

    fn paragraphs(&self) -> Vec<&str> {
        paragraphs(&self.text)
    }
}

impl Answer {
    fn paragraphs(&self) -> Vec<&str> {
        paragraphs(&self.text)
    }
}

impl<N> Page<N> {
    fn nodes(&self) -> impl Iterator<Item = &N> {
        self.edges.iter().filter_map(|entry| entry.node.as_ref())
    }

    fn found(&self) -> impl Iterator<Item = (&N, &[Highlight])> {
        self.edges.iter().filter_map(|entry| Some((entry.node.as_ref()?, &entry.highlights[..])))
    }
}

/// All municipalities.
#[derive(Template)]
#[template(path = "municipalities.html")]
pub(crate) struct MunicipalitiesPage<'a> {
    pub(crate) site: &'a Site,
    pub(crate) frame: Frame,
    pub(crate) page: Page<PlaceEntry>,
}

/// All questions.
#[derive(Template)]
#[template(path = "questions.html")]
pub(crate) struct QuestionsPage<'a> {
    pub(crate) site: &'a Site,
    pub(crate) frame: Frame,
    pub(crate) page: Page<QuestionEntry>,
}

/// All contacts.
#[derive(Template)]
#[template(path = "contacts.html")]
pub(crate) struct ContactsPage<'a> {
    pub(crate) site: &'a Site,
    pub(crate) frame: Frame,
    pub(crate) page: Page<ContactCard>,
}

/// All documents.
#[derive(Template)]
#[template(path = "documents.html")]
pub(crate) struct DocumentsPage<'a> {
    pub(crate) site: &'a Site,
    pub(crate) frame: Frame,
    pub(crate) page: Page<DocumentCard>,
}
