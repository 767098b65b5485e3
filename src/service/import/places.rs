//! Municipalities with their profiles, and their strategy processes.

use super::files::{ImportError, MunicipalityForm, ProcessForm, ProfileForm, Seed};
use super::{Import, resolve, resolved};
use crate::domain::{Municipality, MunicipalityId, Patch, Profile, ProfileChange, StrategyProcess};
use crate::service::Error;
use crate::store::Record;

impl Import<'_> {
    pub(super) async fn municipalities(&mut self, seed: &Seed) -> Result<(), ImportError> {
        // Parents and members may stand further down: all keys come first.
        for form in &seed.municipalities {
            let known =
                self.services.store.municipality_by_slug(&form.slug).await.map_err(Error::from);
            let known = known.map_err(ImportError::at("municipalities", &form.slug))?;
            let id = known.map_or_else(|| self.services.ids.fresh().into(), |known| known.id);
            self.municipalities.insert(form.slug.clone(), id);
        }
        for form in &seed.municipalities {
            self.municipality(form).await.map_err(ImportError::at("municipalities", &form.slug))?;
        }
        self.settle().await.map_err(ImportError::at("municipalities", "all"))?;
        for form in &seed.municipalities {
            self.profiles(form).await.map_err(ImportError::at("municipalities", &form.slug))?;
        }
        self.settle().await.map_err(ImportError::at("municipalities", "all"))
    }

    async fn municipality(&mut self, form: &MunicipalityForm) -> Result<(), Error> {
        let id = resolve(&self.municipalities, &form.slug, "slug")?;
        let parent = form
            .parent
            .as_ref()
            .map(|slug| resolve(&self.municipalities, slug, "parent"))
            .transpose()?;
        let municipality = Municipality {
            id: id.clone(),
            revision: 1,
            slug: form.slug.clone(),
            name: form.name.clone(),
            kind: form.kind,
            states: form.states.clone(),
            ags: form.ags.clone(),
            ars: form.ars.clone(),
            parent,
            members: resolved(&self.municipalities, &form.members, "members")?,
            website: form.website.clone(),
            note: form.note.clone(),
            participations: form.participations.clone(),
            structural_weakness: form.structural_weakness.clone(),
        };
        let found = self.services.store.get::<Municipality>(&id).await?;
        self.plain(found, municipality).await?;
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
        let mut measures = Vec::new();
        for measure in form.measures.clone() {
            let solution = measure
                .solution
                .as_ref()
                .map(|key| resolve(&self.solutions, key, "solution"))
                .transpose()?;
            measures.push(measure.measure(solution));
        }
        let known = self.services.store.processes_of(&municipality).await?;
        let found = known.into_iter().find(|known| known.programme == form.programme);
        let process = StrategyProcess {
            id: self.services.ids.fresh().into(),
            revision: 1,
            municipality,
            programme: form.programme.clone(),
            starts: form.starts.clone(),
            ends: form.ends.clone(),
            steps: form.steps.clone(),
            swot: form.swot.clone(),
            priorities: form.priorities.clone(),
            measures,
        };
        self.plain(found, process).await?;
        Ok(())
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
