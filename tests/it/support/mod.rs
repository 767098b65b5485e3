//! What tests share: a hub in memory behind its real router, and a hub as a real process.

pub mod database;
pub mod hub;
pub mod issuer;
mod migrated;
pub mod socket;
pub mod test_app;
mod writing;

pub use database::Database;
pub use hub::Hub;
pub use test_app::TestApp;
