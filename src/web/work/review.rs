//! The page on which a solution is reviewed: what readers see beside what is proposed.

use askama::Template;

use super::fields::SOLUTION;
use super::record::Record;
use super::step::StepForm;
use crate::web::form::{Form, Values};
use crate::web::site::Site;
use crate::web::written::paragraphs;

/// The page on which a solution is reviewed.
#[derive(Template)]
#[template(path = "review.html")]
pub(crate) struct ReviewPage<'a> {
    pub(crate) site: &'a Site,
    pub(crate) record: Record,
    /// Its fields with what is proposed.
    pub(crate) form: Form,
    pub(crate) steps: Vec<StepForm>,
    /// Whether a step was taken a moment ago.
    pub(crate) is_saved: bool,
}

/// A field in both texts.
struct Line {
    label: &'static str,
    now: String,
    proposed: String,
}

impl Line {
    fn is_changed(&self) -> bool {
        self.now != self.proposed
    }

    fn now(&self) -> Vec<&str> {
        paragraphs(&self.now)
    }

    fn proposed(&self) -> Vec<&str> {
        paragraphs(&self.proposed)
    }
}

impl ReviewPage<'_> {
    /// Whether readers see something that the proposal would change.
    fn compares(&self) -> bool {
        self.record.has_next()
    }

    /// All that is said in one of the texts, group by group.
    fn parts(&self) -> Vec<(&'static str, Vec<Line>)> {
        let language = self.site.language;
        let now = match self.record.readers_text() {
            Some(text) => Values::of_record(SOLUTION, text, language),
            None => Values::default(),
        };
        let mut parts = Vec::new();
        for group in SOLUTION {
            let line = |field: &crate::web::form::Field| Line {
                label: (field.label)(self.site.w()),
                now: self.form.read(field, field.path, &now),
                proposed: self.form.read(field, field.path, &self.form.values),
            };
            let said = |line: &Line| !line.now.is_empty() || !line.proposed.is_empty();
            let lines: Vec<Line> = group.fields.iter().map(line).filter(said).collect();
            if !lines.is_empty() {
                parts.push(((group.title)(self.site.w()), lines));
            }
        }
        parts
    }

    fn public_link(&self) -> String {
        self.site.link(&format!("/solutions/{}", self.record.slug))
    }

    fn link(&self, room: &str) -> String {
        self.site.link(&format!("{}/{room}", self.record.path()))
    }
}
