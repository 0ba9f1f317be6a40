//! What no browser sends: the work must stay bounded.

use super::{FLAT, NEAR, Scenario, Target, answers, app, preflight, refused, size};
use crate::{
    policies::{Api, ByRegex, ManyNames, ManyOrigins, OneOrigin, Pattern},
    request::{Head, ORIGIN, STRANGER},
};

pub(super) fn hostile() -> Vec<Scenario> {
    let mut rows = Vec::new();
    for length in [8 << 10, 64 << 10] {
        rows.extend(hostile_lists(length));
    }
    let refused_list = || preflight(400, "Disallowed CORS headers", &API_ANSWER);
    rows.extend([
        answers(
            "64 KiB of 1,000 allowed names",
            FLAT,
            || ManyNames,
            app,
            || {
                let names: Vec<_> = ManyNames::own().collect();
                let count = (64 << 10) / "x-field-0000,".len();
                let asked: Vec<_> = names.iter().cycle().take(count).map(String::as_str).collect();
                Head::preflight(ORIGIN, "GET").asking(&asked.join(","))
            },
            preflight(
                200,
                "OK",
                &[
                    ("access-control-allow-origin", ORIGIN),
                    ("access-control-allow-headers", ManyNames::listed()),
                ],
            ),
        ),
        answers(
            "88 lines of an allowed name",
            Target::Free,
            || Api,
            app,
            || (0..88).fold(Head::preflight(ORIGIN, "PUT"), |head, _| head.asking("content-type")),
            preflight(200, "OK", &API_ANSWER),
        ),
        answers(
            "88 lines of an unknown name",
            NEAR,
            || Api,
            app,
            || (0..88).fold(Head::preflight(ORIGIN, "PUT"), |head, _| head.asking("x-unknown")),
            refused_list(),
        ),
        answers(
            "88 other fields",
            NEAR,
            || Api,
            app,
            || {
                OTHER_FIELDS
                    .iter()
                    .fold(Head::preflight(ORIGIN, "PUT"), |head, name| head.with(name, "1"))
            },
            preflight(200, "OK", &API_ANSWER),
        ),
        answers(
            "88 Origin lines",
            NEAR,
            || OneOrigin,
            app,
            || (1..88).fold(Head::get().from(STRANGER), |head, _| head.from(ORIGIN)),
            refused(&[]),
        ),
    ]);
    rows.extend(hostile_origins(8 << 10));
    rows
}

const API_ANSWER: [(&str, &str); 4] = [
    ("access-control-allow-origin", ORIGIN),
    ("access-control-allow-methods", "GET, POST, PUT, DELETE"),
    (
        "access-control-allow-headers",
        "Accept, Accept-Language, Authorization, Content-Language, Content-Type, X-Request-Id",
    ),
    ("access-control-allow-credentials", "true"),
];

/// Lists of asked headers, `length` bytes long.
pub(crate) fn hostile_lists(length: usize) -> [Scenario; 5] {
    let ask = |what: &'static str| {
        move || {
            let list = what.repeat(length / what.len());
            Head::preflight(ORIGIN, "PUT").asking(list.trim_end_matches(' '))
        }
    };
    let row = |name: &str, target, what, answer| {
        answers(&format!("{} of {name}", size(length)), target, || Api, app, ask(what), answer)
    };
    let passes = || preflight(200, "OK", &API_ANSWER);
    let refused = || preflight(400, "Disallowed CORS headers", &API_ANSWER);
    [
        row("commas", Target::PerByte(1.0, length), ",", passes()),
        row("blanks and commas", Target::PerByte(1.0, length), "               ,", passes()),
        row("one name", FLAT, "x", refused()),
        row("unknown names", FLAT, "x-unknown,", refused()),
        row("allowed names", FLAT, "content-type,", passes()),
    ]
}

/// An Origin of `length` bytes against each way to allow origins.
pub(crate) fn hostile_origins(length: usize) -> [Scenario; 4] {
    let head = move || Head::get().from(&format!("https://{}", "a".repeat(length)));
    let name = |against: &str| format!("Origin of {} against {against}", size(length));
    [
        answers(&name("one origin"), FLAT, || OneOrigin, app, head, refused(&[])),
        answers(&name("1,000 origins"), FLAT, || ManyOrigins::new(1_000), app, head, refused(&[])),
        answers(&name("a wildcard pattern"), FLAT, || Pattern, app, head, refused(&[])),
        answers(&name("a regex"), FLAT, || ByRegex, app, head, refused(&[])),
    ]
}

/// Names that no CORS layer knows, 88 of them.
static OTHER_FIELDS: [&str; 88] = [
    "x-field-00",
    "x-field-01",
    "x-field-02",
    "x-field-03",
    "x-field-04",
    "x-field-05",
    "x-field-06",
    "x-field-07",
    "x-field-08",
    "x-field-09",
    "x-field-10",
    "x-field-11",
    "x-field-12",
    "x-field-13",
    "x-field-14",
    "x-field-15",
    "x-field-16",
    "x-field-17",
    "x-field-18",
    "x-field-19",
    "x-field-20",
    "x-field-21",
    "x-field-22",
    "x-field-23",
    "x-field-24",
    "x-field-25",
    "x-field-26",
    "x-field-27",
    "x-field-28",
    "x-field-29",
    "x-field-30",
    "x-field-31",
    "x-field-32",
    "x-field-33",
    "x-field-34",
    "x-field-35",
    "x-field-36",
    "x-field-37",
    "x-field-38",
    "x-field-39",
    "x-field-40",
    "x-field-41",
    "x-field-42",
    "x-field-43",
    "x-field-44",
    "x-field-45",
    "x-field-46",
    "x-field-47",
    "x-field-48",
    "x-field-49",
    "x-field-50",
    "x-field-51",
    "x-field-52",
    "x-field-53",
    "x-field-54",
    "x-field-55",
    "x-field-56",
    "x-field-57",
    "x-field-58",
    "x-field-59",
    "x-field-60",
    "x-field-61",
    "x-field-62",
    "x-field-63",
    "x-field-64",
    "x-field-65",
    "x-field-66",
    "x-field-67",
    "x-field-68",
    "x-field-69",
    "x-field-70",
    "x-field-71",
    "x-field-72",
    "x-field-73",
    "x-field-74",
    "x-field-75",
    "x-field-76",
    "x-field-77",
    "x-field-78",
    "x-field-79",
    "x-field-80",
    "x-field-81",
    "x-field-82",
    "x-field-83",
    "x-field-84",
    "x-field-85",
    "x-field-86",
    "x-field-87",
];
