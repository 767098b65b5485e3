//! What stands in a form, as the input of a mutation.

use serde_json::{Map, Value, json};

use super::numbers::number;
use super::{Field, Group, Kind, Need, Trouble, Values, fields};
use crate::domain::{Language, PartialDate, day};
use crate::web::phrases::WorkPhrases;

/// The input that a form stands for, and what cannot be read of it.
pub(crate) fn input(
    groups: &[Group],
    values: &Values,
    language: Language,
) -> (Map<String, Value>, Vec<Trouble>) {
    let mut reading = Reading { values, language, troubles: Vec::new() };
    let mut all = Value::Object(Map::new());
    for field in fields(groups) {
        let value = reading.value(field, field.path);
        put(&mut all, field.path, value);
    }
    let Value::Object(mut all) = all else { return (Map::new(), reading.troubles) };
    for part in all.values_mut() {
        if part.is_object() && says_nothing(part) {
            *part = Value::Null;
        }
    }
    (all, reading.troubles)
}

/// What of an input differs from what is stored: what somebody has not touched stays as it is, even
/// where the form shows less than the record holds. What is chosen keeps the order that it had: the
/// first municipality answers for a solution.
pub(crate) fn changed(
    groups: &[Group],
    mut input: Map<String, Value>,
    stored: &Map<String, Value>,
) -> Map<String, Value> {
    for field in fields(groups).filter(|field| matches!(field.kind, Kind::Choices(_))) {
        let before = stored.get(field.path).and_then(Value::as_array);
        if let (Some(Value::Array(chosen)), Some(before)) = (input.get_mut(field.path), before) {
            let place = |value: &Value| before.iter().position(|other| other == value);
            chosen.sort_by_key(|value| place(value).unwrap_or(before.len()));
        }
    }
    input.retain(|name, value| stored.get(name) != Some(&*value));
    input
}

struct Reading<'a> {
    values: &'a Values,
    language: Language,
    troubles: Vec<Trouble>,
}

impl Reading<'_> {
    fn value(&mut self, field: &Field, path: &str) -> Value {
        let text = self.values.first(path);
        match &field.kind {
            Kind::Rows(columns) => {
                let rows = 0..self.values.rows(path);
                rows.map(|row| self.row(columns, &format!("{path}.{row}"))).collect()
            }
            Kind::Choices(_) => json!(self.values.all(path)),
            Kind::Lines => {
                let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
                lines.collect::<Vec<_>>().into()
            }
            Kind::Range => self.range(path),
            Kind::Flag => json!(text == "true"),
            Kind::Line | Kind::Mail | Kind::Phone | Kind::Web | Kind::Text => {
                // The API tells what must not be empty; it takes no null there.
                if text.is_empty() && field.need != Need::Always {
                    return Value::Null;
                }
                json!(text)
            }
            Kind::Whole | Kind::Decimal | Kind::Date | Kind::Day | Kind::Choice(_) => {
                if !text.is_empty() {
                    return self.read(field, path, text);
                }
                if field.need == Need::Always {
                    self.trouble(path, missing(&field.kind));
                }
                Value::Null
            }
        }
    }

    fn row(&mut self, columns: &[Field], path: &str) -> Value {
        let column = |column: &Field| {
            let value = self.value(column, &format!("{path}.{}", column.path));
            (column.path.to_owned(), value)
        };
        Value::Object(columns.iter().map(column).collect())
    }

    /// Both ends; if only one is known, it is both.
    fn range(&mut self, path: &str) -> Value {
        let paths = [format!("{path}.from"), format!("{path}.to")];
        let ends = paths.map(|path| {
            let text = self.values.first(&path);
            if text.is_empty() { Value::Null } else { self.whole(&path, text) }
        });
        match &ends {
            [Value::Null, Value::Null] => Value::Null,
            [Value::Null, one] | [one, Value::Null] => json!({ "from": one, "to": one }),
            [from, to] => json!({ "from": from, "to": to }),
        }
    }

    fn read(&mut self, field: &Field, path: &str, text: &str) -> Value {
        match field.kind {
            Kind::Whole => self.whole(path, text),
            Kind::Decimal => match number(text, self.language) {
                Some(number) => json!(number),
                None => self.trouble(path, |w| w.no_number),
            },
            Kind::Date => match partial(text) {
                Some(date) => json!(date),
                None => self.trouble(path, |w| w.no_date),
            },
            Kind::Day => match written_day(text) {
                Some(date) => json!(date),
                None => self.trouble(path, |w| w.no_day),
            },
            _ => json!(text),
        }
    }

    fn whole(&mut self, path: &str, text: &str) -> Value {
        let found = number(text, self.language).filter(|number| number.fract() == 0.0);
        let bounds = f64::from(i32::MIN)..=f64::from(i32::MAX);
        match found.filter(|number| bounds.contains(number)) {
            Some(number) => json!(number as i64),
            None => self.trouble(path, |w| w.no_whole),
        }
    }

    fn trouble(&mut self, path: &str, message: super::Said) -> Value {
        let message = message(WorkPhrases::of(self.language));
        self.troubles.push(Trouble::at(path, message));
        Value::Null
    }
}

const fn missing(kind: &Kind) -> super::Said {
    match kind {
        Kind::Whole => |w| w.no_whole,
        Kind::Decimal => |w| w.no_number,
        Kind::Date => |w| w.no_date,
        Kind::Day => |w| w.no_day,
        _ => |w| w.choose_one,
    }
}

/// A day as the API writes it, of one as people do.
pub(crate) fn written_day(text: &str) -> Option<String> {
    partial(text.trim()).filter(|date| day(date).is_some())
}

/// A date as the API writes it, of one as people do.
fn partial(text: &str) -> Option<String> {
    let parts = |mark: char| text.split(mark).map(str::trim).collect::<Vec<_>>();
    let padded = |part: &str| format!("{part:0>2}");
    let written = match (&parts('.')[..], &parts('/')[..]) {
        ([day, month, year], _) => format!("{year}-{}-{}", padded(month), padded(day)),
        (_, [month, year]) => format!("{year}-{}", padded(month)),
        _ => text.to_owned(),
    };
    written.parse::<PartialDate>().is_ok().then_some(written)
}

/// Puts a value where a path leads.
fn put(all: &mut Value, path: &str, value: Value) {
    let mut place = all;
    for name in path.split('.') {
        if !place.is_object() {
            *place = Value::Object(Map::new());
        }
        let Value::Object(fields) = place else { return };
        place = fields.entry(name).or_insert(Value::Null);
    }
    *place = value;
}

/// Whether there is nothing in a part of the input.
fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(entries) => entries.is_empty(),
        Value::Object(fields) => fields.values().all(says_nothing),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::form::{Options, field, group};

    const SOURCE: &[Field] = &[
        field("title", |w| w.source_title, Kind::Line).needed(),
        field("url", |w| w.url, Kind::Web),
    ];
    const FIELDS: &[Field] = &[
        field("title", |w| w.title, Kind::Line).needed(),
        field("teaser", |w| w.teaser, Kind::Line),
        field("costs.oneOff", |w| w.one_off, Kind::Range),
        field("costs.year", |w| w.price_year, Kind::Whole),
        field("period.starts", |w| w.starts, Kind::Date),
        field("keywords", |w| w.keywords, Kind::Lines),
        field("sources", |w| w.sources, Kind::Rows(SOURCE)),
    ];
    const FORM: &[Group] = &[group(|w| w.about, FIELDS)];

    fn typed(pairs: &[(&str, &str)]) -> Values {
        let pairs: Vec<_> =
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Values::posted(&pairs).compact(FORM)
    }

    fn read(pairs: &[(&str, &str)]) -> (Value, Vec<String>) {
        let (input, troubles) = input(FORM, &typed(pairs), Language::German);
        (Value::Object(input), troubles.iter().map(Trouble::place).collect())
    }

    #[test]
    fn what_is_typed_becomes_what_the_api_takes() {
        let (input, troubles) = read(&[
            ("title", " Rufbus "),
            ("costs.oneOff.from", "12.000"),
            ("period.starts", "9/2023"),
            ("keywords", "Bus\r\n\r\n Bahn "),
            ("sources.0.title", ""),
            ("sources.0.url", " "),
            ("sources.4.title", "Bericht"),
        ]);
        let expected = json!({
            "title": "Rufbus", "teaser": null,
            "costs": { "oneOff": { "from": 12_000, "to": 12_000 }, "year": null },
            "period": { "starts": "2023-09" }, "keywords": ["Bus", "Bahn"],
            "sources": [{ "title": "Bericht", "url": null }],
        });
        assert_eq!((input, troubles), (expected, Vec::<String>::new()));
    }

    #[test]
    fn a_part_in_which_nothing_stands_is_none() {
        let (input, troubles) = read(&[("title", ""), ("costs.year", "")]);
        assert_eq!(
            (&input["costs"], &input["period"], &input["title"]),
            (&json!(null), &json!(null), &json!(""))
        );
        assert!(troubles.is_empty());
    }

    #[test]
    fn only_what_was_changed_is_sent_and_choices_keep_their_order() {
        const PLACES: &[Field] = &[
            field("municipalities", |w| w.municipalities, Kind::Choices(Options::Listed("all"))),
            field("place", |w| w.place, Kind::Line),
        ];
        const GROUPS: &[Group] = &[group(|w| w.about, PLACES)];
        let check = |chosen: Value, place: &str, expected: Value| {
            let of = |municipalities: &Value, place: &str| {
                let input = json!({ "municipalities": municipalities, "place": place });
                input.as_object().cloned().unwrap_or_default()
            };
            let stored = of(&json!(["b", "a"]), "Markt");
            let sent = changed(GROUPS, of(&chosen, place), &stored);
            assert_eq!(Value::Object(sent), expected);
        };
        check(json!(["a", "b"]), "Markt", json!({}));
        check(json!(["a", "b", "c"]), "Markt", json!({ "municipalities": ["b", "a", "c"] }));
        check(json!(["a"]), "Rathaus", json!({ "municipalities": ["a"], "place": "Rathaus" }));
    }

    #[test]
    fn what_cannot_be_read_is_told_at_its_field() {
        let (_, troubles) = read(&[
            ("costs.oneOff.from", "viel"),
            ("costs.year", "99999999999"),
            ("period.starts", "irgendwann"),
            ("sources.999999999.title", "zu weit"),
        ]);
        assert_eq!(troubles, ["costs.oneOff.from", "costs.year", "period.starts"]);
    }

    #[test]
    fn a_record_comes_back_as_it_was() {
        let record = json!({
            "title": "Rufbus", "teaser": null, "costs": { "oneOff": { "from": 5, "to": 7 }, "year": 2024 },
            "period": { "starts": "2023-09-04" }, "keywords": ["a", "b"],
            "sources": [{ "title": "x", "url": null }],
        });
        let values = Values::of_record(FORM, &record, Language::German);
        assert_eq!(values.first("period.starts"), "4.9.2023");
        assert_eq!(values, values.compact(FORM));
        let (again, troubles) = input(FORM, &values, Language::German);
        assert_eq!((Value::Object(again), troubles), (record, Vec::new()));
    }
}
