//! Which hosts a destination may name: public ones over https; anything in development.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Why a destination's address may not be called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostRefusal {
    /// Leads are personal data and go encrypted.
    NotHttps,
    /// The host is not on the public internet.
    NotPublic,
}

/// Endings of names that resolve inside a network only (RFC 6761, RFC 6762, RFC 8375, RFC 9476).
const PRIVATE_SUFFIXES: [&str; 7] = [".localhost", ".local", ".internal", ".home.arpa", ".test", ".invalid", ".alt"];

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
        Err(_) => host.contains('.') && !PRIVATE_SUFFIXES.iter().any(|suffix| host.ends_with(suffix)),
    };
    if public { Ok(()) } else { Err(HostRefusal::NotPublic) }
}

/// Not one of the special-purpose blocks of RFC 6890.
fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let shared = a == 100 && (64..128).contains(&b);
    let protocol = a == 192 && b == 0 && c == 0;
    let benchmark = a == 198 && (b == 18 || b == 19);
    !(a == 0
        || a >= 240
        || shared
        || protocol
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
    let [first, second, .., high, low] = address.segments();
    let embedded = Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match (first, second) {
        (0x64, 0xff9b) => is_public_v4(embedded),
        (0x2001, 0xdb8 | 0) | (0x2002 | 0x3fff, _) => false,
        _ => (0x2000..0x4000).contains(&first),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_hosts_over_https_may_be_called() {
        for host in ["api.lead.pro", "anyhouse.app", "8.8.8.8", "[2606:4700::1111]", "example.com."] {
            assert_eq!(check("https", host), Ok(()), "{host}");
        }
    }

    #[test]
    fn hosts_inside_a_network_may_not() {
        for host in [
            "localhost",
            "intranet",
            "a.localhost",
            "db.internal",
            "printer.local",
            "10.0.0.1",
            "172.16.0.1",
            "192.168.1.1",
            "127.0.0.1",
            "0.0.0.0",
            "169.254.169.254",
            "100.64.0.1",
            "198.18.0.1",
            "192.0.0.1",
            "192.0.2.1",
            "224.0.0.1",
            "255.255.255.255",
            "[::1]",
            "[::]",
            "[fe80::1]",
            "[fc00::1]",
            "[::ffff:10.0.0.1]",
            "[64:ff9b::7f00:1]",
            "[2001:db8::1]",
            "[2002:7f00:1::]",
            "[ff02::1]",
        ] {
            assert_eq!(check("https", host), Err(HostRefusal::NotPublic), "{host}");
        }
    }

    #[test]
    fn nothing_goes_out_in_the_clear() {
        assert_eq!(check("http", "example.com"), Err(HostRefusal::NotHttps));
    }
}
