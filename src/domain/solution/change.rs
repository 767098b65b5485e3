//! A change to a solution, field by field.

use std::collections::HashSet;
use std::hash::Hash;

use chrono::{DateTime, NaiveDate, Utc};

use super::details::{
    Costs, DigitalTool, Funding, Image, ParticipationRecord, Partner, Period, Results, Source,
    Staff, Transferability,
};
use super::kinds::{EffortBand, EvidenceLevel, Instrument, SolutionStatus};
use super::record::Solution;
use crate::domain::check::Checks;
use crate::domain::key::{
    ContactId, DocumentId, MunicipalityId, SolutionId, TargetGroupId, TopicId,
};
use crate::domain::licence::{WRITTEN, spdx_licence};
use crate::domain::municipality::SizeBand;
use crate::domain::patch::Patch;
use crate::domain::problem::{Problem, What};

/// Declares the change, its fields grouped by what null means for them.
macro_rules! solution_change {
    (
        required { $($required:ident: $required_type:ty = $name:literal,)* }
        emptied { $($emptied:ident: $emptied_type:ty,)* }
        optional { $($optional:ident: $optional_type:ty,)* }
    ) => {
        /// A change to a solution. The fields are those of [`Solution`].
        #[derive(Debug, Clone, Default)]
        #[expect(missing_docs, reason = "each field is documented on Solution")]
        pub struct SolutionChange {
            $(pub $required: Patch<$required_type>,)*
            $(pub $emptied: Patch<$emptied_type>,)*
            $(pub $optional: Patch<$optional_type>,)*
        }

        impl Solution {
            /// The record with a change applied. A published solution stays publishable.
            ///
            /// # Errors
            /// Everything that would be wrong with it.
            pub fn changed(mut self, mut change: SolutionChange, now: DateTime<Utc>) -> Result<Self, Vec<Problem>> {
                let mut checks = Checks::default();
                let licence = change.licence.map(|text| spdx_licence(&text));
                checks.ensure(licence != Patch::Set(None), "licence", What::Invalid { expected: WRITTEN });
                change.licence = licence.map(Option::unwrap_or_default);
                $(checks.kept($name, change.$required.apply_required(&mut self.$required));)*
                $(change.$emptied.apply_or_default(&mut self.$emptied);)*
                $(change.$optional.apply(&mut self.$optional);)*
                checks.finish()?;
                once(&mut self.municipalities);
                once(&mut self.topics);
                once(&mut self.target_groups);
                once(&mut self.keywords);
                once(&mut self.instruments);
                once(&mut self.size_bands);
                once(&mut self.contacts);
                once(&mut self.documents);
                once(&mut self.related);
                self.check()?;
                if self.lifecycle.is_public() {
                    self.check_publishable()?;
                }
                self.updated_at = now;
                Ok(self)
            }
        }
    };
}

/// What is named twice counts once, at its first place.
fn once<T: Clone + Eq + Hash>(list: &mut Vec<T>) {
    let mut seen = HashSet::new();
    list.retain(|entry| seen.insert(entry.clone()));
}

solution_change! {
    required {
        title: String = "title",
        municipalities: Vec<MunicipalityId> = "municipalities",
        language: String = "language",
    }
    emptied {
        teaser: String,
        problem: String,
        approach: String,
        partners: Vec<Partner>,
        funding: Vec<Funding>,
        digital_tools: Vec<DigitalTool>,
        topics: Vec<TopicId>,
        target_groups: Vec<TargetGroupId>,
        keywords: Vec<String>,
        instruments: Vec<Instrument>,
        size_bands: Vec<SizeBand>,
        contacts: Vec<ContactId>,
        documents: Vec<DocumentId>,
        images: Vec<Image>,
        related: Vec<SolutionId>,
        sources: Vec<Source>,
    }
    optional {
        external_key: String,
        place: String,
        period: Period,
        status: SolutionStatus,
        steps: String,
        participation: ParticipationRecord,
        results: Results,
        evidence: EvidenceLevel,
        costs: Costs,
        staff: Staff,
        legal_basis: String,
        prerequisites: String,
        transferability: Transferability,
        lessons: String,
        difficulties: String,
        would_change: String,
        sustaining: String,
        effort: EffortBand,
        months_to_effect: u16,
        licence: String,
        citation: String,
        last_checked: NaiveDate,
    }
}
