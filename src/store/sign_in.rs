//! Signing in with an identity provider.

use surrealdb::types::Value;

use super::error::is_conflict;
use super::record::{content, link, read_all};
use super::value::object;
use super::{Error, Store};
use crate::domain::{Account, Identity, PendingSignIn, TokenHash};

impl Store {
    /// The account of somebody who signs in elsewhere.
    pub(crate) async fn account_by_identity(
        &self,
        identity: &Identity,
    ) -> Result<Option<Account>, Error> {
        self.find("identity", &identity.text()).await
    }

    /// Writes a sign-in that has begun, and forgets those that nobody finished.
    pub(crate) async fn keep_sign_in(
        &self,
        begun: &PendingSignIn,
        now: chrono::DateTime<chrono::Utc>,
    ) -> Result<(), Error> {
        let now = Value::Datetime(now.into());
        let swept = self.database.query("DELETE sign_in WHERE expires_at < $now");
        if let Err(error) = swept.bind(("now", now)).await?.check() {
            // Others sweep too, and one of them was faster.
            tracing::debug!(%error, "sign-ins that nobody finished stay a little longer");
        }
        let id = Value::RecordId(link::<PendingSignIn>(&begun.id));
        let bindings = object([("id", id), ("kept", content(begun)?)]);
        let query = "CREATE ONLY $id CONTENT $kept RETURN NONE";
        self.database.query(query).bind(bindings).await?.check()?;
        Ok(())
    }

    /// Takes a sign-in that has begun: whoever comes second, even at the same time, finds nothing.
    pub(crate) async fn take_sign_in(
        &self,
        id: &TokenHash,
    ) -> Result<Option<PendingSignIn>, Error> {
        let id = Value::RecordId(link::<PendingSignIn>(id));
        let query = "DELETE $id RETURN BEFORE";
        let mut taken = match self.database.query(query).bind(("id", id)).await?.check() {
            Ok(taken) => taken,
            Err(error) if is_conflict(&error) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        Ok(read_all(taken.take(0)?)?.pop())
    }
}
