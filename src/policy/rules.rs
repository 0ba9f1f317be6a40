//! The rules of one policy, every value rendered: the page to read beside Starlette's file (hot).

use http::{
    HeaderMap, HeaderName, HeaderValue, StatusCode,
    header::{
        ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS,
        ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_MAX_AGE,
        ACCESS_CONTROL_REQUEST_HEADERS, CONTENT_TYPE, VARY,
    },
};

use super::{
    config::EnforceOrigin,
    decision::{AllowOrigin, Answer, Choice, Decoration, Refusal, TRUE, Varies},
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
    /// What of a preflight is refused.
    #[inline]
    pub(crate) fn refusal(&self, asked: &PreflightRequest<'_>) -> Refusal {
        Refusal::ORIGIN
            .when(!self.allows(asked.origin))
            .and(Refusal::METHOD.when(!self.methods.contains(asked.method)))
            .and(Refusal::HEADERS.when(self.headers.refuses(asked.headers)))
            .and(Refusal::PRIVATE_NETWORK.when(asked.private_network && !self.private_network))
    }

    /// The status of the answer to a preflight.
    pub(crate) fn status(&self, refusal: Refusal, method: &HeaderValue) -> StatusCode {
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
    pub(crate) fn actual(&self, headers: &HeaderMap, choice: &Choice) -> Decoration {
        if self.constant {
            return Decoration {
                allow_origin: AllowOrigin::Any,
                expose: self.expose.clone(),
                choice: choice.clone(),
                ..Decoration::NONE
            };
        }
        let allow_origin = match OriginField::read(headers) {
            OriginField::Absent => AllowOrigin::Nothing,
            origin => self.allow_origin(origin, self.allows(origin)),
        };
        Decoration {
            expose: if allow_origin.is_nothing() { None } else { self.expose.clone() },
            allow_origin,
            credentials: self.credentials,
            varies: match self.enforce {
                EnforceOrigin::AllRequests => Varies::OnOriginAndFetchSite,
                EnforceOrigin::Nothing | EnforceOrigin::WebSockets => Varies::OnOrigin,
            },
            choice: choice.clone(),
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

    /// Whether an Origin that is there is allowed.
    #[inline]
    pub(crate) fn allows(&self, origin: OriginField<'_>) -> bool {
        match (&self.origins, origin) {
            // Nothing of the request is echoed, so it may be malformed.
            (Origins::Any, _) if !self.credentials => true,
            (Origins::Any, OriginField::One(origin)) => Origin::read(origin.as_bytes()).is_some(),
            (Origins::Set(set), OriginField::One(origin)) => set.contains(origin.as_bytes()),
            (_, OriginField::Absent | OriginField::Several) => false,
        }
    }

    /// Access-Control-Allow-Origin for an Origin that is there, `allowed` as [`allows`](Self::allows) says.
    #[inline]
    fn allow_origin(&self, origin: OriginField<'_>, allowed: bool) -> AllowOrigin {
        match (&self.origins, origin) {
            _ if !allowed => AllowOrigin::Nothing,
            (Origins::Any, _) if !self.credentials => AllowOrigin::Any,
            (_, OriginField::One(origin)) => AllowOrigin::Echo(origin.clone()),
            // None or several are never allowed.
            _ => AllowOrigin::Nothing,
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
}

/// Several lines as the one list that they are (RFC 9110, section 5.3; difference D1).
#[cold]
fn joined(fields: &HeaderMap) -> Option<HeaderValue> {
    let lines = || fields.get_all(ACCESS_CONTROL_REQUEST_HEADERS).iter();
    // To the byte: with room to spare the value's memory would be allocated again.
    let length = lines().map(|line| line.len() + 2).sum::<usize>();
    let mut list = Vec::with_capacity(length.saturating_sub(2));
    for (index, line) in lines().enumerate() {
        if index > 0 {
            list.extend_from_slice(b", ");
        }
        list.extend_from_slice(line.as_bytes());
    }
    // Joined of what were values, so it is one.
    HeaderValue::from_maybe_shared(bytes::Bytes::from(list)).ok()
}

/// A preflight decided, and what of the request its answer repeats.
#[derive(Debug)]
pub(crate) struct Preflight {
    refusal: Refusal,
    status: StatusCode,
    allow_origin: AllowOrigin,
    method: Option<HeaderValue>,
    headers: Option<HeaderValue>,
    private_network: bool,
}

impl Preflight {
    #[inline]
    pub(crate) fn new(rules: &Rules, asked: &PreflightRequest<'_>, refusal: Refusal) -> Self {
        Self {
            refusal,
            status: rules.status(refusal, asked.method),
            allow_origin: rules.allow_origin(asked.origin, !refusal.origin()),
            method: match rules.methods {
                Methods::Mirrored if !refusal.method() => Some(asked.method.clone()),
                _ => None,
            },
            headers: match (&rules.headers, asked.headers) {
                (Headers::Listed { .. }, _) | (Headers::Any, AskedHeaders::None) => None,
                (Headers::Any, AskedHeaders::One(line)) => Some(line.clone()),
                (Headers::Any, AskedHeaders::Several(fields)) => joined(fields),
            },
            private_network: asked.private_network && rules.private_network,
        }
    }

    /// Writes the answer over the request's own fields: their memory is there already, and a server
    /// that keeps the map for its next request gets it back.
    #[inline]
    pub(crate) fn write(mut self, rules: &Rules, fields: &mut HeaderMap) -> Answer {
        fields.clear();
        // The map is empty and no name comes twice: appending is the cheapest way in.
        let mut set = |name, value| {
            let _ = fields.try_append(name, value);
        };
        set(VARY, PREFLIGHT_VARY);
        if let Some(origin) = self.allow_origin.take() {
            set(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        }
        let methods = match &rules.methods {
            Methods::Mirrored => self.method,
            Methods::Listed { value, .. } => Some(value.clone()),
        };
        if let Some(methods) = methods {
            set(ACCESS_CONTROL_ALLOW_METHODS, methods);
        }
        if let Some(seconds) = &rules.max_age {
            set(ACCESS_CONTROL_MAX_AGE, seconds.clone());
        }
        let names = match &rules.headers {
            Headers::Any => self.headers,
            Headers::Listed { value, .. } => Some(value.clone()),
        };
        if let Some(names) = names {
            set(ACCESS_CONTROL_ALLOW_HEADERS, names);
        }
        if rules.credentials {
            set(ACCESS_CONTROL_ALLOW_CREDENTIALS, TRUE);
        }
        if self.private_network {
            set(ALLOW_PRIVATE_NETWORK, TRUE);
        }
        // RFC 9110, sections 15.3.5 and 15.3.6: a 204 and a 205 have no content.
        let text = match self.status {
            StatusCode::NO_CONTENT | StatusCode::RESET_CONTENT => "",
            _ => {
                set(CONTENT_TYPE, TEXT);
                self.refusal.text()
            }
        };
        Answer { status: self.status, refusal: self.refusal, text }
    }
}

/// The 403 of `enforce_origin`, written over the request's own fields.
#[cold]
pub(crate) fn forbid(fields: &mut HeaderMap) -> Answer {
    fields.clear();
    fields.insert(VARY, ENFORCED_VARY);
    fields.insert(CONTENT_TYPE, TEXT);
    let refusal = Refusal::ORIGIN;
    Answer { status: StatusCode::FORBIDDEN, refusal, text: refusal.text() }
}
