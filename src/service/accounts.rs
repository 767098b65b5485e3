//! Accounts, their passwords and sessions.

use std::net::IpAddr;

use super::erasure::now_and_again;
use super::presence::SignedOut;
use super::{Error, Note, Services};
use crate::domain::{
    Account, AccountId, Actor, ErasedIdentity, EventKind, Grant, Municipality, MunicipalityId,
    Organisation, Problem, Secret, Session, Viewer, What, Words, check_password,
};
use crate::store::{self, Change};

/// That somebody at a desk that was left open does not know the password.
const WRONG_PASSWORD: Words =
    Words { de: "Das ist nicht Ihr jetziges Kennwort.", en: "This is not your present password." };

/// What an account is to be; what is absent stays.
#[derive(Debug, Clone, Default)]
pub(crate) struct AccountChange {
    /// The address to sign in with.
    pub(crate) email: Option<String>,
    /// What others call its holder.
    pub(crate) name: Option<Option<String>>,
    /// A password.
    pub(crate) password: Option<String>,
    /// The roles.
    pub(crate) grants: Option<Vec<Grant>>,
    /// Whether nobody can sign in with it.
    pub(crate) disabled: Option<bool>,
}

impl Services {
    /// Makes an account.
    ///
    /// # Errors
    /// Only admins may; the address is taken, a role lacks its place, the password is too short.
    pub(crate) async fn create_account(
        &self,
        viewer: &Viewer,
        change: AccountChange,
    ) -> Result<Account, Error> {
        administers(viewer)?;
        let now = self.clock.now();
        let blank = Account {
            id: self.ids.fresh().into(),
            revision: 1,
            email: None,
            name: None,
            password: None,
            identity: None,
            grants: Vec::new(),
            disabled: false,
            created_at: now,
            updated_at: now,
        };
        let account = self.changed_account(blank, change).await?;
        let write = Change::default().create(&account)?;
        self.write_account(viewer, write, &account, EventKind::AccountCreated).await
    }

    /// Changes an account. With another password, or shut, it is signed out everywhere; which roles
    /// its holder has is looked up at each request.
    ///
    /// # Errors
    /// As [`Self::create_account`].
    pub(crate) async fn update_account(
        &self,
        viewer: &Viewer,
        id: &AccountId,
        change: AccountChange,
    ) -> Result<Account, Error> {
        administers(viewer)?;
        let found = self.store.get::<Account>(id).await?;
        let before = found.ok_or_else(|| Problem::at("id", What::NotFound))?;
        let mut account = self.changed_account(before.clone(), change).await?;
        account.revision += 1;
        let mut write = Change::default().replace(&account)?;
        let signed_out = account.password != before.password || account.disabled;
        if signed_out {
            write = write.ends_sessions(id);
        }
        let account =
            self.write_account(viewer, write, &account, EventKind::AccountUpdated).await?;
        if signed_out {
            self.sign_outs.tell(SignedOut::Account(id.clone()));
        }
        Ok(account)
    }

    /// Changes the password of the viewer's own account. It is signed out everywhere, here too.
    ///
    /// # Errors
    /// The viewer is not signed in with an account, the present password is wrong or was tried too
    /// often, or the new one is no good.
    pub(crate) async fn change_password(
        &self,
        viewer: &Viewer,
        present: String,
        new: String,
    ) -> Result<Account, Error> {
        // An access token may be in the hands of a machine: its holder's password is not its business.
        let own = match viewer {
            Viewer::Member(member) if member.token.is_none() => &member.actor,
            Viewer::Anonymous => return Err(Error::Unauthenticated),
            _ => return Err(Error::Forbidden),
        };
        let Actor::Account(id) = own else { return Err(Error::Forbidden) };
        let account = self.store.get::<Account>(id).await?.ok_or(Error::Unauthenticated)?;
        let address = account.email.clone().unwrap_or_default();
        self.attempts.take(&address, None, self.clock.now()).map_err(|wait| {
            let minutes = wait.num_minutes() + 1;
            Problem::at("currentPassword", What::TooOften { minutes })
        })?;
        if !self.passwords.fits(present, account.password.clone()).await? {
            return Err(Problem::at("currentPassword", What::Rule(WRONG_PASSWORD)).into());
        }
        self.attempts.right(&address, None);
        check_password(&new, account.email.as_deref())
            .map_err(|problem| Problem { path: vec!["newPassword".to_owned()], ..problem })?;
        let password = Some(self.hashed(new).await?);
        let (revision, updated_at) = (account.revision + 1, self.clock.now());
        let account = Account { password, revision, updated_at, ..account };
        let write = Change::default().replace(&account)?.ends_sessions(id);
        let account =
            self.write_account(viewer, write, &account, EventKind::AccountUpdated).await?;
        self.sign_outs.tell(SignedOut::Account(id.clone()));
        Ok(account)
    }

    /// Takes an account and everything that names its holder away, and tells whether that holds in
    /// all files already.
    ///
    /// # Errors
    /// Only admins may; there is no such account.
    pub(crate) async fn erase_account(
        &self,
        viewer: &Viewer,
        id: &AccountId,
    ) -> Result<bool, Error> {
        administers(viewer)?;
        let found = self.store.get::<Account>(id).await?;
        let account = found.ok_or_else(|| Problem::at("id", What::NotFound))?;
        // Before the record: after it nobody knows the name any more.
        self.search_log.forget(|typed| account.tells_of_holder(typed)).await?;
        let due = now_and_again(self.clock.now());
        let write = Change::default().delete::<Account>(id).ends_sessions(id).deletes_tokens(id);
        let owner = Actor::Account(id.clone());
        let write = write.deletes_watches(&owner).delete_webhooks_of(&owner);
        let mut write = write.erases(&due);
        if let Some(identity) = &account.identity {
            // Otherwise the next sign-in elsewhere would make it anew.
            write = write.put(&ErasedIdentity::of(identity))?;
        }
        self.write_account(viewer, write, &account, EventKind::AccountErased).await?;
        self.sign_outs.tell(SignedOut::Account(id.clone()));
        Ok(self.finished_erasures().await)
    }

    /// Says whether one person does all the work of a municipality.
    ///
    /// # Errors
    /// Only moderators may; there is no such municipality.
    pub(crate) async fn set_one_person(
        &self,
        viewer: &Viewer,
        id: &MunicipalityId,
        one_person: bool,
    ) -> Result<(), Error> {
        if !viewer.is_known() {
            return Err(Error::Unauthenticated);
        }
        if !viewer.moderates() {
            return Err(Error::Forbidden);
        }
        let found = self.store.get::<Municipality>(id).await?;
        let mut place = found.ok_or_else(|| Problem::at("municipality", What::NotFound))?;
        if place.one_person == one_person {
            return Ok(());
        }
        place.one_person = one_person;
        place.revision += 1;
        let note = Note {
            kind: EventKind::MunicipalityUpdated,
            subject: place.id.clone().into(),
            municipalities: vec![place.id.clone()],
            public: true,
            title: Some(place.name.clone()),
        };
        self.commit(viewer, Change::default().replace(&place)?, note).await?;
        Ok(())
    }

    /// All accounts.
    ///
    /// # Errors
    /// Only admins may.
    pub(crate) async fn accounts(&self, viewer: &Viewer) -> Result<Vec<Account>, Error> {
        administers(viewer)?;
        Ok(self.store.all::<Account>().await?)
    }

    async fn changed_account(
        &self,
        mut account: Account,
        change: AccountChange,
    ) -> Result<Account, Error> {
        if let Some(email) = change.email {
            account.email = Some(Account::address(&email));
        }
        account.name = change.name.unwrap_or(account.name);
        account.grants = change.grants.unwrap_or(account.grants);
        account.disabled = change.disabled.unwrap_or(account.disabled);
        account.updated_at = self.clock.now();
        account.check()?;
        self.grantable(&account.grants).await?;
        if let Some(password) = change.password {
            check_password(&password, account.email.as_deref())?;
            account.password = Some(self.hashed(password).await?);
        }
        Ok(account)
    }

    /// Checks that those whom roles are held for exist.
    pub(super) async fn grantable(&self, grants: &[Grant]) -> Result<(), Error> {
        let tables = self.directory.tables();
        for grant in grants {
            if grant.municipality.as_ref().is_some_and(|place| tables.place(place).is_none()) {
                return Err(Problem::at("municipality", What::NotFound).into());
            }
            if let Some(organisation) = &grant.organisation
                && self.store.get::<Organisation>(organisation).await?.is_none()
            {
                return Err(Problem::at("organisation", What::NotFound).into());
            }
        }
        Ok(())
    }

    pub(super) async fn write_account(
        &self,
        viewer: &Viewer,
        change: Change,
        account: &Account,
        kind: EventKind,
    ) -> Result<Account, Error> {
        let note = Note {
            kind,
            subject: account.id.clone().into(),
            municipalities: Vec::new(),
            public: false,
            // An address is personal data: it stays out of the journal.
            title: None,
        };
        match self.commit(viewer, change, note).await {
            Ok(_) => Ok(account.clone()),
            Err(Error::Store(store::Error::Taken { field })) => {
                Err(Problem::at(&field, What::Taken).into())
            }
            Err(Error::Store(store::Error::Stale)) => Err(Problem::at("id", What::Stale).into()),
            Err(error) => Err(error),
        }
    }

    /// Begins a session for who knows the address and the password of an account. `client` is
    /// where on the network the try comes from, if that is known.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] if the two do not go together.
    pub async fn sign_in(
        &self,
        email: &str,
        password: &str,
        client: Option<IpAddr>,
    ) -> Result<(Account, Secret), Error> {
        let address = Account::address(email);
        self.attempts.take(&address, client, self.clock.now()).map_err(Error::TooManyAttempts)?;
        let begun = self.begin_with_password(&address, password).await;
        match &begun {
            Ok(_) => self.attempts.right(&address, client),
            // It was a wrong one, and counts.
            Err(Error::Unauthenticated) => {}
            Err(_) => self.attempts.give_back(&address, client),
        }
        begun
    }

    async fn begin_with_password(
        &self,
        address: &str,
        password: &str,
    ) -> Result<(Account, Secret), Error> {
        let found = self.store.account_by_email(address).await?;
        let known = found.as_ref().and_then(|account| account.password.clone());
        let fits = self.passwords.fits(password.to_owned(), known).await?;
        let account = found.filter(|account| fits && !account.disabled);
        let account = account.ok_or(Error::Unauthenticated)?;
        match self.begin_session(&account).await {
            Ok(secret) => Ok((account, secret)),
            // The password was changed while it was looked at.
            Err(Error::Store(store::Error::Stale)) => Err(Error::Unauthenticated),
            Err(error) => Err(error),
        }
    }

    /// Begins a session of an account as it was when its holder showed who it is.
    ///
    /// # Errors
    /// [`store::Error::Stale`] if the account has another password by now, or nobody may sign in with
    /// it any more; or what the database says.
    pub(super) async fn begin_session(&self, account: &Account) -> Result<Secret, Error> {
        let secret = Secret::from_random(self.ids.secret());
        let session = Session::begin(secret.hash(), account.id.clone(), self.clock.now());
        self.store.keep_session(&session, account).await?;
        Ok(secret)
    }

    /// Ends a session.
    ///
    /// # Errors
    /// What the database says.
    pub async fn sign_out(&self, secret: &str) -> Result<(), Error> {
        match secret.parse::<Secret>() {
            Ok(secret) => {
                let session = secret.hash();
                self.store.end_session(&session).await?;
                self.sign_outs.tell(SignedOut::Session(session));
                Ok(())
            }
            Err(_) => Ok(()),
        }
    }

    /// Ends all sessions of an account.
    pub(super) async fn end_sessions(&self, account: &AccountId) -> Result<(), Error> {
        self.store.end_sessions(account).await?;
        self.sign_outs.tell(SignedOut::Account(account.clone()));
        Ok(())
    }

    async fn hashed(&self, password: String) -> Result<String, Error> {
        let [salt @ .., _, _, _, _] = self.ids.secret();
        self.passwords.hash(password, salt).await
    }
}

fn administers(viewer: &Viewer) -> Result<(), Error> {
    match viewer {
        Viewer::Anonymous => Err(Error::Unauthenticated),
        viewer if viewer.administers() => Ok(()),
        _ => Err(Error::Forbidden),
    }
}

#[cfg(test)]
mod tests;
