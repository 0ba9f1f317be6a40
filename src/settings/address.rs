//! Hosts by place: this machine, a private network, anywhere.

use std::net::{IpAddr, Ipv6Addr};

/// Where a host is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// This machine (W3C Secure Contexts, "potentially trustworthy").
    Loopback,
    /// An address of a private network (RFC 1918, RFC 4193, RFC 3927), or the unspecified one.
    Private,
    Public,
}

pub(crate) fn place(host: &str) -> Place {
    let bare = host.strip_suffix('.').unwrap_or(host);
    let bracketed = || host.strip_prefix('[')?.strip_suffix(']')?.parse().ok().map(IpAddr::V6);
    let address = bare.parse().ok().map(IpAddr::V4).or_else(bracketed);
    match address {
        _ if bare == "localhost" || bare.ends_with(".localhost") => Place::Loopback,
        Some(address) if address.is_loopback() => Place::Loopback,
        Some(address) if is_private(address) => Place::Private,
        _ => Place::Public,
    }
}

fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            address.is_private() || address.is_link_local() || address.is_unspecified()
        }
        IpAddr::V6(address) => {
            address.is_unique_local() || address.is_unicast_link_local() || address.is_unspecified()
        }
    }
}

/// Whether browsers read a host as an IPv4 address: its last label is a number (URL Standard, "ends
/// in a number checker").
pub(crate) fn ends_in_number(host: &str) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host);
    let last = host.rsplit('.').next().unwrap_or_default();
    let hexadecimal = last.strip_prefix("0x").or_else(|| last.strip_prefix("0X"));
    match hexadecimal {
        Some(digits) => digits.bytes().all(|byte| byte.is_ascii_hexdigit()),
        None => !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit()),
    }
}

/// A bracketed IPv6 address in the form that browsers send (URL Standard, "IPv6 serializer"); `None`
/// if it is none.
pub(crate) fn canonical_ipv6(host: &str) -> Option<String> {
    let address: Ipv6Addr = host.strip_prefix('[')?.strip_suffix(']')?.parse().ok()?;
    // Unlike `Ipv6Addr`'s own text it never ends in a dotted quad.
    Some(match address.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low] => format!("[::ffff:{high:x}:{low:x}]"),
        [0, 0, 0, 0, 0, 0, high, low] if high != 0 => format!("[::{high:x}:{low:x}]"),
        _ => format!("[{address}]"),
    })
}
