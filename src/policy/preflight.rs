//! `Preflight`: the decision about a preflight, and its answer.

use std::mem;

use http::{
    HeaderMap, HeaderName, HeaderValue, StatusCode,
    header::{
        ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS,
        ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_MAX_AGE,
        ACCESS_CONTROL_REQUEST_HEADERS, CONTENT_TYPE, VARY,
    },
};

use super::{
    decision::{Answer, TEXT},
    decoration::TRUE,
    refusal::Refusal,
    request::{AskedHeaders, PreflightRequest},
    rules::{Echoed, Grant, Headers, Methods, Rules},
};

const ALLOW_PRIVATE_NETWORK: HeaderName =
    HeaderName::from_static("access-control-allow-private-network");
const PREFLIGHT_VARY: HeaderValue = HeaderValue::from_static(
    "Origin, Access-Control-Request-Method, Access-Control-Request-Headers, Access-Control-Request-Private-Network",
);

/// The decision about a preflight.
#[derive(Debug)]
pub(crate) struct Preflight<'a> {
    pub(crate) asked: PreflightRequest<'a>,
    pub(crate) grant: Grant<'a>,
    pub(crate) refusal: Refusal,
    pub(crate) status: StatusCode,
}

impl Rules {
    /// The decision about a preflight.
    #[inline]
    pub(crate) fn preflight<'a>(&self, asked: PreflightRequest<'a>) -> Preflight<'a> {
        let grant = self.grant(&asked.origin);
        let refusal = Refusal::ORIGIN
            .when(grant.is_nothing())
            .and(Refusal::METHOD.when(!self.methods.contain(asked.method)))
            .and(Refusal::HEADERS.when(self.headers.refuse(asked.headers)))
            .and(Refusal::PRIVATE_NETWORK.when(asked.private_network && !self.private_network));
        Preflight { status: self.status(refusal, asked.method), asked, grant, refusal }
    }

    /// The status of the answer to a preflight.
    fn status(&self, refusal: Refusal, method: &HeaderValue) -> StatusCode {
        if refusal == Refusal::NOTHING {
            self.success
        } else if self.browser_diagnostics && self.browser_refuses(refusal, method) {
            StatusCode::OK
        } else {
            StatusCode::BAD_REQUEST
        }
    }

    /// Whether a browser refuses because of the headers, for any status, and can then name the
    /// cause (Fetch, "CORS-preflight fetch", step 7).
    pub(crate) fn browser_refuses(&self, refusal: Refusal, method: &HeaderValue) -> bool {
        // Without a list of methods the browser accepts the requested method.
        let method_is_checked = matches!(self.methods, Methods::Listed { .. })
            && !matches!(method.as_bytes(), b"GET" | b"HEAD" | b"POST");
        refusal.origin() || refusal.headers() || refusal.method() && method_is_checked
    }
}

/// The values from the request that the answer repeats. They are cloned.
#[derive(Debug)]
pub(crate) struct Echoes {
    refusal: Refusal,
    status: StatusCode,
    allow_origin: Option<HeaderValue>,
    method: Option<HeaderValue>,
    headers: Option<HeaderValue>,
    private_network: bool,
}

impl Preflight<'_> {
    #[inline]
    pub(crate) fn echoes(&self, rules: &Rules) -> Echoes {
        Echoes {
            refusal: self.refusal,
            status: self.status,
            allow_origin: self.grant.value(),
            method: match rules.methods {
                Methods::Mirrored if !self.refusal.method() => Some(self.asked.method.clone()),
                _ => None,
            },
            headers: match &rules.headers {
                Headers::Listed { .. } => None,
                Headers::Echoed(Echoed::Any) => match self.asked.headers {
                    AskedHeaders::None => None,
                    AskedHeaders::One(line) => Some(line.clone()),
                    AskedHeaders::Several(fields) => joined(fields),
                },
                Headers::Echoed(Echoed::Prefixed(prefixes)) => {
                    Some(prefixes.value(self.asked.headers))
                }
            },
            private_network: self.asked.private_network && rules.private_network,
        }
    }
}

impl Echoes {
    /// Writes the answer into the request's header map. Its memory is already allocated, and a
    /// server that reuses the map for its next request gets it back.
    #[inline]
    pub(crate) fn answer(self, rules: &Rules, fields: &mut HeaderMap) -> Answer {
        fields.clear();
        // The map is empty and each name comes once, so appending is cheapest.
        let mut set = |name, value| {
            let _ = fields.try_append(name, value);
        };
        set(VARY, PREFLIGHT_VARY);
        if let Some(origin) = self.allow_origin {
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
            Headers::Echoed(_) => self.headers,
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
        Answer { status: self.status, headers: mem::take(fields), text, refusal: self.refusal }
    }
}

/// Several lines joined as one list (RFC 9110, section 5.3; difference D1).
#[cold]
fn joined(fields: &HeaderMap) -> Option<HeaderValue> {
    let lines = || fields.get_all(ACCESS_CONTROL_REQUEST_HEADERS).iter();
    // The exact capacity: with more, the value would be allocated again.
    let length = lines().map(|line| line.len() + 2).sum::<usize>();
    let mut list = Vec::with_capacity(length.saturating_sub(2));
    for (index, line) in lines().enumerate() {
        if index > 0 {
            list.extend_from_slice(b", ");
        }
        list.extend_from_slice(line.as_bytes());
    }
    // It joins valid values, so it is valid.
    HeaderValue::from_maybe_shared(bytes::Bytes::from(list)).ok()
}
