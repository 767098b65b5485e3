//! A solution: what a municipality did about a problem, written so that others can do it too.

mod change;
mod details;
mod freshness;
mod kinds;
mod lifecycle;
mod record;
mod rules;
mod transition;
mod version;

pub use change::SolutionChange;
pub use details::{
    Costs, DigitalTool, Funding, Image, Indicator, MoneyRange, ParticipationRecord, Partner,
    Period, Results, Source, Staff, Transferability,
};
pub use freshness::{ReasonCode, Reminder, ReminderId, ReviewRules, ReviewStep};
pub use kinds::{
    EffortBand, EvidenceLevel, FundingLevel, Instrument, ParticipationLevel, PartnerRole,
    QualityLevel, SolutionStatus,
};
pub use lifecycle::{Action, Lifecycle};
pub use record::Solution;
pub use transition::{ReviewPoint, Reviewed, Step, Transition};
pub use version::{Difference, SolutionVersion, differences};

#[cfg(test)]
mod tests;
