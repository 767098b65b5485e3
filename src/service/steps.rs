//! Records in which several municipalities have a say: each step is somebody's, and each tells the
//! journal what it was.

use std::collections::HashSet;

use super::managed::MOST_REPEATS;
use super::{Error, Note, Services};
use crate::domain::{
    Adoption, EventKind, Feedback, MunicipalityId, NodeId, Organisation, Problem, Question, Viewer,
    What,
};
use crate::store::{self, Change, Record};

/// What the journal is told of a step: what it was, and which municipalities should know of it
/// beside those of the record.
pub(crate) type Told<'a> = (EventKind, &'a [MunicipalityId]);

/// A record that goes its way step by step.
pub(crate) trait Stepwise: Record + Clone + PartialEq {
    /// Its global id.
    fn node(&self) -> NodeId;
    /// Its revision.
    fn revision(&mut self) -> &mut u32;
    /// What people call it.
    fn title(&self) -> Option<String>;
    /// The municipalities that should know what becomes of it.
    fn concerned(&self) -> Vec<MunicipalityId>;
    /// Whether everybody may read it.
    fn is_public(&self) -> bool;
    /// Whether a viewer may read it.
    fn is_readable_by(&self, viewer: &Viewer) -> bool;
}

impl Services {
    /// A record that the viewer may read.
    pub(crate) async fn found<R: Stepwise>(&self, viewer: &Viewer, id: &R::Id) -> Result<R, Error> {
        let found = self.store.get::<R>(id).await?;
        let found = found.filter(|record| record.is_readable_by(viewer));
        found.ok_or_else(|| Problem::at("id", What::NotFound).into())
    }

    /// Writes a new record.
    pub(super) async fn begin<R: Stepwise>(
        &self,
        viewer: &Viewer,
        record: R,
        told: Told<'_>,
    ) -> Result<R, Error> {
        let change = Change::default().create(&record)?;
        self.commit(viewer, change, note(&record, told, record.is_public())).await?;
        Ok(record)
    }

    /// Writes the first record between a solution and a municipality; there is one of a kind.
    pub(super) async fn first<R: Stepwise>(
        &self,
        viewer: &Viewer,
        record: R,
        told: Told<'_>,
        field: &str,
    ) -> Result<R, Error> {
        self.begin(viewer, record, told).await.map_err(|error| match error {
            Error::Store(store::Error::Taken { .. }) => Problem::at(field, What::Taken).into(),
            other => other,
        })
    }

    /// Reads, asks who may and what is valid, writes; again if somebody else was faster. A step that
    /// changes nothing is none.
    pub(super) async fn step<R: Stepwise>(
        &self,
        viewer: &Viewer,
        id: &R::Id,
        told: Told<'_>,
        apply: impl Fn(R) -> Result<R, Error> + Send + Sync,
    ) -> Result<R, Error> {
        if !viewer.is_known() {
            return Err(Error::Unauthenticated);
        }
        for _ in 0..MOST_REPEATS {
            let record = self.found::<R>(viewer, id).await?;
            let mut changed = apply(record.clone())?;
            if changed == record {
                return Ok(record);
            }
            *changed.revision() += 1;
            let change = Change::default().replace(&changed)?;
            // That something left is for those to know who could see it.
            let note = note(&changed, told, record.is_public() || changed.is_public());
            match self.commit(viewer, change, note).await {
                Err(Error::Store(store::Error::Stale)) => {}
                other => return other.map(|_| changed),
            }
        }
        Err(Problem::at("id", What::Stale).into())
    }

    /// Whether the viewer acts for a municipality.
    ///
    /// # Errors
    /// Nobody is signed in, there is no such municipality, or others act for it.
    pub(super) fn acts_for(
        &self,
        viewer: &Viewer,
        municipality: &MunicipalityId,
    ) -> Result<(), Error> {
        if !viewer.is_known() {
            return Err(Error::Unauthenticated);
        }
        if self.directory.tables().place(municipality).is_none() {
            return Err(Problem::at("municipality", What::NotFound).into());
        }
        may(viewer.edits(municipality))
    }
}

/// Lets only those on who may.
pub(super) fn may(allowed: bool) -> Result<(), Error> {
    if allowed { Ok(()) } else { Err(Error::Forbidden) }
}

/// Lets only changes on that were made on the record as it is.
pub(super) fn expected(revision: u32, expected: Option<u32>) -> Result<(), Error> {
    match expected {
        Some(expected) if expected != revision => {
            Err(Problem::at("expectedRevision", What::Stale).into())
        }
        _ => Ok(()),
    }
}

/// What the journal is told of a record.
pub(super) fn note<R: Stepwise>(record: &R, (kind, others): Told<'_>, public: bool) -> Note {
    let mut municipalities = record.concerned();
    municipalities.extend(others.iter().cloned());
    let mut seen = HashSet::new();
    municipalities.retain(|municipality| seen.insert(municipality.clone()));
    Note { kind, subject: record.node(), municipalities, public, title: record.title() }
}

macro_rules! stepwise {
    ($($type:ident, |$record:ident| $title:expr;)*) => {$(
        impl Stepwise for $type {
            fn node(&self) -> NodeId {
                self.id.clone().into()
            }

            fn revision(&mut self) -> &mut u32 {
                &mut self.revision
            }

            fn title(&self) -> Option<String> {
                let title: fn(&Self) -> Option<String> = |$record| $title;
                title(self)
            }

            fn concerned(&self) -> Vec<MunicipalityId> {
                Self::concerned(self)
            }

            fn is_public(&self) -> bool {
                Self::is_public(self)
            }

            fn is_readable_by(&self, viewer: &Viewer) -> bool {
                Self::is_readable_by(self, viewer)
            }
        }
    )*};
}

stepwise! {
    Question, |question| Some(question.title.clone());
    Adoption, |_adoption| None;
    Feedback, |_feedback| None;
    Organisation, |organisation| Some(organisation.name.clone());
}
