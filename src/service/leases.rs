//! Leases of work that takes long.

use chrono::TimeDelta;

use super::{Error, Services};
use crate::store::{self, Lease};

impl Services {
    /// The lease of a piece of work, made longer if it ends soon.
    ///
    /// # Errors
    /// [`store::Error::Overtaken`] if somebody else has taken over, or what the database says.
    pub(super) async fn renewed(&self, lease: Lease, span: TimeDelta) -> Result<Lease, Error> {
        let now = self.clock.now();
        if lease.expires_at() - now >= span / 2 {
            return Ok(lease);
        }
        let renewed = self.store.renew(&lease, now, span).await?;
        Ok(renewed.ok_or(store::Error::Overtaken)?)
    }
}
