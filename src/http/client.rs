//! Where a request comes from: who sent it over the network, and whether TLS was spoken on the way.
//!
//! A proxy tells both in headers, and so can everybody else. They count only from proxies that the
//! operator trusts.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::request::Parts;

use super::Gateway;

const FORWARDED_FOR: &str = "x-forwarded-for";
const FORWARDED_PROTO: &str = "x-forwarded-proto";

/// A network: all addresses with the same first bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Network {
    bits: u128,
    length: u32,
    /// Whether it is one of IPv4, whose bits stand in front.
    short: bool,
}

/// The proxies whose word on where a request comes from counts. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedProxies(Arc<[Network]>);

/// The text names no addresses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is neither an address like 10.0.0.7 nor a network like 10.0.0.0/8 or fd00::/8")]
pub struct NetworkError(String);

/// An address as bits, from the left.
fn bits(address: IpAddr) -> (u128, bool) {
    match address.to_canonical() {
        IpAddr::V4(address) => (u128::from(address.to_bits()) << 96, true),
        IpAddr::V6(address) => (address.to_bits(), false),
    }
}

/// Leaves the first bits.
fn masked(bits: u128, length: u32) -> u128 {
    u128::MAX.checked_shl(128 - length).map_or(0, |mask| bits & mask)
}

impl FromStr for Network {
    type Err = NetworkError;

    fn from_str(text: &str) -> Result<Self, NetworkError> {
        let wrong = || NetworkError(text.to_owned());
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(length)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let (bits, short) = bits(address);
        let longest = if short { 32 } else { 128 };
        let length = length.map_or(Ok(longest), str::parse).map_err(|_| wrong())?;
        if length > longest || address.is_ipv4() != short {
            return Err(wrong());
        }
        Ok(Self { bits: masked(bits, length), length, short })
    }
}

impl Network {
    fn holds(self, address: IpAddr) -> bool {
        let (bits, short) = bits(address);
        short == self.short && masked(bits, self.length) == self.bits
    }
}

impl Default for TrustedProxies {
    /// A proxy on the same machine.
    fn default() -> Self {
        let here = |address: IpAddr, length| {
            let (bits, short) = bits(address);
            Network { bits: masked(bits, length), length, short }
        };
        Self(Arc::new([
            here(IpAddr::V4(Ipv4Addr::LOCALHOST), 8),
            here(IpAddr::V6(Ipv6Addr::LOCALHOST), 128),
        ]))
    }
}

impl TrustedProxies {
    /// Proxies with these addresses, and in these networks.
    ///
    /// # Errors
    /// The text that names none.
    pub fn new<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Self, NetworkError> {
        let networks: Vec<Network> =
            texts.into_iter().map(|text| text.trim().parse()).collect::<Result<_, _>>()?;
        Ok(Self(networks.into()))
    }

    fn trust(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.holds(address))
    }

    /// The address of a client that can be told from others: behind a proxy that does not say for whom
    /// it asks may be anybody.
    pub(super) fn told_apart(&self, client: Client) -> Option<IpAddr> {
        client.address.filter(|address| !self.trust(*address))
    }

    /// Where a request comes from that reached the hub from `peer`.
    fn client(&self, peer: Option<IpAddr>, headers: &HeaderMap) -> Client {
        let Some(peer) = peer else { return Client::default() };
        let peer = peer.to_canonical();
        if !self.trust(peer) {
            return Client { address: Some(peer), tls: false };
        }
        // Each proxy adds at the end whom it was asked by; what stands before the first one that is
        // not trusted, anybody may have written.
        let mut address = peer;
        for named in listed(headers, FORWARDED_FOR).rev() {
            let Some(named) = address_of(named) else { break };
            address = named;
            if !self.trust(address) {
                break;
            }
        }
        let tls = listed(headers, FORWARDED_PROTO).next_back();
        let tls = tls.is_some_and(|said| said.eq_ignore_ascii_case("https"));
        Client { address: Some(address), tls }
    }
}

/// The items of a header that may come in several lines.
fn listed<'a>(
    headers: &'a HeaderMap,
    name: &'static str,
) -> impl DoubleEndedIterator<Item = &'a str> {
    let lines = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    lines.flat_map(|line| line.split(',')).map(str::trim)
}

/// An address, with or without a port.
fn address_of(text: &str) -> Option<IpAddr> {
    let bare = text.trim_start_matches('[').trim_end_matches(']').parse().ok();
    let address: Option<IpAddr> =
        bare.or_else(|| text.parse().ok().map(|socket: SocketAddr| socket.ip()));
    address.map(|address| address.to_canonical())
}

/// Where a request comes from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Client {
    /// Whose it is; unknown without a network.
    pub(super) address: Option<IpAddr>,
    /// Whether TLS was spoken on the way.
    pub(super) tls: bool,
}

impl FromRequestParts<Gateway> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, gateway: &Gateway) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
        Ok(gateway.proxies.client(peer, &parts.headers))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(trusted: &[&str], peer: &str, headers: &[(&'static str, &str)]) -> (String, bool) {
        let trusted = TrustedProxies::new(trusted.iter().copied()).expect("networks");
        let mut given = HeaderMap::new();
        for (name, value) in headers {
            given.append(*name, value.parse().expect("a header"));
        }
        let client = trusted.client(Some(peer.parse().expect("an address")), &given);
        (client.address.expect("known").to_string(), client.tls)
    }

    #[test]
    fn headers_count_from_trusted_proxies_only() {
        let said = [(FORWARDED_FOR, "198.51.100.7"), (FORWARDED_PROTO, "https")];
        let check = |trusted: &[&str], peer: &str, expected: (&str, bool)| {
            let (address, tls) = client(trusted, peer, &said);
            assert_eq!((address.as_str(), tls), expected, "{trusted:?} {peer}");
        };
        check(&["10.0.0.0/8"], "10.1.2.3", ("198.51.100.7", true));
        check(&["10.0.0.0/8"], "::ffff:10.1.2.3", ("198.51.100.7", true));
        check(&["10.0.0.0/8"], "11.0.0.1", ("11.0.0.1", false));
        check(&["fd00::/8", "192.0.2.1"], "fd12::1", ("198.51.100.7", true));
        check(&["192.0.2.1"], "192.0.2.2", ("192.0.2.2", false));
        check(&[], "127.0.0.1", ("127.0.0.1", false));
    }

    #[test]
    fn the_last_one_who_is_not_trusted_is_the_client() {
        let check = |said: &str, expected: &str| {
            let (address, _) = client(&["10.0.0.0/8"], "10.0.0.1", &[(FORWARDED_FOR, said)]);
            assert_eq!(address, expected, "{said}");
        };
        check("203.0.113.9, 198.51.100.7, 10.0.0.2", "198.51.100.7");
        check("198.51.100.7:4711", "198.51.100.7");
        check("[2001:db8::1]:4711", "2001:db8::1");
        check("[2001:db8::1]", "2001:db8::1");
        check("10.0.0.3, 10.0.0.2", "10.0.0.3");
        check("198.51.100.7, unknown", "10.0.0.1");
        check("", "10.0.0.1");
    }

    #[test]
    fn who_comes_through_a_silent_proxy_is_not_told_apart() {
        let told_apart = |peer: &str, headers: &HeaderMap| {
            let usual = TrustedProxies::default();
            usual.told_apart(usual.client(peer.parse().ok(), headers)).map(|it| it.to_string())
        };
        let mut named = HeaderMap::new();
        named.insert(FORWARDED_FOR, "198.51.100.7".parse().expect("a header"));
        assert_eq!(told_apart("127.0.0.1", &HeaderMap::new()), None);
        assert_eq!(told_apart("127.0.0.1", &named).as_deref(), Some("198.51.100.7"));
        assert_eq!(told_apart("192.0.2.1", &named).as_deref(), Some("192.0.2.1"));
    }

    #[test]
    fn several_lines_are_one_list() {
        let lines = [(FORWARDED_FOR, "203.0.113.9"), (FORWARDED_FOR, "198.51.100.7")];
        assert_eq!(client(&["10.0.0.1"], "10.0.0.1", &lines).0, "198.51.100.7");
        let protocols = [(FORWARDED_PROTO, "https"), (FORWARDED_PROTO, "http")];
        assert!(!client(&["10.0.0.1"], "10.0.0.1", &protocols).1);
    }

    #[test]
    fn this_machine_is_trusted_unless_something_else_is_said() {
        let usual = TrustedProxies::default();
        let trust = |text: &str| usual.trust(text.parse().expect("an address"));
        assert!(trust("127.0.0.1") && trust("127.9.9.9") && trust("::1"));
        assert!(!trust("128.0.0.1") && !trust("::2"));
    }

    #[test]
    fn wrong_networks_are_refused() {
        for text in ["", "proxy", "10.0.0.0/33", "::/129", "10.0.0.0/x", "10.0.0.0/-1"] {
            assert!(TrustedProxies::new([text]).is_err(), "{text}");
        }
        let everybody = TrustedProxies::new(["0.0.0.0/0"]).expect("a network");
        assert!(everybody.trust(IpAddr::V4(Ipv4Addr::BROADCAST)));
        assert!(!everybody.trust(IpAddr::V6(Ipv6Addr::LOCALHOST)));
    }
}
