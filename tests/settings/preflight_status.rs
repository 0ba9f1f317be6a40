//! `preflight_status`: that of success, from 200 to 299.

use http::StatusCode;
use tower_cors::{CorsConfig, CorsLayer, Kind::*, Severity};

use super::{
    common::{A, GET, PREFLIGHT_VARY, SAFELISTED, TEXT, expected, one_origin, rows, through},
    says,
};

#[test]
fn preflight_status_is_that_of_success() {
    let headers = [
        "ac-allow-origin: https://a.example",
        "ac-allow-methods: GET",
        "ac-max-age: 600",
        SAFELISTED,
        PREFLIGHT_VARY,
    ];
    for status in [200_u16, 201, 202, 204, 205, 226, 299] {
        let layer = one_origin().preflight_status(StatusCode::from_u16(status).unwrap());
        let (response, calls) = through(&layer, &["OPTIONS /", A, GET], &["200 inner"]);
        assert_eq!(calls, 0);
        // RFC 9110: these two have no content.
        let is_empty = [204, 205].contains(&status);
        let first = if is_empty { status.to_string() } else { format!("{status} OK") };
        let mut answer = [&[&*first], &headers[..]].concat();
        answer.extend((!is_empty).then_some(TEXT));
        assert_eq!(rows(response), expected(&answer), "{status}");
        // A refusal is a 400 all the same, with its text.
        let refused = [A, "ac-request-method: PUT"];
        let (response, _) = through(&layer, &[&["OPTIONS /"], &refused[..]].concat(), &["200"]);
        assert_eq!(rows(response)[0], "400 Disallowed CORS method");
    }
}

/// With diagnostics a refusal's 200 is no success, so it keeps its text.
#[test]
fn a_diagnosed_refusal_keeps_its_text() {
    let layer = one_origin().preflight_status(StatusCode::NO_CONTENT).browser_diagnostics(true);
    let (response, _) = through(&layer, &["OPTIONS /", A, "ac-request-method: PUT"], &["200"]);
    assert_eq!(rows(response)[0], "200 Disallowed CORS method");
}

#[test]
fn what_fails_every_preflight_is_an_error() {
    for status in [100, 101, 199, 300, 304, 404, 500] {
        let status = StatusCode::from_u16(status).unwrap();
        let row = (status.as_str(), PreflightStatus, None);
        says(&one_origin().preflight_status(status), Severity::Error, row);
    }
    // A configuration holds any number.
    for status in [0, 99, 1000, 65_535] {
        let mut config = CorsConfig::default();
        config.allow_origins = vec!["https://a.example".to_owned()];
        config.preflight_status = status;
        let row = (&*status.to_string(), PreflightStatus, None);
        says(&CorsLayer::from(config), Severity::Error, row);
    }
    // The last call counts.
    let mended = one_origin().preflight_status(StatusCode::FOUND).preflight_status(StatusCode::OK);
    assert!(mended.build().is_ok());
}
