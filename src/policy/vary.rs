//! The Vary field: what the responses of a resource depend on.

use std::sync::Arc;

use http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{Entry, ORIGIN, VARY},
};

use super::{names, request::SEC_FETCH_SITE};

/// The request headers that the choice of a policy depends on beside Origin; `None` where no policy
/// is chosen.
pub(crate) type VaryNames = Option<Arc<[HeaderName]>>;

/// What the decision about a request reads of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Varies {
    Not,
    OnOrigin,
    /// Under `EnforceOrigin::AllRequests`.
    OnOriginAndFetchSite,
}

impl Varies {
    #[inline]
    pub(crate) fn write(self, headers: &mut HeaderMap) {
        if self != Self::Not {
            on_origin(headers);
        }
        if self == Self::OnOriginAndFetchSite {
            on(headers, &SEC_FETCH_SITE, HeaderValue::from_static("Sec-Fetch-Site"));
        }
    }
}

#[inline]
fn on_origin(headers: &mut HeaderMap) {
    let value = HeaderValue::from_static("Origin");
    // With few names a pass over them costs less than a look-up.
    if headers.keys_len() < 16 && !headers.keys().any(|name| name == VARY) {
        let _ = headers.try_append(VARY, value);
    } else {
        on(headers, &ORIGIN, value);
    }
}

/// Adds the names that the choice of a policy depends on.
#[inline]
pub(crate) fn on_names(headers: &mut HeaderMap, names: &VaryNames) {
    let Some(names) = names else { return };
    for name in names.iter() {
        on(headers, name, HeaderValue::from(name.clone()));
    }
}

/// Adds a name unless it is there, or `*` is (RFC 9110, section 12.5.5; difference D7).
fn on(headers: &mut HeaderMap, name: &HeaderName, value: HeaderValue) {
    match headers.try_entry(VARY) {
        Ok(Entry::Vacant(entry)) => {
            let _ = entry.try_insert(value);
        }
        Ok(Entry::Occupied(mut entry)) => {
            let is_known = entry.iter().any(|line| {
                names::elements(line.as_bytes()).any(|element| {
                    element == b"*" || element.eq_ignore_ascii_case(name.as_str().as_bytes())
                })
            });
            if !is_known {
                entry.append(value);
            }
        }
        Err(_) => {}
    }
}
