//! What one can choose from.

use std::collections::HashMap;

use serde_json::Value;

use crate::domain::{Label, Language};

/// Something that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Choice {
    /// As the API writes it.
    pub(crate) value: String,
    /// As people read it.
    pub(crate) label: String,
}

/// What one can choose from.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Options {
    /// A closed list.
    Closed(fn(Language) -> Vec<Choice>),
    /// A list that the page brings along, under this name.
    Listed(&'static str),
}

/// The values of a closed list.
pub(crate) fn closed<L: Label>(language: Language) -> Vec<Choice> {
    let choice = |value: &L| Choice {
        value: value.name().to_uppercase(),
        label: value.label(language).to_owned(),
    };
    L::ALL.iter().map(choice).collect()
}

/// The lists that a page brings along, by name.
#[derive(Debug, Clone, Default)]
pub(crate) struct Choices(HashMap<&'static str, Vec<Choice>>);

impl Choices {
    /// Adds records of an answer to a list: those that it does not hold yet.
    pub(crate) fn add<'a>(
        &mut self,
        list: &'static str,
        records: impl IntoIterator<Item = &'a Value>,
    ) {
        let held = self.0.entry(list).or_default();
        for choice in records.into_iter().filter_map(record) {
            if !held.iter().any(|other| other.value == choice.value) {
                held.push(choice);
            }
        }
    }

    /// What one can choose from.
    pub(crate) fn of(&self, options: &Options, language: Language) -> Vec<Choice> {
        match options {
            Options::Closed(list) => list(language),
            Options::Listed(list) => self.0.get(list).cloned().unwrap_or_default(),
        }
    }
}

/// A record as something that can be chosen: what it is called, and whose it is.
fn record(record: &Value) -> Option<Choice> {
    let text = |name: &str| record.get(name).and_then(Value::as_str);
    let value = text("id")?.to_owned();
    let called = ["name", "title", "role"].into_iter().find_map(text);
    let label = match (called, text("person")) {
        (Some(role), Some(person)) => format!("{role}, {person}"),
        (Some(name), None) => name.to_owned(),
        (None, _) => value.clone(),
    };
    Some(Choice { value, label })
}
