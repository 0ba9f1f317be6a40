//! Proves the wire behaviour, header by header and to the letter: who answers, which origins,
//! preflights, actual responses. The differences from Starlette are in differences.rs.

mod common;

use std::time::Duration;

use common::*;
use http::Version;
use tower::ServiceExt;
use tower_cors::{Any, CorsLayer, CorsPolicy, Refusal};

/// Whether preflights of an origin pass.
#[track_caller]
fn origins(policy: &CorsPolicy, table: &[(&str, bool)]) {
    for (origin, allowed) in table {
        assert_eq!(policy.allows_origin(origin), *allowed, "{origin:?}");
        let refusal = policy.check(origin, "GET", &[]).err();
        assert_eq!(refusal.is_none(), *allowed, "{origin:?}");
        assert!(refusal.is_none_or(|refusal| refusal.origin()), "{origin:?}");
    }
}

// Who answers

#[test]
fn a_preflight_is_options_with_origin_and_request_method() {
    for (asked, is_preflight) in [
        (&["OPTIONS /", A, GET][..], true),
        (&["OPTIONS *", A, GET], true),
        (&["OPTIONS /", "origin:", GET], true),
        (&["OPTIONS /", A, "ac-request-method:"], true),
        (&["OPTIONS /", "origin:", "ac-request-method:"], true),
        (&["OPTIONS /", "origin: null", "ac-request-method: \u{ff}"], true),
        (&["OPTIONS /"], false),
        (&["OPTIONS /", A], false),
        (&["OPTIONS /", GET], false),
        (&["OPTIONS /", A, "ac-request-headers: x"], false),
        (&["OPTIONS /", A, "ac-request-private-network: true"], false),
        (&["options /", A, GET], false),
        (&["Options /", A, GET], false),
        (&["OPTIONSX /", A, GET], false),
        (&["GET /", A, GET], false),
        (&["HEAD /", A, GET], false),
        (&["POST /", A, GET, "ac-request-headers: x"], false),
        (&["PUT /", A, GET, "ac-request-private-network: true"], false),
        (&["QUERY /", A, GET], false),
        (&["CONNECT a.example:443", A, GET], false),
        (&["TRACE /", A, GET], false),
    ] {
        let (_, calls) = through(&one_origin(), asked, &["200 inner"]);
        assert_eq!(calls, usize::from(!is_preflight), "{asked:?}");
    }
}

/// Request headers of preflights mean nothing on other methods, and other OPTIONS are decorated.
#[test]
fn other_options_are_actual_requests() {
    for asked in [
        &["OPTIONS /", A][..],
        &["options /", A, GET],
        &["POST /", A, GET, "ac-request-headers: x-nope", "ac-request-private-network: true"],
    ] {
        actual(
            &one_origin(),
            asked,
            &["405 inner", "allow: GET"],
            &["405 inner", "allow: GET", "ac-allow-origin: https://a.example", "vary: Origin"],
        );
    }
    let asked = ["OPTIONS /", GET];
    actual(&one_origin(), &asked, &["204"], &["204", "vary: Origin"]);
}

#[test]
fn the_inner_service_gets_the_request_unchanged() {
    let spy = Spy::new(&["200"]);
    let mut request = request(&[
        "PATCH https://host.example/path?query",
        A,
        "cookie: a=1",
        "cookie: b=2",
        "ac-request-method: GET",
        "ac-request-headers: x, y",
        "x-bytes: \u{80}\u{ff}",
    ]);
    *request.version_mut() = Version::HTTP_2;
    request.extensions_mut().insert("kept");
    let (sent, _) = request.clone().into_parts();
    call(&mut around(&one_origin(), &spy), request);
    let seen = spy.last().unwrap();
    assert_eq!((seen.method, seen.uri, seen.version), (sent.method, sent.uri, sent.version));
    assert_eq!(seen.headers, sent.headers);
    assert_eq!(seen.extensions.get(), Some(&"kept"));
}

#[tokio::test]
async fn preflights_never_reach_routing() {
    use axum::{Router, body::Body, routing::get};

    let router = Router::new().route("/known", get(|| async { "inner" })).layer(one_origin());
    for (asked, status) in [
        (&["OPTIONS /unknown", A, GET][..], 200),
        (&["OPTIONS /known", A, GET], 200),
        (&["OPTIONS /known", A, "ac-request-method: PUT"], 400),
        (&["OPTIONS /known", A], 405),
        (&["GET /unknown", A], 404),
        (&["GET /known", A], 200),
    ] {
        let request = request(asked).map(Body::new);
        let response = router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), status, "{asked:?}");
        assert_eq!(response.headers()["access-control-allow-origin"], "https://a.example");
    }
}

#[test]
fn switching_protocols_and_tunnels_leave_as_they_came() {
    let layer = one_origin().allow_credentials(true).expose_headers(["x-exposed"]);
    let own = ["ac-allow-origin: https://own.example", "vary: X-Own", "upgrade: websocket"];
    for (asked, status) in [
        (&["GET /", A, "upgrade: websocket", "connection: upgrade"][..], "101"),
        (&["GET /"], "101"),
        (&["CONNECT a.example:443", A], "200"),
        (&["CONNECT a.example:443"], "200"),
        (&["CONNECT https://a.example/socket", A], "200"),
        (&["CONNECT a.example:443", A], "407 Disallowed"),
    ] {
        let left = [&[status][..], &own].concat();
        actual(&layer, asked, &left, &left);
    }
    // Any other method is decorated, however much it looks like one.
    for asked in [["connect a.example:443", A], ["GET /", A]] {
        let (response, _) = through(&layer, &asked, &["200"]);
        assert_eq!(response.headers()["access-control-allow-origin"], "https://a.example");
    }
}

// Which origins

#[test]
fn listed_origins_are_compared_to_the_letter() {
    let listed = ["https://a.example", "http://b.example:8080", "null", "app://Mixed.Case"];
    origins(
        &CorsLayer::new().allow_origins(listed).build().unwrap(),
        &[
            ("https://a.example", true),
            ("http://b.example:8080", true),
            ("null", true),
            ("app://Mixed.Case", true),
            ("HTTPS://a.example", false),
            ("https://A.example", false),
            ("https://a.example/", false),
            ("https://a.example:443", false),
            ("https://a.example.", false),
            ("http://a.example", false),
            ("http://b.example", false),
            ("http://b.example:80800", false),
            ("NULL", false),
            ("app://mixed.case", false),
            ("https://a.example, https://a.example", false),
            ("https://a.example null", false),
            (" https://a.example", false),
            ("", false),
            ("*", false),
        ],
    );
}

/// b1, b2: `*` anywhere in the list takes any value, and then nothing of the request is echoed.
#[test]
fn any_anywhere_in_the_list_allows_all() {
    let with_any = ["https://b.example", "*", "https://c.example"];
    for layer in [
        CorsLayer::new().allow_origins(Any),
        CorsLayer::new().allow_origins(with_any),
        CorsLayer::new().allow_origins(["https://b.example"]).allow_origins(Any),
    ] {
        for origin in [
            A,
            "origin: https://b.example",
            "origin: null",
            "origin:",
            "origin: \u{ff}garbage",
            "origin: https://a.example/path",
        ] {
            let answer = ["200 OK", "ac-allow-origin: *", "ac-allow-methods: GET"];
            let answer = [&answer[..], &["ac-max-age: 600", SAFELISTED]].concat();
            preflight(&layer, &[origin, GET], &answer);
            let asked = ["GET /", origin];
            actual(&layer, &asked, &["200"], &["200", "ac-allow-origin: *", "vary: Origin"]);
        }
    }
}

#[test]
fn the_default_allows_no_origin() {
    let policy = CorsLayer::new().build().unwrap();
    origins(&policy, &[("https://a.example", false), ("null", false), ("", false)]);
    let answer = ["400 Disallowed CORS origin", "ac-allow-methods: GET", "ac-max-age: 600"];
    preflight(&CorsLayer::new(), &[A, GET], &[&answer[..], &[SAFELISTED]].concat());
    actual(&CorsLayer::new(), &["GET /", A], &["200 inner"], &["200 inner", "vary: Origin"]);
}

#[cfg(feature = "regex")]
#[test]
fn a_regex_matches_the_whole_origin_in_union_with_the_list() {
    let policy = CorsLayer::new()
        .allow_origins(["https://listed.example"])
        .allow_origin_regex(r"https://a|https://a\.b")
        .allow_origin_regex(r"http://[a-z]+\.c")
        .build()
        .unwrap();
    origins(
        &policy,
        &[
            ("https://listed.example", true),
            ("https://a", true),
            ("https://a.b", true),
            ("http://x.c", true),
            ("https://a.bc", false),
            ("xhttps://a", false),
            ("https://a.b.c", false),
            ("http://x.c.evil", false),
            ("http://evil.x.c", false),
            ("https://x.c", false),
        ],
    );
}

/// `^…$` around the text would bind to the outermost alternatives, or vanish in a comment.
#[cfg(feature = "regex")]
#[test]
fn a_regex_cannot_break_out_of_its_anchors() {
    assert!(CorsLayer::new().allow_origin_regex(r"https://a)|(?:.*").build().is_err());
    for (regex, table) in [
        (
            "https://a|https://b",
            &[
                ("https://a", true),
                ("https://b", true),
                ("https://ax", false),
                ("xhttps://b", false),
            ][..],
        ),
        (r"https://a$|https://b", &[("https://a", true), ("https://b", true)]),
        (r"^https://a$", &[("https://a", true), ("https://a.b", false)]),
        (r"(?i)HTTPS://A", &[("https://a", true), ("HTTPS://A", false)]),
        (r"https://a(?:\.b)?", &[("https://a", true), ("https://a.b", true)]),
    ] {
        let policy = CorsLayer::new().allow_origin_regex(regex).build().unwrap();
        origins(&policy, table);
    }
}

// Preflight answers

#[test]
fn an_allowed_preflight_is_200_with_the_defaults() {
    preflight(
        &one_origin(),
        &[A, GET],
        &[
            "200 OK",
            "ac-allow-origin: https://a.example",
            "ac-allow-methods: GET",
            "ac-max-age: 600",
            SAFELISTED,
        ],
    );
}

#[test]
fn a_refusal_names_what_failed_in_order() {
    let layer = one_origin();
    let wrong = |wrong: bool, right, other| if wrong { other } else { right };
    for bits in 0_u8..16 {
        let [origin, method, headers, private_network] = [1, 2, 4, 8].map(|bit| bits & bit != 0);
        let mut asked = vec![
            wrong(origin, A, "origin: https://b.example"),
            wrong(method, GET, "ac-request-method: PUT"),
            wrong(headers, "ac-request-headers: accept", "ac-request-headers: x-nope,x-no"),
        ];
        if private_network {
            asked.push("ac-request-private-network: true");
        }
        let failed: Vec<_> = [
            (origin, "origin"),
            (method, "method"),
            (headers, "headers"),
            (private_network, "private-network"),
        ]
        .into_iter()
        .filter_map(|(failed, name)| failed.then_some(name))
        .collect();
        let first = if failed.is_empty() {
            "200 OK".to_owned()
        } else {
            format!("400 Disallowed CORS {}", failed.join(", "))
        };
        let mut answer = vec![&*first, "ac-allow-methods: GET", "ac-max-age: 600", SAFELISTED];
        if !origin {
            answer.push("ac-allow-origin: https://a.example");
        }
        preflight(&layer, &asked, &answer);

        let (response, _) = through(&layer, &[&["OPTIONS /"], &asked[..]].concat(), &["200"]);
        let refusal = response.extensions().get::<Refusal>();
        assert_eq!(refusal.is_some(), bits != 0);
        if let Some(refusal) = refusal {
            let said =
                [refusal.origin(), refusal.method(), refusal.headers(), refusal.private_network()];
            assert_eq!(said, [origin, method, headers, private_network]);
            assert_eq!(refusal.to_string(), first[4..]);
        }
    }
}

/// c4: what does not depend on the failure is there.
#[test]
fn a_refusal_carries_everything_else() {
    let layer = one_origin()
        .allow_headers(["x-token"])
        .allow_credentials(true)
        .allow_private_network(true)
        .max_age(Duration::from_secs(7));
    let rest = [
        "ac-allow-methods: GET",
        "ac-max-age: 7",
        "ac-allow-headers: Accept, Accept-Language, Content-Language, Content-Type, x-token",
        "ac-allow-credentials: true",
        "ac-allow-private-network: true",
    ];
    preflight(
        &layer,
        &["origin: https://b.example", GET, "ac-request-private-network: true"],
        &[&["400 Disallowed CORS origin"], &rest[..]].concat(),
    );
    preflight(
        &layer,
        &[A, "ac-request-method: PUT", "ac-request-private-network: true"],
        &[&["400 Disallowed CORS method", "ac-allow-origin: https://a.example"], &rest[..]]
            .concat(),
    );
    let any = CorsLayer::new().allow_origins(Any).allow_headers(Any);
    preflight(
        &any,
        &[A, "ac-request-method: PUT", "ac-request-headers: X-b,,A"],
        &[
            "400 Disallowed CORS method",
            "ac-allow-origin: *",
            "ac-allow-methods: GET",
            "ac-max-age: 600",
            "ac-allow-headers: X-b,,A",
        ],
    );
}

#[test]
fn methods_are_the_list_as_given_and_compared_to_the_letter() {
    const EIGHT: &str = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT, QUERY";
    for (methods, value, asked) in [
        (
            &["PUT", "GET"][..],
            "PUT, GET",
            &[
                ("PUT", true),
                ("GET", true),
                ("get", false),
                ("Put", false),
                ("HEAD", false),
                ("POST", false),
                ("PUT, GET", false),
                ("PUT ", false),
                ("", false),
                ("*", false),
            ][..],
        ),
        (&["PUT", "PUT"], "PUT, PUT", &[("PUT", true)]),
        (&["X-Custom", "x-custom2"], "X-Custom, x-custom2", &[("X-Custom", true), ("GET", false)]),
        // No exception is made for those that browsers send without asking.
        (&["PUT"], "PUT", &[("GET", false), ("HEAD", false), ("POST", false)]),
        (&[], "", &[("GET", false), ("", false)]),
        (
            &["*"],
            EIGHT,
            &[
                ("GET", true),
                ("QUERY", true),
                ("OPTIONS", true),
                ("patch", false),
                ("CUSTOM", false),
                ("TRACE", false),
                ("CONNECT", false),
                ("*", false),
                ("", false),
            ],
        ),
    ] {
        let layer = one_origin().allow_methods(methods);
        for (method, allowed) in asked {
            let first = if *allowed { "200 OK" } else { "400 Disallowed CORS method" };
            preflight(
                &layer,
                &[A, &format!("ac-request-method: {method}")],
                &[
                    first,
                    "ac-allow-origin: https://a.example",
                    &format!("ac-allow-methods: {value}"),
                    "ac-max-age: 600",
                    SAFELISTED,
                ],
            );
        }
    }
}

/// c10: of several lines the first counts.
#[test]
fn the_first_request_method_counts() {
    let put = "ac-request-method: PUT";
    for (asked, status) in [([A, GET, put], 200), ([A, put, GET], 400)] {
        let (response, _) =
            through(&one_origin(), &[&["OPTIONS /"], &asked[..]].concat(), &["200"]);
        assert_eq!(response.status(), status, "{asked:?}");
    }
}

#[test]
fn max_age_is_600_or_as_given() {
    let lines = |max_age: &str| {
        let mut answer = vec!["200 OK", "ac-allow-origin: https://a.example"];
        answer.extend(["ac-allow-methods: GET", SAFELISTED]);
        let mut answer: Vec<_> = answer.into_iter().map(str::to_owned).collect();
        answer.extend((!max_age.is_empty()).then(|| format!("ac-max-age: {max_age}")));
        answer
    };
    for (layer, max_age) in [
        (one_origin(), "600"),
        (one_origin().max_age(Duration::ZERO), "0"),
        (one_origin().max_age(Duration::from_secs(86_400)), "86400"),
        (one_origin().max_age(Duration::from_secs(1 << 53)), "9007199254740992"),
        (one_origin().max_age(Duration::from_secs(u64::MAX)), "18446744073709551615"),
        (one_origin().max_age(None), ""),
        (one_origin().max_age(Some(Duration::from_secs(1))), "1"),
        (one_origin().max_age(None).max_age(Duration::from_secs(2)), "2"),
    ] {
        let answer = lines(max_age);
        preflight(&layer, &[A, GET], &answer.iter().map(String::as_str).collect::<Vec<_>>());
    }
}

/// c11: a set to the letter, sorted by code point, spelled as given.
#[test]
fn allowed_headers_are_sorted_and_spelled_as_given() {
    for (names, value) in [
        (&[][..], "Accept, Accept-Language, Content-Language, Content-Type"),
        (&["X-a"], "Accept, Accept-Language, Content-Language, Content-Type, X-a"),
        (
            &["authorization", "X-a", "X-a", "0"],
            "0, Accept, Accept-Language, Content-Language, Content-Type, X-a, authorization",
        ),
        (
            &["content-type", "Accept", "x-B", "X-b"],
            "Accept, Accept-Language, Content-Language, Content-Type, X-b, content-type, x-B",
        ),
    ] {
        preflight(
            &one_origin().allow_headers(names),
            &[A, GET],
            &[
                "200 OK",
                "ac-allow-origin: https://a.example",
                "ac-allow-methods: GET",
                "ac-max-age: 600",
                &format!("ac-allow-headers: {value}"),
            ],
        );
    }
}

#[test]
fn all_asked_headers_must_be_allowed() {
    let policy = one_origin().allow_headers(["X-Token", "authorization"]).build().unwrap();
    for (asked, allowed) in [
        ("x-token", true),
        ("X-TOKEN", true),
        ("X-Token, Authorization", true),
        ("authorization,x-token", true),
        ("accept,accept-language,content-language,content-type", true),
        ("x-token , \t authorization\t", true),
        ("x-token,x-token,x-token", true),
        ("x-nope", false),
        ("x-token,x-nope", false),
        ("x-nope,x-token", false),
        ("x-token x-token", false),
        ("x-token;authorization", false),
        ("x-toke", false),
        ("x-tokens", false),
        ("range", false),
        ("*", false),
        ("x-token,*", false),
        ("\"x-token\"", false),
    ] {
        let refusal = policy.check("https://a.example", "GET", &[asked]).err();
        assert_eq!(refusal.is_none(), allowed, "{asked:?}");
        assert!(refusal.is_none_or(|refusal| refusal.headers()), "{asked:?}");
    }
}

/// Runs of separators of every length, and one other byte anywhere in them, against a reading element
/// by element.
#[test]
fn separators_of_any_length_are_read_alike() {
    let policy = one_origin().allow_headers(["x-a", "x"]).build().unwrap();
    let allowed = ["accept", "accept-language", "content-language", "content-type", "x-a", "x"];
    let naive = |line: &str| {
        let mut elements = line.split(',').map(|element| element.trim_matches([' ', '\t']));
        elements.all(|element| element.is_empty() || allowed.contains(&element))
    };
    let check = |line: &str| {
        let passes = policy.check("https://a.example", "GET", &[line]).is_ok();
        assert_eq!(passes, naive(line), "{line:?}");
    };
    for length in 0..100 {
        for separator in [" ", ",", "\t", ", ", " ,", "\t,\t"] {
            let run = separator.repeat(length);
            for line in [
                run.clone(),
                format!("x-a{run}"),
                format!("{run}x-a"),
                format!("x-a{run}accept"),
                format!("x-a{run},{run}accept{run}"),
                format!("x-a{run}no"),
                format!("{run}no{run}x-a"),
            ] {
                check(&line);
            }
        }
    }
    for (length, at) in (1..70).flat_map(|length| (0..length).map(move |at| (length, at))) {
        for byte in [',', 'x', ';', '\t', '\u{7e}'] {
            let mut run = " ".repeat(length);
            run.replace_range(at..=at, byte.encode_utf8(&mut [0; 4]));
            check(&run);
            check(&format!("accept{run}accept"));
            check(&format!("accept,{run}"));
        }
    }
}

/// c15: any asked list passes and comes back byte for byte; nothing asked, no header.
#[test]
fn any_header_echoes_what_is_asked() {
    let layer = one_origin().allow_headers(Any);
    let fixed = [
        "200 OK",
        "ac-allow-origin: https://a.example",
        "ac-allow-methods: GET",
        "ac-max-age: 600",
    ];
    preflight(&layer, &[A, GET], &fixed);
    for list in [
        "x-token",
        "X-Token,  a\t,,b",
        "authorization",
        "",
        ",",
        "*",
        "a b;\u{80}\u{a0}\u{ff}",
        &"x".repeat(65_536),
    ] {
        preflight(
            &layer,
            &[A, GET, &format!("ac-request-headers: {list}")],
            &[&fixed[..], &[&format!("ac-allow-headers: {list}")]].concat(),
        );
    }
    // `*` beside names is `*`.
    let mixed = one_origin().allow_headers(["x-token"]).allow_headers(["*"]);
    preflight(
        &mixed,
        &[A, GET, "ac-request-headers: other"],
        &[&fixed[..], &["ac-allow-headers: other"]].concat(),
    );
}

#[test]
fn credentials_and_the_echoed_origin() {
    let tail = ["ac-allow-methods: GET", "ac-max-age: 600", SAFELISTED];
    let any = || tolerant().allow_origins(Any);
    for (layer, grant) in [
        (one_origin(), &["ac-allow-origin: https://a.example"][..]),
        (
            one_origin().allow_credentials(true),
            &["ac-allow-origin: https://a.example", "ac-allow-credentials: true"],
        ),
        (any(), &["ac-allow-origin: *"]),
        (
            any().allow_credentials(true),
            &["ac-allow-origin: https://a.example", "ac-allow-credentials: true"],
        ),
        (any().allow_credentials(true).allow_credentials(false), &["ac-allow-origin: *"]),
    ] {
        preflight(&layer, &[A, GET], &[&["200 OK"], grant, &tail].concat());
        // c6, d2: cookies make no difference.
        preflight(&layer, &[A, GET, "cookie: a=b"], &[&["200 OK"], grant, &tail].concat());
        actual(&layer, &["GET /", A], &["200"], &[&["200", "vary: Origin"], grant].concat());
        let asked = ["GET /", A, "cookie: a=b"];
        actual(&layer, &asked, &["200"], &[&["200", "vary: Origin"], grant].concat());
    }
}

/// c17: it counts by presence.
#[test]
fn private_network_counts_by_presence() {
    let fixed = [
        "ac-allow-origin: https://a.example",
        "ac-allow-methods: GET",
        "ac-max-age: 600",
        SAFELISTED,
    ];
    for value in ["true", "false", "", "\u{ff}"] {
        let asked = [A, GET, &format!("ac-request-private-network: {value}")];
        let refused = [&["400 Disallowed CORS private-network"], &fixed[..]].concat();
        preflight(&one_origin(), &asked, &refused);
        preflight(
            &one_origin().allow_private_network(true),
            &asked,
            &[&["200 OK", "ac-allow-private-network: true"], &fixed[..]].concat(),
        );
    }
    preflight(
        &one_origin().allow_private_network(true),
        &[A, GET],
        &[&["200 OK"], &fixed[..]].concat(),
    );
}

#[test]
fn exposed_headers_never_stand_on_a_preflight() {
    for (origin, first) in [(A, "200 OK"), ("origin: null", "400 Disallowed CORS origin")] {
        let layer = one_origin().expose_headers(["x-exposed"]);
        let (response, _) = through(&layer, &["OPTIONS /", origin, GET], &["200"]);
        assert!(!response.headers().contains_key("access-control-expose-headers"));
        assert_eq!(rows(response)[0], first);
    }
}

/// Everything at once: no other header stands on a preflight, whatever the request carries.
#[test]
fn a_preflight_answer_has_nothing_of_the_request() {
    preflight(
        &one_origin(),
        &[
            "host: a.example",
            A,
            GET,
            "vary: X-Evil",
            "set-cookie: a=b",
            "content-length: 9",
            "transfer-encoding: chunked",
            "cookie: a=b",
            "cookie: c=d",
            "ac-allow-origin: https://evil.example",
            "ac-allow-credentials: true",
            "ac-expose-headers: x",
            "x-other: 1",
        ],
        &[
            "200 OK",
            "ac-allow-origin: https://a.example",
            "ac-allow-methods: GET",
            "ac-max-age: 600",
            SAFELISTED,
        ],
    );
}

// Actual responses

#[test]
fn every_status_is_decorated() {
    for status in [200_u16, 201, 204, 206, 301, 304, 307, 400, 401, 404, 413, 429, 500, 503, 599] {
        let inner = [&*format!("{status} inner"), "location: /there"];
        let decorated = ["ac-allow-origin: https://a.example", "vary: Origin"];
        actual(&one_origin(), &["GET /", A], &inner, &[&inner[..], &decorated].concat());
    }
}

#[test]
fn without_origin_only_vary_is_added() {
    for layer in [
        one_origin(),
        CorsLayer::new(),
        CorsLayer::new().allow_origins(Any),
        tolerant().allow_origins(Any).allow_credentials(true).expose_headers(["x"]),
    ] {
        actual(&layer, &["GET /"], &["200 inner"], &["200 inner", "vary: Origin"]);
        // d1: what the inner service set stays.
        let own = ["200", "ac-allow-origin: https://own.example", "ac-allow-credentials: true"];
        actual(&layer, &["GET /"], &own, &[&own[..], &["vary: Origin"]].concat());
    }
}

#[test]
fn an_allowed_origin_gets_what_is_configured() {
    let layer = one_origin().allow_credentials(true).expose_headers(["X-b", "x-a", "X-b"]);
    actual(
        &layer,
        &["POST /", A],
        &["200 inner", "x-b: 1"],
        &[
            "200 inner",
            "x-b: 1",
            "ac-allow-origin: https://a.example",
            "ac-allow-credentials: true",
            "ac-expose-headers: X-b, x-a, X-b",
            "vary: Origin",
        ],
    );
    actual(
        &CorsLayer::new().allow_origins(Any).expose_headers(Any),
        &["GET /", A],
        &["200"],
        &["200", "ac-allow-origin: *", "ac-expose-headers: *", "vary: Origin"],
    );
}

/// Several lines of another field do not make several of Origin.
#[test]
fn repeated_fields_beside_origin_change_nothing() {
    for (origin, grant) in
        [(A, &["ac-allow-origin: https://a.example"][..]), ("origin: https://b.example", &[])]
    {
        let asked = ["GET /", "cookie: a=1", origin, "cookie: b=2", "accept: a", "accept: b"];
        actual(&one_origin(), &asked, &["200"], &[&["200", "vary: Origin"], grant].concat());
    }
    let asked = [A, GET, "cookie: a=1", "cookie: b=2"];
    let answer = ["200 OK", "ac-allow-origin: https://a.example", "ac-allow-methods: GET"];
    preflight(&one_origin(), &asked, &[&answer[..], &["ac-max-age: 600", SAFELISTED]].concat());
}

/// d3: CORS is no access control.
#[test]
fn another_origin_is_carried_out_and_gets_vary_alone() {
    let layer = one_origin().allow_credentials(true).expose_headers(["x-exposed"]);
    for origin in ["origin: https://b.example", "origin: null", "origin:", "origin: \u{e9}"] {
        for method in ["GET /", "POST /", "DELETE /"] {
            let (response, _) = through(&layer, &[method, origin], &["200"]);
            assert!(response.extensions().get::<Refusal>().is_none());
            let asked = [method, origin];
            actual(&layer, &asked, &["200 done"], &["200 done", "vary: Origin"]);
        }
    }
}

/// d7, d8: what the layer sets replaces all lines; what it does not set stays.
#[test]
fn what_the_layer_sets_replaces_what_the_inner_service_set() {
    let own = [
        "200",
        "ac-allow-origin: https://own.example",
        "ac-allow-origin: *",
        "ac-allow-credentials: false",
        "ac-allow-credentials: true",
        "ac-expose-headers: own",
        "ac-expose-headers: own2",
        "ac-allow-methods: OWN",
        "ac-allow-headers: own",
        "ac-max-age: 1",
        "ac-allow-private-network: true",
    ];
    let never_ours = &own[7..];
    let ours = [
        "ac-allow-origin: https://a.example",
        "ac-allow-credentials: true",
        "ac-expose-headers: x",
    ];
    let full = one_origin().allow_credentials(true).expose_headers(["x"]);
    actual(&full, &["GET /", A], &own, &[&["200", "vary: Origin"], &ours[..], never_ours].concat());
    actual(
        &one_origin(),
        &["GET /", A],
        &own,
        // D9: the inner grant of credentials was for another origin.
        &[&["200", "vary: Origin"], &ours[..1], &own[5..]].concat(),
    );
}

#[test]
fn other_headers_and_set_cookie_lines_stay_in_order() {
    let inner = [
        "200 inner",
        "set-cookie: z=1",
        "set-cookie: a=2",
        "set-cookie: z=1",
        "etag: \"x\"",
        "content-length: 5",
        "x-bytes: \u{80}\u{ff}",
    ];
    let decorated = ["ac-allow-origin: https://a.example", "vary: Origin"];
    actual(&one_origin(), &["GET /", A], &inner, &[&inner[..], &decorated].concat());
}
