//! What people and their programs read beside the API: feeds, and pages that links in letters lead to.

pub(crate) mod atom;
pub(crate) mod pages;
