//! The roles.

use crate::domain::kinds::kinds;

kinds! {
    /// What somebody may do. A person may hold several roles, each for a place of its own.
    Role {
        Reader = "reader", "Lesen", "Reader";
        Editor = "editor", "Bearbeiten", "Editor";
        Approver = "approver", "Freigeben", "Approver";
        Moderator = "moderator", "Moderieren", "Moderator";
        Admin = "admin", "Verwalten", "Admin";
    }
}

impl Role {
    /// Whether the role is held for a municipality or an organisation; the others are held for the
    /// hub as a whole.
    #[must_use]
    pub const fn needs_place(self) -> bool {
        matches!(self, Self::Editor | Self::Approver)
    }
}
