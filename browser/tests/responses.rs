//! What a page may read: the CORS check, preflight answers, filtered headers, opaque responses.

mod common;

use common::{API, APP, answer, fetched, is_preflight, open, wire};
use tower_browser::{Credentials, Engine, Fetch, Mode, Page, Reason, Verdict};

fn api(path: &str) -> String {
    format!("{API}{path}")
}

/// Fetch, "CORS check"; every wrong value in the unit tests of standard/cors.rs.
#[tokio::test]
async fn the_check_decides_what_is_read() {
    const OWN: &str = "access-control-allow-origin: https://app.example.com";
    const ANY: &str = "access-control-allow-origin: *";
    const TRUE: &str = "access-control-allow-credentials: true";
    let rows: [(bool, &[&str], Option<Reason>); 9] = [
        (false, &[OWN], None),
        (false, &[ANY], None),
        (false, &[], Some(Reason::AllowOriginMissing)),
        (false, &[OWN, ANY], Some(Reason::AllowOriginMultiple)),
        (
            false,
            &["access-control-allow-origin: https://app.example.com/"],
            Some(Reason::AllowOriginMismatch),
        ),
        (true, &[OWN, TRUE], None),
        (true, &[OWN], Some(Reason::AllowCredentialsNotTrue)),
        (true, &[ANY, TRUE], Some(Reason::WildcardWithCredentials)),
        (
            true,
            &[OWN, "access-control-allow-credentials: True"],
            Some(Reason::AllowCredentialsNotTrue),
        ),
    ];
    for (include, lines, expected) in rows {
        for status in [200, 404, 500] {
            let credentials = if include { Credentials::Include } else { Credentials::SameOrigin };
            let mut page = Page::new(APP);
            let fetch = Fetch::get(api("/")).credentials(credentials);
            let seen = fetched(&mut page, |_| answer(status, lines), fetch).await;
            match expected {
                None => {
                    let seen = seen.unwrap();
                    assert_eq!((seen.status(), seen.text()), (status, "body"));
                    assert_eq!(page.exchanges()[0].verdict(), Verdict::Passed);
                }
                Some(reason) => {
                    assert_eq!(seen.unwrap_err().reason(), reason, "{include} {lines:?}");
                    assert_eq!(page.exchanges()[0].verdict(), Verdict::Blocked(reason));
                }
            }
        }
    }
}

#[tokio::test]
async fn a_refused_preflight_stops_the_request() {
    let mut page = Page::new(APP);
    let blocked = fetched(
        &mut page,
        |_| answer(200, &["access-control-allow-origin: *", "access-control-allow-methods: GET"]),
        Fetch::put(api("/x")),
    )
    .await
    .unwrap_err();
    assert_eq!(blocked.reason(), Reason::MethodNotAllowed);
    assert_eq!(blocked.value(), "PUT");
    assert!(blocked.exchange().unwrap().is_preflight());
    assert_eq!(wire(page.exchanges()), ["preflight PUT /x"]);
}

/// A preflight that passes does not make the response readable.
#[tokio::test]
async fn the_response_is_checked_as_well() {
    let mut page = Page::new(APP);
    let server = |parts: &http::request::Parts| {
        if is_preflight(parts) { open(parts) } else { answer(200, &[]) }
    };
    let blocked = fetched(&mut page, server, Fetch::put(api("/x"))).await.unwrap_err();
    assert_eq!(blocked.reason(), Reason::AllowOriginMissing);
    assert!(!blocked.exchange().unwrap().is_preflight());
    assert_eq!(wire(page.exchanges()), ["preflight PUT /x", "PUT /x"]);
}

/// Fetch, "CORS filtered response" and "basic filtered response".
#[tokio::test]
async fn headers_are_filtered() {
    let lines = [
        "access-control-allow-origin: https://app.example.com",
        "access-control-allow-credentials: true",
        "content-type: text/plain",
        "cache-control: no-store",
        "etag: \"1\"",
        "x-total: 3",
        "set-cookie: a=b",
    ];
    let all = ["content-type", "Cache-Control", "etag", "X-Total", "set-cookie"];
    let rows: [(Fetch, &str, [bool; 5]); 6] = [
        (Fetch::get(api("/")), "", [true, true, false, false, false]),
        (Fetch::get(api("/")), "X-TOTAL", [true, true, false, true, false]),
        (Fetch::get(api("/")), "*", [true, true, true, true, false]),
        (
            Fetch::get(api("/")).credentials(Credentials::Include),
            "*",
            [true, true, false, false, false],
        ),
        (Fetch::get("/"), "", [true, true, true, true, false]),
        (Fetch::get(api("/")).mode(Mode::NoCors), "*", [false; 5]),
    ];
    for (fetch, exposed, expected) in rows {
        let shown = format!("{fetch:?} {exposed}");
        let exposed = format!("access-control-expose-headers: {exposed}");
        let mut lines = lines.to_vec();
        lines.push(&exposed);
        let mut page = Page::new(APP);
        let seen = fetched(&mut page, |_| answer(200, &lines), fetch).await.unwrap();
        assert_eq!(all.map(|name| seen.header(name).is_some()), expected, "{shown}");
    }
}

#[tokio::test]
async fn kinds_of_responses() {
    let mut page = Page::new(APP);
    let opaque = fetched(&mut page, |_| answer(500, &[]), Fetch::get(api("/x")).mode(Mode::NoCors))
        .await
        .unwrap();
    assert_eq!(
        (opaque.kind(), opaque.status(), opaque.text(), opaque.url()),
        ("opaque", 0, "", "")
    );
    assert!(!opaque.is_ok() && opaque.headers().next().is_none());
    assert_eq!(page.exchanges()[0].verdict(), Verdict::Opaque);

    let basic = fetched(&mut page, |_| answer(201, &[]), Fetch::get("/x#y")).await.unwrap();
    assert_eq!((basic.kind(), basic.status()), ("basic", 201));
    assert_eq!(basic.url(), "https://app.example.com/x");
    assert!(basic.is_ok() && !basic.is_redirected());

    let cors = fetched(&mut page, open, Fetch::get(api("/x"))).await.unwrap();
    assert_eq!((cors.kind(), cors.text()), ("cors", "body"));

    for (status, fetch) in [(204, Fetch::get("/")), (304, Fetch::get("/")), (200, Fetch::head("/"))]
    {
        let seen = fetched(&mut page, |_| answer(status, &[]), fetch).await.unwrap();
        assert_eq!((seen.status(), seen.text()), (status, ""));
    }
    let navigated =
        fetched(&mut page, |_| answer(200, &[]), Fetch::navigate(api("/"))).await.unwrap();
    assert_eq!((navigated.kind(), navigated.text()), ("basic", "body"));
}

/// Where today's engines part from the standard.
#[tokio::test]
async fn authorization_under_a_wildcard() {
    let any =
        |_: &_| answer(200, &["access-control-allow-origin: *", "access-control-allow-headers: *"]);
    let token = || Fetch::get(api("/")).header("Authorization", "Bearer 7");
    for engine in Engine::ENGINES {
        let seen = fetched(&mut Page::new(APP).engine(engine), any, token()).await;
        assert!(seen.is_ok(), "{engine}");
    }
    let blocked = fetched(&mut Page::new(APP), any, token()).await.unwrap_err();
    assert_eq!(blocked.reason(), Reason::WildcardWithAuthorization);
    assert_eq!(blocked.console(Engine::Chromium), None);
    assert!(blocked.to_string().contains("\nChromium prints: nothing, it lets this pass\n"));
}

#[tokio::test]
async fn a_failing_service_is_a_network_error() {
    let mut app = tower::service_fn(|_: http::Request<tower_browser::Body>| async {
        Err::<http::Response<tower_browser::Body>, _>(std::io::Error::other("the pool is empty"))
    });
    let mut page = Page::new(APP);
    let blocked = page.fetch(&mut app, Fetch::put(api("/x"))).await.unwrap_err();
    assert_eq!(blocked.reason(), Reason::ServiceError);
    assert!(blocked.to_string().contains("the pool is empty"), "{blocked}");
    assert_eq!(blocked.exchange().unwrap().failure(), Some("the pool is empty"));
    assert_eq!(blocked.exchange().unwrap().status(), None);
}

/// A short body of a refusal is shown: many servers say why.
#[tokio::test]
async fn the_words_of_a_refusal_are_shown() {
    let blocked =
        fetched(&mut Page::new(APP), |_| answer(403, &[]), Fetch::get(api("/"))).await.unwrap_err();
    assert!(blocked.to_string().contains("\nthe response says: body\n"), "{blocked}");
}
