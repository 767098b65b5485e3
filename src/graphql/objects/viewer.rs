//! Who asks.

use async_graphql::{Context, Object};

use super::Municipality;
use crate::domain::{Role, Viewer};

/// The holder of the access token that the request brought.
pub(in crate::graphql) struct CurrentViewer(pub(in crate::graphql) Viewer);

/// The holder of the access token that the request brought.
#[Object(name = "Viewer")]
impl CurrentViewer {
    /// What the token allows.
    async fn role(&self) -> Option<Role> {
        match &self.0 {
            Viewer::Holder { role, .. } => Some(*role),
            Viewer::Anonymous | Viewer::Operator => None,
        }
    }

    /// The municipality that the token belongs to.
    async fn municipality(&self, ctx: &Context<'_>) -> Option<Municipality> {
        match &self.0 {
            Viewer::Holder { municipality, .. } => Municipality::find(ctx, municipality.as_ref()?),
            Viewer::Anonymous | Viewer::Operator => None,
        }
    }
}
