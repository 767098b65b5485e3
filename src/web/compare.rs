//! Municipalities side by side.

use askama::Template;
use serde::Deserialize;

use super::address::Address;
use super::cards::{Connection, Edge, Titled, states};
use super::figures::Figure;
use super::site::Site;
use super::written::grouped;

/// The pair that names a municipality; it stands in the address as often as there are some.
pub(crate) const PLACE: &str = "m";
/// How many fit side by side.
pub(crate) const MOST: usize = 4;

/// What the API answers.
#[derive(Debug, Deserialize)]
pub(crate) struct Found {
    nodes: Vec<Option<Compared>>,
}

/// One of them.
#[derive(Debug, Deserialize)]
struct Compared {
    slug: String,
    name: String,
    population: Option<i64>,
    states: Vec<String>,
    figures: Vec<Figure>,
    solutions: Option<Connection<Edge<Titled>>>,
}

impl Compared {
    fn solutions(&self) -> impl Iterator<Item = &Titled> {
        self.solutions.iter().flat_map(Connection::nodes)
    }
}

/// A figure of all of them.
struct Line<'a> {
    label: &'a str,
    values: Vec<Option<String>>,
}

/// Municipalities side by side.
#[derive(Template)]
#[template(path = "compare.html")]
pub(crate) struct ComparePage<'a> {
    site: &'a Site,
    places: Vec<Compared>,
    /// What was typed and is not known.
    unknown: Option<String>,
}

impl<'a> ComparePage<'a> {
    /// The page of an answer.
    pub(crate) fn new(site: &'a Site, found: Found, unknown: Option<String>) -> Self {
        Self { site, places: found.nodes.into_iter().flatten().collect(), unknown }
    }

    fn has_room(&self) -> bool {
        self.places.len() < MOST
    }

    fn without(&self, place: &Compared) -> String {
        let others = self.places.iter().filter(|other| other.slug != place.slug);
        let address = others.fold(Address::at("/compare"), |it, other| it.with(PLACE, &other.slug));
        self.site.carried(address).to_string()
    }

    fn about(&self, place: &Compared) -> String {
        let population = place.population.map(|population| {
            let population = grouped(population, &self.site.language);
            format!("{population} {}", self.site.t().inhabitants)
        });
        let states = Some(states(&place.states, self.site)).filter(|states| !states.is_empty());
        [states, population].into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }

    /// The figures of which at least one is known, in the order of the first place.
    fn lines(&self) -> Vec<Line<'_>> {
        let mut lines: Vec<(&str, Line<'_>)> = Vec::new();
        for (column, place) in self.places.iter().enumerate() {
            for figure in &place.figures {
                let known = lines.iter().position(|(feature, _)| *feature == figure.feature);
                let row = known.unwrap_or_else(|| {
                    let values = vec![None; self.places.len()];
                    lines.push((&figure.feature, Line { label: &figure.label, values }));
                    lines.len() - 1
                });
                let cell = lines.get_mut(row).and_then(|(_, line)| line.values.get_mut(column));
                if let Some(cell) = cell {
                    *cell = figure.written();
                }
            }
        }
        let lines = lines.into_iter().map(|(_, line)| line);
        lines.filter(|line| line.values.iter().any(Option::is_some)).collect()
    }
}
