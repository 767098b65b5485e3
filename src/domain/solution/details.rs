//! The parts of a solution's record, each with the rules that hold for it.

use serde::{Deserialize, Serialize};

use super::kinds::{FundingLevel, ParticipationLevel, PartnerRole};
use crate::domain::check::{Checks, LARGEST_AMOUNT, LONGEST_LINE};
use crate::domain::key::OrganisationId;
use crate::domain::partial_date::PartialDate;
use crate::domain::problem::What;

/// The most people who can have taken part: more than live in Germany.
const MOST_PEOPLE: u32 = 100_000_000;
/// The largest figure of a result; beyond it a floating-point number loses whole units.
const LARGEST_FIGURE: f64 = 1e15;

/// Declares a part of the record: a plain structure whose fields may all be missing in a file.
macro_rules! part {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct $name { $($(#[$field_doc])* pub $field: $type,)* }
    };
}

part! {
    /// When it happened.
    Period {
        /// The beginning.
        starts: Option<PartialDate>,
        /// The end; absent while it runs.
        ends: Option<PartialDate>,
    }
}

impl Period {
    pub(super) fn check(&self, checks: &mut Checks) {
        checks.period(&self.starts, &self.ends);
    }
}

part! {
    /// How citizens took part.
    ParticipationRecord {
        /// How far.
        level: Option<ParticipationLevel>,
        /// In which forms.
        formats: Option<String>,
        /// How many people.
        people: Option<u32>,
        /// Who was missed.
        missed: Option<String>,
    }
}

impl ParticipationRecord {
    pub(in crate::domain) fn check(&self, checks: &mut Checks) {
        checks.range("people", self.people, 0, MOST_PEOPLE);
        checks.texts([("formats", &self.formats), ("missed", &self.missed)]);
    }
}

part! {
    /// Somebody who works along.
    Partner {
        /// The organisation, if the hub knows it.
        organisation: Option<OrganisationId>,
        /// Its name, if the hub does not know it.
        name: Option<String>,
        /// What it does.
        role: Option<PartnerRole>,
    }
}

impl Partner {
    pub(super) fn check(&self, checks: &mut Checks) {
        if self.organisation.is_none() {
            checks.required("name", self.name.as_deref().unwrap_or_default());
        }
        checks.lines([("name", &self.name)]);
    }
}

part! {
    /// One figure of the result.
    Indicator {
        /// What was measured.
        name: String,
        /// The figure.
        value: f64,
        /// Its unit.
        unit: Option<String>,
        /// When it was measured.
        date: Option<PartialDate>,
        /// How it was measured.
        method: Option<String>,
    }
}

impl Indicator {
    fn check(&self, checks: &mut Checks) {
        checks.name("name", &self.name, LONGEST_LINE);
        checks.range("value", Some(self.value), -LARGEST_FIGURE, LARGEST_FIGURE);
        checks.lines([("unit", &self.unit)]);
        checks.year("date", self.date.as_ref().map(PartialDate::year));
        checks.texts([("method", &self.method)]);
    }
}

part! {
    /// What came out of it.
    Results {
        /// In words.
        summary: Option<String>,
        /// In figures.
        indicators: Vec<Indicator>,
    }
}

impl Results {
    pub(super) fn check(&self, checks: &mut Checks) {
        checks.texts([("summary", &self.summary)]);
        checks.each("indicators", &self.indicators, Indicator::check);
    }
}

part! {
    /// Whole euros, from and to; the same twice if the amount is exact.
    MoneyRange {
        /// At least.
        from: u64,
        /// At most.
        to: u64,
    }
}

impl MoneyRange {
    /// The order is the field's own problem; a sum that is too large is the upper end's.
    fn check(&self, field: &str, checks: &mut Checks) {
        let form = What::Invalid { expected: "from ≤ to" };
        checks.ensure(self.from <= self.to, field, form);
        if self.from <= self.to {
            checks.within(field, |checks| checks.range("to", Some(self.to), 0, LARGEST_AMOUNT));
        }
    }
}

part! {
    /// What it costs.
    Costs {
        /// Once.
        one_off: Option<MoneyRange>,
        /// Every year.
        yearly: Option<MoneyRange>,
        /// The year of these prices.
        year: Option<u16>,
        /// What the figures hold and what not.
        note: Option<String>,
    }
}

impl Costs {
    pub(super) fn check(&self, checks: &mut Checks) {
        for (field, range) in [("oneOff", &self.one_off), ("yearly", &self.yearly)] {
            if let Some(range) = range {
                range.check(field, checks);
            }
        }
        checks.year("year", self.year.map(i32::from));
        checks.texts([("note", &self.note)]);
    }
}

part! {
    /// Where money came from.
    Funding {
        /// The programme or the giver.
        programme: String,
        /// Who pays.
        level: Option<FundingLevel>,
        /// Whole euros.
        amount: Option<u64>,
        /// Share of the costs that is paid, in percent.
        rate: Option<f64>,
        /// From when to when.
        period: Option<String>,
        /// Where to read more.
        url: Option<String>,
        /// What else is worth knowing.
        note: Option<String>,
    }
}

impl Funding {
    pub(super) fn check(&self, checks: &mut Checks) {
        checks.name("programme", &self.programme, LONGEST_LINE);
        checks.range("amount", self.amount, 0, LARGEST_AMOUNT);
        checks.range("rate", self.rate, 0.0, 100.0);
        checks.lines([("period", &self.period)]);
        checks.optional_url("url", &self.url);
        checks.texts([("note", &self.note)]);
    }
}

part! {
    /// Who does the work.
    Staff {
        /// Full-time equivalents.
        full_time_equivalents: Option<f64>,
        /// Which people.
        roles: Option<String>,
        /// Hours of volunteers a week.
        volunteer_hours: Option<f64>,
    }
}

impl Staff {
    pub(super) fn check(&self, checks: &mut Checks) {
        checks.range("fullTimeEquivalents", self.full_time_equivalents, 0.0, 10_000.0);
        checks.range("volunteerHours", self.volunteer_hours, 0.0, 1_000_000.0);
        checks.texts([("roles", &self.roles)]);
    }
}

part! {
    /// What others can take over.
    Transferability {
        /// What can be copied.
        copyable: Option<String>,
        /// What is bound to the place.
        local: Option<String>,
    }
}

impl Transferability {
    pub(super) fn check(&self, checks: &mut Checks) {
        checks.texts([("copyable", &self.copyable), ("local", &self.local)]);
    }
}

part! {
    /// Software or data that is used.
    DigitalTool {
        /// Its name.
        name: String,
        /// Where it is found.
        url: Option<String>,
        /// Its licence.
        licence: Option<String>,
    }
}

impl DigitalTool {
    pub(super) fn check(&self, checks: &mut Checks) {
        checks.name("name", &self.name, LONGEST_LINE);
        checks.optional_url("url", &self.url);
        checks.lines([("licence", &self.licence)]);
    }
}

part! {
    /// A picture.
    Image {
        /// Where it lies.
        url: String,
        /// What it shows, for those who do not see it.
        alt: String,
    }
}

impl Image {
    pub(super) fn check(&self, checks: &mut Checks) {
        checks.required("url", &self.url);
        checks.url("url", &self.url);
        checks.name("alt", &self.alt, LONGEST_LINE);
    }
}

part! {
    /// Where a fact comes from.
    Source {
        /// Name of the page or paper.
        title: String,
        /// Its address, if it has one.
        url: Option<String>,
    }
}

impl Source {
    pub(super) fn check(&self, checks: &mut Checks) {
        checks.name("title", &self.title, LONGEST_LINE);
        checks.optional_url("url", &self.url);
    }
}
