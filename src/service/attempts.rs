//! How often somebody may try to sign in.

use std::net::IpAddr;

use chrono::{DateTime, TimeDelta, Utc};

use super::limiter::Limiter;

/// The tries count within this time.
const WITHIN: TimeDelta = TimeDelta::minutes(15);
/// So many wrong passwords of one address.
const MOST_OF_ADDRESS: u32 = 5;
/// So many wrong tries from one place on the network, behind which a whole town hall may sit.
const MOST_FROM_CLIENT: u32 = 50;
/// So many sign-ins elsewhere that are begun from one place on the network.
const MOST_BEGINNINGS: u32 = 200;
/// Longer addresses belong to nobody: no more is remembered of them.
const LONGEST_ADDRESS: usize = 200;

/// Tries of late: each is taken before anything is looked at, and given back if it was none. Each
/// kind counts for itself, so that no address can be taken for a place on the network. Cheap to
/// clone.
#[derive(Clone)]
pub struct Attempts {
    addresses: Limiter,
    clients: Limiter,
    beginnings: Limiter,
}

impl Default for Attempts {
    fn default() -> Self {
        Self {
            addresses: Limiter::new(MOST_OF_ADDRESS, WITHIN),
            clients: Limiter::new(MOST_FROM_CLIENT, WITHIN),
            beginnings: Limiter::new(MOST_BEGINNINGS, WITHIN),
        }
    }
}

impl Attempts {
    /// Takes a try of the password of an address; how long to wait if none is left.
    pub(super) fn take(
        &self,
        address: &str,
        client: Option<IpAddr>,
        now: DateTime<Utc>,
    ) -> Result<(), TimeDelta> {
        let address = shortened(address);
        self.addresses.take(address, now)?;
        self.take_from(client, now).inspect_err(|_| self.addresses.give_back(address))
    }

    /// Gives a try back that failed for no fault of who tried.
    pub(super) fn give_back(&self, address: &str, client: Option<IpAddr>) {
        self.addresses.give_back(shortened(address));
        self.give_back_from(client);
    }

    /// Forgets the tries of an address whose password somebody knew.
    pub(super) fn right(&self, address: &str, client: Option<IpAddr>) {
        self.addresses.forget(shortened(address));
        self.give_back_from(client);
    }

    /// Takes a try to finish a sign-in elsewhere; how long to wait if none is left.
    pub(super) fn take_from(
        &self,
        client: Option<IpAddr>,
        now: DateTime<Utc>,
    ) -> Result<(), TimeDelta> {
        client.map_or(Ok(()), |client| self.clients.take(&network(client), now))
    }

    /// Gives a try back that was no wrong one.
    pub(super) fn give_back_from(&self, client: Option<IpAddr>) {
        if let Some(client) = client {
            self.clients.give_back(&network(client));
        }
    }

    /// Notes that a sign-in elsewhere is begun; how long to wait if that, or finishing it, was tried
    /// too often.
    pub(super) fn begin_from(
        &self,
        client: Option<IpAddr>,
        now: DateTime<Utc>,
    ) -> Result<(), TimeDelta> {
        let Some(client) = client.map(network) else { return Ok(()) };
        self.clients.wait(&client, now).map_or(Ok(()), Err)?;
        self.beginnings.take(&client, now)
    }
}

fn shortened(address: &str) -> &str {
    let end = address.char_indices().nth(LONGEST_ADDRESS).map(|(end, _)| end);
    end.and_then(|end| address.get(..end)).unwrap_or(address)
}

/// Where somebody is: with IPv6 everybody has a whole network.
fn network(client: IpAddr) -> String {
    match client {
        IpAddr::V4(_) => client.to_string(),
        IpAddr::V6(address) => IpAddr::V6((address.to_bits() >> 64 << 64).into()).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    fn client(text: &str) -> Option<IpAddr> {
        Some(text.parse().expect("an address"))
    }

    #[test]
    fn after_five_wrong_tries_an_address_rests_until_somebody_knows_the_password() {
        let attempts = Attempts::default();
        for second in 0..5 {
            assert_eq!(attempts.take("a", None, at(second)), Ok(()));
        }
        assert_eq!(attempts.take("a", None, at(5)), Err(TimeDelta::seconds(895)));
        assert_eq!(attempts.take("b", None, at(5)), Ok(()));
        assert_eq!(attempts.take("a", None, at(900)), Ok(()));
        attempts.right("a", None);
        for second in 901..906 {
            assert_eq!(attempts.take("a", None, at(second)), Ok(()));
        }
    }

    #[test]
    fn one_network_is_one_client() {
        let attempts = Attempts::default();
        for host in 0..50 {
            attempts.take_from(client(&format!("2001:db8::{host}")), at(0)).expect("one is left");
            attempts.take_from(client(&format!("192.0.2.{host}")), at(0)).expect("one is left");
        }
        assert!(attempts.take_from(client("2001:db8::ffff"), at(1)).is_err());
        assert_eq!(attempts.take_from(client("2001:db8:0:1::1"), at(1)), Ok(()));
        assert_eq!(attempts.take_from(client("192.0.2.1"), at(1)), Ok(()));
    }

    #[test]
    fn no_address_is_taken_for_a_place_on_the_network() {
        let attempts = Attempts::default();
        for address in ["192.0.2.1", "client 192.0.2.1", "beginning 192.0.2.1"] {
            for _ in 0..5 {
                attempts.take(address, None, at(0)).expect("one is left");
            }
        }
        for _ in 0..50 {
            assert_eq!(attempts.begin_from(client("192.0.2.1"), at(0)), Ok(()));
            assert_eq!(attempts.take_from(client("192.0.2.1"), at(0)), Ok(()));
        }
        // Nor is somebody who signs in under such an address freed from waiting.
        attempts.right("client 192.0.2.1", None);
        assert!(attempts.take_from(client("192.0.2.1"), at(1)).is_err());
        assert!(attempts.begin_from(client("192.0.2.1"), at(1)).is_err());
    }

    #[test]
    fn a_try_that_the_client_may_not_make_is_none_of_the_address() {
        let attempts = Attempts::default();
        let place = client("192.0.2.1");
        for _ in 0..50 {
            attempts.take_from(place, at(0)).expect("one is left");
        }
        for _ in 0..9 {
            assert!(attempts.take("a", place, at(0)).is_err());
        }
        assert_eq!(attempts.take("a", client("192.0.2.2"), at(0)), Ok(()));
    }
}
