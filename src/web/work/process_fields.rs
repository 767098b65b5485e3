//! The fields of a strategy process: of the whole, of a step, of a measure.

use crate::domain::{MeasureStatus, ParticipationLevel, StepState};
use crate::web::form::{Field, Group, Kind, Options, closed, field, group};

const PERIOD: &[Field] = &[
    field("programme", |w| w.process_programme, Kind::Choice(Options::Listed("programmes"))),
    field("starts", |w| w.begins, Kind::Date),
    field("ends", |w| w.is_over, Kind::Date).hinted(|w| w.ends_hint),
];

const SWOT: &[Field] = &[
    field("swot.strengths", |w| w.strengths, Kind::Lines),
    field("swot.weaknesses", |w| w.weaknesses, Kind::Lines),
    field("swot.opportunities", |w| w.opportunities, Kind::Lines),
    field("swot.threats", |w| w.threats, Kind::Lines),
];

const PRIORITY: &[Field] = &[
    field("title", |w| w.priority_title, Kind::Line).needed(),
    field("topic", |w| w.priority_topic, Kind::Choice(Options::Listed("topics"))).needed(),
];

const PRIORITIES: &[Field] = &[field("priorities", |w| w.priorities, Kind::Rows(PRIORITY))];

const REVIEW: &[Field] = &[
    field("review.date", |w| w.reviewed_on, Kind::Date),
    field("review.reached", |w| w.reached, Kind::Lines),
    field("review.notReached", |w| w.not_reached, Kind::Lines),
    field("review.changed", |w| w.done_otherwise, Kind::Lines),
];

/// The fields of what is true of the whole.
pub(crate) const OUTLINE: &[Group] = &[
    group(|w| w.frame, PERIOD),
    group(|w| w.swot, SWOT),
    group(|w| w.put_first, PRIORITIES),
    group(|w| w.looked_back, REVIEW),
];

const PARTICIPATION: &[Field] = &[
    field("formats", |w| w.formats, Kind::Line),
    field(
        "level",
        |w| w.participation,
        Kind::Choice(Options::Closed(closed::<ParticipationLevel>)),
    ),
    field("people", |w| w.participants, Kind::Whole),
    field("missed", |w| w.missed, Kind::Line),
];

const MOMENT: &[Field] = &[
    field("state", |w| w.step_state, Kind::Choice(Options::Closed(closed::<StepState>))).needed(),
    field("date", |w| w.step_date, Kind::Date),
    field("ends", |w| w.step_ends, Kind::Date).hinted(|w| w.step_ends_hint),
    field("note", |w| w.step_note, Kind::Text),
    field("source", |w| w.step_source, Kind::Line).hinted(|w| w.step_source_hint),
];

const TOOK_PART: &[Field] = &[
    field("participation", |w| w.took_part, Kind::Rows(PARTICIPATION)),
    field("documents", |w| w.step_documents, Kind::Choices(Options::Listed("documents"))),
];

/// The fields of one of the five steps.
pub(crate) const STEP: &[Group] =
    &[group(|w| w.this_step, MOMENT), group(|w| w.came_of_it, TOOK_PART)];

const WORK: &[Field] = &[
    field("title", |w| w.measure_title, Kind::Line).needed(),
    field("status", |w| w.measure_status, Kind::Choice(Options::Closed(closed::<MeasureStatus>)))
        .needed(),
    field("owner", |w| w.measure_owner, Kind::Line).hinted(|w| w.measure_owner_hint),
    field("starts", |w| w.begins, Kind::Date),
    field("ends", |w| w.is_over, Kind::Date),
    field("period", |w| w.measure_period, Kind::Line).hinted(|w| w.measure_period_hint),
    field("budget", |w| w.measure_budget, Kind::Whole),
];

const ABOUT: &[Field] = &[
    field("topics", |w| w.topics, Kind::Choices(Options::Listed("topics"))),
    field("targetGroups", |w| w.target_groups, Kind::Choices(Options::Listed("targetGroups"))),
];

/// The fields of a measure.
pub(crate) const MEASURE: &[Group] = &[group(|w| w.this_measure, WORK), group(|w| w.about, ABOUT)];
