//! Proves that each mistake in a configuration says what is wrong and what to write: the exact text
//! of every fault, note and risk, all faults at once, and that what a fault suggests does build.

use std::{collections::BTreeSet, error::Error as _, time::Duration};

use http::StatusCode;
use tower_cors::{
    Any, ConfigError, CorsConfig, CorsLayer, EnforceOrigin, Fault, NameProblem, Note,
    OriginProblem, Preset, Risk,
};

/// Everything that is said of these settings, a line each: faults, or else notes and risks.
fn said(layer: &CorsLayer) -> Vec<String> {
    match layer.build() {
        Err(error) => error.faults().iter().map(Fault::to_string).collect(),
        Ok(policy) => {
            let notes = policy.notes().iter().map(|note| format!("note: {note}"));
            let risks = policy.risk_reports().iter().map(|report| format!("risk: {report}"));
            notes.chain(risks).collect()
        }
    }
}

/// What is said of one setting each, as one text to be read from top to bottom.
#[track_caller]
fn listing(layers: impl IntoIterator<Item = CorsLayer>, expected: &str) {
    let found: Vec<String> = layers.into_iter().flat_map(|layer| said(&layer)).collect();
    let found = found.join("\n");
    assert!(
        found == expected.trim(),
        "the listing has changed. Now it is\n\n{found}\n\nfirst difference: {:?}",
        found.lines().zip(expected.trim().lines()).find(|(now, then)| now != then)
    );
}

/// Settings that say nothing by themselves.
fn quiet() -> CorsLayer {
    CorsLayer::new().allow_origins(["https://a.example"])
}

const ORIGINS: &[&str] = &[
    "",
    " ",
    " https://example.com",
    "https://example.com, https://example.org",
    "https://example.com https://example.org",
    "https://example.com;https://example.org",
    "example.com",
    "localhost:3000",
    "127.0.0.1:8000",
    "//example.com",
    "https:/example.com",
    "*.example.com",
    "1http://example.com",
    "://example.com",
    "file://",
    "file:///index.html",
    "data:text/html",
    "javascript:alert",
    "blob:https://example.com",
    "about:blank",
    "Null",
    "https://Example.com",
    "HTTPS://example.com",
    "https://example.com/",
    "https://example.com/app?x#y",
    "https://example.com/*",
    "https://user:password@example.com",
    "https://example.com:443",
    "http://example.com:80",
    "wss://example.com:443",
    "http://example.com:",
    "http://example.com:08080",
    "http://example.com:0",
    "http://example.com:65536",
    "http://localhost:30*",
    "https://bücher.example",
    "https://*.bücher.example/",
    "http://[0:0:0:0:0:0:0:1]:3000",
    "http://[::ffff:192.0.2.1]",
    "http://127.1",
    "http://999.1.1.1",
    "http://[fe80::1%eth0]",
    "http://::1:3000",
    "https://",
    "https://exa%20mple.com",
    "https://exämple.com/é",
    "https://*",
    "https://*example.com",
    "https://*.*.example.com",
    "https://app-*.example.com",
    "https://example.*",
    "*://example.com",
    "http*://example.com",
    "h*",
    "https://*.192.0.2.1",
    "https://*.[::1]",
    "chrome-extension://*",
    "HTTPS://Example.com:443/",
    "https//example.com",
    "https://.example.com",
    "https://a..example.com",
    "https://*/",
    "https://example.com:0/",
    "HTTP_S://example.com",
    "https://*-preview.example.com",
    "*:3000",
    "\"https://example.com\"",
    "'*'",
    "[\"https://example.com\"]",
    "^https://example.com$",
    r"https://.*\.example\.com",
    "https?://example.com",
    "https://example.com|https://example.org",
];

const ORIGINS_SAID: &str = r##"
allow_origins(""): an empty text is no origin; write one such as "https://example.com"
allow_origins(" "): an empty text is no origin; write one such as "https://example.com"
allow_origins(" https://example.com"): an origin has no white space; write "https://example.com"
allow_origins("https://example.com, https://example.org"): not one origin; give each origin as its own item
allow_origins("https://example.com https://example.org"): not one origin; give each origin as its own item
allow_origins("https://example.com;https://example.org"): not one origin; give each origin as its own item
allow_origins("example.com"): an origin starts with its scheme; write "https://example.com"
allow_origins("localhost:3000"): an origin starts with its scheme; write "http://localhost:3000"
allow_origins("127.0.0.1:8000"): an origin starts with its scheme; write "http://127.0.0.1:8000"
allow_origins("//example.com"): an origin starts with its scheme; write "https://example.com"
allow_origins("https:/example.com"): an origin starts with its scheme; write "https://example.com"
allow_origins("*.example.com"): an origin starts with its scheme; write "https://*.example.com"
allow_origins("1http://example.com"): not a scheme; write "https://", "http://" or another of lower-case letters, digits, "+", "-", "."
allow_origins("://example.com"): not a scheme; write "https://", "http://" or another of lower-case letters, digits, "+", "-", "."
allow_origins("file://"): pages of this scheme have no origin of their own, browsers send "null" for them; serve the page over http
allow_origins("file:///index.html"): pages of this scheme have no origin of their own, browsers send "null" for them; serve the page over http
allow_origins("data:text/html"): pages of this scheme have no origin of their own, browsers send "null" for them; serve the page over http
allow_origins("javascript:alert"): pages of this scheme have no origin of their own, browsers send "null" for them; serve the page over http
allow_origins("blob:https://example.com"): pages of this scheme have no origin of their own, browsers send "null" for them; serve the page over http
allow_origins("about:blank"): pages of this scheme have no origin of their own, browsers send "null" for them; serve the page over http
allow_origins("Null"): browsers send origins in lower case; write "null"
allow_origins("https://Example.com"): browsers send origins in lower case; write "https://example.com"
allow_origins("HTTPS://example.com"): browsers send origins in lower case; write "https://example.com"
allow_origins("https://example.com/"): an origin has no path; write "https://example.com"
allow_origins("https://example.com/app?x#y"): an origin has no path; write "https://example.com"
allow_origins("https://example.com/*"): an origin has no path; write "https://example.com"
allow_origins("https://user:password@example.com"): an origin has no user name or password; write "https://example.com"
allow_origins("https://example.com:443"): browsers leave out the default port; write "https://example.com"
allow_origins("http://example.com:80"): browsers leave out the default port; write "http://example.com"
allow_origins("wss://example.com:443"): browsers leave out the default port; write "wss://example.com"
allow_origins("http://example.com:"): not a port as browsers send it; write "http://example.com"
allow_origins("http://example.com:08080"): not a port as browsers send it; write "http://example.com:8080"
allow_origins("http://example.com:0"): not a port; write 1 to 65535, or "*" for any
allow_origins("http://example.com:65536"): not a port; write 1 to 65535, or "*" for any
allow_origins("http://localhost:30*"): not a port; write 1 to 65535, or "*" for any
allow_origins("https://bücher.example"): browsers send this host as punycode; write "https://xn--bcher-kva.example"
allow_origins("https://*.bücher.example/"): an origin has no path; write "https://*.xn--bcher-kva.example"
allow_origins("http://[0:0:0:0:0:0:0:1]:3000"): browsers send this address in another form; write "http://[::1]:3000"
allow_origins("http://[::ffff:192.0.2.1]"): browsers send this address in another form; write "http://[::ffff:c000:201]"
allow_origins("http://127.1"): browsers send this address in another form; write "http://127.0.0.1"
allow_origins("http://999.1.1.1"): not an IP address that a browser could send
allow_origins("http://[fe80::1%eth0]"): not an IP address that a browser could send
allow_origins("http://::1:3000"): an IPv6 address stands in brackets, as in "http://[::1]:3000"
allow_origins("https://"): not a host; write a domain or an IP address of at most 254 bytes
allow_origins("https://exa%20mple.com"): not a host; write a domain or an IP address of at most 254 bytes
allow_origins("https://exämple.com/é"): an origin has no path; write "https://xn--exmple-cua.com"
allow_origins("https://*"): "*" stands for whole labels before a domain, as in "https://*.example.com", for the port, as in "http://localhost:*", or alone for any origin; other shapes are for allow_origin_regex or allow_origin_if
allow_origins("https://*example.com"): "*" stands for whole labels or for the port; write "https://*.example.com"
allow_origins("https://*.*.example.com"): "*" stands for whole labels or for the port; write "https://*.example.com"
allow_origins("https://app-*.example.com"): "*" stands for whole labels before a domain, as in "https://*.example.com", for the port, as in "http://localhost:*", or alone for any origin; other shapes are for allow_origin_regex or allow_origin_if
allow_origins("https://example.*"): "*" stands for whole labels before a domain, as in "https://*.example.com", for the port, as in "http://localhost:*", or alone for any origin; other shapes are for allow_origin_regex or allow_origin_if
allow_origins("*://example.com"): "*" stands for whole labels or for the port; write "https://example.com"
allow_origins("http*://example.com"): not a scheme; write "https://", "http://" or another of lower-case letters, digits, "+", "-", "."
allow_origins("h*"): "*" stands for whole labels before a domain, as in "https://*.example.com", for the port, as in "http://localhost:*", or alone for any origin; other shapes are for allow_origin_regex or allow_origin_if
allow_origins("https://*.192.0.2.1"): "*" stands for whole labels before a domain, as in "https://*.example.com", for the port, as in "http://localhost:*", or alone for any origin; other shapes are for allow_origin_regex or allow_origin_if
allow_origins("https://*.[::1]"): "*" stands for whole labels before a domain, as in "https://*.example.com", for the port, as in "http://localhost:*", or alone for any origin; other shapes are for allow_origin_regex or allow_origin_if
allow_origins("chrome-extension://*"): "*" stands for whole labels before a domain, as in "https://*.example.com", for the port, as in "http://localhost:*", or alone for any origin; other shapes are for allow_origin_regex or allow_origin_if
allow_origins("HTTPS://Example.com:443/"): browsers send origins in lower case; write "https://example.com"
allow_origins("https//example.com"): an origin starts with its scheme; write "https://example.com"
allow_origins("https://.example.com"): a domain has no empty label; write "https://*.example.com"
allow_origins("https://a..example.com"): a domain has no empty label
allow_origins("https://*/"): "*" stands for whole labels before a domain, as in "https://*.example.com", for the port, as in "http://localhost:*", or alone for any origin; other shapes are for allow_origin_regex or allow_origin_if
allow_origins("https://example.com:0/"): not a port; write 1 to 65535, or "*" for any
allow_origins("HTTP_S://example.com"): not a scheme; write "https://", "http://" or another of lower-case letters, digits, "+", "-", "."
allow_origins("https://*-preview.example.com"): "*" stands for whole labels before a domain, as in "https://*.example.com", for the port, as in "http://localhost:*", or alone for any origin; other shapes are for allow_origin_regex or allow_origin_if
allow_origins("*:3000"): "*" stands for whole labels before a domain, as in "https://*.example.com", for the port, as in "http://localhost:*", or alone for any origin; other shapes are for allow_origin_regex or allow_origin_if
allow_origins("\"https://example.com\""): an origin has no quotes; write "https://example.com"
allow_origins("'*'"): an origin has no quotes; write "*"
allow_origins("[\"https://example.com\"]"): not one origin; give each origin as its own item
allow_origins("^https://example.com$"): a regular expression; give it to allow_origin_regex
allow_origins("https://.*\\.example\\.com"): a regular expression; give it to allow_origin_regex
allow_origins("https?://example.com"): a regular expression; give it to allow_origin_regex
allow_origins("https://example.com|https://example.org"): a regular expression; give it to allow_origin_regex
"##;

#[test]
fn origins_listing() {
    listing(ORIGINS.iter().map(|origin| CorsLayer::new().allow_origins([origin])), ORIGINS_SAID);
}

const METHODS: &[&str] = &[
    "",
    "get",
    "Patch",
    "query",
    "connect",
    "GET, POST",
    "GET POST",
    "GET;POST",
    " GET",
    "get ",
    "GET,",
    "GÉT",
    "\"GET\"",
    "'get'",
    "\"GET\", \"POST\"",
    "GET/POST",
    "GET|POST",
];

const METHODS_SAID: &str = r##"
allow_methods(""): an empty text is no method name; remove it
allow_methods("get"): methods are case-sensitive; write "GET"
allow_methods("Patch"): methods are case-sensitive; write "PATCH"
allow_methods("query"): methods are case-sensitive; write "QUERY"
allow_methods("connect"): methods are case-sensitive; write "CONNECT"
allow_methods("GET, POST"): not a method name; give each method as its own item
allow_methods("GET POST"): not a method name; give each method as its own item
allow_methods("GET;POST"): not a method name; give each method as its own item
allow_methods(" GET"): not a method name; write "GET"
allow_methods("get "): not a method name; write "GET"
allow_methods("GET,"): not a method name; write "GET"
allow_methods("GÉT"): not a method name
allow_methods("\"GET\""): a method name has no quotes; write "GET"
allow_methods("'get'"): a method name has no quotes; write "GET"
allow_methods("\"GET\", \"POST\""): not a method name; give each method as its own item
allow_methods("GET/POST"): not a method name; give each method as its own item
allow_methods("GET|POST"): not a method name; give each method as its own item
"##;

#[test]
fn methods_listing() {
    listing(METHODS.iter().map(|method| quiet().allow_methods([method])), METHODS_SAID);
}

const NAMES: &[&str] = &[
    "",
    "x-a, x-b",
    "x-a x-b",
    " x-a",
    "'x-a'",
    "X-A:",
    "Authorization: Bearer abc",
    "x-a: 1, x-b: 2",
    "https://a.example",
    "x-ä",
    "x\r\ny",
];

const NAMES_SAID: &str = r##"
allow_headers(""): an empty text is no header name; remove it
expose_headers(""): an empty text is no header name; remove it
allow_headers("x-a, x-b"): not a header name; give each name as its own item
expose_headers("x-a, x-b"): not a header name; give each name as its own item
allow_headers("x-a x-b"): not a header name; give each name as its own item
expose_headers("x-a x-b"): not a header name; give each name as its own item
allow_headers(" x-a"): not a header name; write "x-a"
expose_headers(" x-a"): not a header name; write "x-a"
allow_headers("'x-a'"): a header name has no quotes; write "x-a"
expose_headers("'x-a'"): a header name has no quotes; write "x-a"
allow_headers("X-A:"): not a header name; write "X-A"
expose_headers("X-A:"): not a header name; write "X-A"
allow_headers("Authorization: Bearer abc"): not a header name; write "Authorization"
expose_headers("Authorization: Bearer abc"): not a header name; write "Authorization"
allow_headers("x-a: 1, x-b: 2"): not a header name; give each name as its own item
expose_headers("x-a: 1, x-b: 2"): not a header name; give each name as its own item
allow_headers("https://a.example"): not a header name
expose_headers("https://a.example"): not a header name
allow_headers("x-ä"): not a header name
expose_headers("x-ä"): not a header name
allow_headers("x\r\ny"): not a header name; give each name as its own item
expose_headers("x\r\ny"): not a header name; give each name as its own item
"##;

#[test]
fn names_listing() {
    listing(
        NAMES
            .iter()
            .flat_map(|name| [quiet().allow_headers([name]), quiet().expose_headers([name])]),
        NAMES_SAID,
    );
}

const OTHERS_SAID: &str = r##"
expose_headers("Set-Cookie"): no script can read this header; remove it
expose_headers("set-cookie2"): no script can read this header; remove it
expose_headers("*") with allow_credentials(true): "*" exposes nothing with credentials; list the names
max_age(500ms): the header says whole seconds; write Duration::from_secs(1)
max_age(59.5s): the header says whole seconds; write Duration::from_secs(60)
max_age(18446744073709551615.999999999s): the header says whole seconds; write Duration::from_secs(18446744073709551615)
preflight_status(304): browsers refuse every preflight whose status is not 200 to 299; write 200 or 204
preflight_status(100): browsers refuse every preflight whose status is not 200 to 299; write 200 or 204
constant_wildcard(true): the answers are constant only for any origin; write allow_origins(Any), or drop constant_wildcard(true)
constant_wildcard(true): with credentials the answers name the origin; drop allow_credentials(true), or constant_wildcard(true)
constant_wildcard(true): with enforce_origin the answers depend on the origin; drop one of the two
"##;

#[test]
fn others_listing() {
    let wildcard = || CorsLayer::new().allow_origins(Any).constant_wildcard(true);
    listing(
        [
            quiet().expose_headers(["Set-Cookie", "set-cookie2"]),
            quiet().expose_headers(Any).allow_credentials(true),
            quiet().max_age(Duration::from_millis(500)),
            quiet().max_age(Duration::from_secs_f64(59.5)),
            quiet().max_age(Duration::MAX),
            quiet().preflight_status(StatusCode::NOT_MODIFIED),
            quiet().preflight_status(StatusCode::OK).preflight_status(StatusCode::CONTINUE),
            quiet().constant_wildcard(true),
            wildcard().allow_credentials(true).tolerate(Risk::AnyOrigin),
            wildcard().enforce_origin(EnforceOrigin::WebSockets),
        ],
        OTHERS_SAID,
    );
}

const RISKS_SAID: &str = r##"
allow_origins("*") with allow_credentials(true): any site could act as its visitor; a Bearer token that a script sets needs no credentials: then drop allow_credentials(true) and give allow_headers "authorization"; for cookies list the origins, or accept it with tolerate(Risk::AnyOrigin)
allow_origins("null") with allow_credentials(true): any site can make itself the origin null with a sandboxed frame and act as its visitor; serve the page from an origin of its own and list that, or accept it with tolerate(Risk::NullOrigin)
allow_origins("https://*.com") with allow_credentials(true): anybody can register a name there and act as its visitor; put a domain of yours after "*.", or accept it with tolerate(Risk::AnyOrigin)
allow_origins("http://*.dev:*") with allow_credentials(true): anybody can register a name there and act as its visitor; put a domain of yours after "*.", or accept it with tolerate(Risk::AnyOrigin)
allow_origin_if(<fn>) with allow_credentials(true): it takes https://nobodyownsthis.com; any site could act as its visitor; a Bearer token that a script sets needs no credentials: then drop allow_credentials(true) and give allow_headers "authorization"; for cookies list the origins, or accept it with tolerate(Risk::AnyOrigin)
allow_origin_if(<fn>) with allow_credentials(true): it takes null; any site can make itself the origin null with a sandboxed frame and act as its visitor; serve the page from an origin of its own and list that, or accept it with tolerate(Risk::NullOrigin)
allow_origin_if(<fn>) with allow_credentials(true): it takes https://nobodyownsthis.co.uk; any site could act as its visitor; a Bearer token that a script sets needs no credentials: then drop allow_credentials(true) and give allow_headers "authorization"; for cookies list the origins, or accept it with tolerate(Risk::AnyOrigin)
allow_origin_if(<fn>) with allow_credentials(true): it takes null; any site can make itself the origin null with a sandboxed frame and act as its visitor; serve the page from an origin of its own and list that, or accept it with tolerate(Risk::NullOrigin)
risk: allow_origins("http://a.example") with allow_credentials(true): whoever sits on the network can alter that page and act as its visitor; serve it over https
risk: allow_origins("ws://*.a.example") with allow_credentials(true): whoever sits on the network can alter that page and act as its visitor; serve it over https
risk: allow_origins("http://192.0.2.1:*") with allow_credentials(true): whoever sits on the network can alter that page and act as its visitor; serve it over https
"##;

#[test]
fn risks_listing() {
    let trusting = || CorsLayer::new().allow_credentials(true);
    listing(
        [
            trusting().allow_origins(Any),
            trusting().allow_origins(["null"]),
            trusting().allow_origins(["https://*.com", "http://*.dev:*"]),
            trusting().allow_origin_if(|_| true),
            trusting().allow_origin_if(|origin| origin.ends_with(".co.uk")),
            trusting().allow_origin_if(|origin| origin == "null"),
            trusting().allow_origins([
                "http://a.example",
                "ws://*.a.example",
                "http://192.0.2.1:*",
            ]),
        ],
        RISKS_SAID,
    );
}

const NOTES_SAID: &str = r##"
note: allow_origins: no origin is allowed, every preflight is refused
note: allow_origins("https://a.example"): stands there twice
note: allow_origins: "*" takes everything, what stands beside it does nothing
note: allow_methods("TRACE"): no browser lets a script send this method
note: allow_methods("TRACK"): no browser lets a script send this method
note: allow_methods("CONNECT"): no browser lets a script send this method
note: allow_methods("DELTE"): taken to the letter; did you mean "DELETE"?
note: allow_methods("OPTION"): taken to the letter; did you mean "OPTIONS"?
note: allow_methods("all"): taken to the letter; did you mean "*"?
note: allow_headers("ANY"): taken to the letter; did you mean "*"?
note: expose_headers("all"): taken to the letter; did you mean "*"?
note: allow_methods("PUT"): stands there twice
note: allow_methods: mirror_methods takes every method, the list does nothing
note: allow_headers("Origin"): no browser lets a script set this header
note: allow_headers("cookie"): no browser lets a script set this header
note: allow_headers("Host"): no browser lets a script set this header
note: allow_headers("Sec-Fetch-Site"): no browser lets a script set this header
note: allow_headers("Proxy-Auth"): no browser lets a script set this header
note: allow_headers("x-a"): stands there twice
note: allow_headers: "*" takes everything, what stands beside it does nothing
note: expose_headers("Content-Type"): every script can read this header anyway
note: expose_headers("Pragma"): every script can read this header anyway
note: expose_headers("x-a"): stands there twice
note: expose_headers: "*" takes everything, what stands beside it does nothing
note: max_age(86401 s): Firefox keeps a preflight for 86,400 s at most, Chromium for 7,200 s
note: enforce_origin: every origin is allowed, so nothing is refused
"##;

#[test]
fn notes_listing() {
    listing(
        [
            CorsLayer::new(),
            quiet().allow_origins(["https://a.example", "https://a.example"]),
            quiet().allow_origins(Any),
            quiet().allow_methods(["TRACE", "TRACK", "CONNECT"]),
            quiet().allow_methods(["DELTE", "OPTION", "all"]),
            quiet().allow_headers(["ANY"]),
            quiet().expose_headers(["all"]),
            quiet().allow_methods(["PUT", "PUT"]),
            quiet().allow_methods(["PUT"]).mirror_methods(),
            quiet().allow_headers(["Origin", "cookie", "Host", "Sec-Fetch-Site", "Proxy-Auth"]),
            quiet().allow_headers(["x-a", "x-a", "*"]),
            quiet().expose_headers(["Content-Type", "Pragma"]),
            quiet().expose_headers(["x-a", "x-a", "*"]),
            quiet().max_age(Duration::from_secs(86_401)),
            CorsLayer::new().allow_origins(Any).enforce_origin(EnforceOrigin::AllRequests),
        ],
        NOTES_SAID,
    );
}

#[cfg(feature = "regex")]
const REGEXES: &[&str] = &[
    "(",
    "+a",
    "*.example.com",
    "https://*.example.com",
    "[",
    "[[]",
    "https://{sub}.example",
    "a{,3}",
    r"a\Z",
    "(?=a)",
    "(?<!a)b",
    r"(a)\1",
    r"(?P<n>a)(?P=n)",
    "(?>a)",
    "(?#comment)a",
    "(?a)b",
    r"\é",
    r"\0",
    "(?i",
    "a{3,2}",
    "(?:a{1000}){1000}",
    r"https://.*+\.example",
    "a?+",
    "a{2}+",
    "a{2, 3}",
    "[a&&b]",
    "[a--b]",
    "[a~~b]",
    "[[:alpha:]]",
    "[a[bc]]",
    r"\<a",
    r"a\>",
    "https://.*",
    "(?i)https?://[^/]+",
    "null",
    "https://app.example.com",
    r"https://.*example\.com",
    r"https://[a-z]+example\.com",
    r"https://(.*)example\.com",
    r"https://(www.)?example\.com",
    r"https://app\.example\.com.*",
];

#[cfg(feature = "regex")]
const REGEXES_SAID: &str = r##"
allow_origin_regex("("): not a regular expression: unclosed group, at "("
allow_origin_regex("+a"): a quantifier has nothing to repeat; write "\" before it for the character
allow_origin_regex("*.example.com"): this is a wildcard, no regular expression; write allow_origins(["https://*.example.com"])
allow_origin_regex("https://*.example.com"): "*" repeats the slash before it; write allow_origins(["https://*.example.com"])
allow_origin_regex("["): at "[": a "[" has no "]"; write "\[" for the character
allow_origin_regex("[[]"): at "[]": a "[" has no "]"; write "\[" for the character
allow_origin_regex("https://{sub}.example"): a bare "{" begins a repetition; write "\{" for the character, "{0,3}" for at most three
allow_origin_regex("a{,3}"): a bare "{" begins a repetition; write "\{" for the character, "{0,3}" for at most three
allow_origin_regex(r"a\Z"): at "\\Z": only Python knows "\Z"; leave it out, the whole origin must match anyway, or write "\z"
allow_origin_regex("(?=a)"): at "(?=": look-around is not available, since matching takes linear time; write the origins as alternatives, or use allow_origin_if
allow_origin_regex("(?<!a)b"): at "(?<!": look-around is not available, since matching takes linear time; write the origins as alternatives, or use allow_origin_if
allow_origin_regex(r"(a)\1"): at "\\1": backreferences are not available, since matching takes linear time; write the origins as alternatives, or use allow_origin_if
allow_origin_regex("(?P<n>a)(?P=n)"): at "P": backreferences are not available, since matching takes linear time; write the origins as alternatives, or use allow_origin_if
allow_origin_regex("(?>a)"): at ">": only Python knows this group; write "(?:…)"
allow_origin_regex("(?#comment)a"): at "#": only Python knows this group; write "(?:…)"
allow_origin_regex("(?a)b"): at "a": only Python knows this group; write "(?:…)"
allow_origin_regex(r"\é"): at "\\é": no such escape; leave out the backslash, or write the character as \x and its two digits
allow_origin_regex(r"\0"): at "\\0": only Python knows octal escapes; write "\x00" with two hexadecimal digits
allow_origin_regex("(?i"): not a regular expression: expected flag but got end of regex
allow_origin_regex("a{3,2}"): not a regular expression: invalid repetition count range, the start must be <= the end, at "{3,2}"
allow_origin_regex("(?:a{1000}){1000}"): too large: compiled it takes more than 10 MiB; write smaller repetitions
allow_origin_regex(r"https://.*+\.example"): Python and Rust read ".*+" differently: in Python this never gives back, in Rust it repeats a repetition; write one of the two quantifiers
allow_origin_regex("a?+"): Python and Rust read "a?+" differently: in Python this never gives back, in Rust it repeats a repetition; write one of the two quantifiers
allow_origin_regex("a{2}+"): Python and Rust read "a{2}+" differently: in Python this never gives back, in Rust it repeats a repetition; write one of the two quantifiers
allow_origin_regex("a{2, 3}"): Python and Rust read "{2, 3}" differently: in Python these are plain characters, in Rust a repetition; write it without spaces
allow_origin_regex("[a&&b]"): Python and Rust read "a&&b" differently: in Rust this is a set operation, in Python plain characters; write the characters that are meant
allow_origin_regex("[a--b]"): Python and Rust read "a--b" differently: in Rust this is a set operation, in Python plain characters; write the characters that are meant
allow_origin_regex("[a~~b]"): Python and Rust read "a~~b" differently: in Rust this is a set operation, in Python plain characters; write the characters that are meant
allow_origin_regex("[[:alpha:]]"): Python and Rust read "[:alpha:]" differently: in Rust this is a named class, in Python plain characters; write its characters, as in "a-z"
allow_origin_regex("[a[bc]]"): Python and Rust read "[bc]" differently: in Rust this is a class within a class, in Python plain characters; write "\["
allow_origin_regex(r"\<a"): Python and Rust read "\\<" differently: in Rust this is a word boundary, in Python plain characters; write "\b", or leave it out
allow_origin_regex(r"a\>"): Python and Rust read "\\>" differently: in Rust this is a word boundary, in Python plain characters; write "\b", or leave it out
allow_origin_regex("https://.*") with allow_credentials(true): it takes https://nobodyownsthis.com; any site could act as its visitor; a Bearer token that a script sets needs no credentials: then drop allow_credentials(true) and give allow_headers "authorization"; for cookies list the origins, or accept it with tolerate(Risk::AnyOrigin)
allow_origin_regex("(?i)https?://[^/]+") with allow_credentials(true): it takes https://nobodyownsthis.com; any site could act as its visitor; a Bearer token that a script sets needs no credentials: then drop allow_credentials(true) and give allow_headers "authorization"; for cookies list the origins, or accept it with tolerate(Risk::AnyOrigin)
allow_origin_regex("null") with allow_credentials(true): it takes null; any site can make itself the origin null with a sandboxed frame and act as its visitor; serve the page from an origin of its own and list that, or accept it with tolerate(Risk::NullOrigin)
risk: allow_origin_regex("https://app.example.com") with allow_credentials(true): it takes https://appxexample.com; that was hardly meant; write r"https://app\.example\.com"
risk: allow_origin_regex(r"https://.*example\.com") with allow_credentials(true): it takes https://evilexample.com; that was hardly meant; write r"https://(?:.*\.)?example\.com"
risk: allow_origin_regex(r"https://[a-z]+example\.com") with allow_credentials(true): it takes https://evilexample.com; that was hardly meant; write r"https://(?:[a-z]+\.)?example\.com"
risk: allow_origin_regex(r"https://(.*)example\.com") with allow_credentials(true): it takes https://evilexample.com; that was hardly meant; write r"https://((?:.*\.)?)example\.com"
risk: allow_origin_regex(r"https://(www.)?example\.com") with allow_credentials(true): it takes https://wwwxexample.com; that was hardly meant; write r"https://(www\.)?example\.com"
risk: allow_origin_regex(r"https://app\.example\.com.*") with allow_credentials(true): it takes https://app.example.comevil; that was hardly meant; write r"https://app\.example\.com(?::\d+)?"
"##;

#[cfg(feature = "regex")]
#[test]
fn regexes_listing() {
    listing(
        REGEXES.iter().map(|regex| quiet().allow_origin_regex(regex).allow_credentials(true)),
        REGEXES_SAID,
    );
}

#[cfg(not(feature = "regex"))]
#[test]
fn a_regex_without_the_feature_is_a_fault() {
    let mut config = CorsConfig::default();
    config.allow_origin_regex = vec!["https://.*".to_owned(), "(".to_owned()];
    listing(
        [config.into()],
        r#"
allow_origin_regex("https://.*"): this build has no regular expressions; turn on the feature "regex" of tower-cors
allow_origin_regex("("): this build has no regular expressions; turn on the feature "regex" of tower-cors
"#,
    );
}

// How they are said

/// All faults of all listings.
fn faults() -> Vec<Fault> {
    let layers = ORIGINS.iter().map(|origin| CorsLayer::new().allow_origins([origin]));
    let layers = layers.chain(METHODS.iter().map(|method| quiet().allow_methods([method])));
    let layers = layers.chain(NAMES.iter().map(|name| quiet().allow_headers([name])));
    let layers = layers.chain(NAMES.iter().map(|name| quiet().expose_headers([name])));
    let layers = layers.chain([
        quiet().expose_headers(["set-cookie", "*"]).allow_credentials(true),
        quiet().max_age(Duration::from_millis(1)).preflight_status(StatusCode::FOUND),
        quiet().constant_wildcard(true).allow_credentials(true),
        CorsLayer::new().allow_origins(["*", "null", "https://*.com"]).allow_credentials(true),
        CorsLayer::new().allow_origin_if(|_| true).allow_credentials(true),
    ]);
    #[cfg(feature = "regex")]
    let layers = layers.chain(
        REGEXES
            .iter()
            .map(|regex| CorsLayer::new().allow_origin_regex(regex).allow_credentials(true)),
    );
    layers
        .filter_map(|layer| layer.build().err())
        .flat_map(|error| error.faults().to_vec())
        .collect()
}

/// `call("value"): what is wrong; what to write`, one line, lower case, no full stop.
#[test]
fn every_fault_names_the_call_the_value_and_the_fix() {
    let keys = keys();
    for fault in faults() {
        let text = fault.to_string();
        assert!(text.starts_with(fault.setting()), "{text}");
        assert!(!text.ends_with(['.', ' ', '\n']) && !text.contains('\n'), "{text}");
        let (call, said) = text.split_once(')').expect("the call comes first");
        assert!(call.contains('('), "{text}");
        assert!(said.contains(':'), "{text}");
        if let Some(value) = fault.value() {
            // Quoted, whatever way of quoting.
            let bare = |text: &str| text.replace(['\\', '"'], "");
            let shown = format!("{value:?}");
            assert!(bare(&text).contains(&bare(&shown)), "{text} does not show {value:?}");
        }
        if let Some(write) = fault.write() {
            assert!(text.contains("; write "), "{text}");
            assert_ne!(Some(write), fault.value(), "{text}");
        }
        assert!(fault.source().is_none(), "{text}");
        assert_eq!(fault.clone(), fault);
        assert!(fault.setting() == "allow_origin_if" || keys.contains(fault.setting()), "{text}");
    }
}

/// The keys of a configuration, as its Debug names them.
fn keys() -> BTreeSet<String> {
    let debug = format!("{:#?}", CorsConfig::default());
    let lines = debug.lines().filter_map(|line| line.strip_prefix("    "));
    lines
        .filter(|line| !line.starts_with([' ', ']']))
        .filter_map(|line| Some(line.split_once(':')?.0.to_owned()))
        .collect()
}

/// Whoever does what the text says is done: the suggestion has no fault of its own.
#[test]
fn what_a_fault_suggests_builds() {
    let mut suggested = 0;
    for fault in faults() {
        let Some(write) = fault.write() else { continue };
        let layer = match fault.setting() {
            "allow_origins" => CorsLayer::new().allow_origins([write]),
            "allow_methods" => quiet().allow_methods([write]),
            "allow_headers" => quiet().allow_headers([write]),
            "expose_headers" => quiet().expose_headers([write]),
            setting => panic!("{setting} suggests {write:?}"),
        };
        assert_eq!(layer.build().err(), None, "{fault}");
        suggested += 1;
    }
    assert!(suggested > 30, "{suggested}");
}

/// A programme sees the same things as data, to say them in its own words.
#[test]
fn a_settings_page_can_render_faults_in_its_own_words() {
    let error = CorsLayer::new()
        .allow_origins(["https://a.example/"])
        .allow_methods(["get"])
        .allow_headers(["a, b"])
        .allow_credentials(true)
        .allow_origins(["null"])
        .build()
        .unwrap_err();
    let words = |fault: &Fault| match fault {
        Fault::Origin { origin, problem: OriginProblem::Path, write: Some(write) } => {
            format!("{origin} -> {write}")
        }
        Fault::Method { method, problem: NameProblem::LetterCase, write: Some(write) } => {
            format!("{method} -> {write}")
        }
        Fault::HeaderName { setting, name, problem: NameProblem::Several, write: None } => {
            format!("{setting} {name}")
        }
        Fault::Risk(report) => format!("{:?} {:?}", report.risk(), report.value()),
        other => panic!("{other:?}"),
    };
    let said: Vec<_> = error.faults().iter().map(words).collect();
    assert_eq!(
        said,
        [
            "https://a.example/ -> https://a.example",
            "get -> GET",
            "allow_headers a, b",
            "NullOrigin Some(\"null\")",
        ]
    );
}

#[test]
fn the_accessors_of_faults_without_a_value() {
    let first = |layer: CorsLayer| layer.build().unwrap_err().faults()[0].clone();
    for (fault, setting, value) in [
        (first(quiet().max_age(Duration::from_millis(1))), "max_age", None),
        (first(quiet().preflight_status(StatusCode::FOUND)), "preflight_status", None),
        (first(quiet().constant_wildcard(true)), "constant_wildcard", None),
        (first(quiet().expose_headers(Any).allow_credentials(true)), "expose_headers", Some("*")),
        (first(tolerated_but_any()), "allow_origins", Some("*")),
        (
            first(CorsLayer::new().allow_origin_if(|_| true).allow_credentials(true)),
            "allow_origin_if",
            None,
        ),
    ] {
        assert_eq!((fault.setting(), fault.value(), fault.write()), (setting, value, None));
    }
}

fn tolerated_but_any() -> CorsLayer {
    CorsLayer::new().allow_origins(Any).allow_credentials(true).tolerate(Risk::NullOrigin)
}

#[test]
fn the_layout_of_an_error() {
    let one = quiet().allow_methods(["get"]).build().unwrap_err();
    assert_eq!(
        one.to_string(),
        "the CORS configuration has a fault:\n\
         - allow_methods(\"get\"): methods are case-sensitive; write \"GET\""
    );
    let two = quiet().allow_methods(["get", "put"]).build().unwrap_err();
    assert_eq!(
        two.to_string(),
        "the CORS configuration has 2 faults:\n\
         - allow_methods(\"get\"): methods are case-sensitive; write \"GET\"\n\
         - allow_methods(\"put\"): methods are case-sensitive; write \"PUT\""
    );
    // Nothing is said twice by those who print an error with its sources.
    assert!(two.source().is_none());
    assert_eq!(two.clone(), two);
    assert_ne!(one, two);
}

/// Every setting at fault, and every item of a list.
fn all_wrong() -> ConfigError {
    let layer = CorsLayer::new();
    #[cfg(feature = "regex")]
    let layer = layer.allow_origin_regex("(").allow_origin_regex("[");
    layer
        .preflight_status(StatusCode::FOUND)
        .max_age(Duration::from_millis(1))
        .expose_headers(["a b", "set-cookie", "*"])
        .allow_headers(["c d", "e:"])
        .allow_methods(["get", "f g"])
        .constant_wildcard(true)
        .allow_credentials(true)
        .allow_origins(["https://a.example/", "null", "x://*", "https://*.com"])
        .build()
        .unwrap_err()
}

#[test]
fn all_faults_come_at_once() {
    let error = all_wrong();
    let mut counts = std::collections::BTreeMap::new();
    for fault in error.faults() {
        *counts.entry(fault.setting()).or_insert(0) += 1;
    }
    let regexes = if cfg!(feature = "regex") { Some(("allow_origin_regex", 2)) } else { None };
    let expected = [
        ("allow_headers", 2),
        ("allow_methods", 2),
        ("allow_origins", 4),
        ("constant_wildcard", 2),
        ("expose_headers", 3),
        ("max_age", 1),
        ("preflight_status", 1),
    ];
    assert_eq!(counts, expected.into_iter().chain(regexes).collect());
    let lines = error.to_string();
    assert_eq!(lines.lines().count(), error.faults().len() + 1);
    assert!(lines.lines().skip(1).all(|line| line.starts_with("- ")), "{lines}");
}

/// The order of the settings, whatever the order of the calls; dangers after all that is plainly
/// wrong.
#[test]
fn faults_come_in_the_order_of_the_settings() {
    let order = [
        "allow_origins",
        "allow_origin_regex",
        "allow_methods",
        "allow_headers",
        "expose_headers",
        "max_age",
        "preflight_status",
        "constant_wildcard",
    ];
    let place = |fault: &Fault| {
        let setting = fault.setting();
        let place = order.iter().position(|known| *known == setting).expect("a known setting");
        (matches!(fault, Fault::Risk(_)), place)
    };
    let error = all_wrong();
    let places: Vec<_> = error.faults().iter().map(place).collect();
    assert!(places.is_sorted(), "{error}");
    // Items of one list keep their order.
    let error = quiet().allow_headers(["z z", "a a", "m m"]).build().unwrap_err();
    let values: Vec<_> = error.faults().iter().filter_map(Fault::value).collect();
    assert_eq!(values, ["z z", "a a", "m m"]);
}

/// A fault does not keep others from being looked for, nor is it reported twice by a second build.
#[test]
fn building_again_says_the_same() {
    let layer = quiet().allow_methods(["get"]);
    let first = layer.build().unwrap_err();
    assert_eq!(layer.build().unwrap_err(), first);
    assert_eq!(layer.clone().build().unwrap_err(), first);
    assert!(layer.allow_methods(["GET"]).build().is_err(), "a list only grows");
}

// What users of CORS middlewares report: the ids are rows of docs/known-bugs.md

/// P1: any origin with credentials, or what amounts to it, and `*` exposed with them. The text says
/// what most people need instead.
#[test]
fn p1_any_origin_says_what_is_needed_instead() {
    let error = CorsLayer::new().allow_origins(Any).allow_credentials(true).build().unwrap_err();
    let text = error.to_string();
    for words in ["Bearer token", "allow_headers", "authorization", "list the origins"] {
        assert!(text.contains(words), "{text}");
    }
    // The advice is true: without the flag it builds, and the token passes.
    let policy =
        CorsLayer::new().allow_origins(Any).allow_headers(["authorization"]).build().unwrap();
    assert!(policy.check("https://a.example", "GET", &["authorization"]).is_ok());
    // The default is no origin at all.
    assert!(!CorsLayer::new().build().unwrap().allows_origin("https://a.example"));
    assert!(quiet().expose_headers(Any).allow_credentials(true).build().is_err());
}

/// P5: origins and settings that silently never match, or that are dropped.
#[test]
fn p5_nothing_that_never_matches_builds() {
    for (given, write) in [
        ("https://a.example/", "https://a.example"),
        ("https://a.example/app", "https://a.example"),
        ("https://a.example:443", "https://a.example"),
        ("https://A.example", "https://a.example"),
        ("a.example", "https://a.example"),
        ("localhost:5173", "http://localhost:5173"),
    ] {
        let error =
            CorsLayer::new().allow_origins(["https://ok.example", given]).build().unwrap_err();
        assert_eq!(error.faults().len(), 1);
        assert_eq!(error.faults()[0].write(), Some(write), "{given}");
        assert!(CorsLayer::new().allow_origins([write]).build().is_ok());
    }
    // Several in one item, as environment variables have them.
    let error = CorsLayer::new().allow_origins(["https://a.example,https://b.example"]).build();
    assert!(error.unwrap_err().to_string().contains("its own item"));
}

/// P5, hyprstream#1150: in another crate a verb called in a loop keeps only the last item.
#[test]
fn p5_a_verb_called_in_a_loop_keeps_all() {
    let origins = ["https://a.example", "https://b.example", "https://c.example"];
    let looped =
        origins.iter().fold(CorsLayer::new(), |layer, origin| layer.allow_origins([origin]));
    let policy = looped.build().unwrap();
    assert!(origins.iter().all(|origin| policy.allows_origin(origin)));
    let looped = ["GET", "PUT"].iter().fold(quiet(), |layer, method| layer.allow_methods([method]));
    assert_eq!(looped.build().unwrap().config().allow_methods, ["GET", "PUT"]);
    let looped = ["x-a", "x-b"].iter().fold(quiet(), |layer, name| layer.allow_headers([name]));
    assert!(looped.build().unwrap().check("https://a.example", "GET", &["x-a,x-b"]).is_ok());
    let policy = CorsLayer::from(looped.build().unwrap()).allow_headers(["x-c"]).build().unwrap();
    assert_eq!(policy.config().allow_headers, ["x-a", "x-b", "x-c"]);
    let layer = CorsLayer::from(policy.config().clone()).allow_methods(["PUT"]);
    assert_eq!(layer.build().unwrap().config().allow_methods, ["GET", "PUT"]);
}

/// P6: wildcards stand in the list itself; where they cannot stand, the text says where they can.
#[test]
fn p6_wildcards_and_unusual_schemes() {
    for origin in [
        "https://*.example.com",
        "http://localhost:*",
        "https://*.example.com:*",
        "https://*.example.com:8443",
        "tauri://localhost",
        "chrome-extension://mhjfbmdgcfjbbpaeojofohoefgiehjai",
        "capacitor://localhost",
        "app://-",
        "exp://192.0.2.1:8081",
    ] {
        assert!(CorsLayer::new().allow_origins([origin]).build().is_ok(), "{origin}");
    }
    for origin in ["https://*", "https://a.*.example", "https://a*.example", "https://example.*"] {
        let error = CorsLayer::new().allow_origins([origin]).build().unwrap_err().to_string();
        assert!(error.contains("https://*.example.com"), "{error}");
        assert!(error.contains("http://localhost:*"), "{error}");
    }
}

/// P13: no refusal without its reason; explain.rs and tracing_events.rs have the rest.
#[test]
fn p13_every_refusal_has_its_reasons() {
    let policy = quiet().build().unwrap();
    let refusal = policy.check("https://b.example", "PUT", &["x"]).unwrap_err();
    assert_eq!(refusal.to_string(), "Disallowed CORS origin, method, headers");
}

/// P15: `patch` is another method than `PATCH`, and browsers do not mend it.
#[test]
fn p15_methods_in_other_letter_case() {
    for method in ["delete", "get", "head", "options", "patch", "post", "put", "query", "Patch"] {
        let error = quiet().allow_methods([method]).build().unwrap_err();
        let upper = method.to_ascii_uppercase();
        assert_eq!(error.faults()[0].write(), Some(&*upper));
    }
    // Methods of one's own are nobody's business.
    assert!(quiet().allow_methods(["propfind", "Custom"]).build().is_ok());
}

/// P17: `null` is written as such, and refused with credentials, for any page can make itself
/// `null`.
#[test]
fn p17_null_is_a_word_of_its_own() {
    let policy = CorsLayer::new().allow_origins(["null"]).build().unwrap();
    assert!(policy.allows_origin("null"));
    assert!(CorsLayer::new().allow_origins(["null"]).allow_credentials(true).build().is_err());
    for file in ["file://", "file:///app/index.html"] {
        let error = CorsLayer::new().allow_origins([file]).build().unwrap_err().to_string();
        assert!(error.contains("\"null\""), "{error}");
    }
}

// Notes

/// What is idle is never an error, since FastAPI code is full of it.
#[test]
fn idle_settings_build_and_are_noted() {
    let settings: &[(CorsLayer, Note)] = &[
        (CorsLayer::new(), Note::NoOrigins),
        (quiet().allow_headers(["Cookie"]), Note::ForbiddenRequestHeader { name: "Cookie".into() }),
        (quiet().allow_methods(["TRACE"]), Note::ForbiddenMethod { method: "TRACE".into() }),
        (
            quiet().allow_methods(["ANY"]),
            Note::ToTheLetter { setting: "allow_methods", value: "ANY".into(), meant: "*" },
        ),
        (quiet().max_age(Duration::from_secs(100_000)), Note::LongMaxAge { max_age: 100_000 }),
        (
            quiet().allow_methods(["PUT", "PUT", "PUT"]),
            Note::Duplicate { setting: "allow_methods", value: "PUT".into() },
        ),
        (
            CorsLayer::new().allow_origins(["*", "https://a.example"]),
            Note::IdleBesideAny { setting: "allow_origins" },
        ),
        (
            quiet().expose_headers(["etag", "expires"]),
            Note::ExposedAnyway { name: "expires".into() },
        ),
        (
            CorsLayer::new().allow_origins(Any).enforce_origin(EnforceOrigin::WebSockets),
            Note::NothingToEnforce,
        ),
        (quiet().allow_methods(["PUT"]).mirror_methods(), Note::IdleBesideMirror),
    ];
    let keys = keys();
    for (layer, note) in settings {
        let policy = layer.build().unwrap();
        assert_eq!(policy.notes(), std::slice::from_ref(note));
        assert!(keys.contains(note.setting()));
        assert!(note.to_string().starts_with(note.setting()), "{note}");
    }
    for layer in [
        quiet(),
        quiet().max_age(Duration::from_secs(86_400)),
        quiet().mirror_methods(),
        quiet().allow_methods(Any).allow_methods(["PROPFIND"]),
        quiet().allow_methods([
            "PROPFIND",
            "PROPPATCH",
            "MKCOL",
            "COPY",
            "MOVE",
            "LOCK",
            "UNLOCK",
            "ACL",
            "SEARCH",
            "BIND",
            "LINK",
            "UNLINK",
            "MERGE",
            "REPORT",
            "CHECKOUT",
            "MKACTIVITY",
            "NOTIFY",
            "SUBSCRIBE",
            "M-SEARCH",
            "PURGE",
            "SOURCE",
            "LABEL",
            "PRI",
            "REBIND",
            "UPDATE",
        ]),
        quiet().allow_headers(["Accept", "content-type", "authorization"]),
        quiet().preset(Preset::GrpcWeb).preset(Preset::Connect),
        CorsLayer::new().allow_origin_if(|_| false),
    ] {
        assert_eq!(layer.build().unwrap().notes(), [], "{layer:?}");
    }
}
