//! A strategy process as it is shown: its five steps, and what was found.

use serde::Deserialize;

use super::kind::Kind;
use super::site::Site;
use super::written::partial_date;
use crate::domain::{Label, ProcessStepKind, StepState};

/// What is known of a step.
#[derive(Debug, Deserialize)]
pub(crate) struct Step {
    pub(crate) step: Kind<ProcessStepKind>,
    state: Kind<StepState>,
    date: Option<String>,
    ends: Option<String>,
    note: Option<String>,
    /// Where that is evidenced; absent where nobody asked.
    source: Option<String>,
}

/// Strengths, weaknesses, opportunities and threats.
#[derive(Debug, Deserialize)]
pub(crate) struct Swot {
    strengths: Vec<String>,
    weaknesses: Vec<String>,
    opportunities: Vec<String>,
    threats: Vec<String>,
}

/// What an interim review found.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Review {
    reached: Vec<String>,
    not_reached: Vec<String>,
    changed: Vec<String>,
}

/// A list of short texts with its heading.
pub(crate) struct Points<'a> {
    pub(crate) title: &'static str,
    pub(crate) texts: &'a [String],
}

/// A step of the five, also where nothing is known of it.
pub(crate) struct Moment {
    /// Its name in addresses.
    pub(crate) name: &'static str,
    pub(crate) label: &'static str,
    /// What the stylesheet calls its state.
    pub(crate) state: &'static str,
    pub(crate) said: &'static str,
    pub(crate) date: String,
    pub(crate) note: Option<String>,
    pub(crate) source: Option<String>,
}

/// The five steps in their order.
pub(crate) fn moments(steps: &[Step], site: &Site) -> Vec<Moment> {
    let moment = |kind: &ProcessStepKind| {
        let (name, label) = (kind.name(), kind.label(site.language));
        let t = site.t();
        let Some(step) = steps.iter().find(|step| step.step.0 == *kind) else {
            let (date, note, source) = (String::new(), None, None);
            return Moment {
                name,
                label,
                state: "unknown",
                said: t.step_unknown,
                date,
                note,
                source,
            };
        };
        let said = match step.state.0 {
            StepState::Done => t.step_done,
            StepState::Running => t.step_running,
            StepState::Planned => t.step_planned,
        };
        let date = period(&step.date, &step.ends, site);
        let (note, source) = (step.note.clone(), step.source.clone());
        Moment { name, label, state: step.state.name(), said, date, note, source }
    };
    ProcessStepKind::ALL.iter().map(moment).collect()
}

/// From when to when, as far as it is known.
pub(crate) fn period(starts: &Option<String>, ends: &Option<String>, site: &Site) -> String {
    let written = |date: &String| partial_date(date, &site.language);
    let dates = [starts, ends].into_iter().flatten().map(written);
    dates.collect::<Vec<_>>().join(" – ")
}

/// In whole percent.
pub(crate) fn percent(progress: f64) -> i64 {
    (progress * 100.0).round() as i64
}

impl Swot {
    /// What was found, under its headings.
    pub(crate) fn points(&self, site: &Site) -> Vec<Points<'_>> {
        let t = site.t();
        points([
            (t.strengths, &self.strengths),
            (t.weaknesses, &self.weaknesses),
            (t.opportunities, &self.opportunities),
            (t.threats, &self.threats),
        ])
    }
}

impl Review {
    /// What was found, under its headings.
    pub(crate) fn points(&self, site: &Site) -> Vec<Points<'_>> {
        let t = site.t();
        points([
            (t.reached, &self.reached),
            (t.not_reached, &self.not_reached),
            (t.changed, &self.changed),
        ])
    }
}

fn points<'a, const N: usize>(all: [(&'static str, &'a Vec<String>); N]) -> Vec<Points<'a>> {
    let filled = all.into_iter().filter(|(_, texts)| !texts.is_empty());
    filled.map(|(title, texts)| Points { title, texts }).collect()
}
