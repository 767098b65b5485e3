//! The HTTP client for requests to others.
//!
//! A name is resolved here, each of its addresses is looked at, and the connection goes to one of
//! those that were looked at: a name that points elsewhere a moment later does not help anybody.
//! Redirects are not followed by the client, so that whoever follows them comes by here each time.

use std::error::Error as _;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::LOCATION;
use reqwest::redirect::Policy;
use reqwest::{Method, Response};
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
}

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
        super::choose_cryptography();
        let allow_private = settings.allow_private;
        let http = reqwest::Client::builder()
            .user_agent(&settings.user_agent)
            .redirect(Policy::none())
            .connect_timeout(settings.connect)
            .timeout(settings.answer)
            // A proxy would resolve names by itself, behind our back.
            .no_proxy()
            .dns_resolver(Arc::new(PublicResolver { allow_private }))
            .build()?;
        Ok(Self { http, allow_private })
    }

    /// Asks for the beginning of what lies at an address.
    ///
    /// # Errors
    /// Why there is no answer.
    pub async fn ask(&self, method: Method, url: &Url) -> Result<Answer, Failure> {
        // Addresses that are written as numbers pass no resolver.
        let written = match url.host() {
            Some(Host::Ipv4(address)) => Some(IpAddr::from(address)),
            Some(Host::Ipv6(address)) => Some(IpAddr::from(address)),
            _ => None,
        };
        if written.is_some_and(|address| !self.allow_private && !is_public(address)) {
            return Err(Failure::Private);
        }
        let answer = self.http.request(method, url.clone()).send().await;
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
        Self { status: status.as_u16(), location: location.filter(|_| status.is_redirection()) }
    }
}

/// What a name came to.
#[derive(Debug, thiserror::Error)]
enum ResolveError {
    #[error("the address is not on the public network")]
    Private,
    #[error("there is no such host")]
    Unknown,
    #[error("names cannot be resolved at the moment: {0}")]
    Passing(std::io::Error),
}

/// Resolves names to addresses on the public network.
struct PublicResolver {
    allow_private: bool,
}

impl Resolve for PublicResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let allow_private = self.allow_private;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await;
            let found: Vec<SocketAddr> = found.map_err(of_system)?.collect();
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
fn of_system(error: std::io::Error) -> ResolveError {
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
            None => cause = error.source(),
        }
    }
    if error.is_timeout() { Failure::Timeout } else { Failure::Connection }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(allow_private: bool) -> Client {
        let second = Duration::from_secs(1);
        let user_agent = "Allmende".to_owned();
        let settings =
            ClientSettings { user_agent, allow_private, connect: second, answer: second };
        Client::new(&settings).expect("a client")
    }

    #[tokio::test]
    async fn private_addresses_are_refused_however_they_are_written() {
        let client = client(false);
        for url in [
            "http://127.0.0.1:9/",
            "http://2130706433:9/",
            "http://0x7f.1:9/",
            "http://[::1]:9/",
            "http://[::ffff:127.0.0.1]:9/",
            "http://localhost:9/",
            "http://169.254.169.254/latest/meta-data/",
        ] {
            let url = Url::parse(url).expect("an address");
            assert_eq!(client.ask(Method::HEAD, &url).await, Err(Failure::Private), "{url}");
        }
    }

    #[tokio::test]
    async fn a_closed_port_is_no_private_address_when_those_are_allowed() {
        let url = Url::parse("http://127.0.0.1:9/").expect("an address");
        assert_eq!(client(true).ask(Method::HEAD, &url).await, Err(Failure::Connection));
    }
}
