//! The page on which a solution is written.

use askama::Template;
use serde::Deserialize;
use serde_json::Value;

use super::fields::SOLUTION;
use super::record::Record;
use super::step::StepForm;
use crate::domain::Language;
use crate::web::form::{Choices, Form, Values};
use crate::web::site::Site;

/// What the API answers on what one can choose from.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Lists {
    topics: Option<Vec<Value>>,
    target_groups: Option<Vec<Value>>,
    organisations: Option<Nodes>,
    viewer: Option<Who>,
}

#[derive(Debug, Deserialize)]
struct Nodes {
    edges: Vec<Edge>,
}

#[derive(Debug, Deserialize)]
struct Edge {
    node: Option<Value>,
}

#[derive(Debug, Deserialize)]
struct Who {
    grants: Vec<Grant>,
}

#[derive(Debug, Deserialize)]
struct Grant {
    role: String,
    municipality: Option<Place>,
}

#[derive(Debug, Deserialize)]
struct Place {
    contacts: Option<Nodes>,
    documents: Option<Nodes>,
    #[serde(flatten)]
    own: Value,
}

impl Nodes {
    fn all(&self) -> impl Iterator<Item = &Value> {
        self.edges.iter().filter_map(|edge| edge.node.as_ref())
    }
}

impl Lists {
    /// The same as what forms choose from; together with what records say already.
    pub(crate) fn choices(&self, records: &[&Value]) -> Choices {
        let mut choices = Choices::default();
        choices.add("topics", self.topics.iter().flatten());
        choices.add("targetGroups", self.target_groups.iter().flatten());
        choices.add("organisations", self.organisations.iter().flat_map(Nodes::all));
        for place in self.places() {
            choices.add("municipalities", [&place.own]);
            choices.add("contacts", place.contacts.iter().flat_map(Nodes::all));
            choices.add("documents", place.documents.iter().flat_map(Nodes::all));
        }
        for record in records {
            for list in ["municipalities", "topics", "targetGroups", "contacts", "documents"] {
                choices.add(list, record.get(list).and_then(Value::as_array).into_iter().flatten());
            }
            let partners = record.get("partners").and_then(Value::as_array).into_iter().flatten();
            choices
                .add("organisations", partners.filter_map(|partner| partner.get("organisation")));
        }
        choices
    }

    /// The municipalities for which somebody writes.
    fn places(&self) -> impl Iterator<Item = &Place> {
        let grants = self.viewer.iter().flat_map(|viewer| &viewer.grants);
        let writing = grants.filter(|grant| grant.role == "EDITOR");
        writing.filter_map(|grant| grant.municipality.as_ref())
    }

    /// The municipality for which somebody writes, if it is only one.
    pub(crate) fn only_place(&self) -> Option<&str> {
        let mut ids = self.places().filter_map(|place| place.own.get("id")?.as_str());
        let first = ids.next()?;
        ids.all(|id| id == first).then_some(first)
    }

    /// Whether somebody writes for any municipality.
    pub(crate) fn writes(&self) -> bool {
        self.places().next().is_some()
    }
}

/// The form of a solution with what somebody typed.
pub(crate) fn form(
    lists: &Lists,
    record: Option<&Record>,
    values: Values,
    language: Language,
) -> Form {
    let mut texts = Vec::new();
    if let Some(record) = record {
        texts.push(record.text());
        texts.extend(record.readers_text());
    }
    Form {
        groups: SOLUTION,
        values,
        theirs: None,
        troubles: Vec::new(),
        choices: lists.choices(&texts),
        language,
        grows: None,
    }
}

/// What stands in the form of a new solution.
pub(crate) fn fresh(lists: &Lists) -> Values {
    let mut values = Values::default();
    values.push("language", "de");
    if let Some(place) = lists.only_place() {
        values.push("municipalities", place);
    }
    values
}

/// What stands in the form of a solution.
pub(crate) fn stored(record: &Record, language: Language) -> Values {
    Values::of_record(SOLUTION, record.text(), language)
}

/// The page on which a solution is written.
#[derive(Template)]
#[template(path = "edit.html")]
pub(crate) struct EditPage<'a> {
    pub(crate) site: &'a Site,
    /// Nothing while it is new.
    pub(crate) record: Option<Record>,
    pub(crate) form: Form,
    /// The revision on which the text was written.
    pub(crate) revision: Option<u32>,
    /// Whether the text can be changed now.
    pub(crate) may_edit: bool,
    pub(crate) steps: Vec<StepForm>,
    /// Whether it was saved a moment ago.
    pub(crate) is_saved: bool,
}

impl EditPage<'_> {
    fn title(&self) -> String {
        let w = self.site.w();
        match &self.record {
            Some(record) if !record.title().is_empty() => record.title().to_owned(),
            Some(_) => w.edit_title.to_owned(),
            None => w.new_solution.to_owned(),
        }
    }

    fn path(&self) -> String {
        self.record.as_ref().map_or("/work/solutions/new".to_owned(), Record::path)
    }

    fn action(&self) -> String {
        self.site.link(&self.path())
    }

    fn link(&self, room: &str) -> String {
        self.site.link(&format!("{}/{room}", self.path()))
    }

    /// Whether the script may save while somebody types: never what readers would see at once.
    fn saves_by_itself(&self) -> bool {
        self.record.as_ref().is_some_and(|record| !record.is_written_in_public())
    }

    fn is_handed_over(&self) -> bool {
        self.record.as_ref().is_some_and(|record| record.state().0.is_handed_over())
    }

    fn is_conflict(&self) -> bool {
        self.form.theirs.is_some()
    }
}
