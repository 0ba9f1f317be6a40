//! What the limit answers to a preflight.

use std::mem;

use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue,
    header::{
        ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS,
        ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_MAX_AGE,
        ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, CONTENT_TYPE, HeaderName,
        ORIGIN, VARY,
    },
};

use super::{Headers, Methods, Policy, names::allows_list};

/// The header map of the answer, built in the request's own, and what failed. `None`: not a preflight.
#[inline]
pub(super) fn preflight<P: Policy>(
    policy: &P,
    request: &mut HeaderMap,
) -> Option<(HeaderMap, Failures)> {
    let mut asked = Asked::default();
    for (name, value) in request.iter() {
        if name == ORIGIN {
            asked.origin_repeated = asked.origin.is_some();
            asked.origin.get_or_insert(value);
        } else if name == ACCESS_CONTROL_REQUEST_METHOD {
            asked.method.get_or_insert(value);
        } else if name == ACCESS_CONTROL_REQUEST_HEADERS {
            asked.headers_repeated = asked.headers.is_some();
            asked.headers.get_or_insert(value);
        } else if name == PRIVATE_NETWORK {
            asked.private_network = true;
        }
    }
    let (origin, method) = (asked.origin?, asked.method?);

    let mut failures = Failures(0);
    let allow_origin = if P::ANY_ORIGIN && !P::CREDENTIALS {
        Some(HeaderValue::from_static("*"))
    } else if !asked.origin_repeated && policy.allows_origin(origin.as_bytes()) {
        Some(origin.clone())
    } else {
        failures.0 |= 1;
        None
    };
    let allow_methods = match P::METHODS {
        Methods::These(names) => {
            if !P::allows_method(method.as_bytes()) {
                failures.0 |= 2;
            }
            Some(names)
        }
        Methods::Mirrored if P::allows_method(method.as_bytes()) => Some(method.clone()),
        Methods::Mirrored => {
            failures.0 |= 2;
            None
        }
    };
    let allow_headers = match P::HEADERS {
        listed @ (Headers::These(_) | Headers::Made(_)) => {
            let allowed = match asked.headers {
                None => true,
                Some(line) if !asked.headers_repeated => allows_list::<P>(line.as_bytes()),
                Some(_) => request
                    .get_all(ACCESS_CONTROL_REQUEST_HEADERS)
                    .iter()
                    .all(|line| allows_list::<P>(line.as_bytes())),
            };
            if !allowed {
                failures.0 |= 4;
            }
            match listed {
                Headers::These(names) => Some(names),
                Headers::Made(names) => Some(names()),
                Headers::Mirrored => None,
            }
        }
        Headers::Mirrored => match asked.headers {
            Some(_) if asked.headers_repeated => Some(joined(request)),
            line => line.cloned(),
        },
    };
    if asked.private_network {
        failures.0 |= 8;
    }

    let mut headers = mem::take(request);
    headers.clear();
    // The map is empty and no name comes twice: appending is the cheapest way in.
    headers.append(
        VARY,
        HeaderValue::from_static(
            "Origin, Access-Control-Request-Method, Access-Control-Request-Headers, \
             Access-Control-Request-Private-Network",
        ),
    );
    if let Some(names) = allow_methods {
        headers.append(ACCESS_CONTROL_ALLOW_METHODS, names);
    }
    headers.append(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    if let Some(names) = allow_headers {
        headers.append(ACCESS_CONTROL_ALLOW_HEADERS, names);
    }
    if P::CREDENTIALS {
        headers.append(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    }
    if let Some(origin) = allow_origin {
        headers.append(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    }
    headers.append(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    Some((headers, failures))
}

const PRIVATE_NETWORK: HeaderName =
    HeaderName::from_static("access-control-request-private-network");

#[derive(Default)]
struct Asked<'a> {
    origin: Option<&'a HeaderValue>,
    origin_repeated: bool,
    method: Option<&'a HeaderValue>,
    headers: Option<&'a HeaderValue>,
    headers_repeated: bool,
    private_network: bool,
}

#[cold]
fn joined(request: &HeaderMap) -> HeaderValue {
    let lines = || request.get_all(ACCESS_CONTROL_REQUEST_HEADERS).iter();
    // To the byte: `Bytes` takes a full `Vec` without a further allocation.
    let length = lines().map(|line| line.len() + 2).sum::<usize>() - 2;
    let mut text = Vec::with_capacity(length);
    for line in lines() {
        if !text.is_empty() {
            text.extend_from_slice(b", ");
        }
        text.extend_from_slice(line.as_bytes());
    }
    HeaderValue::from_maybe_shared(Bytes::from(text)).expect("header values joined by a comma")
}

/// Which of origin, method, headers and private-network failed, as bits: what the extensions of a refusal carry.
#[derive(Clone, Copy)]
pub(super) struct Failures(pub(super) u8);

impl Failures {
    pub(super) fn text(self) -> &'static str {
        match self.0 {
            0 => "OK",
            1 => "Disallowed CORS origin",
            2 => "Disallowed CORS method",
            3 => "Disallowed CORS origin, method",
            4 => "Disallowed CORS headers",
            5 => "Disallowed CORS origin, headers",
            6 => "Disallowed CORS method, headers",
            7 => "Disallowed CORS origin, method, headers",
            8 => "Disallowed CORS private-network",
            9 => "Disallowed CORS origin, private-network",
            10 => "Disallowed CORS method, private-network",
            11 => "Disallowed CORS origin, method, private-network",
            12 => "Disallowed CORS headers, private-network",
            13 => "Disallowed CORS origin, headers, private-network",
            14 => "Disallowed CORS method, headers, private-network",
            _ => "Disallowed CORS origin, method, headers, private-network",
        }
    }
}
