//! What a register changes in the hub. Nothing is written before all of it is known.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use ulid::Ulid;

use super::{Entry, Rejected};
use crate::domain::{
    Municipality, MunicipalityId, NodeId, Problem, Profile, Publication, State, slug,
};

/// What is to be written.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) new: Vec<Municipality>,
    pub(super) changed: Vec<Municipality>,
    pub(super) new_profiles: Vec<Profile>,
    pub(super) changed_profiles: Vec<Profile>,
    /// Municipalities and profiles that say the same already.
    pub(super) unchanged: usize,
    /// Profiles that somebody has worked on.
    pub(super) left: usize,
    pub(super) rejected: Vec<Rejected>,
}

/// What the hub knows.
pub(super) struct Known {
    municipalities: HashMap<MunicipalityId, Municipality>,
    by_key: HashMap<String, MunicipalityId>,
    slugs: HashSet<String>,
    profiles: HashMap<(MunicipalityId, NaiveDate), Profile>,
    edited: HashSet<NodeId>,
}

impl Known {
    pub(super) fn new(
        municipalities: Vec<Municipality>,
        profiles: Vec<Profile>,
        edited: HashSet<NodeId>,
    ) -> Self {
        let mut known = Self {
            municipalities: HashMap::new(),
            by_key: HashMap::new(),
            slugs: municipalities.iter().map(|it| it.slug.clone()).collect(),
            profiles: HashMap::new(),
            edited,
        };
        // Keys that are in force go before those that were.
        for municipality in &municipalities {
            for key in &municipality.former_keys {
                known.by_key.insert(key.clone(), municipality.id.clone());
            }
        }
        for municipality in municipalities {
            for key in [&municipality.ags, &municipality.ars].into_iter().flatten() {
                known.by_key.insert(key.clone(), municipality.id.clone());
            }
            known.municipalities.insert(municipality.id.clone(), municipality);
        }
        for profile in profiles {
            let key = (profile.municipality.clone(), profile.reference_date);
            known.profiles.insert(key, profile);
        }
        known
    }

    /// The municipality that an entry is about: of its key, or of the one key that it had before.
    fn find(&self, entry: &Entry) -> Option<&MunicipalityId> {
        let keys = [&entry.ags, &entry.ars].into_iter().flatten();
        let mut former: Vec<&MunicipalityId> =
            entry.former.iter().filter_map(|key| self.by_key.get(key)).collect();
        former.dedup();
        keys.filter_map(|key| self.by_key.get(key)).next().or(match former.as_slice() {
            [one] => Some(one),
            // Merged ones stay as they were; what they form is new.
            _ => None,
        })
    }
}

/// Compares a register with what is known.
pub(super) fn plan(
    entries: &[Entry],
    mut known: Known,
    mut fresh: impl FnMut() -> Ulid,
    now: DateTime<Utc>,
) -> Plan {
    let mut plan = Plan::default();
    let mut names: HashMap<String, usize> = HashMap::new();
    for name in entries.iter().filter_map(|entry| entry.name.as_deref()) {
        *names.entry(slug(name)).or_default() += 1;
    }
    let mut ids = Vec::with_capacity(entries.len());
    for entry in entries {
        let id = known.find(entry).cloned();
        let is_new = id.is_none();
        let id = id.unwrap_or_else(|| fresh().into());
        if is_new {
            match made(entry, id.clone(), &names, &known) {
                Ok(municipality) => {
                    known.slugs.insert(municipality.slug.clone());
                    known.municipalities.insert(id.clone(), municipality);
                }
                Err(reason) => {
                    plan.rejected.push(Rejected { line: entry.line, column: None, reason });
                    ids.push(None);
                    continue;
                }
            }
        }
        for key in [&entry.ags, &entry.ars].into_iter().flatten() {
            known.by_key.insert(key.clone(), id.clone());
        }
        ids.push(Some((id, is_new)));
    }
    for (entry, id) in entries.iter().zip(ids) {
        let Some((id, is_new)) = id else { continue };
        plan.municipality(entry, &id, is_new, &known);
        plan.profile(entry, &id, &mut fresh, &known, now);
    }
    plan
}

impl Plan {
    fn municipality(&mut self, entry: &Entry, id: &MunicipalityId, is_new: bool, known: &Known) {
        let Some(before) = known.municipalities.get(id) else { return };
        let mut after = before.clone();
        apply(entry, &mut after, known);
        if let Err(problems) = after.check() {
            self.reject(entry, &problems);
        } else if is_new {
            self.new.push(after);
        } else if after == *before {
            self.unchanged += 1;
        } else {
            after.revision += 1;
            self.changed.push(after);
        }
    }

    fn profile(
        &mut self,
        entry: &Entry,
        id: &MunicipalityId,
        fresh: &mut impl FnMut() -> Ulid,
        known: &Known,
        now: DateTime<Utc>,
    ) {
        let Some(date) = entry.date.filter(|_| entry.has_figures) else { return };
        let before = known.profiles.get(&(id.clone(), date));
        let base = before
            .cloned()
            .unwrap_or_else(|| Profile::draft(fresh().into(), id.clone(), date, now));
        let stamp = base.updated_at;
        let mut after = match base.changed(entry.figures.clone(), stamp) {
            Ok(after) => after,
            Err(problems) => return self.reject(entry, &problems),
        };
        after.publication = Publication::Published;
        match before {
            None => self.new_profiles.push(after),
            Some(before) if after == *before => self.unchanged += 1,
            Some(before) if known.edited.contains(&before.id.clone().into()) => self.left += 1,
            Some(_) => {
                after.revision += 1;
                after.updated_at = now;
                self.changed_profiles.push(after);
            }
        }
    }

    fn reject(&mut self, entry: &Entry, problems: &[Problem]) {
        use crate::domain::Language;
        let told: Vec<String> =
            problems.iter().map(|problem| problem.message(Language::English)).collect();
        let reason = told.join(" ");
        self.rejected.push(Rejected { line: entry.line, column: None, reason });
    }
}

/// A municipality that the hub does not know yet.
fn made(
    entry: &Entry,
    id: MunicipalityId,
    names: &HashMap<String, usize>,
    known: &Known,
) -> Result<Municipality, String> {
    let key = entry.key();
    let (Some(name), Some(kind)) = (&entry.name, entry.kind) else {
        return Err(format!("the hub does not know {key} yet, so it needs a name and a kind"));
    };
    let state = State::of_key(key).ok_or_else(|| format!("{key} lies in no state"))?;
    // Of several with one name each is told by its key, in every order of the rows.
    let bare = slug(name);
    let is_alone = names.get(&bare).is_none_or(|count| *count == 1);
    let slug =
        if is_alone && !known.slugs.contains(&bare) { bare } else { format!("{bare}-{key}") };
    Ok(Municipality {
        id,
        revision: 1,
        slug,
        name: name.clone(),
        kind,
        states: vec![state.to_owned()],
        ags: None,
        ars: None,
        former_keys: Vec::new(),
        parent: None,
        members: Vec::new(),
        website: None,
        coordinates: None,
        note: None,
        participations: Vec::new(),
        structural_weakness: None,
    })
}

/// Brings a municipality into line with an entry.
fn apply(entry: &Entry, municipality: &mut Municipality, known: &Known) {
    let mut former: Vec<String> = municipality.former_keys.clone();
    former.extend(entry.former.iter().cloned());
    for (given, had) in [(&entry.ags, &mut municipality.ags), (&entry.ars, &mut municipality.ars)] {
        if let Some(given) = given
            && had.as_ref() != Some(given)
        {
            former.extend(had.replace(given.clone()));
        }
    }
    former.retain(|key| {
        municipality.ags.as_ref() != Some(key) && municipality.ars.as_ref() != Some(key)
    });
    former.sort_unstable();
    former.dedup();
    municipality.former_keys = former;
    if let Some(name) = &entry.name {
        municipality.name.clone_from(name);
    }
    if let Some(kind) = entry.kind {
        municipality.kind = kind;
    }
    if let Some(key) = &entry.parent {
        // What lies in no association lies in its county.
        let county = key.get(..5).unwrap_or_default();
        let parent = known.by_key.get(key).or_else(|| known.by_key.get(county));
        if let Some(parent) = parent.filter(|parent| **parent != municipality.id) {
            municipality.parent = Some(parent.clone());
        }
    }
    municipality.coordinates = entry.coordinates.or(municipality.coordinates);
    if let Some(weakness) = &entry.weakness {
        municipality.structural_weakness = Some(weakness.clone());
    }
}
