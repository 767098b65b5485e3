//! Records that editors keep: made as a draft, changed, published, archived.
//!
//! Contacts, documents and profiles go the same way; what differs is said by [`Managed`]. Solutions
//! begin like them and then take the way of [`super::lifecycle`].

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::erasure::now_and_again;
use super::references::References;
use super::{Error, Note, Services};
use crate::domain::{
    Actor, Event, EventKind, MunicipalityId, NodeId, Personal, Problem, Solution, SolutionId,
    Viewer, What, camel_case,
};
use crate::store::{self, Change, Record};

/// How often a change or a step is repeated that met another one of the same record.
pub(super) const MOST_REPEATS: usize = 20;

/// The events of a record's life.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Events {
    /// It was made.
    pub(crate) created: EventKind,
    /// It was changed.
    pub(crate) updated: EventKind,
}

/// The events of a record that is either shown or not.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Showing {
    /// It went out in the open.
    pub(crate) published: EventKind,
    /// It was put away.
    pub(crate) archived: EventKind,
}

/// A record that editors keep.
pub(crate) trait Managed: Record + Clone {
    /// A change to it.
    type Change: Clone + Send + Sync;
    /// The events of its life.
    const EVENTS: Events;

    /// Where the API says whose a record is that belongs to the municipality at this position.
    fn owner_path(position: usize) -> Vec<String>;
    /// Whose it is.
    fn owners(&self) -> &[MunicipalityId];
    /// What people call it.
    fn title(&self) -> Option<String>;
    /// Its global id.
    fn node(&self) -> NodeId;
    /// Its revision.
    fn revision(&mut self) -> &mut u32;
    /// Whether everybody may read it.
    fn is_public(&self) -> bool;
    /// Whether a viewer may read it.
    fn readable(&self, viewer: &Viewer) -> bool {
        self.is_public() || viewer.works_for_any(self.owners())
    }
    /// Notes who began it, where that matters.
    fn wrote(&mut self, _viewer: &Viewer, _actor: Actor) {}
    /// What it refers to.
    fn references(&self) -> References<'_>;
    /// With a change applied.
    fn changed(self, change: Self::Change, now: DateTime<Utc>) -> Result<Self, Vec<Problem>>;
    /// When it was last changed.
    fn updated_at(&self) -> DateTime<Utc>;
    /// What a change takes away of a person, which has to go from all files then.
    fn taken_away(&self, _after: &Self) -> Option<Personal> {
        None
    }
}

/// A record that is either shown or not; solutions take a longer way ([`super::lifecycle`]).
pub(crate) trait Shown: Managed {
    /// The events of going out and of being put away.
    const SHOWING: Showing;

    /// Out in the open.
    fn published(self, now: DateTime<Utc>) -> Result<Self, Vec<Problem>>;
    /// Put away.
    fn archived(self, now: DateTime<Utc>) -> Result<Self, Vec<Problem>>;
}

impl Services {
    /// A record that the viewer may read.
    pub(crate) async fn read<R: Managed>(
        &self,
        viewer: &Viewer,
        id: &R::Id,
    ) -> Result<Option<R>, Error> {
        let record = self.store.get::<R>(id).await?;
        Ok(record.filter(|record| record.readable(viewer)))
    }

    /// The solutions of these keys that the viewer may read.
    pub(crate) async fn solutions(
        &self,
        viewer: &Viewer,
        ids: &[SolutionId],
    ) -> Result<HashMap<SolutionId, Arc<Solution>>, Error> {
        let mut found = self.store.get_cached::<Solution>(ids).await?;
        found.retain(|_, solution| solution.readable(viewer));
        Ok(found)
    }

    /// The solution of a name in URLs, if the viewer may read it.
    pub(crate) async fn solution_by_slug(
        &self,
        viewer: &Viewer,
        slug: &str,
    ) -> Result<Option<Solution>, Error> {
        let found = self.store.solution_by_slug(slug).await?;
        Ok(found.filter(|solution| solution.readable(viewer)))
    }

    /// The solution of a key in another system, of those that the viewer may read. Several
    /// municipalities may use the same keys: what the viewer works for goes first, then what is older.
    pub(crate) async fn solution_by_external_key(
        &self,
        viewer: &Viewer,
        key: &str,
    ) -> Result<Option<Solution>, Error> {
        let found = self.store.of_external_key::<Solution>(key).await?;
        let found = found.into_iter().filter(|solution| solution.readable(viewer));
        let rank = |it: &Solution| (!viewer.works_for_any(&it.municipalities), it.id.key());
        Ok(found.min_by_key(rank))
    }

    /// Makes a draft.
    pub(crate) async fn create<R: Managed>(
        &self,
        viewer: &Viewer,
        draft: R,
        change: R::Change,
    ) -> Result<R, Error> {
        let actor = viewer.actor().ok_or(Error::Unauthenticated)?;
        let mut record = draft.changed(change, self.clock.now())?;
        record.wrote(viewer, actor);
        self.resolve(viewer, None, &record).await?;
        allow(viewer, record.owners())?;
        own_ground::<R>(viewer, &[], record.owners())?;
        let change = Change::default().create(&record)?;
        match self.write(viewer, change, false, &record, R::EVENTS.created).await {
            Err(Error::Store(store::Error::Taken { field })) => Err(camel_taken(&field)),
            other => other.map(|_| record),
        }
    }

    /// Changes a record.
    pub(crate) async fn update<R: Shown>(
        &self,
        viewer: &Viewer,
        id: &R::Id,
        expected_revision: Option<u32>,
        change: R::Change,
    ) -> Result<R, Error> {
        let apply = |record: R| record.changed(change.clone(), self.clock.now());
        self.replace(viewer, id, expected_revision, R::EVENTS.updated, apply).await
    }

    /// Brings a record out in the open.
    pub(crate) async fn publish<R: Shown>(&self, viewer: &Viewer, id: &R::Id) -> Result<R, Error> {
        self.replace(viewer, id, None, R::SHOWING.published, |record: R| {
            record.published(self.clock.now())
        })
        .await
    }

    /// Puts a record away.
    pub(crate) async fn archive<R: Shown>(&self, viewer: &Viewer, id: &R::Id) -> Result<R, Error> {
        self.replace(viewer, id, None, R::SHOWING.archived, |record: R| {
            record.archived(self.clock.now())
        })
        .await
    }

    /// Reads, checks, changes, writes; again if somebody else was faster and nobody minds.
    pub(super) async fn replace<R: Shown>(
        &self,
        viewer: &Viewer,
        id: &R::Id,
        expected_revision: Option<u32>,
        kind: EventKind,
        apply: impl Fn(R) -> Result<R, Vec<Problem>>,
    ) -> Result<R, Error> {
        if !viewer.is_known() {
            return Err(Error::Unauthenticated);
        }
        for _ in 0..MOST_REPEATS {
            let found = self.read::<R>(viewer, id).await?;
            let mut record = found.ok_or_else(|| Problem::at("id", What::NotFound))?;
            let edits = kind == R::EVENTS.updated;
            let allowed = if edits {
                viewer.edits_any(record.owners())
            } else {
                viewer.works_for_any(record.owners())
            };
            if !allowed {
                return Err(Error::Forbidden);
            }
            if expected_revision.is_some_and(|expected| expected != *record.revision()) {
                return Err(Problem::at("expectedRevision", What::Stale).into());
            }
            let mut changed = apply(record.clone())?;
            *changed.revision() += 1;
            own_ground::<R>(viewer, record.owners(), changed.owners())?;
            if edits {
                self.resolve(viewer, Some(&record), &changed).await?;
            }
            let mut change = Change::default().replace(&changed)?;
            let taken = record.taken_away(&changed);
            if let Some(person) = &taken {
                self.forget_searches_for(person).await?;
                change = change.erases(&now_and_again(self.clock.now()));
            }
            let written = self.write(viewer, change, record.is_public(), &changed, kind).await;
            match written {
                Err(Error::Store(store::Error::Stale)) => {}
                Err(Error::Store(store::Error::Taken { field })) => {
                    return Err(camel_taken(&field));
                }
                Err(error) => return Err(error),
                Ok(event) => {
                    if let Some(person) = taken {
                        // What is late is finished later; the change itself is done.
                        let _done = self.let_go(event.seq, person).await;
                    }
                    return Ok(changed);
                }
            }
        }
        Err(Problem::at("id", What::Stale).into())
    }

    async fn write<R: Managed>(
        &self,
        viewer: &Viewer,
        change: Change,
        was_public: bool,
        record: &R,
        kind: EventKind,
    ) -> Result<Event, Error> {
        let note = Note {
            kind,
            subject: record.node(),
            municipalities: record.owners().to_vec(),
            // That something left is for those to know who could see it.
            public: was_public || record.is_public(),
            title: record.title(),
        };
        self.commit(viewer, change, note).await
    }
}

fn allow(viewer: &Viewer, owners: &[MunicipalityId]) -> Result<(), Error> {
    if viewer.edits_any(owners) { Ok(()) } else { Err(Error::Forbidden) }
}

/// A record is given to a municipality, or taken from it, only by who may write for it.
pub(super) fn own_ground<R: Managed>(
    viewer: &Viewer,
    before: &[MunicipalityId],
    after: &[MunicipalityId],
) -> Result<(), Error> {
    let given = after
        .iter()
        .enumerate()
        .filter(|(_, place)| !before.contains(place) && !viewer.edits(place));
    let given = given
        .map(|(position, _)| Problem { path: R::owner_path(position), what: What::NotAllowed });
    let taken = before.iter().filter(|place| !after.contains(place) && !viewer.edits(place));
    let taken = taken.map(|_| Problem::at("municipalities", What::NotAllowed));
    let problems: Vec<Problem> = given.chain(taken).collect();
    if problems.is_empty() { Ok(()) } else { Err(problems.into()) }
}

/// That a text which must be unique is in use.
pub(super) fn camel_taken(field: &str) -> Error {
    Problem::at(&camel_case(field), What::Taken).into()
}
