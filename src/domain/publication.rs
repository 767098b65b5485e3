//! Whether a simple record (contact, document, profile) is out in the open.

use super::kinds::kinds;
use super::problem::{Problem, What, Words};

kinds! {
    /// The state of a record that is either shown or not.
    Publication {
        Draft = "draft", "Entwurf", "Draft";
        Published = "published", "Veröffentlicht", "Published";
        Archived = "archived", "Archiviert", "Archived";
    }
}

impl Publication {
    /// The state after publishing: anything but a published record can be.
    ///
    /// # Errors
    /// A problem if the record is out already.
    pub fn publish(self) -> Result<Self, Problem> {
        match self {
            Self::Draft | Self::Archived => Ok(Self::Published),
            Self::Published => Err(self.wrong(Words { de: "veröffentlichen", en: "publish" })),
        }
    }

    /// The state after archiving.
    ///
    /// # Errors
    /// A problem if the record is archived already.
    pub fn archive(self) -> Result<Self, Problem> {
        match self {
            Self::Draft | Self::Published => Ok(Self::Archived),
            Self::Archived => Err(self.wrong(Words { de: "archivieren", en: "archive" })),
        }
    }

    /// Whether everybody may read the record.
    #[must_use]
    pub fn is_public(self) -> bool {
        self == Self::Published
    }

    fn wrong(self, action: Words) -> Problem {
        Problem::at("id", What::WrongState { action, state: Words::of(self) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_go_out_and_leave_and_come_back() {
        assert_eq!(Publication::Draft.publish(), Ok(Publication::Published));
        assert_eq!(Publication::Published.archive(), Ok(Publication::Archived));
        assert_eq!(Publication::Archived.publish(), Ok(Publication::Published));
        assert!(Publication::Published.publish().is_err());
        assert!(Publication::Archived.archive().is_err());
    }
}
