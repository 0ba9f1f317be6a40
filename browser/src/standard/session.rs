//! `Session`: what a page keeps between its requests.

use std::time::{Duration, SystemTime};

use url::Url;

use super::{origin::Origin, preflight_cache::PreflightCache};
use crate::{Engine, cookies::Jar, exchange::Exchange};

/// The state of a page: its origin, cookies, preflights, clock and log.
#[derive(Debug)]
pub(crate) struct Session {
    /// Err: what the page was given, and what to write instead.
    pub(crate) origin: Result<Origin, Malformed>,
    /// The site in the address bar, to which cookies are first-party; the page's own but for
    /// sandboxed frames.
    pub(crate) shown_on: Origin,
    /// What relative URLs are relative to.
    pub(crate) base: Option<Url>,
    pub(crate) engine: Engine,
    pub(crate) jar: Jar,
    pub(crate) preflights: PreflightCache,
    /// Since 1970. It moves only by [`Page::advance`](crate::Page::advance).
    pub(crate) now: Duration,
    pub(crate) exchanges: Vec<Exchange>,
}

/// An origin that no browser sends.
#[derive(Clone, Debug)]
pub(crate) struct Malformed {
    pub(crate) value: String,
    pub(crate) instead: Option<String>,
}

impl Session {
    pub(crate) fn of(origin: &str) -> Self {
        let parsed = Origin::parse(origin);
        let shown_on = parsed.clone().unwrap_or(Origin::Opaque);
        let origin = parsed.map_err(|instead| Malformed { value: origin.to_owned(), instead });
        Self::new(origin, shown_on)
    }

    /// A sandboxed frame, on a page of an origin if that is known.
    pub(crate) fn sandboxed(shown_on: Option<&str>) -> Self {
        let Some(shown_on) = shown_on else { return Self::new(Ok(Origin::Opaque), Origin::Opaque) };
        let outer = Self::of(shown_on);
        Self {
            origin: outer.origin.map(|_| Origin::Opaque),
            ..Self::new(Ok(Origin::Opaque), outer.shown_on)
        }
    }

    fn new(origin: Result<Origin, Malformed>, shown_on: Origin) -> Self {
        let base = Url::parse(shown_on.serialized()).ok().filter(|url| !url.cannot_be_a_base());
        Self {
            origin,
            shown_on,
            base,
            engine: Engine::default(),
            jar: Jar::default(),
            preflights: PreflightCache::default(),
            now: SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default(),
            exchanges: Vec::new(),
        }
    }
}
