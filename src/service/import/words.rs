//! Vocabularies and organisations.

use super::files::{ImportError, Seed};
use super::{Import, Outcome};
use crate::domain::{
    EventKind, NodeId, Organisation, OrganisationId, Programme, SynonymGroup, TargetGroup,
    Thesaurus, ThesaurusId, Topic,
};
use crate::service::{Error, Note};
use crate::store::{Change, Record};

impl Import<'_> {
    pub(super) async fn vocabularies(&mut self, seed: &Seed) -> Result<(), ImportError> {
        for (position, form) in (1..).zip(seed.topics.clone()) {
            let key = form.slug.key();
            let topic = Topic {
                id: form.slug,
                position,
                name: form.name,
                description: form.description,
                zwk_topics: form.zwk_topics,
                sdg: form.sdg,
            };
            self.word(topic, |topic| (topic.id.clone().into(), topic.name.de.clone()))
                .await
                .map_err(ImportError::at("topics", &key))?;
        }
        for (position, form) in (1..).zip(seed.target_groups.clone()) {
            let key = form.slug.key();
            let group = TargetGroup { id: form.slug, position, name: form.name };
            let word =
                self.word(group, |group| (group.id.clone().into(), group.name.de.clone())).await;
            word.map_err(ImportError::at("target groups", &key))?;
        }
        for (position, form) in (1..).zip(seed.programmes.clone()) {
            let key = form.slug.key();
            let programme = Programme {
                id: form.slug,
                position,
                name: form.name,
                description: form.description,
                starts: form.starts,
                ends: form.ends,
                url: form.url,
                sources: form.sources,
            };
            let word = self
                .word(programme, |programme| {
                    (programme.id.clone().into(), programme.name.de.clone())
                })
                .await;
            word.map_err(ImportError::at("programmes", &key))?;
        }
        Ok(())
    }

    /// Takes the groups of words in that mean the same, all at once: they are one record. If
    /// moderators have worked on it, it is theirs.
    pub(super) async fn thesaurus(&mut self, seed: &Seed) -> Result<(), ImportError> {
        if seed.synonyms.is_empty() {
            return Ok(());
        }
        let outcome = self.synonyms(&seed.synonyms).await;
        let outcome = outcome.map_err(ImportError::at("synonyms", "all"))?;
        self.count(Thesaurus::TABLE, outcome);
        Ok(())
    }

    async fn synonyms(&self, groups: &[SynonymGroup]) -> Result<Outcome, Error> {
        let known = self.services.store.get::<Thesaurus>(&ThesaurusId::the_one()).await?;
        let outcome = match &known {
            Some(known) if known.groups == groups => return Ok(Outcome::Unchanged),
            Some(known) if self.edited.contains(&known.id.clone().into()) => {
                return Ok(Outcome::Left);
            }
            Some(_) => Outcome::Changed,
            None => Outcome::Created,
        };
        let all = |known: Thesaurus| {
            let empty = Thesaurus { groups: Vec::new(), ..known };
            groups.iter().try_fold(empty, |all, group| all.with(group.clone(), None))
        };
        self.services.change_thesaurus(&self.viewer, all).await?;
        Ok(outcome)
    }

    /// Writes a word of a vocabulary if it says something new.
    async fn word<R: Record + PartialEq>(
        &mut self,
        word: R,
        named: fn(&R) -> (NodeId, String),
    ) -> Result<(), Error> {
        let outcome = match self.services.store.get::<R>(word.id()).await? {
            Some(known) if known == word => Outcome::Unchanged,
            Some(_) => Outcome::Changed,
            None => Outcome::Created,
        };
        if outcome != Outcome::Unchanged {
            let (subject, title) = named(&word);
            let note = Note {
                kind: EventKind::VocabularyUpdated,
                subject,
                municipalities: Vec::new(),
                public: true,
                title: Some(title),
            };
            self.services.commit(&self.viewer, Change::default().put(&word)?, note).await?;
        }
        self.count(R::TABLE, outcome);
        Ok(())
    }

    pub(super) async fn organisations(&mut self, seed: &Seed) -> Result<(), ImportError> {
        for form in seed.organisations.clone() {
            let key = form.slug.clone();
            let empty = Organisation::empty(self.services.ids.fresh().into(), form.slug);
            let organisation = Organisation {
                name: form.name,
                kind: form.kind,
                description: form.description,
                website: form.website,
                ..empty
            };
            let id = self
                .organisation(organisation)
                .await
                .map_err(ImportError::at("organisations", &key))?;
            self.organisations.insert(key, id);
        }
        Ok(())
    }

    async fn organisation(&mut self, organisation: Organisation) -> Result<OrganisationId, Error> {
        let found = self.services.store.organisation_by_slug(&organisation.slug).await?;
        let known = found.clone().unwrap_or_else(|| organisation.clone());
        // Files say nothing of these.
        let organisation = Organisation {
            mailbox: known.mailbox,
            topics: known.topics,
            states: known.states,
            municipalities: known.municipalities,
            entered_by: known.entered_by,
            publication: known.publication,
            ..organisation
        };
        let (id, outcome) = self.plain(found, organisation).await?;
        self.count(Organisation::TABLE, outcome);
        Ok(id)
    }
}
