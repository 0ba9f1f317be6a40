//! The Vary field: what the responses of a resource depend on, in one line (difference D7).
//!
//! nginx uses the last line alone, API Gateway and load balancers keep one: a second line would lose
//! what the first says.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, header::VARY};

use super::names::elements;

/// The request headers that the choice of a policy reads beside Origin; `None` where no policy is
/// chosen.
pub(crate) type VaryNames = Option<Arc<Vec<HeaderName>>>;

/// What the decision about a request reads of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Varies {
    Not,
    OnOrigin,
    /// GET and HEAD under `EnforceOrigin::AllRequests`.
    OnFetchMetadata,
}

impl Varies {
    pub(crate) const fn text(self) -> &'static str {
        match self {
            Self::Not => "",
            Self::OnOrigin => "Origin",
            Self::OnFetchMetadata => "Origin, Sec-Fetch-Site, Sec-Fetch-Mode, Sec-Fetch-Dest",
        }
    }
}

/// Adds to a map without Vary.
#[inline]
pub(crate) fn write(headers: &mut HeaderMap, varies: Varies, names: &VaryNames) {
    // Constants: of a text that is chosen here each byte would be checked.
    let value = match varies {
        _ if names.as_ref().is_some_and(|names| !names.is_empty()) => {
            return merge(headers, varies, names);
        }
        Varies::Not => return,
        Varies::OnOrigin => const { HeaderValue::from_static(Varies::OnOrigin.text()) },
        Varies::OnFetchMetadata => {
            const { HeaderValue::from_static(Varies::OnFetchMetadata.text()) }
        }
    };
    let _ = headers.try_append(VARY, value);
}

/// Adds the names that the choice of a policy reads to an answer.
#[inline]
pub(crate) fn add_names(headers: &mut HeaderMap, names: &VaryNames) {
    if names.as_ref().is_some_and(|names| !names.is_empty()) {
        merge(headers, Varies::Not, names);
    }
}

/// Adds what is not there yet (RFC 9110, section 12.5.5). `Vary: *` says it all and stays.
#[inline(never)]
pub(crate) fn merge(headers: &mut HeaderMap, varies: Varies, names: &VaryNames) {
    let mut lines = headers.get_all(VARY).iter();
    match (lines.next(), lines.next(), names, varies) {
        // What nearly all responses with a Vary of their own need.
        (Some(line), None, None, Varies::OnOrigin) => {
            let line = line.as_bytes();
            let says_it = |name: &[u8]| name == b"*" || name.eq_ignore_ascii_case(b"origin");
            if !elements(line).any(says_it) {
                let parts: &[&[u8]] = &[line, b", ", b"Origin"];
                insert(headers, parts[if line.is_empty() { 2 } else { 0 }..].concat());
            }
        }
        _ => merge_all(headers, varies, names),
    }
}

#[inline(never)]
fn merge_all(headers: &mut HeaderMap, varies: Varies, names: &VaryNames) {
    let lines = || headers.get_all(VARY).iter().map(HeaderValue::as_bytes);
    let there = || lines().flat_map(elements);
    let is_any = there().any(|name| name == b"*");
    let names = names.iter().flat_map(|names| names.iter()).map(|name| name.as_str().as_bytes());
    let mut missing: Vec<&[u8]> = Vec::new();
    for name in elements(varies.text().as_bytes()).chain(names) {
        let is_it = |other: &[u8]| other.eq_ignore_ascii_case(name);
        if !is_any && !there().any(is_it) && !missing.iter().any(|other| is_it(other)) {
            missing.push(name);
        }
    }
    if missing.is_empty() && lines().count() < 2 {
        return;
    }
    let parts = || lines().filter(|line| !line.is_empty()).chain(missing.iter().copied());
    // To the byte: with room to spare the value's memory would be allocated again.
    let length = parts().map(|part| part.len() + 2).sum::<usize>();
    let mut line = Vec::with_capacity(length.saturating_sub(2));
    for part in parts() {
        if !line.is_empty() {
            line.extend_from_slice(b", ");
        }
        line.extend_from_slice(part);
    }
    insert(headers, line);
}

/// A line joined of what were values, so it is one.
fn insert(headers: &mut HeaderMap, line: Vec<u8>) {
    if let Ok(line) = HeaderValue::from_maybe_shared(Bytes::from(line)) {
        let _ = headers.try_insert(VARY, line);
    }
}
