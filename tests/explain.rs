//! Proves that `check`, `explain` and the service agree on every request, what an explanation says,
//! and that `browser_diagnostics` allows a browser nothing more than before.

mod common;
#[cfg(feature = "regex")]
#[path = "oracle/row.rs"]
#[allow(dead_code, reason = "the recorded answers are not needed here")]
mod row;

use common::*;
use http::{HeaderMap, StatusCode};
use proptest::{prelude::*, sample::select};
use tower_cors::{Any, CorsLayer, EnforceOrigin, Explanation, Part, Refusal};

const A: &str = "origin: https://a.example";
const GET: &str = "ac-request-method: GET";

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

// What it says

const NO_CREDENTIALS: &str =
    "that is without cookies: credentials are off, .allow_credentials(true) turns them on";

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
            "a preflight of https://app.example.com: may its page send PUT? yes",
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
            "a preflight of https://a.preview.example.com: may its page send GET? yes",
            "- origin \"https://a.preview.example.com\": allowed, \"https://*.preview.example.com\" takes it",
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
            "a preflight of http://app.example.com: may its page send put? no",
            "- origin \"http://app.example.com\": not allowed, the nearest allowed is \"https://app.example.com\": only the scheme differs; to allow it: .allow_origins([\"http://app.example.com\"])",
            "- method \"put\": not allowed, methods are case-sensitive: let the page send \"PUT\"",
            "- header \"x-tokn\": not allowed, the nearest allowed is \"X-Token\"; to allow it: .allow_headers([\"x-tokn\"])",
            "- header \"x-else\": not allowed, it is not listed; to allow it: .allow_headers([\"x-else\"])",
            "- private network \"true\": not allowed, it is switched off; to allow it: .allow_private_network(true)",
            "the layer answers 400 \"Disallowed CORS origin, method, headers, private-network\"",
            "the browser does not send the put, its page sees a network error",
            "the console says that Access-Control-Allow-Origin is missing, or that the status is not ok",
        ],
    );
    text(
        &policy(),
        &["OPTIONS /", "origin: https://app.example.com", "ac-request-method: DELETE"],
        &[
            "a preflight of https://app.example.com: may its page send DELETE? no",
            "- origin \"https://app.example.com\": allowed, it is listed",
            "- method \"DELETE\": not allowed, the list is GET, PUT; to allow it: .allow_methods([\"DELETE\"])",
            "the layer answers 400 \"Disallowed CORS method\"",
            "the browser does not send the DELETE, its page sees a network error",
            "the console says only that the status is not ok; browser_diagnostics(true) lets it name a method or header",
        ],
    );
    text(
        &policy().browser_diagnostics(true),
        &["OPTIONS /", "origin: https://app.example.com", "ac-request-method: DELETE"],
        &[
            "a preflight of https://app.example.com: may its page send DELETE? no",
            "- origin \"https://app.example.com\": allowed, it is listed",
            "- method \"DELETE\": not allowed, the list is GET, PUT; to allow it: .allow_methods([\"DELETE\"])",
            "the layer answers 200 \"Disallowed CORS method\"",
            "the browser does not send the DELETE, its page sees a network error",
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
            "the request is carried out; no page of another origin asked, so nothing is granted",
        ],
    );
    text(
        &policy(),
        &["POST /", "origin: https://app.example.com"],
        &[
            "POST of https://app.example.com: may its page read the response? yes",
            "- origin \"https://app.example.com\": allowed, it is listed",
            "the request is carried out, and its page may read the response",
            NO_CREDENTIALS,
        ],
    );
    text(
        &policy(),
        &["POST /", "origin: https://evil.example"],
        &[
            "POST of https://evil.example: may its page read the response? no",
            "- origin \"https://evil.example\": not allowed, it is not listed; to allow it: .allow_origins([\"https://evil.example\"])",
            "the request is carried out all the same (CORS is no access control), but its page cannot read the response: the console says that Access-Control-Allow-Origin is missing",
        ],
    );
    text(
        &policy(),
        &["OPTIONS /", "origin: https://app.example.com"],
        &[
            "OPTIONS of https://app.example.com: may its page read the response? yes",
            "- origin \"https://app.example.com\": allowed, it is listed",
            "this OPTIONS is no preflight: that has Origin and Access-Control-Request-Method",
            "the request is carried out, and its page may read the response",
            NO_CREDENTIALS,
        ],
    );
    text(
        &policy(),
        &["POST /", "host: own.test", "origin: https://own.test"],
        &[
            "POST of https://own.test: may its page read the response? yes",
            "- origin \"https://own.test\": not allowed, it is not listed; to allow it: .allow_origins([\"https://own.test\"])",
            "the request is carried out; it comes from this very host, whose pages need no CORS",
        ],
    );
    text(
        &policy().enforce_origin(EnforceOrigin::AllRequests),
        &["POST /", "origin: https://evil.example"],
        &[
            "POST of https://evil.example: may its page read the response? no",
            "- origin \"https://evil.example\": not allowed, it is not listed; to allow it: .allow_origins([\"https://evil.example\"])",
            "enforce_origin answers 403 \"Disallowed CORS origin\", the request is not carried out",
        ],
    );
}

/// "only the scheme differs", "has a port", "www.": the nearest configured value (P13 of
/// docs/known-bugs.md).
#[test]
fn the_nearest_configured_origin() {
    let layer = CorsLayer::new().allow_origins([
        "https://app.example.com",
        "https://www.example.org",
        "https://bare.example",
        "http://localhost:3000",
        "https://*.preview.example.com",
        "http://127.0.0.1:*",
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
            "it takes subdomains, not the domain itself",
        ),
        ("https://127.0.0.1:9", "http://127.0.0.1:9", "only the scheme differs"),
        ("https://ap.example.com", "https://app.example.com", "a slip of the pen?"),
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
        ("null", "pages of sandboxed frames and files are null, and so is whoever pretends to be"),
        ("garbage", "it is no origin that a browser could send"),
        ("", "it is no origin that a browser could send"),
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
    assert!(several.to_string().contains("several lines"), "{several}");
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
        assert!(text.len() < 10_000, "{}", text.len());
        assert!(text.chars().all(|c| c == '\n' || c == ' ' || c.is_ascii_graphic()), "{text:?}");
        for finding in explanation.findings() {
            assert!(!finding.asked().contains('\u{ff}') && finding.asked().len() < 2_200);
        }
    }
}

/// The call that is named builds and does allow it, in whatever state the settings are; or it
/// allows what the page should have sent.
#[test]
fn what_an_explanation_advises_does_allow_it() {
    for layer in [policy(), policy().allow_credentials(true), CorsLayer::new()] {
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
            ["origin: https://a..example", "ac-request-method: *", "ac-request-headers: *"],
            ["origin: tauri://localhost", "ac-request-method: patch", "ac-request-headers: \"x\""],
            ["origin: http://b.example", "ac-request-method: 'get'", "ac-request-headers: 'x-a'"],
            ["origin: http://b.example", "ac-request-method: GET|POST", "ac-request-headers: `x`"],
        ] {
            let rows = [&["OPTIONS /"], &rows[..]].concat();
            let explanation = explain(&layer, &rows);
            for (index, finding) in explanation.findings().iter().enumerate() {
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
                    assert!(mended.explain(&head(&rows)).findings()[index].allowed(), "{fix}");
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
        [(Part::Origin, true), (Part::Method, false), (Part::Header, true), (Part::Header, false)]
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
        "Refusal { origin: false, method: true, headers: false, private_network: false }"
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

// Agreement

fn layers() -> Vec<CorsLayer> {
    vec![
        CorsLayer::new(),
        policy(),
        policy().allow_credentials(true).browser_diagnostics(true),
        policy().mirror_methods().preflight_status(StatusCode::NO_CONTENT),
        policy().allow_headers(Any).allow_methods(Any),
        policy().allow_methods(["PUT"]).allow_private_network(true).browser_diagnostics(true),
        policy().mirror_methods().browser_diagnostics(true),
        CorsLayer::new().allow_methods([""; 0]).allow_origins(Any).browser_diagnostics(true),
        CorsLayer::new().allow_origins(Any).allow_headers(Any),
        CorsLayer::new().allow_origins(Any).constant_wildcard(true),
        tolerant().allow_origins(Any).allow_credentials(true),
        tolerant().allow_origins(["null"]).allow_credentials(true),
        CorsLayer::new().allow_origin_if(|origin| origin.len() % 2 == 0),
        policy().enforce_origin(EnforceOrigin::AllRequests),
    ]
}

fn any_origin() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => select(vec![
            "https://app.example.com",
            "https://a.preview.example.com",
            "https://evil.example",
            "http://app.example.com",
            "null",
            "",
            "https://app.example.com/",
        ]).prop_map(str::to_owned),
        1 => "[ -~\u{e9}]{0,20}",
    ]
}

fn any_method() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => select(vec!["GET", "HEAD", "POST", "PUT", "DELETE", "put", "CUSTOM", "*", ""])
            .prop_map(str::to_owned),
        1 => "[ -~\u{e9}]{0,6}",
    ]
}

fn any_headers() -> impl Strategy<Value = Vec<String>> {
    let line = prop_oneof![
        4 => prop::collection::vec(
            select(vec!["x-token", "X-TOKEN", "content-type", "x-no", "", "*", "authorization", "a b"]),
            0..4,
        ).prop_map(|names| names.join(",")),
        1 => "[ -~\u{e9}]{0,10}",
    ];
    prop::collection::vec(line, 0..3)
}

/// Rows are latin-1 where `check` takes UTF-8; both see the same bytes.
fn latin_1(text: &str) -> String {
    text.bytes().map(char::from).collect()
}

fn preflight_rows(origin: &str, method: &str, headers: &[String]) -> Vec<String> {
    let mut rows = vec!["OPTIONS /".to_owned()];
    rows.push(format!("origin: {}", latin_1(origin)));
    rows.push(format!("ac-request-method: {}", latin_1(method)));
    rows.extend(headers.iter().map(|line| format!("ac-request-headers: {}", latin_1(line))));
    rows
}

fn borrowed(rows: &[String]) -> Vec<&str> {
    rows.iter().map(String::as_str).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// `check` passes if and only if the service passes the same preflight; `explain` agrees with
    /// both.
    #[test]
    fn check_explain_and_the_service_agree(
        origin in any_origin(),
        method in any_method(),
        headers in any_headers(),
        private_network in any::<bool>(),
    ) {
        let mut rows = preflight_rows(&origin, &method, &headers);
        for layer in layers() {
            let policy = layer.build().unwrap();
            let lines = borrowed(&headers);
            let checked = policy.check(&origin, &method, &lines);
            let (response, calls) = through(&layer, &borrowed(&rows), &["200"]);
            prop_assert_eq!(calls, 0);
            let refusal = response.extensions().get::<Refusal>().copied();
            prop_assert_eq!(checked.err(), refusal);
            let explanation = policy.explain(&head(&borrowed(&rows)));
            prop_assert_eq!(explanation.refusal(), refusal);
            prop_assert_eq!(explanation.allowed(), refusal.is_none());
            let all = explanation.findings().iter().all(|finding| finding.allowed());
            prop_assert_eq!(all, refusal.is_none(), "{}", explanation);
            prop_assert_eq!(policy.allows_origin(&origin), !refusal.is_some_and(|refusal| refusal.origin()));
            let answered = format!("the layer answers {}", response.status().as_u16());
            prop_assert!(explanation.to_string().contains(&answered), "{}", explanation);
            if refusal.is_none() {
                prop_assert!(response.status().is_success());
            }

            // With the private network, of which `check` knows nothing.
            if private_network {
                rows.push("ac-request-private-network: true".to_owned());
                let (response, _) = through(&layer, &borrowed(&rows), &["200"]);
                let refusal = response.extensions().get::<Refusal>().copied();
                prop_assert_eq!(policy.explain(&head(&borrowed(&rows))).refusal(), refusal);
                rows.pop();
            }
        }
    }

    #[test]
    fn explain_and_the_service_agree_on_actual_requests(
        origins in prop::collection::vec(any_origin(), 0..3),
        method in select(vec!["GET", "POST", "OPTIONS", "options"]),
        host in select(vec!["app.example.com", "evil.example", "api.example"]),
        site in select(vec!["same-origin", "cross-site"]),
    ) {
        let mut rows = vec![format!("{method} /"), format!("host: {host}"), format!("sec-fetch-site: {site}")];
        rows.extend(origins.iter().map(|origin| format!("origin: {}", latin_1(origin))));
        for layer in layers() {
            let policy = layer.build().unwrap();
            let (response, calls) = through(&layer, &borrowed(&rows), &["200"]);
            let explanation = policy.explain(&head(&borrowed(&rows)));
            let text = explanation.to_string();
            let granted = response.headers().contains_key("access-control-allow-origin");
            prop_assert_eq!(text.contains("not carried out"), calls == 0, "{}", text);
            if origins.is_empty() {
                prop_assert!(explanation.allowed());
            } else {
                let same = text.contains("this very host");
                prop_assert_eq!(explanation.allowed(), granted || same, "{}", text);
            }
            if let Some(refusal) = response.extensions().get::<Refusal>() {
                prop_assert_eq!(explanation.refusal(), Some(*refusal));
            }
        }
    }
}

// A browser

/// What a page wants to send.
#[derive(Debug)]
struct Wanted<'a> {
    origin: &'a str,
    method: &'a str,
    /// The CORS-unsafe request-header names.
    names: Vec<String>,
    credentials: bool,
    /// Upload listeners set it; then a response without a list of methods allows the method.
    use_preflight_flag: bool,
}

/// Fetch, "extract header list values": `None` if it is not there, an error if it is no list of
/// tokens.
fn list(headers: &HeaderMap, name: &str) -> Result<Option<Vec<String>>, ()> {
    let mut found = None;
    for line in headers.get_all(name) {
        let found = found.get_or_insert_with(Vec::new);
        let line = line.to_str().map_err(drop)?;
        for element in line.split(',').map(|element| element.trim_matches([' ', '\t'])) {
            let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
            match element {
                "" => {}
                _ if element.chars().all(token) => found.push(element.to_owned()),
                _ => return Err(()),
            }
        }
    }
    Ok(found)
}

impl Wanted<'_> {
    /// Fetch, "CORS-preflight fetch", step 7: what the browser makes of the answer, from its status
    /// and headers alone.
    fn allowed_by(&self, status: StatusCode, headers: &HeaderMap) -> bool {
        self.passes_cors_check(headers)
            && status.is_success()
            && self.passes_lists(headers).unwrap_or(false)
    }

    /// Fetch, "CORS check".
    fn passes_cors_check(&self, headers: &HeaderMap) -> bool {
        let get = |name: &str| {
            let lines: Vec<_> = headers.get_all(name).iter().map(|line| line.as_bytes()).collect();
            (!lines.is_empty()).then(|| lines.join(&b", "[..]))
        };
        let Some(origin) = get("access-control-allow-origin") else { return false };
        if !self.credentials && origin == b"*" {
            return true;
        }
        origin == self.origin.as_bytes()
            && (!self.credentials
                || get("access-control-allow-credentials").is_some_and(|value| value == b"true"))
    }

    fn passes_lists(&self, headers: &HeaderMap) -> Result<bool, ()> {
        let mut methods = list(headers, "access-control-allow-methods")?;
        let names = list(headers, "access-control-allow-headers")?.unwrap_or_default();
        if methods.is_none() && self.use_preflight_flag {
            methods = Some(vec![self.method.to_owned()]);
        }
        let methods = methods.unwrap_or_default();
        let star = |list: &[String]| !self.credentials && list.iter().any(|item| item == "*");
        let method_fits = methods.iter().any(|method| method == self.method)
            || ["GET", "HEAD", "POST"].contains(&self.method)
            || star(&methods);
        let listed = |name: &String| names.iter().any(|listed| listed.eq_ignore_ascii_case(name));
        let names_fit = self.names.iter().all(|name| {
            listed(name) || star(&names) && !name.eq_ignore_ascii_case("authorization")
        });
        Ok(method_fits && names_fit)
    }
}

/// The names in a line of Access-Control-Request-Headers.
fn elements(line: &str) -> Vec<String> {
    let names = line.split(',').map(str::trim).filter(|name| !name.is_empty());
    names.map(str::to_owned).collect()
}

/// All four browsers that could send a preflight.
fn browsers<'a>(origin: &'a str, method: &'a str, names: &[String]) -> [Wanted<'a>; 4] {
    [(false, false), (false, true), (true, false), (true, true)].map(
        |(credentials, use_preflight_flag)| {
            let names = names.to_vec();
            Wanted { origin, method, names, credentials, use_preflight_flag }
        },
    )
}

#[test]
fn diagnostics_answer_200_to_what_the_browser_refuses_by_itself() {
    let layer = CorsLayer::new()
        .allow_origins(["https://a.example"])
        .allow_methods(["PUT"])
        .browser_diagnostics(true);
    let other = "origin: https://b.example";
    let put = "ac-request-method: PUT";
    let network = "ac-request-private-network: true";
    for (asked, first) in [
        (&[A, put][..], "200 OK"),
        (&[other, put], "200 Disallowed CORS origin"),
        (&[A, "ac-request-method: DELETE"], "200 Disallowed CORS method"),
        (&[A, "ac-request-method: put"], "200 Disallowed CORS method"),
        (&[A, put, "ac-request-headers: x"], "200 Disallowed CORS headers"),
        // Browsers send these three whatever the list says; only the status keeps them from it.
        (&[A, GET], "400 Disallowed CORS method"),
        (&[A, "ac-request-method: HEAD"], "400 Disallowed CORS method"),
        (&[A, "ac-request-method: POST"], "400 Disallowed CORS method"),
        (&[A, put, network], "400 Disallowed CORS private-network"),
        (&[A, GET, network], "400 Disallowed CORS method, private-network"),
        // With two failures, one of the first kind is enough.
        (&[A, GET, "ac-request-headers: x"], "200 Disallowed CORS method, headers"),
        (&[other, GET], "200 Disallowed CORS origin, method"),
        (&[other, put, network], "200 Disallowed CORS origin, private-network"),
        (
            &[other, "ac-request-method: X", "ac-request-headers: x", network],
            "200 Disallowed CORS origin, method, headers, private-network",
        ),
    ] {
        let origin_is_refused = asked[0] == other;
        let mut answer = vec![first, "ac-allow-methods: PUT", "ac-max-age: 600", SAFELISTED];
        if !origin_is_refused {
            answer.push("ac-allow-origin: https://a.example");
        }
        preflight(&layer, asked, &answer);
        let (response, _) = through(&layer, &[&["OPTIONS /"], asked].concat(), &["200"]);
        let refusal = response.extensions().get::<Refusal>().map(Refusal::to_string);
        assert_eq!(refusal.as_deref().unwrap_or("OK"), &first[4..]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn diagnostics_allow_nothing_more(
        origin in any_origin(),
        method in any_method(),
        headers in any_headers(),
        private_network in any::<bool>(),
    ) {
        let mut rows = preflight_rows(&origin, &method, &headers);
        rows.extend(private_network.then(|| "ac-request-private-network: true".to_owned()));
        for layer in layers() {
            for credentials in [false, true] {
                let layer = layer.clone().allow_credentials(credentials);
                if layer.build().is_err() {
                    continue;
                }
                let answers = [false, true].map(|on| {
                    through(&layer.clone().browser_diagnostics(on), &borrowed(&rows), &["200"]).0
                });
                prop_assert_eq!(answers[0].headers(), answers[1].headers());
                let names: Vec<String> =
                    headers.iter().flat_map(|line| elements(line)).collect();
                for browser in browsers(&origin, &method, &names) {
                    let [without, with] = [0, 1].map(|index| {
                        browser.allowed_by(answers[index].status(), answers[index].headers())
                    });
                    prop_assert_eq!(without, with, "{:?}", browser);
                    // And the browser lets pass what the policy does, no less for cookies.
                    if without {
                        prop_assert!(answers[0].extensions().get::<Refusal>().is_none());
                    }
                }
            }
        }
    }
}

/// The recording's configurations and preflights; rows.py says how they look.
#[cfg(feature = "regex")]
mod corpus {
    use super::*;
    use serde_json::Value;

    #[test]
    fn diagnostics_allow_nothing_more_over_the_whole_recording() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracle/corpus.jsonl");
        let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"));
        let (mut preflights, mut named, mut passed) = (0, 0, 0);
        for line in text.lines() {
            let group: Value = serde_json::from_str(line).unwrap();
            let table = group["lines"].as_array().cloned().unwrap_or_default();
            let plain = row::layer(&group["config"]);
            let helpful = plain.clone().browser_diagnostics(true);
            for case in group["cases"].as_array().unwrap() {
                let ask = row::Ask::read(&case[0], &table);
                let answer = |layer: &CorsLayer| {
                    let spy = Spy::new(&["200"]);
                    let response = call(&mut around(layer, &spy), ask.request());
                    (spy.calls() == 0).then_some(response)
                };
                let (Some(without), Some(with)) = (answer(&plain), answer(&helpful)) else {
                    continue;
                };
                preflights += 1;
                assert_eq!(without.headers(), with.headers(), "{ask:?}");
                named += usize::from(without.status() != with.status());
                let asked = ask.request();
                let field =
                    |name: &str| asked.headers().get(name).and_then(|value| value.to_str().ok());
                let (Some(origin), Some(method)) =
                    (field("origin"), field("access-control-request-method"))
                else {
                    continue;
                };
                let lines = asked.headers().get_all("access-control-request-headers").iter();
                let names: Vec<String> = lines
                    .map(|line| String::from_utf8_lossy(line.as_bytes()))
                    .flat_map(|line| elements(&line))
                    .collect();
                for browser in browsers(origin, method, &names) {
                    let [before, after] = [&without, &with]
                        .map(|answer| browser.allowed_by(answer.status(), answer.headers()));
                    assert_eq!(before, after, "{browser:?}\n{ask:?}");
                    passed += usize::from(before);
                }
            }
        }
        assert!(preflights > 1000 && named > 100 && passed > 100, "{preflights} {named} {passed}");
    }
}
