//! `Extras`: rare settings that change a response.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header::ACCESS_CONTROL_EXPOSE_HEADERS};

use super::{inner::InnerHeaders, names::elements};

const TIMING_ALLOW_ORIGIN: HeaderName = HeaderName::from_static("timing-allow-origin");

/// Rare settings that change a response, as a set in one byte. All other policies pay for one
/// comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Extras(u8);

impl Extras {
    pub(crate) const NOTHING: Self = Self(0);
    const KEEP_INNER: Self = Self(1);
    const REMOVE_INNER: Self = Self(2);
    /// `*` is exposed with credentials. Browsers would look for a header called `*`, so the names
    /// are written out (difference D12).
    const WRITE_NAMES: Self = Self(4);
    /// `Timing-Allow-Origin` gets the value of `Access-Control-Allow-Origin` (Fetch, "TAO check").
    const TIMING: Self = Self(8);

    pub(crate) fn new(inner: InnerHeaders, writes_names: bool, timing: bool) -> Self {
        let inner = match inner {
            InnerHeaders::Replace => Self::NOTHING,
            InnerHeaders::Keep => Self::KEEP_INNER,
            InnerHeaders::Remove => Self::REMOVE_INNER,
        };
        let when = |extra: Self, wanted: bool| if wanted { extra.0 } else { 0 };
        Self(inner.0 | when(Self::WRITE_NAMES, writes_names) | when(Self::TIMING, timing))
    }

    fn has(self, extra: Self) -> bool {
        self.0 & extra.0 != 0
    }

    fn inner(self) -> InnerHeaders {
        if self.has(Self::KEEP_INNER) {
            InnerHeaders::Keep
        } else if self.has(Self::REMOVE_INNER) {
            InnerHeaders::Remove
        } else {
            InnerHeaders::Replace
        }
    }

    /// Applies the settings before the grant is written. It may withdraw `grant`. It extends
    /// `expose`, the names that outer layers add, to all exposed names.
    #[cold]
    pub(crate) fn apply(
        self,
        status: StatusCode,
        grant: &mut Option<HeaderValue>,
        expose: &mut Option<Arc<HeaderValue>>,
        headers: &mut HeaderMap,
    ) {
        if !self.inner().prepare(headers) {
            *grant = None;
        }
        let Some(origin) = grant else { return };
        if self.has(Self::WRITE_NAMES) {
            let outer = expose.take();
            // The fields of a 304 replace those of the stored response (RFC 9111, section 3.2), and
            // the stored response has more names.
            if status != StatusCode::NOT_MODIFIED {
                *expose = names(headers, outer.as_deref()).map(Arc::new);
            }
            if expose.is_none() {
                headers.remove(ACCESS_CONTROL_EXPOSE_HEADERS);
            }
        }
        if self.has(Self::TIMING) {
            headers.remove(TIMING_ALLOW_ORIGIN);
            let _ = headers.try_insert(TIMING_ALLOW_ORIGIN, origin.clone());
        }
    }
}

/// The names of a response that scripts can read only if they are exposed, then those of outer
/// layers. `None` if there are none.
fn names(headers: &HeaderMap, outer: Option<&HeaderValue>) -> Option<HeaderValue> {
    let is_hidden = |name: &&str| {
        !is_safelisted(name) && !is_unreadable(name) && !name.starts_with("access-control-")
    };
    let there = headers.keys().map(HeaderName::as_str).filter(is_hidden).map(str::as_bytes);
    let is_there =
        |name: &[u8]| headers.keys().any(|other| name.eq_ignore_ascii_case(other.as_ref()));
    let outer = outer.into_iter().flat_map(|names| elements(names.as_bytes()));
    let mut line = Vec::new();
    for name in there.chain(outer.filter(|name| !is_there(name))) {
        if !line.is_empty() {
            line.extend_from_slice(b", ");
        }
        line.extend_from_slice(name);
    }
    if line.is_empty() {
        return None;
    }
    // It only has header names, so it is a valid value.
    HeaderValue::from_maybe_shared(Bytes::from(line)).ok()
}

/// Fetch, "forbidden response-header name": no script can ever read it. The name is in lower case.
pub(crate) fn is_unreadable(name: &str) -> bool {
    matches!(name, "set-cookie" | "set-cookie2")
}

/// Fetch, "CORS-safelisted response-header name": every script can read it. The name is in lower case.
pub(crate) fn is_safelisted(name: &str) -> bool {
    matches!(
        name,
        "cache-control"
            | "content-language"
            | "content-length"
            | "content-type"
            | "expires"
            | "last-modified"
            | "pragma"
    )
}
