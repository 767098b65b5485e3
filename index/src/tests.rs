//! What the index promises, asked through its public interface.

mod affinity;
mod compounds;
mod cursors;
mod durability;
mod erasure;
mod facets;
mod filters;
mod highlights;
mod input;
mod language;
mod matches;
mod paging;
mod support;
mod understanding;
