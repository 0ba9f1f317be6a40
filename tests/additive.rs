//! Proves that a feature adds and never changes what another build says, answers or refuses: the step
//! `features` of `.ci/run` builds this with each feature, and compares what it writes.

mod common;

use std::{env, fmt::Write, fs};

use common::*;
use http::StatusCode;
use tower_cors::{Any, CorsLayer, EnforceOrigin, InnerHeaders, Preset, Risk};

/// Settings that build, with and without remarks, and settings that do not. None has an expression,
/// for what the feature `regex` adds is that those are accepted.
fn layers() -> Vec<CorsLayer> {
    let new = CorsLayer::new;
    let listed = || {
        new().allow_origins(["https://a.example", "https://*.example.com", "http://localhost:*"])
    };
    vec![
        new(),
        one_origin(),
        CorsLayer::permissive(),
        listed().allow_methods(Any).allow_headers(["x-a", "x-b"]).expose_headers("etag").max_age(9),
        listed().allow_methods(["PUT", "PATCH"]).allow_headers(Any).allow_credentials(true),
        listed().allow_private_network(true).preflight_status(StatusCode::NO_CONTENT),
        listed().mirror_methods().browser_diagnostics(true).max_age(None),
        listed().preset(Preset::GrpcWeb).inner_headers(InnerHeaders::Remove),
        listed().inner_headers(InnerHeaders::Keep).allow_credentials(true),
        listed().enforce_origin(EnforceOrigin::StateChanging).allow_hosts(["api.example.com"]),
        listed().enforce_origin(EnforceOrigin::AllRequests),
        listed().enforce_origin(EnforceOrigin::WebSockets).report_only(true),
        listed().preset(Preset::Mcp).preset(Preset::Tus).allow_headers("x-meta-*"),
        listed().expose_headers("*").allow_credentials(true).timing_allow_origin(true),
        new().allow_origins(Any).constant_wildcard(true),
        new().allow_origins(["null", "*"]).allow_credentials(true),
        new().allow_origins("*").allow_credentials(true).tolerate(Risk::AnyOrigin),
        new().allow_origins(["https://*.vercel.app", "https://*.co.uk"]).allow_credentials(true),
        new().allow_origin_if(|origin| origin.ends_with("example.com")).allow_credentials(true),
        new().allow_origin_if(|origin| origin.ends_with(".example.com")).max_age(86_400),
        new().allow_origins([
            "https://A.example/",
            "localhost",
            "a, b",
            "",
            "https://a.example:443",
        ]),
        listed().allow_methods(["get", "DELTE"]).allow_headers(["origin", "a b", "authorisation"]),
        listed().constant_wildcard(true).preflight_status(StatusCode::FOUND),
    ]
}

const REQUESTS: [&[&str]; 16] = [
    &["GET /"],
    &["GET /", A],
    &["GET /", B],
    &["GET /", "origin: null"],
    &["GET /", "origin: https://shop.example.com"],
    &["GET /", A, A],
    &["GET /", "origin: https://a.example/"],
    &["POST /", B, "host: b.example"],
    &["POST /", A, "host: api.example.com"],
    &["POST /", "sec-fetch-site: cross-site", "host: api.example.com"],
    &["GET /", B, "upgrade: websocket", "connection: upgrade", "host: api.example.com"],
    &["OPTIONS /", A],
    &["OPTIONS /", A, "ac-request-method: PUT", "ac-request-headers: x-a,authorization"],
    &["OPTIONS /", A, "ac-request-method: GET", "ac-request-private-network: true"],
    &["OPTIONS /", "origin: http://localhost:9", "ac-request-method: PURGE"],
    &["OPTIONS /", B, "ac-request-method: GET", "ac-request-headers: x-b", "host: api.example.com"],
];

#[test]
fn this_build_says_and_answers() {
    let mut text = String::new();
    for (number, layer) in layers().iter().enumerate() {
        for diagnostic in said(layer) {
            writeln!(text, "{number}: {:?}: {diagnostic}", diagnostic.severity()).unwrap();
        }
        if layer.build().is_err() {
            continue;
        }
        for asked in REQUESTS {
            let inner =
                ["201 inner", "ac-allow-origin: *", "ac-allow-credentials: true", "vary: X"];
            let (response, calls) = through(layer, asked, &inner);
            writeln!(text, "{number}: {asked:?}: {calls} calls: {:?}", rows(response)).unwrap();
        }
    }
    for part in
        ["Error: ", "Warning: ", "Note: ", "\"200 OK\"", "\"400 ", "\"403 ", "\"201 inner\""]
    {
        assert!(text.contains(part), "nothing here has {part}:\n{text}");
    }
    if let Some(path) = env::var_os("ANSWERS") {
        fs::write(path, text).expect("a writable file");
    }
}
