//! Spellings of IP addresses: which hosts browsers read as one, and how they write it.

use std::net::Ipv6Addr;

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

/// A bracketed IPv6 address in the form that browsers send (URL Standard, "IPv6 serializer").
/// `None` if it is not one.
pub(crate) fn canonical_ipv6(host: &str) -> Option<String> {
    let address: Ipv6Addr = host.strip_prefix('[')?.strip_suffix(']')?.parse().ok()?;
    // Unlike `Ipv6Addr`'s own text it never ends in a dotted quad.
    Some(match address.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low] => format!("[::ffff:{high:x}:{low:x}]"),
        [0, 0, 0, 0, 0, 0, high, low] if high != 0 => format!("[::{high:x}:{low:x}]"),
        _ => format!("[{address}]"),
    })
}
