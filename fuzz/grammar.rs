//! What a well-formed origin is and what an item of `allow_origins` matches, written a second time
//! from the words of the grammar, without a thought of speed: so that no bug vouches for itself.
#![allow(dead_code, reason = "each test uses a part of it")]

use std::net::Ipv6Addr;

/// An origin taken apart. `null` and `file://` are a scheme alone.
#[derive(Debug, PartialEq)]
pub(crate) struct Naive {
    pub(crate) scheme: String,
    pub(crate) host: String,
    pub(crate) port: Option<u32>,
}

impl Naive {
    /// `None` if it is not an origin.
    pub(crate) fn read(text: &str) -> Option<Self> {
        // Difference D13: nothing may stand behind `file://`.
        if text == "null" || text == "file://" {
            return Some(Self { scheme: text.to_owned(), host: String::new(), port: None });
        }
        let (scheme, rest) = text.split_once("://")?;
        let lower = |c: char| c.is_ascii_lowercase();
        let in_scheme = |c: char| lower(c) || c.is_ascii_digit() || "+.-".contains(c);
        if !scheme.chars().next().is_some_and(lower)
            || !scheme.chars().all(in_scheme)
            || scheme.len() > 64
            || scheme == "file"
        {
            return None;
        }
        let special = ["http", "https", "ws", "wss", "ftp"].contains(&scheme);
        let (host, port) = if let Some(rest) = rest.strip_prefix('[') {
            let (address, after) = rest.split_once(']')?;
            if !special {
                return None;
            }
            address.parse::<Ipv6Addr>().ok()?;
            (format!("[{address}]"), after.to_owned())
        } else {
            let (host, port) = match rest.split_once(':') {
                Some((host, port)) => (host, format!(":{port}")),
                None => (rest, String::new()),
            };
            let in_host = |c: char| {
                lower(c)
                    || c.is_ascii_digit()
                    || "._-".contains(c)
                    || !special && (c.is_ascii_uppercase() || c == '~')
            };
            let longest = if special { 254 } else { 253 };
            if host.is_empty() || host.len() > longest || !host.chars().all(in_host) {
                return None;
            }
            (host.to_owned(), port)
        };
        let port = match port.strip_prefix(':') {
            None if port.is_empty() => None,
            None => return None,
            Some(digits) => {
                let plain = (1..=5).contains(&digits.len())
                    && digits.chars().all(|c| c.is_ascii_digit())
                    && !digits.starts_with('0');
                let number = if plain { digits.parse().ok() } else { None };
                Some(number.filter(|number| *number < 65_536)?)
            }
        };
        Some(Self { scheme: scheme.to_owned(), host, port })
    }
}

pub(crate) fn is_well_formed(origin: &str) -> bool {
    Naive::read(origin).is_some()
}

/// Whether one of the items, each an origin or a pattern that builds, matches an origin.
pub(crate) fn matches<S: AsRef<str>>(items: &[S], origin: &str) -> bool {
    let Some(asked) = Naive::read(origin) else { return false };
    items.iter().map(AsRef::as_ref).any(|item| {
        if !item.contains('*') {
            return item == origin;
        }
        let (scheme, rest) = item.split_once("://").expect("a valid pattern");
        let (host, port) = match rest.rsplit_once(':').filter(|(_, port)| !port.ends_with(']')) {
            Some((host, port)) => (host, Some(port)),
            None => (rest, None),
        };
        let port_fits = match port {
            Some("*") => true,
            Some(port) => asked.port == port.parse().ok(),
            None => asked.port.is_none(),
        };
        let host_fits = match host.strip_prefix("*.") {
            None => asked.host == host,
            Some(domain) => {
                let labels: Vec<_> = asked.host.split('.').collect();
                let wanted: Vec<_> = domain.split('.').collect();
                labels.len() > wanted.len()
                    && labels.ends_with(&wanted)
                    && labels[..labels.len() - wanted.len()].iter().all(|label| !label.is_empty())
            }
        };
        scheme == asked.scheme && port_fits && host_fits
    })
}
