//! Versions of solutions, and the steps that they took.

use super::{Error, Services};
use crate::domain::{Solution, SolutionVersion, Transition, VersionId, Viewer};

impl Services {
    /// One version, if the viewer may read it: those that readers saw are everybody's, the one that
    /// is being worked on is its editors' and reviewers'.
    pub(crate) async fn version(
        &self,
        viewer: &Viewer,
        id: &VersionId,
    ) -> Result<Option<SolutionVersion>, Error> {
        let Ok((solution, number)) = id.parts() else { return Ok(None) };
        let Some(current) = self.read::<Solution>(viewer, &solution).await? else {
            return Ok(None);
        };
        if number == current.version && number > 0 {
            return Ok(Some(as_version(&current)));
        }
        let found = self.store.get::<SolutionVersion>(id).await?;
        Ok(found.filter(|version| readable(viewer, version)))
    }

    /// The versions of a solution that the viewer may read, the newest first.
    pub(crate) async fn versions(
        &self,
        viewer: &Viewer,
        solution: &Solution,
    ) -> Result<Vec<SolutionVersion>, Error> {
        let mut versions = self.store.versions_of(&solution.id).await?;
        versions.retain(|version| version.number != solution.version);
        versions.retain(|version| readable(viewer, version));
        if solution.version > 0 {
            versions.push(as_version(solution));
        }
        versions.sort_by_key(|version| std::cmp::Reverse(version.number));
        Ok(versions)
    }

    /// The steps that a solution took, the newest first: for those who work on it or moderate.
    pub(crate) async fn transitions(
        &self,
        viewer: &Viewer,
        solution: &Solution,
    ) -> Result<Vec<Transition>, Error> {
        if !viewer.works_for_any(&solution.municipalities) && !viewer.moderates() {
            return Ok(Vec::new());
        }
        Ok(self.store.transitions_of(&solution.id).await?)
    }

    /// The next version of a solution that is being worked on, for those who may read it.
    pub(crate) async fn next_version(
        &self,
        viewer: &Viewer,
        solution: &Solution,
    ) -> Result<Option<SolutionVersion>, Error> {
        match solution.version_in_work() {
            Some(next) => self.version(viewer, &next).await,
            None => Ok(None),
        }
    }
}

/// What readers see, as the version that it is.
fn as_version(solution: &Solution) -> SolutionVersion {
    SolutionVersion {
        id: VersionId::of(&solution.id, solution.version),
        revision: solution.revision,
        solution: solution.id.clone(),
        number: solution.version,
        content: solution.clone(),
        superseded_at: None,
    }
}

/// Whether a viewer may read a version that readers do not see.
fn readable(viewer: &Viewer, version: &SolutionVersion) -> bool {
    version.superseded_at.is_some() || viewer.reads_solution(&version.content)
}
