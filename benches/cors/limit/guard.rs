//! The limit of enforcement: `AllRequests` and one host of `allow_hosts`, read in one pass.

use http::{
    HeaderMap, HeaderValue, Method, Request, StatusCode,
    header::{CACHE_CONTROL, CONTENT_TYPE, HOST, ORIGIN, UPGRADE, VARY},
};
use std::mem;

use super::Policy;

/// What is answered in place of the inner service.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Refusal {
    Host,
    Origin,
}

impl Refusal {
    pub(super) fn status(self) -> StatusCode {
        match self {
            Self::Host => StatusCode::BAD_REQUEST,
            Self::Origin => StatusCode::FORBIDDEN,
        }
    }

    pub(super) fn text(self) -> &'static str {
        match self {
            Self::Host => "Invalid host header",
            Self::Origin => "Disallowed CORS origin",
        }
    }

    pub(super) fn headers(self, is_read: bool, fields: &mut HeaderMap) -> HeaderMap {
        fields.clear();
        let mut headers = mem::take(fields);
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
        if matches!(self, Self::Origin) {
            let vary = if is_read { METADATA } else { "Origin, Sec-Fetch-Site" };
            headers.insert(VARY, HeaderValue::from_static(vary));
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        }
        headers
    }
}

pub(super) const METADATA: &str = "Origin, Sec-Fetch-Site, Sec-Fetch-Mode, Sec-Fetch-Dest";

pub(super) fn is_read(method: &Method) -> bool {
    *method == Method::GET || *method == Method::HEAD
}

/// Whether the request is for the host, at any port.
#[inline]
pub(super) fn is_for<B>(request: &Request<B>, listed: &str) -> bool {
    let authority = match request.uri().authority() {
        Some(authority) => authority.as_str().as_bytes(),
        None => match request.headers().get(HOST) {
            Some(line) if has_one(request.headers(), HOST) => line.as_bytes(),
            _ => return false,
        },
    };
    let (host, port) = split(authority);
    host.eq_ignore_ascii_case(listed.as_bytes()) && (port.is_empty() || is_port(&port[1..]))
}

#[inline]
fn has_one(headers: &HeaderMap, name: http::HeaderName) -> bool {
    headers.len() == headers.keys_len() || headers.get_all(name).iter().nth(1).is_none()
}

fn split(authority: &[u8]) -> (&[u8], &[u8]) {
    let from = if authority.first() == Some(&b'[') {
        authority.iter().position(|byte| *byte == b']').unwrap_or(0)
    } else {
        0
    };
    let end = authority[from..].iter().position(|byte| *byte == b':');
    authority.split_at(end.map_or(authority.len(), |end| from + end))
}

fn is_port(digits: &[u8]) -> bool {
    !digits.starts_with(b"0")
        && std::str::from_utf8(digits).is_ok_and(|digits| {
            digits.bytes().all(|byte| byte.is_ascii_digit()) && digits.parse::<u16>().is_ok()
        })
}

/// Whether a request whose origin is not allowed is refused.
#[inline(never)]
pub(super) fn refuses<P: Policy, B>(request: &Request<B>) -> bool {
    let (mut site, mut mode, mut destination) = (&[][..], &[][..], &[][..]);
    let (mut sites, mut modes, mut destinations, mut origins) = (0, 0, 0, 0);
    let mut origin = &[][..];
    let mut is_upgrade = false;
    for (name, value) in request.headers() {
        let value = value.as_bytes();
        if name == ORIGIN {
            (origin, origins) = (value, origins + 1);
        } else if name == UPGRADE {
            is_upgrade |= value
                .split(|byte| *byte == b',')
                .any(|element| element.trim_ascii().eq_ignore_ascii_case(b"websocket"));
        } else {
            match name.as_str() {
                "sec-fetch-site" => (site, sites) = (value, sites + 1),
                "sec-fetch-mode" => (mode, modes) = (value, modes + 1),
                "sec-fetch-dest" => (destination, destinations) = (value, destinations + 1),
                _ => {}
            }
        }
    }
    let is_get = request.method() == Method::GET;
    let is_handshake = is_get && is_upgrade
        || request.method() == Method::CONNECT && request.uri().scheme().is_some();
    let navigates = modes == 1 && mode == b"navigate";
    let is_embedded =
        matches!(destination, b"iframe" | b"frame" | b"object" | b"embed" | b"fencedframe");
    if is_get && navigates && destinations < 2 && !is_embedded && !is_handshake {
        return false;
    }
    if sites == 0 {
        return match (origins, origin) {
            (0, _) => false,
            (1, _) => {
                !(is_own(request, origin)
                    && (origin.starts_with(b"https://")
                        || origin.starts_with(b"wss://")
                        || P::HOST.is_some()
                        || is_fixed(origin)))
            }
            _ => true,
        };
    }
    if sites > 1 || !matches!(site, b"same-origin" | b"none") {
        return true;
    }
    match (origins, origin) {
        (0, _) => false,
        (1, b"null") => navigates && destinations == 1 && destination == b"empty",
        (1, _) => !is_own(request, origin),
        _ => true,
    }
}

/// Whether an Origin's host and port are those that the request is for.
fn is_own<B>(request: &Request<B>, origin: &[u8]) -> bool {
    let (rest, default) = if let Some(rest) = origin.strip_prefix(b"https://") {
        (rest, &b":443"[..])
    } else if let Some(rest) = origin.strip_prefix(b"http://") {
        (rest, &b":80"[..])
    } else if let Some(rest) = origin.strip_prefix(b"wss://") {
        (rest, &b":443"[..])
    } else if let Some(rest) = origin.strip_prefix(b"ws://") {
        (rest, &b":80"[..])
    } else {
        return false;
    };
    let authority = match request.uri().authority() {
        Some(authority) => authority.as_str().as_bytes(),
        None => match request.headers().get(HOST) {
            Some(line) if has_one(request.headers(), HOST) => line.as_bytes(),
            _ => return false,
        },
    };
    let ((host, port), (own, own_port)) = (split(rest), split(authority));
    let or_default = |port| if <[u8]>::is_empty(port) { default } else { port };
    let is_sound = |host: &[u8]| {
        let is_byte = |byte: &u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'_' | b'-');
        !host.is_empty()
            && host.len() <= 254
            && (host.iter().all(is_byte)
                || std::str::from_utf8(host).is_ok_and(|host| {
                    let address = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
                    address.is_some_and(|it| it.parse::<std::net::Ipv6Addr>().is_ok())
                }))
    };
    own.eq_ignore_ascii_case(host)
        && or_default(port) == or_default(own_port)
        && is_sound(host)
        && is_port(&or_default(port)[1..])
}

/// A host that no name can be rebound to.
fn is_fixed(origin: &[u8]) -> bool {
    let rest = origin.splitn(3, |byte| *byte == b'/').nth(2).unwrap_or_default();
    let (host, _) = split(rest);
    let host = host.strip_suffix(b".").unwrap_or(host);
    let address = std::str::from_utf8(host).ok().and_then(|host| host.parse().ok());
    host == b"localhost"
        || host.ends_with(b".localhost")
        || host.starts_with(b"[")
        || address.is_some_and(|_: std::net::Ipv4Addr| true)
}
