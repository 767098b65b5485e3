//! Reading SurrealDB's values as the domain's types, without a form between them.

use serde::de::value::{Error, MapAccessDeserializer, MapDeserializer, SeqDeserializer};
use serde::de::{DeserializeOwned, Deserializer, Error as _, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;
use surrealdb::types::{Number, RecordIdKey, Value};

/// Reads a value. Links are read as keys, datetimes as RFC 3339 text.
///
/// # Errors
/// What does not fit.
pub(super) fn read<T: DeserializeOwned>(value: Value) -> Result<T, Error> {
    T::deserialize(Stored(value))
}

/// A value of the database, for serde.
struct Stored(Value);

impl<'de> Deserializer<'de> for Stored {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::None | Value::Null => visitor.visit_unit(),
            Value::Bool(bool) => visitor.visit_bool(bool),
            Value::Number(Number::Int(number)) => match u64::try_from(number) {
                Ok(number) => visitor.visit_u64(number),
                Err(_) => visitor.visit_i64(number),
            },
            Value::Number(Number::Float(number)) => visitor.visit_f64(number),
            Value::String(text) => visitor.visit_string(text),
            Value::RecordId(record) => match record.key {
                RecordIdKey::String(key) => visitor.visit_string(key),
                RecordIdKey::Number(key) => visitor.visit_i64(key),
                other => Err(Error::custom(format!("a key is neither text nor number: {other:?}"))),
            },
            Value::Array(items) => {
                visitor.visit_seq(SeqDeserializer::new(items.into_iter().map(Stored)))
            }
            Value::Object(fields) => {
                let fields = fields.into_iter().map(|(name, field)| (name, Stored(field)));
                visitor.visit_map(MapDeserializer::new(fields))
            }
            other => other.into_json_value().deserialize_any(visitor).map_err(Error::custom),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::None | Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.0 {
            Value::Object(fields) => {
                let fields = fields.into_iter().map(|(name, field)| (name, Stored(field)));
                let fields = MapAccessDeserializer::new(MapDeserializer::new(fields));
                fields.deserialize_enum(name, variants, visitor)
            }
            Value::String(text) => visitor.visit_enum(text.into_deserializer()),
            other => Err(Error::custom(format!("{other:?} is no {name}"))),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf
        unit unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

impl IntoDeserializer<'_, Error> for Stored {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use surrealdb::types::{Array, Datetime, Object};

    use super::*;
    use crate::store::value::{object, record};

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Way {
        Bare,
        With { depth: u8 },
        Of(u64),
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(tag = "kind", rename_all = "snake_case")]
    enum Tagged {
        Post { address: String },
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Row {
        link: String,
        seq: u64,
        share: f32,
        whole: f64,
        at: chrono::DateTime<chrono::Utc>,
        title: Option<String>,
        gone: Option<String>,
        ways: Vec<Way>,
        tagged: Tagged,
        depth: i8,
        #[serde(default)]
        absent: bool,
    }

    fn text(text: &str) -> Value {
        Value::String(text.to_owned())
    }

    fn row() -> Object {
        let at = "2026-01-01T12:00:00.000001Z".parse::<Datetime>().expect("a moment");
        let with = object([("with", object([("depth", number(3))]).into())]);
        let of = object([("of", number(7))]);
        let ways = vec![text("bare"), with.into(), of.into()];
        object([
            ("link", Value::RecordId(record("solution", "a1"))),
            ("seq", number(12)),
            ("share", Value::Number(Number::Float(0.5))),
            ("whole", number(3)),
            ("at", Value::Datetime(at)),
            ("title", text("Rufbus")),
            ("gone", Value::None),
            ("ways", Value::Array(Array::from(ways))),
            ("tagged", object([("kind", text("post")), ("address", text("a@b"))]).into()),
            ("depth", number(-4)),
            ("unknown", text("is passed over")),
        ])
    }

    fn number(number: i64) -> Value {
        Value::Number(Number::Int(number))
    }

    #[test]
    fn a_row_is_read_as_its_type() {
        let expected = Row {
            link: "a1".to_owned(),
            seq: 12,
            share: 0.5,
            whole: 3.0,
            at: "2026-01-01T12:00:00.000001Z".parse().expect("a moment"),
            title: Some("Rufbus".to_owned()),
            gone: None,
            ways: vec![Way::Bare, Way::With { depth: 3 }, Way::Of(7)],
            tagged: Tagged::Post { address: "a@b".to_owned() },
            depth: -4,
            absent: false,
        };
        assert_eq!(read::<Row>(row().into()), Ok(expected));
    }

    #[test]
    fn what_does_not_fit_is_said() {
        let mut broken = row();
        broken.insert("seq".to_owned(), number(-1));
        let error = read::<Row>(broken.into()).expect_err("no number of an entry");
        assert!(error.to_string().contains("-1"), "{error}");
        let mut broken = row();
        broken.insert("ways".to_owned(), Value::Array(Array::from(vec![text("none")])));
        let error = read::<Row>(broken.into()).expect_err("no such way");
        assert!(error.to_string().contains("none"), "{error}");
    }
}
