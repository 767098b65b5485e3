//! What stands in a form: pairs of a path and what was typed there.

use serde_json::Value;

use super::numbers::typed;
use super::{Field, Group, Kind, fields};
use crate::domain::Language;
use crate::web::written::partial_date;

/// The most entries of one list that a form takes: more than the hub keeps.
pub(crate) const MOST_ROWS: usize = 60;

/// What stands in a form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Values(Vec<(String, String)>);

impl Values {
    /// What a browser sent. Lines end in one way, and names of lists carry no brackets.
    pub(crate) fn posted(pairs: &[(String, String)]) -> Self {
        let pair = |(name, value): &(String, String)| {
            let name = name.strip_suffix("[]").unwrap_or(name).to_owned();
            (name, value.replace("\r\n", "\n").replace('\r', "\n"))
        };
        Self(pairs.iter().map(pair).collect())
    }

    /// What a record of the API says, as it is typed into the form.
    pub(crate) fn of_record(groups: &[Group], record: &Value, language: Language) -> Self {
        let mut values = Self::default();
        for field in fields(groups) {
            values.take(field, field.path, record, language);
        }
        values
    }

    fn take(&mut self, field: &Field, path: &str, record: &Value, language: Language) {
        let inner = field.path.split('.').try_fold(record, |value, name| value.get(name));
        let Some(found) = inner.filter(|value| !value.is_null()) else { return };
        match &field.kind {
            Kind::Rows(columns) => {
                for (place, row) in found.as_array().into_iter().flatten().enumerate() {
                    for column in *columns {
                        let path = format!("{path}.{place}.{}", column.path);
                        self.take(column, &path, row, language);
                    }
                }
            }
            Kind::Range => {
                for end in ["from", "to"] {
                    let number = found.get(end).map(|number| text(number, language));
                    self.push(&format!("{path}.{end}"), number.unwrap_or_default());
                }
            }
            Kind::Choices(_) => {
                for one in found.as_array().into_iter().flatten() {
                    self.push(path, text(one, language));
                }
            }
            Kind::Lines => {
                let lines = found.as_array().into_iter().flatten();
                let lines: Vec<String> = lines.map(|line| text(line, language)).collect();
                self.push(path, lines.join("\n"));
            }
            Kind::Date | Kind::Day => {
                self.push(path, partial_date(&text(found, language), &language));
            }
            _ => self.push(path, text(found, language)),
        }
    }

    /// Adds a pair.
    pub(crate) fn push(&mut self, path: &str, value: impl Into<String>) {
        self.0.push((path.to_owned(), value.into()));
    }

    /// What stands at a path, without what surrounds it; empty if nothing does.
    pub(crate) fn first(&self, path: &str) -> &str {
        self.0.iter().find(|(other, _)| other == path).map_or("", |(_, value)| value.trim())
    }

    /// All that was chosen at a path.
    pub(crate) fn all(&self, path: &str) -> Vec<&str> {
        let at = self.0.iter().filter(|(other, _)| other == path);
        at.map(|(_, value)| value.trim()).filter(|value| !value.is_empty()).collect()
    }

    /// How many entries a list has, empty ones too.
    pub(crate) fn rows(&self, path: &str) -> usize {
        let place = |(other, _): &(String, String)| -> Option<usize> {
            let rest = other.strip_prefix(path)?.strip_prefix('.')?;
            rest.split('.').next()?.parse().ok()
        };
        let places = self.0.iter().filter_map(place).filter(|place| *place < MOST_ROWS);
        places.max().map_or(0, |last| last + 1)
    }

    /// The same with nothing but the fields of a form, and lists without their empty entries: so
    /// the places of entries are those that the API speaks of.
    pub(crate) fn compact(&self, groups: &[Group]) -> Self {
        let mut values = Self::default();
        for field in fields(groups) {
            let Kind::Rows(columns) = &field.kind else {
                values.copy(self, field, field.path, field.path);
                continue;
            };
            let mut kept = 0;
            for row in 0..self.rows(field.path) {
                let at = |place: usize, column: &Field| {
                    format!("{}.{place}.{}", field.path, column.path)
                };
                if columns.iter().all(|column| self.is_empty(column, &at(row, column))) {
                    continue;
                }
                for column in *columns {
                    values.copy(self, column, &at(row, column), &at(kept, column));
                }
                kept += 1;
            }
        }
        values
    }

    fn copy(&mut self, from: &Self, field: &Field, at: &str, to: &str) {
        for (before, after) in places(field, at).into_iter().zip(places(field, to)) {
            for (_, value) in from.0.iter().filter(|(other, _)| *other == before) {
                self.push(&after, value.clone());
            }
        }
    }

    /// Whether nothing stands in a field.
    pub(crate) fn is_empty(&self, field: &Field, path: &str) -> bool {
        match &field.kind {
            Kind::Rows(_) => self.rows(path) == 0,
            _ => places(field, path).iter().all(|place| self.all(place).is_empty()),
        }
    }
}

/// The names under which a field that is no list of entries sends what stands in it.
fn places(field: &Field, path: &str) -> Vec<String> {
    match field.kind {
        Kind::Range => vec![format!("{path}.from"), format!("{path}.to")],
        _ => vec![path.to_owned()],
    }
}

/// A value of an answer as it is typed. Of another record, its id.
fn text(value: &Value, language: Language) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => whole.to_string(),
            (None, Some(number)) => typed(number, language),
            (None, None) => number.to_string(),
        },
        Value::Object(record) => record.get("id").map(|id| text(id, language)).unwrap_or_default(),
        Value::Null | Value::Array(_) => String::new(),
    }
}
