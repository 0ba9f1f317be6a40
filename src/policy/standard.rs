//! Names that Starlette and the Fetch standard fix.

/// Starlette's `ALL_METHODS`.
pub(crate) const ALL_METHODS: [&str; 8] =
    ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY"];

pub(crate) const ALL_METHODS_VALUE: &str = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT, QUERY";

/// Starlette's `SAFELISTED_HEADERS`.
pub(crate) const SAFELISTED_HEADERS: [&str; 4] =
    ["Accept", "Accept-Language", "Content-Language", "Content-Type"];

pub(crate) const SAFELISTED_HEADERS_VALUE: &str =
    "Accept, Accept-Language, Content-Language, Content-Type";

/// Fetch, "forbidden method".
pub(crate) const FORBIDDEN_METHODS: [&str; 3] = ["CONNECT", "TRACE", "TRACK"];

/// Fetch, "forbidden request-header", without those that begin with `proxy-` or `sec-`.
pub(crate) const FORBIDDEN_REQUEST_HEADERS: [&str; 21] = [
    "accept-charset",
    "accept-encoding",
    "access-control-request-headers",
    "access-control-request-method",
    "access-control-request-private-network",
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
];

/// Fetch, "CORS-safelisted response-header name".
pub(crate) const SAFELISTED_RESPONSE_HEADERS: [&str; 7] = [
    "cache-control",
    "content-language",
    "content-length",
    "content-type",
    "expires",
    "last-modified",
    "pragma",
];

/// Firefox's cap, the longest of all browsers.
pub(crate) const LONGEST_MAX_AGE: u64 = 86_400;

/// Fetch, "forbidden response-header name".
pub(crate) const UNREADABLE_HEADERS: [&str; 2] = ["set-cookie", "set-cookie2"];
