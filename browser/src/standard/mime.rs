//! The essence of a MIME type (MIME Sniffing, "parse a MIME type"), as far as CORS asks for it.

use super::lists::{is_token, trimmed};

/// `type/subtype` in lower case; none if the value does not parse. Parameters cannot fail.
pub(crate) fn essence(value: &[u8]) -> Option<String> {
    // Isomorphic decoding is not needed: only ASCII tokens can pass.
    let value = value.trim_ascii();
    let slash = value.iter().position(|byte| *byte == b'/')?;
    let (kind, rest) = (&value[..slash], &value[slash + 1..]);
    let subtype = trimmed(rest.split(|byte| *byte == b';').next().unwrap_or_default());
    if !is_token(kind) || !is_token(subtype) {
        return None;
    }
    let essence = [kind, b"/", subtype].concat().to_ascii_lowercase();
    String::from_utf8(essence).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn essences() {
        let rows: [(&[u8], Option<&str>); 9] = [
            (b"text/plain", Some("text/plain")),
            (b" TEXT/Plain ; charset=x", Some("text/plain")),
            (b"text/plain;", Some("text/plain")),
            (b"text/plain, text/html", None),
            (b"text", None),
            (b"/plain", None),
            (b"text/", None),
            (b"", None),
            (b"text /plain", None),
        ];
        for (value, expected) in rows {
            assert_eq!(essence(value).as_deref(), expected, "{value:?}");
        }
    }
}
