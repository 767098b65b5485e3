//! What others made of a duplicate goes with it to the solution that takes its place.

use std::collections::HashMap;

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
    /// solution now, which must not become a duplicate itself meanwhile.
    ///
    /// Two kinds stay where they are, to be read there: those of municipalities that said something of
    /// the other solution too, and those of municipalities whose own the other one is. What somebody
    /// took back, or did not confirm, gives way to what is shown.
    pub(super) async fn with_reuse_of(
        &self,
        duplicate: &SolutionId,
        kept: &Solution,
        written: Written,
    ) -> Result<Written, Error> {
        let mut guarded = kept.clone();
        guarded.revision += 1;
        let change = written.change.replace(&guarded)?;
        let written = Written { change, ..written };
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
        let mut there: HashMap<MunicipalityId, R> =
            there.into_iter().map(|record| (record.municipality().clone(), record)).collect();
        let told = (R::CHANGED, kept.municipalities.as_slice());
        for mut record in self.store.of_solution::<R>(duplicate).await? {
            let own = kept.municipalities.contains(record.municipality());
            let other = there.remove(record.municipality());
            let gives_way = |other: &R| record.is_public() && !other.is_public();
            if own || other.as_ref().is_some_and(|other| !gives_way(other)) {
                continue;
            }
            if let Some(other) = other {
                written.also.push(note(&other, told, false));
                written.change = written.change.delete::<R>(other.id());
            }
            *record.solution() = kept.id.clone();
            *record.revision() += 1;
            written.also.push(note(&record, told, record.is_public()));
            written.change = written.change.replace(&record)?;
        }
        Ok(written)
    }
}
