//! Adoptions: declared by those who took a solution over, or suggested by those whose it is and
//! then confirmed.

use super::steps::{expected, may};
use super::{Error, Services};
use crate::domain::{
    Adoption, AdoptionChange, AdoptionId, EventKind, MunicipalityId, Patch, Problem, Solution,
    SolutionId, Viewer, What,
};

impl Services {
    /// Says that a municipality took a solution over, in its own name.
    ///
    /// # Errors
    /// Others act for the municipality, it is its own solution, or it said so already.
    pub async fn declare_adoption(
        &self,
        viewer: &Viewer,
        solution: &SolutionId,
        municipality: MunicipalityId,
        change: AdoptionChange,
    ) -> Result<Adoption, Error> {
        self.acts_for(viewer, &municipality)?;
        let solution = self.solution_of_others(viewer, solution, &municipality).await?;
        self.check_contact(viewer, &change, &municipality).await?;
        let (kind, now) = (EventKind::AdoptionDeclared, self.clock.now());
        let owners = &solution.municipalities;
        if let Some(known) = self.store.adoption(&solution.id, &municipality).await? {
            let apply =
                |adoption: Adoption| Ok(adoption.declared(change.clone(), self.clock.now())?);
            return self.step(viewer, &known.id, (kind, owners), apply).await;
        }
        let id = self.ids.fresh().into();
        let draft = Adoption::suggestion(id, solution.id, municipality, None, now);
        self.first(viewer, draft.declared(change, now)?, (kind, owners), "solution").await
    }

    /// Says that a municipality took a solution over, in the name of those whose solution it is. It
    /// counts once the municipality confirms it.
    ///
    /// # Errors
    /// The solution is not the viewer's, or an adoption of the municipality is known.
    pub async fn suggest_adoption(
        &self,
        viewer: &Viewer,
        solution: &SolutionId,
        municipality: MunicipalityId,
        change: AdoptionChange,
    ) -> Result<Adoption, Error> {
        if !viewer.is_known() {
            return Err(Error::Unauthenticated);
        }
        if self.directory.tables().place(&municipality).is_none() {
            return Err(Problem::at("municipality", What::NotFound).into());
        }
        let solution = self.solution_of_others(viewer, solution, &municipality).await?;
        let by = solution.municipalities.iter().find(|owner| viewer.edits(owner)).cloned();
        may(by.is_some())?;
        let (id, now) = (self.ids.fresh().into(), self.clock.now());
        let draft = Adoption::suggestion(id, solution.id, municipality, by, now);
        let told = (EventKind::AdoptionSuggested, [].as_slice());
        // Whatever is known of it already: nobody is asked twice.
        self.first(viewer, draft.changed(change, now)?, told, "municipality").await
    }

    /// Confirms what others suggested.
    ///
    /// # Errors
    /// The viewer does not act for the adopting municipality, or it is not suggested.
    pub async fn confirm_adoption(
        &self,
        viewer: &Viewer,
        id: &AdoptionId,
    ) -> Result<Adoption, Error> {
        let owners = self.owners_of(id).await?;
        self.step(viewer, id, (EventKind::AdoptionConfirmed, &owners), |adoption: Adoption| {
            may(viewer.edits(&adoption.municipality))?;
            Ok(adoption.confirmed(self.clock.now())?)
        })
        .await
    }

    /// Changes an adoption.
    ///
    /// # Errors
    /// It is not the viewer's to change, or what would be wrong with it.
    pub async fn update_adoption(
        &self,
        viewer: &Viewer,
        id: &AdoptionId,
        expected_revision: Option<u32>,
        change: AdoptionChange,
    ) -> Result<Adoption, Error> {
        let apply = |adoption: Adoption| {
            may(adoption.is_changeable_by(viewer))?;
            expected(adoption.revision, expected_revision)?;
            Ok(adoption.changed(change.clone(), self.clock.now())?)
        };
        if viewer.is_known() {
            let before = self.found::<Adoption>(viewer, id).await?;
            apply(before.clone())?;
            self.check_contact(viewer, &change, &before.municipality).await?;
        }
        let owners = self.owners_of(id).await?;
        self.step(viewer, id, (EventKind::AdoptionUpdated, &owners), apply).await
    }

    /// Declines what was suggested, or takes back what was said.
    ///
    /// # Errors
    /// It is neither the viewer's nor is the viewer a moderator, or it is withdrawn already.
    pub async fn withdraw_adoption(
        &self,
        viewer: &Viewer,
        id: &AdoptionId,
    ) -> Result<Adoption, Error> {
        let owners = self.owners_of(id).await?;
        self.step(viewer, id, (EventKind::AdoptionWithdrawn, &owners), |adoption: Adoption| {
            let own = viewer.edits(&adoption.municipality) || adoption.is_changeable_by(viewer);
            may(own || viewer.moderates())?;
            Ok(adoption.withdrawn(self.clock.now())?)
        })
        .await
    }

    /// A published solution that is not a municipality's own.
    pub(super) async fn solution_of_others(
        &self,
        viewer: &Viewer,
        id: &SolutionId,
        municipality: &MunicipalityId,
    ) -> Result<Solution, Error> {
        let found = self.read::<Solution>(viewer, id).await?;
        let found = found.filter(|solution| solution.lifecycle.is_public());
        let solution = found.ok_or_else(|| Problem::at("solution", What::NotFound))?;
        solution.check_adopter(municipality)?;
        Ok(solution)
    }

    /// Whose the solution is that was taken over: they learn what becomes of it.
    async fn owners_of(&self, id: &AdoptionId) -> Result<Vec<MunicipalityId>, Error> {
        let Some(adoption) = self.store.get::<Adoption>(id).await? else { return Ok(Vec::new()) };
        let solution = self.store.get::<Solution>(&adoption.solution).await?;
        Ok(solution.map(|solution| solution.municipalities).unwrap_or_default())
    }

    async fn check_contact(
        &self,
        viewer: &Viewer,
        change: &AdoptionChange,
        municipality: &MunicipalityId,
    ) -> Result<(), Error> {
        let Patch::Set(contact) = &change.contact else { return Ok(()) };
        let wrong = self.wrong_contact(viewer, contact, municipality).await?;
        wrong.map_or(Ok(()), |problem| Err(problem.into()))
    }
}

#[cfg(test)]
mod tests;
