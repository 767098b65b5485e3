//! Conditions that people type between their words: `topic:mobility`, `land:Sachsen`,
//! `einwohner:<5000`. German and English names are understood, and values as people read them.

use allmende_index::{Error, Facet, Field, Filter, LONGEST_TEXT, Number, fields, range};

use super::listing::{ListError, going_on};
use super::values::{known_values, values_of};
use crate::domain::Language;
use crate::live::Tables;

/// More conditions are nobody's search.
const MOST_VALUES: usize = 20;

/// Something in a text that was not understood as it may have been meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hint {
    /// There is no such condition; its name and value were looked for as words.
    UnknownName(String),
    /// The condition has no such value, which was looked for as words; and the values that it has,
    /// in German and in English, if they are few.
    UnknownValue(String, [Vec<String>; 2]),
    /// So many words at the end were too many.
    Unread(usize),
}

impl Hint {
    /// What to tell who typed it.
    #[must_use]
    pub fn message(&self, language: Language) -> String {
        match (self, language) {
            (Self::UnknownName(name), Language::German) => format!(
                "\u{201e}{name}:\u{201c} ist keine Bedingung; gesucht wurde nach den Wörtern. Bedingungen sind {NAMED}."
            ),
            (Self::UnknownName(name), Language::English) => format!(
                "\"{name}:\" is no condition, so its words were searched for. Conditions are {NAMED}."
            ),
            (Self::UnknownValue(typed, [known, _]), Language::German) => format!(
                "\u{201e}{typed}\u{201c} trifft auf nichts zu; gesucht wurde nach dem Wert als Wort.{}",
                listed(" Möglich sind: ", known)
            ),
            (Self::UnknownValue(typed, [_, known]), Language::English) => format!(
                "\"{typed}\" names nothing, so its value was searched for as words.{}",
                listed(" There are: ", known)
            ),
            (Self::Unread(count), Language::German) => {
                format!("Die letzten {count} Wörter waren zu viele und wurden nicht gesucht.")
            }
            (Self::Unread(count), Language::English) => {
                format!("The last {count} words were too many and not searched for.")
            }
        }
    }
}

/// Values as a part of a sentence.
fn listed(begins: &str, values: &[String]) -> String {
    if values.is_empty() { String::new() } else { format!("{begins}{}.", values.join("; ")) }
}

/// Conditions, as hints name them.
const NAMED: &str = "topic (thema), target (zielgruppe), state (land), municipality (ort), type (art), size (größe), \
    status, instrument (mittel), effort (aufwand), evidence (beleg), quality (qualität), programme (programm), \
    keyword (schlagwort), language (sprache), weakness (förderung), settlement (siedlung), population (einwohner), \
    year (jahr)";

/// What a condition is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum About {
    Value(Facet),
    Population,
    Year,
}

/// The names of conditions.
const NAMES: [(&str, About); 44] = [
    ("topic", About::Value(Facet::Topic)),
    ("thema", About::Value(Facet::Topic)),
    ("themen", About::Value(Facet::Topic)),
    ("target", About::Value(Facet::TargetGroup)),
    ("zielgruppe", About::Value(Facet::TargetGroup)),
    ("state", About::Value(Facet::State)),
    ("land", About::Value(Facet::State)),
    ("bundesland", About::Value(Facet::State)),
    ("municipality", About::Value(Facet::Municipality)),
    ("kommune", About::Value(Facet::Municipality)),
    ("gemeinde", About::Value(Facet::Municipality)),
    ("ort", About::Value(Facet::Municipality)),
    ("type", About::Value(Facet::MunicipalityKind)),
    ("art", About::Value(Facet::MunicipalityKind)),
    ("size", About::Value(Facet::SizeBand)),
    ("größe", About::Value(Facet::SizeBand)),
    ("groesse", About::Value(Facet::SizeBand)),
    ("status", About::Value(Facet::Status)),
    ("instrument", About::Value(Facet::Instrument)),
    ("mittel", About::Value(Facet::Instrument)),
    ("effort", About::Value(Facet::Effort)),
    ("aufwand", About::Value(Facet::Effort)),
    ("evidence", About::Value(Facet::Evidence)),
    ("beleg", About::Value(Facet::Evidence)),
    ("quality", About::Value(Facet::Quality)),
    ("qualität", About::Value(Facet::Quality)),
    ("qualitaet", About::Value(Facet::Quality)),
    ("programme", About::Value(Facet::Programme)),
    ("programm", About::Value(Facet::Programme)),
    ("keyword", About::Value(Facet::Keyword)),
    ("schlagwort", About::Value(Facet::Keyword)),
    ("stichwort", About::Value(Facet::Keyword)),
    ("language", About::Value(Facet::Language)),
    ("sprache", About::Value(Facet::Language)),
    ("weakness", About::Value(Facet::StructuralWeakness)),
    ("förderung", About::Value(Facet::StructuralWeakness)),
    ("foerderung", About::Value(Facet::StructuralWeakness)),
    ("settlement", About::Value(Facet::SettlementType)),
    ("siedlung", About::Value(Facet::SettlementType)),
    ("population", About::Population),
    ("einwohner", About::Population),
    ("ew", About::Population),
    ("year", About::Year),
    ("jahr", About::Year),
];

/// What somebody typed, understood.
#[derive(Debug, Default)]
pub(super) struct Understood {
    /// The words, if there are any.
    pub(super) words: Option<String>,
    /// The conditions.
    pub(super) conditions: Vec<Filter>,
    /// What was not understood.
    pub(super) hints: Vec<Hint>,
    /// The conditions as they were typed.
    pub(super) typed: String,
}

/// Reads conditions out of a text.
///
/// While somebody is still typing, a range that cannot be read yet is no error.
pub(super) fn understand(
    text: &str,
    unfinished: bool,
    tables: &Tables,
) -> Result<Understood, ListError> {
    if text.chars().nth(LONGEST_TEXT).is_some() {
        return Err(ListError::Text(Error::TextTooLong { limit: LONGEST_TEXT }.to_string()));
    }
    let typed = fields(text, |name| about(name).is_some());
    if typed.fields.iter().map(|field| field.values.len()).sum::<usize>() > MOST_VALUES {
        return Err(ListError::Text(format!("a search may have at most {MOST_VALUES} conditions")));
    }
    let mut words = typed.words;
    let mut understood = Understood {
        hints: typed
            .unknown
            .into_iter()
            .filter(|name| is_no_id(name))
            .map(Hint::UnknownName)
            .collect(),
        ..Understood::default()
    };
    for field in typed.fields {
        let condition = match about(&field.name) {
            Some(About::Population | About::Year) if unfinished && ranges(&field).is_err() => {
                continue;
            }
            Some(About::Population) => Some(population(&field)?),
            Some(About::Year) => Some(years(&field)?),
            Some(About::Value(facet)) => {
                let values = field.values.iter().map(|value| values_of(facet, value, tables));
                let values: Option<Vec<Vec<String>>> =
                    values.map(|values| Some(values).filter(|it| !it.is_empty())).collect();
                values.map(|values| Filter::AnyOf(facet, values.concat()))
            }
            None => None,
        };
        match condition {
            Some(condition) => {
                understood.typed = format!("{} {}", understood.typed, field.typed);
                understood.conditions.push(match field.excluded {
                    true => Filter::Not(Box::new(condition)),
                    false => condition,
                });
            }
            None => {
                // The name of a condition says what is meant, not what is looked for.
                let sign = if field.excluded { " -" } else { " " };
                for value in field.values.iter().flat_map(|value| value.split_whitespace()) {
                    words.push_str(sign);
                    words.push_str(value);
                }
                let known = match about(&field.name) {
                    Some(About::Value(facet)) => known_values(facet, tables),
                    _ => Default::default(),
                };
                understood.hints.push(Hint::UnknownValue(field.typed, known));
            }
        }
    }
    understood.words = Some(words).filter(|words| words.contains(char::is_alphanumeric));
    Ok(understood)
}

/// Whether a name is not that of a kind of thing, as it stands in front of an id.
fn is_no_id(name: &str) -> bool {
    let kinds = ["solution", "municipality", "contact", "projectdocument", "organisation"];
    !kinds.contains(&name)
}

fn about(name: &str) -> Option<About> {
    NAMES.iter().find(|(known, _)| *known == name).map(|(_, about)| *about)
}

fn population(field: &Field) -> Result<Filter, ListError> {
    let ranges = ranges(field)?.into_iter();
    let range = ranges.map(|(from, to)| Filter::Range(Number::Population, Some(from), Some(to)));
    Ok(Filter::Or(range.collect()))
}

/// Work that went on in one of some years.
fn years(field: &Field) -> Result<Filter, ListError> {
    let within = |(from, to)| going_on(Some(from), Some(to));
    Ok(Filter::Or(ranges(field)?.into_iter().map(within).collect()))
}

fn ranges(field: &Field) -> Result<Vec<(i64, i64)>, ListError> {
    let read = |value: &String| {
        let range = range(value).ok_or_else(|| ListError::Range(field.typed.clone()))?;
        Ok((*range.start(), *range.end()))
    };
    field.values.iter().map(read).collect()
}
