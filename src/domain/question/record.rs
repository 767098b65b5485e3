//! The record of a question.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::answer::Answer;
use crate::domain::check::Checks;
use crate::domain::key::{AnswerId, ContactId, MunicipalityId, QuestionId, SolutionId, TopicId};
use crate::domain::kinds::kinds;
use crate::domain::patch::Patch;
use crate::domain::problem::Problem;
use crate::domain::rights::Viewer;

kinds! {
    /// Where a question stands.
    QuestionStatus {
        Open = "open", "offen", "Open";
        Answered = "answered", "beantwortet", "Answered";
        Closed = "closed", "geschlossen", "Closed";
        Withdrawn = "withdrawn", "zurückgezogen", "Withdrawn";
    }
}

/// The longest title, in characters.
const LONGEST_TITLE: usize = 150;
/// The most topics of one question.
const MOST_TOPICS: usize = 4;

/// Somebody whom a question was sent to, and why. At least one of the reasons is there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Addressee {
    /// Who.
    pub municipality: MunicipalityId,
    /// The share of all German municipalities of the level that are less like the one that asks, in
    /// percent; nothing if likeness was not the reason.
    pub percentile: Option<f64>,
    /// Published solutions of theirs that match the question, the best first.
    pub solutions: Vec<SolutionId>,
}

/// A question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// Its key.
    pub id: QuestionId,
    /// How often the record was changed, from 1.
    pub revision: u32,
    /// Who asks.
    pub municipality: MunicipalityId,
    /// The question in one line.
    pub title: String,
    /// The question with what one needs to know of it.
    pub text: String,
    /// What it is about.
    pub topics: Vec<TopicId>,
    /// The language of its texts, BCP 47.
    pub language: String,
    /// Whom of those who ask to call.
    pub contact: Option<ContactId>,
    /// Where it stands.
    pub status: QuestionStatus,
    /// Whom it was sent to when it was asked: those most alike first.
    pub routed_to: Vec<Addressee>,
    /// What was answered, oldest first.
    pub answers: Vec<Answer>,
    /// The answer that helped.
    pub accepted: Option<AnswerId>,
    /// Others who have the same question, in the order in which they joined.
    pub interested: Vec<MunicipalityId>,
    /// When it was asked.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// A change to a question; the fields are those of [`Question`].
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "each field is documented on Question")]
pub struct QuestionChange {
    pub title: Patch<String>,
    pub text: Patch<String>,
    pub topics: Patch<Vec<TopicId>>,
    pub language: Patch<String>,
    pub contact: Patch<ContactId>,
}

impl Question {
    /// A question that says nothing yet.
    #[must_use]
    pub fn empty(id: QuestionId, municipality: MunicipalityId, now: DateTime<Utc>) -> Self {
        Self {
            id,
            revision: 1,
            municipality,
            title: String::new(),
            text: String::new(),
            topics: Vec::new(),
            language: "de".to_owned(),
            contact: None,
            status: QuestionStatus::Open,
            routed_to: Vec::new(),
            answers: Vec::new(),
            accepted: None,
            interested: Vec::new(),
            created_at: now,
            updated_at: now,
        }
    }

    /// Whether everybody may read it: who asks, asks in the open.
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.status != QuestionStatus::Withdrawn
    }

    /// Whether a viewer may read it.
    #[must_use]
    pub fn is_readable_by(&self, viewer: &Viewer) -> bool {
        self.is_public() || viewer.edits(&self.municipality) || viewer.moderates()
    }

    /// An answer by its key.
    #[must_use]
    pub fn answer(&self, key: &AnswerId) -> Option<&Answer> {
        self.answers.iter().find(|answer| answer.key == *key)
    }

    /// The answer that helped.
    #[must_use]
    pub fn accepted_answer(&self) -> Option<&Answer> {
        self.accepted.as_ref().and_then(|key| self.answer(key))
    }

    /// The municipalities that should know what becomes of it: who asked, whom it was sent to, who
    /// answered, who has the same question. Each once.
    #[must_use]
    pub fn concerned(&self) -> Vec<MunicipalityId> {
        let addressees = self.routed_to.iter().map(|addressee| &addressee.municipality);
        let answering = self.answers.iter().map(|answer| &answer.municipality);
        let all = addressees.chain(answering).chain(&self.interested);
        let mut concerned = vec![self.municipality.clone()];
        for municipality in all {
            if !concerned.contains(municipality) {
                concerned.push(municipality.clone());
            }
        }
        concerned
    }

    /// Checks a question before it is stored.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<Problem>> {
        let mut checks = Checks::default();
        checks.name("title", &self.title, LONGEST_TITLE);
        checks.required("text", &self.text);
        checks.text("text", &self.text);
        checks.count("topics", self.topics.len(), MOST_TOPICS);
        checks.language("language", &self.language);
        checks.finish()
    }
}
