//! How alike two municipalities are, and why.
//!
//! A Gower distance (Gower, A General Coefficient of Similarity and Some of Its Properties, 1971)
//! over figures on robust scales. The scales come from all German municipalities of a level and not
//! from those who happen to be members: so nobody's neighbours change when somebody joins.
//!
//! - Skewed figures are compared by their logarithm: without that a village of 242 people would
//!   count towns of ten times its size as equal.
//! - One span is from the 1st to the 99th percentile of the reference. Values beyond its ends keep
//!   their place, or all cities would be the same; two values are never more than one span apart.
//! - Features stand in blocks. What is not known of one, the others of its block stand for; a
//!   block of which nothing is known is left out, and the coverage says how much was known.
//! - With inhabitants and area alone it works, and every further figure makes it better.

mod explain;
mod feature;
mod figures;
mod lens;
mod level;
mod peers;
mod reference;
mod rows;
mod table;
#[cfg(test)]
mod tests;
mod words;

pub use explain::{Contribution, Explanation, WEAK_BASIS};
pub use feature::{Block, FEATURES, Feature};
pub use figures::Figures;
pub use lens::{Lens, WeightError, Weights};
pub use level::Level;
pub use peers::{Nearest, Neighbour, Standing, Window, nearest};
pub use reference::{LevelReference, Reference, ReferenceError, Scales};
pub use table::{Distance, Scaled, Table, difference, distance};
pub use words::written;
