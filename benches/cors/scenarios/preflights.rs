//! Preflights as browsers send them.

use super::{NEAR, Scenario, TIGHT, answers, app, preflight};
use crate::{
    policies::{AnyHeaders, AnyOrigin, Api, ManyNames, ManyOrigins, MirrorMethods, OneOrigin},
    request::{Head, ORIGIN, STRANGER},
};

pub(super) fn preflights() -> Vec<Scenario> {
    let get = || Head::preflight(ORIGIN, "GET");
    let plain = [("access-control-allow-origin", ORIGIN)];
    let api =
        "Accept, Accept-Language, Authorization, Content-Language, Content-Type, X-Request-Id";
    let api = [
        ("access-control-allow-origin", ORIGIN),
        ("access-control-allow-methods", "GET, POST, PUT, DELETE"),
        ("access-control-allow-headers", api),
        ("access-control-allow-credentials", "true"),
    ];
    let without_origin = &api[1..];
    let mut rows = vec![
        answers("preflight, plain", TIGHT, || OneOrigin, app, get, preflight(200, "OK", &plain)),
        answers(
            "preflight, any origin (`*`)",
            NEAR,
            || AnyOrigin,
            app,
            get,
            preflight(200, "OK", &[("access-control-allow-origin", "*")]),
        ),
        answers(
            "preflight, method, 3 headers, credentials",
            NEAR,
            || Api,
            app,
            || Head::preflight(ORIGIN, "PUT").asking("authorization,content-type,x-request-id"),
            preflight(200, "OK", &api),
        ),
        answers(
            "preflight, 3 of 1,000 allowed headers",
            NEAR,
            || ManyNames,
            app,
            || Head::preflight(ORIGIN, "GET").asking("content-type,x-field-0007,x-field-0993"),
            preflight(
                200,
                "OK",
                &[plain[0], ("access-control-allow-headers", ManyNames::listed())],
            ),
        ),
        answers(
            "preflight, headers mirrored",
            NEAR,
            || AnyHeaders,
            app,
            || Head::preflight(ORIGIN, "GET").asking("authorization,content-type,x-request-id"),
            preflight(
                200,
                "OK",
                &[
                    plain[0],
                    ("access-control-allow-headers", "authorization,content-type,x-request-id"),
                ],
            ),
        ),
        answers(
            "preflight, headers in 3 lines mirrored",
            NEAR,
            || AnyHeaders,
            app,
            || {
                Head::preflight(ORIGIN, "GET")
                    .asking("authorization")
                    .asking("content-type")
                    .asking("x-request-id")
            },
            preflight(
                200,
                "OK",
                &[
                    plain[0],
                    ("access-control-allow-headers", "authorization, content-type, x-request-id"),
                ],
            ),
        ),
        answers(
            "preflight, method mirrored",
            NEAR,
            || MirrorMethods,
            app,
            || Head::preflight(ORIGIN, "PROPFIND"),
            preflight(200, "OK", &[plain[0], ("access-control-allow-methods", "PROPFIND")]),
        ),
        answers(
            "preflight refused: origin",
            NEAR,
            || Api,
            app,
            || Head::preflight(STRANGER, "PUT").asking("authorization,content-type,x-request-id"),
            preflight(400, "Disallowed CORS origin", without_origin),
        ),
        answers(
            "preflight refused: method",
            NEAR,
            || Api,
            app,
            || Head::preflight(ORIGIN, "PATCH").asking("authorization,content-type,x-request-id"),
            preflight(400, "Disallowed CORS method", &api),
        ),
        answers(
            "preflight refused: headers",
            NEAR,
            || Api,
            app,
            || Head::preflight(ORIGIN, "PUT").asking("authorization,content-type,x-csrf-token"),
            preflight(400, "Disallowed CORS headers", &api),
        ),
        answers(
            "preflight refused: private network",
            NEAR,
            || OneOrigin,
            app,
            || {
                Head::preflight(ORIGIN, "GET")
                    .with("access-control-request-private-network", "true")
            },
            preflight(400, "Disallowed CORS private-network", &plain),
        ),
        answers(
            "preflight refused: all four",
            NEAR,
            || Api,
            app,
            || {
                Head::preflight(STRANGER, "PATCH")
                    .asking("x-csrf-token")
                    .with("access-control-request-private-network", "true")
            },
            preflight(
                400,
                "Disallowed CORS origin, method, headers, private-network",
                without_origin,
            ),
        ),
    ];
    let hit = ManyOrigins::hit(1_000);
    rows.extend([
        answers(
            "preflight, 1,000 origins, hit",
            NEAR,
            || ManyOrigins::new(1_000),
            app,
            || Head::preflight(&ManyOrigins::hit(1_000), "GET"),
            preflight(200, "OK", &[("access-control-allow-origin", &hit)]),
        ),
        answers(
            "preflight, 1,000 origins, miss",
            NEAR,
            || ManyOrigins::new(1_000),
            app,
            || Head::preflight(ManyOrigins::miss(), "GET"),
            preflight(400, "Disallowed CORS origin", &[]),
        ),
    ]);
    rows
}
