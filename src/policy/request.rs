//! What the head of a request asks: no policy is needed to read it.

use http::{
    HeaderMap, HeaderName, HeaderValue, Method, Uri,
    header::{
        ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, HOST, ORIGIN, UPGRADE,
    },
    request::Parts,
};

use super::{
    names,
    origin::syntax::{Origin, default_port, host_end, port_number},
};

pub(crate) const REQUEST_PRIVATE_NETWORK: HeaderName =
    HeaderName::from_static("access-control-request-private-network");
pub(crate) const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The head of a request, borrowed from a whole request or from its parts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Head<'a> {
    pub(crate) method: &'a Method,
    pub(crate) uri: &'a Uri,
    pub(crate) headers: &'a HeaderMap,
}

impl<'a> From<&'a Parts> for Head<'a> {
    fn from(parts: &'a Parts) -> Self {
        let Parts { method, uri, headers, .. } = parts;
        Self { method, uri, headers }
    }
}

impl<'a, B> From<&'a http::Request<B>> for Head<'a> {
    fn from(request: &'a http::Request<B>) -> Self {
        Self { method: request.method(), uri: request.uri(), headers: request.headers() }
    }
}

/// The Origin field. Several lines are malformed, whatever they say (difference D3).
#[derive(Clone, Copy, Debug)]
pub(crate) enum OriginField<'a> {
    Absent,
    One(&'a HeaderValue),
    Several,
}

impl<'a> OriginField<'a> {
    #[inline]
    pub(crate) fn read(headers: &'a HeaderMap) -> Self {
        match headers.get(ORIGIN) {
            None => Self::Absent,
            // As many lines as names, so no name has several: cheaper than to look for a second.
            Some(origin) if headers.len() == headers.keys_len() => Self::One(origin),
            Some(origin) => match headers.get_all(ORIGIN).iter().nth(1) {
                None => Self::One(origin),
                Some(_) => Self::Several,
            },
        }
    }

    fn add(self, line: &'a HeaderValue) -> Self {
        match self {
            Self::Absent => Self::One(line),
            Self::One(_) | Self::Several => Self::Several,
        }
    }
}

/// The Access-Control-Request-Headers field. Several lines are one list (difference D1).
#[derive(Clone, Copy, Debug)]
pub(crate) enum AskedHeaders<'a> {
    None,
    One(&'a HeaderValue),
    Several(&'a HeaderMap),
}

impl<'a> AskedHeaders<'a> {
    pub(crate) fn lines(self) -> impl Iterator<Item = &'a HeaderValue> {
        let (one, several) = match self {
            Self::None => (None, None),
            Self::One(line) => (Some(line), None),
            Self::Several(map) => (None, Some(map.get_all(ACCESS_CONTROL_REQUEST_HEADERS))),
        };
        one.into_iter().chain(several.into_iter().flatten())
    }
}

/// A CORS-preflight request (Fetch, "HTTP requests").
#[derive(Clone, Copy, Debug)]
pub(crate) struct PreflightRequest<'a> {
    pub(crate) origin: OriginField<'a>,
    /// The first line; several are malformed, and Starlette reads the first.
    pub(crate) method: &'a HeaderValue,
    pub(crate) headers: AskedHeaders<'a>,
    pub(crate) private_network: bool,
}

impl<'a> PreflightRequest<'a> {
    /// Of an OPTIONS request. `None` unless both Origin and Access-Control-Request-Method are there,
    /// empty or not.
    ///
    /// One pass over the fields costs less than four look-ups.
    #[inline]
    pub(crate) fn read(fields: &'a HeaderMap) -> Option<Self> {
        let mut origin = OriginField::Absent;
        let mut method = None;
        let mut headers = AskedHeaders::None;
        let mut private_network = false;
        for (name, value) in fields {
            if name == ORIGIN {
                origin = origin.add(value);
            } else if name == ACCESS_CONTROL_REQUEST_METHOD {
                method = method.or(Some(value));
            } else if name == ACCESS_CONTROL_REQUEST_HEADERS {
                headers = match headers {
                    AskedHeaders::None => AskedHeaders::One(value),
                    _ => AskedHeaders::Several(fields),
                };
            } else if name == REQUEST_PRIVATE_NETWORK {
                private_network = true;
            }
        }
        if matches!(origin, OriginField::Absent) {
            return None;
        }
        Some(Self { origin, method: method?, headers, private_network })
    }
}

/// Whether a request opens a WebSocket: RFC 6455, section 4.1, or RFC 8441, section 4.
pub(crate) fn is_web_socket_handshake(head: Head<'_>) -> bool {
    if head.method == Method::CONNECT {
        // A plain CONNECT has an authority alone; an extended one names a scheme.
        return head.uri.scheme().is_some();
    }
    head.method == Method::GET
        && head.headers.get_all(UPGRADE).iter().any(|line| {
            names::elements(line.as_bytes())
                .any(|element| element.eq_ignore_ascii_case(b"websocket"))
        })
}

/// Whether the page that sent a request is of the request's own host, as far as a server can know.
pub(crate) fn is_same_origin(head: Head<'_>, origin: OriginField<'_>) -> bool {
    let is_host = match origin {
        OriginField::One(origin) => origin_is_host(head, origin),
        OriginField::Absent | OriginField::Several => false,
    };
    is_host || fetch_site_is_same_origin(head.headers)
}

/// `Sec-Fetch-Site: same-origin`: no script can set it, and it survives proxies that rewrite Host.
fn fetch_site_is_same_origin(headers: &HeaderMap) -> bool {
    let mut lines = headers.get_all(SEC_FETCH_SITE).iter();
    lines.next().is_some_and(|line| line == "same-origin") && lines.next().is_none()
}

fn origin_is_host(head: Head<'_>, origin: &HeaderValue) -> bool {
    let Some(Origin::Tuple(origin)) = Origin::read(origin.as_bytes()) else {
        return false;
    };
    let mut hosts = head.headers.get_all(HOST).iter();
    let authority = match head.uri.authority() {
        Some(authority) => authority.as_str().as_bytes(),
        None => match (hosts.next(), hosts.next()) {
            (Some(host), None) => host.as_bytes(),
            _ => return false,
        },
    };
    let Ok(authority) = std::str::from_utf8(authority) else {
        return false;
    };
    let (host, port) = authority.split_at(host_end(authority));
    let port = match port.strip_prefix(':') {
        Some(digits) => match port_number(digits) {
            Some(port) => Some(port),
            None => return false,
        },
        None if port.is_empty() => default_port(origin.scheme),
        None => return false,
    };
    host.eq_ignore_ascii_case(origin.host) && port == origin.effective_port()
}
