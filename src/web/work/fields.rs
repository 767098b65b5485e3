//! The fields of a solution, in the order in which readers ask.

use crate::domain::{
    EffortBand, EvidenceLevel, FundingLevel, Instrument, ParticipationLevel, PartnerRole, SizeBand,
    SolutionStatus,
};
use crate::web::form::{Choice, Field, Group, Kind, Options, closed, field, group};

const INDICATOR: &[Field] = &[
    field("name", |w| w.indicator_name, Kind::Line).needed(),
    field("value", |w| w.indicator_value, Kind::Decimal).needed(),
    field("unit", |w| w.indicator_unit, Kind::Line),
    field("date", |w| w.indicator_date, Kind::Date),
    field("method", |w| w.indicator_method, Kind::Line),
];

const FUNDING: &[Field] = &[
    field("programme", |w| w.programme, Kind::Line).needed(),
    field("level", |w| w.level, Kind::Choice(Options::Closed(closed::<FundingLevel>))),
    field("amount", |w| w.amount, Kind::Whole),
    field("rate", |w| w.rate, Kind::Decimal),
    field("period", |w| w.funding_period, Kind::Line),
    field("url", |w| w.url, Kind::Web),
    field("note", |w| w.note, Kind::Line),
];

const PARTNER: &[Field] = &[
    field(
        "organisation",
        |w| w.partner_organisation,
        Kind::Choice(Options::Listed("organisations")),
    ),
    field("name", |w| w.partner_name, Kind::Line),
    field("role", |w| w.partner_role, Kind::Choice(Options::Closed(closed::<PartnerRole>))),
];

const TOOL: &[Field] = &[
    field("name", |w| w.tool_name, Kind::Line).needed(),
    field("url", |w| w.url, Kind::Web),
    field("licence", |w| w.licence, Kind::Line),
];

const SOURCE: &[Field] =
    &[field("title", |w| w.source_title, Kind::Line).needed(), field("url", |w| w.url, Kind::Web)];

const ABOUT: &[Field] = &[
    field("title", |w| w.title, Kind::Line).hinted(|w| w.title_hint).needed(),
    field("municipalities", |w| w.municipalities, Kind::Choices(Options::Listed("municipalities")))
        .needed(),
    field("teaser", |w| w.teaser, Kind::Text).hinted(|w| w.teaser_hint).to_publish(),
    field("topics", |w| w.topics, Kind::Choices(Options::Listed("topics")))
        .hinted(|w| w.topics_hint)
        .to_publish(),
    field("targetGroups", |w| w.target_groups, Kind::Choices(Options::Listed("targetGroups"))),
    field("status", |w| w.status, Kind::Choice(Options::Closed(closed::<SolutionStatus>)))
        .hinted(|w| w.status_hint)
        .to_publish(),
    field("period.starts", |w| w.starts, Kind::Date),
    field("period.ends", |w| w.ends, Kind::Date).hinted(|w| w.ends_hint),
    field("place", |w| w.place, Kind::Line),
    field("keywords", |w| w.keywords, Kind::Lines),
];

const WHAT_HAPPENED: &[Field] = &[
    field("problem", |w| w.problem, Kind::Text).to_publish(),
    field("approach", |w| w.approach, Kind::Text).to_publish(),
    field("steps", |w| w.steps, Kind::Text),
    field("instruments", |w| w.instruments, Kind::Choices(Options::Closed(closed::<Instrument>))),
];

const OUTCOME: &[Field] = &[
    field("results.summary", |w| w.results, Kind::Text),
    field("results.indicators", |w| w.indicators, Kind::Rows(INDICATOR)),
    field("evidence", |w| w.evidence, Kind::Choice(Options::Closed(closed::<EvidenceLevel>))),
    field("monthsToEffect", |w| w.months, Kind::Whole),
];

const MONEY: &[Field] = &[
    field("costs.oneOff", |w| w.one_off, Kind::Range),
    field("costs.yearly", |w| w.yearly, Kind::Range),
    field("costs.year", |w| w.price_year, Kind::Whole),
    field("costs.note", |w| w.cost_note, Kind::Text),
    field("effort", |w| w.effort, Kind::Choice(Options::Closed(closed::<EffortBand>))),
    field("funding", |w| w.funding, Kind::Rows(FUNDING)),
];

const PEOPLE: &[Field] = &[
    field("staff.roles", |w| w.roles, Kind::Text),
    field("staff.fullTimeEquivalents", |w| w.full_time, Kind::Decimal),
    field("staff.volunteerHours", |w| w.volunteer_hours, Kind::Decimal),
    field("partners", |w| w.partners, Kind::Rows(PARTNER)),
    field(
        "participation.level",
        |w| w.participation,
        Kind::Choice(Options::Closed(closed::<ParticipationLevel>)),
    ),
    field("participation.formats", |w| w.formats, Kind::Text),
    field("participation.people", |w| w.participants, Kind::Whole),
    field("participation.missed", |w| w.missed, Kind::Text),
];

const HONEST: &[Field] = &[
    field("difficulties", |w| w.difficulties, Kind::Text),
    field("lessons", |w| w.lessons, Kind::Text),
    field("wouldChange", |w| w.would_change, Kind::Text),
];

const LOCALLY: &[Field] = &[
    field("prerequisites", |w| w.prerequisites, Kind::Text),
    field("legalBasis", |w| w.legal_basis, Kind::Text),
    field("transferability.copyable", |w| w.copyable, Kind::Text),
    field("transferability.local", |w| w.local, Kind::Text),
    field("sustaining", |w| w.sustaining, Kind::Text),
    field("sizeBands", |w| w.size_bands, Kind::Choices(Options::Closed(closed::<SizeBand>))),
    field("digitalTools", |w| w.digital_tools, Kind::Rows(TOOL)),
];

const WHOM_TO_ASK: &[Field] = &[
    field("contacts", |w| w.contacts, Kind::Choices(Options::Listed("contacts")))
        .hinted(|w| w.contacts_hint)
        .to_publish(),
    field("documents", |w| w.documents, Kind::Choices(Options::Listed("documents"))),
    field("sources", |w| w.sources, Kind::Rows(SOURCE)),
    field("language", |w| w.language, Kind::Choice(Options::Closed(languages))).needed(),
    field("licence", |w| w.text_licence, Kind::Line),
    field("citation", |w| w.citation, Kind::Text),
    field("lastChecked", |w| w.last_checked, Kind::Day),
];

/// The fields of a solution.
pub(crate) const SOLUTION: &[Group] = &[
    group(|w| w.about, ABOUT),
    group(|w| w.what_happened, WHAT_HAPPENED),
    group(|w| w.outcome, OUTCOME),
    group(|w| w.money, MONEY),
    group(|w| w.people, PEOPLE),
    Group { title: |w| w.honest, hint: Some(|w| w.honest_hint), fields: HONEST },
    group(|w| w.locally, LOCALLY),
    group(|w| w.whom_to_ask, WHOM_TO_ASK),
];

/// The languages in which people write here. What is written in another one keeps it.
fn languages(_: crate::domain::Language) -> Vec<Choice> {
    let all = [("de", "Deutsch"), ("en", "English")];
    all.map(|(value, label)| Choice { value: value.to_owned(), label: label.to_owned() }).into()
}
