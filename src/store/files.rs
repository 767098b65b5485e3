//! Texts of files, and which files are needed.

use std::collections::HashSet;

use surrealdb::types::{RecordId, Value};

use super::record::{content, link};
use super::value::into_json;
use super::{Error, Store};
use crate::domain::{FileHash, FileText};

impl Store {
    /// Keeps the text of a file. It follows from the file's content, so this is no change of a
    /// record, and the journal knows nothing of it.
    pub(crate) async fn keep_text(&self, text: &FileText) -> Result<(), Error> {
        let query = "UPSERT ONLY $id CONTENT $text RETURN NONE";
        let (id, text): (RecordId, Value) = (link::<FileText>(&text.id), content(text)?);
        self.database.query(query).bind(("id", id)).bind(("text", text)).await?.check()?;
        Ok(())
    }

    /// Forgets the text of a file.
    pub(crate) async fn forget_text(&self, hash: &FileHash) -> Result<(), Error> {
        let id: RecordId = link::<FileText>(hash);
        self.database.query("DELETE $id RETURN NONE").bind(("id", id)).await?.check()?;
        Ok(())
    }

    /// The contents that documents have as their files.
    pub(crate) async fn needed_files(&self) -> Result<HashSet<FileHash>, Error> {
        self.hashes("SELECT VALUE file.hash FROM document WHERE file != NONE").await
    }

    /// The contents of which there is a text.
    pub(crate) async fn read_files(&self) -> Result<HashSet<FileHash>, Error> {
        self.hashes("SELECT VALUE record::id(id) FROM file_text").await
    }

    async fn hashes(&self, query: &str) -> Result<HashSet<FileHash>, Error> {
        let found: Value = self.database.query(query).await?.check()?.take(0)?;
        let texts = into_json(found);
        let texts = texts.as_array().map(Vec::as_slice).unwrap_or_default().iter();
        let hashes = texts.filter_map(|text| FileHash::try_from(text.as_str()?.to_owned()).ok());
        Ok(hashes.collect())
    }

    /// Whether a document has a file with this content.
    pub(crate) async fn is_needed(&self, hash: &FileHash) -> Result<bool, Error> {
        let query = "SELECT VALUE id FROM document WHERE file.hash = $hash LIMIT 1";
        let hash = hash.as_str().to_owned();
        let found: Value =
            self.database.query(query).bind(("hash", hash)).await?.check()?.take(0)?;
        Ok(into_json(found).as_array().is_some_and(|found| !found.is_empty()))
    }
}
