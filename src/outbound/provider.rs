//! An identity provider that speaks OpenID Connect.
//!
//! What it says of itself (discovery and keys) is fetched when first needed, kept, and fetched anew
//! when it is old or when a token is signed with a key that nobody knows yet.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod, CoreIdToken,
    CoreJwsSigningAlgorithm as Algorithm, CoreProviderMetadata,
};
use openidconnect::http::header::{ACCEPT, AUTHORIZATION};
use openidconnect::http::{Request, StatusCode};
use openidconnect::{
    AuthType, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken,
    IssuerUrl, Nonce, OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl,
    RequestTokenError, Scope, SignatureVerificationError, TokenResponse,
};
use serde_json::{Map, Value};
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::claims::{Claimed, complete, of_token};
use super::web::{Web, WebError};
use crate::domain::{Identity, RoleMap, SignInKeys};

/// How long what a provider says of itself is taken for true.
const FRESH: Duration = Duration::from_secs(3_600);
/// How long nobody asks a provider again that gave no answer.
const REST: Duration = Duration::from_secs(1);
/// The shortest time between two looks for keys that nobody knew.
const LOOKS: Duration = Duration::from_secs(60);

/// With what a provider may sign: never with a secret that it shares, and never not at all.
const ALGORITHMS: [Algorithm; 9] = [
    Algorithm::RsaSsaPkcs1V15Sha256,
    Algorithm::RsaSsaPkcs1V15Sha384,
    Algorithm::RsaSsaPkcs1V15Sha512,
    Algorithm::RsaSsaPssSha256,
    Algorithm::RsaSsaPssSha384,
    Algorithm::RsaSsaPssSha512,
    Algorithm::EcdsaP256Sha256,
    Algorithm::EcdsaP384Sha384,
    Algorithm::EdDsa,
];

/// How the hub is known to a provider.
#[derive(Clone)]
pub struct ProviderSettings {
    /// The provider's address, as it writes it itself.
    pub issuer: String,
    /// The name that the hub has there.
    pub client_id: String,
    /// The hub's secret; none for a public client.
    pub client_secret: Option<String>,
    /// What is asked for beyond `openid`.
    pub scopes: Vec<String>,
    /// Where the provider sends browsers back to.
    pub redirect: String,
    /// What roles follow from its claims; without it, admins of the hub say who has which role.
    pub roles: Option<RoleMap>,
}

impl std::fmt::Debug for ProviderSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ProviderSettings")
            .field("issuer", &self.issuer)
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

/// Why a provider did not say who somebody is. The reasons are for the log.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    /// It cannot be asked now, or says of itself what cannot be.
    #[error("the identity provider is away: {0}")]
    Away(String),
    /// What it said of somebody cannot be believed, or it does not know the code.
    #[error("the identity provider's answer cannot be believed: {0}")]
    Refused(String),
}

/// An identity provider. Cheap to clone.
#[derive(Clone)]
pub struct Provider(Arc<Inner>);

struct Inner {
    settings: ProviderSettings,
    issuer: IssuerUrl,
    redirect: RedirectUrl,
    web: Web,
    known: Mutex<Known>,
}

/// What is known of the provider.
#[derive(Default)]
struct Known {
    metadata: Option<(Arc<CoreProviderMetadata>, Instant)>,
    /// When it last gave no answer, and why.
    failed: Option<(Instant, String)>,
    /// When somebody last looked for a key that nobody knew.
    looked: Option<Instant>,
}

impl Provider {
    /// A provider; it is not asked yet.
    ///
    /// # Errors
    /// An address is none, or the system has no certificates.
    pub fn new(settings: ProviderSettings) -> Result<Self, ProviderError> {
        let wrong = |error: url::ParseError| ProviderError::Away(error.to_string());
        let issuer = IssuerUrl::new(settings.issuer.clone()).map_err(wrong)?;
        let redirect = RedirectUrl::new(settings.redirect.clone()).map_err(wrong)?;
        let web = Web::new().map_err(|error| ProviderError::Away(chain(&error)))?;
        Ok(Self(Arc::new(Inner { settings, issuer, redirect, web, known: Mutex::default() })))
    }

    /// What roles follow from its claims.
    #[must_use]
    pub fn roles(&self) -> Option<&RoleMap> {
        self.0.settings.roles.as_ref()
    }

    /// Its address, as it writes it itself.
    #[must_use]
    pub fn issuer(&self) -> &str {
        self.0.issuer.as_str()
    }

    /// Where a browser signs in.
    ///
    /// # Errors
    /// The provider is away.
    pub async fn sign_in_url(&self, keys: &SignInKeys) -> Result<String, ProviderError> {
        let metadata = self.metadata().await?;
        let client = self.client(&metadata).set_redirect_uri(self.0.redirect.clone());
        let (state, nonce) = (CsrfToken::new(keys.state.clone()), Nonce::new(keys.nonce.clone()));
        let verifier = PkceCodeVerifier::new(keys.verifier.clone());
        let scopes = self.0.settings.scopes.iter().cloned().map(Scope::new);
        let request = client
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, || state, || nonce)
            .add_scopes(scopes)
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
        Ok(request.url().0.to_string())
    }

    /// Who somebody is that came back with a code.
    ///
    /// # Errors
    /// The provider is away, does not know the code, or says what cannot be believed.
    pub async fn identify(
        &self,
        code: &str,
        keys: &SignInKeys,
        now: DateTime<Utc>,
    ) -> Result<Claimed, ProviderError> {
        let metadata = self.metadata().await?;
        let client = self.client(&metadata).set_redirect_uri(self.0.redirect.clone());
        let exchange = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|error| ProviderError::Away(error.to_string()))?
            .set_pkce_verifier(PkceCodeVerifier::new(keys.verifier.clone()));
        let answer = exchange.request_async(&self.0.web).await.map_err(of_exchange)?;
        let refused = |reason: &str| ProviderError::Refused(reason.to_owned());
        let token = answer.id_token().ok_or_else(|| refused("there is no ID token"))?;
        let nonce = Nonce::new(keys.nonce.clone());
        let identity = match self.verified(&metadata, token, &nonce, now) {
            Err(error) if is_unknown_key(&error) => {
                let metadata = self.look_again().await?;
                self.verified(&metadata, token, &nonce, now)
            }
            other => other,
        };
        let identity = identity.map_err(|error| ProviderError::Refused(chain(&error)))?;
        if identity.text().len() > Identity::LONGEST {
            return Err(refused("its subject is longer than the standard allows"));
        }
        let mut claims =
            of_token(&token.to_string()).ok_or_else(|| refused("its claims are no JSON"))?;
        if self.lacks(&claims)
            && let Some(place) = metadata.userinfo_endpoint()
        {
            let further = self.user_info(place.as_str(), answer.access_token().secret()).await?;
            if further.get("sub").and_then(Value::as_str) != Some(&identity.subject) {
                return Err(refused("the user info is about somebody else"));
            }
            complete(&mut claims, further);
        }
        Ok(Claimed::new(identity, claims))
    }

    /// Whether the ID token leaves something open that the provider may say elsewhere.
    fn lacks(&self, claims: &Map<String, Value>) -> bool {
        let said = Value::Object(claims.clone());
        !claims.contains_key("email") || self.roles().is_some_and(|roles| !roles.is_in(&said))
    }

    fn verified(
        &self,
        metadata: &CoreProviderMetadata,
        token: &CoreIdToken,
        nonce: &Nonce,
        now: DateTime<Utc>,
    ) -> Result<Identity, ClaimsVerificationError> {
        let client = self.client(metadata);
        let verifier =
            client.id_token_verifier().set_allowed_algs(ALGORITHMS).set_time_fn(move || now);
        let claims = token.claims(&verifier, nonce)?;
        let subject = claims.subject().as_str().to_owned();
        Ok(Identity { issuer: self.issuer().to_owned(), subject })
    }

    async fn user_info(
        &self,
        place: &str,
        access: &str,
    ) -> Result<Map<String, Value>, ProviderError> {
        let away = |reason: String| ProviderError::Away(format!("user info: {reason}"));
        let request = Request::get(place)
            .header(ACCEPT, "application/json")
            .header(AUTHORIZATION, format!("Bearer {access}"))
            .body(Vec::new())
            .map_err(|error| away(error.to_string()))?;
        let answer = self.0.web.ask(request).await.map_err(|error| away(chain(&error)))?;
        if answer.status() != StatusCode::OK {
            return Err(away(format!("status {}", answer.status())));
        }
        serde_json::from_slice(answer.body()).map_err(|_| away("no object of JSON".to_owned()))
    }

    fn client(&self, metadata: &CoreProviderMetadata) -> Client {
        let Inner { settings, .. } = &*self.0;
        let secret = settings.client_secret.clone().map(ClientSecret::new);
        let id = ClientId::new(settings.client_id.clone());
        let client = CoreClient::from_provider_metadata(metadata.clone(), id, secret);
        let methods = metadata.token_endpoint_auth_methods_supported();
        let only_in_body = methods.is_some_and(|methods| {
            methods.contains(&CoreClientAuthMethod::ClientSecretPost)
                && !methods.contains(&CoreClientAuthMethod::ClientSecretBasic)
        });
        if only_in_body { client.set_auth_type(AuthType::RequestBody) } else { client }
    }

    /// What the provider says of itself.
    async fn metadata(&self) -> Result<Arc<CoreProviderMetadata>, ProviderError> {
        let mut known = self.0.known.lock().await;
        match &known.metadata {
            Some((metadata, since)) if since.elapsed() < FRESH => return Ok(Arc::clone(metadata)),
            Some((metadata, _)) => {
                let metadata = Arc::clone(metadata);
                // What was true an hour ago mostly still is.
                return Ok(self.fetch(&mut known).await.unwrap_or(metadata));
            }
            None => {}
        }
        self.fetch(&mut known).await
    }

    /// What the provider says of itself now, because a token is signed with a key that nobody knows.
    async fn look_again(&self) -> Result<Arc<CoreProviderMetadata>, ProviderError> {
        let mut known = self.0.known.lock().await;
        if known.looked.is_some_and(|looked| looked.elapsed() < LOOKS) {
            return Err(ProviderError::Refused("signed with an unknown key again".to_owned()));
        }
        known.looked = Some(Instant::now());
        self.fetch(&mut known).await
    }

    async fn fetch(&self, known: &mut Known) -> Result<Arc<CoreProviderMetadata>, ProviderError> {
        if let Some((at, reason)) = &known.failed
            && at.elapsed() < REST
        {
            return Err(ProviderError::Away(reason.clone()));
        }
        match CoreProviderMetadata::discover_async(self.0.issuer.clone(), &self.0.web).await {
            Ok(metadata) => {
                let metadata = Arc::new(metadata);
                known.metadata = Some((Arc::clone(&metadata), Instant::now()));
                known.failed = None;
                Ok(metadata)
            }
            Err(error) => {
                let reason = chain(&error);
                tracing::warn!(issuer = self.issuer(), %reason, "an identity provider is away");
                known.failed = Some((Instant::now(), reason.clone()));
                Err(ProviderError::Away(reason))
            }
        }
    }
}

/// A client as discovery makes it: where to sign in is known, where to get tokens may be.
type Client = CoreClient<
    openidconnect::EndpointSet,
    openidconnect::EndpointNotSet,
    openidconnect::EndpointNotSet,
    openidconnect::EndpointNotSet,
    openidconnect::EndpointMaybeSet,
    openidconnect::EndpointMaybeSet,
>;

fn is_unknown_key(error: &ClaimsVerificationError) -> bool {
    use SignatureVerificationError::NoMatchingKey;
    matches!(error, ClaimsVerificationError::SignatureVerification(NoMatchingKey))
}

/// What came of handing the code in. What the provider wrote besides its error code stays out of
/// the log: it may repeat the code.
fn of_exchange<E>(
    error: RequestTokenError<WebError, openidconnect::StandardErrorResponse<E>>,
) -> ProviderError
where
    E: openidconnect::ErrorResponseType + std::fmt::Display + 'static,
{
    match error {
        RequestTokenError::ServerResponse(said) => {
            ProviderError::Refused(format!("the code was refused: {}", said.error()))
        }
        RequestTokenError::Request(error) => ProviderError::Away(chain(&error)),
        RequestTokenError::Parse(error, _) => {
            ProviderError::Refused(format!("the token answer cannot be read at {}", error.path()))
        }
        RequestTokenError::Other(reason) => ProviderError::Away(reason),
    }
}

/// An error with all its reasons, each once.
fn chain(error: &dyn std::error::Error) -> String {
    let mut told = BTreeSet::new();
    let mut whole = Vec::new();
    let mut next = Some(error);
    while let Some(error) = next {
        let text = error.to_string();
        if told.insert(text.clone()) {
            whole.push(text);
        }
        next = error.source();
    }
    whole.join(": ")
}
