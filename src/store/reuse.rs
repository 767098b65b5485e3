//! What municipalities made of a solution of others.

use surrealdb::types::Value;

use super::record::{Record, link, read_all};
use super::{Error, Store};
use crate::domain::{Adoption, Feedback, Municipality, MunicipalityId, Solution, SolutionId};

impl Store {
    /// The adoptions of a solution, or the feedback on it, whatever their state.
    pub(crate) async fn of_solution<R: Record>(
        &self,
        solution: &SolutionId,
    ) -> Result<Vec<R>, Error> {
        let query = format!("SELECT * FROM {} WHERE solution = $solution", R::TABLE);
        let of = Value::RecordId(link::<Solution>(solution));
        let found: Value =
            self.database.query(query).bind(("solution", of)).await?.check()?.take(0)?;
        read_all(found)
    }

    /// That a municipality took a solution over, whatever its state.
    pub(crate) async fn adoption(
        &self,
        solution: &SolutionId,
        municipality: &MunicipalityId,
    ) -> Result<Option<Adoption>, Error> {
        self.of_both(solution, municipality).await
    }

    /// The feedback of a municipality on a solution, shown or not.
    pub(crate) async fn feedback(
        &self,
        solution: &SolutionId,
        municipality: &MunicipalityId,
    ) -> Result<Option<Feedback>, Error> {
        self.of_both(solution, municipality).await
    }

    /// The one record between a solution and a municipality.
    async fn of_both<R: Record>(
        &self,
        solution: &SolutionId,
        municipality: &MunicipalityId,
    ) -> Result<Option<R>, Error> {
        let query = format!(
            "SELECT * FROM {} WHERE solution = $solution AND municipality = $municipality LIMIT 1",
            R::TABLE
        );
        let query = self.database.query(query);
        let query = query.bind(("solution", Value::RecordId(link::<Solution>(solution))));
        let of = Value::RecordId(link::<Municipality>(municipality));
        let found: Value = query.bind(("municipality", of)).await?.check()?.take(0)?;
        Ok(read_all(found)?.pop())
    }
}
