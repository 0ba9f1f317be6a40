//! Hostile servers: every answer ends with a verdict in bounded work, and nothing panics.

mod common;

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::{Duration, Instant},
};

use bytes::Bytes;
use common::{API, APP, Server, answer, fetched, is_preflight};
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, request::Parts};
use http_body::Frame;
use proptest::prelude::*;
use tower_browser::{Body, Credentials, Engine, Fetch, Mode, Page, Reason, Redirect};

fn url() -> String {
    format!("{API}/x")
}

/// Thousands of lines of every header that is read.
fn flooded(parts: &Parts) -> Response<Body> {
    let mut response = answer(200, &[]);
    let headers = response.headers_mut();
    for name in ["access-control-expose-headers", "access-control-max-age", "set-cookie", "x-other"]
    {
        for number in 0..4_000 {
            let value = HeaderValue::from_str(&format!("x-{number}=1, b-{number}")).unwrap();
            headers.append(name, value);
        }
    }
    for number in 0..4_000 {
        let name = HeaderName::from_bytes(format!("x-{number}").as_bytes()).unwrap();
        headers.append(name, HeaderValue::from_static("1"));
    }
    if is_preflight(parts) {
        for number in 0..8_000 {
            let value = HeaderValue::from_str(&format!("x-{number}, y-{number}")).unwrap();
            headers.append("access-control-allow-headers", value);
        }
    }
    let origin = parts.headers["origin"].clone();
    headers.append("access-control-allow-origin", origin);
    headers.append("access-control-allow-credentials", HeaderValue::from_static("true"));
    response
}

#[tokio::test]
async fn thousands_of_headers() {
    let start = Instant::now();
    for engine in [Engine::Standard, Engine::Chromium, Engine::Firefox, Engine::WebKit] {
        let mut page = Page::new("https://app.other.example").engine(engine);
        for number in [1, 2, 7_999] {
            let fetch = Fetch::get(url())
                .header(format!("x-{number}"), "1")
                .credentials(Credentials::Include);
            let seen = fetched(&mut page, flooded, fetch).await;
            assert!(seen.is_ok(), "{engine}: {}", seen.unwrap_err());
        }
        assert!(page.log().len() < 200_000);
    }
    // A debug build takes a second.
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}

#[tokio::test]
async fn long_values() {
    let long = "a,".repeat(30_000);
    for name in [
        "access-control-allow-origin",
        "access-control-allow-methods",
        "access-control-allow-headers",
        "access-control-expose-headers",
        "access-control-max-age",
        "set-cookie",
        "location",
    ] {
        for status in [200, 302] {
            let server = |_: &Parts| {
                let mut response = answer(status, &["access-control-allow-origin: *"]);
                response.headers_mut().insert(name, HeaderValue::from_str(&long).unwrap());
                response
            };
            for fetch in [Fetch::get(url()), Fetch::put(url()).header("x-a", "1")] {
                if let Err(blocked) = fetched(&mut Page::new(APP), server, fetch).await {
                    assert!(!blocked.to_string().is_empty());
                }
            }
        }
    }
}

/// A body of endless, maybe empty, frames.
struct Endless(&'static [u8]);

impl http_body::Body for Endless {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(self.0)))))
    }
}

#[tokio::test]
async fn endless_bodies_are_cut() {
    let rows: [(&'static [u8], Option<usize>, usize); 4] = [
        (b"abc", Some(5), 5),
        (b"abc", Some(0), 0),
        (b"0123456789abcdef", None, 8 << 20),
        (b"", None, 0),
    ];
    for (frame, limit, expected) in rows {
        let mut app = tower::service_fn(|_: http::Request<Body>| async move {
            let mut response = Response::new(Endless(frame));
            let any = HeaderValue::from_static("*");
            response.headers_mut().insert("access-control-allow-origin", any);
            Ok::<_, std::convert::Infallible>(response)
        });
        let fetch = Fetch::get(url());
        let fetch = match limit {
            Some(limit) => fetch.read_at_most(limit),
            None => fetch,
        };
        let seen = Page::new(APP).fetch(&mut app, fetch).await.unwrap();
        assert_eq!((seen.bytes().len(), seen.is_cut()), (expected, true));
    }
}

/// In a browser `fetch()` succeeds and `text()` fails.
#[tokio::test]
async fn a_body_that_breaks_off() {
    struct Broken(bool);
    impl http_body::Body for Broken {
        type Data = Bytes;
        type Error = &'static str;
        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
            let is_second = std::mem::replace(&mut self.0, true);
            let frame = Frame::data(Bytes::from_static(b"half"));
            Poll::Ready(Some(if is_second { Err("broken pipe") } else { Ok(frame) }))
        }
    }
    let mut app = tower::service_fn(|_: http::Request<Body>| async {
        Ok::<_, std::convert::Infallible>(Response::new(Broken(false)))
    });
    let seen = Page::new(APP).fetch(&mut app, Fetch::get("/x")).await.unwrap();
    assert_eq!((seen.text(), seen.body_error()), ("half", Some("broken pipe")));
}

#[tokio::test]
async fn endless_redirects_end() {
    let mut number = 0;
    let server = |_: &Parts| {
        number += 1;
        answer(
            307,
            &[
                "access-control-allow-origin: *",
                &format!("location: https://h{number}.example/{number}"),
            ],
        )
    };
    let blocked = fetched(&mut Page::new(APP), server, Fetch::get(url())).await.unwrap_err();
    assert_eq!(blocked.reason(), Reason::TooManyRedirects);
    assert_eq!(number, 21);
}

/// Bytes of which many are what a parser looks for.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        proptest::sample::select(vec![
            "*",
            ",",
            ", ",
            "null",
            "true",
            APP,
            API,
            "GET",
            "PUT",
            "x-a",
            "authorization",
            "0",
            "5",
            "-1",
            "/",
            "//",
            ":",
            "https://",
            "http:",
            "a=b",
            "; ",
            "=",
            "Path=/",
            "Domain=",
            "Secure",
            "SameSite=",
            "None",
            "Lax",
            "Max-Age=",
            "Expires=",
            "Thu, 01 Jan 2099 00:00:00 GMT",
            "__Host-",
            " ",
            "\t",
            "\"",
            "%",
            "[::1]",
            "@",
            "ü",
        ])
        .prop_map(|text: &str| text.as_bytes().to_vec()),
        proptest::collection::vec(any::<u8>(), 0..6),
    ];
    proptest::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

fn headers() -> impl Strategy<Value = HeaderMap> {
    let name = proptest::sample::select(vec![
        "access-control-allow-origin",
        "access-control-allow-credentials",
        "access-control-allow-methods",
        "access-control-allow-headers",
        "access-control-expose-headers",
        "access-control-max-age",
        "location",
        "set-cookie",
        "vary",
        "content-type",
    ]);
    proptest::collection::vec((name, bytes()), 0..8).prop_map(|lines| {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            if let Ok(value) = HeaderValue::from_bytes(&value) {
                headers.append(name, value);
            }
        }
        headers
    })
}

fn text() -> impl Strategy<Value = String> {
    bytes().prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

fn fetches() -> impl Strategy<Value = Fetch> {
    let method = prop_oneof![
        proptest::sample::select(vec!["GET", "put", "patch", "HEAD", "POST", "TRACE", "é", ""])
            .prop_map(str::to_owned),
        text(),
    ];
    let url = prop_oneof![Just(url()), Just("/x".to_owned()), text()];
    let fields = proptest::collection::vec((text(), bytes()), 0..3);
    let named = proptest::collection::vec(
        (
            proptest::sample::select(vec![
                "x-a",
                "Accept",
                "content-type",
                "range",
                "authorization",
                "cookie",
            ]),
            bytes(),
        ),
        0..3,
    );
    let modes =
        proptest::sample::select(vec![Mode::Cors, Mode::NoCors, Mode::SameOrigin, Mode::Navigate]);
    let credentials = proptest::sample::select(vec![
        Credentials::Omit,
        Credentials::SameOrigin,
        Credentials::Include,
    ]);
    let redirects =
        proptest::sample::select(vec![Redirect::Follow, Redirect::Error, Redirect::Manual]);
    (
        method,
        url,
        fields,
        named,
        modes,
        credentials,
        redirects,
        any::<bool>(),
        proptest::option::of(text()),
    )
        .prop_map(
            |(method, url, fields, named, mode, credentials, redirect, listens, body)| {
                let mut fetch = Fetch::new(method, url)
                    .mode(mode)
                    .credentials(credentials)
                    .redirect(redirect)
                    .upload_listener(listens);
                // Most requests are ones that can be sent.
                if fields.len() == 2 {
                    for (name, value) in fields {
                        fetch = fetch.header(name, value);
                    }
                }
                for (name, value) in named {
                    fetch = fetch.header(name, value);
                }
                match body {
                    Some(body) if body.len() > 8 => fetch.body(body),
                    _ => fetch,
                }
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever a page asks and a server answers: a verdict, its text, and at most 42 requests.
    #[test]
    fn nothing_panics(
        origin in prop_oneof![Just(APP.to_owned()), Just(API.to_owned()), text()],
        engine in proptest::sample::select(vec![Engine::Standard, Engine::Chromium, Engine::Firefox, Engine::WebKit]),
        fetches in proptest::collection::vec(fetches(), 1..4),
        answers in proptest::collection::vec((100_u16..600, headers()), 1..6),
        seconds in any::<u64>(),
        is_sandboxed in any::<bool>(),
    ) {
        let mut page = Page::new(origin).engine(engine);
        let mut count = 0;
        let mut server = Server(|_: &Parts| {
            let (status, headers) = &answers[count % answers.len()];
            count += 1;
            let mut response = Response::new(Body::from("body"));
            *response.status_mut() = StatusCode::from_u16(*status).unwrap();
            *response.headers_mut() = headers.clone();
            response
        });
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        for fetch in fetches {
            let before = page.exchanges().len();
            match runtime.block_on(page.fetch(&mut server, fetch)) {
                Ok(seen) => {
                    prop_assert_eq!(seen.header("set-cookie"), None);
                    prop_assert!(!seen.is_opaque() || (seen.status() == 0 && seen.text().is_empty()));
                }
                Err(blocked) => prop_assert!(blocked.to_string().starts_with("blocked: ")),
            }
            prop_assert!(page.exchanges().len() - before <= 42);
            for exchange in &page.exchanges()[before..] {
                let headers = exchange.request_headers();
                prop_assert!(!exchange.is_preflight() || !headers.contains_key("cookie"));
                prop_assert!(headers.contains_key("host"));
            }
            page.advance(Duration::from_secs(seconds));
            if is_sandboxed {
                page.visit_sandboxed();
            }
        }
        prop_assert_eq!(page.log().is_empty(), page.exchanges().is_empty());
    }

    /// A page reads a response of another origin only if the response names it or is public.
    #[test]
    fn nothing_is_read_without_leave(headers in headers(), status in 200_u16..600, include in any::<bool>()) {
        let mut page = Page::new(APP);
        let credentials = if include { Credentials::Include } else { Credentials::Omit };
        let mut server = Server(|_: &Parts| {
            let mut response = Response::new(Body::from("secret"));
            *response.status_mut() = StatusCode::from_u16(status).unwrap();
            *response.headers_mut() = headers.clone();
            response
        });
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let fetch = Fetch::get(url()).credentials(credentials).redirect(Redirect::Manual);
        let seen = runtime.block_on(page.fetch(&mut server, fetch));
        let lines: Vec<_> = headers.get_all("access-control-allow-origin").iter().map(|line| line.as_bytes().trim_ascii()).collect();
        let is_named = lines == [APP.as_bytes()];
        let is_public = lines == [b"*"] && !include;
        let allows = headers.get_all("access-control-allow-credentials").iter().map(|line| line.as_bytes().trim_ascii()).collect::<Vec<_>>() == [b"true"];
        prop_assert_eq!(seen.is_ok(), is_public || (is_named && (allows || !include)));
    }
}
