//! Conditions that people type between their words: `topic:mobility`, `land:Sachsen`,
//! `einwohner:<5000`. German and English names are understood, and values as people read them.

use allmende_index::{Error, Facet, Field, Filter, LONGEST_TEXT, Number, fields, range};

use super::listing::{ListError, going_on};
use crate::domain::{
    EffortBand, EvidenceLevel, Instrument, Label, Language, MunicipalityKind, QualityLevel,
    SettlementType, SizeBand, SolutionStatus, State, SupportClass, slug,
};
use crate::live::Tables;

/// More conditions are nobody's search.
const MOST_VALUES: usize = 20;

/// Something in a text that was not understood as it may have been meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hint {
    /// There is no such condition; its name and value were looked for as words.
    UnknownName(String),
    /// The condition has no such value; it was looked for as words.
    UnknownValue(String),
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
            (Self::UnknownValue(typed), Language::German) => {
                format!(
                    "\u{201e}{typed}\u{201c} trifft auf nichts zu; gesucht wurde nach den Wörtern."
                )
            }
            (Self::UnknownValue(typed), Language::English) => {
                format!("\"{typed}\" names nothing, so its words were searched for.")
            }
            (Self::Unread(count), Language::German) => {
                format!("Die letzten {count} Wörter waren zu viele und wurden nicht gesucht.")
            }
            (Self::Unread(count), Language::English) => {
                format!("The last {count} words were too many and not searched for.")
            }
        }
    }
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
pub(super) fn understand(text: &str, tables: &Tables) -> Result<Understood, ListError> {
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
            Some(About::Population) => Some(population(&field)?),
            Some(About::Year) => Some(years(&field)?),
            Some(About::Value(facet)) => {
                let values: Option<Vec<String>> =
                    field.values.iter().map(|value| value_of(facet, value, tables)).collect();
                values.map(|values| Filter::AnyOf(facet, values))
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
                words.push(' ');
                words.push_str(&field.typed);
                understood.hints.push(Hint::UnknownValue(field.typed));
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

/// The value as the index has it, of what people write: its name in URLs, its code or its label.
fn value_of(facet: Facet, written: &str, tables: &Tables) -> Option<String> {
    let wanted = slug(written);
    let named = |names: [&str; 3]| names.iter().any(|name| slug(name) == wanted);
    let of_words = |key: String, name: &crate::domain::Translated| {
        named([&key, &name.de, &name.en]).then_some(key)
    };
    match facet {
        Facet::Topic => {
            tables.topics.values().find_map(|topic| of_words(topic.id.key(), &topic.name))
        }
        Facet::TargetGroup => {
            tables.target_groups.values().find_map(|group| of_words(group.id.key(), &group.name))
        }
        Facet::Programme => {
            tables.programmes.values().find_map(|it| of_words(it.id.key(), &it.name))
        }
        Facet::Municipality => tables.named(&wanted).map(|place| place.municipality.id.key()),
        Facet::State => State::ALL.iter().find_map(|state| {
            let (de, en) = (state.name(Language::German), state.name(Language::English));
            let short = state.0.trim_start_matches("DE-");
            (named([state.0, de, en]) || slug(short) == wanted).then(|| state.0.to_owned())
        }),
        Facet::Keyword => Some(written.to_lowercase()),
        Facet::Language => language(&written.to_lowercase()),
        Facet::MunicipalityKind => labelled::<MunicipalityKind>(&wanted),
        Facet::SizeBand => labelled::<SizeBand>(&wanted),
        Facet::Status => labelled::<SolutionStatus>(&wanted),
        Facet::Instrument => labelled::<Instrument>(&wanted),
        Facet::Effort => labelled::<EffortBand>(&wanted),
        Facet::Evidence => labelled::<EvidenceLevel>(&wanted),
        Facet::Quality => labelled::<QualityLevel>(&wanted),
        Facet::StructuralWeakness => labelled::<SupportClass>(&wanted),
        Facet::SettlementType => labelled::<SettlementType>(&wanted),
        _ => None,
    }
}

/// The tag of a language, of its name or the tag itself.
fn language(written: &str) -> Option<String> {
    let tag = match written {
        "deutsch" | "german" => "de",
        "englisch" | "english" => "en",
        "leichte sprache" | "easy" => "de-x-leicht",
        tag => tag,
    };
    let is_tag = tag.split('-').all(|part| (1..=8).contains(&part.len()) && part.is_ascii());
    (is_tag && tag.split('-').next().is_some_and(|part| part.len() <= 3)).then(|| tag.to_owned())
}

fn labelled<L: Label>(wanted: &str) -> Option<String> {
    let is_meant = |value: &&L| {
        let names = [value.name(), value.label(Language::German), value.label(Language::English)];
        names.iter().any(|name| slug(name) == wanted)
    };
    L::ALL.iter().find(is_meant).map(|value| value.name().to_owned())
}
