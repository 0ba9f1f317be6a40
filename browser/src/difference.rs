//! How an allowed origin differs from the origin of a page.

use url::Url;

/// What is wrong with a value of Access-Control-Allow-Origin for a page of this origin, as a clause
/// that can follow a colon. `None` if they are the same, or two origins of which each is well
/// formed: then the server sends one constant origin, or a cache returned the answer for another
/// page.
///
/// Browsers compare the two byte by byte (Fetch, "CORS check"), so a value that is nearly right is
/// wrong.
///
/// ```
/// use tower_browser::origin_difference;
///
/// let page = "https://app.example.com";
/// assert_eq!(
///     origin_difference("https://app.example.com/", page),
///     Some("it ends with a slash, but an origin has no path"),
/// );
/// assert_eq!(origin_difference("http://app.example.com", page), Some("only the scheme differs"));
/// assert_eq!(origin_difference("https://other.example", page), None);
/// assert_eq!(origin_difference(page, page), None);
/// ```
#[must_use]
pub fn origin_difference(allowed: &str, origin: &str) -> Option<&'static str> {
    let is_same = |url: Url| url.origin().ascii_serialization() == origin;
    let scheme_and_rest = |text| str::split_once(text, "://");
    Some(if allowed == origin {
        return None;
    } else if allowed.is_empty() {
        "it is empty"
    } else if allowed.trim_matches(['"', '\'', '`', ' ']) == origin {
        "the quotes are part of the value"
    } else if allowed.trim_end_matches('/') == origin {
        "it ends with a slash, but an origin has no path"
    } else if allowed.eq_ignore_ascii_case(origin) {
        "it has upper-case letters, but browsers write origins in lower case"
    } else if Url::parse(allowed).is_ok_and(is_same) {
        "browsers write this origin in another form: without a path and without the default port"
    } else if allowed.contains('*') {
        "browsers do not support patterns here: only `*` alone means any origin"
    } else if allowed == "null" {
        "`null` is the origin of sandboxed frames, not a way to allow any origin"
    } else {
        let Some((scheme, rest)) = scheme_and_rest(allowed) else {
            return Some("it is not an origin: the scheme is missing");
        };
        match scheme_and_rest(origin) {
            Some((other, same)) if rest == same && scheme != other => "only the scheme differs",
            Some(_) if without_port(allowed) == without_port(origin) => "only the port differs",
            _ => return None,
        }
    })
}

fn without_port(origin: &str) -> &str {
    let port = origin.rfind(':').filter(|colon| {
        let digits = &origin[colon + 1..];
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    });
    port.map_or(origin, |colon| &origin[..colon])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_difference_has_its_clause() {
        let page = "https://app.example.com";
        for (allowed, origin, expected) in [
            ("", page, "is empty"),
            ("\"https://app.example.com\"", page, "quotes"),
            ("'https://app.example.com'", page, "quotes"),
            ("https://app.example.com/", page, "slash"),
            ("HTTPS://App.example.com", page, "upper-case"),
            ("https://app.example.com:443", page, "default port"),
            ("https://app.example.com/app", page, "without a path"),
            ("http://app.example.com", page, "scheme differs"),
            ("https://app.example.com:8443", page, "port differs"),
            ("http://localhost:3000", "http://localhost:5173", "port differs"),
            ("https://*.example.com", page, "patterns"),
            ("null", page, "sandboxed"),
            ("app.example.com", page, "scheme is missing"),
            ("true", "null", "scheme is missing"),
        ] {
            let said = origin_difference(allowed, origin);
            assert!(said.is_some_and(|clause| clause.contains(expected)), "{allowed}: {said:?}");
        }
        for (allowed, origin) in [
            (page, page),
            ("null", "null"),
            ("https://other.example", page),
            ("https://api.example.com", page),
            ("http://app.example.com:8080", page),
            (page, "null"),
            ("https://app.example.com.evil.example", page),
        ] {
            assert_eq!(origin_difference(allowed, origin), None, "{allowed}");
        }
    }
}
