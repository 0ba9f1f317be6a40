//! The preflight cache with the page's clock (Fetch, "CORS-preflight cache").

mod common;

use std::time::Duration;

use common::{API, APP, answer, fetched, open, wire};
use http::request::Parts;
use tower_browser::{Credentials, Engine, Fetch, Page};

const ENGINES: [Engine; 4] = [Engine::Standard, Engine::Chromium, Engine::Firefox, Engine::WebKit];

fn server(
    lines: &'static [&'static str],
) -> impl FnMut(&Parts) -> http::Response<tower_browser::Body> {
    move |_| {
        let mut all = vec!["access-control-allow-origin: *"];
        all.extend(lines);
        answer(200, &all)
    }
}

/// Whether a second fetch, some seconds later, sends a preflight again.
async fn asks_again(
    engine: Engine,
    lines: &'static [&'static str],
    fetches: [Fetch; 2],
    seconds: u64,
) -> bool {
    let mut page = Page::new(APP).engine(engine);
    let [first, then] = fetches;
    fetched(&mut page, server(lines), first).await.unwrap();
    page.advance(Duration::from_secs(seconds));
    page.clear_exchanges();
    fetched(&mut page, server(lines), then).await.unwrap();
    page.exchanges()[0].is_preflight()
}

fn put() -> Fetch {
    Fetch::put(format!("{API}/x"))
}

fn with(name: &str) -> Fetch {
    Fetch::get(format!("{API}/x")).header(name, "1")
}

#[tokio::test]
async fn answers_are_kept() {
    // Standard, Chromium, Firefox, WebKit: whether it asks again.
    type Row = (&'static [&'static str], [fn() -> Fetch; 2], u64, [bool; 4]);
    let rows: [Row; 15] = [
        (&["access-control-allow-methods: PUT"], [put, put], 4, [false; 4]),
        (&["access-control-allow-methods: PUT"], [put, put], 5, [true; 4]),
        (
            &["access-control-allow-methods: PUT", "access-control-max-age: 0"],
            [put, put],
            0,
            [true; 4],
        ),
        (
            &["access-control-allow-methods: PUT", "access-control-max-age: -1"],
            [put, put],
            4,
            [false, true, true, true],
        ),
        (
            &["access-control-allow-methods: PUT", "access-control-max-age: 10m"],
            [put, put],
            4,
            [false, false, true, false],
        ),
        (
            &["access-control-allow-methods: PUT", "access-control-max-age: 100000"],
            [put, put],
            599,
            [false; 4],
        ),
        (
            &["access-control-allow-methods: PUT", "access-control-max-age: 100000"],
            [put, put],
            600,
            [false, false, false, true],
        ),
        (
            &["access-control-allow-methods: PUT", "access-control-max-age: 100000"],
            [put, put],
            7_200,
            [false, true, false, true],
        ),
        (
            &["access-control-allow-methods: PUT", "access-control-max-age: 100000"],
            [put, put],
            86_400,
            [false, true, true, true],
        ),
        (
            &["access-control-allow-methods: PUT, DELETE"],
            [put, || Fetch::new("DELETE", format!("{API}/x"))],
            1,
            [false; 4],
        ),
        (
            &["access-control-allow-methods: PUT"],
            [put, || Fetch::put(format!("{API}/x?2"))],
            1,
            [true; 4],
        ),
        (
            &["access-control-allow-methods: PUT"],
            [put, || Fetch::put(format!("{API}/x#2"))],
            1,
            [false; 4],
        ),
        (
            &["access-control-allow-headers: x-a, X-B"],
            [|| with("x-a"), || with("x-b")],
            1,
            [false; 4],
        ),
        // Seen in real engines: Firefox asks for another header under `*`.
        (
            &["access-control-allow-headers: *"],
            [|| with("x-a"), || with("x-b")],
            1,
            [false, false, true, false],
        ),
        (
            &["access-control-allow-headers: *, authorization"],
            [|| with("x-a"), || with("authorization")],
            1,
            [false; 4],
        ),
    ];
    for (lines, fetches, seconds, expected) in rows {
        let mut seen = [false; 4];
        for (engine, seen) in ENGINES.into_iter().zip(&mut seen) {
            *seen = asks_again(engine, lines, fetches.map(|fetch| fetch()), seconds).await;
        }
        assert_eq!(seen, expected, "{lines:?} after {seconds} s");
    }
}

#[tokio::test]
async fn credentials_are_kept_apart() {
    for engine in ENGINES {
        let mut page = Page::new(APP).engine(engine);
        fetched(&mut page, open, put()).await.unwrap();
        fetched(&mut page, open, put().credentials(Credentials::Include)).await.unwrap();
        assert_eq!(wire(page.exchanges()).len(), 4, "{engine}");
    }
}

/// Their origin is `null`, for which Chromium keeps nothing.
#[tokio::test]
async fn sandboxed_frames_ask_again() {
    for (engine, asks) in ENGINES.into_iter().zip([false, true, false, false]) {
        let mut page = Page::sandboxed().engine(engine);
        fetched(&mut page, open, put()).await.unwrap();
        fetched(&mut page, open, put()).await.unwrap();
        assert_eq!(page.exchanges()[2].is_preflight(), asks, "{engine}");
    }
}

#[tokio::test]
async fn a_failure_clears_what_is_kept() {
    for (engine, asks) in [(Engine::Standard, true), (Engine::Firefox, true)] {
        let mut page = Page::new(APP).engine(engine);
        fetched(&mut page, open, put()).await.unwrap();
        fetched(&mut page, |_| answer(500, &[]), put()).await.unwrap_err();
        page.clear_exchanges();
        fetched(&mut page, open, put()).await.unwrap();
        assert_eq!(page.exchanges()[0].is_preflight(), asks, "{engine}");
    }
}

#[tokio::test]
async fn each_origin_asks_for_itself() {
    let mut page = Page::new(APP);
    fetched(&mut page, open, put()).await.unwrap();
    page.visit("https://elsewhere.example");
    fetched(&mut page, open, put()).await.unwrap();
    page.visit(APP);
    fetched(&mut page, open, put()).await.unwrap();
    assert_eq!(
        wire(page.exchanges()),
        ["preflight PUT /x", "PUT /x", "preflight PUT /x", "PUT /x", "PUT /x"]
    );
}

/// Fetch: a preflight for an upload listener is kept even without a list of methods.
#[tokio::test]
async fn forced_preflights_are_kept() {
    let mut page = Page::new(APP);
    let post = || Fetch::post(format!("{API}/x")).upload_listener(true);
    for _ in 0..2 {
        fetched(&mut page, server(&[]), post()).await.unwrap();
    }
    assert_eq!(wire(page.exchanges()), ["preflight POST /x", "POST /x", "POST /x"]);
}
