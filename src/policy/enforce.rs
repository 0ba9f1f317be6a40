//! `enforce_origin`: which requests are refused before the inner service handles them.

use std::mem;

use http::{
    HeaderMap, HeaderValue, Method, StatusCode,
    header::{CACHE_CONTROL, CONTENT_TYPE, UPGRADE, VARY},
};

use super::{
    decision::{Answer, TEXT},
    hosts::{Authority, Hosts, is_fixed},
    names,
    origin::syntax::{Origin, Tuple, default_port},
    refusal::Refusal,
    request::{Head, RequestOrigin},
    vary::Varies,
};

/// Which requests are refused if their origin is not allowed.
///
/// CORS itself does not stop requests and does not cover WebSockets; see
/// [`CorsLayer::enforce_origin`](crate::CorsLayer::enforce_origin).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EnforceOrigin {
    /// No requests, as in CORS itself.
    #[default]
    Nothing,
    /// WebSocket handshakes: `GET` with `Upgrade: websocket`, and extended `CONNECT` (RFC 8441).
    WebSockets,
    /// WebSocket handshakes, and every method except `GET`, `HEAD` and `OPTIONS`.
    ///
    /// It does not protect a `GET` that changes something, or a method override in a `GET`.
    StateChanging,
    /// Every request except navigations, as resource isolation policies do.
    ///
    /// A navigation is a `GET` with `Sec-Fetch-Mode: navigate` that is not for a frame, `object` or
    /// `embed`. Chromium and Firefox send `Origin: null` with every image and script of a sandboxed
    /// frame, so those are refused too.
    AllRequests,
}

impl EnforceOrigin {
    /// Whether an actual request is refused if the policy does not allow its origin.
    #[inline(never)]
    pub(crate) fn refuses(
        self,
        head: Head<'_>,
        origin: &RequestOrigin<'_>,
        hosts: Option<&Hosts>,
    ) -> bool {
        let is_safe = || matches!(*head.method, Method::GET | Method::HEAD | Method::OPTIONS);
        let is_covered = match self {
            Self::Nothing => false,
            Self::WebSockets => is_web_socket_handshake(head),
            Self::StateChanging => !is_safe() || is_web_socket_handshake(head),
            Self::AllRequests => true,
        };
        if !is_covered {
            return false;
        }
        let metadata = Metadata::read(head.headers);
        let is_spared = self == Self::AllRequests
            && metadata.is_navigation(head.method)
            && !is_web_socket_handshake(head);
        !is_spared && !is_own_page(head, origin, &metadata, hosts)
    }

    /// The request headers that the answers depend on.
    #[inline]
    pub(crate) fn varies(self, method: &Method) -> Varies {
        if self == Self::AllRequests && matches!(*method, Method::GET | Method::HEAD) {
            Varies::OnFetchMetadata
        } else {
            Varies::OnOrigin
        }
    }
}

/// The 403. It is written into the request's header map.
#[cold]
pub(crate) fn forbid(enforce: EnforceOrigin, method: &Method, fields: &mut HeaderMap) -> Answer {
    fields.clear();
    let varies = match enforce.varies(method) {
        Varies::OnFetchMetadata => Varies::OnFetchMetadata.text(),
        _ => "Origin, Sec-Fetch-Site",
    };
    fields.insert(VARY, HeaderValue::from_static(varies));
    // As a cache, nginx would return this answer to an empty Origin also to requests without
    // Origin, which pass.
    fields.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    fields.insert(CONTENT_TYPE, TEXT);
    let (headers, refusal) = (mem::take(fields), Refusal::ORIGIN);
    Answer { status: StatusCode::FORBIDDEN, headers, text: refusal.text(), refusal }
}

/// Whether a request opens a WebSocket: RFC 6455, section 4.1, or RFC 8441, section 4.
fn is_web_socket_handshake(head: Head<'_>) -> bool {
    if head.method == Method::CONNECT {
        // A plain CONNECT has only an authority; an extended one has a scheme.
        return head.uri.scheme().is_some();
    }
    head.method == Method::GET
        && head.headers.get_all(UPGRADE).iter().any(|line| {
            names::elements(line.as_bytes())
                .any(|element| element.eq_ignore_ascii_case(b"websocket"))
        })
}

/// The `Sec-Fetch` headers of a request. One pass costs less than look-ups of names that `http`
/// does not know.
#[derive(Debug, Default)]
struct Metadata<'a> {
    site: Lines<'a>,
    mode: Lines<'a>,
    destination: Lines<'a>,
}

/// The lines of a field. Several lines are not used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Lines<'a> {
    #[default]
    None,
    One(&'a [u8]),
    Several,
}

impl<'a> Metadata<'a> {
    fn read(headers: &'a HeaderMap) -> Self {
        let mut this = Self::default();
        for (name, value) in headers {
            let lines = match name.as_str() {
                "sec-fetch-site" => &mut this.site,
                "sec-fetch-mode" => &mut this.mode,
                "sec-fetch-dest" => &mut this.destination,
                _ => continue,
            };
            *lines = match lines {
                Lines::None => Lines::One(value.as_bytes()),
                Lines::One(_) | Lines::Several => Lines::Several,
            };
        }
        this
    }

    /// Whether a user opens a page, in a tab or window.
    fn is_navigation(&self, method: &Method) -> bool {
        *method == Method::GET
            && self.mode == Lines::One(b"navigate")
            && match self.destination {
                Lines::None => true,
                Lines::One(destination) => !matches!(
                    destination,
                    b"iframe" | b"frame" | b"object" | b"embed" | b"fencedframe"
                ),
                Lines::Several => false,
            }
    }
}

/// Whether a request comes from a page of its own host, or from no page, as far as a server can
/// know. Each line was tested in Chromium, Firefox and WebKit.
fn is_own_page(
    head: Head<'_>,
    origin: &RequestOrigin<'_>,
    metadata: &Metadata<'_>,
    hosts: Option<&Hosts>,
) -> bool {
    match metadata.site {
        Lines::None => {}
        // No script can set it. Browsers send it only to https and loopback, so a page with a
        // rebound name never sends it.
        Lines::One(b"same-origin" | b"none") => return is_consistent(head, origin, metadata),
        Lines::One(_) | Lines::Several => return false,
    }
    // A same-origin GET, or no browser.
    if origin.is_absent() {
        return true;
    }
    let Some((origin, authority)) = own_host(head, origin) else { return false };
    // A rebound name has no valid certificate.
    matches!(origin.scheme, "https" | "wss")
        || is_fixed(origin.host)
        || hosts.is_some_and(|hosts| hosts.contain_for_sure(authority))
}

/// The Origin and the authority of a request, if they are the same host and port.
fn own_host<'h, 'o>(
    head: Head<'h>,
    origin: &RequestOrigin<'o>,
) -> Option<(Tuple<'o>, Authority<'h>)> {
    let Some(Origin::Tuple(origin)) = origin.parsed() else { return None };
    let authority = Authority::of(head)?;
    is_at(*origin, authority).then_some((*origin, authority))
}

/// Of a request that is refused: whether it would pass if `allow_hosts` listed its host.
pub(crate) fn is_own_host_unlisted(head: Head<'_>, origin: &RequestOrigin<'_>) -> bool {
    Metadata::read(head.headers).site == Lines::None && own_host(head, origin).is_some()
}

/// Whether an Origin is plausible with `Sec-Fetch-Site: same-origin`. WebKit sends a foreign one
/// with a form that the site's own service worker forwards.
fn is_consistent(head: Head<'_>, origin: &RequestOrigin<'_>, metadata: &Metadata<'_>) -> bool {
    match origin.parsed() {
        None => origin.is_absent(),
        // Because of the referrer policy. A navigation through a service worker does not come from
        // the page.
        Some(Origin::Null) => {
            metadata.mode != Lines::One(b"navigate") || metadata.destination != Lines::One(b"empty")
        }
        Some(Origin::File) => false,
        Some(Origin::Tuple(_)) => own_host(head, origin).is_some(),
    }
}

/// Whether a request comes from a page of its own host, which needs no CORS. This allows nothing:
/// it is only used for requests that are handled anyway.
pub(crate) fn is_same_origin(head: Head<'_>, origin: &RequestOrigin<'_>) -> bool {
    own_host(head, origin).is_some()
        || Metadata::read(head.headers).site == Lines::One(b"same-origin")
}

/// Whether a request is for the host and port of an origin. Application schemes have no host to
/// compare.
fn is_at(origin: Tuple<'_>, authority: Authority<'_>) -> bool {
    let port = authority.port.or(default_port(origin.scheme));
    matches!(origin.scheme, "http" | "https" | "ws" | "wss")
        && authority.is_host(origin.host)
        && port == origin.effective_port()
}
