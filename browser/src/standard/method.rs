//! Methods: which are forbidden, safelisted or normalised (Fetch, "Methods").

use http::Method;

/// The six methods that browsers write in upper case; `patch` is not one of them.
const NORMALIZED: [&str; 6] = ["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"];

/// What browsers send for a method as a script writes it (Fetch, "normalize").
///
/// None: it is not a token.
pub(crate) fn normalized(method: &str) -> Option<Method> {
    let normal = NORMALIZED.iter().find(|known| known.eq_ignore_ascii_case(method));
    Method::from_bytes(normal.copied().unwrap_or(method).as_bytes()).ok()
}

/// Methods that no script can send (Fetch, "forbidden method").
pub(crate) fn is_forbidden(method: &str) -> bool {
    ["CONNECT", "TRACE", "TRACK"].iter().any(|forbidden| forbidden.eq_ignore_ascii_case(method))
}

/// Methods that need no preflight and no listing (Fetch, "CORS-safelisted method").
pub(crate) fn is_safelisted(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::POST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_methods_are_normalized() {
        let rows = [("put", "PUT"), ("dElEtE", "DELETE"), ("patch", "patch"), ("query", "query")];
        for (written, sent) in rows {
            assert_eq!(normalized(written).unwrap().as_str(), sent);
        }
        for bad in ["", "GET ", "G\u{e9}T", "a,b"] {
            assert_eq!(normalized(bad), None, "{bad:?}");
        }
        assert!(is_forbidden("trace") && is_forbidden("TrAcK") && !is_forbidden("PATCH"));
    }
}
