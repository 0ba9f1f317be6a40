//! `Authority`: the host that a request is for. `Hosts`: the list of `allow_hosts`.

use std::net::Ipv4Addr;

use http::{
    HeaderMap, StatusCode,
    header::{CONTENT_TYPE, HOST},
};

use super::{
    decision::{Answer, TEXT},
    origin::syntax::{Class, MAX_HOST, host_end, port_number},
    refusal::Refusal,
    request::Head,
};

/// The host of a request, in any letter case, and its port if it has one.
///
/// The host is not validated: it is only compared with valid hosts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Authority<'a> {
    host: &'a [u8],
    pub(crate) port: Option<u16>,
}

impl<'a> Authority<'a> {
    /// From the URI, or else from the Host line. `None` if its port is malformed, if it is missing,
    /// or if there are several Host lines. `X-Forwarded-*` is never read: any client can send it.
    pub(crate) fn of(head: Head<'a>) -> Option<Self> {
        if let Some(authority) = head.uri.authority() {
            return Self::read(authority.as_str().as_bytes());
        }
        let line = head.headers.get(HOST)?;
        // If there are as many lines as names, no name has several lines. This check is cheaper
        // than a search.
        let is_one = head.headers.len() == head.headers.keys_len()
            || head.headers.get_all(HOST).iter().nth(1).is_none();
        if is_one { Self::read(line.as_bytes()) } else { None }
    }

    fn read(text: &'a [u8]) -> Option<Self> {
        let (host, port) = text.split_at(host_end(text));
        let port = match port.split_first() {
            None => None,
            Some((b':', digits)) => Some(port_number(std::str::from_utf8(digits).ok()?)?),
            Some(_) => return None,
        };
        Some(Self { host, port })
    }

    /// Whether it equals a valid host.
    pub(crate) fn is_host(self, host: &str) -> bool {
        self.host.eq_ignore_ascii_case(host.as_bytes())
    }

    /// The host in lower case, if it is valid.
    pub(crate) fn to_host(self) -> Option<String> {
        let host = std::str::from_utf8(self.host).ok()?.to_ascii_lowercase();
        Class::Special.is_host(&host).then_some(host)
    }
}

/// Whether a host is not a DNS name, so DNS rebinding is not possible.
pub(crate) fn is_fixed(host: &str) -> bool {
    let bare = host.strip_suffix('.').unwrap_or(host);
    bare == "localhost"
        || bare.ends_with(".localhost")
        || bare.starts_with('[')
        || bare.parse::<Ipv4Addr>().is_ok()
}

/// The hosts that requests may be for (Starlette, `TrustedHostMiddleware`; difference D14).
#[derive(Debug)]
pub(crate) struct Hosts(pub(crate) Box<[HostPattern]>);

/// `*`, `example.com`, `*.example.com`, `localhost:8000`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HostPattern {
    /// In lower case; empty for any host.
    pub(crate) host: Box<str>,
    /// One or more labels come before `.host`.
    pub(crate) subdomains: bool,
    /// `None` for any port.
    pub(crate) port: Option<u16>,
    /// Anybody can obtain a matching host.
    pub(crate) is_open: bool,
}

impl Hosts {
    /// Whether a host is listed.
    #[inline]
    pub(crate) fn contain(&self, authority: Option<Authority<'_>>) -> bool {
        self.0.iter().any(|pattern| pattern.matches(authority))
    }

    /// Whether a host is listed by a pattern that only matches hosts of one owner.
    pub(crate) fn contain_for_sure(&self, authority: Authority<'_>) -> bool {
        self.0.iter().any(|pattern| !pattern.is_open && pattern.matches(Some(authority)))
    }
}

impl HostPattern {
    fn matches(&self, authority: Option<Authority<'_>>) -> bool {
        if self.host.is_empty() {
            return true;
        }
        let Some(Authority { host, port }) = authority else {
            return false;
        };
        // A Host without a port means the default port: of http, or of https in front of a proxy.
        let is_port = match (self.port, port) {
            (None, _) => true,
            (Some(listed), Some(port)) => listed == port,
            (Some(listed), None) => matches!(listed, 80 | 443),
        };
        is_port && self.matches_host(host)
    }

    fn matches_host(&self, host: &[u8]) -> bool {
        let Some(split) = host.len().checked_sub(self.host.len()) else {
            return false;
        };
        let (before, tail) = host.split_at(split);
        tail.eq_ignore_ascii_case(self.host.as_bytes())
            && match before.strip_suffix(b".") {
                Some(labels) => self.subdomains && host.len() <= MAX_HOST && are_labels(labels),
                None => !self.subdomains && before.is_empty(),
            }
    }
}

/// One or more labels in any letter case. No browser sends upper case.
fn are_labels(labels: &[u8]) -> bool {
    Class::Special.is_labels(labels)
        || labels.iter().any(u8::is_ascii_uppercase)
            && Class::Special.is_labels(&labels.to_ascii_lowercase())
}

/// The 400 for a host that is not listed. It is written into the request's header map.
#[cold]
pub(crate) fn refuse(fields: &mut HeaderMap) -> Answer {
    fields.clear();
    let mut headers = std::mem::take(fields);
    headers.insert(CONTENT_TYPE, TEXT);
    let refusal = Refusal::HOST;
    Answer { status: StatusCode::BAD_REQUEST, headers, text: refusal.text(), refusal }
}
