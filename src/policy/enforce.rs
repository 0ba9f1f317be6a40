//! `enforce_origin`: which requests are refused before they are carried out.

use std::mem;

use http::{
    HeaderMap, HeaderValue, Method, StatusCode,
    header::{CONTENT_TYPE, HOST, UPGRADE, VARY},
};

use super::{
    decision::{Answer, TEXT},
    names,
    origin::syntax::{Origin, Tuple, default_port, host_end, port_number},
    refusal::Refusal,
    request::{Head, RequestOrigin, SEC_FETCH_SITE},
};

/// Which requests of origins that are not allowed are refused instead of carried out.
///
/// CORS itself stops no request and does not cover WebSockets; see
/// [`CorsLayer::enforce_origin`](crate::CorsLayer::enforce_origin).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EnforceOrigin {
    /// None, as in CORS itself.
    #[default]
    Nothing,
    /// WebSocket handshakes.
    WebSockets,
    /// Every actual request, WebSocket handshakes included.
    ///
    /// Chromium and Firefox send `Origin: null` with every image and script of a sandboxed frame, so
    /// those are refused too.
    AllRequests,
}

const FORBIDDEN_VARY: HeaderValue = HeaderValue::from_static("Origin, Sec-Fetch-Site");

impl EnforceOrigin {
    /// Whether an actual request whose origin the policy does not allow is refused.
    #[inline(never)]
    pub(crate) fn refuses(self, head: Head<'_>, origin: &RequestOrigin<'_>) -> bool {
        let is_covered = match self {
            Self::Nothing => false,
            Self::WebSockets => is_web_socket_handshake(head),
            Self::AllRequests => true,
        };
        is_covered && !origin.is_absent() && !is_same_origin(head, origin)
    }
}

/// The 403, written over the request's own fields.
#[cold]
pub(crate) fn forbid(fields: &mut HeaderMap) -> Answer {
    fields.clear();
    fields.insert(VARY, FORBIDDEN_VARY);
    fields.insert(CONTENT_TYPE, TEXT);
    let refusal = Refusal::ORIGIN;
    let headers = mem::take(fields);
    Answer { status: StatusCode::FORBIDDEN, headers, text: refusal.text(), refusal }
}

/// Whether a request opens a WebSocket: RFC 6455, section 4.1, or RFC 8441, section 4.
fn is_web_socket_handshake(head: Head<'_>) -> bool {
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
pub(crate) fn is_same_origin(head: Head<'_>, origin: &RequestOrigin<'_>) -> bool {
    let is_host = match origin.parsed() {
        Some(Origin::Tuple(origin)) => origin_is_host(head, *origin),
        Some(Origin::Null | Origin::File) | None => false,
    };
    is_host || fetch_site_is_same_origin(head.headers)
}

/// `Sec-Fetch-Site: same-origin`: no script can set it, and it survives proxies that rewrite Host.
fn fetch_site_is_same_origin(headers: &HeaderMap) -> bool {
    let mut lines = headers.get_all(SEC_FETCH_SITE).iter();
    lines.next().is_some_and(|line| line == "same-origin") && lines.next().is_none()
}

fn origin_is_host(head: Head<'_>, origin: Tuple<'_>) -> bool {
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
