//! Which records editors keep, and how each of them goes its way.

use chrono::{DateTime, Utc};

use super::managed::{Events, Managed, Showing, Shown};
use super::references::References;
use crate::domain::{
    Actor, Contact, ContactChange, DocumentChange, EventKind, MunicipalityId, NodeId, Personal,
    Problem, Profile, ProfileChange, ProjectDocument, Solution, SolutionChange, Viewer,
};

impl Managed for Solution {
    type Change = SolutionChange;
    const EVENTS: Events =
        Events { created: EventKind::SolutionCreated, updated: EventKind::SolutionUpdated };

    fn owner_path(position: usize) -> Vec<String> {
        vec!["municipalities".to_owned(), position.to_string()]
    }

    fn owners(&self) -> &[MunicipalityId] {
        &self.municipalities
    }

    fn title(&self) -> Option<String> {
        Some(self.title.clone())
    }

    fn node(&self) -> NodeId {
        self.id.clone().into()
    }

    fn revision(&mut self) -> &mut u32 {
        &mut self.revision
    }

    fn is_public(&self) -> bool {
        self.lifecycle.is_public()
    }

    fn references(&self) -> References<'_> {
        References {
            municipalities: &self.municipalities,
            topics: &self.topics,
            target_groups: &self.target_groups,
            contacts: &self.contacts,
            documents: &self.documents,
            related: &self.related,
            organisations: self
                .partners
                .iter()
                .filter_map(|partner| partner.organisation.clone())
                .collect(),
        }
    }

    fn readable(&self, viewer: &Viewer) -> bool {
        viewer.reads_solution(self)
    }

    fn wrote(&mut self, viewer: &Viewer, actor: Actor) {
        self.keyed_by(viewer, None);
        Self::wrote(self, actor);
    }

    fn changed(self, change: SolutionChange, now: DateTime<Utc>) -> Result<Self, Vec<Problem>> {
        Self::changed(self, change, now)
    }

    fn updated_at(&self) -> DateTime<Utc> {
        self.updated_at
    }
}

/// The simple records differ only in their types and in what people call them.
macro_rules! simple {
    ($type:ident, $change:ident, $created:ident, $updated:ident, $published:ident, $archived:ident, $title:expr, $taken:expr) => {
        impl Managed for $type {
            type Change = $change;
            const EVENTS: Events =
                Events { created: EventKind::$created, updated: EventKind::$updated };

            fn owner_path(_: usize) -> Vec<String> {
                vec!["municipality".to_owned()]
            }

            fn owners(&self) -> &[MunicipalityId] {
                std::slice::from_ref(&self.municipality)
            }

            fn title(&self) -> Option<String> {
                let title: fn(&Self) -> Option<String> = $title;
                title(self)
            }

            fn node(&self) -> NodeId {
                self.id.clone().into()
            }

            fn revision(&mut self) -> &mut u32 {
                &mut self.revision
            }

            fn is_public(&self) -> bool {
                self.publication.is_public()
            }

            fn references(&self) -> References<'_> {
                References { municipalities: self.owners(), ..References::default() }
            }

            fn changed(self, change: $change, now: DateTime<Utc>) -> Result<Self, Vec<Problem>> {
                Self::changed(self, change, now)
            }

            fn updated_at(&self) -> DateTime<Utc> {
                self.updated_at
            }

            fn taken_away(&self, after: &Self) -> Option<Personal> {
                let taken: fn(&Self, &Self) -> Option<Personal> = $taken;
                taken(self, after)
            }
        }

        impl Shown for $type {
            const SHOWING: Showing =
                Showing { published: EventKind::$published, archived: EventKind::$archived };

            fn published(mut self, now: DateTime<Utc>) -> Result<Self, Vec<Problem>> {
                self.publication = self.publication.publish().map_err(|problem| vec![problem])?;
                self.updated_at = now;
                self.check()?;
                Ok(self)
            }

            fn archived(mut self, now: DateTime<Utc>) -> Result<Self, Vec<Problem>> {
                self.publication = self.publication.archive().map_err(|problem| vec![problem])?;
                self.updated_at = now;
                Ok(self)
            }
        }
    };
}

simple!(
    Contact,
    ContactChange,
    ContactCreated,
    ContactUpdated,
    ContactPublished,
    ContactArchived,
    // A contact's name is its role; persons never enter the journal.
    |contact| Some(contact.role.clone()),
    Contact::taken_away
);
simple!(
    ProjectDocument,
    DocumentChange,
    DocumentCreated,
    DocumentUpdated,
    DocumentPublished,
    DocumentArchived,
    |document| Some(document.title.clone()),
    |_, _| None
);
simple!(
    Profile,
    ProfileChange,
    ProfileCreated,
    ProfileUpdated,
    ProfilePublished,
    ProfileArchived,
    |profile| Some(profile.reference_date.to_string()),
    |_, _| None
);
