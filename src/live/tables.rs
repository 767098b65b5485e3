//! Municipalities, topics, target groups and programmes in memory, as they were at one moment.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::convert::Infallible;
use std::fmt;
use std::sync::{Arc, OnceLock};

use quick_cache::sync::Cache;

use super::peers::{Comparer, Peers, standing};
use super::place::Place;
use crate::domain::likeness::{Reference, Standing};
use crate::domain::{
    AdoptionCounts, Lens, MunicipalityId, Near, Programme, ProgrammeId, SolutionId, TargetGroup,
    TargetGroupId, Thesaurus, Topic, TopicId, Weights, slug,
};

/// What was asked of so many municipalities is kept; with all of Germany each takes about a megabyte.
const MOST_LAST: usize = 64;

/// Whether one of the words of a slug begins with another slug.
#[must_use]
pub fn begins_within(name: &str, wanted: &str) -> bool {
    let ends_word = |place: usize| place == 0 || name.as_bytes().get(place - 1) == Some(&b'-');
    name.match_indices(wanted).any(|(place, _)| ends_word(place))
}

/// The tables as they were at one moment.
#[derive(Debug, Clone)]
pub struct Tables {
    /// All German municipalities, from which scales and percentiles come.
    pub reference: Arc<Reference>,
    places: HashMap<MunicipalityId, Arc<Place>>,
    slugs: HashMap<String, MunicipalityId>,
    ags: HashMap<String, MunicipalityId>,
    ars: HashMap<String, MunicipalityId>,
    /// By keys that they had before.
    former: HashMap<String, MunicipalityId>,
    likenesses: Last<HashMap<String, f32>>,
    standings: Last<Standing>,
    peers: Snapshot,
    /// Those that have members.
    associations: HashSet<MunicipalityId>,
    /// Topics by slug.
    pub topics: HashMap<TopicId, Arc<Topic>>,
    /// Target groups by slug.
    pub target_groups: HashMap<TargetGroupId, Arc<TargetGroup>>,
    /// Programmes by slug.
    pub programmes: HashMap<ProgrammeId, Arc<Programme>>,
    /// Words that mean the same.
    pub thesaurus: Arc<Thesaurus>,
    /// How many municipalities took over which solutions; those that nobody did are absent.
    adoptions: HashMap<SolutionId, AdoptionCounts>,
}

impl Tables {
    /// Empty tables.
    #[must_use]
    pub fn new(reference: Arc<Reference>) -> Self {
        Self {
            reference,
            places: HashMap::new(),
            slugs: HashMap::new(),
            ags: HashMap::new(),
            ars: HashMap::new(),
            former: HashMap::new(),
            likenesses: Last::default(),
            standings: Last::default(),
            peers: Snapshot::default(),
            associations: HashSet::new(),
            topics: HashMap::new(),
            target_groups: HashMap::new(),
            programmes: HashMap::new(),
            thesaurus: Arc::default(),
            adoptions: HashMap::new(),
        }
    }

    /// How many municipalities took a solution over.
    #[must_use]
    pub fn adoptions(&self, solution: &SolutionId) -> AdoptionCounts {
        self.adoptions.get(solution).copied().unwrap_or_default()
    }

    pub(super) fn count_adoptions(&mut self, solution: SolutionId, counts: AdoptionCounts) {
        self.adoptions.insert(solution, counts);
    }

    /// A municipality.
    #[must_use]
    pub fn place(&self, id: &MunicipalityId) -> Option<&Arc<Place>> {
        self.places.get(id)
    }

    /// A municipality by its name in URLs.
    #[must_use]
    pub fn by_slug(&self, slug: &str) -> Option<&Arc<Place>> {
        self.slugs.get(slug).and_then(|id| self.place(id))
    }

    /// A municipality by the slug of its name or its name in URLs.
    #[must_use]
    pub fn named(&self, wanted: &str) -> Option<&Arc<Place>> {
        let by_name = || self.places.values().filter(|place| place.name == wanted);
        // Of several with one name the one that everybody means: the largest.
        let size = |place: &&Arc<Place>| (place.population(), Reverse(place.municipality.id.key()));
        self.by_slug(wanted).or_else(|| by_name().max_by_key(size))
    }

    /// Municipalities with a word in their name that begins so: those whose name does first, then
    /// the larger ones.
    #[must_use]
    pub fn beginning(&self, typed: &str, count: usize) -> Vec<&Arc<Place>> {
        let wanted = slug(typed);
        let mut found: Vec<&Arc<Place>> =
            self.places.values().filter(|place| begins_within(&place.name, &wanted)).collect();
        found.sort_by_cached_key(|place| {
            let begins = place.name.starts_with(&wanted);
            (!begins, Reverse(place.population()), place.municipality.slug.clone())
        });
        found.truncate(count);
        found
    }

    /// The keys of the municipalities near a point.
    #[must_use]
    pub fn near(&self, near: Near) -> Vec<String> {
        let lies_near =
            |place: &&Arc<Place>| place.municipality.coordinates.is_some_and(|it| near.holds(it));
        self.places.values().filter(lies_near).map(|place| place.municipality.id.key()).collect()
    }

    /// Those that lie in a municipality, by name.
    #[must_use]
    pub fn lying_in(&self, id: &MunicipalityId) -> Vec<&Arc<Place>> {
        let lies_in = |place: &&Arc<Place>| place.municipality.parent.as_ref() == Some(id);
        let mut found: Vec<&Arc<Place>> = self.places.values().filter(lies_in).collect();
        found.sort_by_cached_key(|place| (place.name.clone(), place.municipality.id.clone()));
        found
    }

    /// A municipality by its official municipality key, or one that it had before.
    #[must_use]
    pub fn by_ags(&self, ags: &str) -> Option<&Arc<Place>> {
        self.ags.get(ags).or_else(|| self.former.get(ags)).and_then(|id| self.place(id))
    }

    /// A municipality by its official regional key, or one that it had before.
    #[must_use]
    pub fn by_ars(&self, ars: &str) -> Option<&Arc<Place>> {
        self.ars.get(ars).or_else(|| self.former.get(ars)).and_then(|id| self.place(id))
    }

    /// Compares a municipality of these tables with all others of its level by a lens; nothing if no
    /// figure that counts is known of it.
    #[must_use]
    pub fn comparer(&self, focus: &Place, lens: Lens) -> Option<Comparer<'_>> {
        let weights = lens.weights();
        let key = (focus.municipality.id.clone(), lens);
        Comparer::new(self.peers(), focus, &weights, |scaled| {
            self.standings.of(&key, || Arc::new(standing(&self.reference, focus, scaled, &weights)))
        })
    }

    /// The same by somebody's own weights.
    #[must_use]
    pub fn comparer_by(&self, focus: &Place, weights: &Weights) -> Option<Comparer<'_>> {
        Comparer::new(self.peers(), focus, weights, |scaled| {
            Arc::new(standing(&self.reference, focus, scaled, weights))
        })
    }

    fn peers(&self) -> &Peers {
        self.peers.0.get_or_init(|| Peers::new(self.places.values(), &self.reference))
    }

    /// How alike every municipality is to one of these tables, by bare key; itself included.
    /// Worked out once as long as nothing changes.
    #[must_use]
    pub fn likeness_to(&self, focus: &Place, lens: Lens) -> Arc<HashMap<String, f32>> {
        let all = || {
            let comparer = self.comparer(focus, lens);
            Arc::new(comparer.map(|comparer| comparer.likenesses()).unwrap_or_default())
        };
        self.likenesses.of(&(focus.municipality.id.clone(), lens), all)
    }

    pub(super) fn insert(&mut self, place: Place) {
        let id = place.municipality.id.clone();
        if let Some(known) = self.places.get(&id) {
            for key in &known.municipality.former_keys {
                if self.former.get(key) == Some(&id) {
                    self.former.remove(key);
                }
            }
            for (known_as, key) in keys(&mut self.slugs, &mut self.ags, &mut self.ars, known) {
                // Another municipality may have taken the key over meanwhile.
                if known_as.get(key) == Some(&id) {
                    known_as.remove(key);
                }
            }
        }
        for (known_as, key) in keys(&mut self.slugs, &mut self.ags, &mut self.ars, &place) {
            known_as.insert(key.clone(), id.clone());
        }
        for key in &place.municipality.former_keys {
            self.former.insert(key.clone(), id.clone());
        }
        if !place.municipality.members.is_empty() {
            self.associations.insert(id.clone());
        }
        self.places.insert(id.clone(), Arc::new(place));
        self.sum_up(&id);
    }

    /// Adds up the members of associations that give no figures: of a municipality that changed,
    /// and of those that it is a member of.
    fn sum_up(&mut self, changed: &MunicipalityId) {
        let concerned = |association: &&MunicipalityId| {
            let place = self.places.get(*association);
            place.is_some_and(|it| {
                it.is_summed()
                    && (*association == changed || it.municipality.members.contains(changed))
            })
        };
        let associations: Vec<MunicipalityId> =
            self.associations.iter().filter(concerned).cloned().collect();
        for association in associations {
            let Some(place) = self.places.get(&association) else { continue };
            let members = place.municipality.members.iter();
            let known: Option<Vec<&Place>> =
                members.map(|id| self.places.get(id).map(AsRef::as_ref)).collect();
            let Some(known) = known else { continue };
            let mut summed = Place::clone(place);
            summed.take_sums(&known);
            self.places.insert(association, Arc::new(summed));
        }
    }
}

type ByKey = HashMap<String, MunicipalityId>;

/// Each map with the key under which it holds a place.
fn keys<'a, 'b>(
    slugs: &'a mut ByKey,
    ags: &'a mut ByKey,
    ars: &'a mut ByKey,
    place: &'b Place,
) -> impl Iterator<Item = (&'a mut ByKey, &'b String)> {
    let municipality = &place.municipality;
    let slug = (slugs, Some(&municipality.slug));
    let keys = [slug, (ags, municipality.ags.as_ref()), (ars, municipality.ars.as_ref())];
    keys.into_iter().filter_map(|(known_as, key)| key.map(|key| (known_as, key)))
}

/// All municipalities in columns, once somebody compares them.
#[derive(Debug, Default)]
struct Snapshot(OnceLock<Peers>);

/// Tables are copied to be changed, so the copy begins anew.
impl Clone for Snapshot {
    fn clone(&self) -> Self {
        Self::default()
    }
}

/// What was asked last of municipalities by a lens, as long as nothing changes.
struct Last<T>(Cache<(MunicipalityId, Lens), Arc<T>>);

impl<T> Last<T> {
    fn of(&self, asked: &(MunicipalityId, Lens), make: impl FnOnce() -> Arc<T>) -> Arc<T> {
        let found = self.0.get_or_insert_with(asked, || Ok::<_, Infallible>(make()));
        found.unwrap_or_else(|never| match never {})
    }
}

impl<T> Default for Last<T> {
    fn default() -> Self {
        Self(Cache::new(MOST_LAST))
    }
}

/// Tables are copied to be changed, so the copy knows nothing yet.
impl<T> Clone for Last<T> {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl<T> fmt::Debug for Last<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Last").field(&self.0.len()).finish()
    }
}

#[cfg(test)]
mod tests;
