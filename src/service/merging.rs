//! What others made of a duplicate goes with it to the solution that takes its place.

use std::collections::HashSet;

use super::lifecycle::Written;
use super::steps::{Stepwise, note};
use super::{Error, Services};
use crate::domain::{Adoption, EventKind, Feedback, MunicipalityId, Solution, SolutionId};

/// A record between a solution and a municipality that is not the solution's own.
trait Reuse: Stepwise {
    /// What the journal is told when it changes.
    const CHANGED: EventKind;
    /// Who made something of the solution.
    fn municipality(&self) -> &MunicipalityId;
    /// Of which solution.
    fn solution(&mut self) -> &mut SolutionId;
}

macro_rules! reuse {
    ($($type:ident, $changed:ident;)*) => {$(
        impl Reuse for $type {
            const CHANGED: EventKind = EventKind::$changed;

            fn municipality(&self) -> &MunicipalityId {
                &self.municipality
            }

            fn solution(&mut self) -> &mut SolutionId {
                &mut self.solution
            }
        }
    )*};
}

reuse! {
    Adoption, AdoptionUpdated;
    Feedback, FeedbackUpdated;
}

impl Services {
    /// Adds to what is written that adoptions of a duplicate and feedback on it belong to the other
    /// solution now.
    ///
    /// Two kinds stay where they are, to be read there: those of municipalities that said something of
    /// the other solution too, and those of municipalities whose own the other one is.
    pub(super) async fn with_reuse_of(
        &self,
        duplicate: &SolutionId,
        kept: &Solution,
        written: Written,
    ) -> Result<Written, Error> {
        let written = self.with_moved::<Adoption>(duplicate, kept, written).await?;
        self.with_moved::<Feedback>(duplicate, kept, written).await
    }

    async fn with_moved<R: Reuse>(
        &self,
        duplicate: &SolutionId,
        kept: &Solution,
        mut written: Written,
    ) -> Result<Written, Error> {
        let there = self.store.of_solution::<R>(&kept.id).await?;
        let mut known: HashSet<_> = there.iter().map(R::municipality).cloned().collect();
        known.extend(kept.municipalities.iter().cloned());
        let moving = self.store.of_solution::<R>(duplicate).await?;
        for mut record in moving.into_iter().filter(|it| !known.contains(it.municipality())) {
            *record.solution() = kept.id.clone();
            *record.revision() += 1;
            let public = record.is_public();
            written.also.push(note(&record, (R::CHANGED, &kept.municipalities), public));
            written.change = written.change.replace(&record)?;
        }
        Ok(written)
    }
}
