//! Batches look-ups of records by key: one query of the database a level of the answer.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;

use crate::domain::{
    Adoption, AdoptionId, Contact, ContactId, DocumentId, Feedback, FeedbackId, LinkCheck, LinkId,
    Organisation, OrganisationId, ProcessId, Profile, ProfileId, ProjectDocument, Question,
    QuestionId, Solution, SolutionId, StrategyProcess,
};
use crate::store::{Error, Store};

/// Loads records for one request.
pub(super) struct Loaders(pub(super) Store);

macro_rules! loaders {
    ($($record:ident by $id:ident;)*) => {$(
        impl Loader<$id> for Loaders {
            type Value = Arc<$record>;
            type Error = Arc<Error>;

            async fn load(&self, ids: &[$id]) -> Result<HashMap<$id, Arc<$record>>, Arc<Error>> {
                Ok(self.0.get_cached::<$record>(ids).await?)
            }
        }
    )*};
}

loaders! {
    Solution by SolutionId;
    Contact by ContactId;
    ProjectDocument by DocumentId;
    Profile by ProfileId;
    Organisation by OrganisationId;
    StrategyProcess by ProcessId;
    Question by QuestionId;
    Adoption by AdoptionId;
    Feedback by FeedbackId;
}

/// They are written without an entry of the journal, by which the cache would learn of it.
impl Loader<LinkId> for Loaders {
    type Value = LinkCheck;
    type Error = Arc<Error>;

    async fn load(&self, ids: &[LinkId]) -> Result<HashMap<LinkId, LinkCheck>, Arc<Error>> {
        Ok(self.0.get_many::<LinkCheck>(ids).await?)
    }
}
