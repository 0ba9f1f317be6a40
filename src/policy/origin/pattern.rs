//! Origins with a `*`: any subdomain, any port, or both.

use std::fmt;

use super::syntax::{Class, port_number};

/// `https://*.example.com`, `http://localhost:*`, `https://*.example.com:*`.
///
/// A matching origin is well-formed without being parsed: the fixed parts were validated, and the
/// rest is checked here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OriginPattern {
    class: Class,
    /// Including `://`.
    scheme: Box<str>,
    /// One or more labels come before `host`.
    subdomains: bool,
    /// With subdomains it starts with the dot; with a fixed port it ends with the port.
    host: Box<str>,
    /// How many bytes of labels fit before `host`.
    room: usize,
    any_port: bool,
}

impl OriginPattern {
    /// From validated parts: `scheme` without `://`, `host` without `*.`, `port` with its colon.
    pub(crate) fn new(scheme: &str, host: &str, subdomains: bool, port: Option<&str>) -> Self {
        let dot = if subdomains { "." } else { "" };
        let class = Class::of_scheme(scheme);
        Self {
            class,
            room: class.longest_host().saturating_sub(dot.len() + host.len()),
            scheme: format!("{scheme}://").into(),
            subdomains,
            host: format!("{dot}{host}{}", port.unwrap_or_default()).into(),
            any_port: port.is_none(),
        }
    }

    pub(crate) fn matches(&self, origin: &[u8]) -> bool {
        let Some(rest) = origin.strip_prefix(self.scheme.as_bytes()) else {
            return false;
        };
        let rest = if self.any_port { without_port(rest) } else { Some(rest) };
        let Some(before) = rest.and_then(|rest| rest.strip_suffix(self.host.as_bytes())) else {
            return false;
        };
        if self.subdomains {
            before.len() <= self.room && self.class.is_labels(before)
        } else {
            before.is_empty()
        }
    }

    /// Whether it matches the subdomains of a host, but not the host itself.
    pub(crate) fn is_below(&self, scheme: &str, host: &str) -> bool {
        self.subdomains
            && self.scheme.strip_suffix("://") == Some(scheme)
            && self.host.strip_prefix('.') == Some(host)
    }

    /// The end of every matching origin, without the port if any port matches.
    pub(crate) fn tail(&self) -> &str {
        &self.host
    }
}

/// The value without its port. `None` if the port is malformed.
pub(crate) fn without_port(rest: &[u8]) -> Option<&[u8]> {
    // A port has at most five digits, so only the last six bytes can hold its colon.
    let tail = rest.len().saturating_sub(6);
    match rest[tail..].iter().rposition(|byte| *byte == b':') {
        // The last colon of an IPv6 address is inside its brackets.
        Some(_) if rest.ends_with(b"]") => Some(rest),
        Some(at) => {
            let (host, port) = rest.split_at(tail + at);
            let digits = std::str::from_utf8(&port[1..]).ok()?;
            port_number(digits).map(|_| host)
        }
        None => Some(rest),
    }
}

impl fmt::Display for OriginPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let star = if self.subdomains { "*" } else { "" };
        let port = if self.any_port { ":*" } else { "" };
        write!(f, "{}{star}{}{port}", self.scheme, self.host)
    }
}
