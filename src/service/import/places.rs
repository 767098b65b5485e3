//! Municipalities with their profiles, and their strategy processes.

use std::collections::HashSet;

use super::files::{ImportError, MunicipalityForm, ProcessForm, ProfileForm, Seed};
use super::{Import, resolve, resolved};
use crate::domain::{
    Confidence, Municipality, MunicipalityId, Patch, Profile, ProfileChange, Publication,
    StrategyProcess, StructuralWeakness,
};
use crate::service::Error;
use crate::store::Record;

impl Import<'_> {
    pub(super) async fn municipalities(&mut self, seed: &Seed) -> Result<(), ImportError> {
        // Parents and members may stand further down: what is new comes first without them, so
        // that an import which breaks off leaves no link to a municipality that is not there.
        let mut new = HashSet::new();
        for form in &seed.municipalities {
            let made = self.found_or_made(form).await;
            if made.map_err(ImportError::at("municipalities", &form.slug))? {
                new.insert(form.slug.as_str());
            }
        }
        for form in &seed.municipalities {
            let new = new.contains(form.slug.as_str());
            let linked = self.municipality(form, new).await;
            linked.map_err(ImportError::at("municipalities", &form.slug))?;
        }
        for form in &seed.municipalities {
            self.profiles(form).await.map_err(ImportError::at("municipalities", &form.slug))?;
        }
        Ok(())
    }

    /// Learns the key of a municipality, and tells whether it had to be made.
    async fn found_or_made(&mut self, form: &MunicipalityForm) -> Result<bool, Error> {
        let by_slug = self.services.store.municipality_by_slug(&form.slug).await?;
        let known = by_slug.map(|it| it.id).or_else(|| {
            // A register may have brought it under another address.
            let tables = self.services.directory.tables();
            let by_ags = form.ags.as_deref().and_then(|ags| tables.by_ags(ags));
            let place = by_ags.or_else(|| form.ars.as_deref().and_then(|ars| tables.by_ars(ars)));
            place.map(|place| place.municipality.id.clone())
        });
        let new = known.is_none();
        let id = match known {
            Some(known) => known,
            None => {
                let bare = unlinked(form, self.services.ids.fresh().into());
                let (id, outcome) = self.plain(None, bare).await?;
                self.count(Municipality::TABLE, outcome);
                id
            }
        };
        self.municipalities.insert(form.slug.clone(), id);
        Ok(new)
    }

    /// Brings a municipality into line with its form, links included.
    async fn municipality(&mut self, form: &MunicipalityForm, new: bool) -> Result<(), Error> {
        let id = resolve(&self.municipalities, &form.slug, "slug")?;
        let parent = form
            .parent
            .as_ref()
            .map(|slug| resolve(&self.municipalities, slug, "parent"))
            .transpose()?;
        let members = resolved(&self.municipalities, &form.members, "members")?;
        if new && parent.is_none() && members.is_empty() {
            return Ok(());
        }
        let found = self.services.store.get::<Municipality>(&id).await?;
        let mut linked = Municipality { parent, members, ..unlinked(form, id) };
        if let Some(found) = &found {
            // What a register of municipalities has told stays.
            linked.parent = linked.parent.or_else(|| found.parent.clone());
            linked.coordinates = linked.coordinates.or(found.coordinates);
            linked.former_keys.clone_from(&found.former_keys);
            linked.slug.clone_from(&found.slug);
            linked.one_person = form.one_person.unwrap_or(found.one_person);
            if found.former_keys.iter().any(|key| form.ags.as_ref() == Some(key)) {
                linked.ags.clone_from(&found.ags);
                linked.ars.clone_from(&found.ars);
            }
            let sure = |it: &&StructuralWeakness| it.confidence == Confidence::Sourced;
            if let Some(official) = found.structural_weakness.as_ref().filter(sure) {
                linked.structural_weakness = Some(official.clone());
            }
        }
        let (_, outcome) = self.plain(found, linked).await?;
        if !new {
            self.count(Municipality::TABLE, outcome);
        }
        Ok(())
    }

    async fn profiles(&mut self, form: &MunicipalityForm) -> Result<(), Error> {
        let municipality = resolve(&self.municipalities, &form.slug, "slug")?;
        let known = self.services.store.profiles_of(&municipality).await?;
        for profile in &form.profiles {
            let same_date = |known: &&Profile| known.reference_date == profile.reference_date;
            let found = known.iter().find(same_date).cloned();
            let now = self.services.clock.now();
            let id = self.services.ids.fresh().into();
            let draft = Profile::draft(id, municipality.clone(), profile.reference_date, now);
            let outcome = self.keep(found, draft, change(profile)).await?;
            self.count(Profile::TABLE, outcome);
        }
        Ok(())
    }

    pub(super) async fn processes(&mut self, seed: &Seed) -> Result<(), ImportError> {
        for form in &seed.processes {
            self.process(form).await.map_err(ImportError::at("processes", &form.municipality))?;
        }
        Ok(())
    }

    async fn process(&mut self, form: &ProcessForm) -> Result<(), Error> {
        let municipality: MunicipalityId =
            resolve(&self.municipalities, &form.municipality, "municipality")?;
        let known = self.services.store.processes_of(&municipality).await?;
        let found = known.into_iter().find(|known| known.programme == form.programme);
        let mut measures = Vec::new();
        for measure in form.measures.clone() {
            let known = found.iter().flat_map(|process| &process.measures);
            let known = known.filter(|known| known.title == measure.title);
            let known = known.map(|known| known.key.clone()).next();
            let key = known.unwrap_or_else(|| self.services.ids.fresh().into());
            let solution = measure
                .solution
                .as_ref()
                .map(|key| resolve(&self.solutions, key, "solution"))
                .transpose()?;
            measures.push(measure.measure(key, solution));
        }
        let now = self.services.clock.now();
        let made = found.as_ref().map_or(now, |known| known.created_at);
        let draft = StrategyProcess::draft(self.services.ids.fresh().into(), municipality, made);
        // What files say nothing of stays.
        let known = found.clone().unwrap_or_else(|| draft.clone());
        let publication = match &found {
            Some(known) => known.publication,
            None => Publication::Published,
        };
        let mut process = StrategyProcess {
            id: known.id,
            revision: known.revision,
            facilitations: known.facilitations,
            review: known.review,
            updated_at: known.updated_at,
            publication,
            programme: form.programme.clone(),
            starts: form.starts.clone(),
            ends: form.ends.clone(),
            steps: form.steps.clone(),
            swot: form.swot.clone(),
            priorities: form.priorities.clone(),
            measures,
            ..draft
        };
        if found.as_ref().is_some_and(|known| *known != process) {
            process.updated_at = now;
        }
        let (_, outcome) = self.plain(found, process).await?;
        self.count(StrategyProcess::TABLE, outcome);
        Ok(())
    }
}

/// A municipality as its form describes it, without its parent and members.
fn unlinked(form: &MunicipalityForm, id: MunicipalityId) -> Municipality {
    Municipality {
        id,
        revision: 1,
        slug: form.slug.clone(),
        name: form.name.clone(),
        kind: form.kind,
        states: form.states.clone(),
        ags: form.ags.clone(),
        ars: form.ars.clone(),
        parent: None,
        members: Vec::new(),
        website: form.website.clone(),
        one_person: form.one_person.unwrap_or_default(),
        note: form.note.clone(),
        participations: form.participations.clone(),
        former_keys: Vec::new(),
        coordinates: form.coordinates,
        structural_weakness: form.structural_weakness.clone(),
    }
}

fn change(form: &ProfileForm) -> ProfileChange {
    ProfileChange {
        population: Patch::from(form.population),
        area_km2: Patch::from(form.area_km2),
        source: Patch::from(form.source.clone()),
        ..ProfileChange::default()
    }
}
