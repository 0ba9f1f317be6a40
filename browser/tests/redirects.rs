//! Redirects (Fetch, "HTTP-redirect fetch").

mod common;

use common::{API, APP, answer, fetched, is_preflight, wire};
use http::{Response, request::Parts};
use tower_browser::{Body, Credentials, Engine, Fetch, Mode, Page, Reason, Redirect, Verdict};

const OTHER: &str = "https://third.example";

/// Redirects `/from` with a status and a location, and answers everything else with leave.
fn redirecting(status: u16, to: &str) -> impl FnMut(&Parts) -> Response<Body> {
    move |parts| {
        if parts.uri.path() == "/from" && !is_preflight(parts) {
            let origin = parts.headers.get("origin").map_or("*", |it| it.to_str().unwrap());
            return answer(
                status,
                &[
                    &format!("location: {to}"),
                    &format!("access-control-allow-origin: {origin}"),
                    "access-control-allow-credentials: true",
                ],
            );
        }
        let mut response = common::open(parts);
        response.headers_mut().insert("access-control-expose-headers", "*".parse().unwrap());
        response
    }
}

fn from(fetch: fn(String) -> Fetch) -> Fetch {
    fetch(format!("{API}/from"))
}

/// The origin of each request, as servers see it.
fn origins(page: &Page) -> Vec<String> {
    let origin = |name| {
        move |exchange: &tower_browser::Exchange| {
            exchange
                .request_headers()
                .get(name)
                .map_or("-".to_owned(), |it| it.to_str().unwrap().to_owned())
        }
    };
    page.exchanges().iter().map(origin("origin")).collect()
}

#[tokio::test]
async fn redirects_are_followed() {
    for status in [301, 302, 303, 307, 308] {
        let mut page = Page::new(APP);
        let seen = fetched(&mut page, redirecting(status, "/to"), from(Fetch::get)).await.unwrap();
        assert!(seen.is_redirected());
        assert_eq!(seen.url(), format!("{API}/to"));
        assert_eq!(wire(page.exchanges()), ["GET /from", "GET /to"]);
        assert_eq!(page.exchanges()[0].verdict(), Verdict::Redirected);
        assert_eq!(origins(&page), [APP, APP]);
    }
    // Other 3xx statuses and a redirect without Location are responses.
    for (status, location) in
        [(300, Some("/to")), (304, Some("/to")), (305, Some("/to")), (302, None)]
    {
        let mut page = Page::new(APP);
        let lines = location.map(|to| format!("location: {to}"));
        let server = |_: &Parts| {
            let mut response = answer(status, &["access-control-allow-origin: *"]);
            if let Some(line) = &lines {
                response.headers_mut().insert("location", line[10..].parse().unwrap());
            }
            response
        };
        let seen = fetched(&mut page, server, from(Fetch::get)).await.unwrap();
        assert_eq!(seen.status(), status);
    }
}

#[tokio::test]
async fn methods_and_bodies_after_redirects() {
    let post = || Fetch::post(format!("{API}/from")).body("text");
    let json = || post().header("content-type", "application/json");
    let rows: [(u16, Fetch, &[&str], usize); 7] = [
        (301, post(), &["POST /from", "GET /to"], 0),
        (302, post(), &["POST /from", "GET /to"], 0),
        (303, post(), &["POST /from", "GET /to"], 0),
        (307, post(), &["POST /from", "POST /to"], 4),
        (308, post(), &["POST /from", "POST /to"], 4),
        (303, json(), &["preflight POST /from [content-type]", "POST /from", "GET /to"], 0),
        (
            307,
            json(),
            &[
                "preflight POST /from [content-type]",
                "POST /from",
                "preflight POST /to [content-type]",
                "POST /to",
            ],
            4,
        ),
    ];
    for (status, fetch, expected, length) in rows {
        let mut page = Page::new(APP);
        fetched(&mut page, redirecting(status, "/to"), fetch).await.unwrap();
        assert_eq!(wire(page.exchanges()), expected, "{status}");
        let last = page.exchanges().last().unwrap();
        assert_eq!(last.request_body().len(), length);
        assert_eq!(last.request_headers().contains_key("content-type"), length > 0);
    }
    let mut page = Page::new(APP);
    fetched(&mut page, redirecting(303, "/to"), from(Fetch::put)).await.unwrap();
    assert_eq!(wire(page.exchanges()), ["preflight PUT /from", "PUT /from", "GET /to"]);
    let mut page = Page::new(APP);
    fetched(&mut page, redirecting(302, "/to"), from(Fetch::put)).await.unwrap();
    assert_eq!(wire(page.exchanges())[3], "PUT /to");
}

/// The origin is tainted from one foreign origin to another, and back to the page's own.
#[tokio::test]
async fn tainted_origins() {
    let rows = [
        (API, "/to", [APP, APP]),
        (API, "https://third.example/to", [APP, "null"]),
        (API, "https://app.example.com/to", [APP, "null"]),
        (APP, "https://third.example/to", ["-", APP]),
    ];
    for (first, to, expected) in rows {
        let mut page = Page::new(APP);
        let fetch = Fetch::get(format!("{first}/from"));
        let seen = fetched(&mut page, redirecting(302, to), fetch).await.unwrap();
        assert_eq!(origins(&page), expected, "{first} {to}");
        assert_eq!(seen.kind(), "cors");
    }
    // A server that lists the page only.
    let listing = |parts: &Parts| {
        let mut response = redirecting(302, "https://third.example/to")(parts);
        response.headers_mut().insert("access-control-allow-origin", APP.parse().unwrap());
        response
    };
    let blocked = fetched(&mut Page::new(APP), listing, from(Fetch::get)).await.unwrap_err();
    assert_eq!(blocked.reason(), Reason::AllowOriginMismatch);
    assert!(blocked.likely_cause().unwrap().contains("`null`"));
    let printed = blocked.console(Engine::Chromium).unwrap();
    assert!(printed.contains("'https://third.example/to' (redirected from 'https://api.other.example/from') from origin 'https://app.example.com'"), "{printed}");
}

/// Fetch, "CORS non-wildcard request-header name": Authorization stays with its origin.
#[tokio::test]
async fn authorization_stays_with_its_origin() {
    for (to, stays) in [("/to", true), ("https://third.example/to", false)] {
        let mut page = Page::new(APP);
        let fetch = from(Fetch::get).header("authorization", "Bearer 7").header("x-a", "1");
        fetched(&mut page, redirecting(307, to), fetch).await.unwrap();
        let last = page.exchanges().last().unwrap().request_headers();
        assert_eq!(last.contains_key("authorization"), stays);
        assert!(last.contains_key("x-a"));
    }
}

/// Seen in Chromium 156, Firefox ESR 153 and WebKitGTK 2.50.
#[tokio::test]
async fn engines_ask_for_the_get_of_a_put() {
    let rows: [(Engine, &[&str]); 4] = [
        (Engine::Standard, &["GET /to"]),
        (Engine::Chromium, &["GET /to"]),
        (Engine::Firefox, &["preflight GET /to", "GET /to"]),
        (Engine::WebKit, &["preflight GET /to", "GET /to"]),
    ];
    for (engine, expected) in rows {
        let mut page = Page::new(APP).engine(engine);
        let to = redirecting(303, "https://third.example/to");
        fetched(&mut page, to, from(Fetch::put)).await.unwrap();
        assert_eq!(wire(page.exchanges())[2..], *expected, "{engine}");
    }
}

/// Seen in real engines: redirects/303-post and redirects/authorization-dropped of tests/browsers.
#[tokio::test]
async fn engines_ask_again_after_a_redirect() {
    let json = || from(Fetch::post).header("content-type", "application/json").body("{}");
    let token = || from(Fetch::get).header("authorization", "Bearer 7");
    type Row<'a> = (Engine, Fetch, u16, &'a str, &'a [&'a str], &'a [&'a str]);
    let rows: [Row<'_>; 8] = [
        (Engine::Standard, json(), 303, "/to", &["GET /to"], &[APP]),
        (Engine::Chromium, json(), 303, "/to", &["GET /to"], &[APP]),
        (Engine::Firefox, json(), 303, "/to", &["preflight GET /to", "GET /to"], &[APP, APP]),
        (
            Engine::WebKit,
            json(),
            303,
            "/to",
            &["preflight GET /to [content-type]", "GET /to"],
            &[APP, APP],
        ),
        (Engine::Standard, token(), 302, "https://third.example/to", &["GET /to"], &["null"]),
        (Engine::Chromium, token(), 302, "https://third.example/to", &["GET /to"], &["null"]),
        (
            Engine::Firefox,
            token(),
            302,
            "https://third.example/to",
            &["preflight GET /to", "GET /to"],
            &[APP, "null"],
        ),
        (
            Engine::WebKit,
            token(),
            302,
            "https://third.example/to",
            &["preflight GET /to [authorization]", "GET /to"],
            &["null", "null"],
        ),
    ];
    for (engine, fetch, status, to, expected, from) in rows {
        let mut page = Page::new(APP).engine(engine);
        fetched(&mut page, redirecting(status, to), fetch).await.unwrap();
        assert_eq!(wire(page.exchanges())[2..], *expected, "{engine}");
        assert_eq!(origins(&page)[2..], *from, "{engine}");
    }
}

#[tokio::test]
async fn redirect_modes() {
    let mut page = Page::new(APP);
    let fetch = from(Fetch::get).redirect(Redirect::Manual);
    let seen = fetched(&mut page, redirecting(302, "/to"), fetch).await.unwrap();
    assert_eq!((seen.kind(), seen.status(), seen.is_opaque()), ("opaqueredirect", 0, true));
    assert_eq!(wire(page.exchanges()), ["GET /from"]);

    let fetch = from(Fetch::get).redirect(Redirect::Error);
    let blocked = fetched(&mut page, redirecting(302, "/to"), fetch).await.unwrap_err();
    assert_eq!(blocked.reason(), Reason::UnexpectedRedirect);

    let fetch = from(Fetch::get).mode(Mode::NoCors).redirect(Redirect::Manual);
    let blocked = fetched(&mut page, redirecting(302, "/to"), fetch).await.unwrap_err();
    assert_eq!(blocked.reason(), Reason::NoCorsRedirect);

    let fetch = Fetch::get("/from").mode(Mode::SameOrigin);
    let blocked = fetched(&mut page, redirecting(302, OTHER), fetch).await.unwrap_err();
    assert_eq!(blocked.reason(), Reason::SameOriginMode);

    let fetch = from(Fetch::get).mode(Mode::NoCors);
    assert!(fetched(&mut page, redirecting(302, OTHER), fetch).await.unwrap().is_opaque());
    let fetch = Fetch::navigate(format!("{API}/from"));
    assert_eq!(fetched(&mut page, redirecting(302, OTHER), fetch).await.unwrap().text(), "body");
}

#[tokio::test]
async fn redirects_that_fail() {
    let rows = [
        ("https://", Reason::RedirectLocation),
        ("ftp://x/", Reason::RedirectScheme),
        ("data:,x", Reason::RedirectScheme),
        ("https://u:p@third.example/", Reason::RedirectWithCredentials),
        ("https://u@api.other.example/", Reason::RedirectWithCredentials),
        ("http://x:6000/", Reason::BadPort),
        ("/from", Reason::TooManyRedirects),
    ];
    for (to, reason) in rows {
        let mut page = Page::new(APP);
        let blocked = fetched(&mut page, redirecting(302, to), from(Fetch::get)).await.unwrap_err();
        assert_eq!(blocked.reason(), reason, "{to}");
    }
    // A page's own server may redirect it to a URL with credentials of its own origin.
    let fetch = Fetch::get("/from");
    let seen =
        fetched(&mut Page::new(APP), redirecting(302, "https://u:p@app.example.com/to"), fetch)
            .await;
    assert_eq!(seen.unwrap().status(), 200);
}

/// Fetch: the 21st redirect is one too many.
#[tokio::test]
async fn twenty_redirects_are_followed() {
    for (redirects, passes) in [(20, true), (21, false)] {
        let mut left = redirects;
        let server = |_: &Parts| {
            if left == 0 {
                return answer(200, &["access-control-allow-origin: *"]);
            }
            left -= 1;
            answer(302, &["access-control-allow-origin: *", "location: /from"])
        };
        let mut page = Page::new(APP);
        let seen = fetched(&mut page, server, from(Fetch::get)).await;
        assert_eq!(seen.is_ok(), passes);
        assert_eq!(page.exchanges().len(), 21);
    }
}

#[tokio::test]
async fn every_hop_is_checked() {
    let bare = |parts: &Parts| match parts.uri.path() {
        "/from" => answer(302, &["location: /to"]),
        _ => answer(200, &["access-control-allow-origin: *"]),
    };
    let mut page = Page::new(APP);
    let blocked = fetched(&mut page, bare, from(Fetch::get)).await.unwrap_err();
    assert_eq!(blocked.reason(), Reason::AllowOriginMissing);
    assert_eq!(wire(page.exchanges()), ["GET /from"]);

    // A preflight is never redirected, whatever its headers.
    let to = |_: &Parts| answer(307, &["location: /to", "access-control-allow-origin: *"]);
    let blocked = fetched(&mut page, to, from(Fetch::put)).await.unwrap_err();
    assert_eq!(blocked.reason(), Reason::PreflightRedirected);
}

#[tokio::test]
async fn metadata_and_cookies_of_each_hop() {
    let mut page = Page::new(APP);
    let login = |_: &Parts| answer(200, &["set-cookie: own=1; SameSite=Lax"]);
    // Seen in the three engines: Chromium and WebKit do not look at the way over another site.
    for (engine, is_carried) in [
        (Engine::Standard, false),
        (Engine::Chromium, true),
        (Engine::Firefox, false),
        (Engine::WebKit, true),
    ] {
        page = page.engine(engine);
        fetched(&mut page, login, Fetch::get("/login")).await.unwrap();
        let fetch = from(Fetch::get).credentials(Credentials::Include);
        fetched(&mut page, redirecting(302, "https://app.example.com/to"), fetch).await.unwrap();
        let last = page.exchanges().last().unwrap().request_headers();
        assert_eq!(last["sec-fetch-site"], "cross-site");
        assert_eq!(last.contains_key("cookie"), is_carried, "{engine}");
    }
}
