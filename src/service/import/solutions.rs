//! Contacts, documents and solutions.

use super::files::{ContactForm, DocumentForm, ImportError, PartnerForm, Seed, SolutionForm};
use super::sheet::of_places;
use super::{Import, resolve, resolved};
use crate::domain::{
    Contact, ContactChange, DocumentChange, MunicipalityId, Partner, Patch, ProjectDocument,
    Solution, SolutionChange, SolutionId,
};
use crate::service::Error;
use crate::service::managed::Managed;
use crate::store::Record;

impl Import<'_> {
    /// What the hub has already under a key of these municipalities.
    async fn known<R: Managed>(
        &self,
        key: &str,
        places: &[MunicipalityId],
    ) -> Result<Option<R>, Error> {
        Ok(of_places(self.services.store.of_external_key::<R>(key).await?, places, false))
    }

    pub(super) async fn contacts(&mut self, seed: &Seed) -> Result<(), ImportError> {
        for form in &seed.contacts {
            self.contact(form).await.map_err(ImportError::at("contacts", &form.external_key))?;
        }
        Ok(())
    }

    async fn contact(&mut self, form: &ContactForm) -> Result<(), Error> {
        let municipality = resolve(&self.municipalities, &form.municipality, "municipality")?;
        let places = std::slice::from_ref(&municipality);
        let found = self.known::<Contact>(&form.external_key, places).await?;
        let id = found
            .as_ref()
            .map_or_else(|| self.services.ids.fresh().into(), |found| found.id.clone());
        let draft = Contact::draft(id, municipality, self.services.clock.now());
        self.contacts.insert(form.external_key.clone(), draft.id.clone());
        let change = ContactChange {
            external_key: Patch::Set(form.external_key.clone()),
            role: Patch::Set(form.role.clone()),
            office: Patch::from(form.office.clone()),
            email: Patch::from(form.email.clone()),
            phone: Patch::from(form.phone.clone()),
            visibility: Patch::Set(form.visibility),
            languages: Patch::Set(form.languages.clone()),
            willing: Patch::Set(form.willing.clone()),
            ..ContactChange::default()
        };
        let outcome = self.keep(found, draft, change).await?;
        self.count(Contact::TABLE, outcome);
        Ok(())
    }

    pub(super) async fn documents(&mut self, seed: &Seed) -> Result<(), ImportError> {
        for form in &seed.documents {
            self.document(form).await.map_err(ImportError::at("documents", &form.external_key))?;
        }
        Ok(())
    }

    async fn document(&mut self, form: &DocumentForm) -> Result<(), Error> {
        let municipality = resolve(&self.municipalities, &form.municipality, "municipality")?;
        let places = std::slice::from_ref(&municipality);
        let found = self.known::<ProjectDocument>(&form.external_key, places).await?;
        let id = found
            .as_ref()
            .map_or_else(|| self.services.ids.fresh().into(), |found| found.id.clone());
        let draft = ProjectDocument::draft(id, municipality, self.services.clock.now());
        self.documents.insert(form.external_key.clone(), draft.id.clone());
        let change = DocumentChange {
            external_key: Patch::Set(form.external_key.clone()),
            title: Patch::Set(form.title.clone()),
            description: Patch::from(form.description.clone()),
            kind: Patch::Set(form.kind),
            url: Patch::Set(form.url.clone()),
            published_on: Patch::from(form.published.clone()),
            language: Patch::from(form.language.clone()),
            licence: Patch::from(form.licence.clone()),
            ..DocumentChange::default()
        };
        let outcome = self.keep(found, draft, change).await?;
        self.count(ProjectDocument::TABLE, outcome);
        Ok(())
    }

    pub(super) async fn solutions(&mut self, seed: &Seed) -> Result<(), ImportError> {
        for form in &seed.solutions {
            self.solution(form).await.map_err(ImportError::at("solutions", &form.external_key))?;
        }
        // What is related may stand further down: the links come last.
        for form in seed.solutions.iter().filter(|form| !form.related.is_empty()) {
            self.relate(form).await.map_err(ImportError::at("solutions", &form.external_key))?;
        }
        Ok(())
    }

    async fn solution(&mut self, form: &SolutionForm) -> Result<(), Error> {
        let places = resolved(&self.municipalities, &form.municipalities, "municipalities")?;
        let found = self.known::<Solution>(&form.external_key, &places).await?;
        let id = found
            .as_ref()
            .map_or_else(|| self.services.ids.fresh().into(), |found| found.id.clone());
        self.solutions.insert(form.external_key.clone(), id.clone());
        let draft = Solution::draft(id, &form.title, self.services.clock.now());
        let change = self.change(form)?;
        let outcome = self.keep(found, draft, change).await?;
        self.count(Solution::TABLE, outcome);
        Ok(())
    }

    async fn relate(&mut self, form: &SolutionForm) -> Result<(), Error> {
        let id = resolve(&self.solutions, &form.external_key, "externalKey")?;
        let related: Vec<SolutionId> = resolved(&self.solutions, &form.related, "related")?;
        if self.edited.contains(&id.clone().into()) {
            return Ok(());
        }
        let known = self.services.store.get::<Solution>(&id).await?;
        if known.is_some_and(|known| known.related != related) {
            let change =
                SolutionChange { related: Patch::Set(related), ..SolutionChange::default() };
            self.services.update_solution(&self.viewer, &id, None, change).await?;
        }
        Ok(())
    }

    fn change(&self, form: &SolutionForm) -> Result<SolutionChange, Error> {
        let form = form.clone();
        Ok(SolutionChange {
            external_key: Patch::Set(form.external_key),
            title: Patch::Set(form.title),
            municipalities: Patch::Set(resolved(
                &self.municipalities,
                &form.municipalities,
                "municipalities",
            )?),
            teaser: Patch::Set(form.teaser),
            problem: Patch::Set(form.problem),
            approach: Patch::Set(form.approach),
            partners: Patch::Set(self.partners(form.partners)?),
            funding: Patch::Set(form.funding),
            digital_tools: Patch::Set(form.digital_tools),
            topics: Patch::Set(form.topics),
            target_groups: Patch::Set(form.target_groups),
            keywords: Patch::Set(form.keywords),
            instruments: Patch::Set(form.instruments),
            size_bands: Patch::Set(form.size_bands),
            contacts: Patch::Set(resolved(&self.contacts, &form.contacts, "contacts")?),
            documents: Patch::Set(resolved(&self.documents, &form.documents, "documents")?),
            images: Patch::Set(form.images),
            sources: Patch::Set(form.sources),
            place: Patch::from(form.place),
            period: Patch::from(form.period),
            status: Patch::from(form.status),
            steps: Patch::from(form.steps),
            participation: Patch::from(form.participation),
            results: Patch::from(form.results),
            evidence: Patch::from(form.evidence),
            costs: Patch::from(form.costs),
            staff: Patch::from(form.staff),
            legal_basis: Patch::from(form.legal_basis),
            prerequisites: Patch::from(form.prerequisites),
            transferability: Patch::from(form.transferability),
            lessons: Patch::from(form.lessons),
            difficulties: Patch::from(form.difficulties),
            would_change: Patch::from(form.would_change),
            sustaining: Patch::from(form.sustaining),
            effort: Patch::from(form.effort),
            months_to_effect: Patch::from(form.months_to_effect),
            licence: Patch::from(form.licence),
            ..SolutionChange::default()
        })
    }

    fn partners(&self, forms: Vec<PartnerForm>) -> Result<Vec<Partner>, Error> {
        let partner = |PartnerForm { organisation, name, role }| {
            let organisation = organisation
                .map(|slug| resolve(&self.organisations, &slug, "partners"))
                .transpose()?;
            Ok(Partner { organisation, name, role })
        };
        forms.into_iter().map(partner).collect()
    }
}
