//! Records that an import writes as a whole: municipalities, organisations, processes.

use super::{Import, Outcome};
use crate::domain::{EventKind, Municipality, NodeId, Organisation, Problem, StrategyProcess};
use crate::service::{Error, Note};
use crate::store::{Change, Record};

/// A record that an import writes as a whole, unless an editor has worked on it since.
pub(super) trait Plain: Record + PartialEq {
    /// Its key and revision, which stay with the hub.
    fn identity(&mut self) -> (&mut Self::Id, &mut u32);
    /// What is wrong with it.
    fn check(&self) -> Result<(), Vec<Problem>>;
    /// What the journal is told.
    fn note(&self, created: bool) -> Note;
}

impl Import<'_> {
    /// Makes or replaces a record; gives its key, and what became of it.
    pub(super) async fn plain<R: Plain>(
        &self,
        found: Option<R>,
        mut record: R,
    ) -> Result<(R::Id, Outcome), Error> {
        record.check()?;
        let Some(mut known) = found else {
            let change = Change::default().create(&record)?;
            self.services.commit(&self.viewer, change, record.note(true)).await?;
            return Ok((record.id().clone(), Outcome::Created));
        };
        let (id, revision) = known.identity();
        let (id, revision) = (id.clone(), *revision);
        *record.identity().0 = id.clone();
        *record.identity().1 = revision;
        if record == known {
            return Ok((id, Outcome::Unchanged));
        }
        if self.edited.contains(&record.note(false).subject) {
            return Ok((id, Outcome::Left));
        }
        *record.identity().1 += 1;
        let change = Change::default().replace(&record)?;
        self.services.commit(&self.viewer, change, record.note(false)).await?;
        Ok((id, Outcome::Changed))
    }
}

macro_rules! plain {
    ($type:ident, $created:ident, $updated:ident, |$record:ident| $municipalities:expr, $title:expr) => {
        impl Plain for $type {
            fn identity(&mut self) -> (&mut Self::Id, &mut u32) {
                (&mut self.id, &mut self.revision)
            }

            fn check(&self) -> Result<(), Vec<Problem>> {
                Self::check(self)
            }

            fn note(&self, created: bool) -> Note {
                let $record = self;
                Note {
                    kind: if created { EventKind::$created } else { EventKind::$updated },
                    subject: NodeId::from(self.id.clone()),
                    municipalities: $municipalities,
                    public: true,
                    title: $title,
                }
            }
        }
    };
}

plain!(
    Organisation,
    OrganisationCreated,
    OrganisationUpdated,
    |it| Vec::new(),
    Some(it.name.clone())
);
plain!(
    Municipality,
    MunicipalityCreated,
    MunicipalityUpdated,
    |it| vec![it.id.clone()],
    Some(it.name.clone())
);
plain!(StrategyProcess, ProcessCreated, ProcessUpdated, |it| vec![it.municipality.clone()], None);
