//! What a register changes in the hub. Nothing is written before all of it is known.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use ulid::Ulid;

use super::{Entry, Rejected};
use crate::domain::{
    Language, Municipality, MunicipalityId, NodeId, Problem, Profile, Publication, State, slug,
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
    /// The newest day that anything is known of.
    newest: HashMap<MunicipalityId, NaiveDate>,
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
            newest: HashMap::new(),
            edited,
        };
        // Keys that are in force go before those that were.
        for municipality in &municipalities {
            for key in &municipality.former_keys {
                known.by_key.insert(key.clone(), municipality.id.clone());
            }
        }
        for municipality in municipalities {
            for key in municipality.keys() {
                known.by_key.insert(key.clone(), municipality.id.clone());
            }
            known.municipalities.insert(municipality.id.clone(), municipality);
        }
        for profile in profiles {
            let key = (profile.municipality.clone(), profile.reference_date);
            let newest = known.newest.entry(key.0.clone()).or_insert(key.1);
            *newest = key.1.max(*newest);
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

/// A row that can be taken in: its municipality as it will be, but for its parent, and its profile.
struct Accepted {
    municipality: Municipality,
    is_new: bool,
    profile: Option<Profile>,
    /// The official key of what it lies in.
    parent: Option<String>,
    /// The day that the row describes.
    date: Option<NaiveDate>,
}

/// Compares a register with what is known.
#[expect(clippy::vec_box, reason = "so the register has its entries")]
pub(super) fn plan(
    entries: Vec<Box<Entry>>,
    mut known: Known,
    mut fresh: impl FnMut() -> Ulid,
    now: DateTime<Utc>,
) -> Plan {
    let mut plan = Plan::default();
    let mut names: HashMap<String, usize> = HashMap::new();
    for name in entries.iter().filter_map(|entry| entry.name.as_deref()) {
        *names.entry(slug(name)).or_default() += 1;
    }
    let mut owners = known.owners();
    let mut lines: HashMap<MunicipalityId, usize> = HashMap::new();
    let mut accepted = Vec::with_capacity(entries.len());
    for entry in entries {
        let row = known.row(&entry, &names, &mut fresh, now).and_then(|row| {
            let id = &row.municipality.id;
            if let Some(line) = lines.get(id) {
                return Err(format!("line {line} is about the same municipality"));
            }
            for key in row.municipality.keys() {
                if owners.get(key).is_some_and(|owner| owner != id) {
                    return Err(format!("the key {key} belongs to another municipality"));
                }
            }
            Ok(row)
        });
        match row {
            Ok(row) => {
                let id = row.municipality.id.clone();
                lines.insert(id.clone(), entry.line);
                for key in row.municipality.keys() {
                    owners.insert(key.clone(), id.clone());
                    known.by_key.insert(key.clone(), id.clone());
                }
                known.slugs.insert(row.municipality.slug.clone());
                accepted.push(Box::new(row));
            }
            Err(reason) => {
                plan.rejected.push(Rejected { line: entry.line, column: None, reason });
            }
        }
    }
    // Most are new the first time; growing step by step would hold them twice.
    plan.new.reserve_exact(accepted.iter().filter(|row| row.is_new).count());
    plan.new_profiles.reserve_exact(accepted.iter().filter(|row| row.is_new).count());
    for row in accepted {
        plan.take(*row, &known, now);
    }
    plan
}

impl Plan {
    fn take(&mut self, row: Accepted, known: &Known, now: DateTime<Utc>) {
        let Accepted { mut municipality, is_new, profile, parent, date } = row;
        if let Some(key) = &parent {
            // What lies in no association lies in its county.
            let county = key.get(..5).unwrap_or_default();
            let parent = known.by_key.get(key).or_else(|| known.by_key.get(county));
            let newest = known.newest.get(&municipality.id);
            let older = date.zip(newest).is_some_and(|(date, newest)| date < *newest);
            if let Some(parent) = parent.filter(|it| !older && **it != municipality.id) {
                municipality.parent = Some(parent.clone());
            }
        }
        if is_new {
            self.new.push(municipality);
        } else if known.municipalities.get(&municipality.id) == Some(&municipality) {
            self.unchanged += 1;
        } else {
            municipality.revision += 1;
            self.changed.push(municipality);
        }
        let Some(mut profile) = profile else { return };
        let key = (profile.municipality.clone(), profile.reference_date);
        match known.profiles.get(&key) {
            None => self.new_profiles.push(profile),
            Some(before) if profile == *before => self.unchanged += 1,
            Some(before) if known.edited.contains(&before.id.clone().into()) => self.left += 1,
            Some(_) => {
                profile.revision += 1;
                profile.updated_at = now;
                self.changed_profiles.push(profile);
            }
        }
    }
}

impl Known {
    /// Whose official keys are in force.
    fn owners(&self) -> HashMap<String, MunicipalityId> {
        let all = self.municipalities.values();
        all.flat_map(|it| it.keys().map(|key| (key.clone(), it.id.clone()))).collect()
    }

    /// What a row makes of its municipality and of its profile, or why it cannot be taken in.
    fn row(
        &self,
        entry: &Entry,
        names: &HashMap<String, usize>,
        fresh: &mut impl FnMut() -> Ulid,
        now: DateTime<Utc>,
    ) -> Result<Accepted, String> {
        let before = self.find(entry).and_then(|id| self.municipalities.get(id));
        let is_new = before.is_none();
        let mut municipality = match before {
            Some(before) => before.clone(),
            None => made(entry, fresh().into(), names, self)?,
        };
        // An older register brings figures of its day; names and kinds are those of today.
        let newest = self.newest.get(&municipality.id);
        if is_new || newest.is_none_or(|newest| entry.date.is_none_or(|date| date >= *newest)) {
            apply(entry, &mut municipality);
        }
        municipality.check().map_err(|problems| told(&problems))?;
        let profile = match entry.date.filter(|_| entry.has_figures) {
            Some(date) => Some(self.profile(entry, &municipality.id, date, fresh, now)?),
            None => None,
        };
        let (parent, date) = (entry.parent.clone(), entry.date);
        Ok(Accepted { municipality, is_new, profile, parent, date })
    }

    fn profile(
        &self,
        entry: &Entry,
        id: &MunicipalityId,
        date: NaiveDate,
        fresh: &mut impl FnMut() -> Ulid,
        now: DateTime<Utc>,
    ) -> Result<Profile, String> {
        let before = self.profiles.get(&(id.clone(), date)).cloned();
        let before =
            before.unwrap_or_else(|| Profile::draft(fresh().into(), id.clone(), date, now));
        let (stamp, publication) = (before.updated_at, before.publication);
        let after = before.changed(entry.figures.clone(), stamp);
        let mut after = after.map_err(|problems| told(&problems))?;
        // What somebody put away stays away.
        if publication == Publication::Draft {
            after.publication = Publication::Published;
        }
        Ok(after)
    }
}

fn told(problems: &[Problem]) -> String {
    let told: Vec<String> =
        problems.iter().map(|problem| problem.message(Language::English)).collect();
    told.join(" ")
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
    if known.slugs.contains(&slug) {
        return Err(format!("the address {slug} belongs to another municipality"));
    }
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
        one_person: false,
        coordinates: None,
        note: None,
        participations: Vec::new(),
        structural_weakness: None,
    })
}

/// Brings a municipality into line with an entry, but for its parent.
fn apply(entry: &Entry, municipality: &mut Municipality) {
    let mut former: Vec<String> = municipality.former_keys.clone();
    former.extend(entry.former.iter().cloned());
    for (given, had) in [(&entry.ags, &mut municipality.ags), (&entry.ars, &mut municipality.ars)] {
        if let Some(given) = given
            && had.as_ref() != Some(given)
            && !municipality.former_keys.contains(given)
        {
            former.extend(had.replace(given.clone()));
        }
    }
    let current: Vec<String> = municipality.keys().cloned().collect();
    former.retain(|key| !current.contains(key));
    former.sort_unstable();
    former.dedup();
    municipality.former_keys = former;
    // "Kreis Dithmarschen" says more than the register's "Dithmarschen".
    if let Some(name) = &entry.name
        && !municipality.name.contains(name.as_str())
    {
        municipality.name.clone_from(name);
    }
    if let Some(kind) = entry.kind {
        municipality.kind = kind;
    }
    municipality.coordinates = entry.coordinates.or(municipality.coordinates);
    if let Some(weakness) = &entry.weakness {
        municipality.structural_weakness = Some(weakness.clone());
    }
}
