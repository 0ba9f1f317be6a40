//! Values from a request as text: escaped and cut.

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
    match bytes.get(..LONGEST) {
        Some(start) if bytes.len() > LONGEST => {
            format!("{}... ({} bytes)", start.escape_ascii(), bytes.len())
        }
        _ => bytes.escape_ascii().to_string(),
    }
}
