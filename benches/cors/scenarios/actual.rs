//! Actual requests.

use super::{NEAR, REGEX, Scenario, TIGHT, allowed, answers, grouped, refused};
use crate::{
    policies::{AnyOrigin, ByRegex, Exposing, ManyOrigins, OneOrigin, Pattern},
    request::{Head, ORIGIN, STRANGER},
    subject::{App, JSON, JSON_CACHED, JSON_VARYING},
};

pub(super) fn actual() -> Vec<Scenario> {
    let hit = || Head::get().from(ORIGIN);
    let miss = || Head::get().from(STRANGER);
    let plain = || App(&JSON);
    let mut rows = vec![
        answers("no Origin", TIGHT, || OneOrigin, plain, Head::get, refused(&[])),
        answers(
            "plain OPTIONS, no Origin",
            NEAR,
            || OneOrigin,
            plain,
            || Head::preflight(ORIGIN, "GET").without("origin"),
            refused(&[]),
        ),
        answers("one origin, hit", TIGHT, || OneOrigin, plain, hit, allowed(ORIGIN, &[])),
        answers("one origin, miss", TIGHT, || OneOrigin, plain, miss, refused(&[])),
        answers("any origin (`*`)", TIGHT, || AnyOrigin, plain, hit, allowed("*", &[])),
    ];
    for count in [10, 1_000, 100_000] {
        rows.extend(many_origins(count));
    }
    let subdomain = || Head::get().from("https://shop-7.example.com");
    rows.extend([
        answers(
            "wildcard pattern, hit",
            NEAR,
            || Pattern,
            plain,
            subdomain,
            allowed("https://shop-7.example.com", &[]),
        ),
        answers("wildcard pattern, miss", NEAR, || Pattern, plain, miss, refused(&[])),
        answers(
            "regex, hit",
            REGEX,
            || ByRegex,
            plain,
            subdomain,
            allowed("https://shop-7.example.com", &[]),
        ),
        answers("regex, miss", REGEX, || ByRegex, plain, miss, refused(&[])),
        answers(
            "inner response has a Vary",
            NEAR,
            || OneOrigin,
            || App(&JSON_VARYING),
            hit,
            allowed(ORIGIN, &[("vary", "Accept-Encoding, Accept-Language, Origin")]),
        ),
        answers(
            "credentials and exposed headers",
            NEAR,
            || Exposing,
            plain,
            hit,
            allowed(ORIGIN, &EXPOSING),
        ),
        answers(
            "the same, three inner headers",
            NEAR,
            || Exposing,
            || App(&JSON_CACHED),
            hit,
            allowed(
                ORIGIN,
                &[
                    EXPOSING[0],
                    EXPOSING[1],
                    ("etag", "\"33a64df551425fcc\""),
                    ("cache-control", "private, max-age=60"),
                ],
            ),
        ),
    ]);
    rows
}

const EXPOSING: [(&str, &str); 2] = [
    ("access-control-allow-credentials", "true"),
    ("access-control-expose-headers", "etag, x-request-id, x-total-count"),
];

pub(crate) fn many_origins(count: usize) -> [Scenario; 2] {
    let hit = ManyOrigins::hit(count);
    [
        answers(
            &format!("{} origins, hit", grouped(count)),
            NEAR,
            move || ManyOrigins::new(count),
            || App(&JSON),
            move || Head::get().from(&ManyOrigins::hit(count)),
            allowed(&hit, &[]),
        ),
        answers(
            &format!("{} origins, miss", grouped(count)),
            NEAR,
            move || ManyOrigins::new(count),
            || App(&JSON),
            || Head::get().from(ManyOrigins::miss()),
            refused(&[]),
        ),
    ]
}
