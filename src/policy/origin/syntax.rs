//! The grammar of origins, for requests, configuration and patterns.

use std::fmt;

/// `scheme "://" host [ ":" port ]`, at its longest. Longer values are not read.
pub(crate) const MAX_LENGTH: usize = MAX_SCHEME + 3 + MAX_HOST + 6;
pub(crate) const MAX_SCHEME: usize = 64;
/// A domain of 253 bytes and the trailing dot that browsers send.
pub(crate) const MAX_HOST: usize = 254;

/// The origin of file pages in Electron, or in Chromium with `--allow-file-access-from-files`
/// (difference D13).
pub(crate) const FILE: &str = "file://";

/// A serialized origin (Fetch, "`Origin` header"), borrowed from the text it was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin<'a> {
    Null,
    /// `file://` alone.
    File,
    Tuple(Tuple<'a>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tuple<'a> {
    pub(crate) scheme: &'a str,
    pub(crate) host: &'a str,
    pub(crate) port: Option<u16>,
}

impl<'a> Origin<'a> {
    /// Reads an Origin value. It accepts the standard's grammar, and also what browsers really
    /// send: underscores, a trailing dot, schemes of extensions and apps.
    pub(crate) fn read(value: &'a [u8]) -> Option<Self> {
        if value.len() > MAX_LENGTH {
            return None;
        }
        // Cheaper than a separate check: the grammar only accepts ASCII, which is valid UTF-8.
        let text = std::str::from_utf8(value).ok()?;
        match text {
            "null" => return Some(Self::Null),
            FILE => return Some(Self::File),
            _ => {}
        }
        let colon = value.iter().position(|byte| *byte == b':')?;
        let (scheme, rest) = text.split_at(colon);
        let rest = rest.strip_prefix("://")?;
        // The text after `file://` is a path, never a host (difference D13).
        if !is_scheme(scheme) || scheme == "file" {
            return None;
        }
        let end = host_end(rest.as_bytes());
        let (host, port) = rest.split_at(end);
        let port = match port.strip_prefix(':') {
            Some(digits) => Some(port_number(digits)?),
            None if port.is_empty() => None,
            None => return None,
        };
        Class::of_scheme(scheme).is_host(host).then_some(Self::Tuple(Tuple { scheme, host, port }))
    }
}

impl Tuple<'_> {
    /// The port, or the scheme's default port.
    pub(crate) fn effective_port(self) -> Option<u16> {
        self.port.or(default_port(self.scheme))
    }
}

impl fmt::Display for Tuple<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { scheme, host, port } = self;
        write!(f, "{scheme}://{host}")?;
        port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

/// The end of the host, where the port starts if there is one.
#[inline]
pub(crate) fn host_end(rest: &[u8]) -> usize {
    let end = |byte| rest.iter().position(|other| *other == byte);
    if rest.first() == Some(&b'[') {
        end(b']').map_or(rest.len(), |bracket| bracket + 1)
    } else {
        end(b':').unwrap_or(rest.len())
    }
}

/// `[a-z][a-z0-9+.-]*`, at most 64 bytes.
pub(crate) fn is_scheme(scheme: &str) -> bool {
    let rest = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'+' | b'.' | b'-');
    scheme.len() <= MAX_SCHEME
        && scheme.starts_with(|first: char| first.is_ascii_lowercase())
        && scheme.bytes().all(rest)
}

/// 1 to 65535 in plain digits, without leading zeros.
pub(crate) fn port_number(digits: &str) -> Option<u16> {
    let plain = !digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit());
    if plain { digits.parse().ok() } else { None }
}

/// The port that browsers leave out (URL Standard, "special scheme").
pub(crate) fn default_port(scheme: &str) -> Option<u16> {
    match scheme {
        "http" | "ws" => Some(80),
        "https" | "wss" => Some(443),
        "ftp" => Some(21),
        _ => None,
    }
}

/// The class of a scheme: it decides which bytes a host may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// Schemes that the URL Standard calls special: domains in lower case, IP addresses.
    Special,
    /// Any other scheme: an opaque host, compared exactly.
    Opaque,
}

impl Class {
    pub(crate) fn of_scheme(scheme: &str) -> Self {
        match default_port(scheme) {
            Some(_) => Self::Special,
            None => Self::Opaque,
        }
    }

    pub(crate) fn is_host(self, host: &str) -> bool {
        match self {
            Self::Special if host.starts_with('[') => is_bracketed_ipv6(host),
            Self::Special | Self::Opaque => host.len() <= self.longest_host() && self.is_name(host),
        }
    }

    pub(crate) fn longest_host(self) -> usize {
        match self {
            Self::Special => MAX_HOST,
            Self::Opaque => MAX_HOST - 1,
        }
    }

    /// Not empty, and only bytes of hosts.
    fn is_name(self, name: &str) -> bool {
        !name.is_empty() && name.bytes().all(|byte| byte == b'.' || self.is_label_byte(byte))
    }

    /// One or more labels, none of them empty.
    pub(crate) fn is_labels(self, text: &[u8]) -> bool {
        let mut in_label = false;
        for &byte in text {
            let is_dot = byte == b'.';
            if is_dot && !in_label || !is_dot && !self.is_label_byte(byte) {
                return false;
            }
            in_label = !is_dot;
        }
        in_label
    }

    fn is_label_byte(self, byte: u8) -> bool {
        match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-' => true,
            b'A'..=b'Z' | b'~' => self == Self::Opaque,
            _ => false,
        }
    }
}

fn is_bracketed_ipv6(host: &str) -> bool {
    host.strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
        .is_some_and(|address| address.parse::<std::net::Ipv6Addr>().is_ok())
}
