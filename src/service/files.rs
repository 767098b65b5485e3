//! Files of documents: given, taken away, read.

use std::ops::Range;

use super::{Error, Services};
use crate::domain::{
    DocumentFile, DocumentId, EventKind, FileText, Problem, ProjectDocument, TextState, Viewer,
    What, download_name,
};
use crate::extract::Reading;
use crate::files::{Content, Incoming, Read, Received};

impl Services {
    /// Begins to take in a file; it is nobody's until it is given to a document.
    ///
    /// # Errors
    /// The viewer is not known, or the disk.
    pub async fn incoming(&self, viewer: &Viewer) -> Result<Incoming, Error> {
        if !viewer.is_known() {
            return Err(Error::Unauthenticated);
        }
        Ok(self.files.incoming().await?)
    }

    /// The most bytes of a file.
    #[must_use]
    pub const fn largest_file(&self) -> u64 {
        self.files.most()
    }

    /// Whether the viewer may give a file to a document: asked before any byte of it is read.
    ///
    /// # Errors
    /// Why not.
    pub async fn may_give_file(
        &self,
        viewer: &Viewer,
        id: &DocumentId,
        expected_revision: Option<u32>,
    ) -> Result<(), Error> {
        if !viewer.is_known() {
            return Err(Error::Unauthenticated);
        }
        let found = self.read::<ProjectDocument>(viewer, id).await?;
        let document = found.ok_or_else(|| Problem::at("id", What::NotFound))?;
        if !viewer.edits(&document.municipality) {
            return Err(Error::Forbidden);
        }
        if expected_revision.is_some_and(|expected| expected != document.revision) {
            return Err(Problem::at("expectedRevision", What::Stale).into());
        }
        Ok(())
    }

    /// Gives a document a file, in place of the one that it had. Its text is read first, so that
    /// whoever follows the journal finds it.
    ///
    /// # Errors
    /// The viewer may not do it, the file is of a kind that is not taken, or somebody was faster.
    pub async fn give_file(
        &self,
        viewer: &Viewer,
        id: &DocumentId,
        expected_revision: Option<u32>,
        received: &Received,
        name: &str,
    ) -> Result<ProjectDocument, Error> {
        self.may_give_file(viewer, id, expected_revision).await?;
        let read = self.files.read(received).await?;
        let (file, text) = self.described(received, read, name);
        self.files.blobs.keep(received, self.clock.now()).await?;
        if let Some(text) = text {
            self.store.keep_text(&text).await?;
        }
        // Should this not come about, or its answer never arrive, the sweep finds what is left.
        self.with_file(viewer, id, expected_revision, Some(file)).await
    }

    /// Takes the file of a document away. One that was published needs a link then.
    ///
    /// # Errors
    /// The viewer may not do it, there is no file, or somebody was faster.
    pub async fn remove_file(
        &self,
        viewer: &Viewer,
        id: &DocumentId,
        expected_revision: Option<u32>,
    ) -> Result<ProjectDocument, Error> {
        self.with_file(viewer, id, expected_revision, None).await
    }

    /// A document with its file, if there is one that the viewer may read.
    ///
    /// # Errors
    /// What the database says.
    pub async fn document_with_file(
        &self,
        viewer: &Viewer,
        id: &DocumentId,
    ) -> Result<Option<ProjectDocument>, Error> {
        let found = self.read::<ProjectDocument>(viewer, id).await?;
        Ok(found.filter(|document| document.file.is_some()))
    }

    /// The content of a file, or a part of it.
    ///
    /// # Errors
    /// It cannot be read.
    pub async fn content(
        &self,
        file: &DocumentFile,
        range: Option<Range<u64>>,
    ) -> Result<Content, Error> {
        Ok(self.files.blobs.get(&file.hash, range).await?)
    }

    /// What is said of a file, and its text if it has one.
    fn described(
        &self,
        received: &Received,
        read: Read,
        name: &str,
    ) -> (DocumentFile, Option<FileText>) {
        let mut file = DocumentFile {
            hash: received.hash.clone(),
            bytes: received.bytes,
            kind: read.kind,
            name: download_name(name, read.kind),
            pages: None,
            text: TextState::Failed,
            failure: None,
            uploaded_at: self.clock.now(),
        };
        match read.reading {
            Reading::Failed(failure) => {
                file.failure = Some(failure);
                (file, None)
            }
            Reading::Text { pieces, pages, cut } => {
                file.pages = pages;
                if pieces.iter().all(String::is_empty) {
                    file.text = TextState::Absent;
                    return (file, None);
                }
                file.text = if cut { TextState::Cut } else { TextState::Read };
                let id = received.hash.clone();
                (file, Some(FileText { id, paged: pages.is_some(), pages: pieces }))
            }
        }
    }

    /// Writes the record. The content of the file that it had is left to the sweep: another document
    /// may have it too, or be about to.
    async fn with_file(
        &self,
        viewer: &Viewer,
        id: &DocumentId,
        expected_revision: Option<u32>,
        file: Option<DocumentFile>,
    ) -> Result<ProjectDocument, Error> {
        let apply = |document: ProjectDocument| {
            if file.is_none() && document.file.is_none() {
                return Err(vec![Problem::at("id", What::NotFound)]);
            }
            document.with_file(file.clone(), self.clock.now())
        };
        self.replace(viewer, id, expected_revision, EventKind::DocumentUpdated, apply).await
    }
}
