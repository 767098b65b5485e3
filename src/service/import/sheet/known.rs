//! Which solutions the rows of a file tell of. A key of another system is unique within a municipality
//! only, so that a row is known again by both.

use std::collections::HashMap;

use serde_json::Value as Json;

use super::read::municipality;
use super::{BadRow, Row};
use crate::domain::{MunicipalityId, Solution, SolutionId};
use crate::live::Tables;
use crate::service::managed::Managed;
use crate::service::{Error, Services};

/// The solution that a row tells of.
#[derive(Debug, Clone)]
pub(super) struct Known {
    key: String,
    /// Whose the row says that it is.
    pub(super) places: Vec<MunicipalityId>,
    /// The line of the row.
    line: usize,
    pub(super) id: SolutionId,
    /// As the hub has it already.
    pub(super) found: Option<Solution>,
}

impl Services {
    /// What each row tells of; nothing for rows without a key, and for the second one of the same.
    pub(super) async fn known(
        &self,
        rows: &[Row],
        tables: &Tables,
        usual: Option<&MunicipalityId>,
        bad: &mut Vec<(BadRow, String)>,
    ) -> Result<Vec<Option<Known>>, Error> {
        let mut known: Vec<Option<Known>> = Vec::with_capacity(rows.len());
        let mut lines: HashMap<&str, Vec<usize>> = HashMap::new();
        for (position, row) in rows.iter().enumerate() {
            let Some(key) = key(row) else {
                known.push(None);
                continue;
            };
            let places = places(row, tables, usual);
            let earlier = lines.entry(key).or_default();
            let same = earlier.iter().filter_map(|at| known.get(*at)?.as_ref());
            let double = same.into_iter().find(|it| is_one(&it.places, &places)).map(|it| it.line);
            earlier.push(position);
            if let Some(first) = double {
                let path = Some("externalKey".to_owned());
                let reason = format!(
                    "\"{key}\" stands in line {first} already: give each row a key of its own"
                );
                bad.push((BadRow { line: row.line, path, reason }, row.raw.clone()));
                known.push(None);
                continue;
            }
            let found = self.of_key(key, &places).await?;
            let id = found.as_ref().map_or_else(|| self.ids.fresh().into(), |it| it.id.clone());
            known.push(Some(Known { key: key.to_owned(), places, line: row.line, id, found }));
        }
        Ok(known)
    }

    /// The solution of a key: that of another system, or the own id under which this hub gives out
    /// what has none.
    async fn of_key(
        &self,
        key: &str,
        places: &[MunicipalityId],
    ) -> Result<Option<Solution>, Error> {
        let found = self.store.of_external_key::<Solution>(key).await?;
        let only = places.is_empty();
        if let Some(found) = of_places(found, places, only) {
            return Ok(Some(found));
        }
        match key.parse::<SolutionId>() {
            Ok(id) if key == id.to_string() => Ok(self.store.get::<Solution>(&id).await?),
            _ => Ok(None),
        }
    }

    /// What a row of these places means by a key that it refers to: their own, or the only one.
    pub(super) async fn meant<R: Managed>(
        &self,
        key: &str,
        places: &[MunicipalityId],
    ) -> Result<Option<R>, Error> {
        Ok(of_places(self.store.of_external_key::<R>(key).await?, places, true))
    }

    /// The solution that a row of these places means by a key, or by the name in URLs.
    pub(super) async fn related(
        &self,
        name: &str,
        places: &[MunicipalityId],
    ) -> Result<Option<SolutionId>, Error> {
        let by_key = self.meant::<Solution>(name, places).await?;
        let found = match by_key {
            Some(found) => Some(found),
            None => self.store.solution_by_slug(name).await?,
        };
        Ok(found.map(|found| found.id))
    }
}

/// The key of a row.
pub(super) fn key(row: &Row) -> Option<&str> {
    let key = row.fields.get("externalKey").and_then(Json::as_str).map(str::trim);
    key.filter(|key| !key.is_empty())
}

/// The solution of the same file that a row of these places means by a key.
pub(super) fn in_file(
    known: &[Option<Known>],
    key: &str,
    places: &[MunicipalityId],
) -> Option<SolutionId> {
    let same: Vec<&Known> = known.iter().flatten().filter(|it| it.key == key).collect();
    let own = same.iter().find(|it| is_one(&it.places, places));
    own.or(same.first().filter(|_| same.len() == 1)).map(|it| it.id.clone())
}

/// Whose a row says that its solution is. What cannot be read is told when the row is.
fn places(row: &Row, tables: &Tables, usual: Option<&MunicipalityId>) -> Vec<MunicipalityId> {
    let given = row.fields.get("municipalities");
    let list = given.and_then(Json::as_array).into_iter().flatten();
    let texts = list.chain(given).filter_map(Json::as_str).flat_map(|it| it.split(';'));
    let mut places: Vec<_> = texts.filter_map(|it| municipality(tables, it.trim()).ok()).collect();
    if places.is_empty() {
        places.extend(usual.cloned());
    }
    places
}

/// Whether rows of one key tell of the same: somebody's, or who knows whose.
fn is_one(some: &[MunicipalityId], other: &[MunicipalityId]) -> bool {
    some.is_empty() || other.is_empty() || some.iter().any(|place| other.contains(place))
}

/// Of several records of one key that of these places; otherwise, if that will do, the only one.
pub(in crate::service::import) fn of_places<R: Managed>(
    mut found: Vec<R>,
    places: &[MunicipalityId],
    only: bool,
) -> Option<R> {
    let own = |it: &R| it.owners().iter().any(|owner| places.contains(owner));
    match found.iter().position(own) {
        Some(position) => Some(found.swap_remove(position)),
        None if only && found.len() == 1 => found.pop(),
        None => None,
    }
}
