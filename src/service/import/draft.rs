//! Which records that editors keep have never been out in the open.

use crate::domain::{Contact, Lifecycle, Profile, ProjectDocument, Publication, Solution};
use crate::service::managed::Managed;

/// A record that begins as a draft.
pub(super) trait Drafted: Managed {
    /// Whether it was never published.
    fn is_draft(&self) -> bool;
}

impl Drafted for Solution {
    fn is_draft(&self) -> bool {
        self.lifecycle == Lifecycle::Draft
    }
}

macro_rules! drafted {
    ($($type:ident),*) => {$(
        impl Drafted for $type {
            fn is_draft(&self) -> bool {
                self.publication == Publication::Draft
            }
        }
    )*};
}

drafted!(Contact, ProjectDocument, Profile);
