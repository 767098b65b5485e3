//! Watches: what somebody saved to be told of, and how it is told.
//!
//! `matching` tells which watches find an entry of the journal, `gathering` what of the journal one
//! watch finds, `dispatching` follows the journal and writes letters, `letters` makes their texts when
//! they are delivered, and `keeping` is what owners do with their watches.

mod addresses;
mod dispatching;
mod feed;
mod gathering;
mod keeping;
mod letters;
mod matching;
mod preview;

pub(super) use feed::WatchFeed;
pub(crate) use keeping::NewWatch;
pub use preview::Foreseen;

use super::Listing;
use crate::domain::Selection;

/// Turns what a watch saved into a list, or says why it is none: the one way in which the API itself
/// reads such arguments.
pub type ReadSelection = fn(&Selection) -> Result<Listing, String>;
