//! Places in the journal, as clients hand them back.

use async_graphql::Result;

use super::failure::{Code, failure, from_service};
use crate::service::Services;

/// Reads a place in the journal.
///
/// # Errors
/// The text is no number, or lies behind the newest entry: it belongs to another hub.
pub(super) async fn parse(cursor: Option<&str>, services: &Services) -> Result<Option<u64>> {
    let Some(text) = cursor else { return Ok(None) };
    let Ok(seq) = text.parse::<u64>() else {
        return Err(failure(
            Code::BadUserInput,
            format!("\"{text:.40}\" is no cursor of an event"),
        ));
    };
    let mut newest = services.feed().newest();
    if seq > newest {
        // Another node of this hub may have told of entries that this one has still to read.
        newest =
            services.store().refresh_head().await.map_err(|error| from_service(error.into()))?;
    }
    if seq > newest {
        return Err(failure(
            Code::BadUserInput,
            format!(
                "the cursor {text} lies behind the newest entry {newest}: it is of another hub"
            ),
        ));
    }
    Ok(Some(seq))
}
