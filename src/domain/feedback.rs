//! "Helpful for us because": what municipalities say of each other's solutions, in place of stars.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::check::Checks;
use super::key::{FeedbackId, MunicipalityId, SolutionId};
use super::problem::{Problem, What};
use super::publication::Publication;
use super::rights::Viewer;

/// The longest feedback, in characters.
const LONGEST: usize = 500;

/// Why a solution was helpful to a municipality.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Feedback {
    /// Its key.
    pub id: FeedbackId,
    /// How often the record was changed, from 1.
    pub revision: u32,
    /// Of which solution.
    pub solution: SolutionId,
    /// Who says so.
    pub municipality: MunicipalityId,
    /// Why it was helpful.
    pub text: String,
    /// Whether it is shown.
    pub publication: Publication,
    /// When it was given.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

impl Feedback {
    /// Feedback that says nothing yet.
    #[must_use]
    pub fn empty(
        id: FeedbackId,
        solution: SolutionId,
        municipality: MunicipalityId,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            id,
            revision: 1,
            solution,
            municipality,
            text: String::new(),
            publication: Publication::Draft,
            created_at: now,
            updated_at: now,
        }
    }

    /// The feedback saying this, and shown; the same again changes nothing.
    ///
    /// # Errors
    /// Everything that would be wrong with it.
    pub fn saying(mut self, text: &str, now: DateTime<Utc>) -> Result<Self, Vec<Problem>> {
        if self.text == text && self.is_public() {
            return Ok(self);
        }
        text.clone_into(&mut self.text);
        self.publication = Publication::Published;
        self.updated_at = now;
        self.check()?;
        Ok(self)
    }

    /// The feedback taken back.
    ///
    /// # Errors
    /// It was taken back already.
    pub fn withdrawn(mut self, now: DateTime<Utc>) -> Result<Self, Vec<Problem>> {
        self.publication = self.publication.archive().map_err(|problem| vec![problem])?;
        self.updated_at = now;
        Ok(self)
    }

    /// Whether everybody may read it.
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.publication.is_public()
    }

    /// Whether a viewer may read it.
    #[must_use]
    pub fn is_readable_by(&self, viewer: &Viewer) -> bool {
        viewer.reads(self.publication, &self.municipality) || viewer.moderates()
    }

    /// The municipalities that should know what becomes of it.
    #[must_use]
    pub fn concerned(&self) -> Vec<MunicipalityId> {
        vec![self.municipality.clone()]
    }

    /// Checks a record before it is stored.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<Problem>> {
        let mut checks = Checks::default();
        let given = self.text.chars().count();
        checks.required("text", &self.text);
        checks.ensure(given <= LONGEST, "text", What::TooLong { most: LONGEST, given });
        checks.text("text", &self.text);
        checks.finish()
    }
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;
    use crate::domain::testing::told;

    fn feedback() -> Feedback {
        let key = Ulid::nil();
        Feedback::empty(key.into(), key.into(), key.into(), DateTime::UNIX_EPOCH)
    }

    #[test]
    fn feedback_is_given_changed_taken_back_and_given_anew() {
        let now = DateTime::UNIX_EPOCH;
        let given = feedback().saying("Die Satzung passte uns.", now).expect("sound");
        assert!(given.is_public());
        let later = now + chrono::TimeDelta::days(1);
        assert_eq!(given.clone().saying("Die Satzung passte uns.", later), Ok(given.clone()));
        let withdrawn = given.withdrawn(now).expect("it is shown");
        assert!(!withdrawn.is_public() && !withdrawn.is_readable_by(&Viewer::Anonymous));
        assert_eq!(told(withdrawn.clone().withdrawn(now)), ["WRONG_STATE id"]);
        assert!(withdrawn.saying("Doch.", now).expect("sound").is_public());
    }

    #[test]
    fn it_says_something_and_is_short() {
        let said = |text: &str| told(feedback().saying(text, DateTime::UNIX_EPOCH));
        assert_eq!(said(" "), ["REQUIRED text"]);
        assert_eq!(said(&"x".repeat(501)), ["TOO_LONG text"]);
        assert_eq!(said("a\0"), ["INVALID text"]);
        assert!(said(&"ä".repeat(500)).is_empty());
    }
}
