//! The filters of the list of solutions, in addresses and in the API.

use std::borrow::Cow;

use crate::domain::{
    EffortBand, EvidenceLevel, Label, Language, SizeBand, SolutionStatus, State, token_is_slug,
};

/// A filter of the list.
#[derive(Debug)]
pub(crate) struct Filter {
    /// Its name in addresses.
    pub(crate) name: &'static str,
    /// Its field in the API's filter.
    pub(super) input: &'static str,
    /// Its field among the API's counts.
    pub(super) facet: &'static str,
    german: &'static str,
    english: &'static str,
    values: Values,
}

/// What a filter's values are.
#[derive(Debug)]
enum Values {
    /// Records, by their keys; the API puts this ahead of them.
    Records(&'static str),
    /// States, by their codes.
    States,
    /// Values of a closed list, and how they are read.
    Kinds(fn(&str, Language) -> Option<&'static str>),
}

fn read<L: Label>(name: &str, language: Language) -> Option<&'static str> {
    L::from_name(name).map(|value| value.label(language))
}

const fn filter(
    name: &'static str,
    input: &'static str,
    facet: &'static str,
    (german, english): (&'static str, &'static str),
    values: Values,
) -> Filter {
    Filter { name, input, facet, german, english, values }
}

/// All filters, in the order in which they are shown.
pub(super) const ALL: &[Filter] = &[
    filter("topic", "topics", "TOPIC", ("Thema", "Topic"), Values::Records("Topic:")),
    filter(
        "group",
        "targetGroups",
        "TARGET_GROUP",
        ("Für wen", "For whom"),
        Values::Records("TargetGroup:"),
    ),
    filter(
        "size",
        "sizeBands",
        "SIZE_BAND",
        ("Größe der Kommune", "Size of municipality"),
        Values::Kinds(read::<SizeBand>),
    ),
    filter("state", "states", "STATE", ("Land", "State"), Values::States),
    filter(
        "status",
        "statuses",
        "STATUS",
        ("Stand", "Status"),
        Values::Kinds(read::<SolutionStatus>),
    ),
    filter(
        "evidence",
        "evidence",
        "EVIDENCE",
        ("Beleg der Wirkung", "Evidence"),
        Values::Kinds(read::<EvidenceLevel>),
    ),
    filter("effort", "efforts", "EFFORT", ("Aufwand", "Effort"), Values::Kinds(read::<EffortBand>)),
];

impl Filter {
    /// The filter with this name in addresses.
    pub(super) fn named(name: &str) -> Option<&'static Self> {
        ALL.iter().find(|filter| filter.name == name)
    }

    /// The filter with this field in the API.
    pub(super) fn of_input(input: &str) -> Option<&'static Self> {
        ALL.iter().find(|filter| filter.input == input)
    }

    /// Whether its values are records, which have ids.
    pub(super) const fn is_of_records(&self) -> bool {
        matches!(self.values, Values::Records(_))
    }

    /// What people read.
    pub(crate) fn label(&self, language: Language) -> &'static str {
        match language {
            Language::German => self.german,
            Language::English => self.english,
        }
    }

    /// Whether a value can be one. Others come from broken addresses.
    pub(super) fn holds(&self, value: &str) -> bool {
        match self.values {
            Values::Records(_) => token_is_slug(value),
            Values::States | Values::Kinds(_) => self.reads(value, Language::German).is_some(),
        }
    }

    /// What people read of a value, as far as that is known without asking anybody.
    pub(super) fn reads(&self, value: &str, language: Language) -> Option<&'static str> {
        match self.values {
            Values::Records(_) => None,
            Values::States => {
                let state = State::ALL.iter().find(|state| state.0 == value);
                state.map(|state| state.name(language))
            }
            Values::Kinds(read) => read(value, language),
        }
    }

    /// A value as the API takes it.
    pub(super) fn in_api(&self, value: &str) -> String {
        match self.values {
            Values::Records(prefix) => format!("{prefix}{value}"),
            Values::States => value.to_owned(),
            Values::Kinds(_) => value.to_uppercase(),
        }
    }

    /// A value of the API as it stands in addresses.
    pub(super) fn in_address<'a>(&self, value: &'a str) -> Cow<'a, str> {
        match self.values {
            Values::Records(prefix) => value.strip_prefix(prefix).unwrap_or(value).into(),
            Values::States => value.into(),
            Values::Kinds(_) => value.to_lowercase().into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_for_addresses_and_for_the_api() {
        let written = [("topic", "mobility"), ("size", "from_5k"), ("state", "DE-SN")]
            .map(|(name, value)| Filter::named(name).map(|filter| filter.in_api(value)));
        let expected = ["Topic:mobility", "FROM_5K", "DE-SN"].map(|text| Some(text.to_owned()));
        assert_eq!(written, expected);
        for filter in ALL {
            let api = filter.in_api("mobility");
            assert!(filter.in_address(&api).eq_ignore_ascii_case("mobility"), "{}", filter.name);
        }
    }

    #[test]
    fn broken_values_are_none() {
        let holds = |name, value| Filter::named(name).is_some_and(|filter| filter.holds(value));
        assert!(holds("topic", "mobility") && holds("size", "from_5k") && holds("state", "DE-SN"));
        assert!(!holds("topic", "a b\"") && !holds("size", "huge") && !holds("state", "XX"));
        assert!(!holds("nothing", "x"));
    }
}
