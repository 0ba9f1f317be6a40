//! `Decoration`: what an actual response is to carry, ready to be written into its headers.

use std::sync::Arc;

use http::{
    HeaderMap, HeaderName, HeaderValue, StatusCode,
    header::{
        ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN,
        ACCESS_CONTROL_EXPOSE_HEADERS, VARY,
    },
};

use super::{
    extras::Extras,
    vary::{self, Varies, VaryNames},
};

pub(super) const TRUE: HeaderValue = HeaderValue::from_static("true");

/// How many names a `HeaderMap` takes: from here on `try_insert` refuses even to replace.
const FULL: usize = 24_576;

/// What an actual response is to carry. It moves with the inner service's future, so it is small.
#[derive(Debug)]
pub(crate) struct Decoration {
    /// `None` grants nothing, and then neither of the next two is sent (difference D2).
    pub(crate) allow_origin: Option<HeaderValue>,
    pub(crate) credentials: bool,
    pub(crate) expose: Option<Arc<HeaderValue>>,
    pub(crate) extras: Extras,
    pub(crate) varies: Varies,
    pub(crate) vary_names: VaryNames,
}

impl Decoration {
    /// Leaves a response as it came.
    pub(crate) const NONE: Self = Self {
        allow_origin: None,
        credentials: false,
        expose: None,
        extras: Extras::NOTHING,
        varies: Varies::Not,
        vary_names: None,
    };

    /// Replaces what it sets, all lines of it, and leaves the rest but for difference D9. It is applied
    /// once: its values move into the response.
    #[inline]
    pub(crate) fn apply(&mut self, status: StatusCode, headers: &mut HeaderMap) {
        let grants = self.allow_origin.is_some();
        if self.extras != Extras::NOTHING {
            self.extras.apply(status, &mut self.allow_origin, &mut self.expose, headers);
        }
        // Four names at most are added, so a map with room for them takes them all.
        if headers.keys_len() >= FULL - 4 {
            self.remove_replaced(headers);
        }
        let there = Present::read(headers);
        if let Some(origin) = self.allow_origin.take() {
            if there.credentials && !self.credentials {
                withdraw_credentials(headers, &origin);
            }
            self.grant(origin, headers);
        }
        if there.vary {
            // Even several lines of a tunnel's response stay as they are.
            if grants || self.varies != Varies::Not || self.vary_names.is_some() {
                vary::merge(headers, self.varies, &self.vary_names);
            }
        } else {
            vary::write(headers, self.varies, &self.vary_names);
        }
    }

    #[inline]
    fn grant(&mut self, origin: HeaderValue, headers: &mut HeaderMap) {
        let names = self.expose.take();
        if self.credentials && names.is_some() {
            // With Vary four fields: one growth of the map instead of two.
            let _ = headers.try_reserve(4);
        }
        set(headers, ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        if self.credentials {
            set(headers, ACCESS_CONTROL_ALLOW_CREDENTIALS, TRUE);
        }
        if let Some(names) = names {
            set(headers, ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::clone(&names));
        }
    }

    /// What the inner service granted must not stay where the map has no room for what replaces it.
    #[cold]
    fn remove_replaced(&self, headers: &mut HeaderMap) {
        if self.allow_origin.is_some() {
            headers.remove(ACCESS_CONTROL_ALLOW_ORIGIN);
            headers.remove(ACCESS_CONTROL_ALLOW_CREDENTIALS);
            if self.expose.is_some() {
                headers.remove(ACCESS_CONTROL_EXPOSE_HEADERS);
            }
        }
    }
}

/// Which fields of the inner service's response ask for more than a new field.
struct Present {
    vary: bool,
    credentials: bool,
}

impl Present {
    /// With few names one pass over them costs less than a look-up; with many this does not know, and
    /// says that all are there.
    #[inline]
    fn read(headers: &HeaderMap) -> Self {
        let many = headers.keys_len() >= 16;
        let mut present = Self { vary: many, credentials: many };
        if !many {
            for name in headers.keys() {
                present.vary |= name == VARY;
                present.credentials |= name == ACCESS_CONTROL_ALLOW_CREDENTIALS;
            }
        }
        present
    }
}

/// Difference D9: our origin beside the inner service's `Access-Control-Allow-Credentials: true` would
/// be a grant that nobody gave. Where the inner service granted that very origin, it is its own.
#[cold]
fn withdraw_credentials(headers: &mut HeaderMap, origin: &HeaderValue) {
    let mut lines = headers.get_all(ACCESS_CONTROL_ALLOW_ORIGIN).iter();
    let is_inner = lines.next() == Some(origin) && lines.next().is_none();
    if !is_inner {
        headers.remove(ACCESS_CONTROL_ALLOW_CREDENTIALS);
    }
}

/// Replaces a field. A map that holds as many names as it can takes no more; the grant is then
/// missing, and the browser refuses.
#[inline]
fn set(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    let _ = headers.try_insert(name, value);
}
