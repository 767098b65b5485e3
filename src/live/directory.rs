//! What nearly every answer needs, in memory: municipalities with their newest figures, topics,
//! target groups, programmes. Eleven thousand municipalities take about ten megabytes.

use std::collections::HashMap;
use std::sync::Arc;

use arc_swap::ArcSwap;

use super::place::Place;
use super::tables::Tables;
use super::{Error, unless_unreadable};
use crate::domain::likeness::Reference;
use crate::domain::{
    Adoption, AdoptionCounts, AdoptionId, Event, EventKind, Municipality, MunicipalityId, NodeId,
    Profile, Programme, SolutionId, TargetGroup, Thesaurus, ThesaurusId, Topic,
};
use crate::store::Store;

/// The tables, kept up to date.
#[derive(Clone)]
pub struct Directory {
    store: Store,
    tables: Arc<ArcSwap<Tables>>,
}

impl Directory {
    /// Reads everything from the database.
    ///
    /// # Errors
    /// What the database says.
    pub async fn load(store: Store) -> Result<Self, Error> {
        let mut tables = Tables::new(reference(&store).await?);
        let mut profiles: HashMap<MunicipalityId, Vec<Profile>> = HashMap::new();
        for profile in store.all::<Profile>().await? {
            profiles.entry(profile.municipality.clone()).or_default().push(profile);
        }
        for municipality in store.all::<Municipality>().await? {
            let profiles = profiles.remove(&municipality.id).unwrap_or_default();
            let reference = Arc::clone(&tables.reference);
            tables.insert(Place::new(municipality, profiles, &reference));
        }
        read_vocabularies(&store, &mut tables).await?;
        let mut adoptions: HashMap<SolutionId, Vec<Adoption>> = HashMap::new();
        for adoption in store.all::<Adoption>().await? {
            adoptions.entry(adoption.solution.clone()).or_default().push(adoption);
        }
        for (solution, adoptions) in adoptions {
            tables.count_adoptions(solution, AdoptionCounts::of(&adoptions));
        }
        Ok(Self { store, tables: Arc::new(ArcSwap::from_pointee(tables)) })
    }

    /// The tables of this moment.
    #[must_use]
    pub fn tables(&self) -> Arc<Tables> {
        self.tables.load_full()
    }

    /// Takes the changes of some events over. What cannot be read stays as it was known.
    pub(super) async fn follow(&self, events: &[Arc<Event>]) -> Result<(), Error> {
        let mut tables: Option<Tables> = None;
        for event in events {
            let place = match &event.subject.0 {
                NodeId::Municipality(id) => Some(id),
                NodeId::Profile(_) => event.municipalities.first(),
                _ => None,
            };
            if let Some(id) = place
                && let Some(place) = unless_unreadable(self.read(id).await, id)?
            {
                tables.get_or_insert_with(|| Tables::clone(&self.tables.load())).insert(place);
            }
        }
        for event in events {
            let counted = match (&event.subject.0, event.kind) {
                (NodeId::Adoption(id), _) => unless_unreadable(self.adopted(id).await, id)?,
                // Who took over a duplicate took over what takes its place.
                (NodeId::Solution(id), EventKind::SolutionMerged) => {
                    unless_unreadable(self.counted(id.clone()).await.map(Some), id)?
                }
                _ => None,
            };
            if let Some((solution, counts)) = counted {
                let tables = tables.get_or_insert_with(|| Tables::clone(&self.tables.load()));
                tables.count_adoptions(solution, counts);
            }
        }
        let of_words = |event: &&Arc<Event>| event.kind == EventKind::VocabularyUpdated;
        if let Some(event) = events.iter().find(of_words) {
            let tables = tables.get_or_insert_with(|| Tables::clone(&self.tables.load()));
            unless_unreadable(read_vocabularies(&self.store, tables).await, &event.subject.0)?;
        }
        if let Some(tables) = tables {
            self.tables.store(Arc::new(tables));
        }
        Ok(())
    }

    /// The solution of an adoption, and how many took it over.
    async fn adopted(
        &self,
        id: &AdoptionId,
    ) -> Result<Option<(SolutionId, AdoptionCounts)>, Error> {
        let Some(adoption) = self.store.get::<Adoption>(id).await? else { return Ok(None) };
        self.counted(adoption.solution).await.map(Some)
    }

    async fn counted(&self, solution: SolutionId) -> Result<(SolutionId, AdoptionCounts), Error> {
        let all = self.store.of_solution::<Adoption>(&solution).await?;
        Ok((solution, AdoptionCounts::of(&all)))
    }

    async fn read(&self, id: &MunicipalityId) -> Result<Option<Place>, Error> {
        let Some(municipality) = self.store.get::<Municipality>(id).await? else { return Ok(None) };
        let reference = Arc::clone(&self.tables.load().reference);
        Ok(Some(Place::new(municipality, self.store.profiles_of(id).await?, &reference)))
    }
}

/// The reference that was imported, or the one that comes with the program.
async fn reference(store: &Store) -> Result<Arc<Reference>, Error> {
    let Some(text) = store.reference().await? else { return Ok(Arc::clone(Reference::shipped())) };
    match Reference::read(&text) {
        Ok(reference) => Ok(Arc::new(reference)),
        Err(error) => {
            tracing::error!(%error, "passing over the reference that was imported: import it again");
            Ok(Arc::clone(Reference::shipped()))
        }
    }
}

async fn read_vocabularies(store: &Store, tables: &mut Tables) -> Result<(), Error> {
    let topics = store.all::<Topic>().await?;
    tables.topics = topics.into_iter().map(|topic| (topic.id.clone(), Arc::new(topic))).collect();
    let groups = store.all::<TargetGroup>().await?;
    tables.target_groups =
        groups.into_iter().map(|group| (group.id.clone(), Arc::new(group))).collect();
    let programmes = store.all::<Programme>().await?;
    tables.programmes = programmes
        .into_iter()
        .map(|programme| (programme.id.clone(), Arc::new(programme)))
        .collect();
    let thesaurus = store.get::<Thesaurus>(&ThesaurusId::the_one()).await?;
    tables.thesaurus = Arc::new(thesaurus.unwrap_or_default());
    Ok(())
}
