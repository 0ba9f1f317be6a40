//! Rows: a server as a function of the request, and what is found.

mod nearly_right;

use std::convert::Infallible;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Request, Response, header};
use http_body_util::Full;
use tower::service_fn;
use tower_browser::Body;

use crate::{
    arguments::Arguments,
    examine::{Examination, Unknown, examine},
    finding::Severity,
    report::Report,
    text::text,
};

const PAGE: &str = "https://app.example.com";
const ACAO: &str = "access-control-allow-origin";
const ACAC: &str = "access-control-allow-credentials";
const ACAM: &str = "access-control-allow-methods";
const ACAH: &str = "access-control-allow-headers";
const ACEH: &str = "access-control-expose-headers";

type Lines = &'static [(&'static str, &'static str)];

/// What a server answers to each kind of request: a status and headers. `{origin}` is the request's.
#[derive(Clone, Copy)]
pub(crate) struct Server {
    preflight: (u16, Lines),
    page: (u16, Lines),
    without_origin: (u16, Lines),
    stranger: (u16, Lines),
    missing: (u16, Lines),
}

const ECHO: Lines = &[(ACAO, "{origin}"), ("vary", "Origin")];
const PUT_ECHO: Lines = &[(ACAO, "{origin}"), (ACAM, "PUT"), (ACAH, "x-token"), ("vary", "Origin")];
const VARY: Lines = &[("vary", "Origin")];

/// All is right.
pub(crate) const RIGHT: Server = Server {
    preflight: (200, PUT_ECHO),
    page: (200, ECHO),
    without_origin: (200, VARY),
    stranger: (200, VARY),
    missing: (404, ECHO),
};

/// Nobody sets anything.
const BARE: Server = Server {
    preflight: (405, &[]),
    page: (200, &[]),
    without_origin: (200, &[]),
    stranger: (200, &[]),
    missing: (404, &[]),
};

impl Server {
    fn answer(&self, request: &Request<Body>) -> (u16, Lines) {
        let origin = request.headers().get(header::ORIGIN).map(HeaderValue::as_bytes);
        match origin {
            _ if request.method() == Method::OPTIONS => self.preflight,
            _ if request.uri().path().ends_with("/no-such-path") => self.missing,
            None => self.without_origin,
            Some(origin) if origin == PAGE.as_bytes() => self.page,
            Some(_) => self.stranger,
        }
    }
}

async fn asked(line: &str, server: Server) -> Result<(Examination, Vec<String>), Unknown> {
    let url = if line.starts_with("http") { "" } else { "https://api.example.com/items" };
    let words = format!("{url} --origin {PAGE} {line}");
    let words = words.split_whitespace().map(str::to_owned);
    let Ok(Arguments::Examine(asked)) = Arguments::read(words) else { panic!("{line}") };
    let sent = std::rc::Rc::new(std::cell::RefCell::new(Vec::new()));
    let seen = std::rc::Rc::clone(&sent);
    let service = service_fn(move |request: Request<Body>| {
        seen.borrow_mut().push(request.method().to_string());
        let (status, lines) = server.answer(&request);
        let mut response = Response::new(Full::new(Bytes::from("hello")));
        *response.status_mut() = status.try_into().unwrap();
        let origin = request.headers().get(header::ORIGIN).cloned();
        for (name, value) in lines {
            let value = match (*value, &origin) {
                ("{origin}", Some(origin)) => origin.clone(),
                ("{origin}", None) => continue,
                (value, _) => HeaderValue::from_static(value),
            };
            response.headers_mut().append(HeaderName::from_static(name), value);
        }
        std::future::ready(Ok::<_, Infallible>(response))
    });
    let (mut examination, mut probe) = examine(service, asked.question).await?;
    examination.look_around(&mut probe).await;
    let sent = sent.borrow().clone();
    Ok((examination, sent))
}

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

/// The ids of the findings; failures come first, and so does `FAILS` or `WORKS`.
#[track_caller]
pub(crate) fn found(line: &str, server: Server) -> String {
    let (examination, sent) =
        run(asked(line, server)).unwrap_or_else(|it| panic!("{line}: {it:?}"));
    let is_danger = line.contains("--dangers");
    assert!(sent.len() <= if is_danger { 11 } else { 5 }, "{line}: {sent:?}");
    if !line.contains("--send") {
        assert!(
            sent.iter().all(|method| ["OPTIONS", "GET", "HEAD"].contains(&&**method)),
            "{sent:?}"
        );
    }
    let report = Report::of(&examination);
    assert!(!text(&report).contains('\u{1b}'));
    let ids: Vec<_> =
        report.findings.iter().map(|it| it.id).filter(|id| *id != "not-sent").collect();
    format!("{} {}", if report.works() { "WORKS" } else { "FAILS" }, ids.join(" "))
        .trim_end()
        .to_owned()
}

const PUT: &str = "--method PUT --header x-token";

#[test]
fn what_works() {
    let rows: [(&str, Server, &str); 6] = [
        ("", RIGHT, "WORKS"),
        (PUT, RIGHT, "WORKS"),
        ("--method PUT --header x-token --send", RIGHT, "WORKS"),
        ("", Server { page: (404, ECHO), ..RIGHT }, "WORKS status"),
        // The preflight is not needed.
        ("", Server { preflight: (405, &[]), ..RIGHT }, "WORKS"),
        ("--header cookie", RIGHT, "WORKS header-forbidden"),
    ];
    for (line, server, expected) in rows {
        assert_eq!(found(line, server), expected, "{line}");
    }
}

#[test]
fn different_places() {
    const MOCK: Lines = &[(ACAO, "*"), (ACAM, "GET, PUT"), (ACAH, "x-token"), ("server", "nginx")];
    let article = Server { preflight: (204, MOCK), ..BARE };
    let rows: [(&str, Server, &str); 8] = [
        ("", article, "FAILS different-places"),
        (PUT, article, "FAILS different-places"),
        ("--method PUT --header x-token --send", article, "FAILS different-places"),
        // The route takes PUT alone, and a GET stood for it.
        (PUT, Server { page: (405, &[]), ..article }, "FAILS different-places"),
        // The other way around.
        (PUT, Server { preflight: (204, &[]), ..RIGHT }, "FAILS different-places"),
        // Not the application's fault.
        (PUT, Server { page: (502, &[]), ..article }, "FAILS error-bare"),
        (PUT, Server { page: (413, &[]), ..RIGHT }, "FAILS error-bare"),
        // The gateway's answer is too much for cookies, and the application is right.
        (
            "--method PUT --credentials",
            Server {
                preflight: (204, MOCK),
                page: (200, &[(ACAO, PAGE), (ACAC, "true"), ("vary", "Origin")]),
                ..RIGHT
            },
            "FAILS credentials-mixed",
        ),
    ];
    for (line, server, expected) in rows {
        assert_eq!(found(line, server), expected, "{line}");
    }
}

#[test]
fn preflights() {
    const LOGIN: Lines = &[("location", "https://id.example.com/login?to=x")];
    const SLASH: Lines = &[("location", "/items/")];
    const HTML: Lines = &[("content-type", "text/html; charset=utf-8")];
    let with = |preflight| Server { preflight, ..RIGHT };
    let rows: [(Server, &str); 17] = [
        (with((301, SLASH)), "FAILS preflight-redirected"),
        (with((302, LOGIN)), "FAILS preflight-needs-login"),
        (with((401, &[])), "FAILS preflight-needs-login"),
        (with((403, &[])), "FAILS preflight-needs-login"),
        (with((401, ECHO)), "FAILS method-not-allowed"),
        (with((401, PUT_ECHO)), "FAILS preflight-needs-login"),
        (with((404, &[])), "FAILS preflight-not-routed"),
        (with((405, &[])), "FAILS preflight-not-routed"),
        (with((502, &[])), "FAILS preflight-error"),
        (with((400, &[("vary", "Origin"), (ACAM, "GET")])), "FAILS origin-not-allowed"),
        (with((403, VARY)), "FAILS origin-not-allowed"),
        (with((200, ECHO)), "FAILS method-not-allowed"),
        (with((200, &[(ACAO, "*"), (ACAM, "PUT")])), "FAILS header-not-allowed"),
        (with((200, &[(ACAO, "*"), (ACAM, "\"PUT\" x")])), "FAILS list-malformed"),
        (with((200, &[(ACAO, PAGE), (ACAO, PAGE)])), "FAILS header-twice"),
        (with((200, &[(ACAO, "https://other.example")])), "FAILS origin-not-allowed"),
        (
            Server { preflight: (200, HTML), page: (200, HTML), ..BARE },
            "FAILS preflight-needs-login no-cors",
        ),
    ];
    for (server, expected) in rows {
        assert_eq!(found(PUT, server), expected, "{:?}", server.preflight);
    }
    assert_eq!(found(PUT, BARE), "FAILS preflight-not-routed no-cors");
    let two = Server { page: (200, &[(ACAO, "*"), (ACAO, "*")]), ..with((405, &[])) };
    assert_eq!(found(PUT, two), "FAILS preflight-not-routed header-twice");
    assert_eq!(
        found("--method patch", with((200, &[(ACAO, "*"), (ACAM, "PATCH")]))),
        "FAILS method-not-allowed"
    );
    let any = with((200, &[(ACAO, "*"), (ACAM, "*"), (ACAH, "*")]));
    assert_eq!(found("--method PUT --header authorization", any), "FAILS header-not-allowed");
    assert_eq!(found("--method PUT --header authorization --as chromium", any), "WORKS");
    let refused = Server { preflight: (400, any.preflight.1), ..any };
    assert_eq!(found("--method PUT --header authorization", refused), "FAILS header-not-allowed");
    // One cause, though the response says nothing at all.
    assert_eq!(found(PUT, Server { preflight: (400, VARY), ..BARE }), "FAILS origin-not-allowed");
}

#[test]
fn responses() {
    let with = |page| Server { page, ..RIGHT };
    let rows: [(&str, Server, &str); 19] = [
        ("", BARE, "FAILS no-cors"),
        ("", with((200, &[(ACAO, PAGE), (ACAO, "*")])), "FAILS header-twice"),
        ("", with((200, &[(ACAO, "https://app.example.com, *")])), "FAILS header-twice"),
        ("", with((200, &[(ACAO, "https://app.example.com/")])), "FAILS origin-not-allowed"),
        (
            "",
            with((200, &[(ACAO, "https://other.example"), ("age", "7")])),
            "FAILS cached-for-another-origin",
        ),
        ("", with((200, &[("x-cache", "Hit from cloudfront")])), "FAILS cached-for-another-origin"),
        ("", with((504, &[])), "FAILS error-bare"),
        ("", Server { page: (401, &[]), preflight: (401, &[]), ..RIGHT }, "FAILS error-bare"),
        (
            "",
            Server { preflight: (400, VARY), page: (200, VARY), ..RIGHT },
            "FAILS origin-not-allowed",
        ),
        ("", Server { preflight: (405, VARY), page: (200, VARY), ..BARE }, "FAILS origin-lost"),
        (PUT, Server { preflight: (405, VARY), page: (200, VARY), ..BARE }, "FAILS origin-lost"),
        // A cache keeps what nobody decorated.
        ("", Server { page: (200, &[("age", "7")]), ..BARE }, "FAILS no-cors"),
        ("--credentials", with((200, &[(ACAO, "*")])), "FAILS wildcard-with-credentials"),
        ("--credentials", with((200, ECHO)), "FAILS credentials-not-allowed"),
        ("", with((302, &[("location", "/elsewhere")])), "FAILS redirect-bare"),
        ("", with((308, &[("location", "/elsewhere")])), "FAILS redirect-bare"),
        (
            "--reads x-total",
            with((200, &[(ACAO, "*"), ("x-total", "3")])),
            "FAILS not-exposed vary-missing",
        ),
        (
            "--reads x-total",
            with((200, &[(ACAO, PAGE), ("vary", "origin"), (ACEH, "x-total"), ("x-total", "3")])),
            "WORKS",
        ),
        ("--reads x-total", RIGHT, "WORKS header-absent"),
    ];
    for (line, server, expected) in rows {
        assert_eq!(found(line, server), expected, "{line} {:?}", server.page);
    }
}

#[test]
fn what_works_and_should_be_mended() {
    let rows: [(&str, Server, &str); 10] = [
        ("", Server { missing: (404, &[]), ..RIGHT }, "WORKS errors-bare"),
        ("", Server { without_origin: (200, &[]), ..RIGHT }, "WORKS vary-missing"),
        ("", Server { page: (200, &[(ACAO, "{origin}")]), ..RIGHT }, "WORKS vary-missing"),
        (
            "",
            Server { page: (200, &[(ACAO, "{origin}"), ("cache-control", "no-store")]), ..RIGHT },
            "WORKS vary-missing",
        ),
        ("", Server { stranger: (200, ECHO), ..RIGHT }, "WORKS any-origin"),
        (
            "--credentials",
            Server {
                preflight: (200, &[(ACAO, "{origin}"), (ACAC, "true")]),
                page: (200, &[(ACAO, "{origin}"), (ACAC, "true"), ("vary", "Origin")]),
                stranger: (200, &[(ACAO, "{origin}"), (ACAC, "true"), ("vary", "Origin")]),
                ..RIGHT
            },
            "WORKS any-origin",
        ),
        ("--dangers", Server { stranger: (200, ECHO), ..RIGHT }, "WORKS any-origin null-origin"),
        (
            "",
            Server {
                page: (200, &[(ACAO, "*"), (ACAC, "true")]),
                stranger: (200, &[(ACAO, "*")]),
                without_origin: (200, &[(ACAO, "*")]),
                ..RIGHT
            },
            "WORKS credentials-mixed wildcard-with-credentials",
        ),
        ("", Server { page: (200, &[(ACAO, "{origin}"), ("vary", "*")]), ..RIGHT }, "WORKS"),
        // A constant needs no Vary.
        (
            "",
            Server {
                page: (200, &[(ACAO, PAGE)]),
                stranger: (200, &[(ACAO, PAGE)]),
                without_origin: (200, &[(ACAO, PAGE)]),
                ..RIGHT
            },
            "WORKS",
        ),
    ];
    for (line, server, expected) in rows {
        assert_eq!(found(line, server), expected, "{line} {:?}", server.page);
    }
}

/// One answer that a cache may keep is enough.
#[test]
fn a_missing_vary_is_a_note_where_no_cache_keeps_an_answer() {
    let severity = |server| {
        let (examination, _) = run(asked("", server)).unwrap();
        let findings = Report::of(&examination).findings;
        findings.iter().find(|it| it.id == "vary-missing").map(|it| it.severity)
    };
    let none = Server {
        page: (200, &[(ACAO, "{origin}"), ("cache-control", "no-store")]),
        without_origin: (200, &[("cache-control", "max-age=60, private")]),
        stranger: (200, &[("cache-control", "no-store")]),
        ..RIGHT
    };
    assert_eq!(severity(none), Some(Severity::Note));
    assert_eq!(severity(Server { stranger: (200, &[]), ..none }), Some(Severity::Warning));
}

#[test]
fn questions_that_are_none() {
    let rows = [
        ("--method CONNECT", "no script can send this method: CONNECT"),
        ("--method a(b", "the method is malformed: a(b"),
    ];
    for (line, expected) in rows {
        assert_eq!(
            run(asked(line, RIGHT)).unwrap_err(),
            Unknown::Usage(expected.to_owned()),
            "{line}"
        );
    }
    let words = ["https://api.example.com/", "--origin", "https://App.example.com/"];
    let Ok(Arguments::Examine(asked)) = Arguments::read(words.map(str::to_owned)) else { panic!() };
    let service = service_fn(|_: Request<Body>| {
        std::future::ready(Ok::<_, Infallible>(Response::new(Full::new(Bytes::new()))))
    });
    let Err(Unknown::Usage(text)) = run(examine(service, asked.question)) else { panic!() };
    assert_eq!(
        text,
        "the page's origin is malformed: \"https://App.example.com/\"; write --origin https://app.example.com"
    );
}

#[test]
fn circles() {
    let to = |location: &'static str| {
        let page: Lines = Box::leak(Box::new([(ACAO, "*"), ("location", location)]));
        let Err(Unknown::NoAnswer(text)) = run(asked("", Server { page: (302, page), ..RIGHT }))
        else {
            panic!()
        };
        text
    };
    assert_eq!(
        to("/items"),
        "redirects form a loop: https://api.example.com/items was requested before"
    );
}

#[test]
fn the_text() {
    const MOCK: Lines =
        &[(ACAO, "*"), (ACAM, "GET, PUT"), (ACAH, "x-token"), ("server", "nginx/1.22.1")];
    const NGINX: Lines = &[("server", "nginx/1.22.1")];
    let article = Server { preflight: (204, MOCK), page: (200, NGINX), ..BARE };
    let (examination, _) = run(asked(PUT, article)).unwrap();
    let expected = include_str!("../tests/article.txt");
    let text = text(&Report::of(&examination));
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write("tests/article.txt", &text).unwrap();
    }
    assert_eq!(text, expected, "\n{text}");
}
