//! Code for all lists: spaces, empty items, duplicates, header values.

use std::{borrow::Cow, collections::HashMap};

use bytes::Bytes;
use http::HeaderValue;

use super::standard::{ALL_METHODS_VALUE, SAFELISTED_HEADERS_VALUE};
use crate::diagnostic::{Diagnostic, Kind, Setting};

/// The items without spaces around them. Empty ones are ignored (difference D15).
pub(crate) fn items<'a>(
    setting: Setting,
    list: &'a [String],
    found: &mut Vec<Diagnostic>,
) -> Vec<&'a str> {
    let mut counts: HashMap<_, usize> = HashMap::new();
    let mut items = Vec::new();
    for item in list {
        let trimmed = item.trim();
        if trimmed.is_empty() {
            found.push(Diagnostic::note(setting, Kind::EmptyItem).of(item));
            continue;
        }
        if trimmed != item {
            found.push(Diagnostic::note(setting, Kind::Blanks).of(item));
        }
        let read = match setting {
            Setting::AllowHeaders | Setting::ExposeHeaders | Setting::AllowHosts => {
                Cow::Owned(trimmed.to_ascii_lowercase())
            }
            _ => Cow::Borrowed(trimmed),
        };
        let count = counts.entry(read).or_default();
        *count += 1;
        if *count == 2 {
            found.push(Diagnostic::note(setting, Kind::Duplicate).of(trimmed));
        }
        items.push(trimmed);
    }
    items
}

/// A configured text as a header value. It was checked before: a malformed text is already an
/// error.
pub(crate) fn rendered(text: String) -> HeaderValue {
    // The defaults need no reference count.
    let defaults = ["GET", "600", SAFELISTED_HEADERS_VALUE, ALL_METHODS_VALUE];
    if let Some(text) = defaults.into_iter().find(|default| *default == text) {
        return HeaderValue::from_static(text);
    }
    let value =
        HeaderValue::from_maybe_shared(Bytes::from(text)).unwrap_or(HeaderValue::from_static(""));
    // The first clone of `Bytes` allocates a shared count, so it is done here and not in a request.
    drop(value.clone());
    value
}
