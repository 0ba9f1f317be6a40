//! `constant_wildcard`: one answer for everybody, and what cannot stand beside it.

use tower_cors::{Any, CorsLayer, EnforceOrigin, Kind::*, Risk, Severity};

use super::{
    common::{A, GET, SAFELISTED, actual, one_origin, preflight},
    says,
};

#[test]
fn a_constant_wildcard_is_the_same_for_everyone() {
    let constant =
        CorsLayer::new().allow_origins(Any).expose_headers(["x"]).constant_wildcard(true);
    let same = ["200", "ac-allow-origin: *", "ac-expose-headers: x"];
    for asked in [
        &["GET /"][..],
        &["GET /", A],
        &["GET /", "origin: null"],
        &["GET /", "origin: \u{ff}"],
        &["GET /", A, A],
        &["OPTIONS /"],
    ] {
        actual(&constant, asked, &["200"], &same);
        let own = ["200", "vary: Accept", "ac-allow-origin: https://own.example"];
        actual(&constant, asked, &own, &[&same[..], &["vary: Accept"]].concat());
    }
    // Preflights are answered as ever.
    preflight(
        &constant,
        &[A, GET],
        &["200 OK", "ac-allow-origin: *", "ac-allow-methods: GET", "ac-max-age: 600", SAFELISTED],
    );
    // The default stays Starlette's.
    let plain =
        CorsLayer::new().allow_origins(Any).constant_wildcard(true).constant_wildcard(false);
    actual(&plain, &["GET /"], &["200"], &["200", "vary: Origin"]);
}

#[test]
fn a_constant_wildcard_leaves_upgrades_and_tunnels() {
    let constant = CorsLayer::new().allow_origins(Any).constant_wildcard(true);
    actual(&constant, &["GET /", "upgrade: websocket"], &["101"], &["101"]);
    actual(&constant, &["CONNECT a.example:443"], &["200"], &["200"]);
}

#[test]
fn what_makes_answers_differ_is_an_error() {
    let wildcard = || CorsLayer::new().allow_origins(Any).constant_wildcard(true);
    let tolerated = wildcard().tolerate(Risk::AnyOrigin);
    for (layer, errors) in [
        (one_origin().constant_wildcard(true), 1),
        (tolerated.clone().allow_credentials(true), 1),
        (tolerated.clone().enforce_origin(EnforceOrigin::WebSockets), 1),
        (one_origin().constant_wildcard(true).allow_credentials(true), 2),
        (tolerated.allow_credentials(true).enforce_origin(EnforceOrigin::AllRequests), 2),
    ] {
        let error = layer.build().unwrap_err();
        assert_eq!(error.diagnostics().len(), errors, "{error}");
        for one in error.diagnostics() {
            let about = (one.setting().name(), one.value(), one.kind(), one.suggestion());
            assert_eq!(about, ("constant_wildcard", Some("true"), Conflict, None));
        }
    }
    says(&one_origin().constant_wildcard(true), Severity::Error, ("true", Conflict, None));
}
