//! Proves that the security bugs of other CORS libraries are not in this one: a test for each, by
//! name. docs/known-bugs.md lists them.

mod common;

use common::*;
use http::HeaderValue;
use tower_cors::{Any, CorsConfig, CorsLayer, CorsPolicy, Risk};

fn policy(origins: &[&str]) -> CorsPolicy {
    CorsLayer::new().allow_origins(origins).build().unwrap()
}

#[track_caller]
fn allows(policy: &CorsPolicy, table: &[(&str, bool)]) {
    for (origin, allowed) in table {
        assert_eq!(policy.allows_origin(origin), *allowed, "{origin}");
    }
}

/// CVE-2018-20744 (rs/cors), CVE-2024-25124 (Fiber), CVE-2025-34291 (Langflow), GHSA-972r-f3fv-whm3
/// (RESTEasy), javalin#1632, aspnetcore#3106: `*` with credentials reflects any origin.
#[test]
fn any_origin_does_not_build() {
    for layer in [
        CorsLayer::new().allow_origins(Any).allow_credentials(true),
        CorsLayer::new().allow_credentials(true).allow_origins(["https://a.example", "*"]),
        CorsLayer::new().allow_origin_if(|_| true).allow_credentials(true),
        #[cfg(feature = "regex")]
        CorsLayer::new().allow_origin_regex(".*").allow_credentials(true),
    ] {
        let error = layer.build().unwrap_err();
        let risks: Vec<_> = error.diagnostics().iter().filter_map(|error| error.risk()).collect();
        assert_eq!(risks, [Risk::AnyOrigin], "{error}");
    }
    // Whoever knows better says so, and can be found by it.
    let layer = tolerant().allow_origins(Any).allow_credentials(true);
    let policy = layer.build().unwrap();
    assert!(policy.diagnostics().iter().any(|note| note.risk() == Some(Risk::AnyOrigin)));
}

/// CVE-2026-54290 (Hono): the default is any origin.
#[test]
fn the_default_is_no_origin() {
    for layer in [CorsLayer::new(), CorsLayer::default(), CorsConfig::default().into()] {
        let policy = layer.allow_credentials(true).build().unwrap();
        allows(&policy, &[("https://a.example", false), ("null", false), ("", false)]);
    }
}

/// CVE-2019-25211 (gin-contrib/cors): `https://example.com/*` became a prefix, and took
/// `https://example.community`.
#[test]
fn a_trailing_star_is_no_prefix() {
    for origin in ["https://example.com/*", "https://example.com*", "https://example.*"] {
        assert!(CorsLayer::new().allow_origins([origin]).build().is_err(), "{origin}");
    }
    let ports = policy(&["https://example.com:*"]);
    allows(
        &ports,
        &[
            ("https://example.com", true),
            ("https://example.com:8443", true),
            ("https://example.community", false),
            ("https://example.com.evil.example", false),
            ("https://example.com:8443.evil.example", false),
            ("https://example.com:80evil", false),
        ],
    );
}

/// GHSA-vhxv-fg4m-p2w8 (jub0bs/cors), GHSA-v84h-653v-4pq9 (fcors): foo.com beside bar.com took
/// barfoo.com.
#[test]
fn hosts_with_a_common_suffix_do_not_run_together() {
    let few = ["https://foo.com", "https://bar.com", "https://*.foo.org", "https://*.bar.org"];
    let many: Vec<_> = few
        .iter()
        .map(|origin| (*origin).to_owned())
        .chain((0..50).map(|number| format!("https://*.x{number}.org")))
        .chain((0..50).map(|number| format!("https://x{number}.com")))
        .collect();
    for policy in [policy(&few), CorsLayer::new().allow_origins(many).build().unwrap()] {
        allows(
            &policy,
            &[
                ("https://foo.com", true),
                ("https://bar.com", true),
                ("https://barfoo.com", false),
                ("https://foobar.com", false),
                ("https://a.foo.org", true),
                ("https://barfoo.org", false),
                ("https://a.barfoo.org", false),
                ("https://afoo.org", false),
                ("https://foo.org", false),
            ],
        );
    }
}

/// starlette#800, CVE-2026-37737 (sanic-cors), clusterfuzz#5303: a regex that matches a prefix
/// only. Also express's README: an unanchored one.
#[cfg(feature = "regex")]
#[test]
fn a_regex_matches_the_whole_origin() {
    let policy = CorsLayer::new()
        .allow_origin_regex(r"https://[a-z]+\.example\.org")
        .allow_origin_regex(r"https://x\.example|https://y\.example")
        .build()
        .unwrap();
    allows(
        &policy,
        &[
            ("https://a.example.org", true),
            ("https://a.example.org.evil.com", false),
            ("https://evil.com.a.example.org", false),
            ("https://x.example", true),
            ("https://x.example.evil.com", false),
            ("https://y.example", true),
            ("https://y.example:1", false),
        ],
    );
}

/// CVE-2022-1996 (go-restful): listed domains used as unanchored regular expressions.
#[test]
fn a_listed_origin_is_no_regex() {
    allows(
        &policy(&["https://a.example.com"]),
        &[
            ("https://a.example.com", true),
            ("https://axexample.com", false),
            ("https://a.example.com.evil.com", false),
            ("https://evil.com/https://a.example.com", false),
        ],
    );
}

/// mcp-chrome#384: `startsWith("http://127.0.0.1")` takes http://127.0.0.1.evil.com.
#[test]
fn an_address_is_no_prefix() {
    allows(
        &policy(&["http://127.0.0.1:*", "http://localhost:*"]),
        &[
            ("http://127.0.0.1", true),
            ("http://127.0.0.1:8000", true),
            ("http://127.0.0.1.evil.com", false),
            ("http://127.0.0.1:8000.evil.com", false),
            ("http://127.0.0.1@evil.com", false),
            ("http://localhost.evil.com", false),
            ("http://localhost:80@evil.com", false),
        ],
    );
}

/// rs/cors#197: one `*` anywhere, so that `h*` takes everything.
#[test]
fn a_star_stands_for_whole_labels_or_a_port_only() {
    for origin in
        ["h*", "http*", "https://a*", "https://*.*", "**", "*://a.example", "https://a:4*"]
    {
        assert!(CorsLayer::new().allow_origins([origin]).build().is_err(), "{origin}");
    }
}

/// Fiber bae48f0 and 1b961aa: an empty label, and user information, passed the test for subdomains.
#[test]
fn an_empty_label_or_user_information_is_no_subdomain() {
    for pattern in ["https://*.example.com", "https://*.example.com:*"] {
        allows(
            &policy(&[pattern]),
            &[
                ("https://a.example.com", true),
                ("https://.example.com", false),
                ("https://a..example.com", false),
                ("https://..example.com", false),
                ("https://user@a.example.com", false),
                ("https://user:1@a.example.com", false),
                ("https://evil.com:1@a.example.com", false),
                ("https://evil.com#a.example.com", false),
                ("https://evil.com?a.example.com", false),
                ("https://evil.com\\a.example.com", false),
                ("https://evil.com/.example.com", false),
                ("https://evil.com%2f.example.com", false),
            ],
        );
    }
}

/// rs/cors (1.9.0 to 1.11.0) and go-chi/cors#36: 1 MiB of commas costs memory and time for each
/// element. The memory is counted in allocations.rs; here the answers are the right ones.
#[test]
fn a_mebibyte_of_commas_is_an_empty_list() {
    let commas = format!("ac-request-headers: {}", ",".repeat(1 << 20));
    let layer = CorsLayer::new().allow_origins(["https://a.example"]);
    for (asked, status) in [(&[A, GET, &commas][..], 200), (&[A, GET, &commas, &commas], 200)] {
        let (response, _) = through(&layer, &[&["OPTIONS /"], asked].concat(), &["200"]);
        assert_eq!(response.status(), status);
        assert!(!response.headers().contains_key("x"), "no header of the request");
    }
}

/// CVE-2026-69207, GHSA-8j4g-w8fx-2239 (Hono): splitting at `\s*,\s*` takes the square of a run of
/// blanks. With these sizes a quadratic scan would not end within the hour.
#[test]
fn runs_of_blanks_take_linear_time() {
    let policy = policy(&["https://a.example"]);
    let blanks = " ".repeat(4 << 20);
    for (list, allowed) in [
        (blanks.clone(), true),
        (format!("accept{blanks}"), true),
        (format!("accept{blanks}x"), false),
        (format!("{blanks}accept{blanks},{blanks}accept"), true),
        (format!("accept{blanks}accept"), false),
        ("\t ,".repeat(1 << 20), true),
        ("accept ,".repeat(1 << 19), true),
        ("accept".repeat(1 << 19), false),
    ] {
        let found = policy.check("https://a.example", "GET", &[&list]).is_ok();
        assert_eq!(found, allowed, "{:.20}... of {}", list, list.len());
    }
}

/// GHSA-q7jf-gf43-6x6p (Hono): the request's Vary stood on the response, and poisoned caches.
#[test]
fn nothing_of_the_request_but_origin_and_asked_headers_is_sent_back() {
    let layer = CorsLayer::new().allow_origins(["https://a.example"]);
    let sent = ["vary: X-Evil", "set-cookie: a=b", "ac-allow-origin: *", "x-evil: 1"];
    actual(
        &layer,
        &[&["GET /", A], &sent[..]].concat(),
        &["200"],
        &["200", "ac-allow-origin: https://a.example", "vary: Origin"],
    );
    preflight(
        &layer,
        &[&[A, GET], &sent[..]].concat(),
        &[
            "200 OK",
            "ac-allow-origin: https://a.example",
            "ac-allow-methods: GET",
            "ac-max-age: 600",
            SAFELISTED,
        ],
    );
}

/// CVE-2024-1681 (Flask-CORS): request text in logs with line ends. tracing_events.rs has the
/// events.
#[test]
fn texts_about_requests_are_escaped() {
    let policy = policy(&["https://a.example"]);
    let hostile = "\u{85}\u{9b}31m\u{ff}\"\\";
    let rows = [
        "OPTIONS /",
        &format!("origin: {hostile}"),
        &format!("ac-request-method: {hostile}"),
        &format!("ac-request-headers: {hostile}"),
    ];
    let explanation = policy.explain(&head(&rows));
    for line in explanation.to_string().lines() {
        assert!(line.chars().all(|c| c.is_ascii_graphic() || c == ' '), "{line:?}");
    }
    assert!(explanation.to_string().contains(r#"\x85\x9b31m\xff\"\\"#), "{explanation}");
}

/// CVE-2024-6221 (Flask-CORS): private networks were allowed by default.
#[test]
fn private_networks_are_off_by_default() {
    let layer = CorsLayer::new().allow_origins(Any).allow_methods(Any).allow_headers(Any);
    let asked = ["OPTIONS /", A, GET, "ac-request-private-network: true"];
    let (response, _) = through(&layer, &asked, &["200"]);
    assert_eq!(response.status(), 400);
    assert!(!response.headers().contains_key("access-control-allow-private-network"));
}

/// rack-cors#134: `null` took file://.
#[test]
fn null_is_null_alone() {
    allows(
        &policy(&["null"]),
        &[("null", true), ("file://", false), ("Null", false), ("", false), ("null:", false)],
    );
}

/// jub0bs/cors#14, rs/cors#198: header values that are shared with other middleware leaked its
/// changes into later responses.
#[test]
fn changes_of_one_response_do_not_show_in_the_next() {
    let layer = CorsLayer::new()
        .allow_origins(["https://a.example"])
        .allow_headers(["x-a"])
        .expose_headers(["x-b"]);
    for asked in [&["GET /", A][..], &["OPTIONS /", A, GET]] {
        let spy = Spy::new(&["200"]);
        let mut service = around(&layer, &spy);
        let mut first = call(&mut service, request(asked));
        let before = first.headers().clone();
        for value in first.headers_mut().values_mut() {
            *value = HeaderValue::from_static("changed");
        }
        let second = call(&mut service, request(asked));
        assert_eq!(*second.headers(), before);
    }
}

/// poem 3.1.12: one byte beyond ASCII in Origin panics as soon as there is a wildcard.
#[test]
fn bytes_beyond_ascii_do_not_panic() {
    for origins in [&["https://*.a.example"][..], &["*"], &["https://a.example:*", "null"]] {
        let layer = CorsLayer::new().allow_origins(origins);
        for byte in (0x80..=0xff_u8).map(char::from) {
            for origin in [format!("{byte}"), format!("https://{byte}.a.example")] {
                let origin = format!("origin: {origin}");
                through(&layer, &["GET /", &origin], &["200"]);
                through(&layer, &["OPTIONS /", &origin, GET], &["200"]);
            }
        }
    }
}

/// poem 3.1.12: a preflight passes as soon as one of the asked headers is allowed.
#[test]
fn all_of_the_asked_headers_must_be_allowed() {
    let layer = CorsLayer::new().allow_origins(["https://a.example"]).allow_headers(["x-a"]);
    let policy = layer.build().unwrap();
    for (asked, allowed) in [
        (&["x-a"][..], true),
        (&["x-a,x-b"], false),
        (&["x-b,x-a"], false),
        (&["x-a", "x-b"], false),
        (&["x-b", "x-a"], false),
    ] {
        assert_eq!(policy.check("https://a.example", "GET", asked).is_ok(), allowed, "{asked:?}");
    }
}

/// Starlette 1.10.0: credentials for refused origins turn an inner Access-Control-Allow-Origin into
/// a credentialed grant.
#[test]
fn credentials_stand_only_beside_an_origin_of_this_layer() {
    let layer = CorsLayer::new().allow_origins(["https://a.example"]).allow_credentials(true);
    actual(
        &layer,
        &["GET /", "origin: https://evil.example"],
        &["200", "ac-allow-origin: https://evil.example"],
        &["200", "ac-allow-origin: https://evil.example", "vary: Origin"],
    );
}

/// Starlette 1.10.0: one text for a list is searched for substrings, so `https://a` is allowed.
/// Here the types leave no room for it: one text is one item.
#[test]
fn one_text_is_one_item() {
    allows(
        &CorsLayer::new().allow_origins(Some("https://a.example")).build().unwrap(),
        &[("https://a.example", true), ("https://a", false), ("h", false), ("", false)],
    );
    assert!(CorsLayer::new().allow_methods(["GET,POST"]).build().is_err());
}

/// express with a `g` flag: a match left its state behind, and every second request was refused.
#[cfg(feature = "regex")]
#[test]
fn a_regex_keeps_no_state_between_requests() {
    let layer = CorsLayer::new().allow_origin_regex(r"https://[a-z]\.example");
    let spy = Spy::new(&["200"]);
    let mut service = around(&layer, &spy);
    for _ in 0..5 {
        let response = call(&mut service, request(&["GET /", A]));
        assert_eq!(response.headers()["access-control-allow-origin"], "https://a.example");
    }
}

/// Starlette on Python: `([a-z0-9]+-?)+` takes 4.3 s on 26 letters, and doubles with each more.
#[cfg(feature = "regex")]
#[test]
fn a_regex_takes_linear_time() {
    let policy = CorsLayer::new()
        .allow_origin_regex(r"https://([a-z0-9]+-?)+\.example\.com")
        .build()
        .unwrap();
    let letters = "a".repeat(200);
    allows(
        &policy,
        &[
            (&format!("https://{letters}.example.com"), true),
            (&format!("https://{letters}.example.org"), false),
            (&format!("https://{}", "a".repeat(8192)), false),
        ],
    );
}
