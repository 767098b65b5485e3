//! What was probably meant.

use crate::matching::Correction;
use crate::{analysis, suggest, tokens};

/// The text that was probably meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DidYouMean {
    /// The whole text, with the words that stand somewhere in place of those that do not.
    pub text: String,
    /// How many documents match it without leniency.
    pub total: u64,
}

/// A text with the likeliest words in place of those that stand nowhere.
pub(crate) fn corrected(text: &str, corrections: &[Correction]) -> String {
    let text = analysis::nfc(text.to_owned());
    let mut corrected = String::with_capacity(text.len());
    let mut done = 0;
    for place in tokens::words(&text) {
        let written = analysis::lower(text.get(place.clone()).unwrap_or_default());
        let correction = corrections.iter().find(|correction| correction.typed == written);
        if let Some(meant) = correction.and_then(|correction| correction.nearly.first()) {
            corrected.push_str(text.get(done..place.start).unwrap_or_default());
            corrected.push_str(&suggest::as_written(meant));
            done = place.end;
        }
    }
    corrected + text.get(done..).unwrap_or_default()
}
