//! Figures of municipalities among those of all.

use serde::Deserialize;

use super::chart::Chart;
use super::site::Site;
use super::written::decimal;

/// A figure of a municipality.
#[derive(Debug, Deserialize)]
pub(crate) struct Figure {
    pub(crate) feature: String,
    pub(crate) label: String,
    /// As people write it; nothing if it is not known.
    pub(crate) text: Option<String>,
    value: Option<f64>,
    unit: Option<String>,
    percentile: Option<f64>,
    pub(crate) source: Option<String>,
    distribution: Option<Distribution>,
}

/// How a figure is spread over all.
#[derive(Debug, Deserialize)]
struct Distribution {
    p25: f64,
    median: f64,
    p75: f64,
}

/// A figure that can be drawn.
pub(crate) struct Row<'a> {
    pub(crate) figure: &'a Figure,
    pub(crate) value: String,
    /// The middle of all municipalities.
    pub(crate) median: String,
    /// Between these two lies the middle half.
    pub(crate) quarters: (String, String),
    /// Higher than so many percent of all.
    pub(crate) percent: String,
    pub(crate) chart: Chart,
}

impl Figure {
    /// What people read of it.
    pub(crate) fn written(&self) -> Option<String> {
        let text = self.text.as_ref()?;
        match &self.unit {
            Some(unit) if !text.ends_with(unit.as_str()) => Some(format!("{text} {unit}")),
            _ => Some(text.clone()),
        }
    }

    /// The figure as a drawing and a row of a table; nothing for classes and what is not known.
    pub(crate) fn row(&self, site: &Site) -> Option<Row<'_>> {
        let (percentile, spread) = (self.percentile?, self.distribution.as_ref()?);
        self.value?;
        let t = site.t();
        let number = |number| {
            let written = decimal(number, &site.language);
            match &self.unit {
                Some(unit) => format!("{written} {unit}"),
                None => written,
            }
        };
        let percent = decimal(percentile.round(), &site.language);
        let value = self.written()?;
        let text =
            format!("{}: {value}, {} {percent} {}", self.label, t.higher_than, t.percent_of_all);
        Some(Row {
            figure: self,
            value,
            median: number(spread.median),
            quarters: (number(spread.p25), number(spread.p75)),
            percent,
            chart: Chart::new(percentile, text),
        })
    }
}
