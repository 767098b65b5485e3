//! Pages about municipalities.

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect};
use serde_json::json;

use super::{Answer, Visit, list};
use crate::domain::{MunicipalityId, slug};
use crate::web::compare::{self, ComparePage};
use crate::web::lists::MunicipalitiesPage;
use crate::web::municipality::{self, MunicipalityPage};
use crate::web::site::MINE;
use crate::web::{Address, operations};

/// All municipalities.
pub(in crate::http) async fn municipalities(visit: Visit) -> Answer {
    let visit = visit.within("/municipalities");
    let title = visit.site.t().municipalities;
    let (page, frame) = list(&visit, operations::MUNICIPALITIES, "municipalities", title).await?;
    visit.page(&MunicipalitiesPage { site: &visit.site, page, frame })
}

/// One municipality.
pub(in crate::http) async fn municipality(visit: Visit, Path(slug): Path<String>) -> Answer {
    let visit = visit.within("/municipalities");
    let variables = json!({ "by": { "slug": slug } });
    let found: municipality::Found = visit.ask(operations::MUNICIPALITY_PAGE, variables).await?;
    let Some(municipality) = found.municipality else { return visit.missing() };
    let id = municipality.id.parse();
    let keeps = id.is_ok_and(|id: MunicipalityId| visit.viewer().edits(&id));
    visit.page(&MunicipalityPage { site: &visit.site, municipality, keeps })
}

/// Municipalities side by side. One that is added by its name gets an address of its own.
pub(in crate::http) async fn compare(visit: Visit) -> Answer {
    let visit = visit.within("/municipalities");
    let tables = visit.tables();
    let mut slugs: Vec<&str> = Vec::new();
    for slug in visit.all("m") {
        if !slugs.contains(&slug) && tables.by_slug(slug).is_some() {
            slugs.push(slug);
        }
    }
    slugs.truncate(compare::MOST);
    let added = visit.said("add");
    let known = added.and_then(|name| tables.named(&slug(name)));
    if let Some(place) = known {
        let slugs = slugs.iter().copied().filter(|slug| *slug != place.municipality.slug);
        let there = slugs.fold(Address::at("/compare"), |it, slug| it.with(compare::PLACE, slug));
        let there = visit.site.carried(there.with(compare::PLACE, &place.municipality.slug));
        return Ok(Redirect::to(&there.to_string()).into_response());
    }
    let ids = slugs.iter().filter_map(|slug| tables.by_slug(slug));
    let ids: Vec<String> = ids.map(|place| place.municipality.id.to_string()).collect();
    let found = visit.ask(operations::COMPARE_MUNICIPALITIES, json!({ "ids": ids })).await?;
    visit.page(&ComparePage::new(&visit.site, found, added.map(str::to_owned)))
}

/// Takes somebody back to where they were, who has said which municipality is theirs; to a choice if
/// there is none of that name.
pub(in crate::http) async fn choose(visit: Visit) -> Answer {
    let wanted = visit.said("place").unwrap_or_default();
    let there = match visit.tables().named(&slug(wanted)) {
        Some(place) => {
            let back = Address::read(visit.said("back").unwrap_or("/"));
            back.only(MINE, &place.municipality.slug)
        }
        None => visit.site.carried(Address::at("/municipalities").with("q", wanted)),
    };
    Ok(Redirect::to(&there.to_string()).into_response())
}
