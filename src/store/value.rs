//! Between the domain's serde form and SurrealDB's values.
//!
//! The domain writes keys and times as text; the database keeps them as record links and
//! datetimes. Each table says which of its fields are which.

use serde_json::Value as Json;
use surrealdb::types::{Array, Datetime, Number, Object, RecordId, RecordIdKey, Value};

/// Which fields of a table are more than they look like in serde's form. Paths are joined with
/// dots; arrays on the way are looked through.
pub(super) struct Shape {
    /// Fields that hold keys, and the tables they lead to.
    pub(super) links: &'static [(&'static str, &'static str)],
    /// Fields that hold moments.
    pub(super) moments: &'static [&'static str],
}

/// Turns serde's form into a value for the database. Nulls in objects are left out.
pub(super) fn from_json(json: Json, shape: &Shape) -> Value {
    convert(json, shape, &mut String::new())
}

fn convert(json: Json, shape: &Shape, path: &mut String) -> Value {
    match json {
        Json::Null => Value::None,
        Json::Bool(bool) => Value::Bool(bool),
        Json::Number(number) => Value::Number(match number.as_i64() {
            Some(int) => Number::Int(int),
            None => Number::Float(number.as_f64().unwrap_or_default()),
        }),
        Json::String(text) => text_value(text, shape, path),
        Json::Array(items) => {
            let items = items.into_iter().map(|item| convert(item, shape, path));
            Value::Array(Array::from(items.collect::<Vec<_>>()))
        }
        Json::Object(fields) => {
            let mut object = Object::new();
            for (name, field) in fields {
                let outer = path.len();
                if outer > 0 {
                    path.push('.');
                }
                path.push_str(&name);
                let value = convert(field, shape, path);
                path.truncate(outer);
                if !matches!(value, Value::None) {
                    object.insert(name, value);
                }
            }
            Value::Object(object)
        }
    }
}

fn text_value(text: String, shape: &Shape, path: &str) -> Value {
    if let Some((_, table)) = shape.links.iter().find(|(field, _)| *field == path) {
        return Value::RecordId(record(table, text));
    }
    let moment = shape.moments.contains(&path).then(|| text.parse::<Datetime>().ok()).flatten();
    moment.map_or(Value::String(text), Value::Datetime)
}

/// Turns a value of the database into serde's form: links become keys, datetimes RFC 3339 text.
pub(super) fn into_json(value: Value) -> Json {
    match value {
        Value::RecordId(record) => match record.key {
            RecordIdKey::String(key) => Json::String(key),
            RecordIdKey::Number(key) => Json::from(key),
            other => {
                Value::RecordId(RecordId { table: record.table, key: other }).into_json_value()
            }
        },
        Value::Array(items) => Json::Array(items.into_iter().map(into_json).collect()),
        Value::Object(fields) => {
            Json::Object(fields.into_iter().map(|(name, field)| (name, into_json(field))).collect())
        }
        other => other.into_json_value(),
    }
}

/// A record id with a text key.
pub(super) fn record(table: &str, key: impl Into<String>) -> RecordId {
    RecordId::new(table, key.into())
}

/// An object of some values, as bindings of a query.
pub(super) fn object<const N: usize>(fields: [(&str, Value); N]) -> Object {
    let mut object = Object::new();
    for (name, value) in fields {
        object.insert(name, value);
    }
    object
}
