//! The policies that are compared, each as the limit hard-codes it, as this crate and as tower-http configure it.

mod many;

use std::{sync::LazyLock, time::Duration};

use http::{HeaderName, HeaderValue, Method, header};
use regex_automata::{Anchored, Input, meta::Regex};
use tower_cors::Any;
use tower_http::cors::{AllowHeaders, AllowMethods, AllowOrigin};

use crate::{
    limit::{Headers, Methods, Policy, is},
    request::ORIGIN,
};

pub(crate) use many::{ManyNames, ManyOrigins};

pub(crate) trait Compared: Policy {
    fn ours(&self) -> tower_cors::CorsLayer;
    fn theirs(&self) -> tower_http::cors::CorsLayer;
}

/// FastAPI's defaults, in which tower-http's differ: GET alone, ten minutes.
fn theirs() -> tower_http::cors::CorsLayer {
    tower_http::cors::CorsLayer::new()
        .allow_methods([Method::GET])
        .allow_headers([
            header::ACCEPT,
            header::ACCEPT_LANGUAGE,
            header::CONTENT_LANGUAGE,
            header::CONTENT_TYPE,
        ])
        .max_age(Duration::from_secs(600))
}

fn list<'a>(origins: impl IntoIterator<Item = &'a str>) -> AllowOrigin {
    AllowOrigin::list(
        origins.into_iter().map(|origin| HeaderValue::from_str(origin).expect("an origin")),
    )
}

#[derive(Clone, Copy)]
pub(crate) struct OneOrigin;

impl Policy for OneOrigin {
    #[inline]
    fn allows_origin(&self, origin: &[u8]) -> bool {
        origin == ORIGIN.as_bytes()
    }
}

impl Compared for OneOrigin {
    fn ours(&self) -> tower_cors::CorsLayer {
        tower_cors::CorsLayer::new().allow_origins([ORIGIN])
    }

    fn theirs(&self) -> tower_http::cors::CorsLayer {
        theirs().allow_origin(list([ORIGIN]))
    }
}

#[derive(Clone, Copy)]
pub(crate) struct AnyOrigin;

impl Policy for AnyOrigin {
    const ANY_ORIGIN: bool = true;

    fn allows_origin(&self, _: &[u8]) -> bool {
        true
    }
}

impl Compared for AnyOrigin {
    fn ours(&self) -> tower_cors::CorsLayer {
        tower_cors::CorsLayer::new().allow_origins(Any)
    }

    fn theirs(&self) -> tower_http::cors::CorsLayer {
        theirs().allow_origin(AllowOrigin::any())
    }
}

#[derive(Clone, Copy)]
pub(crate) struct Pattern;

impl Policy for Pattern {
    fn allows_origin(&self, origin: &[u8]) -> bool {
        origin.len() <= "https://".len() + 254
            && origin
                .strip_prefix(b"https://")
                .and_then(|rest| rest.strip_suffix(b".example.com"))
                .is_some_and(|labels| !labels.is_empty() && is_host(labels))
    }
}

fn is_host(text: &[u8]) -> bool {
    text.iter().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'_' | b'-'))
}

impl Compared for Pattern {
    fn ours(&self) -> tower_cors::CorsLayer {
        tower_cors::CorsLayer::new().allow_origins(["https://*.example.com"])
    }

    fn theirs(&self) -> tower_http::cors::CorsLayer {
        theirs().allow_origin(AllowOrigin::predicate(|origin, _| {
            origin
                .as_bytes()
                .strip_prefix(b"https://")
                .and_then(|rest| rest.strip_suffix(b".example.com"))
                .is_some_and(|labels| !labels.is_empty())
        }))
    }
}

#[derive(Clone, Copy)]
pub(crate) struct ByRegex;

const REGEX: &str = r"https://[a-z0-9-]+\.example\.com";

static ANCHORED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(&format!(r"\A(?:{REGEX})\z")).expect("a regex"));

/// The longest origin there is: scheme, host, port.
const LONGEST_ORIGIN: usize = 64 + "://".len() + 254 + ":65535".len();

impl Policy for ByRegex {
    fn allows_origin(&self, origin: &[u8]) -> bool {
        origin.len() <= LONGEST_ORIGIN
            && is_https_origin(origin)
            && ANCHORED.is_match(Input::new(origin).anchored(Anchored::Yes))
    }
}

/// The regex takes no other scheme and no port, but it knows nothing of what an origin is.
fn is_https_origin(origin: &[u8]) -> bool {
    origin.strip_prefix(b"https://").is_some_and(|host| !host.is_empty() && is_host(host))
}

impl Compared for ByRegex {
    fn ours(&self) -> tower_cors::CorsLayer {
        tower_cors::CorsLayer::new().allow_origin_regex(REGEX)
    }

    fn theirs(&self) -> tower_http::cors::CorsLayer {
        theirs().allow_origin(AllowOrigin::predicate(|origin, _| {
            ANCHORED.is_match(Input::new(origin.as_bytes()).anchored(Anchored::Yes))
        }))
    }
}

/// All that an actual answer can get: credentials and exposed headers.
#[derive(Clone, Copy)]
pub(crate) struct Exposing;

impl Policy for Exposing {
    const CREDENTIALS: bool = true;
    const EXPOSED: Option<HeaderValue> =
        Some(HeaderValue::from_static("etag, x-request-id, x-total-count"));

    #[inline]
    fn allows_origin(&self, origin: &[u8]) -> bool {
        origin == ORIGIN.as_bytes()
    }
}

impl Compared for Exposing {
    fn ours(&self) -> tower_cors::CorsLayer {
        tower_cors::CorsLayer::new()
            .allow_origins([ORIGIN])
            .allow_credentials(true)
            .expose_headers(["etag", "x-request-id", "x-total-count"])
    }

    fn theirs(&self) -> tower_http::cors::CorsLayer {
        theirs().allow_origin(list([ORIGIN])).allow_credentials(true).expose_headers([
            header::ETAG,
            HeaderName::from_static("x-request-id"),
            HeaderName::from_static("x-total-count"),
        ])
    }
}

/// What `enforce_origin` and `allow_hosts` check, together.
#[derive(Clone, Copy)]
pub(crate) struct Guarded;

pub(crate) const OWN_HOST: &str = "api.example.com";

impl Policy for Guarded {
    const CREDENTIALS: bool = true;
    const ENFORCED: bool = true;
    const HOST: Option<&'static str> = Some(OWN_HOST);

    #[inline]
    fn allows_origin(&self, origin: &[u8]) -> bool {
        origin == ORIGIN.as_bytes()
    }
}

impl Compared for Guarded {
    fn ours(&self) -> tower_cors::CorsLayer {
        Enforced.ours().allow_hosts(OWN_HOST)
    }

    /// It has no such thing.
    fn theirs(&self) -> tower_http::cors::CorsLayer {
        Enforced.theirs()
    }
}

/// `enforce_origin` alone.
#[derive(Clone, Copy)]
pub(crate) struct Enforced;

impl Policy for Enforced {
    const CREDENTIALS: bool = true;
    const ENFORCED: bool = true;

    #[inline]
    fn allows_origin(&self, origin: &[u8]) -> bool {
        origin == ORIGIN.as_bytes()
    }
}

impl Compared for Enforced {
    fn ours(&self) -> tower_cors::CorsLayer {
        tower_cors::CorsLayer::new()
            .allow_origins([ORIGIN])
            .allow_credentials(true)
            .enforce_origin(tower_cors::EnforceOrigin::AllRequests)
    }

    fn theirs(&self) -> tower_http::cors::CorsLayer {
        theirs().allow_origin(list([ORIGIN])).allow_credentials(true)
    }
}

/// An API that is written to: methods, headers, credentials.
#[derive(Clone, Copy)]
pub(crate) struct Api;

impl Policy for Api {
    const CREDENTIALS: bool = true;
    const METHODS: Methods = Methods::These(HeaderValue::from_static("GET, POST, PUT, DELETE"));
    const HEADERS: Headers = Headers::These(HeaderValue::from_static(
        "Accept, Accept-Language, Authorization, Content-Language, Content-Type, X-Request-Id",
    ));

    #[inline]
    fn allows_origin(&self, origin: &[u8]) -> bool {
        origin == ORIGIN.as_bytes()
    }

    #[inline]
    fn allows_method(method: &[u8]) -> bool {
        matches!(method, b"GET" | b"POST" | b"PUT" | b"DELETE")
    }

    #[inline]
    fn allows_header(name: &[u8]) -> bool {
        match name.len() {
            6 => is(name, b"accept"),
            12 => is(name, b"content-type") || is(name, b"x-request-id"),
            13 => is(name, b"authorization"),
            15 => is(name, b"accept-language"),
            16 => is(name, b"content-language"),
            _ => false,
        }
    }
}

impl Compared for Api {
    fn ours(&self) -> tower_cors::CorsLayer {
        tower_cors::CorsLayer::new()
            .allow_origins([ORIGIN])
            .allow_methods(["GET", "POST", "PUT", "DELETE"])
            .allow_headers(["Authorization", "X-Request-Id"])
            .allow_credentials(true)
    }

    fn theirs(&self) -> tower_http::cors::CorsLayer {
        theirs()
            .allow_origin(list([ORIGIN]))
            .allow_methods([Method::GET, Method::POST, Method::PUT, Method::DELETE])
            .allow_headers([
                header::ACCEPT,
                header::ACCEPT_LANGUAGE,
                header::AUTHORIZATION,
                header::CONTENT_LANGUAGE,
                header::CONTENT_TYPE,
                HeaderName::from_static("x-request-id"),
            ])
            .allow_credentials(true)
    }
}

/// Whatever headers are asked for.
#[derive(Clone, Copy)]
pub(crate) struct AnyHeaders;

impl Policy for AnyHeaders {
    const HEADERS: Headers = Headers::Mirrored;

    #[inline]
    fn allows_origin(&self, origin: &[u8]) -> bool {
        origin == ORIGIN.as_bytes()
    }
}

impl Compared for AnyHeaders {
    fn ours(&self) -> tower_cors::CorsLayer {
        tower_cors::CorsLayer::new().allow_origins([ORIGIN]).allow_headers(Any)
    }

    fn theirs(&self) -> tower_http::cors::CorsLayer {
        theirs().allow_origin(list([ORIGIN])).allow_headers(AllowHeaders::mirror_request())
    }
}

/// Whatever method is asked for.
#[derive(Clone, Copy)]
pub(crate) struct MirrorMethods;

impl Policy for MirrorMethods {
    const METHODS: Methods = Methods::Mirrored;

    #[inline]
    fn allows_origin(&self, origin: &[u8]) -> bool {
        origin == ORIGIN.as_bytes()
    }

    /// Any token.
    #[inline]
    fn allows_method(method: &[u8]) -> bool {
        !method.is_empty()
            && method
                .iter()
                .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte))
    }
}

impl Compared for MirrorMethods {
    fn ours(&self) -> tower_cors::CorsLayer {
        tower_cors::CorsLayer::new().allow_origins([ORIGIN]).mirror_methods()
    }

    fn theirs(&self) -> tower_http::cors::CorsLayer {
        theirs().allow_origin(list([ORIGIN])).allow_methods(AllowMethods::mirror_request())
    }
}
