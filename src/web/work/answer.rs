//! Answering a question: who may, and the form.

use serde::Deserialize;
use serde_json::Value;

use super::edit::Lists;
use crate::domain::Language;
use crate::web::cards::{Connection, Edge};
use crate::web::form::{Choice, Choices, Field, Form, Group, Kind, Options, Values, field, group};

const SAID: &[Field] = &[
    field("municipality", |w| w.answer_for, Kind::Choice(Options::Listed("municipalities")))
        .needed(),
    field("text", |w| w.answer_text, Kind::Text).needed(),
];

const SHOWN: &[Field] = &[
    field("documents", |w| w.documents, Kind::Choices(Options::Listed("documents"))),
    field("solutions", |w| w.cite_solutions, Kind::Choices(Options::Listed("solutions")))
        .hinted(|w| w.cite_solutions_hint),
];

/// The fields of an answer.
pub(crate) const ANSWER: &[Group] = &[group(|w| w.your_answer, SAID), group(|w| w.shows_it, SHOWN)];

/// What whoever looks may do with a question.
#[derive(Debug, Default)]
pub(crate) struct Powers {
    /// Whether they speak for those who ask.
    pub(crate) asks: bool,
    /// Whether they look after all questions.
    pub(crate) moderates: bool,
    /// The municipalities for which they speak.
    pub(crate) places: Vec<Choice>,
}

impl Powers {
    /// Whether they may end the question.
    pub(crate) const fn ends(&self) -> bool {
        self.asks || self.moderates
    }

    /// Whether they speak for a municipality.
    pub(crate) fn speaks_for(&self, municipality: &str) -> bool {
        self.places.iter().any(|place| place.value == municipality)
    }
}

/// Solutions that an answer can point to, as the API answers.
#[derive(Debug, Deserialize)]
pub(crate) struct Citable {
    own: Option<Connection<Edge<Value>>>,
    found: Option<Connection<Edge<Value>>>,
    chosen: Option<Vec<Option<Value>>>,
}

impl Citable {
    /// Whether somebody searched, and nothing was found.
    pub(crate) fn found_nothing(&self) -> bool {
        self.found.as_ref().is_some_and(|found| found.nodes().next().is_none())
    }

    /// What was chosen first, then what was found, then one's own.
    fn add_to(&self, choices: &mut Choices) {
        choices.add("solutions", self.chosen.iter().flatten().flatten());
        choices.add("solutions", self.found.iter().flat_map(Connection::nodes));
        choices.add("solutions", self.own.iter().flat_map(Connection::nodes));
    }
}

/// The municipalities for which somebody speaks.
pub(crate) fn places(lists: &Lists, language: Language) -> Vec<Choice> {
    lists.choices(&[]).of(&Options::Listed("municipalities"), language)
}

/// The form of an answer with what somebody typed.
pub(crate) fn form(lists: &Lists, citable: &Citable, values: Values, language: Language) -> Form {
    let mut choices = lists.choices(&[]);
    citable.add_to(&mut choices);
    Form {
        groups: ANSWER,
        values,
        theirs: None,
        troubles: Vec::new(),
        choices,
        language,
        grows: None,
    }
}

/// What stands in the form at first.
pub(crate) fn fresh(lists: &Lists) -> Values {
    let mut values = Values::default();
    if let Some(place) = lists.only_place() {
        values.push("municipality", place);
    }
    values
}
