//! Everything that is published, for whoever wants all of it at once.

use super::import::OpenRow;
use super::{Error, Services};
use crate::domain::{Organisation, Problem, Solution, SolutionId, Viewer, What};

/// How many records are looked at for a page.
const PAGE: usize = 200;

/// A page of solutions that everybody may have.
#[derive(Debug)]
pub struct OpenPage {
    /// The published ones among those that were looked at.
    pub rows: Vec<OpenRow>,
    /// Where the next page begins; none at the end.
    pub next: Option<SolutionId>,
}

impl Services {
    /// The published solutions after a key, in the order of their keys.
    ///
    /// # Errors
    /// What the database says.
    pub async fn open_solutions(&self, after: Option<&SolutionId>) -> Result<OpenPage, Error> {
        let page = self.store.page::<Solution>(after, PAGE).await?;
        let next = page.last().filter(|_| page.len() == PAGE).map(|last| last.id.clone());
        let public: Vec<Solution> =
            page.into_iter().filter(|solution| solution.lifecycle.is_public()).collect();
        Ok(OpenPage { rows: self.open_rows(&public).await?, next })
    }

    /// The published solution of a name in URLs.
    ///
    /// # Errors
    /// What the database says.
    pub async fn open_solution(&self, slug: &str) -> Result<Option<OpenRow>, Error> {
        let found = self.solution_by_slug(&Viewer::Anonymous, slug).await?;
        match found.filter(|solution| solution.lifecycle.is_public()) {
            Some(solution) => self.open_row(&solution).await.map(Some),
            None => Ok(None),
        }
    }

    /// A solution as it is given out.
    pub(super) async fn open_row(&self, solution: &Solution) -> Result<OpenRow, Error> {
        let rows = self.open_rows(std::slice::from_ref(solution)).await?;
        rows.into_iter().next().ok_or_else(|| Problem::at("id", What::NotFound).into())
    }

    async fn open_rows(&self, solutions: &[Solution]) -> Result<Vec<OpenRow>, Error> {
        let partners = solutions.iter().flat_map(|solution| &solution.partners);
        let organisations: Vec<_> = partners.filter_map(|it| it.organisation.clone()).collect();
        let mut known = self.store.get_many::<Organisation>(&organisations).await?;
        known.retain(|_, organisation| organisation.publication.is_public());
        let tables = self.directory.tables();
        Ok(solutions.iter().map(|it| OpenRow::new(it, &tables, &known)).collect())
    }

    /// What the open data says now: it changes with every entry of the journal.
    ///
    /// # Errors
    /// What the database says.
    pub async fn open_state(&self) -> Result<String, Error> {
        let head = self.store.refresh_head().await?;
        Ok(format!("{}-{head}", self.store.identity().await?))
    }
}
