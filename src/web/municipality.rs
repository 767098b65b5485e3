//! The page of one municipality.

use askama::Template;
use serde::Deserialize;

use super::address::Address;
use super::cards::{
    Connection, ContactCard, DocumentCard, Edge, Named, PlaceName, SolutionCard, Titled, states,
};
use super::figures::{Figure, Row};
use super::kind::Kind;
use super::map::{self, Coordinates};
use super::process::{Moment, Points, Review, Step, Swot, moments, percent};
use super::site::Site;
use super::written::{grouped, paragraphs};
use crate::domain::{MeasureStatus, MunicipalityKind};

/// What the API answers.
#[derive(Debug, Deserialize)]
pub(crate) struct Found {
    /// Nothing if there is none.
    pub(crate) municipality: Option<Municipality>,
}

/// A municipality.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Municipality {
    pub(crate) id: String,
    slug: String,
    name: String,
    population: Option<i64>,
    states: Vec<String>,
    coordinates: Option<Coordinates>,
    figures: Vec<Figure>,
    kind: Kind<MunicipalityKind>,
    website: Option<String>,
    note: Option<String>,
    parent: Option<PlaceName>,
    members: Vec<PlaceName>,
    peers: Option<Peers>,
    solutions: Option<Connection<Edge<SolutionCard>>>,
    contacts: Option<Connection<Edge<ContactCard>>>,
    documents: Option<Connection<Edge<DocumentCard>>>,
    processes: Option<Connection<Edge<Process>>>,
}

#[derive(Debug, Deserialize)]
struct Peers {
    reference: Reference,
    edges: Vec<PeerEdge>,
}

#[derive(Debug, Deserialize)]
struct Reference {
    size: i64,
    source: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PeerEdge {
    node: Option<Peer>,
    likeness: Likeness,
    shared_topics: Vec<Named>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Likeness {
    weak_basis: bool,
    agreements: Vec<Reason>,
    differences: Vec<Reason>,
}

#[derive(Debug, Deserialize)]
struct Reason {
    sentence: String,
}

#[derive(Debug, Deserialize)]
struct Peer {
    slug: String,
    name: String,
    population: Option<i64>,
    states: Vec<String>,
    coordinates: Option<Coordinates>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Process {
    id: String,
    progress: f64,
    swot: Option<Swot>,
    steps: Vec<Step>,
    measures: Vec<Measure>,
    review: Option<Review>,
}

#[derive(Debug, Deserialize)]
struct Measure {
    title: String,
    status: Kind<MeasureStatus>,
    owner: Option<String>,
    solution: Option<Titled>,
}

/// A place on the map.
struct Spot {
    x: String,
    y: String,
    name: String,
    is_focus: bool,
}

impl Process {
    fn moments(&self, site: &Site) -> Vec<Moment> {
        moments(&self.steps, site)
    }

    fn percent(&self) -> i64 {
        percent(self.progress)
    }

    fn swot(&self, site: &Site) -> Vec<Points<'_>> {
        self.swot.as_ref().map(|swot| swot.points(site)).unwrap_or_default()
    }

    fn review(&self, site: &Site) -> Vec<Points<'_>> {
        self.review.as_ref().map(|review| review.points(site)).unwrap_or_default()
    }
}

/// The page of one municipality.
#[derive(Template)]
#[template(path = "municipality.html")]
pub(crate) struct MunicipalityPage<'a> {
    pub(crate) site: &'a Site,
    pub(crate) municipality: Municipality,
    /// Whether whoever looks keeps its strategy processes.
    pub(crate) keeps: bool,
}

impl MunicipalityPage<'_> {
    /// Kind, state and size in a line.
    fn about(&self) -> String {
        let (it, language) = (&self.municipality, &self.site.language);
        let population = it.population.map(|population| {
            format!("{} {}", grouped(population, language), self.site.t().inhabitants)
        });
        let parts = [
            Some(it.kind.label(language).to_owned()),
            Some(states(&it.states, self.site)).filter(|states| !states.is_empty()),
            population,
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }

    fn about_peer(&self, peer: &Peer) -> String {
        let population = peer.population.map(|population| {
            format!("{} {}", grouped(population, &self.site.language), self.site.t().inhabitants)
        });
        let states = Some(states(&peer.states, self.site)).filter(|states| !states.is_empty());
        [states, population].into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }

    fn map_text(&self) -> String {
        let names: Vec<String> = self.spots().into_iter().map(|spot| spot.name).collect();
        format!("{}: {}", self.site.t().map_of, names.join(", "))
    }

    fn note(&self) -> Vec<&str> {
        self.municipality.note.as_deref().map(paragraphs).unwrap_or_default()
    }

    /// The figures that can be drawn among those of all.
    fn rows(&self) -> Vec<Row<'_>> {
        self.municipality.figures.iter().filter_map(|figure| figure.row(self.site)).collect()
    }

    fn solutions(&self) -> impl Iterator<Item = &SolutionCard> {
        self.municipality.solutions.iter().flat_map(Connection::nodes)
    }

    fn contacts(&self) -> impl Iterator<Item = &ContactCard> {
        self.municipality.contacts.iter().flat_map(Connection::nodes)
    }

    fn documents(&self) -> impl Iterator<Item = &DocumentCard> {
        self.municipality.documents.iter().flat_map(Connection::nodes)
    }

    fn processes(&self) -> impl Iterator<Item = &Process> {
        self.municipality.processes.iter().flat_map(Connection::nodes)
    }

    fn peers(&self) -> impl Iterator<Item = (&Peer, &PeerEdge)> {
        let edges = self.municipality.peers.iter().flat_map(|peers| &peers.edges);
        edges.filter_map(|edge| Some((edge.node.as_ref()?, edge)))
    }

    fn reference(&self) -> Option<String> {
        let reference = &self.municipality.peers.as_ref()?.reference;
        Some(format!("{} ({})", reference.source, grouped(reference.size, &self.site.language)))
    }

    fn basis_is_weak(&self) -> bool {
        self.peers().any(|(_, edge)| edge.likeness.weak_basis)
    }

    fn spots(&self) -> Vec<Spot> {
        let spot = |name: &str, coordinates: Option<Coordinates>, is_focus| {
            let (x, y) = map::placed(coordinates?)?;
            Some(Spot { x, y, name: name.to_owned(), is_focus })
        };
        let peers = self.peers().filter_map(|(peer, _)| spot(&peer.name, peer.coordinates, false));
        let focus = spot(&self.municipality.name, self.municipality.coordinates, true);
        peers.chain(focus).collect()
    }

    fn outline(&self) -> String {
        map::outline()
    }

    fn compare_with(&self, peer: &Peer) -> String {
        let address = Address::at("/compare").with("m", &self.municipality.slug);
        self.site.carried(address.with("m", &peer.slug)).to_string()
    }

    fn is_mine(&self) -> bool {
        self.site.mine.as_ref().is_some_and(|mine| mine.slug == self.municipality.slug)
    }
}
