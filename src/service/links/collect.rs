//! Which links readers are shown, and by what.

use std::collections::BTreeMap;

use super::LinkSelection;
use crate::domain::{
    Municipality, MunicipalityId, NodeId, Organisation, ProjectDocument, Solution,
};
use crate::service::{Error, Services};
use crate::store::Record;

/// How many records are read at once.
const PAGE: usize = 500;

/// Links, by their addresses.
pub(super) type Links = BTreeMap<String, Vec<Shown>>;

/// A public record that shows a link.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Shown {
    /// The record.
    pub(super) by: NodeId,
    /// What it is called.
    pub(super) title: String,
    /// Whose business it is.
    pub(super) municipalities: Vec<MunicipalityId>,
}

/// A public record with the links that it shows.
type Showing = (Shown, Vec<String>);

fn of_solution(it: &Solution) -> Option<Showing> {
    let shown = Shown {
        by: it.id.clone().into(),
        title: it.title.clone(),
        municipalities: it.municipalities.clone(),
    };
    it.lifecycle.is_public().then(|| (shown, it.links().map(str::to_owned).collect()))
}

fn of_document(it: &ProjectDocument) -> Option<Showing> {
    let shown = Shown {
        by: it.id.clone().into(),
        title: it.title.clone(),
        municipalities: vec![it.municipality.clone()],
    };
    it.publication.is_public().then(|| (shown, it.url.iter().cloned().collect()))
}

fn of_organisation(it: &Organisation) -> Option<Showing> {
    let shown = Shown {
        by: it.id.clone().into(),
        title: it.name.clone(),
        municipalities: it.entered_by.iter().cloned().collect(),
    };
    it.is_public().then(|| (shown, it.website.iter().cloned().collect()))
}

fn of_municipality(it: &Municipality) -> Option<Showing> {
    let municipalities = vec![it.id.clone()];
    let shown = Shown { by: it.id.clone().into(), title: it.name.clone(), municipalities };
    Some((shown, it.website.iter().cloned().collect()))
}

impl Services {
    /// The links of what is public.
    pub(super) async fn links(&self, selection: &LinkSelection) -> Result<Links, Error> {
        let mut links = Links::new();
        if let Some(id) = &selection.solution {
            let solution = self.store.get::<Solution>(id).await?;
            let documents = solution.iter().flat_map(|it| it.documents.clone()).collect::<Vec<_>>();
            let documents = self.store.get_many::<ProjectDocument>(&documents).await?;
            let showing = solution.iter().filter_map(of_solution);
            add(&mut links, selection, showing.chain(documents.values().filter_map(of_document)));
            return Ok(links);
        }
        self.links_of::<Solution>(selection, &mut links, of_solution).await?;
        self.links_of::<ProjectDocument>(selection, &mut links, of_document).await?;
        self.links_of::<Organisation>(selection, &mut links, of_organisation).await?;
        self.links_of::<Municipality>(selection, &mut links, of_municipality).await?;
        Ok(links)
    }

    async fn links_of<R: Record>(
        &self,
        selection: &LinkSelection,
        links: &mut Links,
        showing: fn(&R) -> Option<Showing>,
    ) -> Result<(), Error> {
        let mut last: Option<R::Id> = None;
        loop {
            let page = self.store.page::<R>(last.as_ref(), PAGE).await?;
            let Some(end) = page.last() else { return Ok(()) };
            last = Some(end.id().clone());
            add(links, selection, page.iter().filter_map(showing));
        }
    }
}

fn add(links: &mut Links, selection: &LinkSelection, showing: impl Iterator<Item = Showing>) {
    for (shown, urls) in showing {
        let place = selection.municipality.as_ref();
        if place.is_some_and(|place| !shown.municipalities.contains(place)) {
            continue;
        }
        for url in urls {
            let showing = links.entry(url).or_default();
            if !showing.contains(&shown) {
                showing.push(shown.clone());
            }
        }
    }
}
