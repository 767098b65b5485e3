//! What values look like in files of others: names and ids of the API, or German labels.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json};

use super::fields::unknown;
use crate::domain::{Label, Language};

/// Gives the written form of a value of a closed list.
pub(super) type Choice = fn(&str) -> Result<String, String>;

/// Letters and digits only, in lower case: how names and labels are compared.
pub(super) fn bare(text: &str) -> String {
    text.chars().filter(|it| it.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether a label is meant; what stands in brackets behind it may be left out.
fn is_label(label: &str, wanted: &str) -> bool {
    let short = label.split_once(" (").map_or(label, |(short, _)| short);
    bare(label) == wanted || bare(short) == wanted
}

/// A text; blanks around it say nothing.
pub(super) fn text(json: Json) -> Result<String, String> {
    match json {
        Json::String(text) => Ok(text.trim().to_owned()),
        other => Err(format!("a text is expected, not {}", kind(&other))),
    }
}

/// A value of a closed list: the name of the API, the written form, or a label.
pub(super) fn choice<L: Label>(json: Json) -> Result<L, String> {
    let given = text(json)?;
    let wanted = bare(&given);
    let is_meant = |value: &&L| {
        let languages = [Language::German, Language::English];
        bare(value.name()) == wanted
            || languages.iter().any(|it| is_label(value.label(*it), &wanted))
    };
    L::ALL.iter().find(is_meant).copied().ok_or_else(|| {
        let all: Vec<&str> = L::ALL.iter().map(|value| value.label(Language::German)).collect();
        format!("there is no \"{given:.60}\"; there are {}", all.join(", "))
    })
}

/// The written form of a value inside of a part.
pub(super) fn choice_in_part<L: Label>(given: &str) -> Result<String, String> {
    choice::<L>(Json::from(given)).map(|value| value.name().to_owned())
}

/// A list; of a single value a list of one.
pub(super) fn list<T>(
    json: Json,
    read: impl Fn(Json) -> Result<T, String>,
) -> Result<Vec<T>, String> {
    match json {
        Json::Array(items) => items.into_iter().map(read).collect(),
        single => Ok(vec![read(single)?]),
    }
}

/// A value that is read as the domain writes it.
pub(super) fn plain<T: DeserializeOwned>(json: Json) -> Result<T, String> {
    serde_json::from_value(json).map_err(|error| error.to_string())
}

/// A part of a record, written as in the API.
pub(super) fn part<T: DeserializeOwned>(json: Json) -> Result<T, String> {
    match json {
        Json::Object(_) => plain(as_in_domain(json)),
        other => Err(format!("an object with fields is expected, not {}", kind(&other))),
    }
}

/// Names as the domain writes them, enum values too; what is null is left out.
fn as_in_domain(json: Json) -> Json {
    match json {
        Json::Object(fields) => {
            let fields = fields.into_iter().filter(|(_, value)| !value.is_null());
            let fields = fields.map(|(name, value)| {
                let value = match (name.as_str(), value) {
                    ("level" | "role", Json::String(choice)) => choice.to_lowercase().into(),
                    (_, value) => as_in_domain(value),
                };
                (snake_case(&name), value)
            });
            Json::Object(fields.collect::<Map<_, _>>())
        }
        Json::Array(items) => items.into_iter().map(as_in_domain).collect(),
        other => other,
    }
}

fn snake_case(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

/// A word of a vocabulary: by its id, its slug or a label.
pub(super) fn word<'a, K: Clone + 'a>(
    json: Json,
    kind: &str,
    words: impl Iterator<Item = (&'a K, String, [&'a str; 2])> + Clone,
) -> Result<K, String> {
    let given = text(json)?;
    let wanted = given.strip_prefix(kind).and_then(|rest| rest.strip_prefix(':')).unwrap_or(&given);
    let wanted = bare(wanted);
    let mut found = words.clone().filter(|(_, slug, labels)| {
        bare(slug) == wanted || labels.iter().any(|label| is_label(label, &wanted))
    });
    match found.next() {
        Some((key, _, _)) => Ok(key.clone()),
        None => Err(unknown(&given, words.map(|(_, _, [german, _])| german))),
    }
}

fn kind(json: &Json) -> &'static str {
    match json {
        Json::Null => "null",
        Json::Bool(_) => "true or false",
        Json::Number(_) => "a number",
        Json::String(_) => "a text",
        Json::Array(_) => "a list",
        Json::Object(_) => "an object",
    }
}
