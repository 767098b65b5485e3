//! How far somebody has come who follows the journal and keeps no files of its own.

use serde::{Deserialize, Serialize};

use super::key::FollowerId;

/// How far somebody has come who follows the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Follower {
    /// Who.
    pub id: FollowerId,
    /// Up to which entry of the journal.
    pub cursor: u64,
}
