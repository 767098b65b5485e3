//! Access tokens: made once, shown once, kept as a hash.

use ulid::Ulid;

use super::{Error, Note, Services};
use crate::domain::{EventKind, Problem, Role, Secret, Token, TokenId, Viewer, What};
use crate::store::Change;

impl Services {
    /// Who holds this token.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] if nobody does.
    pub async fn authenticate(&self, secret: &str) -> Result<Viewer, Error> {
        let secret: Secret = secret.parse().map_err(|_| Error::Unauthenticated)?;
        let token = self.store.token_by_hash(&secret.hash()).await?;
        token.as_ref().map(Viewer::from).ok_or(Error::Unauthenticated)
    }

    /// Makes a token for a role, for one municipality.
    ///
    /// # Errors
    /// The municipality does not exist, or the viewer is not the operator.
    pub async fn create_token(
        &self,
        viewer: &Viewer,
        role: Role,
        municipality: &str,
    ) -> Result<Secret, Error> {
        self.issue(viewer, self.ids.fresh().into(), role, municipality).await
    }

    /// Makes the token of the example content. There is one at a time: the one before it, which
    /// nobody can look up any more, loses its force.
    ///
    /// # Errors
    /// The municipality does not exist, or the viewer is not the operator.
    pub async fn renew_demo_token(
        &self,
        viewer: &Viewer,
        municipality: &str,
    ) -> Result<Secret, Error> {
        self.issue(viewer, Ulid::nil().into(), Role::Editor, municipality).await
    }

    async fn issue(
        &self,
        viewer: &Viewer,
        id: TokenId,
        role: Role,
        municipality: &str,
    ) -> Result<Secret, Error> {
        if !viewer.is_operator() {
            return Err(Error::Forbidden);
        }
        let place = self.store.municipality_by_slug(municipality).await?;
        let place = place.ok_or_else(|| Problem::at("municipality", What::NotFound))?;
        let secret = Secret::from_random(self.ids.secret());
        let token = Token {
            id,
            revision: 1,
            hash: secret.hash(),
            role,
            municipality: Some(place.id.clone()),
            created_at: self.clock.now(),
        };
        let note = Note {
            kind: EventKind::TokenCreated,
            subject: token.id.clone().into(),
            municipalities: vec![place.id],
            public: false,
            title: None,
        };
        self.commit(viewer, Change::default().put(&token)?, note).await?;
        Ok(secret)
    }
}
