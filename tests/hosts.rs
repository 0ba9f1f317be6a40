//! Proves `allow_hosts`, `report_only` and `inner_headers`: which hosts pass, the 400 to all others, what
//! is only reported, and what becomes of the headers that the inner service set.

mod common;

use common::*;
use http::Request;
use tower::{Layer, Service, service_fn};
use tower_cors::{CorsLayer, EnforceOrigin, InnerHeaders, Kind, Refusal, Risk, Severity};

/// Whether a request is refused for its host; if so, with the one answer that there is.
#[track_caller]
fn refused(layer: &CorsLayer, asked: &[&str]) -> bool {
    let (response, calls) = through(layer, asked, &["200 inner"]);
    let refusal = response.extensions().get::<Refusal>().copied();
    if !refusal.is_some_and(|refusal| refusal.host()) {
        return false;
    }
    assert_eq!(calls, 0, "{asked:?}");
    assert_eq!(rows(response), expected(&["400 Invalid host header", TEXT]), "{asked:?}");
    true
}

#[test]
fn which_hosts_pass() {
    let layer = one_origin().allow_hosts([
        "api.example",
        "localhost:8000",
        "*.tenants.example",
        "[::1]:3000",
        "secure.example:443",
    ]);
    for (host, passes) in [
        ("api.example", true),
        ("API.Example", true),
        ("api.example:8443", true),
        ("localhost:8000", true),
        ("a.tenants.example", true),
        ("a.b.tenants.example:1", true),
        ("A.Tenants.Example", true),
        ("[::1]:3000", true),
        ("secure.example", true),
        ("secure.example:443", true),
        ("secure.example:8443", false),
        ("localhost", false),
        ("localhost:8001", false),
        ("tenants.example", false),
        (".tenants.example", false),
        ("a..tenants.example", false),
        ("atenants.example", false),
        ("api.example.", false),
        ("api.example.evil.example", false),
        ("www.api.example", false),
        ("[::1]", false),
        ("::1:3000", false),
        ("api.example:", false),
        ("api.example:0", false),
        ("api.example/", false),
        ("x@api.example", false),
        ("api.example, api.example", false),
        ("", false),
        ("\u{ff}", false),
    ] {
        for asked in [&["GET /"][..], &["POST /", A], &["OPTIONS /", A, GET]] {
            let host = format!("host: {host}");
            let asked = [asked, &[&*host]].concat();
            assert_eq!(refused(&layer, &asked), !passes, "{asked:?}");
        }
    }
    assert!(refused(&layer, &["GET /"]));
    assert!(refused(&layer, &["GET /", "host: api.example", "host: api.example"]));
    // HTTP/2 and absolute targets have the host in the URI, which then counts.
    assert!(!refused(&layer, &["GET https://api.example/", "host: evil.example"]));
    assert!(refused(&layer, &["GET https://evil.example/", "host: api.example"]));
}

/// Forwarded headers are never read: anybody can send them.
#[test]
fn forwarded_hosts_are_not_read() {
    let layer = one_origin().allow_hosts("api.example");
    for line in ["x-forwarded-host: api.example", "forwarded: host=api.example"] {
        assert!(refused(&layer, &["GET /", "host: evil.example", line]));
    }
}

#[test]
fn faulty_hosts_are_errors_with_the_fix() {
    for (item, suggestion) in [
        ("https://api.example", Some("api.example")),
        ("https://api.example/path", Some("api.example")),
        ("api.example:*", Some("api.example")),
        ("api.example/", Some("api.example")),
        ("*api.example", Some("*.api.example")),
        ("a.*.example", None),
        ("api..example", None),
        ("api.example:0", None),
    ] {
        let error = one_origin().allow_hosts(item).build().unwrap_err();
        let [found] = error.diagnostics() else { panic!("{error}") };
        assert_eq!((found.setting().name(), found.value()), ("allow_hosts", Some(item)));
        assert_eq!(found.suggestion(), suggestion, "{error}");
        if let Some(suggestion) = suggestion {
            assert!(one_origin().allow_hosts(suggestion).build().is_ok());
        }
    }
}

/// Whoever can obtain a name under the pattern can rebind it.
#[test]
fn open_hosts_are_a_risk() {
    for item in ["*", "*.com"] {
        let layer = one_origin().allow_hosts(item);
        let error = layer.build().unwrap_err();
        assert_eq!(error.diagnostics()[0].risk(), Some(Risk::AnyOrigin), "{error}");
        let policy = layer.tolerate(Risk::AnyOrigin).build().unwrap();
        assert_eq!(policy.diagnostics()[0].severity(), Severity::Note);
    }
    assert!(one_origin().allow_hosts(["*.api.example.com", "LOCALHOST"]).build().is_ok());
}

#[test]
fn all_requests_without_hosts_is_a_warning() {
    let layer = one_origin().enforce_origin(EnforceOrigin::AllRequests);
    let kinds = |layer: &CorsLayer| {
        layer.build().unwrap().diagnostics().iter().map(|one| one.kind()).collect::<Vec<_>>()
    };
    assert_eq!(kinds(&layer), [Kind::NoHosts]);
    assert_eq!(kinds(&layer.allow_hosts("api.example")), []);
}

/// The inner service learns what would have been refused, and carries it out.
#[test]
fn report_only_refuses_nothing() {
    let layer = one_origin()
        .allow_hosts("api.example")
        .enforce_origin(EnforceOrigin::AllRequests)
        .report_only(true);
    for (asked, origin, host) in [
        (&["POST /", B, "host: api.example"][..], true, false),
        (&["POST /", B, "host: evil.example"], true, true),
        (&["POST /", A, "host: evil.example"], false, true),
        (&["POST /", A, "host: api.example"], false, false),
    ] {
        let mut service = layer.layer(service_fn(|request: Request<_>| async move {
            let reported = request.extensions().get::<Refusal>().copied();
            let mut response = response(&["200 inner"]);
            if let Some(reported) = reported {
                response.extensions_mut().insert((reported.origin(), reported.host()));
            }
            Ok::<_, std::convert::Infallible>(response)
        }));
        let Ok(answer) = ready(service.call(request(asked)));
        assert_eq!(answer.status(), 200);
        let seen = answer.extensions().get::<(bool, bool)>().copied();
        assert_eq!(seen.unwrap_or_default(), (origin, host), "{asked:?}");
        assert!(answer.extensions().get::<Refusal>().is_none());
        assert_eq!(answer.headers()["vary"], "Origin");
    }
    // A tunnel is left as it is.
    let (response, calls) = through(&layer, &["CONNECT api.example:443", B], &["200"]);
    assert_eq!((response.headers().get("vary"), calls), (None, 1));
    // Preflights are CORS's own business.
    let (response, calls) = through(&layer, &["OPTIONS /", B, GET, "host: api.example"], &["200"]);
    assert_eq!((response.status().as_u16(), calls), (400, 0));
}

#[test]
fn inner_headers_are_replaced_kept_or_removed() {
    let layer = one_origin().expose_headers(["x"]);
    let own = ["ac-allow-origin: *", "ac-expose-headers: own", "ac-max-age: 1"];
    let inner = [&["200"], &own[..]].concat();
    let ours = ["ac-allow-origin: https://a.example", "ac-expose-headers: x"];
    let row = |inner: InnerHeaders, asked: &[&str], headers: &[&str]| {
        let layer = layer.clone().inner_headers(inner);
        let answer = [&["200", "vary: Origin"], headers].concat();
        actual(&layer, &[&["GET /"], asked].concat(), &[&["200"], &own[..]].concat(), &answer);
        // `decorate` does the same.
        let mut by_hand = response(&[&["200"], &own[..]].concat());
        let head = head(&[&["GET /"], asked].concat());
        layer.build().unwrap().decorate(&head.headers, by_hand.headers_mut());
        assert_eq!(rows(by_hand), expected(&answer));
    };
    row(InnerHeaders::Replace, &[A], &[&ours[..], &own[2..]].concat());
    row(InnerHeaders::Replace, &[B], &own);
    row(InnerHeaders::Keep, &[A], &own);
    row(InnerHeaders::Keep, &[B], &own);
    row(InnerHeaders::Remove, &[A], &ours);
    row(InnerHeaders::Remove, &[B], &[]);
    row(InnerHeaders::Remove, &[], &[]);
    // Without a grant of its own there is nothing to keep.
    let keep = layer.inner_headers(InnerHeaders::Keep);
    let answer = [&["200", "vary: Origin"], &ours[..], &own[2..]].concat();
    actual(&keep, &["GET /", A], &["200", "ac-max-age: 1"], &answer);
    assert_eq!(inner.len(), 4);
}
