//! How records that editors keep go out when they are taken in.

use std::future::Future;

use crate::domain::{
    Action, Contact, Lifecycle, Profile, ProjectDocument, Publication, Solution, SolutionChange,
    SolutionId, Viewer,
};
use crate::service::managed::Managed;
use crate::service::{Deed, Error, Services};

/// A record that begins as a draft.
pub(super) trait Drafted: Managed {
    /// Whether it was never published.
    fn is_draft(&self) -> bool;

    /// Changes it.
    fn rewrite(
        services: &Services,
        viewer: &Viewer,
        id: &Self::Id,
        change: Self::Change,
    ) -> impl Future<Output = Result<Self, Error>> + Send;

    /// Brings it out in the open.
    fn go_out(
        services: &Services,
        viewer: &Viewer,
        id: &Self::Id,
    ) -> impl Future<Output = Result<Self, Error>> + Send;
}

impl Drafted for Solution {
    fn is_draft(&self) -> bool {
        self.lifecycle == Lifecycle::Draft
    }

    async fn rewrite(
        services: &Services,
        viewer: &Viewer,
        id: &SolutionId,
        change: SolutionChange,
    ) -> Result<Self, Error> {
        services.update_solution(viewer, id, None, change).await
    }

    async fn go_out(services: &Services, viewer: &Viewer, id: &SolutionId) -> Result<Self, Error> {
        services.advance(viewer, id, &Deed::plain(Action::Publish)).await
    }
}

macro_rules! drafted {
    ($($type:ident),*) => {$(
        impl Drafted for $type {
            fn is_draft(&self) -> bool {
                self.publication == Publication::Draft
            }

            async fn rewrite(
                services: &Services,
                viewer: &Viewer,
                id: &Self::Id,
                change: Self::Change,
            ) -> Result<Self, Error> {
                services.update::<Self>(viewer, id, None, change).await
            }

            async fn go_out(
                services: &Services,
                viewer: &Viewer,
                id: &Self::Id,
            ) -> Result<Self, Error> {
                services.publish::<Self>(viewer, id).await
            }
        }
    )*};
}

drafted!(Contact, ProjectDocument, Profile);
