//! Addresses of the hub itself, as browsers see them.

use url::Url;

use super::key::NodeId;

/// The longest path to return to, in bytes.
const LONGEST_PATH: usize = 2_000;
/// Where signing in happens: nobody returns there.
const SIGN_IN: &str = "/session";

/// Where people reach the hub, for what has to name it: redirects, mails, feeds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl(Url);

/// Why a text is no public address of a hub.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("write the address that browsers use, without a path, like https://allmende.example.org")]
pub struct PublicUrlError;

impl std::str::FromStr for PublicUrl {
    type Err = PublicUrlError;

    fn from_str(text: &str) -> Result<Self, PublicUrlError> {
        let url: Url = text.parse().map_err(|_| PublicUrlError)?;
        let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        let nobody = url.username().is_empty() && url.password().is_none();
        let web = matches!(url.scheme(), "http" | "https") && url.has_host();
        if web && bare && nobody { Ok(Self(url)) } else { Err(PublicUrlError) }
    }
}

impl PublicUrl {
    /// The whole address of a path, which begins with `/`.
    #[must_use]
    pub fn page(&self, path: &str) -> String {
        format!("{}{path}", self.0.as_str().trim_end_matches('/'))
    }

    /// An address that answers what something is, for whoever may read it.
    #[must_use]
    pub fn question_about(&self, id: &NodeId) -> String {
        let mut url = self.0.clone();
        url.set_path("/graphql");
        let question = format!("{{ node(id: \"{id}\") {{ __typename id }} }}");
        url.query_pairs_mut().append_pair("query", &question);
        url.into()
    }

    /// Whether it is reached with TLS.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.0.scheme() == "https"
    }
}

/// Whether an address may be spoken to: with TLS, or on this machine.
#[must_use]
pub fn is_private(url: &Url) -> bool {
    let here = match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    url.scheme() == "https" || (url.scheme() == "http" && here)
}

/// A path of the hub to which a browser returns after signing in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnPath(String);

/// The text is no path of this hub.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("return must be a path of this hub, like /solutions")]
pub struct ReturnPathError;

impl Default for ReturnPath {
    fn default() -> Self {
        Self("/".to_owned())
    }
}

impl std::str::FromStr for ReturnPath {
    type Err = ReturnPathError;

    /// Reads it as browsers read a `Location`: they take `\` for `/`, drop tabs, and go elsewhere
    /// with two slashes at the beginning.
    fn from_str(text: &str) -> Result<Self, ReturnPathError> {
        let here = Url::parse("http://hub.invalid").map_err(|_| ReturnPathError)?;
        let there = here.join(text).map_err(|_| ReturnPathError)?;
        let path = there.as_str().strip_prefix("http://hub.invalid").ok_or(ReturnPathError)?;
        let sound = text.starts_with('/')
            && there.origin() == here.origin()
            && path.starts_with('/')
            && !path.starts_with("//")
            && !there.path().starts_with(SIGN_IN)
            && path.len() <= LONGEST_PATH;
        if sound { Ok(Self(path.to_owned())) } else { Err(ReturnPathError) }
    }
}

impl ReturnPath {
    /// The path, in ASCII.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_address_is_a_bare_one() {
        let hub: PublicUrl = "https://allmende.example.org".parse().expect("bare");
        assert_eq!(hub.page("/session/oidc"), "https://allmende.example.org/session/oidc");
        assert!(hub.is_secure());
        for text in ["allmende.example.org", "ftp://x", "https://x/y", "https://x?y", "https://a@x"]
        {
            assert_eq!(text.parse::<PublicUrl>(), Err(PublicUrlError), "{text}");
        }
    }

    #[test]
    fn only_this_machine_is_spoken_to_without_tls() {
        let check = |text: &str| is_private(&text.parse().expect("an address"));
        assert!(check("https://idp.example.org") && check("http://127.0.0.1:9/x"));
        assert!(check("http://localhost") && check("http://[::1]:8080"));
        assert!(!check("http://idp.example.org") && !check("http://10.0.0.1") && !check("ftp://x"));
    }

    #[test]
    fn a_browser_returns_to_this_hub_only() {
        let check = |text: &str, expected: Option<&str>| {
            let read = text.parse::<ReturnPath>().ok();
            assert_eq!(read.as_ref().map(ReturnPath::as_str), expected, "{text:?}");
        };
        check("/", Some("/"));
        check("/solutions?q=Ärzte#top", Some("/solutions?q=%C3%84rzte#top"));
        check("/a/../b", Some("/b"));
        for elsewhere in [
            "",
            "solutions",
            "https://boese.example.org",
            "//boese.example.org",
            "/\\boese.example.org",
            "/\t/boese.example.org",
            "/.//boese.example.org",
            "/x/..//boese.example.org",
            "\\\\boese",
            "javascript:alert(1)",
            "/session/oidc",
            "@boese.example.org",
            " //boese.example.org",
        ] {
            check(elsewhere, None);
        }
        check(&format!("/{}", "x".repeat(LONGEST_PATH)), None);
    }
}
