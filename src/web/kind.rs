//! Values of closed lists, as the API writes them.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error};

use crate::domain::{Label, Language};

/// A value of a closed list that came out of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kind<L>(pub(crate) L);

impl<L: Label> Kind<L> {
    /// What people read.
    pub(crate) fn label(&self, language: &Language) -> &'static str {
        self.0.label(*language)
    }

    /// The written form, as a word in a class of the stylesheet.
    pub(crate) fn name(&self) -> &'static str {
        self.0.name()
    }
}

impl<L: Label + fmt::Debug> fmt::Display for Kind<L> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0.name())
    }
}

impl<'de, L: Label> Deserialize<'de> for Kind<L> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        let found = L::from_name(&name.to_lowercase());
        found.map(Self).ok_or_else(|| D::Error::custom(format!("there is no value {name}")))
    }
}
