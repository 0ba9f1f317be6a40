//! Values from a request as text: escaped and cut.

use std::ascii;

use crate::policy::request::{OriginField, RequestOrigin};

pub(crate) fn shown_origin(origin: &RequestOrigin<'_>) -> String {
    match origin.field() {
        OriginField::Absent => "(none)".to_owned(),
        OriginField::One(origin) => shown(origin.as_bytes()),
        OriginField::Several => "(several)".to_owned(),
    }
}

/// Bytes from a request as text: escaped, and cut so that no client can fill a log.
pub(crate) fn shown(bytes: &[u8]) -> String {
    const LONGEST: usize = 512;
    let mut text = String::new();
    for escaped in bytes.iter().copied().map(ascii::escape_default) {
        if text.len() + escaped.len() > LONGEST {
            return format!("{text}... ({} bytes)", bytes.len());
        }
        text.extend(escaped.map(char::from));
    }
    text
}
