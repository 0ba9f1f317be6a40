//! What a page sees of a response's headers (Fetch, "filtered response").

use http::{HeaderMap, header::ACCESS_CONTROL_EXPOSE_HEADERS};

use super::lists;

/// Fetch, "CORS-safelisted response-header name".
const SAFELISTED: [&str; 7] = [
    "cache-control",
    "content-language",
    "content-length",
    "content-type",
    "expires",
    "last-modified",
    "pragma",
];

/// Fetch, "forbidden response-header name".
fn is_forbidden(name: &str) -> bool {
    matches!(name, "set-cookie" | "set-cookie2")
}

/// Names and combined values, sorted by name: what a script can read.
pub(crate) type Visible = Vec<(String, String)>;

/// Fetch, "basic filtered response".
pub(crate) fn basic(headers: &HeaderMap) -> Visible {
    visible(headers, |_| true)
}

/// Fetch, "CORS filtered response".
pub(crate) fn cors(headers: &HeaderMap, with_credentials: bool) -> Visible {
    // A list that does not parse exposes nothing.
    let exposed = lists::tokens(headers, &ACCESS_CONTROL_EXPOSE_HEADERS).ok().flatten();
    let exposed: std::collections::HashSet<_> =
        exposed.unwrap_or_default().into_iter().map(|name| name.to_ascii_lowercase()).collect();
    // Main fetch: with credentials `*` is a name like others.
    let is_any = !with_credentials && exposed.contains("*");
    visible(headers, |name| is_any || SAFELISTED.contains(&name) || exposed.contains(name))
}

fn visible(headers: &HeaderMap, is_shown: impl Fn(&str) -> bool) -> Visible {
    let names =
        headers.keys().filter(|name| !is_forbidden(name.as_str()) && is_shown(name.as_str()));
    let mut visible: Visible = names
        .map(|name| {
            let value = lists::combined(headers, name).unwrap_or_default();
            (name.as_str().to_owned(), lists::decoded(&value))
        })
        .collect();
    visible.sort_unstable();
    visible
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};

    use super::*;

    fn names(exposed: &[&str], with_credentials: bool) -> Vec<String> {
        let mut headers = HeaderMap::new();
        for name in ["content-type", "x-total", "etag", "set-cookie", "set-cookie2", "*", "pragma"]
        {
            headers.append(
                HeaderName::from_bytes(name.as_bytes()).unwrap(),
                HeaderValue::from_static("1"),
            );
        }
        for line in exposed {
            headers.append(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_str(line).unwrap());
        }
        let mut names: Vec<_> =
            cors(&headers, with_credentials).into_iter().map(|(name, _)| name).collect();
        names.retain(|name| !["content-type", "pragma"].contains(&name.as_str()));
        names
    }

    #[test]
    fn exposed_headers() {
        assert!(names(&[], false).is_empty());
        assert_eq!(names(&["X-Total"], true), ["x-total"]);
        assert_eq!(names(&["X-Total, ", "etag"], true), ["etag", "x-total"]);
        assert_eq!(names(&["*"], false), ["*", "access-control-expose-headers", "etag", "x-total"]);
        assert_eq!(names(&["*"], true), ["*"]);
        assert!(names(&["set-cookie"], false).is_empty());
        assert!(names(&["x-total, a b"], false).is_empty());
    }

    #[test]
    fn lines_are_combined() {
        let mut headers = HeaderMap::new();
        headers.append("cache-control", HeaderValue::from_static("a"));
        headers.append("cache-control", HeaderValue::from_bytes(b"\xfc").unwrap());
        headers.append("set-cookie", HeaderValue::from_static("a=b"));
        assert_eq!(basic(&headers), [("cache-control".to_owned(), "a, \u{fc}".to_owned())]);
    }
}
