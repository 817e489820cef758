//! Which hosts a destination may name: public ones over https; anything in development.

#[cfg(test)]
mod tests;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Why a destination's address may not be called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostRefusal {
    /// Leads are personal data and go encrypted.
    NotHttps,
    /// The host is not on the public internet.
    NotPublic,
}

/// Endings of names that resolve inside a network only: reserved (RFC 6761, RFC 6762, RFC 7686, RFC 8375,
/// RFC 9476, `.internal` by ICANN), or in use for that and never to be delegated.
const PRIVATE_SUFFIXES: [&str; 15] = [
    ".localhost",
    ".local",
    ".internal",
    ".home.arpa",
    ".test",
    ".invalid",
    ".alt",
    ".onion",
    ".localdomain",
    ".lan",
    ".home",
    ".corp",
    ".intranet",
    ".private",
    ".svc",
];

/// Whether `scheme` and `host` may be called. `host` must be what a URL parser of the WHATWG makes of
/// an address: lower case, addresses in their usual notation, IPv6 in brackets.
///
/// # Errors
/// Why not.
pub fn check(scheme: &str, host: &str) -> Result<(), HostRefusal> {
    if scheme != "https" {
        return Err(HostRefusal::NotHttps);
    }
    let host = host.trim_end_matches('.');
    let address = host.strip_prefix('[').and_then(|h| h.strip_suffix(']')).unwrap_or(host).parse::<IpAddr>();
    let public = match address {
        Ok(IpAddr::V4(v4)) => is_public_v4(v4),
        Ok(IpAddr::V6(v6)) => is_public_v6(v6),
        Err(_) => {
            host.contains('.')
                && host.split('.').all(|label| !label.is_empty())
                && !PRIVATE_SUFFIXES.iter().any(|suffix| host.ends_with(suffix))
        }
    };
    if public { Ok(()) } else { Err(HostRefusal::NotPublic) }
}

/// Not one of the special-purpose blocks of RFC 6890.
fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let shared = a == 100 && (64..128).contains(&b);
    let protocol = a == 192 && b == 0 && c == 0;
    let relay = a == 192 && b == 88 && c == 99;
    let benchmark = a == 198 && (b == 18 || b == 19);
    !(a == 0
        || a >= 240
        || shared
        || protocol
        || relay
        || benchmark
        || address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || address.is_multicast())
}

/// Global unicast, and where it carries an IPv4 address, that one public as well.
fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(v4) = address.to_ipv4_mapped() {
        return is_public_v4(v4);
    }
    let [first, second, third, fourth, fifth, sixth, high, low] = address.segments();
    match (first, second) {
        // NAT64. Its well-known prefix carries the address in the last 32 bits; the one for networks of
        // their own (64:ff9b:1::/48) is refused below.
        (0x64, 0xff9b) if [third, fourth, fifth, sixth] == [0; 4] => {
            is_public_v4(Ipv4Addr::from_bits((u32::from(high) << 16) | u32::from(low)))
        }
        // Protocol assignments, Teredo and benchmarks among them; documentation; 6to4.
        (0x2001, 0..0x200 | 0xdb8) | (0x2002 | 0x3fff, _) => false,
        _ => (0x2000..0x4000).contains(&first),
    }
}
