//! The rules that hold for a solution.

use chrono::Datelike;

use super::details::{
    Costs, DigitalTool, Funding, Image, ParticipationRecord, Partner, Period, Results, Source,
    Staff, Transferability,
};
use super::record::Solution;
use crate::domain::check::{Checks, MOST_ENTRIES};
use crate::domain::problem::{Problem, What};
use crate::domain::text::token_is_slug;

/// Longest title, in characters (the Interreg Europe good-practice form has the same limit).
const LONGEST_TITLE: usize = 100;
/// Longest teaser, in characters.
const LONGEST_TEASER: usize = 200;
/// Longest keyword, in characters.
const LONGEST_KEYWORD: usize = 100;
/// Most topics of one solution.
const MOST_TOPICS: usize = 4;
/// Most related solutions of one solution: they lead on to theirs, so an answer multiplies them.
const MOST_RELATED: usize = 10;

impl Solution {
    /// Checks what holds in every state: lengths, counts, forms.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<Problem>> {
        let mut checks = Checks::default();
        checks.name("title", &self.title, LONGEST_TITLE);
        checks.line("teaser", &self.teaser, LONGEST_TEASER);
        checks.ensure(!self.municipalities.is_empty(), "municipalities", What::Required);
        let form = What::Invalid { expected: "1–100 × a–z, 0–9, -, _" };
        checks.ensure(token_is_slug(&self.slug), "slug", form);
        checks.external_key(&self.external_key);
        checks.language("language", &self.language);
        checks.range("monthsToEffect", self.months_to_effect, 0, 600);
        checks.year("lastChecked", self.last_checked.as_ref().map(Datelike::year));
        self.check_texts(&mut checks);
        self.check_counts(&mut checks);
        self.check_parts(&mut checks);
        checks.finish()
    }

    fn check_texts(&self, checks: &mut Checks) {
        checks.text("problem", &self.problem);
        checks.text("approach", &self.approach);
        checks.texts([
            ("steps", &self.steps),
            ("legalBasis", &self.legal_basis),
            ("prerequisites", &self.prerequisites),
            ("lessons", &self.lessons),
            ("difficulties", &self.difficulties),
            ("wouldChange", &self.would_change),
            ("sustaining", &self.sustaining),
            ("citation", &self.citation),
        ]);
        checks.lines([("place", &self.place), ("licence", &self.licence)]);
        checks.entries("keywords", &self.keywords, MOST_ENTRIES, |checks, number, keyword| {
            checks.name(number, keyword, LONGEST_KEYWORD);
        });
    }

    fn check_counts(&self, checks: &mut Checks) {
        checks.count("topics", self.topics.len(), MOST_TOPICS);
        checks.count("related", self.related.len(), MOST_RELATED);
        for (field, entries) in [
            ("municipalities", self.municipalities.len()),
            ("targetGroups", self.target_groups.len()),
            ("instruments", self.instruments.len()),
            ("sizeBands", self.size_bands.len()),
            ("contacts", self.contacts.len()),
            ("documents", self.documents.len()),
        ] {
            checks.count(field, entries, MOST_ENTRIES);
        }
    }

    fn check_parts(&self, checks: &mut Checks) {
        checks.part("period", &self.period, Period::check);
        checks.part("participation", &self.participation, ParticipationRecord::check);
        checks.each("partners", &self.partners, Partner::check);
        checks.part("results", &self.results, Results::check);
        checks.part("costs", &self.costs, Costs::check);
        checks.each("funding", &self.funding, Funding::check);
        checks.part("staff", &self.staff, Staff::check);
        checks.part("transferability", &self.transferability, Transferability::check);
        checks.each("digitalTools", &self.digital_tools, DigitalTool::check);
        checks.each("images", &self.images, Image::check);
        checks.each("sources", &self.sources, Source::check);
    }

    /// Checks what publication asks for: title, teaser, municipality, topic, problem, approach,
    /// status and contact. Everything else only feeds [`Solution::completeness`].
    ///
    /// # Errors
    /// Each required field that is empty.
    pub fn check_publishable(&self) -> Result<(), Vec<Problem>> {
        let mut checks = Checks::default();
        checks.required("title", &self.title);
        checks.required("teaser", &self.teaser);
        checks.ensure(!self.municipalities.is_empty(), "municipalities", What::Required);
        checks.ensure(!self.topics.is_empty(), "topics", What::Required);
        checks.required("problem", &self.problem);
        checks.required("approach", &self.approach);
        checks.ensure(self.status.is_some(), "status", What::Required);
        checks.ensure(!self.contacts.is_empty(), "contacts", What::Required);
        checks.finish()
    }
}
