//! The rules of one policy, every value rendered: the page to read beside Starlette's file (hot).

use std::mem;

use http::{
    HeaderMap, HeaderName, HeaderValue, StatusCode,
    header::{
        ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS,
        ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_MAX_AGE,
        CONTENT_TYPE, VARY,
    },
};

use super::{
    config::EnforceOrigin,
    decision::{self, Answer, Decoration, Refusal, TRUE, Varies, WILDCARD},
    names::{self, AllowedNames},
    origin::{OriginSet, syntax::Origin},
    request::{self, AskedHeaders, Head, OriginField, PreflightRequest},
};

const ALLOW_PRIVATE_NETWORK: HeaderName =
    HeaderName::from_static("access-control-allow-private-network");
const TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");
const PREFLIGHT_VARY: HeaderValue = HeaderValue::from_static(
    "Origin, Access-Control-Request-Method, Access-Control-Request-Headers, Access-Control-Request-Private-Network",
);
const ENFORCED_VARY: HeaderValue = HeaderValue::from_static("Origin, Sec-Fetch-Site");

#[derive(Debug)]
pub(crate) struct Rules {
    pub(crate) origins: Origins,
    pub(crate) methods: Methods,
    pub(crate) headers: Headers,
    pub(crate) credentials: bool,
    pub(crate) private_network: bool,
    pub(crate) max_age: Option<HeaderValue>,
    pub(crate) expose: Option<HeaderValue>,
    /// Invariant: 200 to 299.
    pub(crate) success: StatusCode,
    pub(crate) browser_diagnostics: bool,
    /// Invariant: true => origins are `Origins::Any` and credentials is false and enforce is Nothing.
    pub(crate) constant: bool,
    pub(crate) enforce: EnforceOrigin,
}

#[derive(Debug)]
pub(crate) enum Origins {
    /// `*`.
    Any,
    Set(OriginSet),
}

#[derive(Debug)]
pub(crate) enum Methods {
    /// Whatever token is asked for.
    Mirrored,
    Listed {
        names: Box<[Box<[u8]>]>,
        value: HeaderValue,
    },
}

#[derive(Debug)]
pub(crate) enum Headers {
    /// `*`: whatever is asked for.
    Any,
    Listed {
        names: AllowedNames,
        value: HeaderValue,
    },
}

impl Rules {
    /// Decides a preflight.
    #[inline]
    pub(crate) fn answer(&self, asked: &PreflightRequest<'_>) -> Preflight {
        let allow_origin = self.allow_origin(asked.origin);
        let allow_methods = self.methods.allow(asked.method);
        let headers_refused = self.headers.refuses(asked.headers);
        let refusal = Refusal::ORIGIN
            .when(allow_origin.is_none())
            .and(Refusal::METHOD.when(!self.methods.contains(asked.method)))
            .and(Refusal::HEADERS.when(headers_refused))
            .and(Refusal::PRIVATE_NETWORK.when(asked.private_network && !self.private_network));
        Preflight {
            refusal,
            status: self.status(refusal, asked.method),
            allow_origin,
            allow_methods,
            allow_headers: self.headers.allow(asked.headers),
            private_network: asked.private_network && self.private_network,
        }
    }

    pub(crate) fn check(&self, asked: &PreflightRequest<'_>) -> Refusal {
        self.answer(asked).refusal
    }

    fn status(&self, refusal: Refusal, method: &HeaderValue) -> StatusCode {
        if refusal == Refusal::NOTHING {
            self.success
        } else if self.browser_diagnostics && self.browser_refuses(refusal, method) {
            StatusCode::OK
        } else {
            StatusCode::BAD_REQUEST
        }
    }

    /// Whether a browser refuses by itself, whatever the status, and can then name the cause (Fetch,
    /// "CORS-preflight fetch", step 7).
    fn browser_refuses(&self, refusal: Refusal, method: &HeaderValue) -> bool {
        // Without a list of methods the browser takes the method it asked for.
        let method_is_checked = matches!(self.methods, Methods::Listed { .. })
            && !matches!(method.as_bytes(), b"GET" | b"HEAD" | b"POST");
        refusal.origin() || refusal.headers() || refusal.method() && method_is_checked
    }

    /// What the actual response to a request is to carry.
    #[inline]
    pub(crate) fn actual(&self, headers: &HeaderMap) -> Decoration {
        if self.constant {
            return Decoration {
                allow_origin: Some(WILDCARD),
                expose: self.expose.clone(),
                ..Decoration::NONE
            };
        }
        let allow_origin = match OriginField::read(headers) {
            OriginField::Absent => None,
            origin => self.allow_origin(origin),
        };
        Decoration {
            expose: if allow_origin.is_some() { self.expose.clone() } else { None },
            allow_origin,
            credentials: self.credentials,
            varies: match self.enforce {
                EnforceOrigin::AllRequests => Varies::OnOriginAndFetchSite,
                EnforceOrigin::Nothing | EnforceOrigin::WebSockets => Varies::OnOrigin,
            },
            choice: None,
        }
    }

    /// Whether `enforce_origin` stops an actual request.
    #[inline]
    pub(crate) fn stops(&self, head: Head<'_>) -> bool {
        self.enforce != EnforceOrigin::Nothing && self.stops_at(head)
    }

    #[inline(never)]
    fn stops_at(&self, head: Head<'_>) -> bool {
        match self.enforce {
            EnforceOrigin::WebSockets if !request::is_web_socket_handshake(head) => return false,
            _ => {}
        }
        let origin = OriginField::read(head.headers);
        !matches!(origin, OriginField::Absent)
            && !self.allows(origin)
            && !request::is_same_origin(head, origin)
    }

    pub(crate) fn allows(&self, origin: OriginField<'_>) -> bool {
        self.allow_origin(origin).is_some()
    }

    /// Access-Control-Allow-Origin for an Origin that is there.
    #[inline]
    fn allow_origin(&self, origin: OriginField<'_>) -> Option<HeaderValue> {
        match (&self.origins, origin) {
            // Nothing of the request is echoed, so it may be malformed.
            (Origins::Any, _) if !self.credentials => Some(WILDCARD),
            (Origins::Any, OriginField::One(origin)) => {
                Origin::read(origin.as_bytes()).map(|_| origin.clone())
            }
            (Origins::Set(set), OriginField::One(origin)) => {
                set.contains(origin.as_bytes()).then(|| origin.clone())
            }
            (_, OriginField::Absent | OriginField::Several) => None,
        }
    }
}

impl Methods {
    #[inline]
    pub(crate) fn contains(&self, method: &HeaderValue) -> bool {
        match self {
            Self::Mirrored => names::is_token(method.as_bytes()),
            Self::Listed { names, .. } => names.iter().any(|name| **name == *method.as_bytes()),
        }
    }

    #[inline]
    fn allow(&self, method: &HeaderValue) -> Option<HeaderValue> {
        match self {
            Self::Mirrored => self.contains(method).then(|| method.clone()),
            Self::Listed { value, .. } => Some(value.clone()),
        }
    }
}

impl Headers {
    #[inline]
    fn refuses(&self, asked: AskedHeaders<'_>) -> bool {
        match self {
            Self::Any => false,
            Self::Listed { names, .. } => match asked {
                AskedHeaders::None => false,
                AskedHeaders::One(line) => !names.contains_all(line.as_bytes()),
                AskedHeaders::Several(_) => {
                    !asked.lines().all(|line| names.contains_all(line.as_bytes()))
                }
            },
        }
    }

    #[inline]
    fn allow(&self, asked: AskedHeaders<'_>) -> Option<HeaderValue> {
        match (self, asked) {
            (Self::Listed { value, .. }, _) => Some(value.clone()),
            (Self::Any, AskedHeaders::None) => None,
            (Self::Any, AskedHeaders::One(line)) => Some(line.clone()),
            (Self::Any, AskedHeaders::Several(_)) => joined(asked),
        }
    }
}

/// Several lines as the one list that they are (RFC 9110, section 5.3; difference D1).
#[cold]
fn joined(asked: AskedHeaders<'_>) -> Option<HeaderValue> {
    // To the byte: with room to spare the value's memory would be allocated again.
    let length = asked.lines().map(|line| line.len() + 2).sum::<usize>();
    let mut list = Vec::with_capacity(length.saturating_sub(2));
    for (index, line) in asked.lines().enumerate() {
        if index > 0 {
            list.extend_from_slice(b", ");
        }
        list.extend_from_slice(line.as_bytes());
    }
    // Joined of what were values, so it is one.
    HeaderValue::from_maybe_shared(bytes::Bytes::from(list)).ok()
}

/// A preflight decided, its echoes cloned out of the request.
#[derive(Debug)]
pub(crate) struct Preflight {
    refusal: Refusal,
    status: StatusCode,
    allow_origin: Option<HeaderValue>,
    allow_methods: Option<HeaderValue>,
    allow_headers: Option<HeaderValue>,
    private_network: bool,
}

impl Preflight {
    pub(crate) fn refusal(&self) -> Refusal {
        self.refusal
    }

    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    /// Writes the answer into the request's own map, emptied: its memory is there already, and a
    /// server that keeps the map for its next request gets it back.
    #[inline]
    pub(crate) fn write(self, rules: &Rules, fields: &mut HeaderMap) -> Answer {
        let mut headers = mem::take(fields);
        headers.clear();
        let mut set = |name, value| decision::set(&mut headers, name, value);
        set(VARY, PREFLIGHT_VARY);
        if let Some(origin) = self.allow_origin {
            set(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        }
        if let Some(methods) = self.allow_methods {
            set(ACCESS_CONTROL_ALLOW_METHODS, methods);
        }
        if let Some(seconds) = &rules.max_age {
            set(ACCESS_CONTROL_MAX_AGE, seconds.clone());
        }
        if let Some(names) = self.allow_headers {
            set(ACCESS_CONTROL_ALLOW_HEADERS, names);
        }
        if rules.credentials {
            set(ACCESS_CONTROL_ALLOW_CREDENTIALS, TRUE);
        }
        if self.private_network {
            set(ALLOW_PRIVATE_NETWORK, TRUE);
        }
        let mut answer = Answer { status: self.status, headers, refusal: self.refusal };
        if !answer.text().is_empty() {
            decision::set(&mut answer.headers, CONTENT_TYPE, TEXT);
        }
        answer
    }
}

/// The 403 of `enforce_origin`.
pub(crate) fn stopped() -> Answer {
    let mut headers = HeaderMap::with_capacity(2);
    headers.insert(VARY, ENFORCED_VARY);
    headers.insert(CONTENT_TYPE, TEXT);
    Answer { status: StatusCode::FORBIDDEN, headers, refusal: Refusal::ORIGIN }
}
