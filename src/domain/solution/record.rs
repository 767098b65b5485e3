//! The record of a solution.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::details::{
    Costs, DigitalTool, Funding, Image, ParticipationRecord, Partner, Period, Results, Source,
    Staff, Transferability,
};
use super::kinds::{EffortBand, EvidenceLevel, Instrument, QualityLevel, SolutionStatus};
use super::lifecycle::Lifecycle;
use crate::domain::event::Actor;
use crate::domain::key::{
    ContactId, DocumentId, MunicipalityId, SolutionId, TargetGroupId, TopicId,
};
use crate::domain::municipality::SizeBand;
use crate::domain::rights::Viewer;
use crate::domain::text::slug;

/// A solution. What is not known is absent; a reader sees "not stated".
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Solution {
    /// Its key.
    pub id: SolutionId,
    /// How often the record was changed, from 1.
    pub revision: u32,
    /// Its name in URLs.
    pub slug: String,
    /// Its key in the system that it was imported from.
    pub external_key: Option<String>,
    /// The municipality among whose solutions no other one has that key. Others may use the same
    /// keys: that one is in use says something of what they keep to themselves.
    #[serde(default)]
    pub external_key_of: Option<MunicipalityId>,
    /// The language of its texts, BCP 47.
    pub language: String,
    /// Where it stands on its way to the readers.
    pub lifecycle: Lifecycle,
    /// How far its content was checked.
    pub quality: QualityLevel,
    /// The number of the version that readers see, from 1; 0 before the first publication.
    #[serde(default)]
    pub version: u32,
    /// Who wrote what readers do not see yet; whoever approves it is somebody else.
    #[serde(default)]
    pub written_by: Vec<Actor>,
    /// The state of the next version, while one is being worked on behind what readers see.
    #[serde(default)]
    pub working: Option<Lifecycle>,
    /// The solution that tells the same and took its place.
    #[serde(default)]
    pub merged_into: Option<SolutionId>,
    /// What it is called.
    pub title: String,
    /// One sentence that makes one want to read on.
    pub teaser: String,
    /// Whose it is; the first one answers for it.
    pub municipalities: Vec<MunicipalityId>,
    /// Where exactly.
    pub place: Option<String>,
    /// When.
    pub period: Option<Period>,
    /// Where the work itself stands.
    pub status: Option<SolutionStatus>,
    /// The starting point.
    pub problem: String,
    /// What was done.
    pub approach: String,
    /// Steps and dates.
    pub steps: Option<String>,
    /// How citizens took part.
    pub participation: Option<ParticipationRecord>,
    /// Who worked along.
    pub partners: Vec<Partner>,
    /// What came out of it.
    pub results: Option<Results>,
    /// How well the result is known.
    pub evidence: Option<EvidenceLevel>,
    /// What it costs.
    pub costs: Option<Costs>,
    /// Where the money came from.
    pub funding: Vec<Funding>,
    /// Who does the work.
    pub staff: Option<Staff>,
    /// Law or council decision that it rests on.
    pub legal_basis: Option<String>,
    /// What must be there first.
    pub prerequisites: Option<String>,
    /// What others can take over.
    pub transferability: Option<Transferability>,
    /// What was learned.
    pub lessons: Option<String>,
    /// What was hard, what failed.
    pub difficulties: Option<String>,
    /// What they would do differently.
    pub would_change: Option<String>,
    /// How it goes on after the funding.
    pub sustaining: Option<String>,
    /// Software and data in use.
    pub digital_tools: Vec<DigitalTool>,
    /// What it is about: one to four topics.
    pub topics: Vec<TopicId>,
    /// Whom it is for.
    pub target_groups: Vec<TargetGroupId>,
    /// Words that people look for.
    pub keywords: Vec<String>,
    /// By what means it works.
    pub instruments: Vec<Instrument>,
    /// What it takes to start.
    pub effort: Option<EffortBand>,
    /// Months to the first effect.
    pub months_to_effect: Option<u16>,
    /// Sizes of places where it worked.
    pub size_bands: Vec<SizeBand>,
    /// Whom to call.
    pub contacts: Vec<ContactId>,
    /// Papers that others can adapt.
    pub documents: Vec<DocumentId>,
    /// Pictures.
    pub images: Vec<Image>,
    /// Solutions that go with it.
    pub related: Vec<SolutionId>,
    /// Where the facts come from.
    pub sources: Vec<Source>,
    /// Licence of the text.
    pub licence: Option<String>,
    /// How to quote it.
    pub citation: Option<String>,
    /// When somebody last looked whether it still holds.
    pub last_checked: Option<NaiveDate>,
    /// When a municipality last answered for it: published or confirmed it.
    #[serde(default)]
    pub confirmed_on: Option<NaiveDate>,
    /// The day up to which they said that it holds, in place of a year.
    #[serde(default)]
    pub review_by: Option<NaiveDate>,
    /// What [`Self::review_date`] gave when the record was written: the database looks for it.
    #[serde(default)]
    pub review_due: Option<NaiveDate>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// When it was first published.
    pub published_at: Option<DateTime<Utc>>,
}

impl Solution {
    /// The path at which the hub shows it.
    #[must_use]
    pub fn path(&self) -> String {
        format!("/solutions/{}", self.slug)
    }

    /// An empty draft for something of this title.
    #[must_use]
    pub fn draft(id: SolutionId, title: &str, now: DateTime<Utc>) -> Self {
        let slug = hidden_slug(title, &id);
        Self {
            id,
            revision: 1,
            slug,
            external_key: None,
            external_key_of: None,
            language: "de".to_owned(),
            lifecycle: Lifecycle::Draft,
            quality: QualityLevel::SelfDeclared,
            version: 0,
            written_by: Vec::new(),
            working: None,
            merged_into: None,
            title: String::new(),
            teaser: String::new(),
            municipalities: Vec::new(),
            place: None,
            period: None,
            status: None,
            problem: String::new(),
            approach: String::new(),
            steps: None,
            participation: None,
            partners: Vec::new(),
            results: None,
            evidence: None,
            costs: None,
            funding: Vec::new(),
            staff: None,
            legal_basis: None,
            prerequisites: None,
            transferability: None,
            lessons: None,
            difficulties: None,
            would_change: None,
            sustaining: None,
            digital_tools: Vec::new(),
            topics: Vec::new(),
            target_groups: Vec::new(),
            keywords: Vec::new(),
            instruments: Vec::new(),
            effort: None,
            months_to_effect: None,
            size_bands: Vec::new(),
            contacts: Vec::new(),
            documents: Vec::new(),
            images: Vec::new(),
            related: Vec::new(),
            sources: Vec::new(),
            licence: None,
            citation: None,
            last_checked: None,
            confirmed_on: None,
            review_by: None,
            review_due: None,
            created_at: now,
            updated_at: now,
            published_at: None,
        }
    }

    /// The name in URLs that fits the title best; none for a title in other letters than ours.
    #[must_use]
    pub fn plain_slug(&self) -> Option<String> {
        Some(slug(&self.title)).filter(|name| !name.is_empty())
    }

    /// Says within which municipality a key is unique that is new: one for which the viewer writes,
    /// and whose keys are no secret to them.
    pub fn keyed_by(&mut self, viewer: &Viewer, before: Option<&str>) {
        if self.external_key.as_deref() != before {
            let mut own = self.municipalities.iter().filter(|place| viewer.edits(place));
            self.external_key_of = own.next().filter(|_| self.external_key.is_some()).cloned();
        }
    }

    /// How much of the record is filled, from 0 to 1: the share of the voluntary fields that
    /// say something. Each counts the same.
    #[must_use]
    pub fn completeness(&self) -> f64 {
        let filled = [
            self.place.is_some(),
            self.period.is_some(),
            self.steps.is_some(),
            self.participation.is_some(),
            !self.partners.is_empty(),
            self.results.is_some(),
            self.evidence.is_some(),
            self.costs.is_some(),
            !self.funding.is_empty(),
            self.staff.is_some(),
            self.legal_basis.is_some(),
            self.prerequisites.is_some(),
            self.transferability.is_some(),
            self.lessons.is_some(),
            self.difficulties.is_some(),
            self.would_change.is_some(),
            self.sustaining.is_some(),
            !self.target_groups.is_empty(),
            !self.keywords.is_empty(),
            !self.instruments.is_empty(),
            self.effort.is_some(),
            self.months_to_effect.is_some(),
            !self.documents.is_empty(),
            !self.sources.is_empty(),
        ];
        let said =
            u32::try_from(filled.iter().filter(|filled| **filled).count()).unwrap_or_default();
        f64::from(said) / f64::from(u32::try_from(filled.len()).unwrap_or(1))
    }
}

/// The name in URLs of what readers do not see: with the end of its key, which differs even between
/// keys of the same moment, so that nobody learns by choosing a title that another one has it.
fn hidden_slug(title: &str, id: &SolutionId) -> String {
    let name = Some(slug(title)).filter(|name| !name.is_empty());
    let name = name.unwrap_or_else(|| "loesung".to_owned());
    let end: String = id.key().to_lowercase().chars().skip(ulid::ULID_LEN - 8).collect();
    format!("{name:.90}-{end}")
}
