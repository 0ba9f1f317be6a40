//! Policies with long lists.

use std::{collections::HashSet, sync::LazyLock};

use foldhash::fast::FixedState;
use http::{HeaderName, HeaderValue};
use tower_http::cors::AllowHeaders;

use super::{Compared, list, theirs};
use crate::{
    limit::{Headers, Policy},
    request::ORIGIN,
};

/// `count` origins of one length, made for the whole run.
#[derive(Clone, Copy)]
pub(crate) struct ManyOrigins {
    set: &'static HashSet<Box<[u8]>, FixedState>,
    count: usize,
}

const MANY_LENGTH: usize = "https://site-000000.example.com".len();

impl ManyOrigins {
    pub(crate) fn new(count: usize) -> ManyOrigins {
        let set: HashSet<_, FixedState> =
            Self::all(count).map(|origin| origin.into_bytes().into_boxed_slice()).collect();
        ManyOrigins { set: Box::leak(Box::new(set)), count }
    }

    fn all(count: usize) -> impl Iterator<Item = String> {
        (0..count).map(|number| format!("https://site-{number:06}.example.com"))
    }

    /// The one in the middle: a linear search reads half of the list.
    pub(crate) fn hit(count: usize) -> String {
        Self::all(count).nth(count / 2).expect("at least one origin")
    }

    pub(crate) fn miss() -> &'static str {
        "https://site-999999.example.com"
    }
}

impl Policy for ManyOrigins {
    #[inline]
    fn allows_origin(&self, origin: &[u8]) -> bool {
        origin.len() == MANY_LENGTH && self.set.contains(origin)
    }
}

impl Compared for ManyOrigins {
    fn ours(&self) -> tower_cors::CorsLayer {
        tower_cors::CorsLayer::new().allow_origins(Self::all(self.count))
    }

    fn theirs(&self) -> tower_http::cors::CorsLayer {
        let origins: Vec<_> = Self::all(self.count).collect();
        theirs().allow_origin(list(origins.iter().map(String::as_str)))
    }
}

/// A thousand headers of one length, beside the safelisted ones.
#[derive(Clone, Copy)]
pub(crate) struct ManyNames;

const SAFELISTED: [&str; 4] = ["Accept", "Accept-Language", "Content-Language", "Content-Type"];

/// In lower case.
static NAMES: LazyLock<HashSet<Box<[u8]>, FixedState>> = LazyLock::new(|| {
    let names = ManyNames::all().map(|name| name.to_ascii_lowercase());
    names.map(|name| name.into_bytes().into()).collect()
});

static LISTED: LazyLock<String> = LazyLock::new(|| ManyNames::all().collect::<Vec<_>>().join(", "));

impl ManyNames {
    pub(crate) fn own() -> impl Iterator<Item = String> {
        (0..1_000).map(|number| format!("x-field-{number:04}"))
    }

    fn all() -> impl Iterator<Item = String> {
        SAFELISTED.into_iter().map(str::to_owned).chain(Self::own())
    }

    /// All, as a response says it.
    pub(crate) fn listed() -> &'static str {
        &LISTED
    }

    fn value() -> HeaderValue {
        static VALUE: LazyLock<HeaderValue> =
            LazyLock::new(|| HeaderValue::from_str(&LISTED).expect("names"));
        VALUE.clone()
    }
}

impl Policy for ManyNames {
    const HEADERS: Headers = Headers::Made(Self::value);

    #[inline]
    fn allows_origin(&self, origin: &[u8]) -> bool {
        origin == ORIGIN.as_bytes()
    }

    #[inline]
    fn allows_header(name: &[u8]) -> bool {
        NAMES.contains(name)
            || name.iter().any(u8::is_ascii_uppercase)
                && NAMES.contains(name.to_ascii_lowercase().as_slice())
    }
}

impl Compared for ManyNames {
    fn ours(&self) -> tower_cors::CorsLayer {
        tower_cors::CorsLayer::new().allow_origins([ORIGIN]).allow_headers(Self::own())
    }

    fn theirs(&self) -> tower_http::cors::CorsLayer {
        theirs().allow_origin(list([ORIGIN])).allow_headers(AllowHeaders::list(
            Self::all().map(|name| HeaderName::from_bytes(name.as_bytes()).expect("a name")),
        ))
    }
}
