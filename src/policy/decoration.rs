//! `Decoration`: the headers that an actual response gets, ready to be written.

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

/// The most names that a `HeaderMap` can have. With so many, `try_insert` cannot even replace.
const FULL: usize = 24_576;

/// The headers that an actual response gets. It moves with the inner service's future, so it is
/// small.
#[derive(Debug)]
pub(crate) struct Decoration {
    /// If `None`, the next two are not sent either (difference D2).
    pub(crate) allow_origin: Option<HeaderValue>,
    pub(crate) credentials: bool,
    pub(crate) expose: Option<Arc<HeaderValue>>,
    pub(crate) extras: Extras,
    pub(crate) varies: Varies,
    pub(crate) vary_names: VaryNames,
}

impl Decoration {
    /// Does not change the response.
    pub(crate) const NONE: Self = Self {
        allow_origin: None,
        credentials: false,
        expose: None,
        extras: Extras::NOTHING,
        varies: Varies::Not,
        vary_names: None,
    };

    /// Replaces all lines of the headers that it sets. All other headers stay, except for
    /// difference D9. It is applied once: its values move into the response.
    #[inline]
    pub(crate) fn apply(&mut self, status: StatusCode, headers: &mut HeaderMap) {
        let grants = self.allow_origin.is_some();
        if self.extras != Extras::NOTHING {
            self.extras.apply(status, &mut self.allow_origin, &mut self.expose, headers);
        }
        // It adds at most four names, so a map with room for four has room for all.
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
            // Several lines of a tunnel's response also stay as they are.
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
            // With Vary there are four fields: the map grows once instead of twice.
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

    /// Headers of the inner service must not stay if the map has no room for the headers that
    /// replace them.
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

/// Which fields of the inner service's response must be merged or replaced.
struct Present {
    vary: bool,
    credentials: bool,
}

impl Present {
    /// With few names one pass over them costs less than a look-up. With many names it does not
    /// check, and assumes that all are present.
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

/// Difference D9: our origin together with the inner service's
/// `Access-Control-Allow-Credentials: true` would grant cookies that nobody allowed. If the inner
/// service allowed the same origin itself, its header stays.
#[cold]
fn withdraw_credentials(headers: &mut HeaderMap, origin: &HeaderValue) {
    let mut lines = headers.get_all(ACCESS_CONTROL_ALLOW_ORIGIN).iter();
    let is_inner = lines.next() == Some(origin) && lines.next().is_none();
    if !is_inner {
        headers.remove(ACCESS_CONTROL_ALLOW_CREDENTIALS);
    }
}

/// Replaces a field. A full map accepts no new name. Then the header is missing, and the browser
/// refuses.
#[inline]
fn set(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    let _ = headers.try_insert(name, value);
}
