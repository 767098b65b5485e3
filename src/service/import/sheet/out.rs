//! Solutions in the form in which they are taken in.

use std::collections::HashMap;

use serde_json::{Map, Value as Json};

use super::fields::{COLUMNS, Cell, TOLD, names};
use super::formula::marked;
use crate::domain::{Organisation, OrganisationId, Solution, camel_case};
use crate::live::Tables;

/// What is somebody's own business in this hub, or means nothing in another one.
const LEFT_OUT: [&str; 3] = ["contacts", "documents", "related"];

/// A solution that everybody may have.
#[derive(Debug, Clone)]
pub struct OpenRow(Map<String, Json>);

impl OpenRow {
    /// What a solution says, with the names of municipalities and organisations that others know.
    pub(crate) fn new(
        solution: &Solution,
        tables: &Tables,
        organisations: &HashMap<OrganisationId, Organisation>,
    ) -> Self {
        let Ok(Json::Object(record)) = serde_json::to_value(solution).map(in_camel_case) else {
            return Self(Map::new());
        };
        let mut row = Map::new();
        for name in TOLD.iter().copied().chain(names()).filter(|name| !LEFT_OUT.contains(name)) {
            row.insert(name.to_owned(), record.get(name).cloned().unwrap_or_default());
        }
        let id = solution.id.to_string();
        let key = solution.external_key.clone().unwrap_or_else(|| id.clone());
        row.insert("id".to_owned(), id.into());
        row.insert("externalKey".to_owned(), key.into());
        let places = solution.municipalities.iter().filter_map(|id| tables.place(id));
        let places = places.map(|place| {
            let place = &place.municipality;
            let key = place.ars.as_ref().or(place.ags.as_ref()).unwrap_or(&place.slug);
            Json::from(key.as_str())
        });
        row.insert("municipalities".to_owned(), places.collect());
        let partners = solution.partners.iter().filter_map(|partner| {
            let known = partner.organisation.as_ref().and_then(|id| organisations.get(id));
            let name = known.map(|it| it.name.clone()).or_else(|| partner.name.clone())?;
            Some(serde_json::json!({ "name": name, "role": partner.role }))
        });
        row.insert("partners".to_owned(), partners.collect());
        Self(row)
    }

    /// What it says of one field of the API.
    pub(super) fn field(&self, name: &str) -> Option<&Json> {
        self.0.get(name)
    }

    /// As JSON in one line.
    #[must_use]
    pub fn json(&self) -> String {
        Json::Object(self.0.clone()).to_string()
    }

    /// The names of the columns of a table.
    #[must_use]
    pub fn head() -> String {
        line(columns().map(|(name, _)| name.to_owned()).collect())
    }

    /// As a line of a table.
    #[must_use]
    pub fn csv(&self) -> String {
        let cells = columns().map(|(name, cell)| {
            let mut parts = name.split('.');
            let first = parts.next().and_then(|part| self.0.get(part));
            let value = parts.fold(first, |value, part| value?.get(part));
            let text = value.map(|value| told(cell, value)).unwrap_or_default();
            // A number is one.
            if matches!(cell, Cell::Whole | Cell::Number) { text } else { marked(text) }
        });
        line(cells.collect())
    }
}

fn columns() -> impl Iterator<Item = (&'static str, Cell)> {
    let told = TOLD.iter().map(|name| (*name, Cell::Told));
    let known = COLUMNS.iter().copied();
    let known =
        known.filter(|(name, cell)| !LEFT_OUT.contains(name) && !matches!(cell, Cell::OnlyJson));
    told.chain(known)
}

/// A line of a table, with its end.
fn line(cells: Vec<String>) -> String {
    let quoted = cells.into_iter().map(|cell| {
        if cell.contains([',', '"', '\n', '\r', ';']) || cell.trim() != cell {
            format!("\"{}\"", cell.replace('"', "\"\""))
        } else {
            cell
        }
    });
    quoted.collect::<Vec<_>>().join(",") + "\r\n"
}

/// A value as a cell.
fn told(cell: Cell, value: &Json) -> String {
    let plain = |value: &Json| match value {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        other => other.to_string(),
    };
    // Semicolons divide entries.
    let entry = |value: &Json| plain(value).replace(';', ",");
    let entries = value.as_array().map(Vec::as_slice).unwrap_or_default().iter();
    match cell {
        Cell::List => entries.map(entry).collect::<Vec<_>>().join("; "),
        Cell::Parts(name) => {
            entries.filter_map(|it| it.get(name)).map(entry).collect::<Vec<_>>().join("; ")
        }
        Cell::Linked(name) => {
            let linked = |it: &Json| {
                let name = it.get(name).map(entry).unwrap_or_default();
                match it.get("url").and_then(Json::as_str) {
                    Some(url) => format!("{name}|{url}"),
                    None => name,
                }
            };
            entries.map(linked).collect::<Vec<_>>().join("; ")
        }
        _ => plain(value),
    }
}

fn in_camel_case(json: Json) -> Json {
    match json {
        Json::Object(fields) => {
            let fields = fields.into_iter();
            Json::Object(
                fields.map(|(name, value)| (camel_case(&name), in_camel_case(value))).collect(),
            )
        }
        Json::Array(items) => items.into_iter().map(in_camel_case).collect(),
        other => other,
    }
}
