//! What a row says of a solution.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde_json::{Map, Value as Json};

use super::fields::{TOLD, names, unknown};
use super::known::{Known, in_file, key};
use super::values::{choice, list, part, plain, text, word};
use super::{BadRow, Row};
use crate::domain::{
    Contact, ContactId, DocumentId, MunicipalityId, OrganisationId, Partner, Patch,
    ProjectDocument, SolutionChange, SolutionId, TargetGroupId, TopicId, day,
};
use crate::live::Tables;
use crate::service::{Error, Services};

/// What a row may refer to by another name than an id, looked up.
#[derive(Debug, Default)]
pub(super) struct Named {
    contacts: HashMap<String, ContactId>,
    documents: HashMap<String, DocumentId>,
    solutions: HashMap<String, SolutionId>,
    organisations: HashMap<String, OrganisationId>,
}

impl Named {
    /// Looks up what a row refers to; `known` are the solutions of its file.
    pub(super) async fn find(
        services: &Services,
        row: &Row,
        places: &[MunicipalityId],
        known: &[Option<Known>],
    ) -> Result<Self, Error> {
        let mut named = Self::default();
        for key in texts(&row.fields, "contacts").filter(|it| !it.contains(':')) {
            let found = services.meant::<Contact>(key, places).await?;
            named.contacts.extend(found.map(|found| (key.to_owned(), found.id)));
        }
        for key in texts(&row.fields, "documents").filter(|it| !it.contains(':')) {
            let found = services.meant::<ProjectDocument>(key, places).await?;
            named.documents.extend(found.map(|found| (key.to_owned(), found.id)));
        }
        for key in texts(&row.fields, "related").filter(|it| !it.contains(':')) {
            let found = match in_file(known, key, places) {
                Some(id) => Some(id),
                None => services.related(key, places).await?,
            };
            named.solutions.extend(found.map(|id| (key.to_owned(), id)));
        }
        let partners = row.fields.get("partners").and_then(Json::as_array);
        let slugs = partners.into_iter().flatten();
        let slugs = slugs.filter_map(|it| it.get("organisation")?.as_str());
        for slug in slugs.filter(|it| !it.contains(':')) {
            let found = services.store.organisation_by_slug(slug).await?;
            named.organisations.extend(found.map(|found| (slug.to_owned(), found.id)));
        }
        Ok(named)
    }
}

/// The texts of a list, or the single one.
fn texts<'a>(fields: &'a Map<String, Json>, name: &str) -> impl Iterator<Item = &'a str> {
    let value = fields.get(name);
    let items = value.and_then(Json::as_array).into_iter().flatten();
    items.chain(value).filter_map(Json::as_str).map(str::trim)
}

/// The municipality of a name in URLs, an official key or an id.
pub(super) fn municipality(tables: &Tables, given: &str) -> Result<MunicipalityId, String> {
    let by_id = given.parse::<MunicipalityId>().ok();
    let by_id = by_id.and_then(|id| tables.place(&id));
    let keyed =
        || tables.by_slug(given).or_else(|| tables.by_ars(given)).or_else(|| tables.by_ags(given));
    by_id.or_else(keyed).map(|place| place.municipality.id.clone()).ok_or_else(|| {
        let wanted = crate::domain::slug(given);
        let near = tables.beginning(given, 3).into_iter().map(|it| it.municipality.slug.clone());
        let near: Vec<String> = tables.by_slug(&wanted).map(|it| it.municipality.slug.clone()).into_iter().chain(near).collect();
        let hint = if near.is_empty() {
            "give its name in URLs, its ARS or its AGS, and take it in first if the hub does not know it".to_owned()
        } else {
            format!("did you mean {}?", near.join(", "))
        };
        format!("there is no municipality \"{given:.60}\"; {hint}")
    })
}

/// Reads a row.
pub(super) fn read(
    row: &Row,
    tables: &Tables,
    named: &Named,
    usual: Option<&MunicipalityId>,
) -> Result<SolutionChange, Vec<BadRow>> {
    let mut reading = Reading { fields: row.fields.clone(), problems: Vec::new() };
    if key(row).is_none() {
        let what = "every row needs a key of its own, by which it is known again the next time";
        reading.problem("externalKey", what.to_owned());
    }
    let mut change = texts_of(&mut reading);
    let topics = tables
        .topics
        .iter()
        .map(|(id, topic)| (id, id.key(), [topic.name.de.as_str(), topic.name.en.as_str()]));
    change.topics =
        reading.take("topics", |it| list(it, |it| word(it, TopicId::KIND, topics.clone())));
    let groups = tables
        .target_groups
        .iter()
        .map(|(id, group)| (id, id.key(), [group.name.de.as_str(), group.name.en.as_str()]));
    change.target_groups = reading
        .take("targetGroups", |it| list(it, |it| word(it, TargetGroupId::KIND, groups.clone())));
    change.municipalities =
        reading.take("municipalities", |it| list(it, |it| municipality(tables, &text(it)?)));
    if matches!(change.municipalities, Patch::Keep | Patch::Clear) {
        change.municipalities = match usual {
            Some(usual) => Patch::Set(vec![usual.clone()]),
            None if reading.has_problem("municipalities") => Patch::Keep,
            None => {
                let what = "whose solution is it? Fill this in, or give --municipality";
                reading.problem("municipalities", what.to_owned());
                Patch::Keep
            }
        };
    }
    change.contacts = reading.take("contacts", |it| list(it, |it| one_of(it, &named.contacts)));
    change.documents = reading.take("documents", |it| list(it, |it| one_of(it, &named.documents)));
    change.related = reading.take("related", |it| list(it, |it| one_of(it, &named.solutions)));
    change.partners = reading.take("partners", |it| list(it, |it| partner(it, named)));
    reading.nothing_else();
    if reading.problems.is_empty() {
        return Ok(change);
    }
    let bad = |(path, reason)| BadRow { line: row.line, path: Some(path), reason };
    Err(reading.problems.into_iter().map(bad).collect())
}

/// The fields that refer to nothing.
fn texts_of(reading: &mut Reading) -> SolutionChange {
    SolutionChange {
        external_key: reading.take("externalKey", text),
        title: reading.take("title", text),
        // Left empty it stays as it is, which is German at first.
        language: match reading.take("language", text) {
            Patch::Clear => Patch::Keep,
            other => other,
        },
        teaser: reading.take("teaser", text),
        problem: reading.take("problem", text),
        approach: reading.take("approach", text),
        status: reading.take("status", choice),
        place: reading.take("place", text),
        period: reading.take("period", part),
        steps: reading.take("steps", text),
        participation: reading.take("participation", part),
        results: reading.take("results", part),
        evidence: reading.take("evidence", choice),
        costs: reading.take("costs", part),
        funding: reading.take("funding", |it| list(it, part)),
        staff: reading.take("staff", part),
        legal_basis: reading.take("legalBasis", text),
        prerequisites: reading.take("prerequisites", text),
        transferability: reading.take("transferability", part),
        lessons: reading.take("lessons", text),
        difficulties: reading.take("difficulties", text),
        would_change: reading.take("wouldChange", text),
        sustaining: reading.take("sustaining", text),
        digital_tools: reading.take("digitalTools", |it| list(it, part)),
        keywords: reading.take("keywords", |it| list(it, text)),
        instruments: reading.take("instruments", |it| list(it, choice)),
        effort: reading.take("effort", choice),
        months_to_effect: reading.take("monthsToEffect", plain),
        size_bands: reading.take("sizeBands", |it| list(it, choice)),
        images: reading.take("images", |it| list(it, part)),
        sources: reading.take("sources", |it| list(it, part)),
        licence: reading.take("licence", text),
        citation: reading.take("citation", text),
        last_checked: reading.take("lastChecked", date),
        ..SolutionChange::default()
    }
}

/// A row on its way into a change.
struct Reading {
    fields: Map<String, Json>,
    problems: Vec<(String, String)>,
}

impl Reading {
    fn take<T>(&mut self, name: &str, read: impl FnOnce(Json) -> Result<T, String>) -> Patch<T> {
        match self.fields.shift_remove(name) {
            None => Patch::Keep,
            Some(Json::Null) => Patch::Clear,
            Some(value) => match read(value) {
                Ok(value) => Patch::Set(value),
                Err(reason) => {
                    self.problem(name, reason);
                    Patch::Keep
                }
            },
        }
    }

    fn problem(&mut self, name: &str, reason: String) {
        if !self.has_problem(name) {
            self.problems.push((name.to_owned(), reason));
        }
    }

    fn has_problem(&self, name: &str) -> bool {
        self.problems.iter().any(|(known, _)| known == name)
    }

    /// Whatever was not taken is called like nothing that there is.
    fn nothing_else(&mut self) {
        TOLD.iter().for_each(|told| drop(self.fields.shift_remove(*told)));
        let left: Vec<String> = self.fields.keys().cloned().collect();
        for name in left {
            let reason = unknown(&name, names());
            self.problem(&name, reason);
        }
    }
}

fn date(json: Json) -> Result<NaiveDate, String> {
    let given = text(json)?;
    day(&given).ok_or_else(|| format!("\"{given:.40}\" is no day: write for instance 2026-03-31"))
}

/// Something that is named by its id or by what it is called.
fn one_of<I: Clone + std::str::FromStr>(
    json: Json,
    named: &HashMap<String, I>,
) -> Result<I, String> {
    let given = text(json)?;
    match named.get(&given) {
        Some(found) => Ok(found.clone()),
        None => given.parse().map_err(|_| {
            format!("there is no \"{given:.60}\" in the hub: give its id or its externalKey, and enter it first")
        }),
    }
}

fn partner(json: Json, named: &Named) -> Result<Partner, String> {
    let Json::Object(mut fields) = json else {
        let name = text(json)?;
        return Ok(Partner { name: Some(name), ..Partner::default() });
    };
    let organisation = match fields.shift_remove("organisation") {
        None | Some(Json::Null) => None,
        Some(it) => Some(one_of(it, &named.organisations)?),
    };
    let role = match fields.shift_remove("role") {
        None | Some(Json::Null) => None,
        Some(it) => Some(choice(it)?),
    };
    let rest: Partner = part(Json::Object(fields))?;
    Ok(Partner { organisation, role, ..rest })
}
