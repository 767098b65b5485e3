//! Takes records in from files: the way of the example content and of every import.
//!
//! Idempotent: a record that is there already under its key and says the same is left alone; one
//! that says something else is changed, unless an editor has worked on it since: then it is theirs.

mod draft;
mod files;
mod places;
mod plain;
mod register;
mod sheet;
mod solutions;
mod words;

pub use files::{ImportError, Seed};
pub use register::{
    Outcome as RegisterOutcome, Register, RegisterError, import as import_register,
    import_reference, told,
};

pub use sheet::{BadRow, OpenRow, Sheet, SheetError, SheetOrder, SheetOutcome, told_rows};

use std::collections::{HashMap, HashSet};

use super::{Error, Services};
use crate::domain::{
    ContactId, DocumentId, MunicipalityId, NodeId, OrganisationId, Problem, SolutionId, Viewer,
    What,
};
use crate::live::Progress;
use draft::Drafted;

/// How an import ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Imported {
    /// Records that were new.
    pub created: usize,
    /// Records that were changed.
    pub changed: usize,
    /// Records that said the same already.
    pub unchanged: usize,
    /// Records that say something else because an editor changed them, and were left to them.
    pub left: usize,
}

impl Imported {
    fn add(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Created => self.created += 1,
            Outcome::Changed => self.changed += 1,
            Outcome::Unchanged => self.unchanged += 1,
            Outcome::Left => self.left += 1,
        }
    }
}

/// What became of one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Created,
    Changed,
    Unchanged,
    Left,
}

/// An import at work: keys of files and what they stand for in the hub.
struct Import<'a> {
    services: &'a Services,
    viewer: Viewer,
    progress: &'a mut dyn Progress,
    imported: Imported,
    edited: HashSet<NodeId>,
    municipalities: HashMap<String, MunicipalityId>,
    organisations: HashMap<String, OrganisationId>,
    contacts: HashMap<String, ContactId>,
    documents: HashMap<String, DocumentId>,
    solutions: HashMap<String, SolutionId>,
}

impl Services {
    /// Takes in everything that a set of files holds.
    ///
    /// # Errors
    /// The first record that cannot be taken in, with its file and key. What came before it stays.
    pub async fn import(
        &self,
        seed: Seed,
        progress: &mut dyn Progress,
    ) -> Result<Imported, ImportError> {
        let mut import = Import {
            services: self,
            viewer: Viewer::Operator,
            progress,
            imported: Imported::default(),
            edited: self
                .store
                .edited()
                .await
                .map_err(|error| ImportError::at("journal", "all")(error.into()))?,
            municipalities: HashMap::new(),
            organisations: HashMap::new(),
            contacts: HashMap::new(),
            documents: HashMap::new(),
            solutions: HashMap::new(),
        };
        import.progress.expect(seed.records());
        import.vocabularies(&seed).await?;
        import.thesaurus(&seed).await?;
        import.organisations(&seed).await?;
        import.municipalities(&seed).await?;
        import.contacts(&seed).await?;
        import.documents(&seed).await?;
        import.solutions(&seed).await?;
        import.processes(&seed).await?;
        Ok(import.imported)
    }
}

impl Import<'_> {
    fn count(&mut self, what: &'static str, outcome: Outcome) {
        self.imported.add(outcome);
        self.progress.advance(what, 1);
    }

    /// Makes or changes a record that editors keep, and publishes it.
    ///
    /// A draft that is there already is what an import left that was cut off before it published:
    /// it goes out now. What somebody put away stays away, and what an editor changed stays so.
    async fn keep<R: Drafted + PartialEq>(
        &self,
        found: Option<R>,
        draft: R,
        change: R::Change,
    ) -> Result<Outcome, Error> {
        let Some(record) = found else {
            let id = draft.id().clone();
            self.services.create(&self.viewer, draft, change).await?;
            Box::pin(R::go_out(self.services, &self.viewer, &id)).await?;
            return Ok(Outcome::Created);
        };
        let id = record.id().clone();
        // A change that changes nothing but the time of the change is none.
        let now = record.updated_at();
        let changes = record.clone().changed(change.clone(), now)? != record;
        if self.edited.contains(&record.node()) {
            return Ok(if changes { Outcome::Left } else { Outcome::Unchanged });
        }
        if changes {
            Box::pin(R::rewrite(self.services, &self.viewer, &id, change)).await?;
        }
        if record.is_draft() {
            Box::pin(R::go_out(self.services, &self.viewer, &id)).await?;
        }
        let touched = changes || record.is_draft();
        Ok(if touched { Outcome::Changed } else { Outcome::Unchanged })
    }
}

/// Looks keys of a file up.
fn resolved<I: Clone>(
    known: &HashMap<String, I>,
    keys: &[String],
    field: &str,
) -> Result<Vec<I>, Error> {
    keys.iter().map(|key| resolve(known, key, field)).collect()
}

/// Looks a key of a file up.
fn resolve<I: Clone>(known: &HashMap<String, I>, key: &str, field: &str) -> Result<I, Error> {
    known.get(key).cloned().ok_or_else(|| {
        let problem =
            Problem { path: vec![field.to_owned(), key.to_owned()], what: What::NotFound };
        Error::Problems(vec![problem])
    })
}
