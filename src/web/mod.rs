//! What people and their programs read beside the API: pages, feeds, and what links in letters lead to.
//!
//! A page is the answer to a document of `schema/operations`, read into types and written as HTML. This
//! room asks nobody anything: `http` runs the document and sends what comes out.

mod address;
pub(crate) mod atom;
mod cards;
mod chart;
pub(crate) mod compare;
pub(crate) mod developers;
mod documents;
mod figures;
pub(crate) mod form;
mod kind;
pub(crate) mod lists;
mod map;
pub(crate) mod municipality;
pub(crate) mod operations;
pub(crate) mod pages;
mod phrases;
mod process;
pub(crate) mod question;
pub(crate) mod results;
pub(crate) mod site;
pub(crate) mod solution;
pub(crate) mod start;
pub(crate) mod statements;
pub(crate) mod texts;
pub(crate) mod trouble;
pub(crate) mod versions;
pub(crate) mod watches;
pub(crate) mod watching;
pub(crate) mod work;
mod written;

pub(crate) use address::Address;
