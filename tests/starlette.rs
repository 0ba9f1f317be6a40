//! Proves that Starlette 1.10.0's own CORS tests hold here: its test functions, by name, as rows.

mod common;

use common::*;
use http_body_util::BodyExt;
use tower::{ServiceBuilder, ServiceExt};
use tower_cors::{Any, CorsLayer};

const EXAMPLE: &str = "origin: https://example.org";
const ALL_METHODS: &str = "ac-allow-methods: DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT, QUERY";
const X_EXAMPLE: &str =
    "ac-allow-headers: Accept, Accept-Language, Content-Language, Content-Type, X-Example";
const HOMEPAGE: &[&str] = &["200 Homepage"];

#[test]
fn test_cors_allow_all() {
    let layer = tolerant()
        .allow_origins(["*"])
        .allow_headers(["*"])
        .allow_methods(["*"])
        .expose_headers(["X-Status"])
        .allow_credentials(true);
    preflight(
        &layer,
        &[EXAMPLE, GET, "ac-request-headers: X-Example"],
        &[
            "200 OK",
            "ac-allow-origin: https://example.org",
            ALL_METHODS,
            "ac-max-age: 600",
            "ac-allow-headers: X-Example",
            "ac-allow-credentials: true",
        ],
    );
    let decorated = [
        "200 Homepage",
        "ac-allow-origin: https://example.org",
        "ac-expose-headers: X-Status",
        "ac-allow-credentials: true",
        "vary: Origin",
    ];
    actual(&layer, &["GET /", EXAMPLE], HOMEPAGE, &decorated);
    actual(&layer, &["GET /", EXAMPLE, "cookie: star_cookie=sugar"], HOMEPAGE, &decorated);
    actual(&layer, &["GET /"], HOMEPAGE, &["200 Homepage", "vary: Origin"]);
}

#[test]
fn test_cors_allow_all_except_credentials() {
    let layer = CorsLayer::new()
        .allow_origins(["*"])
        .allow_headers(["*"])
        .allow_methods(["*"])
        .expose_headers(["X-Status"]);
    preflight(
        &layer,
        &[EXAMPLE, GET, "ac-request-headers: X-Example"],
        &[
            "200 OK",
            "ac-allow-origin: *",
            ALL_METHODS,
            "ac-max-age: 600",
            "ac-allow-headers: X-Example",
        ],
    );
    // Without Origin it is no preflight; Starlette's routing has no OPTIONS there.
    actual(
        &layer,
        &["OPTIONS /", GET, "ac-request-headers: X-Example"],
        &["405 Method Not Allowed"],
        &["405 Method Not Allowed", "vary: Origin"],
    );
    actual(
        &layer,
        &["GET /", EXAMPLE],
        HOMEPAGE,
        &["200 Homepage", "ac-allow-origin: *", "ac-expose-headers: X-Status", "vary: Origin"],
    );
    actual(&layer, &["GET /"], HOMEPAGE, &["200 Homepage", "vary: Origin"]);
}

#[test]
fn test_cors_allow_specific_origin() {
    let layer = CorsLayer::new()
        .allow_origins(["https://example.org"])
        .allow_headers(["X-Example", "Content-Type"]);
    preflight(
        &layer,
        &[EXAMPLE, GET, "ac-request-headers: X-Example, Content-Type"],
        &[
            "200 OK",
            "ac-allow-origin: https://example.org",
            "ac-allow-methods: GET",
            "ac-max-age: 600",
            X_EXAMPLE,
        ],
    );
    let decorated = ["200 Homepage", "ac-allow-origin: https://example.org", "vary: Origin"];
    actual(&layer, &["GET /", EXAMPLE], HOMEPAGE, &decorated);
    actual(&layer, &["GET /"], HOMEPAGE, &["200 Homepage", "vary: Origin"]);
}

#[test]
fn test_cors_disallowed_preflight() {
    let layer =
        CorsLayer::new().allow_origins(["https://example.org"]).allow_headers(["X-Example"]);
    let rest = ["ac-allow-methods: GET", "ac-max-age: 600", X_EXAMPLE];
    preflight(
        &layer,
        &["origin: https://another.org", "ac-request-method: POST", "ac-request-headers: X-Nope"],
        &[&["400 Disallowed CORS origin, method, headers"], &rest[..]].concat(),
    );
    // Several headers are one failure: https://github.com/Kludex/starlette/pull/1199
    preflight(
        &layer,
        &[EXAMPLE, GET, "ac-request-headers: X-Nope-1, X-Nope-2"],
        &[&["400 Disallowed CORS headers", "ac-allow-origin: https://example.org"], &rest[..]]
            .concat(),
    );
}

#[test]
fn test_preflight_allows_request_origin_if_origins_wildcard_and_credentials_allowed() {
    preflight(
        &tolerant().allow_origins(["*"]).allow_methods(["POST"]).allow_credentials(true),
        &[EXAMPLE, "ac-request-method: POST"],
        &[
            "200 OK",
            "ac-allow-origin: https://example.org",
            "ac-allow-methods: POST",
            "ac-max-age: 600",
            SAFELISTED,
            "ac-allow-credentials: true",
        ],
    );
}

#[test]
fn test_cors_preflight_allow_all_methods() {
    let layer = CorsLayer::new().allow_origins(["*"]).allow_methods(["*"]);
    for method in ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY"] {
        preflight(
            &layer,
            &[EXAMPLE, &format!("ac-request-method: {method}")],
            &["200 OK", "ac-allow-origin: *", ALL_METHODS, "ac-max-age: 600", SAFELISTED],
        );
    }
}

#[test]
fn test_cors_preflight_rejects_custom_method_with_wildcard() {
    preflight(
        &CorsLayer::new().allow_origins(["*"]).allow_methods(["*"]),
        &[EXAMPLE, "ac-request-method: CUSTOM"],
        &[
            "400 Disallowed CORS method",
            "ac-allow-origin: *",
            ALL_METHODS,
            "ac-max-age: 600",
            SAFELISTED,
        ],
    );
}

#[test]
fn test_cors_allow_all_methods() {
    let layer = CorsLayer::new().allow_origins(Any).allow_methods(Any);
    for method in ["PATCH", "POST", "PUT", "DELETE", "GET", "HEAD", "OPTIONS"] {
        actual(
            &layer,
            &[method, EXAMPLE],
            HOMEPAGE,
            &["200 Homepage", "ac-allow-origin: *", "vary: Origin"],
        );
    }
    actual(&layer, &["OPTIONS", GET], HOMEPAGE, &["200 Homepage", "vary: Origin"]);
}

/// With credentials the expression of Starlette's test is a risk that has to be tolerated here.
#[cfg(feature = "regex")]
#[test]
fn test_cors_allow_origin_regex() {
    let layer = tolerant()
        .allow_headers(["X-Example", "Content-Type"])
        .allow_origin_regex("https://.*")
        .allow_credentials(true);
    let decorated = [
        "200 Homepage",
        "ac-allow-origin: https://example.org",
        "ac-allow-credentials: true",
        "vary: Origin",
    ];
    actual(&layer, &["GET /", EXAMPLE], HOMEPAGE, &decorated);
    actual(&layer, &["GET /", EXAMPLE, "cookie: star_cookie=sugar"], HOMEPAGE, &decorated);
    // Enforcement is the browser's; here Starlette sends the credentials header, difference D2.
    let asked = ["GET /", "origin: http://example.org"];
    actual(&layer, &asked, HOMEPAGE, &["200 Homepage", "vary: Origin"]);
    let rest =
        ["ac-allow-methods: GET", "ac-max-age: 600", X_EXAMPLE, "ac-allow-credentials: true"];
    preflight(
        &layer,
        &["origin: https://another.com", GET, "ac-request-headers: X-Example, content-type"],
        &[&["200 OK", "ac-allow-origin: https://another.com"], &rest[..]].concat(),
    );
    preflight(
        &layer,
        &["origin: http://another.com", GET, "ac-request-headers: X-Example"],
        &[&["400 Disallowed CORS origin"], &rest[..]].concat(),
    );
}

#[cfg(feature = "regex")]
#[test]
fn test_cors_allow_origin_regex_fullmatch() {
    let layer = CorsLayer::new()
        .allow_headers(["X-Example", "Content-Type"])
        .allow_origin_regex(r"https://.*\.example.org");
    for (origin, allowed) in [
        ("https://subdomain.example.org", true),
        ("https://subdomain.example.org.hacker.com", false),
    ] {
        let grant = format!("ac-allow-origin: {origin}");
        let grant = if allowed { &[&*grant][..] } else { &[] };
        actual(
            &layer,
            &["GET /", &format!("origin: {origin}")],
            HOMEPAGE,
            &[&["200 Homepage", "vary: Origin"], grant].concat(),
        );
    }
}

#[test]
fn test_cors_vary_header_defaults_to_origin() {
    actual(
        &CorsLayer::new().allow_origins(["https://example.org"]),
        &["GET /", EXAMPLE],
        HOMEPAGE,
        &["200 Homepage", "ac-allow-origin: https://example.org", "vary: Origin"],
    );
}

#[test]
fn test_cors_vary_header_is_set_for_non_credentialed_request() {
    actual(
        &CorsLayer::new().allow_origins(["*"]),
        &["GET /", "origin: https://someplace.org"],
        &["200 Homepage", "vary: Accept-Encoding", "vary: Accept-Language"],
        &["200 Homepage", "ac-allow-origin: *", "vary: Accept-Encoding, Accept-Language, Origin"],
    );
}

#[test]
fn test_cors_vary_header_is_properly_set_for_credentialed_request() {
    actual(
        &tolerant().allow_origins(["*"]).allow_credentials(true),
        &["GET /", "origin: https://someplace.org"],
        &["200 Homepage", "vary: Accept-Encoding", "vary: Accept-Language"],
        &[
            "200 Homepage",
            "ac-allow-origin: https://someplace.org",
            "ac-allow-credentials: true",
            "vary: Accept-Encoding, Accept-Language, Origin",
        ],
    );
}

#[test]
fn test_cors_vary_header_is_properly_set_when_allow_origins_is_not_wildcard() {
    actual(
        &CorsLayer::new().allow_origins(["https://example.org"]),
        &["GET /", EXAMPLE],
        &["200 Homepage", "vary: Accept-Encoding"],
        &["200 Homepage", "ac-allow-origin: https://example.org", "vary: Accept-Encoding, Origin"],
    );
}

/// One service for all three, so that something could leak.
#[test]
fn test_cors_allowed_origin_does_not_leak_between_requests() {
    let layer = CorsLayer::new().allow_origins(["https://example.org"]);
    let mut service = around(&layer, &Spy::new(HOMEPAGE));
    let allowed = ["200 Homepage", "ac-allow-origin: https://example.org", "vary: Origin"];
    for (origin, answer) in [
        (EXAMPLE, &allowed[..]),
        ("origin: https://other.org", &["200 Homepage", "vary: Origin"]),
        (EXAMPLE, &allowed),
    ] {
        let response = call(&mut service, request(&["GET /", origin]));
        assert_eq!(rows(response), expected(answer));
    }
}

#[test]
fn test_cors_private_network_access_allowed() {
    let layer =
        CorsLayer::new().allow_origins(["*"]).allow_methods(["*"]).allow_private_network(true);
    let asked = [EXAMPLE, GET, "ac-request-private-network: true"];
    let answer = ["200 OK", "ac-allow-origin: *", ALL_METHODS, "ac-max-age: 600", SAFELISTED];
    preflight(&layer, &asked, &[&answer[..], &["ac-allow-private-network: true"]].concat());
    preflight(&layer, &asked[..2], &answer);
    actual(
        &layer,
        &[&["GET /"], &asked[..]].concat(),
        HOMEPAGE,
        &["200 Homepage", "ac-allow-origin: *", "vary: Origin"],
    );
}

#[test]
fn test_cors_private_network_access_disallowed() {
    let layer =
        CorsLayer::new().allow_origins(["*"]).allow_methods(["*"]).allow_private_network(false);
    let asked = [EXAMPLE, GET, "ac-request-private-network: true"];
    let rest = ["ac-allow-origin: *", ALL_METHODS, "ac-max-age: 600", SAFELISTED];
    preflight(&layer, &asked[..2], &[&["200 OK"], &rest[..]].concat());
    preflight(&layer, &asked, &[&["400 Disallowed CORS private-network"], &rest[..]].concat());
}

/// Compression outside of the layer, which adds its own name to Vary.
#[tokio::test]
async fn test_cors_vary_origin_with_gzip() {
    use tower_http::compression::{CompressionLayer, predicate::Predicate};

    #[derive(Clone, Copy, Debug)]
    struct Always;

    impl Predicate for Always {
        fn should_compress<B: http_body::Body>(&self, _: &http::Response<B>) -> bool {
            true
        }
    }

    let service = ServiceBuilder::new()
        .layer(CompressionLayer::new().compress_when(Always))
        .layer(CorsLayer::new().allow_origins(["https://allowed.example"]))
        .service(Spy::new(&["200 Homepage", "vary: Accept-Language"]));
    let asked = request(&["GET /", "origin: https://allowed.example", "accept-encoding: gzip"]);
    let response = service.oneshot(asked).await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-encoding"], "gzip");
    assert_eq!(response.headers()["access-control-allow-origin"], "https://allowed.example");
    // The compression stands outside, as in Starlette's test; it adds a line of its own.
    let vary = response.headers().get_all("vary").iter();
    let vary: Vec<_> = vary.map(|line| line.to_str().unwrap().to_ascii_lowercase()).collect();
    let mut vary: Vec<_> = vary.iter().flat_map(|line| line.split(", ")).collect();
    vary.sort_unstable();
    assert_eq!(vary, ["accept-encoding", "accept-language", "origin"]);
    let body = response.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(body[..2], [0x1f, 0x8b], "gzip's first bytes");
}

/// The list above is the whole of Starlette's `tests/middleware/test_cors.py`.
#[test]
fn none_of_starlette_s_functions_is_missing() {
    const NAMES: [&str; 18] = [
        "test_cors_allow_all",
        "test_cors_allow_all_except_credentials",
        "test_cors_allow_specific_origin",
        "test_cors_disallowed_preflight",
        "test_preflight_allows_request_origin_if_origins_wildcard_and_credentials_allowed",
        "test_cors_preflight_allow_all_methods",
        "test_cors_preflight_rejects_custom_method_with_wildcard",
        "test_cors_allow_all_methods",
        "test_cors_allow_origin_regex",
        "test_cors_allow_origin_regex_fullmatch",
        "test_cors_vary_header_defaults_to_origin",
        "test_cors_vary_header_is_set_for_non_credentialed_request",
        "test_cors_vary_header_is_properly_set_for_credentialed_request",
        "test_cors_vary_header_is_properly_set_when_allow_origins_is_not_wildcard",
        "test_cors_allowed_origin_does_not_leak_between_requests",
        "test_cors_private_network_access_allowed",
        "test_cors_private_network_access_disallowed",
        "test_cors_vary_origin_with_gzip",
    ];
    for name in NAMES {
        assert!(include_str!("starlette.rs").contains(&format!("fn {name}()")), "{name}");
    }
}
