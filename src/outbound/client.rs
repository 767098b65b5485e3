//! The HTTP client for requests to others.
//!
//! A name is resolved here, each of its addresses is looked at, and the connection goes to one of
//! those that were looked at: a name that points elsewhere a moment later does not help anybody.
//! Redirects are not followed by the client, so that whoever follows them comes by here each time.

use std::error::Error as _;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{LOCATION, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Method, RequestBuilder, Response};
use url::{Host, Url};

use super::address::is_public;

/// How requests to others are made.
#[derive(Debug, Clone)]
pub struct ClientSettings {
    /// How the hub calls itself.
    pub user_agent: String,
    /// Whether addresses are taken that are not on the public network.
    pub allow_private: bool,
    /// How long a connection may take to come about.
    pub connect: Duration,
    /// How long an answer may take to begin.
    pub answer: Duration,
}

/// Why there is no client.
#[derive(Debug, thiserror::Error)]
#[error("no requests to others can be made: {0}")]
pub struct ClientError(#[from] reqwest::Error);

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// The address is not on the public network.
    Private,
    /// There is no host of this name.
    UnknownHost,
    /// It took too long.
    Timeout,
    /// Who answers is not who was asked, or speaks no TLS.
    Tls,
    /// The connection did not come about, or broke.
    Connection,
}

/// The beginning of an answer. The body is not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// Where it leads on to, resolved; absent if it does not, or nowhere that could be asked.
    pub location: Option<Url>,
    /// When it wants to be asked again, as it says it.
    pub retry_after: Option<String>,
}

/// Looks up the addresses of a name.
type LookUp = Arc<dyn Fn(String) -> BoxFuture<'static, io::Result<Vec<SocketAddr>>> + Send + Sync>;

/// A client for requests to others. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    allow_private: bool,
}

impl Client {
    /// A client with these settings.
    ///
    /// # Errors
    /// The certificates of the system cannot be read.
    pub fn new(settings: &ClientSettings) -> Result<Self, ClientError> {
        let system = |name: String| -> BoxFuture<'static, io::Result<Vec<SocketAddr>>> {
            Box::pin(async move { Ok(tokio::net::lookup_host((name, 0)).await?.collect()) })
        };
        Self::resolving(settings, Arc::new(system))
    }

    fn resolving(settings: &ClientSettings, look_up: LookUp) -> Result<Self, ClientError> {
        super::choose_cryptography();
        let allow_private = settings.allow_private;
        let http = reqwest::Client::builder()
            .user_agent(&settings.user_agent)
            .redirect(Policy::none())
            .connect_timeout(settings.connect)
            .timeout(settings.answer)
            // A proxy would resolve names by itself, behind our back.
            .no_proxy()
            .dns_resolver(Arc::new(PublicResolver { allow_private, look_up }))
            .build()?;
        Ok(Self { http, allow_private })
    }

    /// Asks for the beginning of what lies at an address.
    ///
    /// # Errors
    /// Why there is no answer.
    pub async fn ask(&self, method: Method, url: &Url) -> Result<Answer, Failure> {
        self.send(self.http.request(method, url.clone()), url).await
    }

    /// Hands a text over, and gives the beginning of the answer.
    ///
    /// # Errors
    /// Why there is no answer.
    pub async fn post(
        &self,
        url: &Url,
        headers: &[(&'static str, String)],
        body: String,
    ) -> Result<Answer, Failure> {
        let request = self.http.post(url.clone()).body(body);
        let request = headers.iter().fold(request, |it, (name, value)| it.header(*name, value));
        self.send(request, url).await
    }

    /// Whether an address is refused as it is written, wherever names lead to.
    #[must_use]
    pub fn refuses(&self, url: &Url) -> bool {
        let private = match url.host() {
            Some(Host::Ipv4(address)) => !is_public(IpAddr::from(address)),
            Some(Host::Ipv6(address)) => !is_public(IpAddr::from(address)),
            Some(Host::Domain(name)) => is_local(name),
            None => false,
        };
        private && !self.allow_private
    }

    async fn send(&self, request: RequestBuilder, url: &Url) -> Result<Answer, Failure> {
        // Addresses that are written as numbers pass no resolver.
        if self.refuses(url) {
            return Err(Failure::Private);
        }
        let answer = request.send().await;
        // With the response goes the connection: nobody sends the rest of a body that is not read.
        answer.map(|response| Answer::of(&response, url)).map_err(|error| failure(&error))
    }
}

impl Answer {
    fn of(response: &Response, url: &Url) -> Self {
        let location = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
        let location = location.and_then(|location| url.join(location).ok());
        let location = location.filter(|url| matches!(url.scheme(), "http" | "https"));
        let status = response.status();
        let retry_after = response.headers().get(RETRY_AFTER).and_then(|it| it.to_str().ok());
        Self {
            status: status.as_u16(),
            location: location.filter(|_| status.is_redirection()),
            retry_after: retry_after.map(str::to_owned),
        }
    }
}

/// Whether a name is this machine's own, by what names mean: it need not be looked up.
fn is_local(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    name.eq_ignore_ascii_case("localhost") || name.to_ascii_lowercase().ends_with(".localhost")
}

/// What a name came to.
#[derive(Debug, thiserror::Error)]
enum ResolveError {
    #[error("the address is not on the public network")]
    Private,
    #[error("there is no such host")]
    Unknown,
    #[error("names cannot be resolved at the moment: {0}")]
    Passing(io::Error),
}

/// Resolves names to addresses on the public network.
struct PublicResolver {
    allow_private: bool,
    look_up: LookUp,
}

impl Resolve for PublicResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let allow_private = self.allow_private;
        let found = (self.look_up)(name.as_str().to_owned());
        Box::pin(async move {
            let found = found.await.map_err(of_system)?;
            // One private address is enough: which one is taken is not ours to say.
            if !allow_private && found.iter().any(|it| !is_public(it.ip())) {
                return Err(ResolveError::Private.into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// What the system says about a name. It has no code for it, only words: those of glibc and musl for
/// a resolver that is away.
fn of_system(error: io::Error) -> ResolveError {
    let words = error.to_string().to_lowercase();
    let passing = ["temporary failure", "try again", "system error"];
    if passing.iter().any(|it| words.contains(it)) {
        ResolveError::Passing(error)
    } else {
        ResolveError::Unknown
    }
}

/// What a failed request comes to.
fn failure(error: &reqwest::Error) -> Failure {
    let mut cause = error.source();
    while let Some(error) = cause {
        match error.downcast_ref::<ResolveError>() {
            Some(ResolveError::Private) => return Failure::Private,
            Some(ResolveError::Unknown) => return Failure::UnknownHost,
            Some(ResolveError::Passing(_)) => return Failure::Connection,
            None if is_tls(error) => return Failure::Tls,
            None => cause = error.source(),
        }
    }
    if error.is_timeout() { Failure::Timeout } else { Failure::Connection }
}

/// Whether it is an error of TLS. Errors of the system wrap others up and do not name them as their
/// source.
fn is_tls(error: &(dyn std::error::Error + 'static)) -> bool {
    let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    error.is::<rustls::Error>() || inner.is_some_and(|inner| is_tls(inner))
}

#[cfg(test)]
mod tests;
