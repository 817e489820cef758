//! A client's address: cut down so that it tells a network and no person, and what it is counted under.

use std::net::{IpAddr, Ipv4Addr};

/// The network of an address: the first 24 bits of an IPv4 address, the first 48 of an IPv6 one.
/// `None` for what is no address.
pub fn network(address: &str) -> Option<String> {
    match address.trim().parse().ok()? {
        IpAddr::V4(v4) => Some(network_v4(v4)),
        IpAddr::V6(v6) => Some(v6.to_ipv4_mapped().map_or_else(
            || {
                let [a, b, c, ..] = v6.segments();
                format!("{a:x}:{b:x}:{c:x}::")
            },
            network_v4,
        )),
    }
}

/// What requests of an address are counted under: an IPv4 address by itself, an IPv6 one by its first 64 bits,
/// since who has one address of such a network has all of them. What is no address stands for itself.
pub fn counted(address: &str) -> String {
    let address = address.trim();
    match address.parse() {
        Ok(IpAddr::V4(v4)) => v4.to_string(),
        Ok(IpAddr::V6(v6)) => v6.to_ipv4_mapped().map_or_else(
            || {
                let [a, b, c, d, ..] = v6.segments();
                format!("{a:x}:{b:x}:{c:x}:{d:x}::")
            },
            |v4| v4.to_string(),
        ),
        Err(_) => address.to_owned(),
    }
}

fn network_v4(address: Ipv4Addr) -> String {
    let [a, b, c, _] = address.octets();
    format!("{a}.{b}.{c}.0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_of_an_address_is_its_network() {
        for (address, kept) in [
            ("203.0.113.77", Some("203.0.113.0")),
            (" 203.0.113.77 ", Some("203.0.113.0")),
            ("2001:db8:aa:bb:cc::1", Some("2001:db8:aa::")),
            ("::ffff:203.0.113.77", Some("203.0.113.0")),
            ("unknown", None),
            ("", None),
        ] {
            assert_eq!(network(address).as_deref(), kept, "{address}");
        }
    }

    #[test]
    fn whoever_has_an_ipv6_network_counts_as_one() {
        for (address, counted_as) in [
            (" 203.0.113.77 ", "203.0.113.77"),
            ("::ffff:203.0.113.77", "203.0.113.77"),
            ("2001:db8:aa:bb:cc::1", "2001:db8:aa:bb::"),
            ("2001:db8:aa:bb:dd:ee:ff:2", "2001:db8:aa:bb::"),
            ("2001:db8:aa:bc::1", "2001:db8:aa:bc::"),
            ("unknown", "unknown"),
        ] {
            assert_eq!(counted(address), counted_as, "{address}");
        }
    }
}
