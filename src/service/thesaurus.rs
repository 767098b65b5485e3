//! Words that mean the same: looked after by moderators, in force at once.

use super::managed::MOST_REPEATS;
use super::{Error, Note, Services};
use crate::domain::{EventKind, NodeId, Problem, SynonymGroup, Thesaurus, ThesaurusId, Viewer};
use crate::store::{self, Change};

impl Services {
    /// Adds a group, or puts it in the place of the one that holds a term.
    ///
    /// # Errors
    /// The viewer does not moderate, or the group cannot be taken in.
    pub async fn set_synonyms(
        &self,
        viewer: &Viewer,
        group: SynonymGroup,
        in_place_of: Option<&str>,
    ) -> Result<Thesaurus, Error> {
        self.change_thesaurus(viewer, |known| known.with(group.clone(), in_place_of)).await
    }

    /// Removes the group that holds a term.
    ///
    /// # Errors
    /// The viewer does not moderate, or no group holds it.
    pub async fn remove_synonyms(&self, viewer: &Viewer, term: &str) -> Result<Thesaurus, Error> {
        self.change_thesaurus(viewer, |known| known.without(term)).await
    }

    /// Changes the thesaurus as it is now; a change that met another one is made again on that.
    pub(super) async fn change_thesaurus(
        &self,
        viewer: &Viewer,
        change: impl Fn(Thesaurus) -> Result<Thesaurus, Vec<Problem>> + Send,
    ) -> Result<Thesaurus, Error> {
        if !viewer.is_known() {
            return Err(Error::Unauthenticated);
        }
        if !viewer.moderates() {
            return Err(Error::Forbidden);
        }
        let mut repeats = 0;
        loop {
            let known = self.store.get::<Thesaurus>(&ThesaurusId::the_one()).await?;
            let is_new = known.is_none();
            let mut changed = change(known.unwrap_or_default())?;
            changed.revision += 1;
            let write = if is_new {
                Change::default().create(&changed)?
            } else {
                Change::default().replace(&changed)?
            };
            let note = Note {
                kind: EventKind::VocabularyUpdated,
                subject: NodeId::from(changed.id.clone()),
                municipalities: Vec::new(),
                public: true,
                title: None,
            };
            match self.commit(viewer, write, note).await {
                Ok(_) => {
                    self.searcher.set_thesaurus(&changed);
                    return Ok(changed);
                }
                Err(Error::Store(store::Error::Stale | store::Error::Taken { .. }))
                    if repeats < MOST_REPEATS =>
                {
                    repeats += 1;
                }
                Err(error) => return Err(error),
            }
        }
    }
}
