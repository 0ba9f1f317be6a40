//! Proves what an explanation says, that `check`, `explain` and the service agree on every request,
//! and that `browser_diagnostics` allows a browser nothing more than before.

mod agreement;
mod browser_diagnostics;
#[path = "../common/mod.rs"]
mod common;
#[cfg(feature = "regex")]
#[path = "../oracle/row.rs"]
#[allow(dead_code, reason = "the recorded answers are not needed here")]
mod row;

use common::*;
use http::StatusCode;
use tower_cors::{Any, CorsConfig, CorsLayer, EnforceOrigin, Explanation, Finding, Part, Refusal};

fn policy() -> CorsLayer {
    CorsLayer::new()
        .allow_origins(["https://app.example.com", "https://*.preview.example.com"])
        .allow_methods(["GET", "PUT"])
        .allow_headers(["X-Token", "Authorization"])
}

#[track_caller]
fn explain(layer: &CorsLayer, rows: &[&str]) -> Explanation {
    layer.build().unwrap().explain(&head(rows))
}

#[track_caller]
fn text(layer: &CorsLayer, rows: &[&str], lines: &[&str]) {
    let found = explain(layer, rows).to_string();
    assert_eq!(found.lines().collect::<Vec<_>>(), lines, "{rows:?}");
}

const NO_CREDENTIALS: &str = "this is without cookies: credentials are off";

#[test]
fn a_preflight_that_passes() {
    text(
        &policy(),
        &[
            "OPTIONS /",
            "origin: https://app.example.com",
            "ac-request-method: PUT",
            "ac-request-headers: content-type,x-token",
        ],
        &[
            "a preflight from https://app.example.com: may the page send PUT? yes",
            "- origin \"https://app.example.com\": allowed, it is listed",
            "- method \"PUT\": allowed, it is listed",
            "- header \"content-type\": allowed, it is listed",
            "- header \"x-token\": allowed, it is listed",
            "the layer answers 200, and the browser sends the PUT",
        ],
    );
    text(
        &policy().allow_credentials(true).preflight_status(StatusCode::NO_CONTENT),
        &["OPTIONS /", "origin: https://a.preview.example.com", GET],
        &[
            "a preflight from https://a.preview.example.com: may the page send GET? yes",
            "- origin \"https://a.preview.example.com\": allowed, \"https://*.preview.example.com\" matches it",
            "- method \"GET\": allowed, it is listed",
            "the layer answers 204, and the browser sends the GET",
        ],
    );
}

#[test]
fn a_preflight_that_fails_in_every_part() {
    text(
        &policy(),
        &[
            "OPTIONS /",
            "origin: http://app.example.com",
            "ac-request-method: put",
            "ac-request-headers: x-tokn,x-else",
            "ac-request-private-network: true",
        ],
        &[
            "a preflight from http://app.example.com: may the page send put? no",
            "- origin \"http://app.example.com\": not allowed, the nearest allowed is \"https://app.example.com\": only the scheme differs; to allow it: .allow_origins([\"http://app.example.com\"])",
            "- method \"put\": not allowed, methods are case-sensitive: let the page send \"PUT\"",
            "- header \"x-tokn\": not allowed, the nearest allowed is \"X-Token\"; to allow it: .allow_headers([\"x-tokn\"])",
            "- header \"x-else\": not allowed, it is not listed; to allow it: .allow_headers([\"x-else\"])",
            "- private network \"true\": not allowed, it is switched off; to allow it: .allow_private_network(true)",
            "the layer answers 400 \"Disallowed CORS origin, method, headers, private-network\"",
            "the browser does not send the put, and the page sees a network error",
            "the console says that Access-Control-Allow-Origin is missing, or that the status is not ok",
        ],
    );
    text(
        &policy(),
        &["OPTIONS /", "origin: https://app.example.com", "ac-request-method: DELETE"],
        &[
            "a preflight from https://app.example.com: may the page send DELETE? no",
            "- origin \"https://app.example.com\": allowed, it is listed",
            "- method \"DELETE\": not allowed, the list is GET, PUT; to allow it: .allow_methods([\"DELETE\"])",
            "the layer answers 400 \"Disallowed CORS method\"",
            "the browser does not send the DELETE, and the page sees a network error",
            "the console says only that the status is not ok; browser_diagnostics(true) lets it name a method or header",
        ],
    );
    text(
        &policy().browser_diagnostics(true),
        &["OPTIONS /", "origin: https://app.example.com", "ac-request-method: DELETE"],
        &[
            "a preflight from https://app.example.com: may the page send DELETE? no",
            "- origin \"https://app.example.com\": allowed, it is listed",
            "- method \"DELETE\": not allowed, the list is GET, PUT; to allow it: .allow_methods([\"DELETE\"])",
            "the layer answers 200 \"Disallowed CORS method\"",
            "the browser does not send the DELETE, and the page sees a network error",
            "the console names the cause",
        ],
    );
}

#[test]
fn actual_requests() {
    text(
        &policy(),
        &["GET /"],
        &[
            "GET without Origin: nothing to decide",
            "the server handles the request; a request without Origin needs no CORS",
        ],
    );
    text(
        &policy(),
        &["POST /", "origin: https://app.example.com"],
        &[
            "POST from https://app.example.com: may the page read the response? yes",
            "- origin \"https://app.example.com\": allowed, it is listed",
            "the server handles the request, and the page may read the response",
            NO_CREDENTIALS,
        ],
    );
    text(
        &policy(),
        &["POST /", "origin: https://evil.example"],
        &[
            "POST from https://evil.example: may the page read the response? no",
            "- origin \"https://evil.example\": not allowed, it is not listed; to allow it: .allow_origins([\"https://evil.example\"])",
            "the server still handles the request (CORS is not access control), but the browser hides the response: the console says that Access-Control-Allow-Origin is missing",
        ],
    );
    text(
        &policy(),
        &["OPTIONS /", "origin: https://app.example.com"],
        &[
            "OPTIONS from https://app.example.com: may the page read the response? yes",
            "- origin \"https://app.example.com\": allowed, it is listed",
            "this OPTIONS is not a preflight: a preflight has Origin and Access-Control-Request-Method",
            "the server handles the request, and the page may read the response",
            NO_CREDENTIALS,
        ],
    );
    text(
        &policy(),
        &["POST /", "host: own.test", "origin: https://own.test"],
        &[
            "POST from https://own.test: may the page read the response? yes",
            "- origin \"https://own.test\": not allowed, it is not listed",
            "the server handles the request; it comes from a page of the same host, which needs no CORS",
        ],
    );
    text(
        &policy().enforce_origin(EnforceOrigin::AllRequests),
        &["POST /", "origin: https://evil.example"],
        &[
            "POST from https://evil.example: may the page read the response? no",
            "- origin \"https://evil.example\": not allowed, it is not listed",
            "enforce_origin answers 403 \"Disallowed CORS origin\", and the server does not handle the request",
        ],
    );
    text(
        &policy().enforce_origin(EnforceOrigin::AllRequests),
        &["GET /", "sec-fetch-site: cross-site"],
        &[
            "GET from (none): may the page read the response? no",
            "- origin \"(none)\": not allowed, the request has no Origin, and its Sec-Fetch-Site is neither same-origin nor none",
            "enforce_origin answers 403 \"Disallowed CORS origin\", and the server does not handle the request",
        ],
    );
}

/// "only the scheme differs", "has a port", "www.": P13's nearest configured value.
#[test]
fn the_nearest_configured_origin() {
    let layer = CorsLayer::new().allow_origins([
        "https://app.example.com",
        "https://www.example.org",
        "https://bare.example",
        "http://localhost:3000",
        "https://*.preview.example.com",
        "https://127.0.0.1:*",
    ]);
    for (asked, nearest, difference) in [
        ("http://app.example.com", "https://app.example.com", "only the scheme differs"),
        ("https://app.example.com:8443", "https://app.example.com", "it has no port"),
        (
            "http://app.example.com:8080",
            "https://app.example.com",
            "the scheme differs, and it has no port",
        ),
        ("https://example.org", "https://www.example.org", "only \"www.\" differs"),
        ("https://www.bare.example", "https://bare.example", "only \"www.\" differs"),
        ("http://localhost:5173", "http://localhost:3000", "only the port differs"),
        ("http://localhost", "http://localhost:3000", "only the port differs"),
        (
            "http://a.preview.example.com",
            "https://a.preview.example.com",
            "only the scheme differs",
        ),
        (
            "https://preview.example.com",
            "https://*.preview.example.com",
            "it matches the subdomains, not the domain itself",
        ),
        ("http://127.0.0.1:9", "https://127.0.0.1:9", "only the scheme differs"),
        ("http://127.0.0.1:3000", "https://127.0.0.1:3000", "only the scheme differs"),
        (
            "http://[::1]:3000",
            "http://localhost:3000",
            "the same machine, but another origin to a browser",
        ),
        (
            "https://localhost:9",
            "https://127.0.0.1:9",
            "the same machine, but another origin to a browser",
        ),
        ("https://ap.example.com", "https://app.example.com", "a typo?"),
    ] {
        let explanation = explain(&layer, &["GET /", &format!("origin: {asked}")]);
        let [finding] = explanation.findings() else { panic!("{explanation}") };
        assert_eq!(finding.part(), Part::Origin);
        assert!(!finding.allowed());
        assert_eq!(finding.asked(), asked);
        assert_eq!(finding.nearest(), Some(nearest), "{asked}");
        assert_eq!(
            finding.reason(),
            format!("the nearest allowed is \"{nearest}\": {difference}"),
            "{asked}"
        );
    }
    for (asked, reason) in [
        ("https://unlike.test", "it is not listed"),
        ("https://own.example", "it is not listed"),
        ("null", "pages of sandboxed frames are null, and any website can make itself null"),
        ("file://", "it is not listed"),
        ("garbage", "no browser sends an origin like this"),
        ("", "no browser sends an origin like this"),
        ("file:///a", "no browser sends an origin like this"),
    ] {
        let explanation = explain(&layer, &["GET /", &format!("origin: {asked}")]);
        let finding = &explanation.findings()[0];
        assert_eq!((finding.nearest(), finding.reason()), (None, reason), "{asked}");
    }
    // Curl users type what no browser sends.
    for asked in ["https://app.example.com/", "https://APP.example.com", "app.example.com"] {
        let explanation = explain(&layer, &["GET /", &format!("origin: {asked}")]);
        let finding = &explanation.findings()[0];
        assert_eq!(finding.nearest(), Some("https://app.example.com"), "{asked}");
        assert!(finding.fix().is_none(), "no call allows it");
    }
}

#[test]
fn several_origins_and_hostile_bytes() {
    let several = explain(&policy(), &["GET /", A, A]);
    assert!(several.to_string().contains("several Origin lines"), "{several}");
    let long = "x".repeat(100_000);
    for value in ["\u{ff}\u{9b}\u{85}", "\"quoted\\\"", &long, "\t"] {
        let explanation = explain(
            &policy(),
            &[
                "OPTIONS /",
                &format!("origin: {value}"),
                &format!("ac-request-method: {value}"),
                &format!("ac-request-headers: {value}"),
            ],
        );
        let text = explanation.to_string();
        assert!(text.len() <= 8192, "{}", text.len());
        assert!(text.chars().all(|c| c == '\n' || c == ' ' || c.is_ascii_graphic()), "{text:?}");
        for finding in explanation.findings() {
            assert!(!finding.asked().contains('\u{ff}') && finding.asked().len() < 550);
        }
    }
}

/// The call that is named builds and does allow it, in whatever state the settings are; or it
/// allows what the page should have sent.
#[test]
fn what_an_explanation_advises_does_allow_it() {
    for layer in [
        policy(),
        policy().allow_credentials(true),
        policy().enforce_origin(EnforceOrigin::WebSockets),
        CorsLayer::new(),
    ] {
        for rows in [
            ["origin: https://other.example", "ac-request-method: PUT", "ac-request-headers: x-o"],
            ["origin: https://a.example:443", "ac-request-method: get", "ac-request-headers: x,y"],
            ["origin: http://127.1", "ac-request-method: X", "ac-request-headers: origin"],
            [
                "origin: http://a.example:80",
                "ac-request-method: \u{ff}",
                "ac-request-headers: \u{ff}",
            ],
            ["origin: null", "ac-request-method: a b", "ac-request-headers: a b"],
            ["origin: file://", "ac-request-method: READ", "ac-request-headers: etag"],
            ["origin: https://a..example", "ac-request-method: *", "ac-request-headers: *"],
            ["origin: tauri://localhost", "ac-request-method: patch", "ac-request-headers: \"x\""],
            ["origin: http://b.example", "ac-request-method: 'get'", "ac-request-headers: 'x-a'"],
            ["origin: http://b.example", "ac-request-method: GET|POST", "ac-request-headers: `x`"],
        ] {
            let rows = [&["OPTIONS /"], &rows[..]].concat();
            let explanation = explain(&layer, &rows);
            for finding in explanation.findings() {
                let Some(fix) = finding.fix() else { continue };
                // `.verb(["item", "item"])`
                let (verb, items) = fix.split_once("([").expect("a call");
                let items: Vec<_> = items.split('"').skip(1).step_by(2).collect();
                let mended = match verb {
                    ".allow_origins" => layer.clone().allow_origins(&items),
                    ".allow_methods" => layer.clone().allow_methods(&items),
                    ".allow_headers" => layer.clone().allow_headers(&items),
                    other => panic!("{other}"),
                };
                let mended = mended.build().unwrap_or_else(|error| panic!("{fix}: {error}"));
                let meant = items.last().expect("an item");
                if finding.part() == Part::Method && *meant != finding.asked() {
                    assert!(finding.reason().contains(&format!("let the page send \"{meant}\"")));
                    let refusal = mended.check("https://app.example.com", meant, &[]).err();
                    assert!(refusal.is_none_or(|refusal| !refusal.method()), "{fix}");
                } else {
                    let is_it = |one: &&Finding| {
                        (one.part(), one.asked()) == (finding.part(), finding.asked())
                    };
                    let after = mended.explain(&head(&rows));
                    let after = after.findings().iter().find(is_it).expect("asked as before");
                    assert!(after.allowed(), "{fix}");
                }
                // Nothing that was allowed is lost.
                for method in ["GET", "PUT"] {
                    let before =
                        layer.build().unwrap().check("https://app.example.com", method, &[]);
                    let after = mended.check("https://app.example.com", method, &[]);
                    assert!(before.is_err() || after.is_ok(), "{fix} loses {method}");
                    let lost = |refusal: Result<(), Refusal>| refusal.is_err_and(|it| it.method());
                    assert!(lost(before) || !lost(after), "{fix} loses {method}");
                }
            }
        }
    }
    let asked = ["OPTIONS /", A, GET, "ac-request-private-network: 1"];
    let mended = policy().allow_private_network(true);
    assert!(explain(&mended, &asked).findings().last().unwrap().allowed());
}

/// Who asks for a name with `*` in it is not told to allow a whole family of names.
#[test]
fn a_wildcard_is_no_fix() {
    for asked in ["*", "x-amz-meta-*"] {
        let names = format!("ac-request-headers: {asked}");
        let rows = ["OPTIONS /", "origin: https://app.example.com", GET, &names];
        let explanation = explain(&policy(), &rows);
        let finding = explanation.findings().iter().find(|finding| finding.part() == Part::Header);
        let finding = finding.expect("asked for");
        assert_eq!((finding.allowed(), finding.fix()), (false, None), "{asked}");
    }
}

#[test]
fn the_nearest_origin_is_allowed_and_the_least_of_its_kind() {
    let nearest = |listed: &[&str], asked: &str| {
        let layer = CorsLayer::new().allow_origins(listed);
        let explanation = explain(&layer, &["GET /", &format!("origin: {asked}")]);
        explanation.findings()[0].nearest().map(str::to_owned)
    };
    let listed = ["https://a.example:4", "https://a.example:2", "https://a.example:3"];
    let more = [&listed[..], &["https://a.example:9", "https://b.example"]].concat();
    for listed in [&listed[..], &more] {
        let found = nearest(listed, "https://a.example:8");
        assert_eq!(found.as_deref(), Some("https://a.example:2"));
    }
    // Malformed; as a browser would send it, it is listed, or it is not.
    let found = nearest(&listed, "https://A.example:4/");
    assert_eq!(found.as_deref(), Some("https://a.example:4"));
    assert_eq!(nearest(&listed, "https://A.example:5/"), None);
    // A slip in the host is looked for at the port that was asked for.
    let listed = ["https://app.example.com:8443"];
    let found = nearest(&listed, "https://ap.example.com:8443");
    assert_eq!(found.as_deref(), Some("https://app.example.com:8443"));
    assert_eq!(nearest(&listed, "https://ap.example.com"), None);
}

/// A configuration is mended in its own words: the whole line, or what to add to a long list.
#[test]
fn a_configuration_is_mended_by_a_line_of_it() {
    let mut config = CorsConfig::default();
    config.allow_origins = vec!["https://app.example.com".to_owned()];
    config.allow_headers = (0..9).map(|number| format!("x-{number}")).collect();
    text(
        &config.into(),
        &[
            "OPTIONS /",
            "origin: https://b.example",
            "ac-request-method: PUT",
            "ac-request-headers: other",
            "ac-request-private-network: true",
        ],
        &[
            "a preflight from https://b.example: may the page send PUT? no",
            "- origin \"https://b.example\": not allowed, it is not listed; to allow it: allow_origins = [\"https://app.example.com\", \"https://b.example\"]",
            "- method \"PUT\": not allowed, the list is GET; to allow it: allow_methods = [\"GET\", \"PUT\"]",
            "- header \"other\": not allowed, it is not listed; to allow it: add \"other\" to allow_headers",
            "- private network \"true\": not allowed, it is switched off; to allow it: allow_private_network = true",
            "the layer answers 400 \"Disallowed CORS origin, method, headers, private-network\"",
            "the browser does not send the PUT, and the page sees a network error",
            "the console says that Access-Control-Allow-Origin is missing, or that the status is not ok",
        ],
    );
    let mut config = CorsConfig::default();
    config.allow_origins = vec!["https://app.example.com".to_owned()];
    let policy = CorsLayer::from(config).build().unwrap();
    let asked = ["OPTIONS /", "origin: https://app.example.com", "ac-request-method: PUT"];
    let text = policy.explain(&head(&asked)).to_string();
    assert!(
        text.contains("; browser_diagnostics = true lets it name a method or header"),
        "{text}"
    );
    // One line has all names: a second line would replace the first.
    let names = ["ac-request-method: GET", "ac-request-headers: x-a,x-b,x-*,accept"];
    let text = policy.explain(&head(&[&asked[..2], &names].concat())).to_string();
    assert_eq!(
        text.matches("; to allow it: allow_headers = [\"x-a\", \"x-b\"]\n").count(),
        2,
        "{text}"
    );
    assert_eq!(text.matches("to allow it").count(), 2, "{text}");
}

/// `Cookie` in the head shows that the page asked with credentials; no preflight shows it.
#[test]
fn credentials_are_a_part_of_what_is_asked() {
    const OFF: &str = "- credentials \"include\": not allowed, it is switched off; to allow it: .allow_credentials(true)";
    const HIDDEN: &str = "the server still handles the request, but the browser hides the response: the console says that Access-Control-Allow-Credentials is not \"true\", or that \"*\" cannot be used with credentials";
    let asked = ["GET /", "origin: https://app.example.com", "cookie: a=b"];
    text(
        &policy(),
        &asked,
        &[
            "GET from https://app.example.com: may the page read the response? no",
            "- origin \"https://app.example.com\": allowed, it is listed",
            OFF,
            HIDDEN,
        ],
    );
    text(
        &policy().allow_credentials(true),
        &asked,
        &[
            "GET from https://app.example.com: may the page read the response? yes",
            "- origin \"https://app.example.com\": allowed, it is listed",
            "- credentials \"include\": allowed, it is switched on",
            "the server handles the request, and the page may read the response",
        ],
    );
    text(
        &CorsLayer::new().allow_origins(Any),
        &asked,
        &[
            "GET from https://app.example.com: may the page read the response? no",
            "- origin \"https://app.example.com\": allowed, any origin is allowed",
            "- credentials \"include\": not allowed, any origin is allowed, and browsers accept no cookies with that; list the origins, then switch credentials on",
            HIDDEN,
        ],
    );
    // A refused origin is refused for itself.
    let refused = explain(&policy(), &["GET /", "origin: https://evil.example", "cookie: a=b"]);
    assert!(refused.findings().iter().all(|finding| finding.part() == Part::Origin));

    let preflight = head(&["OPTIONS /", "origin: https://app.example.com", GET]);
    for (layer, allowed) in [(policy(), false), (policy().allow_credentials(true), true)] {
        let policy = layer.build().unwrap();
        assert!(policy.explain(&preflight).allowed());
        let explanation = policy.explain_with_credentials(&preflight);
        let last = explanation.findings().last().unwrap();
        assert_eq!((last.part(), last.allowed()), (Part::Credentials, allowed));
        assert_eq!(explanation.allowed(), allowed);
        // The layer does not refuse it: the browser does.
        assert_eq!(explanation.refusal(), None);
        let sent = if allowed {
            "the layer answers 200, and the browser sends the GET"
        } else {
            "the layer answers 200, but the browser does not send the GET"
        };
        assert!(explanation.to_string().ends_with(sent), "{explanation}");
    }
    let fix = explain(&policy(), &asked).findings()[1].fix().map(str::to_owned);
    assert_eq!(fix.as_deref(), Some(".allow_credentials(true)"));
    assert!(explain(&policy().allow_credentials(true), &asked).allowed());
}

/// Each reason beside "it is listed" and the nearest one.
#[test]
fn every_reason() {
    let any = || CorsLayer::new().allow_origins(Any).allow_headers(Any).mirror_methods();
    let computed = CorsLayer::new().allow_origin_if(|origin| origin == "https://a.example");
    let nothing = policy().allow_origins([""; 0]);
    let no_method = CorsLayer::new().allow_methods([""; 0]);
    let put = "ac-request-method: PUT";
    for (layer, asked, part, reason) in [
        (any(), &[A, put][..], Part::Origin, "any origin is allowed"),
        (any(), &[A, put], Part::Method, "any method is allowed"),
        (any(), &[A, put, "ac-request-headers: x"], Part::Header, "any header is allowed"),
        (any(), &[A, "ac-request-method: a b"], Part::Method, "it is not the name of a method"),
        (policy(), &[A, "ac-request-method: a b"], Part::Method, "it is not the name of a method"),
        (computed, &[A, put], Part::Origin, "a regular expression or predicate matches it"),
        (CorsLayer::new(), &[A, put], Part::Origin, "no origin is listed"),
        (no_method, &[A, put], Part::Method, "no method is listed"),
        (
            nothing,
            &[A, A, put],
            Part::Origin,
            "the request has several Origin lines, which no browser sends",
        ),
        (
            policy(),
            &["origin: https://APP.example.com/", put],
            Part::Origin,
            "the nearest allowed is \"https://app.example.com\": that is how a browser would send it",
        ),
        (
            policy().allow_private_network(true),
            &[A, put, "ac-request-private-network: true"],
            Part::PrivateNetwork,
            "it is switched on",
        ),
    ] {
        let explanation = explain(&layer, &[&["OPTIONS /"], asked].concat());
        let findings = explanation.findings().iter();
        let reasons: Vec<_> =
            findings.filter(|one| one.part() == part).map(Finding::reason).collect();
        assert_eq!(reasons, [reason], "{explanation}");
    }
    let tunnel = ["CONNECT a.example:443", A];
    text(&policy(), &tunnel, &["CONNECT: the layer does not change the response of a tunnel"]);
}

/// Eight names of however many, those that are refused first, and no more than 8 KiB of them.
#[test]
fn many_names_are_cut() {
    let names = |count: usize, name: &str| vec![name; count].join(",");
    for (asked, shown, is_cut) in [
        (names(8, "x-token"), 8, false),
        (names(9, "x-token"), 8, true),
        (names(5000, "x-token"), 8, true),
        // 400 KB.
        (names(50_000, "x-token"), 8, true),
        (names(50_000, "x-no"), 8, true),
        (format!("{},x-no", names(20, "x-token")), 8, true),
        ("x".repeat(9000), 1, true),
        // Too long to print, with what would allow each.
        (names(8, &"x".repeat(500)), 8, true),
    ] {
        let asked = format!("ac-request-headers: {asked}");
        let asked = ["OPTIONS /", "origin: https://app.example.com", GET, &asked];
        let explanation = explain(&policy(), &asked);
        let headers = explanation.findings().iter().filter(|one| one.part() == Part::Header);
        assert_eq!(headers.count(), shown);
        let cut = "the request asks for more header names; this shows 8 of the first 8 KiB, refused names first";
        assert_eq!(explanation.to_string().ends_with(cut), is_cut);
        assert!(explanation.to_string().contains("\nthe layer answers "), "{explanation}");
        assert_eq!(explanation.allowed(), explanation.refusal().is_none());
        let text = explanation.to_string();
        assert!(text.len() <= 8192 && text.contains("x-no") == asked[3].contains("x-no"), "{text}");
    }
}

#[test]
fn an_explanation_is_data_too() {
    let explanation = explain(
        &policy(),
        &[
            "OPTIONS /",
            "origin: https://app.example.com",
            "ac-request-method: POST",
            "ac-request-headers: x-token, x-no",
        ],
    );
    assert!(!explanation.allowed());
    let refusal = explanation.refusal().unwrap();
    assert!(!refusal.origin() && refusal.method() && refusal.headers());
    let parts: Vec<_> =
        explanation.findings().iter().map(|finding| (finding.part(), finding.allowed())).collect();
    assert_eq!(
        parts,
        // Refused headers come first.
        [(Part::Origin, true), (Part::Method, false), (Part::Header, false), (Part::Header, true)]
    );
    assert_eq!(explanation.clone(), explanation);
    assert!(explain(&policy(), &["GET /"]).allowed());
    assert!(explain(&policy(), &["GET /"]).findings().is_empty());
}

#[test]
fn a_refusal_is_small_and_comparable() {
    let policy = policy().build().unwrap();
    let refusal = |origin, method, headers| policy.check(origin, method, headers).unwrap_err();
    let method = refusal("https://app.example.com", "DELETE", &[]);
    assert_eq!(method, refusal("https://app.example.com", "PATCH", &["x-token"]));
    assert_ne!(method, refusal("https://b.example", "DELETE", &[]));
    assert_eq!(method.to_string(), "Disallowed CORS method");
    assert_eq!(
        format!("{method:?}"),
        "Refusal { origin: false, method: true, headers: false, private_network: false, host: false }"
    );
    assert!(size_of::<Refusal>() <= 4);
    let error: Box<dyn std::error::Error + Send + Sync> = Box::new(method);
    assert!(error.source().is_none());
}

/// What could not be sent in a header is not allowed either.
#[test]
fn check_takes_any_text() {
    let layer = CorsLayer::new().allow_origins(Any).allow_methods(Any).allow_headers(Any);
    let policy = layer.build().unwrap();
    assert_eq!(policy.check("https://a.example", "GET", &["x"]), Ok(()));
    for (origin, method, header, expected) in [
        ("https://a\n", "GET", "x", [true, false, false]),
        ("https://a.example", "GET\r\n", "x", [false, true, false]),
        ("https://a.example", "GET", "x\0", [false, false, true]),
        ("\u{7f}", "\n", "\u{1}", [true, true, true]),
    ] {
        let refusal = policy.check(origin, method, &[header]).unwrap_err();
        assert_eq!([refusal.origin(), refusal.method(), refusal.headers()], expected);
    }
    assert!(!policy.allows_origin("\n"));
}

/// What a guard refuses, and what it only reports.
#[test]
fn a_guard_says_what_it_does() {
    let layer = one_origin().allow_hosts("api.example").enforce_origin(EnforceOrigin::AllRequests);
    let explained = |layer: &CorsLayer, asked: &[&str]| {
        layer.build().unwrap().explain(&head(asked)).to_string()
    };
    let asked = ["POST /", B, "host: api.example"];
    assert_eq!(
        explained(&layer, &["GET /", "host: evil.example"]),
        "the request is for the host \"evil.example\", which allow_hosts does not list\n\
         allow_hosts answers 400 \"Invalid host header\", and the server does not handle the request"
    );
    assert_eq!(
        explained(&layer, &["GET /", "host: a.example", "host: b.example"]).lines().next(),
        Some("the request names no host, several hosts, or a malformed one")
    );
    // Its own page, whose host may be a rebound name.
    let own = explained(
        &one_origin().enforce_origin(EnforceOrigin::StateChanging),
        &["POST /", "host: api.example:8000", "origin: http://api.example:8000"],
    );
    assert!(
        own.contains(
            "it is of the request's own host, but over http any DNS name can point to this server; allow_hosts lists the hosts of this server"
        ) && !own.contains("nearest"),
        "{own}"
    );
    let refused = explained(&layer, &asked);
    // A grant is no answer to a request that must not run.
    assert!(
        refused.contains("enforce_origin answers 403") && !refused.contains("to allow it"),
        "{refused}"
    );
    let reporting = layer.report_only(true);
    let stranger = explained(&reporting, &["GET /", "host: evil.example"]);
    assert!(
        stranger.ends_with("allow_hosts would refuse it; report_only lets it pass and reports it"),
        "{stranger}"
    );
    let reported = explained(&reporting, &asked);
    assert!(
        reported
            .ends_with("enforce_origin would refuse it; report_only lets it pass and reports it")
            && !reported.contains("to allow it"),
        "{reported}"
    );
}

/// A browser accepts a POST without its being listed, so only the status refuses it, whatever is switched on.
#[test]
fn the_console_cannot_name_what_only_the_status_refuses() {
    let layer = one_origin().browser_diagnostics(true);
    for (method, says) in [
        ("POST", "the console says only that the status is not ok"),
        ("PUT", "the console names the cause"),
    ] {
        let asked = format!("access-control-request-method: {method}");
        let explained =
            layer.build().unwrap().explain(&head(&["OPTIONS /", A, &asked])).to_string();
        assert!(explained.lines().any(|line| line.trim() == says), "{explained}");
    }
}
