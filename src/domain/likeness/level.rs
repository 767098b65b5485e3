//! The levels on which municipalities are compared: a village never with a county.

use super::super::kinds::kinds;

kinds! {
    /// The level on which municipalities are compared.
    Level {
        Municipality = "municipality", "Städte und Gemeinden", "towns and municipalities";
        Association = "association", "Gemeindeverbände", "joint municipalities and associations";
        County = "county", "Kreise", "counties";
        Quarter = "quarter", "Stadtquartiere", "city quarters";
    }
}

impl Level {
    /// The level whose reference tells how far apart values are. Nobody counts quarters; they are
    /// measured with the scales of municipalities.
    #[must_use]
    pub const fn measured_as(self) -> Self {
        match self {
            Self::Quarter => Self::Municipality,
            other => other,
        }
    }

    /// The level of an official key, by its length.
    #[must_use]
    pub const fn of_key(key: &str) -> Option<Self> {
        match key.len() {
            8 => Some(Self::Municipality),
            9 => Some(Self::Association),
            5 => Some(Self::County),
            _ => None,
        }
    }
}
