//! Signing in, here and with an identity provider: sessions, and sign-ins that have begun.

use chrono::{DateTime, Utc};
use surrealdb::types::Value;

use super::error::{STALE, is_conflict};
use super::record::{Record, content, link, read_all};
use super::value::object;
use super::{Change, Error, Store};
use crate::domain::{Account, AccountId, Identity, PendingSignIn, Session, TokenHash};

/// Sessions are written and ended one transaction after the other, for which all of them write one
/// record: the database tells two that write the same from each other, and not who reads what another
/// one is about to change.
const ONE_AFTER_ANOTHER: &str = "UPSERT ONLY counter:sessions SET n = (n ?? 0) + 1 RETURN NONE;\n";

impl Change {
    /// Ends all sessions of an account.
    pub(crate) fn ends_sessions(mut self, account: &AccountId) -> Self {
        self.bind_value("signed_out", Value::RecordId(link::<Account>(account)));
        self.put_first("DELETE session WHERE account = $signed_out RETURN NONE;\n");
        self.put_first(ONE_AFTER_ANOTHER);
        self
    }

    /// Takes the access tokens of an account away.
    pub(crate) fn deletes_tokens(mut self, account: &AccountId) -> Self {
        self.bind_value("token_holder", Value::RecordId(link::<Account>(account)));
        self.put_first("DELETE token WHERE account = $token_holder RETURN NONE;\n");
        self
    }
}

impl Store {
    /// Writes a session of an account as it was when its holder showed who it is, and forgets those
    /// that are over. Sessions are nobody's history and have no entry in the journal.
    ///
    /// # Errors
    /// [`Error::Stale`] if the account has another password by now or is shut, or what the database
    /// says.
    pub(crate) async fn keep_session(
        &self,
        session: &Session,
        account: &Account,
    ) -> Result<(), Error> {
        self.sweep::<Session>(session.created_at).await?;
        let transaction = format!(
            "BEGIN;\n\
             LET $known = (SELECT password, disabled FROM ONLY $account);\n\
             IF $known = NONE OR $known.disabled OR $known.password != $password {{ THROW '{STALE}' }};\n\
             {ONE_AFTER_ANOTHER}\
             UPSERT ONLY $id CONTENT $kept RETURN NONE;\n\
             RETURN 1;\n\
             COMMIT;"
        );
        let password = account.password.clone().map_or(Value::None, Value::String);
        let bindings = object([
            ("account", Value::RecordId(link::<Account>(&account.id))),
            ("password", password),
            ("id", Value::RecordId(link::<Session>(&session.id))),
            ("kept", content(session)?),
        ]);
        self.retried(&transaction, bindings, &[]).await.map(drop)
    }

    /// Ends a session.
    pub(crate) async fn end_session(&self, id: &TokenHash) -> Result<(), Error> {
        self.commit_silently(Change::default().delete::<Session>(id)).await
    }

    /// Ends all sessions of an account.
    pub(crate) async fn end_sessions(&self, account: &AccountId) -> Result<(), Error> {
        self.commit_silently(Change::default().ends_sessions(account)).await
    }

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
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        self.sweep::<PendingSignIn>(now).await?;
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

    /// Forgets what is over.
    async fn sweep<R: Record>(&self, now: DateTime<Utc>) -> Result<(), Error> {
        let query = format!("DELETE {} WHERE expires_at < $now RETURN NONE", R::TABLE);
        let swept = self.database.query(query).bind(("now", Value::Datetime(now.into())));
        match swept.await?.check() {
            // Others sweep too, and one of them was faster.
            Err(error) if !is_conflict(&error) => Err(error.into()),
            _ => Ok(()),
        }
    }
}
