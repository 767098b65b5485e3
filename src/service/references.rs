//! Checks that what a record refers to exists and may be seen by who writes.

use std::collections::HashMap;

use super::managed::Managed;
use super::{Error, Services};
use crate::domain::{
    Contact, ContactId, DocumentId, MunicipalityId, Organisation, OrganisationId, Problem,
    ProjectDocument, Solution, SolutionId, TargetGroupId, TopicId, Viewer, What,
};
use crate::store::Record;

/// What a record refers to.
#[derive(Default)]
pub(crate) struct References<'a> {
    pub(crate) municipalities: &'a [MunicipalityId],
    pub(crate) topics: &'a [TopicId],
    pub(crate) target_groups: &'a [TargetGroupId],
    pub(crate) contacts: &'a [ContactId],
    pub(crate) documents: &'a [DocumentId],
    pub(crate) related: &'a [SolutionId],
    pub(crate) organisations: Vec<OrganisationId>,
}

impl Services {
    /// Checks the references that a change adds. What was referred to before may have been put
    /// away since; that is no reason to refuse a change to something else.
    pub(super) async fn resolve<R: Managed>(
        &self,
        viewer: &Viewer,
        before: Option<&R>,
        after: &R,
    ) -> Result<(), Error> {
        let old = before.map(R::references).unwrap_or_default();
        let new = after.references();
        let tables = self.directory.tables();
        let contacts = self.visible::<Contact>(viewer, new.contacts).await?;
        let documents = self.visible::<ProjectDocument>(viewer, new.documents).await?;
        let related = self.visible::<Solution>(viewer, new.related).await?;
        let organisations = self.existing::<Organisation>(&new.organisations).await?;
        let mut missing = Missing::default();
        for (position, place) in new.municipalities.iter().enumerate() {
            if !old.municipalities.contains(place) && tables.place(place).is_none() {
                missing.0.push(Problem { path: R::owner_path(position), what: What::NotFound });
            }
        }
        missing.look("topics", new.topics, old.topics, |id| tables.topics.contains_key(id));
        missing.look("targetGroups", new.target_groups, old.target_groups, |id| {
            tables.target_groups.contains_key(id)
        });
        missing.look("contacts", new.contacts, old.contacts, |id| contacts.contains_key(id));
        missing.look("documents", new.documents, old.documents, |id| documents.contains_key(id));
        missing.look("related", new.related, old.related, |id| related.contains_key(id));
        missing.look("partners", &new.organisations, &old.organisations, |id| {
            organisations.contains_key(id)
        });
        if missing.0.is_empty() { Ok(()) } else { Err(missing.0.into()) }
    }

    /// Readers of a publication must have somebody to call.
    pub(super) async fn check_reachable(&self, solution: &Solution) -> Result<(), Error> {
        let shown = self.visible::<Contact>(&Viewer::Anonymous, &solution.contacts).await?;
        if !shown.is_empty() {
            return Ok(());
        }
        Err(Problem::at("contacts", What::NonePublic).into())
    }

    async fn existing<R: Record>(&self, ids: &[R::Id]) -> Result<HashMap<R::Id, R>, Error> {
        if ids.is_empty() { Ok(HashMap::new()) } else { Ok(self.store.get_many(ids).await?) }
    }

    pub(super) async fn visible<R: Managed>(
        &self,
        viewer: &Viewer,
        ids: &[R::Id],
    ) -> Result<HashMap<R::Id, R>, Error> {
        let mut found = self.existing::<R>(ids).await?;
        found.retain(|_, record| record.readable(viewer));
        Ok(found)
    }
}

/// What was referred to but is not there.
#[derive(Default)]
struct Missing(Vec<Problem>);

impl Missing {
    fn look<I: PartialEq>(
        &mut self,
        field: &str,
        new: &[I],
        old: &[I],
        there: impl Fn(&I) -> bool,
    ) {
        for (position, id) in new.iter().enumerate() {
            if !old.contains(id) && !there(id) {
                let path = vec![field.to_owned(), position.to_string()];
                self.0.push(Problem { path, what: What::NotFound });
            }
        }
    }
}
