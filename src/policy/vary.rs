//! The Vary field: the request headers that responses depend on, in one line (difference D7).
//!
//! nginx uses only the last line, and API Gateway and load balancers keep only one. With two lines,
//! one would be lost.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, header::VARY};

use super::names::elements;

/// The request headers that the choice of a policy reads, except Origin. `None` if no policy is
/// chosen.
pub(crate) type VaryNames = Option<Arc<Vec<HeaderName>>>;

/// The request headers that a decision depends on.
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
    // Constants, because each byte of a run-time text would be checked.
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

/// Adds to an answer the names that the choice of a policy reads.
#[inline]
pub(crate) fn add_names(headers: &mut HeaderMap, names: &VaryNames) {
    if names.as_ref().is_some_and(|names| !names.is_empty()) {
        merge(headers, Varies::Not, names);
    }
}

/// Adds missing names (RFC 9110, section 12.5.5). `Vary: *` covers everything and stays.
#[inline(never)]
pub(crate) fn merge(headers: &mut HeaderMap, varies: Varies, names: &VaryNames) {
    let mut lines = headers.get_all(VARY).iter();
    match (lines.next(), lines.next(), names, varies) {
        // The usual case for a response that already has Vary.
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
    // The exact capacity: with more, the value would be allocated again.
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

/// The line joins valid values, so it is valid.
fn insert(headers: &mut HeaderMap, line: Vec<u8>) {
    if let Ok(line) = HeaderValue::from_maybe_shared(Bytes::from(line)) {
        let _ = headers.try_insert(VARY, line);
    }
}
