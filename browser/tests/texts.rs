//! Texts that people read: the README's failure, the log, and what the consoles print.

mod common;

use axum::{
    Router,
    extract::Request,
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::put,
};
use common::{API, APP, answer, fetched, is_preflight, open};
use http::{StatusCode, request::Parts};
use tower_browser::{Body, Credentials, Engine, Fetch, Page};
use tower_cors::CorsLayer;

async fn authenticate(request: Request, next: Next) -> Response {
    if request.headers().contains_key("authorization") {
        return next.run(request).await;
    }
    StatusCode::UNAUTHORIZED.into_response()
}

#[tokio::test]
async fn the_readme_shows_what_is_printed() {
    let cors = CorsLayer::new().allow_origins([APP]).allow_methods(["PUT"]);
    let mut app = Router::new()
        .route("/items/{id}", put(async || "saved"))
        .layer(cors)
        .layer(middleware::from_fn(authenticate));
    let save = Fetch::put("https://api.example.com/items/7").credentials(Credentials::Include);
    let blocked = Page::new(APP).fetch(&mut app, save).await.unwrap_err();
    let readme = include_str!("../README.md");
    assert!(readme.contains(&format!("```text\n{blocked}\n```")), "{blocked}");
}

#[tokio::test]
async fn the_log_shows_no_secrets() {
    let mut page = Page::new(APP);
    let login =
        |_: &Parts| answer(200, &["set-cookie: sid=secret; Path=/; HttpOnly", "vary: cookie"]);
    fetched(&mut page, login, Fetch::post("/login").form("user=ada")).await.unwrap();
    let redirect = |parts: &Parts| match parts.uri.path() {
        "/from" => answer(302, &["location: https://api.other.example/to"]),
        _ if is_preflight(parts) => open(parts),
        _ => answer(500, &["x-request-id: 7", "date: today"]),
    };
    let token = Fetch::get("/from").header("Authorization", "Bearer secret").header("X-A", "1");
    fetched(&mut page, redirect, token).await.unwrap_err();
    assert_eq!(
        page.log(),
        "POST https://app.example.com/login
  > content-type: application/x-www-form-urlencoded;charset=UTF-8
  > host: app.example.com
  > origin: https://app.example.com
  < 200 OK
  < set-cookie: sid=…
  < vary: cookie
  = passed

GET https://app.example.com/from
  > authorization: Bearer …
  > cookie: sid=…
  > host: app.example.com
  > x-a: 1
  < 302 Found
  < location: https://api.other.example/to
  = redirect, followed

preflight GET https://api.other.example/to
  > access-control-request-headers: x-a
  > access-control-request-method: GET
  > host: api.other.example
  > origin: https://app.example.com
  < 200 OK
  < access-control-allow-credentials: true
  < access-control-allow-headers: x-a, x-b, content-type, authorization
  < access-control-allow-methods: PUT, DELETE, PATCH
  < access-control-allow-origin: https://app.example.com
  = passed

GET https://api.other.example/to
  > host: api.other.example
  > origin: https://app.example.com
  > x-a: 1
  < 500 Internal Server Error
  = blocked: Access-Control-Allow-Origin is missing
"
    );
}

/// Bytes of any kind stay on one line.
#[tokio::test]
async fn the_log_is_lines() {
    let mut page = Page::new(APP);
    let strange = |_: &Parts| {
        let mut response = http::Response::new(Body::default());
        let value = http::HeaderValue::from_bytes(b"a\tb\xfc").unwrap();
        response.headers_mut().insert("access-control-allow-origin", value);
        response
    };
    let _ = fetched(&mut page, strange, Fetch::get(format!("{API}/"))).await;
    assert!(
        page.log().contains("  < access-control-allow-origin: a\\tb\u{fc}\n"),
        "{}",
        page.log()
    );
}

/// Word for word as seen in Chromium 156, Firefox ESR 153 and WebKitGTK 2.50.
#[tokio::test]
async fn consoles() {
    const ACCESS: &str = "Access to fetch at 'https://api.other.example/x' from origin 'https://app.example.com' has been blocked by CORS policy: ";
    const PREFLIGHT: &str = "Response to preflight request doesn't pass access control check: ";
    const BLOCKED: &str = "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at https://api.other.example/x. (Reason: ";
    const SECOND: &str = "CORS request did not succeed). Status code: (null).";
    const WEBKIT: &str =
        "\nFetch API cannot load https://api.other.example/x due to access control checks.";
    let own = "access-control-allow-origin: https://app.example.com";
    let get = || Fetch::get(format!("{API}/x"));
    let put = || Fetch::put(format!("{API}/x"));
    let include = || get().credentials(Credentials::Include);
    // The server's answer, then what Chromium, Firefox and WebKit print within their frames.
    type Row<'a> = (Fetch, u16, Vec<&'a str>, String, String, &'a str);
    let rows: Vec<Row<'_>> = vec![
        (get(), 200, vec![],
            "No 'Access-Control-Allow-Origin' header is present on the requested resource.".into(),
            "CORS header ‘Access-Control-Allow-Origin’ missing). Status code: 200.".into(),
            "Origin https://app.example.com is not allowed by Access-Control-Allow-Origin. Status code: 200"),
        (get(), 500, vec![],
            "No 'Access-Control-Allow-Origin' header is present on the requested resource.".into(),
            "CORS header ‘Access-Control-Allow-Origin’ missing). Status code: 500.".into(),
            "Origin https://app.example.com is not allowed by Access-Control-Allow-Origin. Status code: 500"),
        (put(), 400, vec![],
            format!("{PREFLIGHT}No 'Access-Control-Allow-Origin' header is present on the requested resource."),
            "CORS header ‘Access-Control-Allow-Origin’ missing). Status code: 400.".into(),
            "Preflight response is not successful. Status code: 400"),
        (put(), 200, vec![],
            format!("{PREFLIGHT}No 'Access-Control-Allow-Origin' header is present on the requested resource."),
            "CORS header ‘Access-Control-Allow-Origin’ missing). Status code: 200.".into(),
            "Origin https://app.example.com is not allowed by Access-Control-Allow-Origin. Status code: 200"),
        (get(), 200, vec!["access-control-allow-origin: https://other.example"],
            "The 'Access-Control-Allow-Origin' header has a value 'https://other.example' that is not equal to the supplied origin. Have the server send the header with a valid value.".into(),
            "CORS header ‘Access-Control-Allow-Origin’ does not match ‘https://other.example’).".into(),
            "Origin https://app.example.com is not allowed by Access-Control-Allow-Origin. Status code: 200"),
        (put(), 400, vec![own],
            format!("{PREFLIGHT}It does not have HTTP ok status."),
            "CORS preflight response did not succeed). Status code: 400.".into(),
            "Preflight response is not successful. Status code: 400"),
        (put(), 200, vec![own, "access-control-allow-methods: GET"],
            "Method PUT is not allowed by Access-Control-Allow-Methods in preflight response.".into(),
            "Did not find method in CORS header ‘Access-Control-Allow-Methods’).".into(),
            "Method PUT is not allowed by Access-Control-Allow-Methods."),
        (get().header("X-Other", "1"), 200, vec![own],
            "Request header field x-other is not allowed by Access-Control-Allow-Headers in preflight response.".into(),
            "header ‘x-other’ is not allowed according to header ‘Access-Control-Allow-Headers’ from CORS preflight response).".into(),
            "Request header field X-Other is not allowed by Access-Control-Allow-Headers."),
        (include(), 200, vec![own],
            "The value of the 'Access-Control-Allow-Credentials' header in the response is '' which must be 'true' when the request's credentials mode is 'include'.".into(),
            "expected ‘true’ in CORS header ‘Access-Control-Allow-Credentials’).".into(),
            "Credentials flag is true, but Access-Control-Allow-Credentials is not \"true\"."),
        (include(), 200, vec!["access-control-allow-origin: *"],
            "The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '*' when the request's credentials mode is 'include'.".into(),
            "Credential is not supported if the CORS header ‘Access-Control-Allow-Origin’ is ‘*’).".into(),
            "Cannot use wildcard in Access-Control-Allow-Origin when credentials flag is true."),
        (get(), 200, vec![own, "access-control-allow-origin: *"],
            "The 'Access-Control-Allow-Origin' header contains multiple values 'https://app.example.com, *', but only one is allowed. Have the server send the header with a valid value.".into(),
            "CORS header ‘Access-Control-Allow-Origin’ does not match ‘https://app.example.com, *’).".into(),
            "Access-Control-Allow-Origin cannot contain more than one origin."),
        (put(), 301, vec![own, "location: /"],
            format!("{PREFLIGHT}Redirect is not allowed for a preflight request."),
            "CORS request external redirect not allowed).".into(),
            "Preflight response is not successful. Status code: 301"),
    ];
    for (fetch, status, lines, chromium, firefox, webkit) in rows {
        let shown = format!("{fetch:?} {status} {lines:?}");
        let blocked =
            fetched(&mut Page::new(APP), |_| answer(status, &lines), fetch).await.unwrap_err();
        let is_preflight = blocked.exchange().unwrap().is_preflight();
        let second = if is_preflight { format!("\n{BLOCKED}{SECOND}") } else { String::new() };
        let expected = [
            (Engine::Chromium, format!("{ACCESS}{chromium}")),
            (Engine::Firefox, format!("{BLOCKED}{firefox}{second}")),
            (Engine::WebKit, format!("{webkit}{WEBKIT}")),
        ];
        for (engine, text) in expected {
            assert_eq!(blocked.console(engine), Some(text.as_str()), "{engine}: {shown}");
            assert!(blocked.to_string().contains(&text.replace('\n', "\n    ")));
        }
    }
}
