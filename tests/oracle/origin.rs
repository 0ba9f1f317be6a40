//! What a well-formed Origin is, written a second time from the words of DESIGN.md, so that no bug
//! vouches for itself.

use std::net::Ipv6Addr;

/// Is this text an origin as browsers send it: `null`, or scheme, host and perhaps a port?
pub(crate) fn is_well_formed(origin: &str) -> bool {
    if origin == "null" {
        return true;
    }
    let Some((scheme, authority)) = origin.split_once("://") else {
        return false;
    };
    let special = matches!(scheme, "http" | "https" | "ws" | "wss" | "ftp");
    // A bracketed address holds colons of its own, so the port is what follows the bracket.
    let (host, port) = match authority.rfind(':') {
        Some(at) if !authority[at..].contains(']') => {
            (&authority[..at], Some(&authority[at + 1..]))
        }
        _ => (authority, None),
    };
    let host_fits = match host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(address) => special && address.parse::<Ipv6Addr>().is_ok(),
        None if special => (1..=254).contains(&host.len()) && host.bytes().all(is_special_host),
        None => (1..=253).contains(&host.len()) && host.bytes().all(is_other_host),
    };
    is_scheme(scheme) && host_fits && port.is_none_or(is_port)
}

fn is_scheme(scheme: &str) -> bool {
    let tail = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"+.-".contains(&b);
    scheme.len() <= 64
        && scheme.starts_with(|c: char| c.is_ascii_lowercase())
        && scheme.bytes().all(tail)
}

fn is_special_host(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-".contains(&byte)
}

fn is_other_host(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"._~-".contains(&byte)
}

fn is_port(port: &str) -> bool {
    // `parse` alone would take `+1` and `080`.
    !port.starts_with(['0', '+']) && port.parse::<u16>().is_ok()
}
