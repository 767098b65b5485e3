//! What somebody answers.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::check::{Checks, MOST_ENTRIES};
use crate::domain::key::{AnswerId, DocumentId, MunicipalityId, SolutionId};
use crate::domain::patch::Patch;
use crate::domain::problem::Problem;

/// An answer to a question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// Its key.
    pub key: AnswerId,
    /// Who answers.
    pub municipality: MunicipalityId,
    /// What they say.
    pub text: String,
    /// Solutions that show it.
    pub solutions: Vec<SolutionId>,
    /// Documents that show it.
    pub documents: Vec<DocumentId>,
    /// When it was given.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// A change to an answer; the fields are those of [`Answer`].
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "each field is documented on Answer")]
pub struct AnswerChange {
    pub text: Patch<String>,
    pub solutions: Patch<Vec<SolutionId>>,
    pub documents: Patch<Vec<DocumentId>>,
}

impl Answer {
    /// The answer with a change applied.
    ///
    /// # Errors
    /// Everything that would be wrong with it.
    pub(super) fn changed(
        mut self,
        change: AnswerChange,
        now: DateTime<Utc>,
    ) -> Result<Self, Vec<Problem>> {
        let mut checks = Checks::default();
        checks.kept("text", change.text.apply_required(&mut self.text));
        checks.finish()?;
        change.solutions.apply_or_default(&mut self.solutions);
        change.documents.apply_or_default(&mut self.documents);
        self.updated_at = now;
        self.check()?;
        Ok(self)
    }

    /// Checks an answer before it is stored.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub(super) fn check(&self) -> Result<(), Vec<Problem>> {
        let mut checks = Checks::default();
        checks.required("text", &self.text);
        checks.text("text", &self.text);
        checks.count("solutions", self.solutions.len(), MOST_ENTRIES);
        checks.count("documents", self.documents.len(), MOST_ENTRIES);
        checks.finish()
    }
}
