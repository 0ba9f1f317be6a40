//! `Authority`: the host that a request is for; `Hosts`: those that `allow_hosts` lists.

use std::net::Ipv4Addr;

use http::{
    HeaderMap, StatusCode,
    header::{CONTENT_TYPE, HOST},
};

use super::{
    decision::{Answer, TEXT},
    origin::syntax::{Class, host_end, port_number},
    refusal::Refusal,
    request::Head,
};

/// The host of a request, in whatever letter case, and its port if it has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Authority<'a> {
    pub(crate) host: &'a str,
    pub(crate) port: Option<u16>,
}

impl<'a> Authority<'a> {
    /// The URI's, else that of the one Host line. `None` if it is malformed or missing, or if there
    /// are several lines. `X-Forwarded-*` is never read: anybody can send it.
    pub(crate) fn of(head: Head<'a>) -> Option<Self> {
        if let Some(authority) = head.uri.authority() {
            return Self::read(authority.as_str());
        }
        let mut lines = head.headers.get_all(HOST).iter();
        match (lines.next(), lines.next()) {
            (Some(line), None) => Self::read(std::str::from_utf8(line.as_bytes()).ok()?),
            _ => None,
        }
    }

    fn read(text: &'a str) -> Option<Self> {
        let (host, port) = text.split_at(host_end(text));
        let port = match port.strip_prefix(':') {
            Some(digits) => Some(port_number(digits)?),
            None if port.is_empty() => None,
            None => return None,
        };
        Class::Special.is_host_in_any_case(host).then_some(Self { host, port })
    }
}

/// Whether no DNS name stands for a host, so that none can be rebound to this machine.
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
    /// One or more labels stand before `.host`.
    pub(crate) subdomains: bool,
    /// `None` for any port.
    pub(crate) port: Option<u16>,
    /// Anybody can obtain a host that it matches.
    pub(crate) is_open: bool,
}

impl Hosts {
    /// Whether a host is listed.
    #[inline]
    pub(crate) fn contain(&self, authority: Option<Authority<'_>>) -> bool {
        self.0.iter().any(|pattern| pattern.matches(authority))
    }

    /// Whether a host is listed by a pattern that only its owner's hosts match.
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
        // A Host without a port is at the default one, of http or of https in front of a proxy.
        let is_port = match (self.port, port) {
            (None, _) => true,
            (Some(listed), Some(port)) => listed == port,
            (Some(listed), None) => matches!(listed, 80 | 443),
        };
        is_port && self.matches_host(host)
    }

    fn matches_host(&self, host: &str) -> bool {
        let Some(split) = host.len().checked_sub(self.host.len()) else {
            return false;
        };
        let (before, tail) = host.as_bytes().split_at(split);
        tail.eq_ignore_ascii_case(self.host.as_bytes())
            && match before.strip_suffix(b".") {
                // It is a host, so the dots alone can be wrong.
                Some(labels) => {
                    self.subdomains && labels.split(|byte| *byte == b'.').all(|it| !it.is_empty())
                }
                None => !self.subdomains && before.is_empty(),
            }
    }
}

/// The 400 to a host that is not listed, written over the request's own fields.
#[cold]
pub(crate) fn refuse(fields: &mut HeaderMap) -> Answer {
    fields.clear();
    let mut headers = std::mem::take(fields);
    headers.insert(CONTENT_TYPE, TEXT);
    let refusal = Refusal::HOST;
    Answer { status: StatusCode::BAD_REQUEST, headers, text: refusal.text(), refusal }
}
