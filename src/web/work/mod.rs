//! The pages of those who write: signing in, the desk, forms, review.

pub(crate) mod answer;
pub(crate) mod contact;
pub(crate) mod desk;
pub(crate) mod document;
pub(crate) mod edit;
pub(crate) mod entry;
pub(crate) mod fields;
pub(crate) mod part;
pub(crate) mod process;
mod process_fields;
pub(crate) mod processes;
pub(crate) mod record;
pub(crate) mod review;
pub(crate) mod sign_in;
pub(crate) mod step;
