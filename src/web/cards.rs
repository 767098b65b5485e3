//! What several pages show, as the fragments of the API's documents bring it.

use serde::Deserialize;

use super::kind::Kind;
use super::site::Site;
use super::written::{grouped, partial_date};
use crate::domain::{DocumentKind, EvidenceLevel, LinkStatus, SolutionStatus, State, Willingness};

/// A list of the API, one page of it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Connection<E> {
    /// How many there are on all pages; absent where nobody asked.
    #[serde(default)]
    pub(crate) total_count: usize,
    /// What is on this one.
    pub(crate) edges: Vec<E>,
}

/// Whether there is more behind a page.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PageInfo {
    has_next_page: bool,
    end_cursor: Option<String>,
}

impl PageInfo {
    /// The cursor behind which the next page begins, if there is one.
    pub(crate) fn next(&self) -> Option<&str> {
        self.end_cursor.as_deref().filter(|_| self.has_next_page)
    }
}

/// An entry of a list.
#[derive(Debug, Deserialize)]
pub(crate) struct Edge<N> {
    /// What it is.
    pub(crate) node: Option<N>,
}

impl<N> Connection<Edge<N>> {
    /// What is on the page.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = &N> {
        self.edges.iter().filter_map(|edge| edge.node.as_ref())
    }
}

/// A municipality by its name.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct PlaceName {
    pub(crate) id: Option<String>,
    pub(crate) slug: String,
    pub(crate) name: String,
    pub(crate) population: Option<i64>,
}

impl PlaceName {
    /// Its name with how many live there.
    pub(crate) fn with_size(&self, site: &Site) -> String {
        match self.population {
            Some(population) => {
                let population = grouped(population, &site.language);
                format!("{} ({population} {})", self.name, site.t().inhabitants)
            }
            None => self.name.clone(),
        }
    }
}

/// Something that has an id and a name.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Named {
    pub(crate) id: String,
    pub(crate) name: String,
}

/// Something that has a page, by its title.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Titled {
    pub(crate) slug: String,
    pub(crate) title: String,
}

/// A solution in a list.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SolutionCard {
    pub(crate) slug: String,
    pub(crate) title: String,
    pub(crate) teaser: String,
    pub(crate) status: Option<Kind<SolutionStatus>>,
    pub(crate) evidence: Option<Kind<EvidenceLevel>>,
    pub(crate) municipalities: Vec<PlaceName>,
    pub(crate) topics: Vec<Named>,
}

impl SolutionCard {
    /// Where its page is.
    pub(crate) fn path(&self) -> String {
        format!("/solutions/{}", self.slug)
    }
}

/// Whom one can ask.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ContactCard {
    pub(crate) role: String,
    pub(crate) person: Option<String>,
    pub(crate) office: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) phone: Option<String>,
    pub(crate) willing: Vec<Kind<Willingness>>,
    pub(crate) accepts_requests: bool,
    pub(crate) municipality: Option<PlaceName>,
}

impl ContactCard {
    /// The telephone number as programs dial it.
    pub(crate) fn dialled(&self) -> String {
        let phone = self.phone.as_deref().unwrap_or_default();
        phone.chars().filter(|letter| letter.is_ascii_digit() || *letter == '+').collect()
    }

    /// Whether one can only write through the hub.
    pub(crate) fn is_hidden(&self) -> bool {
        self.email.is_none() && self.accepts_requests
    }
}

/// What one can read on.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DocumentCard {
    pub(crate) title: String,
    pub(crate) kind: Kind<DocumentKind>,
    pub(crate) description: Option<String>,
    pub(crate) url: Option<String>,
    pub(crate) published_on: Option<String>,
    pub(crate) link_status: Option<Kind<LinkStatus>>,
    pub(crate) file: Option<FileCard>,
    pub(crate) municipality: Option<PlaceName>,
}

/// The file of a document.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FileCard {
    pub(crate) url: String,
    pub(crate) name: String,
    pub(crate) size: u64,
    pub(crate) pages: Option<u32>,
}

impl FileCard {
    /// Its ending and size, so that nobody is surprised by what opens.
    pub(crate) fn about(&self, site: &Site) -> String {
        let ending = self.name.rsplit_once('.').map(|(_, ending)| ending.to_uppercase());
        let kilobytes =
            grouped(i64::try_from(self.size.div_ceil(1_000)).unwrap_or(i64::MAX), &site.language);
        let pages = self.pages.map(|pages| format!("{pages} {}", site.t().pages));
        let parts = [ending, Some(format!("{kilobytes} KB")), pages];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

impl DocumentCard {
    /// Whether its page answered when the hub last looked.
    pub(crate) fn is_broken(&self) -> bool {
        self.link_status.is_some_and(|status| status.0 == LinkStatus::Broken)
    }

    /// Whose page it leads to.
    pub(crate) fn host(&self) -> String {
        let url = self.url.as_deref().and_then(|url| url::Url::parse(url).ok());
        url.and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
    }

    /// When it came out, as people write it.
    pub(crate) fn published(&self, site: &Site) -> Option<String> {
        self.published_on.as_deref().map(|date| partial_date(date, &site.language))
    }
}

/// Where words were found, and which.
#[derive(Debug, Deserialize)]
pub(crate) struct Highlight {
    pub(crate) field: String,
    pub(crate) page: Option<u32>,
    pub(crate) fragments: Vec<Fragment>,
}

/// A piece of text, found or between what was found.
#[derive(Debug, Deserialize)]
pub(crate) struct Fragment {
    pub(crate) text: String,
    pub(crate) matched: bool,
}

/// The names of states.
pub(crate) fn states(codes: &[String], site: &Site) -> String {
    let name = |code: &String| {
        let state = State::ALL.iter().find(|state| state.0 == code);
        state.map_or(code.as_str(), |state| state.name(site.language)).to_owned()
    };
    codes.iter().map(name).collect::<Vec<_>>().join(", ")
}
