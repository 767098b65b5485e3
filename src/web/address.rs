//! Addresses of pages.

use std::fmt;

use url::form_urlencoded::{self, Serializer};

/// A path with what stands behind the `?`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address {
    path: String,
    pairs: Vec<(String, String)>,
}

impl Address {
    /// A path alone.
    pub(crate) fn at(path: impl Into<String>) -> Self {
        Self { path: path.into(), pairs: Vec::new() }
    }

    /// A path with these pairs.
    pub(crate) fn new(path: impl Into<String>, pairs: Vec<(String, String)>) -> Self {
        Self { path: path.into(), pairs }
    }

    /// An address within the hub, as somebody has it from a page; the start page if it leads elsewhere.
    pub(crate) fn read(text: &str) -> Self {
        let (path, query) = text.split_once('?').unwrap_or((text, ""));
        // Browsers take `\` for `/`, and drop what cannot be seen.
        let is_plain = |letter: char| letter != '\\' && !letter.is_control();
        let is_own = path.starts_with('/') && !path.starts_with("//") && path.chars().all(is_plain);
        if !is_own {
            return Self::at("/");
        }
        Self::new(path, form_urlencoded::parse(query.as_bytes()).into_owned().collect())
    }

    /// Whether it has this path.
    pub(crate) fn is_at(&self, path: &str) -> bool {
        self.path == path
    }

    /// With one more pair.
    pub(crate) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.pairs.push((name.to_owned(), value.into()));
        self
    }

    /// With this pair instead of all others of its name.
    pub(crate) fn only(self, name: &str, value: impl Into<String>) -> Self {
        self.without(name).with(name, value)
    }

    /// Without the pairs of this name.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.pairs.retain(|(other, _)| other != name);
        self
    }

    /// Without this pair.
    pub(crate) fn without_value(mut self, name: &str, value: &str) -> Self {
        self.pairs.retain(|(other, held)| other != name || held != value);
        self
    }
}

impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.path)?;
        if self.pairs.is_empty() {
            return Ok(());
        }
        let query = Serializer::new(String::new()).extend_pairs(&self.pairs).finish();
        write!(formatter, "?{query}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_behind_the_question_mark_can_be_changed() {
        let address = Address::at("/solutions").with("q", "Bus & Bahn").with("topic", "mobility");
        assert_eq!(address.to_string(), "/solutions?q=Bus+%26+Bahn&topic=mobility");
        let other = address.clone().with("topic", "housing").without_value("topic", "mobility");
        assert_eq!(other.to_string(), "/solutions?q=Bus+%26+Bahn&topic=housing");
        assert_eq!(address.only("q", "Dorf").without("topic").to_string(), "/solutions?q=Dorf");
        assert_eq!(Address::at("/").to_string(), "/");
    }

    #[test]
    fn nobody_is_led_away() {
        let away = [
            "https://example.org/",
            "//example.org/",
            "/\\example.org",
            "/\t/example.org",
            "javascript:x",
            "",
        ];
        for text in away {
            assert_eq!(Address::read(text).to_string(), "/", "{text}");
        }
        assert_eq!(Address::read("/solutions?q=a+b").to_string(), "/solutions?q=a+b");
    }
}
