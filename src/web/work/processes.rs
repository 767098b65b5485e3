//! The strategy processes that somebody keeps, and where one can be begun.

use askama::Template;
use serde::Deserialize;

use crate::domain::Publication;
use crate::web::cards::{Connection, Edge, Named};
use crate::web::form::Summed;
use crate::web::kind::Kind;
use crate::web::process::{percent, period};
use crate::web::site::Site;

/// What the API answers.
#[derive(Debug, Deserialize)]
pub(crate) struct Found {
    nodes: Option<Vec<Option<Keeper>>>,
}

/// A municipality with its processes.
#[derive(Debug, Deserialize)]
struct Keeper {
    id: String,
    name: String,
    processes: Option<Connection<Edge<Brief>>>,
}

/// A process in the list.
#[derive(Debug, Deserialize)]
struct Brief {
    id: String,
    publication: Kind<Publication>,
    progress: f64,
    starts: Option<String>,
    ends: Option<String>,
    programme: Option<Named>,
}

impl Keeper {
    fn processes(&self) -> Vec<&Brief> {
        self.processes.iter().flat_map(Connection::nodes).collect()
    }
}

impl Brief {
    fn path(&self) -> String {
        format!("/work/processes/{}", self.id)
    }

    /// Where it stands, since when, and how far it is.
    fn about(&self, site: &Site) -> String {
        let dates = period(&self.starts, &self.ends, site);
        let parts = [
            Some(self.publication.label(&site.language).to_owned()),
            Some(dates).filter(|dates| !dates.is_empty()),
            Some(format!("{} %", percent(self.progress))),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }
}

/// The page with all processes that somebody keeps.
#[derive(Template)]
#[template(path = "processes.html")]
pub(crate) struct ProcessesPage<'a> {
    pub(crate) site: &'a Site,
    pub(crate) found: Found,
    /// What kept one from being begun.
    pub(crate) troubles: Vec<Summed>,
}

impl ProcessesPage<'_> {
    fn keepers(&self) -> Vec<&Keeper> {
        self.found.nodes.iter().flatten().flatten().collect()
    }
}
