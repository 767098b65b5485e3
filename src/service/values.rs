//! The values of conditions, as people write them.

use std::sync::Arc;

use allmende_index::Facet;

use crate::domain::{
    EffortBand, EvidenceLevel, Instrument, Label, Language, MunicipalityKind, QualityLevel,
    SettlementType, SizeBand, SolutionStatus, State, SupportClass, Translated, slug,
};
use crate::live::{Place, Tables, begins_within};

/// So many municipalities are meant at most by the beginning of a name.
const MOST_PLACES: usize = 20;
/// More values are no help.
const MOST_TOLD: usize = 20;
/// With fewer letters nothing is meant yet.
const SHORTEST_BEGINNING: usize = 3;

/// The values as the index has them, of what people write: a name in URLs, a code or a label; or, if
/// there is no such one, all whose labels have a word that begins so.
pub(super) fn values_of(facet: Facet, written: &str, tables: &Tables) -> Vec<String> {
    let wanted = slug(written);
    match facet {
        Facet::Municipality => {
            let named = tables.named(&wanted).into_iter();
            let begun = || tables.beginning(written, MOST_PLACES).into_iter();
            let keys = |place: &Arc<Place>| place.municipality.id.key();
            let exactly: Vec<String> = named.map(keys).collect();
            if exactly.is_empty() { begun().map(keys).collect() } else { exactly }
        }
        Facet::Keyword => vec![written.to_lowercase()],
        Facet::Language => language(&written.to_lowercase()).into_iter().collect(),
        _ => {
            let known = names_of(facet, tables);
            let meant = |is_meant: &dyn Fn(&str) -> bool| -> Vec<String> {
                let found = known.iter().filter(|(_, names)| names.iter().any(|it| is_meant(it)));
                found.map(|(value, _)| value.clone()).collect()
            };
            let exactly = meant(&|name| slug(name) == wanted);
            if exactly.is_empty() && wanted.chars().count() >= SHORTEST_BEGINNING {
                return meant(&|name| begins_within(&slug(name), &wanted));
            }
            exactly
        }
    }
}

/// The values of a facet, and how people write each: its key, and its German and English label.
fn names_of(facet: Facet, tables: &Tables) -> Vec<(String, Vec<String>)> {
    let translated = |key: String, name: &Translated| {
        let names = vec![name.de.clone(), name.en.clone(), key.clone()];
        (key, names)
    };
    match facet {
        Facet::Topic => {
            tables.topics.values().map(|it| translated(it.id.key(), &it.name)).collect()
        }
        Facet::TargetGroup => {
            tables.target_groups.values().map(|it| translated(it.id.key(), &it.name)).collect()
        }
        Facet::Programme => {
            tables.programmes.values().map(|it| translated(it.id.key(), &it.name)).collect()
        }
        Facet::State => {
            let named = |state: &State| {
                let names = [Language::German, Language::English].map(|it| state.name(it));
                let codes = [state.0, state.0.trim_start_matches("DE-")];
                let names = names.into_iter().chain(codes).map(str::to_owned);
                (state.0.to_owned(), names.collect())
            };
            State::ALL.iter().map(named).collect()
        }
        Facet::MunicipalityKind => labelled::<MunicipalityKind>(),
        Facet::SizeBand => labelled::<SizeBand>(),
        Facet::Status => labelled::<SolutionStatus>(),
        Facet::Instrument => labelled::<Instrument>(),
        Facet::Effort => labelled::<EffortBand>(),
        Facet::Evidence => labelled::<EvidenceLevel>(),
        Facet::Quality => labelled::<QualityLevel>(),
        Facet::StructuralWeakness => labelled::<SupportClass>(),
        Facet::SettlementType => labelled::<SettlementType>(),
        _ => Vec::new(),
    }
}

/// What could be meant by a condition, in German and in English; nothing if there is too much of it.
pub(super) fn known_values(facet: Facet, tables: &Tables) -> [Vec<String>; 2] {
    let names = names_of(facet, tables);
    if names.len() > MOST_TOLD {
        return Default::default();
    }
    [0, 1].map(|language| {
        let labels = names.iter().filter_map(|(_, names)| names.get(language).cloned());
        let mut labels: Vec<String> = labels.collect();
        labels.sort_unstable();
        labels
    })
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

/// The values of a closed list, and how people write each.
fn labelled<L: Label>() -> Vec<(String, Vec<String>)> {
    let named = |value: &L| {
        let labels = [Language::German, Language::English].map(|it| value.label(it));
        let names = labels.into_iter().chain([value.name()]).map(str::to_owned);
        (value.name().to_owned(), names.collect())
    };
    L::ALL.iter().map(named).collect()
}
