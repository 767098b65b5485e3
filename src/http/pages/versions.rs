//! Two versions of a solution side by side.

use axum::extract::Path;
use serde_json::json;

use super::{Answer, Visit};
use crate::http::refusal::Refusal;
use crate::web::operations;
use crate::web::versions::{Compared, Found, Told, VersionsPage};

/// What two versions say otherwise: the newest and the one before it, unless others are named.
pub(in crate::http) async fn versions(visit: Visit, Path(slug): Path<String>) -> Answer {
    let visit = visit.within("/solutions");
    let variables = json!({ "by": { "slug": slug } });
    let found: Found = visit.ask(operations::SOLUTION_VERSIONS, variables).await?;
    let Some(solution) = found.solution else { return visit.missing() };
    if solution.versions().is_empty() {
        return visit.missing();
    }
    let (old, new) = (visit.said("old"), visit.said("new"));
    let (Some(old), Some(new)) = (solution.version(old, 1), solution.version(new, 0)) else {
        return visit.missing();
    };
    let is_pair = old.number != new.number;
    let told = if is_pair { told(&visit, &old.id, &new.id).await? } else { Vec::new() };
    let chosen = is_pair.then_some((old.number, new.number));
    visit.page(&VersionsPage { site: &visit.site, solution: &solution, chosen, told })
}

/// What one version says otherwise than another.
async fn told(visit: &Visit, old: &str, new: &str) -> Result<Vec<Told>, Refusal> {
    let variables = json!({ "id": new, "since": old });
    let compared: Compared = visit.ask(operations::VERSION_DIFFERENCES, variables).await?;
    let told = tokio::task::spawn_blocking(move || compared.told()).await;
    told.map_err(|error| {
        tracing::error!(%error, "versions could not be compared");
        Refusal::Internal
    })
}
