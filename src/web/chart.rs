//! A figure among those of all municipalities, as a small drawing.
//!
//! The axis counts municipalities and not units: left of the mark lie all those with a lower value.
//! So a village of 240 and a city of 750,000 fit on it, and a quarter of the axis is always a quarter
//! of all municipalities.

/// How long the axis is, in units of the drawing.
pub(crate) const LENGTH: f64 = 100.0;

/// A figure among those of all municipalities.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Chart {
    /// Where the mark stands on the axis.
    pub(crate) at: String,
    /// What the drawing says, in words.
    pub(crate) text: String,
}

impl Chart {
    /// The drawing for a value that is higher than those of so many percent of all.
    pub(crate) fn new(percentile: f64, text: String) -> Self {
        let at = (percentile.clamp(0.0, 100.0) / 100.0 * LENGTH * 10.0).round() / 10.0;
        Self { at: at.to_string(), text }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_stays_on_its_axis() {
        let at = |percentile| Chart::new(percentile, String::new()).at;
        assert_eq!([at(0.0), at(96.459), at(140.0), at(-3.0)], ["0", "96.5", "100", "0"]);
    }
}
