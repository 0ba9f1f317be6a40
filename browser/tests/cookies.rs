//! Cookies by credentials mode and site; attributes in the unit tests of cookies/.

mod common;

use common::{API, APP, answer, fetched, last_sent};
use http::request::Parts;
use tower_browser::{Credentials, Engine, Fetch, Mode, Page, Reason};

/// A server of the same site as the page.
const SIBLING: &str = "https://api.example.com";

fn server(
    lines: &'static [&'static str],
) -> impl FnMut(&Parts) -> http::Response<tower_browser::Body> {
    move |parts| {
        let mut response = common::open(parts);
        for line in lines {
            response.headers_mut().append("set-cookie", line.parse().unwrap());
        }
        response
    }
}

/// The cookies that a second request carries after a first one got some.
async fn carried(
    page: &mut Page,
    lines: &'static [&'static str],
    first: Fetch,
    then: Fetch,
) -> Option<String> {
    fetched(page, server(lines), first).await.unwrap();
    fetched(page, server(&[]), then).await.unwrap();
    last_sent(page, "cookie")
}

fn get(origin: &str, credentials: Credentials) -> Fetch {
    Fetch::get(format!("{origin}/")).credentials(credentials)
}

#[tokio::test]
async fn credentials_modes() {
    use Credentials::{Include, Omit, SameOrigin};
    let rows = [
        (APP, SameOrigin, SameOrigin, true),
        (APP, Omit, SameOrigin, false),
        (APP, SameOrigin, Omit, false),
        (APP, Include, Include, true),
        (SIBLING, Include, Include, true),
        (SIBLING, SameOrigin, Include, false),
        (SIBLING, Include, SameOrigin, false),
    ];
    for (origin, first, then, expected) in rows {
        let seen =
            carried(&mut Page::new(APP), &["n=1"], get(origin, first), get(origin, then)).await;
        assert_eq!(seen.is_some(), expected, "{origin} {first:?} {then:?}");
    }
}

#[tokio::test]
async fn sites_and_engines() {
    use Engine::*;
    // Standard, Chromium, Firefox, WebKit.
    let rows: [(&str, &'static [&'static str], [bool; 4]); 6] = [
        (SIBLING, &["n=1; SameSite=Strict"], [true; 4]),
        (API, &["n=1"], [false, false, true, true]),
        (API, &["n=1; SameSite=Lax"], [false; 4]),
        (API, &["n=1; SameSite=None; Secure"], [true; 4]),
        (API, &["n=1; SameSite=None"], [false, false, false, true]),
        ("http://api.example.com", &["n=1"], [false, false, true, true]),
    ];
    for (origin, lines, expected) in rows {
        let mut seen = [false; 4];
        for (engine, seen) in [Standard, Chromium, Firefox, WebKit].into_iter().zip(&mut seen) {
            let include = || get(origin, Credentials::Include);
            let mut page = Page::new(APP).engine(engine);
            *seen = carried(&mut page, lines, include(), include()).await.is_some();
        }
        assert_eq!(seen, expected, "{origin} {lines:?}");
    }
}

#[tokio::test]
async fn navigations_carry_lax_cookies() {
    let rows: [(&'static [&'static str], Fetch, bool); 5] = [
        (&["n=1"], Fetch::navigate(format!("{API}/")), true),
        (&["n=1; SameSite=Strict"], Fetch::navigate(format!("{API}/")), false),
        (&["n=1"], Fetch::post(format!("{API}/")).mode(Mode::Navigate), false),
        (
            &["n=1; SameSite=None; Secure"],
            Fetch::post(format!("{API}/")).mode(Mode::Navigate),
            true,
        ),
        (
            &["n=1"],
            Fetch::get(format!("{API}/")).mode(Mode::NoCors).credentials(Credentials::Include),
            false,
        ),
    ];
    for (lines, then, expected) in rows {
        let shown = format!("{lines:?} {then:?}");
        let seen =
            carried(&mut Page::new(APP), lines, Fetch::navigate(format!("{API}/")), then).await;
        assert_eq!(seen.is_some(), expected, "{shown}");
    }
    // Chromium lets a young cookie without SameSite go with a POST.
    let mut page = Page::new(APP).engine(Engine::Chromium);
    let post = || Fetch::post(format!("{API}/")).mode(Mode::Navigate);
    assert!(
        carried(&mut page, &["n=1"], Fetch::navigate(format!("{API}/")), post()).await.is_some()
    );
    page.advance(std::time::Duration::from_secs(121));
    fetched(&mut page, server(&[]), post()).await.unwrap();
    assert_eq!(last_sent(&page, "cookie"), None);
}

/// Fetch, "CORS protocol", examples.
#[tokio::test]
async fn a_failed_check_does_not_undo_set_cookie() {
    let mut page = Page::new(APP);
    let include = || get(SIBLING, Credentials::Include);
    let closed = |_: &Parts| answer(200, &["set-cookie: n=1"]);
    let blocked = fetched(&mut page, closed, include()).await.unwrap_err();
    assert_eq!(blocked.reason(), Reason::AllowOriginMissing);
    fetched(&mut page, server(&[]), include()).await.unwrap();
    assert_eq!(last_sent(&page, "cookie").as_deref(), Some("n=1"));
}

#[tokio::test]
async fn cookies_grow_old() {
    let mut page = Page::new(APP);
    let lines = &[
        "a=1; Max-Age=60",
        "b=2",
        "c=3; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
        "d=4; Expires=Fri, 31 Dec 9999 23:59:59 GMT",
    ];
    let cookies = carried(&mut page, lines, Fetch::get("/"), Fetch::get("/")).await;
    assert_eq!(cookies.as_deref(), Some("a=1; b=2; d=4"));
    page.advance(std::time::Duration::from_secs(60));
    fetched(&mut page, server(&[]), Fetch::get("/")).await.unwrap();
    assert_eq!(last_sent(&page, "cookie").as_deref(), Some("b=2; d=4"));
    page.advance(std::time::Duration::from_secs(401 * 86_400));
    fetched(&mut page, server(&[]), Fetch::get("/")).await.unwrap();
    assert_eq!(last_sent(&page, "cookie").as_deref(), Some("b=2"));
}

/// Seen in real engines: WebKit goes by the page in the address bar.
#[tokio::test]
async fn sandboxed_frames() {
    for (engine, expected) in [
        (Engine::Standard, false),
        (Engine::Chromium, false),
        (Engine::Firefox, false),
        (Engine::WebKit, true),
    ] {
        let mut page = Page::new(APP).engine(engine);
        fetched(&mut page, server(&["n=1; SameSite=Lax"]), get(SIBLING, Credentials::Include))
            .await
            .unwrap();
        page.visit_sandboxed();
        fetched(&mut page, server(&[]), get(SIBLING, Credentials::Include)).await.unwrap();
        assert_eq!(last_sent(&page, "origin").as_deref(), Some("null"));
        assert_eq!(last_sent(&page, "cookie").is_some(), expected, "{engine}");
    }
}

#[tokio::test]
async fn another_page_of_the_same_browser() {
    let mut page = Page::new(APP);
    fetched(&mut page, server(&["n=1"]), get(SIBLING, Credentials::Include)).await.unwrap();
    page.visit("https://elsewhere.example");
    fetched(&mut page, server(&[]), get(SIBLING, Credentials::Include)).await.unwrap();
    assert_eq!(last_sent(&page, "origin").as_deref(), Some("https://elsewhere.example"));
    assert_eq!(last_sent(&page, "cookie"), None);
}
