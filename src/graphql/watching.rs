//! What watches select: the arguments of a list of solutions, saved and read again.

use async_graphql::{Context, InputObject, InputType, Pos, Result, Value};

use super::context::ContextExt;
use super::failure::{Code, failure, from_list};
use super::input::{SolutionFilterInput, SolutionOrder};
use super::subscription::alike;
use crate::domain::{MunicipalityId, Selection};
use crate::service::Listing;

/// Which solutions a watch finds: exactly those that the same arguments of `solutions` would with
/// `strict: true`.
#[derive(InputObject)]
pub(super) struct WatchSelectionInput {
    /// What must hold.
    filter: Option<SolutionFilterInput>,
    /// Words that must be found.
    search: Option<String>,
    /// The municipality to compare places with.
    like_municipality: Option<MunicipalityId>,
    /// Only places at least so alike, from 0 to 1; needs `likeMunicipality`.
    min_likeness: Option<f64>,
}

impl WatchSelectionInput {
    /// What is selected, if it can be.
    pub(super) fn checked(self, ctx: &Context<'_>) -> Result<Selection> {
        let Self { filter, search, like_municipality, min_likeness } = self;
        let filter = filter.and_then(|filter| written(&filter));
        let selection = Selection { filter, search, like_municipality, min_likeness };
        let listing = listing(&selection)?;
        let listed = ctx.services().list(ctx.viewer(), listing).map_err(from_list)?;
        match listed.hints().first() {
            // Nobody would ever learn that something else is waited for.
            Some(hint) => Err(failure(Code::BadUserInput, hint.message(ctx.language()))),
            None => Ok(selection),
        }
    }
}

/// A filter as JSON, without what was not said; nothing if nothing was.
fn written(filter: &SolutionFilterInput) -> Option<String> {
    let serde_json::Value::Object(mut fields) = InputType::to_value(filter).into_json().ok()?
    else {
        return None;
    };
    fields.retain(|_, value| !value.is_null());
    (!fields.is_empty()).then(|| serde_json::Value::Object(fields).to_string())
}

/// Turns what a watch saved into a list.
///
/// # Errors
/// Why it is none: it was saved by another version of the program.
pub fn read_selection(selection: &Selection) -> Result<Listing, String> {
    listing(selection).map_err(|error| error.message)
}

fn listing(selection: &Selection) -> Result<Listing> {
    let filter = selection.filter.as_deref().map(read).transpose()?;
    let alike = alike(selection.like_municipality.clone(), selection.min_likeness)?;
    let listing = SolutionOrder::listing(selection.search.clone(), filter, alike, None)?;
    Ok(Listing { strict: true, ..listing })
}

fn read(filter: &str) -> Result<SolutionFilterInput> {
    let broken = |reason: String| failure(Code::BadUserInput, reason);
    let json = serde_json::from_str(filter).map_err(|error| broken(error.to_string()))?;
    let value = Value::from_json(json).map_err(|error| broken(error.to_string()))?;
    <SolutionFilterInput as InputType>::parse(Some(value))
        .map_err(|error| broken(error.into_server_error(Pos::default()).message))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn again(filter: &str) -> Option<String> {
        read(filter).ok().as_ref().and_then(written)
    }

    #[test]
    fn a_filter_reads_back_as_it_was_written() {
        let filter = r#"{"topics":["Topic:mobility"],"states":["DE-SN"],"sizeBands":["FROM_10K"],"population":{"min":100,"max":5000},"reviewDueBefore":"2026-01-01","near":{"latitude":51.0,"longitude":13.5,"kilometres":20.0}}"#;
        let written = again(filter).expect("a filter");
        assert_eq!(again(&written).as_deref(), Some(written.as_str()));
        let (one, two): (serde_json::Value, serde_json::Value) = (
            serde_json::from_str(filter).expect("JSON"),
            serde_json::from_str(&written).expect("JSON"),
        );
        assert_eq!(one, two);
        assert_eq!(again("{}"), None);
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        let check = |filter: &str| {
            let filter = Some(filter.to_owned());
            read_selection(&Selection { filter, ..Selection::default() })
        };
        assert!(check("{\"topics\":[\"Topic:mobility\"]}").is_ok());
        for broken in ["", "[]", "{\"topics\":[\"mobility\"]}", "{\"sizeBands\":[\"HUGE\"]}"] {
            assert!(check(broken).is_err(), "{broken}");
        }
        let lonely = Selection { min_likeness: Some(0.5), ..Selection::default() };
        assert!(read_selection(&lonely).is_err_and(|reason| reason.contains("likeMunicipality")));
    }
}
