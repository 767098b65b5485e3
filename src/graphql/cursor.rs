//! Places in the journal, as clients hand them back.

use async_graphql::Result;

use super::failure::{Code, failure};

/// Reads a place in the journal.
///
/// # Errors
/// The text is no number, or lies behind the newest entry: it belongs to another hub.
pub(super) fn parse(cursor: Option<&str>, newest: u64) -> Result<Option<u64>> {
    let Some(text) = cursor else { return Ok(None) };
    match text.parse::<u64>() {
        Ok(seq) if seq <= newest => Ok(Some(seq)),
        Ok(_) => Err(failure(
            Code::BadUserInput,
            format!(
                "the cursor {text} lies behind the newest entry {newest}: it is of another hub"
            ),
        )),
        Err(_) => {
            Err(failure(Code::BadUserInput, format!("\"{text:.40}\" is no cursor of an event")))
        }
    }
}
