//! The demographic types of the Wegweiser Kommune, which towns of more than 5,000 inhabitants know.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A demographic type. Types of different editions cannot be compared, so none goes without its
/// edition. Written `2020/5`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DemographicType {
    /// The year of the edition.
    pub edition: u16,
    /// The number of the type within it, from 1.
    pub number: u8,
}

/// The text names no demographic type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no demographic type: write edition and type, such as 2020/5")]
pub struct DemographicTypeError(String);

impl DemographicType {
    /// How many types an edition has: nine until 2017, eleven since.
    #[must_use]
    pub const fn count(edition: u16) -> u8 {
        if edition < 2020 { 9 } else { 11 }
    }
}

impl FromStr for DemographicType {
    type Err = DemographicTypeError;

    fn from_str(text: &str) -> Result<Self, DemographicTypeError> {
        let parsed = text.split_once('/').and_then(|(edition, number)| {
            let edition = edition.trim().parse().ok().filter(|it| (2000..2100).contains(it))?;
            let number = number.trim().parse().ok()?;
            (1..=Self::count(edition)).contains(&number).then_some(Self { edition, number })
        });
        parsed.ok_or_else(|| DemographicTypeError(text.to_owned()))
    }
}

impl TryFrom<String> for DemographicType {
    type Error = DemographicTypeError;

    fn try_from(text: String) -> Result<Self, DemographicTypeError> {
        text.parse()
    }
}

impl From<DemographicType> for String {
    fn from(it: DemographicType) -> Self {
        it.to_string()
    }
}

impl fmt::Display for DemographicType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.edition, self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_goes_with_its_edition() {
        let read = |text: &str| text.parse::<DemographicType>();
        assert_eq!(read("2020/11"), Ok(DemographicType { edition: 2020, number: 11 }));
        assert_eq!(read(" 2013 / 9 ").map(|it| it.to_string()), Ok("2013/9".to_owned()));
        for text in ["", "5", "2020/0", "2020/12", "2013/10", "20/5", "2020/5/1"] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
