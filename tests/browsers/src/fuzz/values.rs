//! What random cases are made of. What is more likely stands there more often.

/// No value, or some lines.
type Lines = &'static [&'static str];

pub const METHODS: &[&str] = &[
    "GET", "GET", "GET", "GET", "GET", "POST", "POST", "POST", "PUT", "PUT", "PUT", "DELETE",
    "DELETE", "HEAD", "PATCH", "patch", "OPTIONS", "QUERY", "PURGE", "put", "GET", "GET", "POST",
    "POST", "POST", "PUT", "TRACE",
];

pub const REQUEST_HEADERS: &[(&str, &[&str])] = &[
    ("x-a", &["1"]),
    ("X-B", &["1", ""]),
    ("x-a", &["2"]),
    ("authorization", &["Bearer 7"]),
    (
        "content-type",
        &["application/json", "text/plain", "text/html", "multipart/form-data; boundary=\"b\""],
    ),
    (
        "content-type",
        &["application/x-www-form-urlencoded", "Text/Plain;a=b", "text/plain, text/plain"],
    ),
    ("accept", &["text/html", "(", "a\"b"]),
    ("accept-language", &["de, en;q=0.5", "en_US", ""]),
    ("content-language", &["de", "{"]),
    ("range", &["bytes=0-3", "bytes=4-", "bytes=-3", "bytes=3-1", "bytes=0-1,3-4"]),
    ("sec-purpose", &["none"]),
    ("date", &["today"]),
    ("x-http-method-override", &["TRACE", "PUT"]),
    ("if-match", &["\"1\""]),
];

pub const STATUSES: &[u16] = &[
    200, 200, 200, 200, 200, 200, 200, 200, 201, 204, 206, 299, 302, 400, 403, 404, 409, 422, 500,
    503,
];

pub const PREFLIGHT_STATUSES: &[u16] = &[
    200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 204, 204, 204, 204, 299, 301, 307, 400,
    403, 404, 405, 500,
];

pub const REDIRECTS: &[u16] = &[301, 302, 302, 303, 303, 307, 307, 308];

pub const LOCATIONS: &[&str] = &[
    "same",
    "same",
    "same",
    "relative",
    "beside",
    "beside",
    "beside",
    "home",
    "loop",
    "loop",
    "password",
    "password",
    "scheme",
    "scheme",
    "malformed",
    "malformed",
];

pub const ORIGINS: &[Lines] = &[
    &["{origin}"],
    &["{origin}"],
    &["{origin}"],
    &["{origin}"],
    &["{origin}"],
    &["{origin}"],
    &["{origin}"],
    &["{origin}"],
    &["{origin}"],
    &["{origin}"],
    &["{origin}"],
    &["{origin}"],
    &["*"],
    &["*"],
    &["*"],
    &["*"],
    &["*"],
    &[],
    &[],
    &["https://elsewhere.example"],
    &["null"],
    &["{origin}/"],
    &["{origin}", "{origin}"],
    &["*", "{origin}"],
    &["{origin}, *"],
    &["  {origin} "],
    &[""],
    &["true"],
    &["localhost"],
];

pub const CREDENTIALS: &[Lines] = &[
    &["true"],
    &["true"],
    &["true"],
    &["true"],
    &["true"],
    &["true"],
    &[],
    &[],
    &["TRUE"],
    &["false"],
    &["true", "true"],
    &["true, true"],
    &[""],
];

pub const LISTS: &[Lines] = &[
    &["{asked}"],
    &["{asked}"],
    &["{asked}"],
    &["{asked}"],
    &["{asked}"],
    &["*"],
    &["*"],
    &["GET, {asked}"],
    &["x-other", "{asked}"],
    &[",, {asked} ,"],
    &[],
    &["DELETE"],
    &["x-a, x-b, PUT"],
    &["{asked}, @ @"],
    &["{asked}, @ @"],
    &["{asked} (all)"],
    &["{asked} (all)"],
    &[""],
];

pub const MAX_AGES: &[Lines] = &[
    &[],
    &[],
    &["600"],
    &["600"],
    &["0"],
    &["-1"],
    &["10m"],
    &["600, 600"],
    &["0", "600"],
    &[""],
    &["6.5"],
];

pub const EXPOSED: &[Lines] = &[
    &[],
    &[],
    &["*"],
    &["x-read"],
    &["X-Read, etag"],
    &["x-other", "etag"],
    &["x-read, a b"],
    &["set-cookie"],
    &[""],
    &[",x-read,,"],
];

// Not `; SameSite=Lax`: libsoup, which WebKitGTK uses, answers it with an empty `Cookie`.
pub const COOKIES: &[&str] = &[
    "a=1",
    "a=1; SameSite=Lax",
    "a=1; SameSite=Strict; HttpOnly",
    "a=1; SameSite=None",
    "a=1; SameSite=None; Secure",
    "a=1; Max-Age=0",
    "a=1; Domain=localhost; SameSite=Lax",
    "a=1; Domain=elsewhere.example; SameSite=Lax",
    "a=1; SameSite=Lax; Expires=Thu, 01 Jan 2037 00:00:00 GMT",
    "a=1; SameSite=odd",
    "=1; SameSite=Lax",
];

pub const COOKIES_OF_ONE_SITE: &[&str] = &["a=1; SameSite=Lax", "a=1; SameSite=Strict; HttpOnly"];

/// What a `Page` must have said again and again.
pub const REASONS: &[&str] = &[
    "MalformedUrl",
    "UnsupportedScheme",
    "UrlWithCredentials",
    "BadPort",
    "ForbiddenMethod",
    "UnexpectedBody",
    "NoCorsMethod",
    "NoCorsRedirect",
    "SameOriginMode",
    "AllowOriginMissing",
    "AllowOriginMismatch",
    "AllowOriginMultiple",
    "AllowOriginInvalid",
    "WildcardWithCredentials",
    "AllowCredentialsNotTrue",
    "PreflightRedirected",
    "PreflightStatus",
    "MethodNotAllowed",
    "HeaderNotAllowed",
    "AllowMethodsInvalid",
    "AllowHeadersInvalid",
    "UnexpectedRedirect",
    "TooManyRedirects",
    "RedirectLocation",
    "RedirectScheme",
    "RedirectWithCredentials",
];
