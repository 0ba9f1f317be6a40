//! Names from Starlette, the Fetch standard and IANA's registry. Long lists are one text.

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
pub(crate) const FORBIDDEN_REQUEST_HEADERS: &str = "\
    accept-charset accept-encoding access-control-request-headers \
    access-control-request-method access-control-request-private-network connection \
    content-length cookie cookie2 date dnt expect host keep-alive origin referer \
    set-cookie te trailer transfer-encoding upgrade via";

/// Chromium's cap. Only Firefox keeps a preflight for longer, up to a day.
pub(crate) const LONGEST_MAX_AGE: u64 = 7_200;

/// Request headers that scripts set, in their registered spelling: names from IANA's registry that
/// CORS configurations list, and other common names.
pub(crate) const REQUEST_HEADERS: &str = "\
    Accept Accept-Language Authorization Baggage Cache-Control Content-Disposition \
    Content-Encoding Content-Language Content-Type Depth Destination Forwarded From \
    Idempotency-Key If-Match If-Modified-Since If-None-Match If-Range If-Unmodified-Since \
    Last-Event-ID Link Max-Forwards Origin Pragma Prefer Range Sentry-Trace Traceparent \
    Tracestate User-Agent X-API-Key X-Access-Token X-Auth-Token X-Correlation-ID \
    X-CSRF-Token X-CSRFToken X-Forwarded-For X-Forwarded-Host X-Forwarded-Proto \
    X-HTTP-Method-Override X-Real-IP X-Request-ID X-Requested-With X-Session-ID \
    X-User-Agent X-XSRF-Token";

/// Response headers that pages read, in their registered spelling.
pub(crate) const RESPONSE_HEADERS: &str = "\
    Accept-Patch Accept-Post Accept-Ranges Age Allow Cache-Control Content-Disposition \
    Content-Encoding Content-Language Content-Length Content-Location Content-Range \
    Content-Security-Policy Content-Type Date ETag Expires Last-Modified Link Location \
    Pragma RateLimit RateLimit-Policy Referrer-Policy Retry-After Server Server-Timing \
    Set-Cookie Strict-Transport-Security Traceparent Tracestate Vary Via Warning WWW-Authenticate \
    X-Access-Token X-Auth-Token X-CSRF-Token X-Content-Type-Options X-Correlation-ID \
    X-Frame-Options X-Process-Time X-RateLimit-Limit X-RateLimit-Remaining \
    X-RateLimit-Reset X-Request-ID X-Total-Count";

/// Whether a list has a name, in any letter case.
pub(crate) fn has(list: &str, name: &str) -> bool {
    list.split(' ').any(|listed| listed.eq_ignore_ascii_case(name))
}
