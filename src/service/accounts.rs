//! Accounts, their passwords and sessions.

use std::net::IpAddr;
use std::sync::LazyLock;

use argon2::Argon2;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use tokio::task::spawn_blocking;

use super::attempts::Tried;
use super::erasure::now_and_again;
use super::presence::SignedOut;
use super::{Error, Note, Services};
use crate::domain::{
    Account, AccountId, ErasedIdentity, EventKind, Grant, Municipality, MunicipalityId,
    Organisation, Problem, Secret, Session, Viewer, What, check_password,
};
use crate::store::{self, Change};

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

/// A hash of nothing that anybody knows: with it, an unknown address takes as long as a wrong
/// password, and nobody learns who has an account.
static DECOY: LazyLock<Option<String>> = LazyLock::new(|| hash("decoy", &[7; 16]).ok());

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

    /// Changes an account. Whoever loses a role or the password is signed out everywhere.
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
        let write = Change::default().replace(&account)?;
        let account =
            self.write_account(viewer, write, &account, EventKind::AccountUpdated).await?;
        if account.password != before.password || account.disabled {
            self.end_sessions(id).await?;
        }
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
        self.end_sessions(id).await?;
        let due = now_and_again(self.clock.now());
        let mut write = Change::default().delete::<Account>(id).erases(&due);
        if let Some(identity) = &account.identity {
            // Otherwise the next sign-in elsewhere would make it anew.
            write = write.put(&ErasedIdentity::of(identity))?;
        }
        self.write_account(viewer, write, &account, EventKind::AccountErased).await?;
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
        let now = self.clock.now();
        let tried = [Some(Tried::Address(&address)), client.map(Tried::Client)];
        let tried = tried.into_iter().flatten();
        if let Some(wait) = tried.clone().find_map(|tried| self.attempts.wait(tried, now)) {
            return Err(Error::TooManyAttempts(wait));
        }
        let found = self.store.account_by_email(&address).await?;
        let known = found.as_ref().and_then(|account| account.password.clone());
        let hash = known.or_else(|| DECOY.clone()).ok_or(Error::Unauthenticated)?;
        let password = password.to_owned();
        let fits = off_thread(move || {
            let parsed = PasswordHash::new(&hash);
            parsed.is_ok_and(|hash| {
                Argon2::default().verify_password(password.as_bytes(), &hash).is_ok()
            })
        })
        .await?;
        let account =
            found.filter(|account| fits && account.password.is_some() && !account.disabled);
        let Some(account) = account else {
            tried.for_each(|tried| self.attempts.note(tried, now));
            return Err(Error::Unauthenticated);
        };
        self.attempts.right(&address);
        let secret = self.begin_session(&account).await?;
        Ok((account, secret))
    }

    /// Begins a session of an account.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) async fn begin_session(&self, account: &Account) -> Result<Secret, Error> {
        let secret = Secret::from_random(self.ids.secret());
        let session = Session::begin(secret.hash(), account.id.clone(), self.clock.now());
        self.store.keep_session(&session).await?;
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
        let random = self.ids.secret();
        off_thread(move || hash(&password, random.get(..16).unwrap_or_default()))
            .await?
            .map_err(|error| Error::Hash(error.to_string()))
    }
}

/// Argon2id with the parameters that its crate recommends (19 MiB, two passes: OWASP's first choice).
fn hash(password: &str, salt: &[u8]) -> Result<String, argon2::password_hash::Error> {
    let salt = SaltString::encode_b64(salt)?;
    Ok(Argon2::default().hash_password(password.as_bytes(), &salt)?.to_string())
}

/// Hashing takes tens of milliseconds.
async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Error> {
    spawn_blocking(work).await.map_err(|error| Error::Hash(error.to_string()))
}

fn administers(viewer: &Viewer) -> Result<(), Error> {
    match viewer {
        Viewer::Anonymous => Err(Error::Unauthenticated),
        viewer if viewer.administers() => Ok(()),
        _ => Err(Error::Forbidden),
    }
}
