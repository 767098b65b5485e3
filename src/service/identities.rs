//! Signing in with an identity provider.
//!
//! The provider says who somebody is and, if it is asked to, which roles they have. An account is
//! known by issuer and subject and by nothing else: an address that somebody has there opens no
//! account that exists here.

use std::net::IpAddr;

use chrono::TimeDelta;

use super::{Error, Services};
use crate::domain::{
    Account, Actor, ClaimedRole, ErasedIdentity, EventKind, Grant, Label, Member, PendingSignIn,
    ReturnPath, RoleMap, Secret, SignInKeys, Viewer, What,
};
use crate::outbound::{Claimed, Provider, ProviderError};
use crate::store::{self, Change};

/// How often an account is read anew that somebody else has changed meanwhile.
const MOST_TRIES: usize = 4;

/// What a browser brings back from the provider.
#[derive(Debug, Default)]
pub struct Returned {
    /// The secret of its cookie.
    pub secret: Option<String>,
    /// The state that it was sent away with.
    pub state: String,
    /// The code that stands for who it is.
    pub code: Option<String>,
    /// The provider's code for why it is nobody.
    pub error: Option<String>,
    /// The provider, if it says which it is.
    pub issuer: Option<String>,
}

/// Why nobody was signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// The hub knows no identity provider.
    #[error("no identity provider is configured")]
    NotSetUp,
    /// Nobody began this sign-in in this browser, or it was finished, or it is too old.
    #[error("this sign-in was not begun here, or is over")]
    Unknown,
    /// Whoever was asked did not want to.
    #[error("the sign-in was given up")]
    GivenUp,
    /// What the provider said cannot be believed.
    #[error("the identity provider's answer cannot be believed")]
    Refused,
    /// The provider cannot be asked now.
    #[error("the identity provider is away")]
    Away,
    /// Who it is may not sign in here.
    #[error("nobody is let in who has no role, or not any more")]
    Forbidden,
    /// It was tried too often.
    #[error("it was tried too often")]
    TooManyAttempts(TimeDelta),
    /// The hub failed.
    #[error(transparent)]
    Failed(#[from] Error),
}

impl From<crate::store::Error> for SignInError {
    fn from(error: crate::store::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl From<ProviderError> for SignInError {
    fn from(error: ProviderError) -> Self {
        match error {
            ProviderError::Away(reason) => {
                tracing::warn!(%reason, "nobody was signed in: the identity provider is away");
                Self::Away
            }
            ProviderError::Refused(reason) => {
                tracing::warn!(%reason, "nobody was signed in");
                Self::Refused
            }
        }
    }
}

impl Services {
    /// Begins a sign-in: gives the secret that the browser keeps, and where it goes.
    ///
    /// # Errors
    /// No provider is configured, it is away, or somebody begins too often.
    pub async fn begin_elsewhere(
        &self,
        to: &ReturnPath,
        client: Option<IpAddr>,
    ) -> Result<(Secret, String), SignInError> {
        let provider = self.provider.as_ref().ok_or(SignInError::NotSetUp)?;
        let now = self.clock.now();
        self.attempts.begin_from(client, now).map_err(SignInError::TooManyAttempts)?;
        let secret = Secret::from_random(self.ids.secret());
        let address = Box::pin(provider.sign_in_url(&SignInKeys::of(&secret))).await?;
        self.store.keep_sign_in(&PendingSignIn::begin(&secret, to, now), now).await?;
        Ok((secret, address))
    }

    /// Finishes a sign-in: gives the secret of the session, and the path that the browser goes to.
    ///
    /// # Errors
    /// Why nobody is signed in. Nothing was written then, but that somebody has lost a role.
    pub async fn finish_elsewhere(
        &self,
        returned: Returned,
        client: Option<IpAddr>,
    ) -> Result<(Secret, String), SignInError> {
        let provider = self.provider.as_ref().ok_or(SignInError::NotSetUp)?;
        let taken = self.attempts.take_from(client, self.clock.now());
        taken.map_err(SignInError::TooManyAttempts)?;
        let finished = Box::pin(self.finish(provider, returned)).await;
        if matches!(finished, Ok(_) | Err(SignInError::Away | SignInError::Failed(_))) {
            self.attempts.give_back_from(client);
        }
        finished
    }

    async fn finish(
        &self,
        provider: &Provider,
        returned: Returned,
    ) -> Result<(Secret, String), SignInError> {
        let secret = returned.secret.and_then(|secret| secret.parse::<Secret>().ok());
        let secret = secret.ok_or(SignInError::Unknown)?;
        let keys = SignInKeys::of(&secret);
        if !keys.fits(&returned.state) {
            return Err(SignInError::Unknown);
        }
        let now = self.clock.now();
        let begun = self.store.take_sign_in(&secret.hash()).await?;
        let begun = begun.filter(|begun| begun.holds(now)).ok_or(SignInError::Unknown)?;
        if returned.issuer.is_some_and(|issuer| issuer != provider.issuer()) {
            return Err(ProviderError::Refused("another provider has answered".to_owned()).into());
        }
        let code = match (returned.code, returned.error.as_deref()) {
            (_, Some(error)) => return Err(of_provider(error)),
            (Some(code), None) => code,
            (None, None) => {
                return Err(ProviderError::Refused("there is no code".to_owned()).into());
            }
        };
        let claimed = provider.identify(&code, &keys, now).await?;
        let session = self.session_of(provider.roles(), &claimed).await?;
        Ok((session, begun.return_path))
    }

    /// Begins a session for who somebody is, with the roles that they have now.
    async fn session_of(
        &self,
        roles: Option<&RoleMap>,
        claimed: &Claimed,
    ) -> Result<Secret, SignInError> {
        let grants = roles.map(|roles| fitting(self.grants_of(&roles.roles(&claimed.claims))));
        let mut tries = 1;
        loop {
            match self.session_with(grants.clone(), claimed).await {
                Err(SignInError::Failed(error)) if tries < MOST_TRIES && was_faster(&error) => {
                    tries += 1;
                }
                other => return other,
            }
        }
    }

    async fn session_with(
        &self,
        grants: Option<Vec<Grant>>,
        claimed: &Claimed,
    ) -> Result<Secret, SignInError> {
        let erased = ErasedIdentity::of(&claimed.identity.text());
        if self.store.get::<ErasedIdentity>(&erased.id).await?.is_some() {
            return Err(SignInError::Forbidden);
        }
        let account = match self.store.account_by_identity(&claimed.identity).await? {
            Some(account) => self.updated(account, grants, claimed).await?,
            None => self.made(grants, claimed).await?,
        };
        Ok(self.begin_session(&account).await?)
    }

    async fn made(
        &self,
        grants: Option<Vec<Grant>>,
        claimed: &Claimed,
    ) -> Result<Account, SignInError> {
        if grants.as_ref().is_some_and(Vec::is_empty) {
            return Err(SignInError::Forbidden);
        }
        let now = self.clock.now();
        let mut account = Account {
            id: self.ids.fresh().into(),
            revision: 1,
            email: None,
            name: None,
            password: None,
            identity: Some(claimed.identity.text()),
            grants: grants.unwrap_or_default(),
            disabled: false,
            created_at: now,
            updated_at: now,
        };
        account.email = self.free_address(&account, claimed).await?;
        account.check().map_err(Error::from)?;
        let erased = ErasedIdentity::of(&claimed.identity.text());
        let write = Change::default().create(&account)?;
        // Whoever is erased while this goes on does not come back.
        let write = write.only_without::<ErasedIdentity>(&erased.id);
        Ok(self.write_own(write, &account, EventKind::AccountCreated).await?)
    }

    async fn updated(
        &self,
        before: Account,
        grants: Option<Vec<Grant>>,
        claimed: &Claimed,
    ) -> Result<Account, SignInError> {
        if before.disabled {
            return Err(SignInError::Forbidden);
        }
        let mut account = before.clone();
        if let Some(grants) = grants
            && !same(&grants, &account.grants)
        {
            account.grants = grants;
        }
        account.email = self.free_address(&account, claimed).await?;
        if account != before {
            account.revision += 1;
            account.updated_at = self.clock.now();
            account.check().map_err(Error::from)?;
            let write = Change::default().replace(&account)?;
            account = self.write_own(write, &account, EventKind::AccountUpdated).await?;
        }
        if self.provider.as_ref().is_some_and(|it| it.roles().is_some())
            && account.grants.is_empty()
        {
            self.end_sessions(&account.id).await?;
            return Err(SignInError::Forbidden);
        }
        Ok(account)
    }

    /// Writes an account as its own holder, who has just shown who it is.
    async fn write_own(
        &self,
        change: Change,
        account: &Account,
        kind: EventKind,
    ) -> Result<Account, Error> {
        let actor = Actor::Account(account.id.clone());
        let viewer = Viewer::Member(Member { actor, token: None, grants: account.grants.clone() });
        self.write_account(&viewer, change, account, kind).await
    }

    /// The address that an account is to have: the one that the provider vouches for, unless another
    /// account has it, or else the one that it has.
    async fn free_address(
        &self,
        account: &Account,
        claimed: &Claimed,
    ) -> Result<Option<String>, Error> {
        let Some(email) = claimed.email.as_deref().and_then(Account::sound_address) else {
            return Ok(account.email.clone());
        };
        let holder = self.store.account_by_email(&email).await?;
        let taken = holder.is_some_and(|holder| holder.id != account.id);
        Ok(if taken { account.email.clone() } else { Some(email) })
    }

    /// The roles that claims give, in one order. A place that the hub does not know gives nothing.
    fn grants_of(&self, roles: &[ClaimedRole]) -> Vec<Grant> {
        let tables = self.directory.tables();
        let mut grants = Vec::new();
        for ClaimedRole { role, place } in roles {
            let grant = match place {
                None => Some(Grant::everywhere(*role)),
                Some(name) => {
                    let found = tables.by_slug(name).or_else(|| tables.by_ars(name));
                    found.map(|found| Grant::of(*role, found.municipality.id.clone()))
                }
            };
            match grant {
                Some(grant) if !grants.contains(&grant) => grants.push(grant),
                Some(_) => {}
                None => {
                    tracing::warn!(
                        place = place.as_deref(),
                        "a role is claimed for a municipality that is not here"
                    );
                }
            }
        }
        grants.sort_by_key(|grant| (grant.role, grant.municipality.clone()));
        grants
    }
}

/// Whether two hold the same roles, in whatever order.
fn same(one: &[Grant], other: &[Grant]) -> bool {
    one.len() == other.len() && one.iter().all(|grant| other.contains(grant))
}

/// As many of some roles as one account holds: those that allow the most, and always the same ones.
fn fitting(mut grants: Vec<Grant>) -> Vec<Grant> {
    let surplus = grants.len().saturating_sub(Account::MOST_GRANTS);
    if surplus > 0 {
        grants.sort_by_key(|grant| (grant.role, grant.municipality.clone()));
        for left_out in grants.drain(..surplus) {
            tracing::warn!(
                role = left_out.role.name(),
                municipality = left_out.municipality.map(|place| place.to_string()),
                "more roles are claimed than one account holds: this one is left out"
            );
        }
    }
    grants
}

/// Whether somebody else has written first, so that reading again helps.
fn was_faster(error: &Error) -> bool {
    match error {
        Error::Problems(problems) => {
            problems.iter().any(|problem| matches!(problem.what, What::Taken | What::Stale))
        }
        Error::Store(store::Error::Stale) => true,
        _ => false,
    }
}

/// Why the provider says that it is nobody. Only codes of the standard reach the log.
fn of_provider(error: &str) -> SignInError {
    let known = [
        "invalid_request",
        "unauthorized_client",
        "unsupported_response_type",
        "invalid_scope",
        "interaction_required",
        "login_required",
        "account_selection_required",
        "consent_required",
    ];
    match error {
        "access_denied" => SignInError::GivenUp,
        "server_error" | "temporarily_unavailable" => ProviderError::Away(error.to_owned()).into(),
        other => {
            let code = known.iter().find(|known| **known == other).unwrap_or(&"an unknown error");
            ProviderError::Refused(format!("the provider says {code}")).into()
        }
    }
}

#[cfg(test)]
mod tests;
