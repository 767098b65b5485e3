//! Who may do what: roles, who holds them, and the one table that says what they allow.

mod grant;
mod role;
mod table;
mod viewer;

pub use grant::Grant;
pub use role::Role;
pub use table::{Relation, Rule, Verdict};
pub use viewer::{Member, Viewer};

#[cfg(test)]
mod tests;
