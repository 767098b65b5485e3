//! Searches that are saved: in words, as the API keeps them, and back.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::asked::Asked;
use super::filter::Filter;
use crate::web::cards::Named;
use crate::web::site::Site;

/// So many records are looked up by name at once, at most.
const MOST_NAMED: usize = 50;

/// The names of records, by their ids.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Names {
    nodes: Vec<Option<Named>>,
}

impl Names {
    fn of(&self, id: &str) -> Option<&str> {
        let mut nodes = self.nodes.iter().flatten();
        nodes.find(|node| node.id == id).map(|node| node.name.as_str())
    }

    /// The name of a topic, by its slug.
    pub(crate) fn of_topic(&self, slug: &str) -> Option<&str> {
        self.of(&format!("Topic:{slug}"))
    }
}

impl Asked {
    /// What a saved search asks, and whether that is all: the API knows filters that no page has.
    pub(crate) fn saved(search: Option<&str>, filter: Option<&str>) -> (Self, bool) {
        let fields: Map<String, Value> =
            filter.and_then(|filter| serde_json::from_str(filter).ok()).unwrap_or_default();
        let mut pairs: Vec<(String, String)> = Vec::new();
        pairs.extend(search.map(|search| ("q".to_owned(), search.to_owned())));
        let mut is_whole = true;
        for (input, values) in &fields {
            let (Some(filter), Some(values)) = (Filter::of_input(input), values.as_array()) else {
                is_whole = false;
                continue;
            };
            for value in values.iter().filter_map(Value::as_str) {
                pairs.push((filter.name.to_owned(), filter.in_address(value).into_owned()));
            }
        }
        (Self::of(&pairs), is_whole)
    }

    /// As the API takes it for a watch.
    pub(crate) fn selection(&self) -> Value {
        let search = Some(&self.search).filter(|search| !search.is_empty());
        json!({ "search": search, "filter": self.filter() })
    }

    /// The records that it names, by their ids.
    pub(crate) fn records(&self) -> Vec<String> {
        let records = self.chosen().filter(|(filter, _)| filter.is_of_records());
        records.take(MOST_NAMED).map(|(filter, value)| filter.in_api(value)).collect()
    }

    /// The topics that it names, by their slugs.
    pub(crate) fn topics(&self) -> impl Iterator<Item = &str> {
        let topics = self.chosen().filter(|(filter, _)| filter.name == "topic");
        topics.map(|(_, value)| value)
    }

    /// What it asks for, line by line: of what kind, and which.
    pub(crate) fn words(&self, site: &Site, names: &Names) -> Vec<(&'static str, String)> {
        let mut lines: Vec<(&'static str, Vec<String>)> = Vec::new();
        if !self.search.is_empty() {
            lines.push((site.t().words, vec![format!("„{}“", self.search)]));
        }
        for (filter, value) in self.chosen() {
            let label = filter.label(site.language);
            let read = filter.reads(value, site.language);
            let id = filter.in_api(value);
            let read = read.or_else(|| names.of(&id)).unwrap_or(value).to_owned();
            match lines.iter_mut().find(|(other, _)| *other == label) {
                Some((_, values)) => values.push(read),
                None => lines.push((label, vec![read])),
            }
        }
        lines.into_iter().map(|(label, values)| (label, values.join(", "))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(asked: &Asked) -> Vec<(&str, &str)> {
        asked.chosen().map(|(filter, value)| (filter.name, value)).collect()
    }

    #[test]
    fn what_is_saved_reads_back_as_it_was_asked() {
        let given = [("q", "Bus"), ("topic", "mobility"), ("size", "from_5k"), ("state", "DE-SN")];
        let given = given.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let asked = Asked::of(&given);
        let selection = asked.selection();
        let filter = selection.get("filter").map(Value::to_string);
        let (again, is_whole) = Asked::saved(Some("Bus"), filter.as_deref());
        assert!(is_whole);
        assert_eq!((again.search.as_str(), pairs(&again)), ("Bus", pairs(&asked)));
        assert_eq!(asked.records(), ["Topic:mobility"]);
    }

    #[test]
    fn what_only_the_api_can_ask_is_known_to_be_missing() {
        let (asked, is_whole) = Asked::saved(None, Some(r#"{"population":{"min":5}}"#));
        assert!(!is_whole && pairs(&asked).is_empty());
        assert!(Asked::saved(None, None).1);
    }
}
