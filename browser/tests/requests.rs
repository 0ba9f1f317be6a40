//! What goes over the wire: preflights, names, `Origin`, `Sec-Fetch-*`, forbidden headers.

mod common;

use common::{API, APP, answer, fetched, last_sent, open, wire};
use tower_browser::{Credentials, Engine, Fetch, Mode, Page, Reason};

fn api(path: &str) -> String {
    format!("{API}{path}")
}

/// Fetch, "Main fetch" and "CORS-unsafe request-header names".
#[tokio::test]
async fn preflights_are_sent_when_due() {
    let long = "a".repeat(129);
    let url = || api("/x");
    let rows: Vec<(Fetch, &[&str])> = vec![
        (Fetch::get(url()), &["GET /x"]),
        (Fetch::head(url()), &["HEAD /x"]),
        (Fetch::new("post", url()), &["POST /x"]),
        (Fetch::post(url()).body("text"), &["POST /x"]),
        (Fetch::post(url()).form("a=1"), &["POST /x"]),
        (Fetch::post(url()).body(vec![1_u8]), &["POST /x"]),
        (Fetch::put(url()), &["preflight PUT /x", "PUT /x"]),
        (Fetch::new("put", url()), &["preflight PUT /x", "PUT /x"]),
        (Fetch::new("patch", url()), &["preflight patch /x"]),
        (Fetch::patch(url()), &["preflight PATCH /x", "PATCH /x"]),
        (Fetch::new("OPTIONS", url()), &["preflight OPTIONS /x"]),
        (
            Fetch::post(url()).header("Content-Type", "application/json").body("{}"),
            &["preflight POST /x [content-type]", "POST /x"],
        ),
        (
            Fetch::get(url()).header("X-B", "1").header("x-a", "2").header("X-b", "3"),
            &["preflight GET /x [x-a,x-b]", "GET /x"],
        ),
        (Fetch::get(url()).header("accept", "text/html"), &["GET /x"]),
        (Fetch::get(url()).header("accept", "("), &["preflight GET /x [accept]"]),
        (Fetch::get(url()).header("accept", &long), &["preflight GET /x [accept]"]),
        (Fetch::get(url()).header("range", "bytes=0-3"), &["GET /x"]),
        (Fetch::get(url()).header("range", "bytes=-3"), &["preflight GET /x [range]"]),
        (
            Fetch::get(url()).header("authorization", "Bearer 7"),
            &["preflight GET /x [authorization]", "GET /x"],
        ),
        // What only the browser may set is dropped before anything is asked.
        (Fetch::get(url()).header("cookie", "a=b").header("sec-x", "1"), &["GET /x"]),
        (Fetch::post(url()).upload_listener(true), &["preflight POST /x", "POST /x"]),
        // None of it in the other modes.
        (Fetch::post(url()).mode(Mode::NoCors).header("x-a", "1"), &["POST /x"]),
        (Fetch::put("/x"), &["PUT /x"]),
        (Fetch::put("/x").header("x-a", "1").mode(Mode::SameOrigin), &["PUT /x"]),
        (Fetch::navigate(url()), &["GET /x"]),
        (Fetch::post(url()).mode(Mode::Navigate).form("a=1"), &["POST /x"]),
    ];
    for (fetch, expected) in rows {
        let shown = format!("{fetch:?}");
        let mut page = Page::new(APP);
        let _ = fetched(&mut page, open, fetch).await;
        assert_eq!(wire(page.exchanges()), expected, "{shown}");
    }
}

/// Fetch, "CORS-preflight fetch": nothing of the script's or the visitor's.
#[tokio::test]
async fn a_preflight_carries_no_secrets() {
    let mut page = Page::new(APP);
    let login = |_: &_| {
        answer(
            200,
            &[
                "set-cookie: visitor=7; SameSite=None; Secure",
                "access-control-allow-origin: https://app.example.com",
                "access-control-allow-credentials: true",
            ],
        )
    };
    let include = |fetch: Fetch| fetch.credentials(Credentials::Include);
    fetched(&mut page, login, include(Fetch::get(api("/login")))).await.unwrap();
    let put =
        Fetch::put(api("/x")).header("authorization", "Bearer 7").header("accept", "text/html");
    fetched(&mut page, open, include(put).body("{}")).await.unwrap();

    let [_, preflight, put] = page.exchanges() else { panic!("{}", page.log()) };
    let names: Vec<_> = preflight.request_headers().keys().map(|name| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "host",
            "accept",
            "access-control-request-method",
            "access-control-request-headers",
            "origin",
            "sec-fetch-site",
            "sec-fetch-mode",
            "sec-fetch-dest",
            "user-agent"
        ]
    );
    let value = |name| preflight.request_headers()[name].to_str().unwrap();
    assert_eq!(value("accept"), "*/*");
    assert_eq!(value("sec-fetch-mode"), "cors");
    assert!(preflight.request_body().is_empty());
    assert_eq!(put.request_headers()["cookie"], "visitor=7");
    assert_eq!(put.request_headers()["authorization"], "Bearer 7");
    assert_eq!(put.request_headers()["accept"], "text/html");
    assert_eq!(put.request_headers()["content-length"], "2");
    assert_eq!(put.request_headers()["content-type"], "text/plain;charset=UTF-8");
    assert_eq!(put.request_body(), "{}");
}

/// Fetch, "append a request `Origin` header".
#[tokio::test]
async fn origin_headers() {
    let rows = [
        (APP, Fetch::get(api("/")), Some(APP)),
        (APP, Fetch::get("/"), None),
        (APP, Fetch::head("/"), None),
        (APP, Fetch::post("/"), Some(APP)),
        (APP, Fetch::put("/").mode(Mode::SameOrigin), Some(APP)),
        (APP, Fetch::get(api("/")).mode(Mode::NoCors), None),
        (APP, Fetch::post(api("/")).mode(Mode::NoCors), Some(APP)),
        (APP, Fetch::post("http://api.other.example/").mode(Mode::NoCors), Some("null")),
        (APP, Fetch::post("http://api.other.example/"), Some(APP)),
        (APP, Fetch::navigate(api("/")), None),
        (APP, Fetch::post(api("/")).mode(Mode::Navigate), Some(APP)),
        (
            "http://localhost:3000",
            Fetch::get("http://localhost:8080/"),
            Some("http://localhost:3000"),
        ),
        ("tauri://localhost", Fetch::get(api("/")), Some("tauri://localhost")),
        ("null", Fetch::get(api("/")), Some("null")),
        ("null", Fetch::get(api("/")).mode(Mode::NoCors), None),
    ];
    for (origin, fetch, expected) in rows {
        let shown = format!("{origin}: {fetch:?}");
        let mut page = if origin == "null" { Page::sandboxed() } else { Page::new(origin) };
        fetched(&mut page, open, fetch).await.unwrap();
        assert_eq!(last_sent(&page, "origin").as_deref(), expected, "{shown}");
    }
    for (engine, expected) in
        [(Engine::Chromium, Some("null")), (Engine::Firefox, Some("null")), (Engine::WebKit, None)]
    {
        let mut page = Page::sandboxed().engine(engine);
        let get = || Fetch::get(api("/")).mode(Mode::NoCors);
        fetched(&mut page, open, get()).await.unwrap();
        assert_eq!(last_sent(&page, "origin").as_deref(), None, "{engine}");
        fetched(&mut page, open, get().credentials(Credentials::Include)).await.unwrap();
        assert_eq!(last_sent(&page, "origin").as_deref(), expected, "{engine}");
    }
}

/// Fetch Metadata.
#[tokio::test]
async fn fetch_metadata() {
    let sent = ["sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest"];
    let rows = [
        (Fetch::get(api("/")), Some(["cross-site", "cors", "empty"])),
        (Fetch::get("https://api.example.com/"), Some(["same-site", "cors", "empty"])),
        (Fetch::get("/"), Some(["same-origin", "cors", "empty"])),
        (Fetch::get(api("/")).mode(Mode::NoCors), Some(["cross-site", "no-cors", "empty"])),
        (Fetch::get("/").mode(Mode::SameOrigin), Some(["same-origin", "same-origin", "empty"])),
        (Fetch::navigate(api("/")), Some(["cross-site", "navigate", "document"])),
        (Fetch::get("http://api.example.com/"), None),
    ];
    for (fetch, expected) in rows {
        let shown = format!("{fetch:?}");
        let mut page = Page::new(APP);
        fetched(&mut page, open, fetch).await.unwrap();
        let seen = sent.map(|name| last_sent(&page, name));
        assert_eq!(
            seen,
            match expected {
                Some(expected) => expected.map(|value| Some(value.to_owned())),
                None => [None, None, None],
            },
            "{shown}"
        );
    }
}

#[tokio::test]
async fn other_headers() {
    let mut page = Page::new("http://localhost:3000");
    fetched(&mut page, open, Fetch::get("http://localhost:8080/a?b#c")).await.unwrap();
    assert_eq!(last_sent(&page, "host").as_deref(), Some("localhost:8080"));
    assert_eq!(page.exchanges()[0].url(), "http://localhost:8080/a?b");

    fetched(&mut page, open, Fetch::get("/").header("range", "bytes=0-3")).await.unwrap();
    assert_eq!(last_sent(&page, "accept-encoding").as_deref(), Some("identity"));

    fetched(&mut page, open, Fetch::get("/").header("If-None-Match", "\"1\"")).await.unwrap();
    assert_eq!(last_sent(&page, "cache-control").as_deref(), Some("no-cache"));
    assert_eq!(last_sent(&page, "pragma").as_deref(), Some("no-cache"));

    fetched(&mut page, open, Fetch::post("/")).await.unwrap();
    assert_eq!(last_sent(&page, "content-length").as_deref(), Some("0"));

    let twice = Fetch::get("/").header("x-a", "1").header("X-A", " 2 ").header("Host", "evil");
    fetched(&mut page, open, twice).await.unwrap();
    assert_eq!(last_sent(&page, "x-a").as_deref(), Some("1, 2"));
    assert_eq!(last_sent(&page, "host").as_deref(), Some("localhost:3000"));
}

/// Fetch, the guard "request-no-cors".
#[tokio::test]
async fn no_cors_keeps_safelisted_headers_alone() {
    let mut page = Page::new(APP);
    let fetch = Fetch::post(api("/"))
        .mode(Mode::NoCors)
        .header("x-a", "1")
        .header("content-type", "application/json")
        .header("accept-language", "de")
        .header("range", "bytes=0-3")
        .body("{}");
    let seen = fetched(&mut page, open, fetch).await.unwrap();
    assert!(seen.is_opaque());
    assert_eq!(last_sent(&page, "x-a"), None);
    assert_eq!(last_sent(&page, "range"), None);
    assert_eq!(last_sent(&page, "accept-language").as_deref(), Some("de"));
    assert_eq!(last_sent(&page, "content-type").as_deref(), Some("text/plain;charset=UTF-8"));
}

/// What a script gets a `TypeError` for names the value, and nothing is sent.
#[tokio::test]
async fn bad_input_names_the_value() {
    let rows = [
        (APP, Fetch::get("https://"), Reason::MalformedUrl, "https://"),
        (APP, Fetch::get("http://a b/"), Reason::MalformedUrl, "http://a b/"),
        (APP, Fetch::get("https://x:99999/"), Reason::MalformedUrl, "https://x:99999/"),
        (APP, Fetch::get("ftp://x/"), Reason::UnsupportedScheme, "ftp"),
        (APP, Fetch::get("data:,x"), Reason::UnsupportedScheme, "data"),
        (APP, Fetch::get("https://u:p@x/"), Reason::UrlWithCredentials, "u:p@x"),
        (APP, Fetch::get("https://:p@x/"), Reason::UrlWithCredentials, ":p@x"),
        (APP, Fetch::get("http://x:6000/"), Reason::BadPort, "6000"),
        (APP, Fetch::new("G T", "/"), Reason::InvalidMethod, "G T"),
        (APP, Fetch::new("", "/"), Reason::InvalidMethod, ""),
        (APP, Fetch::new("trace", "/"), Reason::ForbiddenMethod, "trace"),
        (APP, Fetch::get("/").header("x a", "1"), Reason::InvalidHeader, "x a"),
        (APP, Fetch::get("/").header("x-a", "1\n2"), Reason::InvalidHeader, "x-a"),
        (APP, Fetch::get("/").header("", ""), Reason::InvalidHeader, ""),
        (APP, Fetch::get("/").body("x"), Reason::UnexpectedBody, "GET"),
        (APP, Fetch::put("/").mode(Mode::NoCors), Reason::NoCorsMethod, "PUT"),
        (APP, Fetch::get(api("/")).mode(Mode::SameOrigin), Reason::SameOriginMode, API),
        (
            "https://app.example.com/",
            Fetch::get("/"),
            Reason::MalformedOrigin,
            "https://app.example.com/",
        ),
        ("app.example.com", Fetch::get("/"), Reason::MalformedOrigin, "app.example.com"),
        ("", Fetch::get("/"), Reason::MalformedOrigin, ""),
        ("null", Fetch::get("/"), Reason::MalformedOrigin, "null"),
        ("https://A.example", Fetch::get("/"), Reason::MalformedOrigin, "https://A.example"),
    ];
    for (origin, fetch, reason, value) in rows {
        let shown = format!("{origin}: {fetch:?}");
        let mut page = Page::new(origin);
        let blocked = fetched(&mut page, open, fetch).await.unwrap_err();
        assert_eq!(blocked.reason(), reason, "{shown}");
        assert!(blocked.to_string().contains(value), "{shown}: {blocked}");
        assert!(blocked.exchange().is_none() && page.exchanges().is_empty());
    }
    let mut page = Page::sandboxed();
    let blocked = fetched(&mut page, open, Fetch::get("/x")).await.unwrap_err();
    assert_eq!(blocked.reason(), Reason::MalformedUrl);

    let long = format!("https://x/{}", "a".repeat(70_000));
    let blocked = fetched(&mut page, open, Fetch::get(long)).await.unwrap_err();
    assert_eq!(blocked.reason(), Reason::MalformedUrl);
}

#[tokio::test]
async fn malformed_origins_say_what_to_write() {
    let mut page = Page::new("https://app.example.com:443/");
    let blocked = fetched(&mut page, open, Fetch::get("/x")).await.unwrap_err();
    assert_eq!(
        blocked.to_string(),
        "blocked: GET /x of a page of https://app.example.com:443/
check: the page's origin is malformed: \"https://app.example.com:443/\"
likely cause: an origin is a scheme, a host and a port that is not the default one, in lower case
to change: write Page::new(\"https://app.example.com\")"
    );
    let mut page = Page::new("null");
    let blocked = fetched(&mut page, open, Fetch::get("/x")).await.unwrap_err();
    assert_eq!(blocked.suggestion(), Some("write Page::sandboxed()"));
}
