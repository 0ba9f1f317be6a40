//! Proves each numbered difference from Starlette that the README lists. oracle.rs replays Starlette's
//! own answers with them; here each is a table of its own.

mod common;

use std::time::Duration;

use common::*;
use http::{HeaderValue, StatusCode};
use tower_cors::{Any, CorsLayer, EnforceOrigin};

/// Several lines are one list, and empty elements count for nothing (c13, c14).
#[test]
fn d1_several_request_header_lines_are_one_list() {
    let listed = one_origin().allow_headers(["x-a"]);
    for (lines, allowed) in [
        (&["accept", "x-a"][..], true),
        (&["accept", "x-nope"], false),
        (&["x-nope", "accept"], false),
        (&["x-a", "", "accept"], true),
        (&[""], true),
        (&[","], true),
        (&["accept,"], true),
        (&[",, accept ,\t,"], true),
        (&["", ""], true),
        (&["x-a", "x-nope,"], false),
    ] {
        let policy = listed.build().unwrap();
        assert_eq!(policy.check("https://a.example", "GET", lines).is_ok(), allowed, "{lines:?}");
        let lines: Vec<_> =
            lines.iter().map(|line| format!("ac-request-headers: {line}")).collect();
        let lines: Vec<_> = lines.iter().map(String::as_str).collect();
        let (response, _) =
            through(&listed, &[&["OPTIONS /", A, GET], &lines[..]].concat(), &["200"]);
        assert_eq!(response.status().is_success(), allowed, "{lines:?}");
    }
    let any = one_origin().allow_headers(Any);
    for (lines, echo) in [
        (&["a", "b"][..], "a, b"),
        (&["a,b ", "C"], "a,b , C"),
        (&[""], ""),
        (&["\u{ff}", "\u{80}"], "\u{ff}, \u{80}"),
        // An empty line among them is an empty element.
        (&["", "a"], ", a"),
        (&["a", ""], "a, "),
        (&["", ""], ", "),
    ] {
        let lines: Vec<_> =
            lines.iter().map(|line| format!("ac-request-headers: {line}")).collect();
        let lines: Vec<_> = lines.iter().map(String::as_str).collect();
        preflight(
            &any,
            &[&[A, GET], &lines[..]].concat(),
            &[
                "200 OK",
                "ac-allow-origin: https://a.example",
                "ac-allow-methods: GET",
                "ac-max-age: 600",
                &format!("ac-allow-headers: {echo}"),
            ],
        );
    }
}

/// d4, d5, d6: an inner `Access-Control-Allow-Origin` of a public route must not become a
/// credentialed grant.
#[test]
fn d2_credentials_and_exposed_headers_only_for_allowed_origins() {
    let layer = one_origin().allow_credentials(true).expose_headers(["x-secret"]);
    for own in ["ac-allow-origin: *", "ac-allow-origin: https://evil.example"] {
        actual(
            &layer,
            &["GET /", "origin: https://evil.example", "cookie: session=1"],
            &["200", own],
            &["200", own, "vary: Origin"],
        );
    }
    // A preflight shows the policy to whoever asks, as section 3 says.
    preflight(
        &layer,
        &["origin: https://evil.example", GET],
        &[
            "400 Disallowed CORS origin",
            "ac-allow-methods: GET",
            "ac-max-age: 600",
            SAFELISTED,
            "ac-allow-credentials: true",
        ],
    );
}

#[test]
fn d3_malformed_origins_are_never_echoed() {
    let malformed = [
        "",
        " ",
        "*",
        "NULL",
        "a.example",
        "https://",
        "https:/a.example",
        "https://a.example/",
        "https://evil.example/.a.example",
        "https://evil.example?.a.example",
        "https://evil.example#.a.example",
        "https://evil@a.example",
        "https://a.example\u{e9}",
        "https://\u{ff}.a.example",
        "https://A.example",
        "HTTPS://a.example",
        "https://a.example:",
        "https://a.example:0",
        "https://a.example:080",
        "https://a.example:65536",
        "https://a.example:8x",
        "https://a b.a.example",
        "https://a.example, https://a.example",
        "https://a.example\u{9}",
        "https://[::1",
        "https://[::g]",
        "https://[::1]x",
        "https://::1",
        "1http://a.example",
        "-://a.example",
        "://a.example",
    ];
    let everything = tolerant().allow_origin_if(|_| true).allow_credentials(true);
    let any = tolerant().allow_origins(Any).allow_credentials(true);
    let layers = [
        everything,
        any,
        #[cfg(feature = "regex")]
        tolerant().allow_origin_regex(".*").allow_credentials(true),
    ];
    for layer in &layers {
        for origin in malformed {
            let origin = format!("origin: {origin}");
            actual(layer, &["GET /", &origin], &["200"], &["200", "vary: Origin"]);
            preflight(
                layer,
                &[&origin, GET],
                &[
                    "400 Disallowed CORS origin",
                    "ac-allow-methods: GET",
                    "ac-max-age: 600",
                    SAFELISTED,
                    "ac-allow-credentials: true",
                ],
            );
        }
        let (response, _) = through(layer, &["GET /", A], &["200"]);
        assert_eq!(response.headers()["access-control-allow-origin"], "https://a.example");
    }
}

#[test]
fn d3_several_origin_lines_are_never_allowed() {
    for second in [A, "origin: https://b.example", "origin:"] {
        for asked in [[A, second], [second, A]] {
            let answer = ["400 Disallowed CORS origin", "ac-allow-methods: GET", "ac-max-age: 600"];
            preflight(
                &one_origin(),
                &[asked[0], asked[1], GET],
                &[&answer[..], &[SAFELISTED]].concat(),
            );
            let asked = ["GET /", asked[0], asked[1]];
            actual(&one_origin(), &asked, &["200"], &["200", "vary: Origin"]);
            // Under `*` nothing is echoed, so they do no harm.
            let any = CorsLayer::new().allow_origins(Any);
            actual(&any, &asked, &["200"], &["200", "ac-allow-origin: *", "vary: Origin"]);
        }
    }
}

/// c16: Python strips NBSP and NEL, and folds É.
#[test]
fn d4_white_space_is_http_s_and_case_is_ascii_s() {
    let policy = one_origin().allow_headers(["x-a"]).build().unwrap();
    for (asked, allowed) in [
        (" x-a\t", true),
        ("\u{a0}x-a", false),
        ("x-a\u{85}", false),
        ("x-\u{e9}", false),
        ("x-\u{c9}", false),
        ("\u{212a}", false),
    ] {
        let headers = [asked];
        assert_eq!(
            policy.check("https://a.example", "GET", &headers).is_ok(),
            allowed,
            "{asked:?}"
        );
    }
    for line in ["\u{a0}x-a", "x-a\u{85}", "x-a\u{a0},accept"] {
        let layer = one_origin().allow_headers(["x-a"]);
        let asked = ["OPTIONS /", A, GET, &format!("ac-request-headers: {line}")];
        let (response, _) = through(&layer, &asked, &["200"]);
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{line:?}");
    }
}

/// What each says is in diagnostics/; here that none of them is merely silent.
#[test]
fn d5_what_cannot_work_is_an_error_at_start_up() {
    for layer in [
        CorsLayer::new().allow_origins(["https://a.example/"]),
        CorsLayer::new().allow_methods(["get"]),
        CorsLayer::new().allow_headers(["a, b"]),
        CorsLayer::new().expose_headers(["x\r\ny: z"]),
        CorsLayer::new().allow_headers(["é"]),
        CorsLayer::new().max_age(Duration::from_millis(1)),
        CorsLayer::new().preflight_status(StatusCode::FOUND),
        CorsLayer::new().allow_origins(Any).allow_credentials(true),
        CorsLayer::new().allow_origins(Any).enforce_origin(EnforceOrigin::WebSockets),
    ] {
        assert!(layer.build().is_err(), "{layer:?}");
    }
    // What has no effect is none, since FastAPI code is full of it.
    for layer in [
        CorsLayer::new(),
        one_origin().allow_methods(["TRACE"]),
        one_origin().allow_headers(["cookie"]),
        one_origin().expose_headers(["set-cookie"]),
        one_origin().max_age(Duration::from_secs(1 << 40)),
    ] {
        assert!(layer.build().is_ok(), "{layer:?}");
    }
}

#[test]
fn d6_any_beside_other_methods_keeps_them() {
    for methods in [
        &["*", "PROPFIND", "GET", "PROPFIND", "X-Own"][..],
        &["PROPFIND", "*", "PUT", "X-Own"],
        &["PROPFIND", "X-Own", "*", "*"],
    ] {
        let layer = one_origin().allow_methods(methods);
        for (method, first) in [
            ("PROPFIND", "200 OK"),
            ("X-Own", "200 OK"),
            ("GET", "200 OK"),
            ("LOCK", "400 Disallowed CORS method"),
        ] {
            preflight(
                &layer,
                &[A, &format!("ac-request-method: {method}")],
                &[
                    first,
                    "ac-allow-origin: https://a.example",
                    "ac-allow-methods: DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT, QUERY, PROPFIND, X-Own",
                    "ac-max-age: 600",
                    SAFELISTED,
                ],
            );
        }
    }
}

/// d11: no duplicates, an untouched `*`, and no other change.
#[test]
fn d7_vary_says_origin_once() {
    for (inner, vary) in [
        (&[][..], &["Origin"][..]),
        (&["Accept"], &["Accept", "Origin"]),
        (&["Accept", "Cookie"], &["Accept", "Cookie", "Origin"]),
        (&["Origin"], &["Origin"]),
        (&["origin"], &["origin"]),
        (&["Accept, ORIGIN ,Cookie"], &["Accept", "ORIGIN", "Cookie"]),
        (&["Accept", "Origin"], &["Accept", "Origin"]),
        (&["*"], &["*"]),
        (&["Accept, *"], &["Accept", "*"]),
        (&["Accept", " * "], &["Accept", "*"]),
        (&["X-Origin"], &["X-Origin", "Origin"]),
        (&["Origin-X"], &["Origin-X", "Origin"]),
        (&[""], &["Origin"]),
        (&[",,"], &["Origin"]),
        (&["\u{ff}"], &["\u{ff}", "Origin"]),
    ] {
        let asked = [&["GET /", A][..], &["GET /"], &["GET /", "origin: https://b.example"]];
        // Few other names and many.
        for (asked, others) in asked.into_iter().flat_map(|asked| [(asked, 0), (asked, 40)]) {
            let others = (0..others).map(|number| format!("x-{number}: 1"));
            let lines = inner.iter().map(|line| format!("vary: {line}"));
            let lines: Vec<_> = others.chain(lines).collect();
            let lines: Vec<_> = lines.iter().map(String::as_str).collect();
            let (response, _) = through(&one_origin(), asked, &[&["200"], &lines[..]].concat());
            let found = response.headers().get_all("vary");
            let latin_1 = |value: &HeaderValue| -> String {
                value.as_bytes().iter().copied().map(char::from).collect()
            };
            let found: Vec<_> = found.iter().map(latin_1).collect();
            let found: Vec<_> = found
                .iter()
                .flat_map(|line| line.split(',').map(str::trim))
                .filter(|element| !element.is_empty())
                .collect();
            assert_eq!(found, vary, "{inner:?}");
        }
    }
    // An empty line is no name before a comma.
    actual(&one_origin(), &["GET /"], &["200", "vary: "], &["200", "vary: Origin"]);
}

/// The table of what is read alike, and what each of the others says, is in settings/regexes.rs.
#[cfg(feature = "regex")]
#[test]
fn d8_a_regex_that_python_reads_differently_is_an_error() {
    // In Python `.*+` never gives back, `[a--b]` is three characters, `\\<` is one.
    for regex in [r"https://.*+\.x", "https://[a--b].x", r"https://\<a", "https://(?=a)a"] {
        assert!(CorsLayer::new().allow_origin_regex(regex).build().is_err(), "{regex}");
    }
    let alike = one_origin().allow_origin_regex(r"https://[a-z]+\.b\.example");
    let policy = alike.build().unwrap();
    assert!(policy.allows_origin("https://x.b.example"));
    assert!(!policy.allows_origin("https://x.b.example.evil.example"));
}

/// The item is never sent. What is asked under it stands behind the list, as it was asked.
#[test]
fn d11_a_request_header_name_that_ends_in_a_hyphen_and_a_star_is_a_prefix() {
    let layer =
        one_origin().allow_headers(["x-amz-meta-*", "X-Acl", "Mcp-Param-*", "x-amz-meta-a"]);
    let list = "ac-allow-headers: Accept, Accept-Language, Content-Language, Content-Type, X-Acl, \
                x-amz-meta-a";
    for (lines, echo) in [
        (&[][..], ""),
        (&["accept"], ""),
        (&["x-acl,X-AMZ-META-A"], ""),
        (&["x-amz-meta-b"], ", x-amz-meta-b"),
        (&["X-Amz-Meta-B , accept,,MCP-param-q\t"], ", X-Amz-Meta-B, MCP-param-q"),
        (&["x-amz-meta-b", "", "mcp-param-!"], ", x-amz-meta-b, mcp-param-!"),
        // A browser sends no name twice; one that does gets it twice.
        (&["x-amz-meta-b,x-amz-meta-b"], ", x-amz-meta-b, x-amz-meta-b"),
    ] {
        let asked: Vec<_> =
            lines.iter().map(|line| format!("ac-request-headers: {line}")).collect();
        let asked: Vec<_> = [A, GET].into_iter().chain(asked.iter().map(String::as_str)).collect();
        let answer = ["200 OK", "ac-allow-origin: https://a.example", "ac-allow-methods: GET"];
        let list = format!("{list}{echo}");
        preflight(&layer, &asked, &[&answer[..], &["ac-max-age: 600", &list]].concat());
    }
    // What passes by itself is told, so that a console names the one that does not.
    for (line, echo) in [
        ("x-amz-meta-b,x-nope", ", x-amz-meta-b"),
        ("x-nope,mcp-param-a", ", mcp-param-a"),
        ("x-amz-meta-", ""),
        ("x-amz-meta", ""),
        ("x-amz-met-a", ""),
        ("x-amz-meta-b c", ""),
        ("x-amz-meta-\u{e9}", ""),
        ("x-amz-meta-\u{e9},mcp-param-a", ", mcp-param-a"),
        ("*", ""),
    ] {
        let asked = [A, GET, &format!("ac-request-headers: {line}")];
        let answer = ["400 Disallowed CORS headers", "ac-allow-origin: https://a.example"];
        let list = format!("{list}{echo}");
        let rest = ["ac-allow-methods: GET", "ac-max-age: 600", &list];
        preflight(&layer, &asked, &[&answer[..], &rest].concat());
    }
    // The origin's refusal changes nothing of it.
    let asked = [B, GET, "ac-request-headers: mcp-param-a"];
    let list = format!("{list}, mcp-param-a");
    let answer = ["400 Disallowed CORS origin", "ac-allow-methods: GET", "ac-max-age: 600", &list];
    preflight(&layer, &asked, &answer);
    // Beside `*` it is one of all names.
    let any = one_origin().allow_headers(["x-amz-meta-*", "*"]);
    let policy = any.build().unwrap();
    assert_eq!(policy.check("https://a.example", "GET", &["x-amz-meta-b,x-other"]), Ok(()));
}

/// Starlette sends `*`, which browsers read as a header called `*` when cookies are about.
#[test]
fn d12_any_exposed_header_with_credentials_is_written_out() {
    let layer = one_origin().allow_credentials(true).expose_headers(Any);
    let outer = layer.clone().expose_headers(["X-Request-Id", "etag", "x-request-id"]);
    let grant = ["ac-allow-origin: https://a.example", "ac-allow-credentials: true"];
    let inner = [
        "etag: \"1\"",
        "x-a: 1",
        "x-a: 2",
        "content-type: text/plain",
        "cache-control: no-store",
        "content-language: en",
        "expires: 0",
        "last-modified: 0",
        "pragma: x",
        "set-cookie: a=b",
        "set-cookie2: a=b",
        "ac-allow-methods: GET",
    ];
    for (layer, exposed) in [(&layer, "etag, x-a"), (&outer, "etag, x-a, X-Request-Id")] {
        for status in ["200", "201", "404", "500"] {
            for own in [&[][..], &["ac-expose-headers: x-own", "ac-expose-headers: *"]] {
                let exposed = format!("ac-expose-headers: {exposed}");
                let answer = [&[status], &inner[..], &grant, &[&exposed, "vary: Origin"]].concat();
                actual(layer, &["GET /", A], &[&[status], &inner[..], own].concat(), &answer);
            }
        }
        // The fields of a 304 replace those of the stored response, which has more names.
        for own in [&[][..], &["ac-expose-headers: etag"]] {
            let answer = [&["304", "etag: \"1\"", "vary: Origin"], &grant[..]].concat();
            actual(layer, &["GET /", A], &[&["304", "etag: \"1\""], own].concat(), &answer);
        }
        // To others nothing is granted, and what the inner service said is its own.
        let own = ["304", "etag: \"1\"", "ac-expose-headers: etag"];
        actual(layer, &["GET /", B], &own, &[&own[..], &["vary: Origin"]].concat());
    }
    // Nothing to expose; a Vary of the inner service is a header as any.
    let bare = [&["200", "vary: Origin"], &grant[..]].concat();
    actual(&layer, &["GET /", A], &["200", "ac-expose-headers: x-own"], &bare);
    let varying = ["200", "ac-expose-headers: vary", "vary: accept, Origin"];
    actual(&layer, &["GET /", A], &["200", "vary: accept"], &[&varying, &grant[..]].concat());
    // Names that outer layers add are listed whether or not there are others.
    let listed = ["200", "ac-expose-headers: X-Request-Id, etag", "vary: Origin"];
    actual(&outer, &["GET /", A], &["200"], &[&listed, &grant[..]].concat());
    // Without credentials `*` is `*`, and on a 304 too.
    let plain = one_origin().expose_headers(Any);
    for status in ["200", "304"] {
        let answer = [status, grant[0], "ac-expose-headers: *", "x-a: 1", "vary: Origin"];
        actual(&plain, &["GET /", A], &[status, "x-a: 1"], &answer);
    }
}

/// Starlette has no word for it and echoes whatever matches. What stands behind `file://` is a path,
/// and no browser sends it.
#[test]
fn d13_file_alone_is_an_origin() {
    let listed = CorsLayer::new().allow_origins(["file://"]);
    let everything = CorsLayer::new().allow_origin_if(|_| true);
    for layer in [&listed, &everything] {
        let grant = ["200", "ac-allow-origin: file://", "vary: Origin"];
        actual(layer, &["GET /", "origin: file://"], &["200"], &grant);
        let policy = layer.build().unwrap();
        for malformed in
            ["file:", "file:/", "file:///", "file:///index.html", "file://a", "FILE://"]
        {
            assert!(!policy.allows_origin(malformed), "{malformed}");
        }
    }
    for malformed in ["file:///", "file:///index.html", "file://a", "file:"] {
        assert!(CorsLayer::new().allow_origins([malformed]).build().is_err(), "{malformed}");
    }
    // `null` is another origin.
    assert!(!listed.build().unwrap().allows_origin("null"));
    assert!(!CorsLayer::new().allow_origins(["null"]).build().unwrap().allows_origin("file://"));
}

/// `"".split(',')` gives one empty item, and people write a blank behind a comma. In Starlette such an
/// item silently matches nothing, or is sent.
#[test]
fn d15_blanks_around_items_and_empty_items_are_dropped() {
    let layer = CorsLayer::new()
        .allow_origins(" https://a.example , https://*.b.example ,".split(','))
        .allow_methods(["", " PUT", "GET\t"])
        .allow_headers(["x-b ", "", " x-a"])
        .expose_headers([" x-c", "", "x-d "])
        .allow_credentials(true);
    preflight(
        &layer,
        &[A, "ac-request-method: PUT", "ac-request-headers: x-a,x-b"],
        &[
            "200 OK",
            "ac-allow-origin: https://a.example",
            "ac-allow-methods: PUT, GET",
            "ac-max-age: 600",
            "ac-allow-headers: Accept, Accept-Language, Content-Language, Content-Type, x-a, x-b",
            "ac-allow-credentials: true",
        ],
    );
    let grant = ["ac-allow-credentials: true", "ac-expose-headers: x-c, x-d", "vary: Origin"];
    for origin in ["https://a.example", "https://x.b.example"] {
        let allowed = format!("ac-allow-origin: {origin}");
        let asked = ["GET /", &format!("origin: {origin}")];
        actual(&layer, &asked, &["200"], &[&["200", &*allowed], &grant[..]].concat());
    }
    // Nothing but blanks is nothing: no header is sent, no origin allowed.
    let nothing = CorsLayer::new().allow_origins("".split(',')).expose_headers([" "]);
    assert!(!nothing.build().unwrap().allows_origin(""));
    actual(&nothing, &["GET /", A], &["200"], &["200", "vary: Origin"]);
    // `*` in blanks is `*`.
    let any = CorsLayer::new().allow_origins([" * "]).allow_methods([" *"]).allow_headers(["* "]);
    let policy = any.build().unwrap();
    assert!(policy.check("https://a.example", "DELETE", &["x-any"]).is_ok());
}
