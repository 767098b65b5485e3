//! What a table cannot say of a solution stays as it is.
//!
//! A cell names the partners and not their roles, the indicators and not their years. Whoever edits
//! such a table and takes it in again means to change what they edited, and nothing else. So a cell is
//! compared with what the table would say of the solution as it is.

use serde_json::{Map, Value as Json, json};

use super::{OpenRow, csv};
use crate::domain::Solution;

/// Puts what is known in place of what a row says in just the words in which a table would say it.
pub(super) fn keep_untold(fields: &mut Map<String, Json>, solution: &Solution, row: &OpenRow) {
    let as_table = format!("{}{}", OpenRow::head(), row.csv());
    let partners = partners(solution);
    let told = csv::read(&as_table).ok().and_then(|sheet| sheet.rows.into_iter().next());
    let Some(told) = told else { return };
    for (name, said) in fields {
        let known = if name == "partners" { Some(&partners) } else { row.field(name) };
        if let (Some(told), Some(known)) = (told.fields.get(name), known) {
            *said = kept(std::mem::take(said), told, known);
        }
    }
}

/// The partners with the organisations that they lead to, which are given out by name.
fn partners(solution: &Solution) -> Json {
    let partner = |it: &crate::domain::Partner| {
        let organisation = it.organisation.as_ref().map(ToString::to_string);
        json!({ "organisation": organisation, "name": it.name, "role": it.role })
    };
    solution.partners.iter().map(partner).collect()
}

/// What is said, with what is known wherever that is told in the same words.
fn kept(said: Json, told: &Json, known: &Json) -> Json {
    if said == *told {
        return known.clone();
    }
    match (said, told, known) {
        (Json::Object(said), Json::Object(told), Json::Object(known)) => {
            let keep = |(name, said): (String, Json)| {
                let both = told.get(&name).zip(known.get(&name));
                let value = both.map(|(told, known)| kept(said.clone(), told, known));
                (name, value.unwrap_or(said))
            };
            let mut all: Map<String, Json> = said.into_iter().map(keep).collect();
            // What has no column of its own.
            for (name, known) in known.iter().filter(|(name, _)| !told.contains_key(*name)) {
                all.entry(name.clone()).or_insert_with(|| known.clone());
            }
            Json::Object(all)
        }
        (Json::Array(said), Json::Array(told), Json::Array(known)) if told.len() == known.len() => {
            let keep = |said: Json| {
                let same = told.iter().zip(known).find(|(told, _)| **told == said);
                same.map_or(said, |(_, known)| known.clone())
            };
            said.into_iter().map(keep).collect()
        }
        (said, _, _) => said,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_told_as_before_keeps_what_cannot_be_told() {
        let known = json!({ "summary": "Gut.", "indicators": [
            { "name": "Fahrten", "value": 12 }, { "name": "Kosten", "value": 3 },
        ] });
        let told = json!({ "summary": "Gut.", "indicators": [
            { "name": "Fahrten" }, { "name": "Kosten" },
        ] });
        let said = json!({ "summary": "Besser.", "indicators": [
            { "name": "Kosten" }, { "name": "Neu" },
        ] });
        assert_eq!(kept(told.clone(), &told, &known), known);
        assert_eq!(
            kept(said, &told, &known),
            json!({ "summary": "Besser.", "indicators": [
                { "name": "Kosten", "value": 3 }, { "name": "Neu" },
            ] })
        );
        assert_eq!(kept(Json::Null, &told, &known), Json::Null, "an emptied cell empties");
    }
}
