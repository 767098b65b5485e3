//! The reference that municipalities are compared with, in place of the one of the program.

use surrealdb::types::Value;

use super::reading::read;
use super::{Error, Store};

impl Store {
    /// The text of the reference, if one was imported.
    pub(crate) async fn reference(&self) -> Result<Option<String>, Error> {
        let query = "SELECT VALUE text FROM reference:current";
        let found: Value = self.database.query(query).await?.check()?.take(0)?;
        let texts: Vec<String> = read(found).unwrap_or_default();
        Ok(texts.into_iter().next())
    }

    /// Puts another reference in place of the one before. It is no record of the hub, so the
    /// journal knows nothing of it.
    pub(crate) async fn set_reference(&self, text: &str) -> Result<(), Error> {
        let query = "UPSERT reference:current SET text = $text RETURN NONE";
        self.database.query(query).bind(("text", text.to_owned())).await?.check()?;
        Ok(())
    }
}
