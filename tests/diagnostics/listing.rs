//! Every text that the crate says of a configuration, to be read from top to bottom.

use std::{collections::BTreeSet, time::Duration};

use http::StatusCode;
use tower_cors::{Any, CorsLayer, Diagnostic, EnforceOrigin, PerRequestLayer, Risk};

use super::common::{one_origin, said};

const SAID: &str = r##"
Error: allow_origins("https://a.example, https://b.example"): this text has several items; pass each as a separate item: ["https://a.example", "https://b.example"]; in a variable: separate them by commas
Error: allow_origins("\"https://a.example\""): the quotes are part of the text; write "https://a.example"
Error: allow_origins("[https://a.example]"): the brackets or other characters around it are part of the text; write "https://a.example"
Error: allow_origins("''"): the quotes are part of the text; leave them out
Error: allow_origins("${ORIGIN}"): this is a placeholder that was not filled in; check the variable
Error: allow_origins("all"): this word is not an origin; write "*"
Error: allow_origins("none"): this word is not an origin; leave the list empty to allow none; pages of your own origin need no CORS
Error: allow_origins("https://.*\\.example\\.com"): this is a regular expression; pass it to allow_origin_regex
Note: allow_origins(""): an empty item, such as an empty variable, is ignored
Note: allow_origins: no origin is allowed, so every preflight is refused
Note: allow_origins(" https://a.example"): the blanks around it are ignored
Error: allow_origins("example.com"): an origin starts with its scheme; write "https://example.com"
Error: allow_origins("frontend"): an origin starts with its scheme; write one such as "https://example.com"
Error: allow_origins("localhost"): an origin starts with its scheme; write "http://localhost:*"
Error: allow_origins("10.0.0.1:8080"): an origin starts with its scheme; write "http://10.0.0.1:8080"
Error: allow_origins("1http://example.com"): this is not a scheme; write "https://", "http://" or another of lower-case letters, digits, "+", "-", "."
Error: allow_origins("http://https://example.com"): an origin has one scheme; write "https://example.com"
Warning: allow_origins("ws://example.com"): no page has an origin of this scheme; a WebSocket carries the origin of its page; write "http://example.com"
Warning: allow_origins("htps://example.com"): no browser knows this scheme; a typo?; write "https://example.com"
Error: allow_origins("file:///index.html"): pages of this scheme have no origin of their own, and browsers send "null" or "file://" for them; serve the page over http
Error: allow_origins("https://Example.com"): browsers send origins in lower case; write "https://example.com"
Error: allow_origins("Null"): browsers send "null" in lower case
Error: allow_origins("https://example.com/"): an origin has no path; write "https://example.com"
Error: allow_origins("https://user:password@example.com"): an origin has no user name or password; write "https://example.com"
Error: allow_origins("https://example.com:443"): browsers leave out the default port; write "https://example.com"
Error: allow_origins("http://example.com:08080"): browsers do not send a port like this; write "http://example.com:8080"
Error: allow_origins("http://example.com:0"): this is not a port; write 1 to 65535, or "*" for any
Error: allow_origins("https://bücher.example"): browsers send this host as punycode; copy it from the Origin header of a request
Error: allow_origins("http://[::ffff:192.0.2.1]"): browsers write this address in another form; write "http://[::ffff:c000:201]"
Error: allow_origins("http://127.1"): browsers do not send an IP address like this; write four plain decimal numbers, or copy the Origin header of a request
Error: allow_origins("192.168.1.0/24"): a range of addresses cannot be listed; list the origins, or decide with allow_origin_if
Error: allow_origins("https://exa%20mple.com"): this is not a host; write a domain or an IP address of at most 254 bytes
Error: allow_origins("https://.example.com"): a domain cannot have an empty label; write "https://*.example.com"
Error: allow_origins("https://a..example.com"): a domain cannot have an empty label
Error: allow_origins("http://::1:3000"): write an IPv6 address in brackets, as in "http://[::1]:3000"
Error: allow_origins("https://*example.com"): "*" can replace whole labels or the port; write "https://*.example.com"
Error: allow_origins("https://*"): "*" cannot stand for a whole host; write "*" for any origin, "https://*.example.com" for the subdomains of a domain
Error: allow_origins("*://*"): "*" cannot stand for a whole host; write "*" for any origin
Error: allow_origins("chrome-extension://*"): "*" cannot stand for a whole host; list the exact origin, or match any with allow_origin_regex("chrome-extension://.+")
Error: allow_origins("https://app-*.example.com"): "*" can replace whole labels before a domain, as in "https://*.example.com", or the port, as in "http://localhost:*"; "*" alone allows any origin; for other shapes use allow_origin_regex or allow_origin_if
Note: allow_origins("https://a.example"): it is listed twice
Warning: allow_origins: "*" allows every origin, so the other items have no effect; if you meant to restrict the origins, leave out "*"
Error: allow_methods("get"): methods are case-sensitive; write "GET"
Error: allow_methods("GET POST"): this text has several items; pass each as a separate item: ["GET", "POST"]; in a variable: separate them by commas
Error: allow_methods("'get'"): the quotes are part of the text; write "GET"
Error: allow_methods("GET,"): this is not a name; write "GET"
Error: allow_methods("GÉT"): this is not the name of a method
Note: allow_methods("PUT"): it is listed twice
Warning: allow_methods("DELTE"): this name is allowed as it is; a typo?; write "DELETE"
Note: allow_methods("TRACE"): no browser lets a script send this method
Note: allow_methods: mirror_methods allows every method, so the list has no effect
Warning: allow_methods: GET is the only allowed method; browsers send a preflight before a POST with a JSON body, and it would be refused; list POST too if pages send it
Error: allow_headers("Authorization: Bearer abc"): this is not a name; write "Authorization"
Error: allow_headers("x-ä"): this is not the name of a header
Note: allow_headers("Cookie"): no browser lets a script set this header
Warning: allow_headers("ETag"): only responses have this header; allow_headers lists request headers, expose_headers lists response headers
Warning: allow_headers("Authorisation"): this name is allowed as it is; a typo?; write "Authorization"
Error: allow_headers("x-*"): write "*" alone for any header, or a prefix of at least two characters followed by "-*", as in "x-amz-meta-*"; list other names in full
Error: allow_headers("**"): write "*" alone to allow any header; write "*"
Note: allow_headers: "*" matches everything, so the other items have no effect
Error: expose_headers("x-ä"): this is not the name of a header
Note: expose_headers("set-cookie"): no script can ever read this header
Note: expose_headers("Content-Type"): every script can read this header anyway
Warning: expose_headers("Authorization"): only requests have this header; expose_headers lists response headers, allow_headers lists request headers
Error: expose_headers("upload-*"): browsers do not support prefixes here; list the names in full, or write "*" for all of them
Error: expose_headers("**"): write "*" alone to expose all headers; write "*"
Error: max_age(500ms): the header has whole seconds only; write Duration::from_secs(1)
Note: max_age(86401): browsers keep a preflight for a shorter time: Firefox for at most 86400 seconds, Chromium for 7200, Safari for 600
Error: preflight_status(304): browsers refuse every preflight whose status is not 200 to 299; write 200 or 204
Error: constant_wildcard(true): the answers can only be constant if any origin is allowed; write allow_origins(Any), or drop constant_wildcard(true)
Error: constant_wildcard(true): with credentials the answers depend on the origin; drop allow_credentials(true), or constant_wildcard(true)
Error: constant_wildcard(true): with enforce_origin the answers depend on the origin; drop one of the two
Note: allow_origins("*"): this is tolerated by tolerate(Risk::AnyOrigin)
Note: enforce_origin: every origin is allowed, so nothing is refused
Warning: enforce_origin: with DNS rebinding, an attacker's page can send the same GET requests as your own pages; list the hosts of this server with allow_hosts
Error: allow_hosts("api.example/"): a host has no path; write "api.example"
Error: allow_hosts("user@api.example"): a host has no user name or password; write "api.example"
Error: allow_hosts("https://api.example"): a host has no scheme and no path, and without a port it matches every port; write "api.example"
Error: allow_hosts("api.example:0"): this is not a port; write 1 to 65535, or leave it out for any port
Error: allow_hosts("10.0.0.0/8"): a range of addresses cannot be listed; list each host
Error: allow_hosts("::1"): write an IPv6 address in brackets, as in "[::1]:3000"
Error: allow_hosts("app-*.example"): "*" can replace whole labels before a domain, as in "*.example.com"; "*" alone allows any host; list other hosts in full
Error: allow_hosts("*api.example"): "*" can replace whole labels before a domain; write "*.api.example"
Error: allow_hosts("127.1"): browsers do not send an IP address like this; write four plain decimal numbers, or copy the Host header of a request
Error: allow_hosts("300.1.2.3"): browsers do not send an IP address like this; write four plain decimal numbers, or copy the Host header of a request
Error: allow_hosts("bücher.example"): browsers send this host as punycode; copy it from the Host header of a request
Error: allow_hosts("{{ host }}"): this is a placeholder that was not filled in; check the variable
Error: allow_hosts("any"): this word is not a host; list the hosts of this server, or leave the list empty to accept every host
Error: allow_origins("*"): any website could send requests as your logged-in user and read the answers
  - the page sends a token in a header: drop .allow_credentials(true) here and credentials: "include" in the page, and add .allow_headers(["authorization"])
  - the page needs cookies: write .allow_origins(["https://app.example.com", "http://localhost:*"]) instead
  - this is intended: .tolerate(Risk::AnyOrigin)
Error: allow_origins("null"): any website can make itself the origin null, and could then send requests as your logged-in user and read the answers
  - serve the page from its own origin, and list that origin instead
  - this is intended: .tolerate(Risk::NullOrigin)
Error: allow_origins("https://*.com"): it matches https://x.com, which anybody can obtain; any website could send requests as your logged-in user and read the answers
  - the page sends a token in a header: drop .allow_credentials(true) here and credentials: "include" in the page, and add .allow_headers(["authorization"])
  - the page needs cookies: write .allow_origins(["https://app.example.com", "http://localhost:*"]) instead
  - this is intended: .tolerate(Risk::AnyOrigin)
Error: allow_origin_if(<fn>): it matches https://evil.com, which anybody can obtain; any website could send requests as your logged-in user and read the answers
  - the page sends a token in a header: drop .allow_credentials(true) here and credentials: "include" in the page, and add .allow_headers(["authorization"])
  - the page needs cookies: write .allow_origins(["https://app.example.com", "http://localhost:*"]) instead
  - this is intended: .tolerate(Risk::AnyOrigin)
Error: allow_origin_if(<fn>): any website can make itself the origin null, and could then send requests as your logged-in user and read the answers
  - serve the page from its own origin, and list that origin instead
  - this is intended: .tolerate(Risk::NullOrigin)
Note: allow_origin_if(<fn>): it matches https://evil.com, which anybody can obtain; this is tolerated by tolerate(Risk::AnyOrigin)
Note: allow_origins("null"): this is tolerated by tolerate(Risk::NullOrigin)
Warning: allow_origins("http://a.example"): this page is not encrypted; anyone who can change it on the network could send requests as your logged-in user; serve it over https
Warning: allow_origins("file://"): this matches every file or extension that a user opens, not only yours; list the exact origin if there is one
Warning: allow_origins("https://*.local"): it matches https://x.local, a machine of a private network; anyone who controls such a machine could send requests as your logged-in user; list the exact hosts
"##;

#[cfg(feature = "regex")]
const EXPRESSIONS_SAID: &str = r##"
Error: allow_origin_regex("*"): this is a wildcard, not a regular expression; write allow_origins(["https://*.example.com"])
Error: allow_origin_regex("https://*.example.com"): this is a wildcard, not a regular expression; write allow_origins(["https://*.example.com"])
Error: allow_origin_regex("("): at "(": the "(" has no ")"; add it, or write "\(" for the character itself
Error: allow_origin_regex("a{3,2}"): at "{3,2}": the minimum is greater than the maximum; swap them, as in "{2,3}"
Error: allow_origin_regex(r"\p{Unknown}"): at "\\p": browsers send origins in ASCII, and Python and Rust read Unicode escapes differently; write the characters that are meant, as in "[a-z]"
Error: allow_origin_regex("+a"): at "+": the quantifier has nothing to repeat; write "\" before it for the character itself
Error: allow_origin_regex("["): at "[": the "[" has no "]"; add it, or write "\[" for the character itself
Error: allow_origin_regex("https://{sub}.example"): at "{": a "{" starts a repetition such as "{2}" or "{0,3}"; write "\{" for the character itself
Error: allow_origin_regex(r"a\Z"): at "\\Z": only Python reads "\Z"; remove it: the whole origin must match anyway
Error: allow_origin_regex("(?=a)"): at "(?=": look-around is not supported, because matching takes linear time; write the origins as alternatives, as in "(?:a|b)", or use allow_origin_if
Error: allow_origin_regex(r"(a)\1"): at "\\1": backreferences are not supported, because matching takes linear time; write the origins as alternatives, as in "(?:a|b)", or use allow_origin_if
Error: allow_origin_regex("(?>a)"): at "(?>": only Python reads atomic groups; write "(?:…)"
Error: allow_origin_regex(r"\é"): at "\\é": this escape does not exist in both Python and Rust; remove the backslash
Error: allow_origin_regex(r"\0"): at "\\0": only Python reads octal escapes; write the character itself
Error: allow_origin_regex("(?:a{1000}){1000}"): this expression is too large; write smaller repetitions
Error: allow_origin_regex(r"https://.*+\.example"): at "+": this is a possessive quantifier in Python, two quantifiers in Rust; remove the "+"
Error: allow_origin_regex("a{2, 3}"): at "{2, 3}": these are plain characters in Python, a repetition in Rust; remove the spaces
Error: allow_origin_regex("[a&&b]"): at "&&": this is a set operation in Rust, plain characters in Python; write each character once, with "\" before it
Error: allow_origin_regex("[[:alpha:]]"): at "[:": this is a named class in Rust, plain characters in Python; write its characters, as in "a-z"
Error: allow_origin_regex("[a[bc]]"): at "[": this is a class inside a class in Rust, a plain character in Python; write "\[" for the character itself
Error: allow_origin_regex(r"\<a"): at "\\<": this is a plain character in Python, a word boundary in Rust; remove it, or write "\b" for a word boundary
Error: allow_origin_regex("https://.*"): it matches https://x.cc, which anybody can obtain; any website could send requests as your logged-in user and read the answers
  - the page sends a token in a header: drop .allow_credentials(true) here and credentials: "include" in the page, and add .allow_headers(["authorization"])
  - the page needs cookies: write .allow_origins(["https://app.example.com", "http://localhost:*"]) instead
  - this is intended: .tolerate(Risk::AnyOrigin)
Error: allow_origin_regex("null"): any website can make itself the origin null, and could then send requests as your logged-in user and read the answers
  - serve the page from its own origin, and list that origin instead
  - this is intended: .tolerate(Risk::NullOrigin)
Error: allow_origin_regex(r"https://x\.example/"): this matches no origin that a browser could send; write r"https://x\.example"
Error: allow_origin_regex(r"x\.example"): this matches no origin that a browser could send; an origin is a scheme, "://", a host in lower case and a port that is not the default
Warning: allow_origin_regex(r"https?://.*\.example\.com"): this page is not encrypted; anyone who can change it on the network could send requests as your logged-in user; serve it over https
"##;

#[cfg(not(feature = "regex"))]
const EXPRESSIONS_SAID: &str = r##"
Error: allow_origin_regex("https://.*"): regular expressions need the feature `regex` of tower-cors; enable it in Cargo.toml, or use a pattern such as "https://*.example.com" in allow_origins
Error: allow_origin_regex("("): regular expressions need the feature `regex` of tower-cors; enable it in Cargo.toml, or use a pattern such as "https://*.example.com" in allow_origins
"##;

/// Settings of which something is said.
pub(super) fn settings() -> Vec<CorsLayer> {
    lists().into_iter().chain(dangers()).chain(expressions()).collect()
}

/// In the order of the settings.
fn lists() -> Vec<CorsLayer> {
    let origins = [
        // Something else than one origin.
        "https://a.example, https://b.example",
        "\"https://a.example\"",
        "[https://a.example]",
        "''",
        "${ORIGIN}",
        "all",
        "none",
        r"https://.*\.example\.com",
        "",
        " https://a.example",
        // One, as no browser sends it.
        "example.com",
        "frontend",
        "localhost",
        "10.0.0.1:8080",
        "1http://example.com",
        "http://https://example.com",
        "ws://example.com",
        "htps://example.com",
        "file:///index.html",
        "https://Example.com",
        "Null",
        "https://example.com/",
        "https://user:password@example.com",
        "https://example.com:443",
        "http://example.com:08080",
        "http://example.com:0",
        "https://b\u{fc}cher.example",
        "http://[::ffff:192.0.2.1]",
        "http://127.1",
        "192.168.1.0/24",
        "https://exa%20mple.com",
        "https://.example.com",
        "https://a..example.com",
        "http://::1:3000",
        // Wildcards.
        "https://*example.com",
        "https://*",
        "*://*",
        "chrome-extension://*",
        "https://app-*.example.com",
    ];
    let origins = origins.into_iter().map(|origin| CorsLayer::new().allow_origins([origin]));
    let any = || CorsLayer::new().allow_origins(Any);
    let constant = || any().constant_wildcard(true).tolerate(Risk::AnyOrigin);
    let others = [
        one_origin().allow_origins(["https://a.example"]),
        any().allow_origins(["https://a.example"]),
        one_origin().allow_methods(["get"]),
        one_origin().allow_methods(["GET POST"]),
        one_origin().allow_methods(["'get'"]),
        one_origin().allow_methods(["GET,"]),
        one_origin().allow_methods(["G\u{c9}T"]),
        one_origin().allow_methods(["DELTE", "TRACE", "PUT", "PUT"]),
        one_origin().allow_methods(["PUT"]).mirror_methods(),
        one_origin().allow_headers(["content-type"]),
        one_origin().allow_headers(["Authorization: Bearer abc"]),
        one_origin().allow_headers(["x-\u{e4}"]),
        one_origin().allow_headers(["Cookie", "ETag", "Authorisation"]),
        one_origin().allow_headers(["x-*", "**"]),
        one_origin().allow_headers(["x-a", "*"]),
        one_origin().expose_headers(["x-\u{e4}"]),
        one_origin().expose_headers(["set-cookie", "Content-Type", "Authorization"]),
        one_origin().expose_headers(["upload-*", "**"]),
        one_origin().max_age(Duration::from_millis(500)),
        one_origin().max_age(Duration::from_secs(86_401)),
        one_origin().preflight_status(StatusCode::NOT_MODIFIED),
        one_origin().constant_wildcard(true),
        constant().allow_credentials(true),
        constant().enforce_origin(EnforceOrigin::WebSockets),
        any().enforce_origin(EnforceOrigin::WebSockets).tolerate(Risk::AnyOrigin),
        one_origin().enforce_origin(EnforceOrigin::AllRequests),
        one_origin().allow_hosts(["api.example/", "user@api.example", "https://api.example"]),
        one_origin().allow_hosts([
            "api.example:0",
            "10.0.0.0/8",
            "::1",
            "app-*.example",
            "*api.example",
        ]),
        one_origin().allow_hosts(["127.1", "300.1.2.3", "bücher.example", "{{ host }}", "any"]),
    ];
    origins.chain(others).collect()
}

fn dangers() -> Vec<CorsLayer> {
    let trusting = || CorsLayer::new().allow_credentials(true);
    vec![
        trusting().allow_origins(Any),
        trusting().allow_origins(["null"]),
        trusting().allow_origins(["https://*.com"]),
        trusting().allow_origin_if(|_| true),
        trusting().allow_origin_if(|origin| origin == "null"),
        trusting().allow_origin_if(|_| true).tolerate(Risk::AnyOrigin),
        trusting().allow_origins(["null"]).tolerate(Risk::NullOrigin),
        trusting().allow_origins(["http://a.example"]),
        trusting().allow_origins(["file://"]),
        trusting().allow_origins(["https://*.local"]),
    ]
}

#[cfg(not(feature = "regex"))]
fn expressions() -> Vec<CorsLayer> {
    let mut config = tower_cors::CorsConfig::default();
    config.allow_origin_regex = vec!["https://.*".to_owned(), "(".to_owned()];
    vec![config.into()]
}

#[cfg(feature = "regex")]
fn expressions() -> Vec<CorsLayer> {
    let expressions = [
        "*",
        "https://*.example.com",
        "(",
        "a{3,2}",
        r"\p{Unknown}",
        "+a",
        "[",
        "https://{sub}.example",
        r"a\Z",
        "(?=a)",
        r"(a)\1",
        "(?>a)",
        "\\\u{e9}",
        r"\0",
        "(?:a{1000}){1000}",
        r"https://.*+\.example",
        "a{2, 3}",
        "[a&&b]",
        "[[:alpha:]]",
        "[a[bc]]",
        r"\<a",
        "https://.*",
        "null",
        r"https://x\.example/",
        r"x\.example",
        r"https?://.*\.example\.com",
    ];
    let layer = |regex| one_origin().allow_origin_regex(regex).allow_credentials(true);
    expressions.into_iter().map(layer).collect()
}

/// The whole listing. Whoever changes a text reads it here, and puts what is printed in its place.
#[test]
fn every_text() {
    listing(lists().into_iter().chain(dangers()), SAID);
    listing(expressions(), EXPRESSIONS_SAID);
}

#[track_caller]
fn listing(layers: impl IntoIterator<Item = CorsLayer>, expected: &str) {
    let all = layers.into_iter().flat_map(|layer| said(&layer));
    let found: Vec<_> = all.map(|one| format!("{:?}: {one}", one.severity())).collect();
    let found = found.join("\n");
    assert!(
        found == expected.trim(),
        "the listing has changed. Now it is\n\n{found}\n\nfirst difference: {:?}",
        found.lines().zip(expected.trim().lines()).find(|(now, then)| now != then)
    );
}

/// What is said of several policies; its texts are in first.rs.
fn said_of_several() -> Vec<Diagnostic> {
    let guarded = one_origin().allow_hosts(["api.example"]);
    let several = [one_origin(), guarded].map(|layer| layer.build().unwrap());
    let errors = [Vec::new(), several.to_vec()]
        .map(|policies| PerRequestLayer::try_from(policies).unwrap_err().diagnostics().to_vec());
    errors.concat()
}

/// No kind can be added without a row above.
#[test]
#[cfg_attr(not(feature = "regex"), ignore = "some kinds are said of regular expressions alone")]
fn every_kind_is_listed() {
    let source = include_str!("../../src/diagnostic/kind.rs");
    let variants = source.lines().filter_map(|line| line.strip_prefix("    ")?.strip_suffix(','));
    let is_name = |line: &&str| line.chars().all(char::is_alphanumeric);
    let mut missing: BTreeSet<_> = variants.filter(is_name).map(str::to_owned).collect();
    assert!(missing.len() > 40, "{missing:?}");
    for one in settings().iter().flat_map(said).chain(said_of_several()) {
        missing.remove(&format!("{:?}", one.kind()));
    }
    assert_eq!(missing, BTreeSet::from(UNSAID.map(str::to_owned)));
}

/// No sentence can be added that no test shows: each piece between two values stands in one of them.
#[test]
fn every_sentence_is_shown() {
    let plain = |text: &str| text.replace("\\\"", "\"").replace("\\\\", "\\");
    let shown = plain(concat!(
        include_str!("listing.rs"),
        include_str!("main.rs"),
        include_str!("../explain/main.rs"),
        include_str!("../first.rs"),
        include_str!("../settings/format_errors.rs"),
    ));
    let source = concat!(
        include_str!("../../src/diagnostic/text.rs"),
        include_str!("../../src/diagnostic/explain_text.rs"),
        include_str!("../../src/diagnostic/danger_text.rs"),
    );
    let source = source.replace("\\\"", "\u{1}").replace("'\"'", "");
    let source: String = source
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n");
    let literals = source.split('"').skip(1).step_by(2);
    let mut pieces = 0;
    for piece in literals.flat_map(|literal| literal.split(['{', '}']).step_by(2)) {
        // What is between quotes is code, where it spans lines.
        let piece = plain(&piece.replace('\u{1}', "\""));
        let lines = piece.split("\\n").map(str::trim).filter(|line| line.len() > 7);
        for line in lines.filter(|line| line.contains(' ') && !line.contains('\n')) {
            pieces += 1;
            assert!(shown.contains(line) || UNSHOWN.contains(&line), "no test shows {line:?}");
        }
    }
    assert!(pieces > 100, "{pieces}");
}

/// Nothing leads to these yet.
const UNSHOWN: [&str; 1] = [
    "this matches no origin that a browser could send; an origin is a scheme, \"://\", a host in lower case and a port that is not the default",
];

/// Nothing says these yet.
const UNSAID: [&str; 1] = ["RegexWithoutFeature"];
