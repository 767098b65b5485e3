//! Organisations and experts: kept by moderators and by the municipalities that entered them.

use super::questions::not_found;
use super::steps::{expected, may};
use super::{Error, Services};
use crate::domain::{
    EventKind, MunicipalityId, Organisation, OrganisationChange, OrganisationId, Problem, TopicId,
    Viewer, What, slug,
};
use crate::store;

impl Services {
    /// Enters an organisation, in the name of a municipality or as a moderator.
    ///
    /// # Errors
    /// Others act for the municipality, or what is wrong with the organisation.
    pub async fn create_organisation(
        &self,
        viewer: &Viewer,
        entered_by: Option<MunicipalityId>,
        name: &str,
        change: OrganisationChange,
    ) -> Result<Organisation, Error> {
        match &entered_by {
            Some(municipality) => self.acts_for(viewer, municipality)?,
            None if !viewer.is_known() => return Err(Error::Unauthenticated),
            None => may(viewer.moderates())?,
        }
        let empty = Organisation::empty(self.ids.fresh().into(), slug(name));
        let mut organisation = Organisation { entered_by, ..empty }.changed(change)?;
        self.check_organisation(None, &organisation)?;
        loop {
            let told = (EventKind::OrganisationCreated, [].as_slice());
            match self.begin(viewer, organisation.clone(), told).await {
                // Two organisations may well have the same name.
                Err(Error::Store(store::Error::Taken { .. })) => {
                    let renamed = organisation.renamed();
                    organisation = renamed.ok_or_else(|| Problem::at("name", What::Taken))?;
                }
                other => return other,
            }
        }
    }

    /// Changes an organisation.
    ///
    /// # Errors
    /// The viewer may not, or what would be wrong with it.
    pub async fn update_organisation(
        &self,
        viewer: &Viewer,
        id: &OrganisationId,
        expected_revision: Option<u32>,
        change: OrganisationChange,
    ) -> Result<Organisation, Error> {
        let told = (EventKind::OrganisationUpdated, [].as_slice());
        self.step(viewer, id, told, |before: Organisation| {
            may(before.is_changeable_by(viewer))?;
            expected(before.revision, expected_revision)?;
            let after = before.clone().changed(change.clone())?;
            self.check_organisation(Some(&before), &after)?;
            Ok(after)
        })
        .await
    }

    /// Puts an organisation away, or shows it again.
    ///
    /// # Errors
    /// The viewer may not, or it is so already.
    pub async fn show_organisation(
        &self,
        viewer: &Viewer,
        id: &OrganisationId,
        shown: bool,
    ) -> Result<Organisation, Error> {
        let kind = match shown {
            true => EventKind::OrganisationPublished,
            false => EventKind::OrganisationArchived,
        };
        self.step(viewer, id, (kind, &[]), |organisation: Organisation| {
            may(organisation.is_changeable_by(viewer))?;
            Ok(organisation.shown(shown)?)
        })
        .await
    }

    fn check_organisation(
        &self,
        before: Option<&Organisation>,
        after: &Organisation,
    ) -> Result<(), Error> {
        let topics: &[TopicId] = before.map(|it| it.topics.as_slice()).unwrap_or_default();
        let places = before.map(|it| it.municipalities.as_slice()).unwrap_or_default();
        let tables = self.directory.tables();
        let mut problems = self.missing_topics(&after.topics, topics);
        let missing = after.municipalities.iter().enumerate();
        let missing = missing.filter(|(_, id)| !places.contains(id) && tables.place(id).is_none());
        problems.extend(missing.map(|(place, _)| not_found("municipalities", place)));
        if problems.is_empty() { Ok(()) } else { Err(problems.into()) }
    }
}
