//! Request headers: forbidden, safelisted and unsafe ones (Fetch, "Headers").

use http::HeaderValue;

use super::{lists, method, mime};
use crate::{Fetch, Mode, engine::Habits};

/// A header of a request, with its name as the script wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) value: HeaderValue,
}

impl Field {
    pub(crate) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }
}

/// The headers that a script may send, and the content type of its body (Fetch, "Headers class").
///
/// Err: the name of one that is malformed.
pub(crate) fn allowed(fetch: &Fetch, habits: &Habits) -> Result<Vec<Field>, String> {
    let mut fields: Vec<Field> = Vec::new();
    for (name, value) in &fetch.fields {
        let value = HeaderValue::from_bytes(value.trim_ascii());
        let (true, Ok(value)) = (lists::is_token(name.as_bytes()), value) else {
            return Err(name.clone());
        };
        let field = Field { name: name.clone(), value };
        let is_dropped = is_forbidden(&field)
            || (habits.sends_own_user_agent && field.is("user-agent"))
            || (fetch.mode == Mode::NoCors && !stays_without_cors(&field, &fields));
        if !is_dropped {
            fields.push(field);
        }
    }
    let kind = fetch.body.as_ref().and_then(|body| body.kind);
    if let Some(kind) = kind.filter(|_| !fields.iter().any(|field| field.is("content-type"))) {
        let value = HeaderValue::from_static(kind);
        fields.push(Field { name: "Content-Type".to_owned(), value });
    }
    Ok(fields)
}

/// The guard "request-no-cors": the values of a name are judged together.
fn stays_without_cors(field: &Field, others: &[Field]) -> bool {
    let values: Vec<_> = others
        .iter()
        .filter(|other| other.is(&field.name))
        .chain([field])
        .map(|field| field.value.as_bytes())
        .collect();
    is_no_cors_safelisted(&field.name, &values.join(&b", "[..]))
}

const FORBIDDEN: [&str; 21] = [
    "accept-charset",
    "accept-encoding",
    "access-control-request-headers",
    "access-control-request-method",
    "connection",
    "content-length",
    "cookie",
    "cookie2",
    "date",
    "dnt",
    "expect",
    "host",
    "keep-alive",
    "origin",
    "referer",
    "set-cookie",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
];

const METHOD_OVERRIDES: [&str; 3] =
    ["x-http-method", "x-http-method-override", "x-method-override"];

/// Headers that are silently dropped (Fetch, "forbidden request-header").
pub(crate) fn is_forbidden(field: &Field) -> bool {
    let name = field.name.to_ascii_lowercase();
    if FORBIDDEN.contains(&name.as_str()) || name.starts_with("proxy-") || name.starts_with("sec-")
    {
        return true;
    }
    METHOD_OVERRIDES.contains(&name.as_str())
        && field.value.as_bytes().split(|byte| *byte == b',').any(|element| {
            std::str::from_utf8(lists::trimmed(element)).is_ok_and(method::is_forbidden)
        })
}

/// No value longer than this is safelisted.
const LONGEST_VALUE: usize = 128;
/// All safelisted values together.
const LONGEST_VALUES: usize = 1024;

/// Fetch, "CORS-safelisted request-header".
pub(crate) fn is_safelisted(name: &str, value: &[u8]) -> bool {
    if value.len() > LONGEST_VALUE {
        return false;
    }
    match name.to_ascii_lowercase().as_str() {
        "accept" => !value.iter().copied().any(is_unsafe_byte),
        "accept-language" | "content-language" => {
            value.iter().all(|byte| byte.is_ascii_alphanumeric() || b" *,-.;=".contains(byte))
        }
        "content-type" => {
            !value.iter().copied().any(is_unsafe_byte)
                && matches!(
                    mime::essence(value).as_deref(),
                    Some(
                        "application/x-www-form-urlencoded" | "multipart/form-data" | "text/plain"
                    )
                )
        }
        "range" => is_simple_range(value),
        _ => false,
    }
}

/// Fetch, "no-CORS-safelisted request-header".
pub(crate) fn is_no_cors_safelisted(name: &str, value: &[u8]) -> bool {
    !name.eq_ignore_ascii_case("range") && is_safelisted(name, value)
}

/// Fetch, "CORS-unsafe request-header byte".
fn is_unsafe_byte(byte: u8) -> bool {
    (byte < 0x20 && byte != b'\t') || byte == 0x7f || b"\"():<>?@[\\]{}".contains(&byte)
}

/// Fetch, "parse a single range header value", with a start: `bytes=5-` and `bytes=5-9`.
fn is_simple_range(value: &[u8]) -> bool {
    let Some(range) = value.strip_prefix(b"bytes=") else { return false };
    let Some(dash) = range.iter().position(|byte| *byte == b'-') else { return false };
    let (start, end) = (&range[..dash], &range[dash + 1..]);
    let is_digits = |text: &[u8]| text.iter().all(u8::is_ascii_digit);
    if start.is_empty() || !is_digits(start) || !is_digits(end) {
        return false;
    }
    end.is_empty() || compared(start) <= compared(end)
}

/// Digits, to be compared as numbers of any size.
fn compared(digits: &[u8]) -> (usize, &[u8]) {
    let zeros = digits.iter().take_while(|digit| **digit == b'0').count();
    let significant = &digits[zeros..];
    (significant.len(), significant)
}

/// The names that a preflight asks for: in lower case, sorted, each once (Fetch, "CORS-unsafe
/// request-header names").
pub(crate) fn unsafe_names(fields: &[Field], habits: &Habits) -> Vec<String> {
    let is_safe = |field: &&Field| is_safelisted(&field.name, field.value.as_bytes());
    let (safe, mut asked): (Vec<_>, Vec<_>) = fields.iter().partition(is_safe);
    if safe.iter().map(|field| field.value.len()).sum::<usize>() > LONGEST_VALUES {
        asked.extend(safe);
    }
    let mut names: Vec<_> = asked.iter().map(|field| field.name.to_ascii_lowercase()).collect();
    names.sort_unstable();
    if !habits.repeats_names {
        names.dedup();
    }
    names
}

/// Headers that make a request conditional.
pub(crate) const CONDITIONS: [&str; 5] =
    ["if-modified-since", "if-none-match", "if-unmodified-since", "if-match", "if-range"];

/// Headers that go with the body when a redirect drops it (Fetch, "request-body-header name").
pub(crate) fn is_of_body(name: &str) -> bool {
    ["content-encoding", "content-language", "content-location", "content-type"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(name))
}

/// What `*` does not cover (Fetch, "CORS non-wildcard request-header name").
pub(crate) const AUTHORIZATION: &str = "authorization";

#[cfg(test)]
mod tests {
    use super::*;

    fn habits() -> &'static Habits {
        crate::Engine::Standard.habits()
    }

    fn field(name: &str, value: &str) -> Field {
        Field { name: name.to_owned(), value: HeaderValue::from_bytes(value.as_bytes()).unwrap() }
    }

    #[test]
    fn safelisted_values() {
        let long = "a".repeat(128);
        let longer = "a".repeat(129);
        let rows = [
            ("Accept", "text/html, */*;q=0.1", true),
            ("accept", "(", false),
            ("accept", "a\"b", false),
            ("accept", "a\tb", true),
            ("accept", "caf\u{e9}", true),
            ("accept", long.as_str(), true),
            ("accept", longer.as_str(), false),
            ("accept-language", "de-AT, *;q=0.5", true),
            ("accept-language", "de_AT", false),
            ("content-language", "en/us", false),
            ("Content-Type", "text/plain;charset=UTF-8", true),
            ("content-type", "TEXT/PLAIN", true),
            ("content-type", "multipart/form-data; boundary=x", true),
            ("content-type", "application/x-www-form-urlencoded", true),
            ("content-type", "application/json", false),
            ("content-type", "text/plain; a=\"b\"", false),
            ("content-type", "text/plain, application/json", false),
            ("content-type", "", false),
            ("range", "bytes=0-3", true),
            ("range", "bytes=5-", true),
            ("range", "bytes=-3", false),
            ("range", "bytes=3-2", false),
            ("range", "bytes=9-10", true),
            ("range", "bytes=0-3,5-6", false),
            ("range", "bytes= 0-3", false),
            ("range", "Bytes=0-3", false),
            ("range", "bytes=18446744073709551616-18446744073709551617", true),
            ("x-token", "", false),
            ("downlink", "1", false),
        ];
        for (name, value, expected) in rows {
            assert_eq!(is_safelisted(name, value.as_bytes()), expected, "{name}: {value}");
        }
        assert!(!is_no_cors_safelisted("range", b"bytes=0-3"));
    }

    #[test]
    fn unsafe_names_are_sorted_lower_case_and_unique() {
        let fields =
            [field("X-B", "1"), field("x-a", "2"), field("x-b", "3"), field("accept", "(")];
        assert_eq!(unsafe_names(&fields, habits()), ["accept", "x-a", "x-b"]);
        assert!(unsafe_names(&[field("accept", "text/html")], habits()).is_empty());
    }

    #[test]
    fn safelisted_values_have_a_limit_together() {
        let mut fields = vec![field("accept", &"a".repeat(128)); 8];
        assert!(unsafe_names(&fields, habits()).is_empty());
        fields.push(field("accept-language", "d"));
        assert_eq!(unsafe_names(&fields, habits()), ["accept", "accept-language"]);
    }

    #[test]
    fn forbidden_headers() {
        let rows = [
            ("Cookie", "a=b", true),
            ("Sec-Fetch-Site", "same-origin", true),
            ("proxy-anything", "", true),
            ("X-HTTP-Method-Override", "PUT", false),
            ("X-HTTP-Method-Override", "PUT, trace", true),
            ("user-agent", "mine", false),
            ("referrer", "", false),
        ];
        for (name, value, expected) in rows {
            assert_eq!(is_forbidden(&field(name, value)), expected, "{name}: {value}");
        }
    }
}
