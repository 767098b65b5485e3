//! Counts the lasting connections of each address, so that one cannot take the places of all.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

use super::refusal::Refusal;

/// A household or an office has this many bits of IPv6 in common, and as many addresses as it likes.
const PREFIX: u32 = 64;

/// The lasting connections by address. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Addresses {
    open: Arc<Mutex<HashMap<IpAddr, usize>>>,
    most: usize,
}

/// A lasting connection; counts as long as it lives.
#[derive(Debug)]
pub(super) struct Place {
    open: Arc<Mutex<HashMap<IpAddr, usize>>>,
    address: IpAddr,
}

impl Addresses {
    /// At most so many of each.
    pub(super) fn new(most: usize) -> Self {
        Self { open: Arc::default(), most }
    }

    /// Counts one more of an address, if there is room for it. Without a network nobody counts.
    pub(super) fn take(&self, address: Option<IpAddr>) -> Result<Option<Place>, Refusal> {
        let Some(address) = address.map(shared) else { return Ok(None) };
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(address).or_default();
        if *count >= self.most {
            return Err(Refusal::TooManyConnections(self.most));
        }
        *count += 1;
        Ok(Some(Place { open: Arc::clone(&self.open), address }))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.address);
            }
        }
    }
}

/// What all addresses of one place have in common.
fn shared(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => {
            Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << (128 - PREFIX))).into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take(addresses: &Addresses, text: &str) -> Option<Place> {
        let taken = addresses.take(Some(text.parse().expect("an address"))).ok()?;
        Some(taken.expect("it comes over a network"))
    }

    #[test]
    fn one_address_cannot_take_the_places_of_others() {
        let addresses = Addresses::new(2);
        let mut open: Vec<_> = (0..2).filter_map(|_| take(&addresses, "192.0.2.1")).collect();
        assert_eq!(open.len(), 2);
        assert!(take(&addresses, "192.0.2.1").is_none());
        assert!(take(&addresses, "::ffff:192.0.2.1").is_none(), "the same, written otherwise");
        assert!(take(&addresses, "192.0.2.2").is_some());
        open.pop();
        assert!(take(&addresses, "192.0.2.1").is_some());
        drop(open);
        assert!(addresses.open.lock().expect("sound").is_empty(), "nobody is kept in mind");
    }

    #[test]
    fn a_network_of_ipv6_is_one_place() {
        let addresses = Addresses::new(1);
        let _open = take(&addresses, "2001:db8:0:1::1").expect("room");
        assert!(take(&addresses, "2001:db8:0:1:ffff::2").is_none());
        assert!(take(&addresses, "2001:db8:0:2::1").is_some());
    }
}
