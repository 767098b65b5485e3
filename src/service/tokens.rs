//! Access tokens: made once, shown once, kept as a hash.

use chrono::{DateTime, Utc};
use ulid::Ulid;

use super::{Error, Note, Services};
use crate::domain::{
    Account, Actor, EventKind, Grant, Member, Problem, Role, Secret, Token, TokenId, Viewer, What,
};
use crate::store::{self, Change};

/// What an access token is to be.
#[derive(Debug, Clone)]
pub(crate) struct NewToken {
    /// What it is for.
    pub(crate) name: Option<String>,
    /// What its holder may do.
    pub(crate) grant: Grant,
    /// Until when.
    pub(crate) expires_at: Option<DateTime<Utc>>,
}

impl Services {
    /// Who holds this token.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] if nobody does, or not any more.
    pub async fn authenticate(&self, secret: &str) -> Result<Viewer, Error> {
        Ok(self.admit_token(secret).await?.viewer)
    }

    /// Makes a token of the operator for a role, for one municipality if the role needs one.
    ///
    /// # Errors
    /// The municipality does not exist or is missing, or the viewer is not the operator.
    pub async fn create_token(
        &self,
        viewer: &Viewer,
        role: Role,
        municipality: Option<&str>,
    ) -> Result<Secret, Error> {
        let grant = self.grant(role, municipality).await?;
        let new = NewToken { name: None, grant, expires_at: None };
        Ok(self.issue(viewer, self.ids.fresh().into(), new).await?.1)
    }

    /// Makes the token of the example content. There is one at a time: the one before it, which
    /// nobody can look up any more, loses its force. Whoever tries the hub out is alone: the
    /// municipality works without a second pair of eyes, until somebody decides otherwise.
    ///
    /// # Errors
    /// The municipality does not exist, or the viewer is not the operator.
    pub async fn renew_demo_token(
        &self,
        viewer: &Viewer,
        municipality: &str,
    ) -> Result<Secret, Error> {
        let grant = self.grant(Role::Editor, Some(municipality)).await?;
        let before = self.store.get::<Token>(&Ulid::nil().into()).await?;
        if let Some(place) = grant.municipality.as_ref().filter(|_| before.is_none()) {
            self.set_one_person(viewer, place, true).await?;
        }
        let new = NewToken { name: None, grant, expires_at: None };
        Ok(self.issue(viewer, Ulid::nil().into(), new).await?.1)
    }

    async fn grant(&self, role: Role, municipality: Option<&str>) -> Result<Grant, Error> {
        let Some(slug) = municipality else { return Ok(Grant::everywhere(role)) };
        let place = self.store.municipality_by_slug(slug).await?;
        let place = place.ok_or_else(|| Problem::at("municipality", What::NotFound))?;
        Ok(Grant::of(role, place.id))
    }

    /// Makes a token that stands for one of the roles which its maker holds, or for reading.
    pub(crate) async fn make_token(
        &self,
        viewer: &Viewer,
        new: NewToken,
    ) -> Result<(Token, Secret), Error> {
        self.issue(viewer, self.ids.fresh().into(), new).await
    }

    async fn issue(
        &self,
        viewer: &Viewer,
        id: TokenId,
        new: NewToken,
    ) -> Result<(Token, Secret), Error> {
        let account = match viewer {
            Viewer::Anonymous => return Err(Error::Unauthenticated),
            Viewer::Operator | Viewer::Hub => None,
            Viewer::Member(Member { actor: Actor::Account(account), token: None, .. }) => {
                Some(account.clone())
            }
            // A token that makes tokens would outlive its own end.
            Viewer::Member(_) => return Err(Error::Forbidden),
        };
        let held = viewer.grants().iter().any(|held| held.covers(&new.grant));
        if account.is_some() && !held {
            return Err(Error::Forbidden);
        }
        let mut change = Change::default();
        if let Some(account) = &account {
            // Nothing may be left of one that is erased meanwhile.
            change = change.only_with::<Account>(account);
        }
        let secret = Secret::from_random(self.ids.secret());
        let Grant { role, municipality, organisation } = new.grant;
        let token = Token {
            id,
            revision: 1,
            hash: secret.hash(),
            name: new.name,
            role,
            municipality,
            organisation,
            account,
            created_at: self.clock.now(),
            expires_at: new.expires_at,
            revoked_at: None,
        };
        token.check()?;
        self.grantable(&[token.grant()]).await?;
        let note = of_token(&token, EventKind::TokenCreated);
        match self.commit(viewer, change.put(&token)?, note).await {
            Ok(_) => Ok((token, secret)),
            Err(Error::Store(store::Error::Stale)) => Err(Error::Unauthenticated),
            Err(error) => Err(error),
        }
    }

    /// The tokens that the viewer may revoke: one's own, or all. A token of an account is handed to
    /// a machine: it knows of itself and of no other one.
    pub(crate) async fn tokens(&self, viewer: &Viewer) -> Result<Vec<Token>, Error> {
        match viewer {
            Viewer::Anonymous => Err(Error::Unauthenticated),
            Viewer::Member(Member { actor: Actor::Account(_), token: Some(token), .. }) => {
                Ok(self.store.get::<Token>(token).await?.into_iter().collect())
            }
            viewer if viewer.administers() => Ok(self.store.tokens_of(None).await?),
            Viewer::Member(Member { actor: Actor::Account(account), .. }) => {
                Ok(self.store.tokens_of(Some(account)).await?)
            }
            Viewer::Member(_) | Viewer::Operator | Viewer::Hub => Ok(Vec::new()),
        }
    }

    /// Takes a token its force.
    pub(crate) async fn revoke_token(&self, viewer: &Viewer, id: &TokenId) -> Result<Token, Error> {
        let mine = self.tokens(viewer).await?;
        let found = mine.into_iter().find(|token| token.id == *id);
        let mut token = found.ok_or_else(|| Problem::at("id", What::NotFound))?;
        if token.revoked_at.is_some() {
            return Ok(token);
        }
        token.revision += 1;
        token.revoked_at = Some(self.clock.now());
        let note = of_token(&token, EventKind::TokenRevoked);
        // What it watched goes with it, unless it worked for an account.
        let change = Change::default().replace(&token)?;
        let change = change.deletes_watches(&Actor::Token(token.id.clone()));
        self.commit(viewer, change, note).await?;
        Ok(token)
    }
}

fn of_token(token: &Token, kind: EventKind) -> Note {
    Note {
        kind,
        subject: token.id.clone().into(),
        municipalities: token.municipality.iter().cloned().collect(),
        public: false,
        title: None,
    }
}
