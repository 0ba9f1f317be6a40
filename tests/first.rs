//! Proves policies by origin: which of several answers, what they must share, and what is said of them.

mod common;

use std::panic::{AssertUnwindSafe, catch_unwind};

use common::*;
use tower_cors::{Any, CorsConfig, CorsLayer, CorsPolicy, EnforceOrigin, Kind, PerRequestLayer};

fn trusted() -> CorsLayer {
    one_origin().allow_methods(["GET", "PUT"]).allow_credentials(true)
}

fn public() -> CorsLayer {
    CorsLayer::new().allow_origins(Any).allow_headers(["x-a"])
}

fn built<const N: usize>(layers: [CorsLayer; N]) -> [CorsPolicy; N] {
    layers.map(|layer| layer.build().unwrap())
}

/// What a layer of these policies answers.
fn answer<const N: usize>(layers: [CorsLayer; N], asked: &[&str], inner: &[&str]) -> Vec<String> {
    let layer = PerRequestLayer::first(built(layers));
    let spy = Spy::new(inner);
    rows(
        ready(tower::Service::call(&mut tower::Layer::layer(&layer, spy), request(asked))).unwrap(),
    )
}

const COOKIES: [&str; 4] =
    ["200", "ac-allow-origin: https://a.example", "ac-allow-credentials: true", "vary: Origin"];
const PUBLIC: [&str; 3] = ["200", "ac-allow-origin: *", "vary: Origin"];
const NOTHING: [&str; 2] = ["200", "vary: Origin"];

#[test]
fn the_first_that_allows_the_origin_answers_else_the_last() {
    for (layers, asked, due) in [
        ([trusted(), public()], A, &COOKIES[..]),
        ([trusted(), public()], B, &PUBLIC),
        ([public(), trusted()], A, &PUBLIC),
        ([trusted(), trusted()], B, &NOTHING),
        ([trusted(), CorsLayer::new()], A, &COOKIES),
        ([CorsLayer::new(), trusted()], A, &COOKIES),
        // A malformed Origin is one as any other under `*` without credentials (difference D3).
        ([trusted(), public()], "origin: a b", &PUBLIC),
        ([public(), trusted()], "x: no origin", &NOTHING),
        ([trusted(), public()], "x: no origin", &NOTHING),
    ] {
        assert_eq!(answer(layers, &["GET /", asked], &["200"]), expected(due), "{asked}");
    }
    // Of two that allow it before the last, the first.
    let layers = || [trusted(), public(), CorsLayer::new()];
    assert_eq!(answer(layers(), &["GET /", A], &["200"]), expected(&COOKIES));
    assert_eq!(answer(layers(), &["GET /", B], &["200"]), expected(&PUBLIC));
    // One Vary, even where a policy alone would need none.
    let constant = public().constant_wildcard(true);
    for asked in [&["GET /"][..], &["GET /", B]] {
        let due = expected(&["200", "ac-allow-origin: *", "vary: accept, Origin"]);
        let layers = [trusted(), constant.clone()];
        assert_eq!(answer(layers, asked, &["200", "vary: accept"]), due);
    }
    let one = answer([trusted()], &["GET /", B], &["200"]);
    assert_eq!(one, expected(&NOTHING), "a list of one is that policy");
}

#[test]
fn preflights_are_answered_by_the_same_choice() {
    let last = [SAFELISTED, ", x-a"].concat();
    for (origin, status, lines) in [
        (
            A,
            "200 OK",
            &["ac-allow-credentials: true", "ac-allow-methods: GET, PUT", SAFELISTED][..],
        ),
        (B, "400 Disallowed CORS method", &["ac-allow-methods: GET", &last]),
    ] {
        let asked = ["OPTIONS /", origin, "ac-request-method: PUT"];
        let grant = if origin == A { "https://a.example" } else { "*" };
        let grant = format!("ac-allow-origin: {grant}");
        let due = [&[status, &grant, "ac-max-age: 600", PREFLIGHT_VARY, TEXT], lines].concat();
        assert_eq!(answer([trusted(), public()], &asked, &["200"]), expected(&due));
    }
    let layer = PerRequestLayer::first(built([trusted(), public()]));
    assert_eq!(layer.check("https://a.example", "PUT", &[]), Ok(()));
    assert_eq!(layer.check("https://b.example", "GET", &["x-a"]), Ok(()));
    for (origin, method, name) in
        [("https://a.example", "GET", "x-a"), ("https://b.example", "PUT", ""), ("\n", "PUT", "")]
    {
        assert!(layer.check(origin, method, &[name]).is_err(), "{origin} {method} {name}");
    }
}

/// Nothing falls out of the guard: the last policy answers strangers, and its guard is that of all.
#[test]
fn the_guards_hold_for_all_of_them() {
    let guarded = |layer: CorsLayer| {
        layer.allow_hosts(["api.example"]).enforce_origin(EnforceOrigin::StateChanging)
    };
    let layers =
        || [guarded(trusted()), guarded(CorsLayer::new().allow_origins(["https://c.example"]))];
    let host = "host: api.example";
    for (asked, status) in [
        (&["POST /", A, host][..], "200"),
        (&["POST /", "origin: https://c.example", host], "200"),
        (&["POST /", B, host], "403 Disallowed CORS origin"),
        (&["POST /", A, "host: other.example"], "400 Invalid host header"),
        (&["POST /", host], "200"),
    ] {
        assert_eq!(answer(layers(), asked, &["200"])[0], status, "{asked:?}");
    }
    // The choice read Origin before the host was refused.
    let refused = answer(layers(), &["GET /", A, "host: other.example"], &["200"]);
    assert_eq!(refused, expected(&["400 Invalid host header", "vary: Origin", TEXT]));
}

#[test]
fn what_they_must_share_is_an_error_that_names_the_policy() {
    let differing = [
        one_origin().allow_hosts(["API.example", "b.example"]),
        one_origin().allow_hosts(["b.example ", "", "api.example"]),
        one_origin(),
        one_origin()
            .allow_hosts(["api.example", "b.example"])
            .enforce_origin(EnforceOrigin::WebSockets)
            .report_only(true),
    ];
    let error = PerRequestLayer::try_from(built(differing.clone()).to_vec()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the CORS configuration has 3 errors:\n\
         - policy 3: allow_hosts: policy 1 has \"API.example, b.example\" here; a page must not be able to choose a weaker check by its origin; give all policies the same allow_hosts\n\
         - policy 4: enforce_origin(EnforceOrigin::WebSockets): policy 1 has EnforceOrigin::Nothing here; a page must not be able to choose a weaker check by its origin; give all policies the same enforce_origin\n\
         - policy 4: report_only(true): policy 1 has false here; a page must not be able to choose a weaker check by its origin; give all policies the same report_only"
    );
    assert_eq!(error.diagnostics()[0].policy(), Some(2));
    let error = PerRequestLayer::try_from(Vec::<CorsPolicy>::new()).unwrap_err();
    let [none] = error.diagnostics() else { panic!("{error}") };
    assert_eq!((none.kind(), none.policy()), (Kind::NoPolicy, None));
    assert_eq!(none.to_string(), "first: the list of policies is empty; list at least one");
    for policies in [Vec::new(), built(differing).to_vec()] {
        let panic =
            catch_unwind(AssertUnwindSafe(|| PerRequestLayer::first(policies))).unwrap_err();
        let text = panic.downcast_ref::<String>().unwrap();
        assert!(text.starts_with("PerRequestLayer::first at tests/first.rs:"), "{text}");
    }
}

#[test]
fn a_list_of_configurations_is_the_same() {
    let config = |layer: CorsLayer| layer.build().unwrap().config().clone();
    let configs = vec![config(trusted()), config(public())];
    let layer = PerRequestLayer::try_from(configs.clone()).unwrap();
    assert_eq!(layer.check("https://a.example", "PUT", &[]), Ok(()));
    assert_eq!(layer.check("https://b.example", "GET", &["x-a"]), Ok(()));

    // Each keeps its own dangers, and all errors come at once.
    let mut open = configs[1].clone();
    open.allow_credentials = true;
    let mut faulty = CorsConfig::default();
    faulty.allow_origins = vec!["https://c.example/".to_owned()];
    let error = PerRequestLayer::try_from(vec![configs[0].clone(), open, faulty]).unwrap_err();
    let said: Vec<_> = error.diagnostics().iter().map(|one| (one.policy(), one.kind())).collect();
    assert_eq!(said, [(Some(1), Kind::AnyOrigin), (Some(2), Kind::Path)]);
    let last = error.to_string();
    assert!(
        last.ends_with("- policy 3: allow_origins(\"https://c.example/\"): an origin has no path; write \"https://c.example\""),
        "{last}"
    );
}

#[test]
fn explain_says_which_of_them_answers() {
    let narrow = CorsLayer::new().allow_origins(["https://c.example"]);
    let layer = PerRequestLayer::first(built([trusted(), narrow]));
    for (asked, said) in [
        (A, "policy 1 of 2 answers: it is the first that allows the origin"),
        (
            "origin: http://a.example",
            "policy 2 of 2 answers: it is the last, and no policy allows the origin\nthe nearest allowed origin is \"https://a.example\", of policy 1",
        ),
        ("x: no origin", "policy 2 of 2 answers: it is the last, and the request has no Origin"),
    ] {
        let explanation = layer.explain(&head(&["GET /", asked])).unwrap();
        assert!(explanation.to_string().ends_with(said), "{explanation}");
    }
    let [first, last] = built([trusted(), public()]);
    let by_path = PerRequestLayer::new(move |head| match head.uri.path() {
        "/left-alone" => None,
        "/" => Some(first.clone()),
        _ => Some(last.clone()),
    });
    assert!(by_path.explain(&head(&["GET /left-alone", A])).is_none());
    assert!(by_path.explain(&head(&["GET /x", B])).unwrap().allowed());
    assert!(by_path.check("https://b.example", "GET", &[]).is_err(), "it is asked for `/`");
}

const LOCAL_NETWORK: &str = "this host is on a private network or this machine, and Chromium asks the user before a page from outside reaches it (Local Network Access); if the user declines, the console says \"blocked by CORS policy\", and no request is sent";

/// Chromium asks its user, and neither a preflight nor a header of the server has a part in it.
#[test]
fn explain_tells_of_local_network_access() {
    let policy = public().build().unwrap();
    let told = |origin: &str, host: &str| {
        let asked = ["GET /", &format!("origin: {origin}"), &format!("host: {host}")];
        policy.explain(&head(&asked)).to_string().contains(LOCAL_NETWORK)
    };
    for (origin, host, is_told) in [
        ("https://app.acme.com", "localhost:8000", true),
        ("https://app.acme.com", "192.168.1.7", true),
        ("https://app.acme.com", "[::1]:80", true),
        ("https://app.acme.com", "printer.local", true),
        ("http://192.168.1.7", "localhost", true),
        ("http://192.168.1.7", "10.0.0.1", false),
        ("http://localhost:3000", "localhost:8000", false),
        ("http://localhost", "192.168.1.7", false),
        ("https://app.acme.com", "api.acme.com", false),
        ("null", "localhost", false),
    ] {
        assert_eq!(told(origin, host), is_told, "{origin} {host}");
        let asked = ["OPTIONS /", &format!("origin: {origin}"), &format!("host: {host}"), GET];
        let text = policy.explain(&head(&asked)).to_string();
        assert_eq!(text.contains(LOCAL_NETWORK), is_told, "{origin} {host}");
    }
}
