//! Who is let in, by what, and for how long: a stream ends with what its client was let in by.

use std::pin::pin;
use std::time::Duration;

use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::sleep;

use super::{Error, Services};
use crate::domain::{
    Account, AccountId, Admitted, Credential, Meaning, Secret, Session, Shown, Token, TokenHash,
    Viewer,
};

/// How many sign-outs may wait for who listens; who misses one looks it up.
const WAITING: usize = 256;
/// How often a session is looked up that another node may have ended.
const LOOK: Duration = Duration::from_secs(60);
/// The longest sleep: what ends later is looked up in between.
const LONGEST_SLEEP: Duration = Duration::from_secs(3_600);
/// The pause after a look-up that failed.
const RECOVERY: Duration = Duration::from_secs(5);

/// A sign-out. Sessions are nobody's history, so the journal does not tell of them.
#[derive(Debug, Clone)]
pub(super) enum SignedOut {
    /// One session.
    Session(TokenHash),
    /// All sessions of an account.
    Account(AccountId),
}

impl SignedOut {
    fn concerns(&self, credential: &Credential) -> bool {
        match (self, &credential.shown) {
            (Self::Session(ended), Shown::Session(session)) => ended == session,
            (Self::Account(account), Shown::Session(_)) => {
                credential.account.as_ref() == Some(account)
            }
            (_, Shown::Token(..)) => false,
        }
    }
}

/// Tells who listens of the sign-outs of this node. Cheap to clone.
#[derive(Clone)]
pub struct SignOuts(broadcast::Sender<SignedOut>);

impl Default for SignOuts {
    fn default() -> Self {
        Self(broadcast::Sender::new(WAITING))
    }
}

impl SignOuts {
    pub(super) fn tell(&self, signed_out: SignedOut) {
        // Often nobody listens.
        let _heard_by = self.0.send(signed_out).unwrap_or_default();
    }
}

impl Services {
    /// Who holds this token, and what it is.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] if nobody does, or not any more.
    pub async fn admit_token(&self, secret: &str) -> Result<Admitted, Error> {
        let secret: Secret = secret.parse().map_err(|_| Error::Unauthenticated)?;
        let found = self.store.token_by_hash(&secret.hash()).await?;
        let token = found.ok_or(Error::Unauthenticated)?;
        let viewer = self.holder(&token).await?.ok_or(Error::Unauthenticated)?;
        let credential = Credential {
            shown: Shown::Token(token.id, token.hash),
            account: token.account,
            expires_at: token.expires_at,
        };
        Ok(Admitted { viewer, credential: Some(credential) })
    }

    /// Who is signed in with this session, and what it is; nobody if it is over.
    ///
    /// # Errors
    /// What the database says.
    pub async fn admit_session(&self, secret: &str) -> Result<Option<Admitted>, Error> {
        let Ok(secret) = secret.parse::<Secret>() else { return Ok(None) };
        let found = self.store.get::<Session>(&secret.hash()).await?;
        let Some(session) = found else { return Ok(None) };
        let Some(viewer) = self.signed_in(&session).await? else { return Ok(None) };
        let credential = Credential {
            shown: Shown::Session(session.id),
            account: Some(session.account),
            expires_at: Some(session.expires_at),
        };
        Ok(Some(Admitted { viewer, credential: Some(credential) }))
    }

    /// Waits until what somebody was let in by has lost its force, or stands for less than it did.
    /// For somebody who has shown nothing, that is never.
    pub async fn until_over(&self, admitted: &Admitted) {
        let Some(credential) = &admitted.credential else { return std::future::pending().await };
        let mut signed_out = self.sign_outs.0.subscribe();
        let mut after = self.feed.newest();
        loop {
            // Something may have happened before this began to listen.
            let patience = match self.still_admits(admitted, credential).await {
                Ok(true) => self.patience(credential),
                Ok(false) => return,
                Err(error) => {
                    tracing::error!(%error, "whether a stream may go on could not be looked up");
                    RECOVERY
                }
            };
            let told = pin!(self.until_told(credential, &mut after));
            tokio::select! {
                meaning = told => if meaning == Meaning::Over {
                    return;
                },
                () = until_signed_out(&mut signed_out, credential) => {}
                () = sleep(patience) => {}
            }
        }
    }

    /// Until when nothing has to be looked up.
    fn patience(&self, credential: &Credential) -> Duration {
        let longest = match credential.shown {
            Shown::Session(_) => LOOK,
            Shown::Token(..) => LONGEST_SLEEP,
        };
        let left = credential.expires_at.map(|end| (end - self.clock.now()).to_std());
        left.map_or(longest, |left| left.unwrap_or_default().min(longest))
    }

    /// Waits until the journal tells something of a credential.
    async fn until_told(&self, credential: &Credential, after: &mut u64) -> Meaning {
        loop {
            match self.feed.next(*after).await {
                Ok(events) => {
                    for event in events {
                        *after = event.seq;
                        match credential.meaning_of(&event) {
                            Meaning::None => {}
                            meaning => return meaning,
                        }
                    }
                }
                Err(error) => {
                    tracing::error!(%error, "the journal cannot be read");
                    sleep(RECOVERY).await;
                }
            }
        }
    }

    async fn still_admits(
        &self,
        admitted: &Admitted,
        credential: &Credential,
    ) -> Result<bool, Error> {
        let viewer = match &credential.shown {
            Shown::Token(id, hash) => {
                let found = self.store.get::<Token>(id).await?;
                match found.filter(|token| token.hash == *hash) {
                    Some(token) => self.holder(&token).await?,
                    None => None,
                }
            }
            Shown::Session(id) => match self.store.get::<Session>(id).await? {
                Some(session) => self.signed_in(&session).await?,
                None => None,
            },
        };
        Ok(viewer.is_some_and(|now| admitted.is_within(&now)))
    }

    /// Who holds a token, if it is in force.
    pub(super) async fn holder(&self, token: &Token) -> Result<Option<Viewer>, Error> {
        if !token.holds(self.clock.now()) {
            return Ok(None);
        }
        let Some(account) = &token.account else { return Ok(Some(token.viewer(None))) };
        let found = self.store.get::<Account>(account).await?;
        let account = found.filter(|account| !account.disabled);
        Ok(account.map(|account| token.viewer(Some(&account.grants))))
    }

    /// Whose session it is, if it goes on.
    async fn signed_in(&self, session: &Session) -> Result<Option<Viewer>, Error> {
        if !session.holds(self.clock.now()) {
            return Ok(None);
        }
        let found = self.store.get::<Account>(&session.account).await?;
        Ok(found.filter(|account| !account.disabled).map(|account| account.viewer()))
    }
}

/// Waits for a sign-out that concerns a credential, or that may have been missed.
async fn until_signed_out(
    signed_out: &mut broadcast::Receiver<SignedOut>,
    credential: &Credential,
) {
    loop {
        match signed_out.recv().await {
            Ok(told) if told.concerns(credential) => return,
            Ok(_) => {}
            Err(RecvError::Lagged(_)) => return,
            // The sender lives in the services: it is never gone before them.
            Err(RecvError::Closed) => return std::future::pending().await,
        }
    }
}
