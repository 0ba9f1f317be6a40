//! Cases that were held out: written from the Fetch standard by an author who had read the documentation
//! of `tower-browser` and none of its code, and run through it for the first time while its tables of
//! engines were frozen. What they found has been mended since.
//!
//! Most have a server whose headers are said by hand, right or wrong.

mod cookies;
mod requests;

use axum::{
    Router,
    extract::Request,
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use serde_json::json;

use crate::{
    app,
    case::{Case, On, REFUSED, case},
};

/// `name: value`; `{page}` stands for the page's origin.
type Lines = &'static [&'static str];

/// Preflights get a status and these headers, all other responses those.
fn by_hand(on: &On, status: u16, preflight: Lines, actual: Lines) -> Router {
    let status = StatusCode::from_u16(status).expect("a status of a case is one");
    let (preflight, actual) = (headers(on, preflight), headers(on, actual));
    app::router().layer(middleware::from_fn(move |request: Request, next: Next| {
        let (preflight, actual) = (preflight.clone(), actual.clone());
        let is_preflight = request.method() == Method::OPTIONS
            && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
        async move {
            if is_preflight {
                return (status, preflight).into_response();
            }
            let mut response: Response = next.run(request).await;
            for (name, value) in &actual {
                response.headers_mut().append(name, value.clone());
            }
            response
        }
    }))
}

fn headers(on: &On, lines: Lines) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for line in lines {
        let line = line.replace("{page}", &on.page);
        let (name, value) = line.split_once(": ").expect("a line of a case has a name");
        let name: HeaderName = name.parse().expect("a name of a case is one");
        let value = HeaderValue::from_str(value).expect("a value of a case is one");
        headers.append(name, value);
    }
    headers
}

const ANY: Lines = &["access-control-allow-origin: *"];
const PAGE: Lines = &["access-control-allow-origin: {page}"];
const WITH_CREDENTIALS: Lines =
    &["access-control-allow-origin: {page}", "access-control-allow-credentials: true"];

const OWN_USER_AGENT: &str = "sends its own, whatever a script sets";

const NAMES_TWICE: &str = "asks for a name twice that a script set twice";
const FRAME_OF_SITE: &str = "counts a sandboxed frame to the site that shows it";
const FOLLOWS: &str = "follows redirects of handshakes";

const PUT: &str = "attempt(api + '/echo', put)";
const GET: &str = "attempt(api + '/echo')";
const INCLUDED: &str = "attempt(api + '/echo', include)";
const TOKEN: &str = "attempt(api + '/echo', { headers: { 'x-token': '1' } })";

pub fn cases() -> Vec<Case> {
    [
        preflights(),
        checks(),
        requests::requests(),
        requests::redirects(),
        cookies::cookies(),
        cookies::sockets(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What makes a preflight's answer good or bad.
fn preflights() -> Vec<Case> {
    const ASKED_PUT: [&str; 1] = ["preflight PUT /echo: 200"];
    vec![
        case("held-out/methods-absent", "a PUT needs a list of methods (Fetch, CORS-preflight fetch, 7.5)")
            .serve(|on| by_hand(on, 200, ANY, ANY))
            .page(PUT)
            .gives(REFUSED)
            .server(ASKED_PUT),
        case("held-out/methods-any", "`*` is any method, without credentials")
            .serve(|on| by_hand(on, 200, &["access-control-allow-origin: *", "access-control-allow-methods: *"], ANY))
            .page(PUT)
            .gives("200 PUT")
            .server(["preflight PUT /echo: 200", "PUT /echo: 200"]),
        case("held-out/methods-any-with-credentials", "with them it is a method of that name")
            .serve(|on| {
                by_hand(on, 200, &[
                    "access-control-allow-origin: {page}",
                    "access-control-allow-credentials: true",
                    "access-control-allow-methods: *",
                ], WITH_CREDENTIALS)
            })
            .page("attempt(api + '/echo', { ...put, ...include })")
            .gives(REFUSED)
            .server(ASKED_PUT),
        case("held-out/headers-any-with-credentials", "and so with headers")
            .serve(|on| {
                by_hand(on, 200, &[
                    "access-control-allow-origin: {page}",
                    "access-control-allow-credentials: true",
                    "access-control-allow-headers: *",
                ], WITH_CREDENTIALS)
            })
            .page("attempt(api + '/echo', { ...include, headers: { 'x-token': '1' } })")
            .gives(REFUSED)
            .server(["preflight GET /echo [x-token]: 200"]),
        case("held-out/methods-lower-case", "methods are compared byte by byte")
            .serve(|on| by_hand(on, 200, &["access-control-allow-origin: *", "access-control-allow-methods: put"], ANY))
            .page(PUT)
            .gives(REFUSED)
            .server(ASKED_PUT),
        case("held-out/headers-upper-case", "names of headers are not")
            .serve(|on| by_hand(on, 200, &["access-control-allow-origin: *", "access-control-allow-headers: X-TOKEN"], ANY))
            .page(TOKEN)
            .gives("200 GET")
            .server(["preflight GET /echo [x-token]: 200", "GET /echo: 200"]),
        case("held-out/lists-on-two-lines", "a list may stand on several lines (Fetch, extract header list values)")
            .serve(|on| {
                by_hand(on, 200, &[
                    "access-control-allow-origin: *",
                    "access-control-allow-methods: DELETE",
                    "access-control-allow-methods: PUT",
                    "access-control-allow-headers: x-other",
                    "access-control-allow-headers: x-token",
                ], ANY)
            })
            .page("attempt(api + '/echo', { ...put, headers: { 'x-token': '1' } })")
            .gives("200 PUT")
            .server(["preflight PUT /echo [x-token]: 200", "PUT /echo: 200"]),
        case("held-out/headers-empty-elements", "and have empty elements (RFC 9110, 5.6.1.2)")
            .serve(|on| by_hand(on, 200, &["access-control-allow-origin: *", "access-control-allow-headers: ,x-other,, x-token ,"], ANY))
            .page(TOKEN)
            .gives("200 GET"),
        case("held-out/methods-malformed", "one element that is no token spoils the list (Fetch, CORS-preflight fetch, 7.3)")
            .serve(|on| by_hand(on, 200, &["access-control-allow-origin: *", "access-control-allow-methods: PUT, @"], ANY))
            .page(PUT)
            .gives(REFUSED)
            .server(ASKED_PUT),
        case("held-out/headers-malformed", "of headers, too")
            .serve(|on| by_hand(on, 200, &["access-control-allow-origin: *", "access-control-allow-headers: x-token, a b"], ANY))
            .page(TOKEN)
            .gives(REFUSED)
            .server(["preflight GET /echo [x-token]: 200"]),
        case("held-out/safelisted-method-not-listed", "GET, HEAD and POST need no listing, whatever brought the preflight")
            .serve(|on| {
                by_hand(on, 200, &[
                    "access-control-allow-origin: *",
                    "access-control-allow-methods: DELETE",
                    "access-control-allow-headers: content-type",
                ], ANY)
            })
            .page("attempt(api + '/echo', json)")
            .gives("200 POST {}")
            .server(["preflight POST /echo [content-type]: 200", "POST /echo: 200"]),
        case("held-out/preflight-299", "any status from 200 to 299 will do (Fetch, ok status)")
            .serve(|on| by_hand(on, 299, &["access-control-allow-origin: *", "access-control-allow-methods: PUT"], ANY))
            .page(PUT)
            .gives("200 PUT"),
        case("held-out/preflight-for-credentials", "a preflight is checked as the request that it stands for, credentials included")
            .serve(|on| by_hand(on, 200, &["access-control-allow-origin: {page}", "access-control-allow-methods: PUT"], WITH_CREDENTIALS))
            .page("attempt(api + '/echo', { ...put, ...include })")
            .gives(REFUSED)
            .server(ASKED_PUT),
        case("held-out/preflight-kept-per-header", "what is kept of a preflight is the names that it allowed")
            .serve(|on| {
                by_hand(on, 200, &[
                    "access-control-allow-origin: *",
                    "access-control-allow-headers: x-token",
                    "access-control-max-age: 60",
                ], ANY)
            })
            .page("(async () => [await attempt(api + '/echo', { headers: { 'x-token': '1' } }), await attempt(api + '/echo', { headers: { 'x-other': '1' } }), await attempt(api + '/echo', { headers: { 'x-token': '2' } })])()")
            .gives(vec!["200 GET", REFUSED, "200 GET"]),
    ]
}

/// The CORS check and what may be read.
fn checks() -> Vec<Case> {
    const EXPOSED: &str = "headers(api + '/echo', {}, 'x-request-id', 'x-other')";
    vec![
        case("held-out/origin-in-blanks", "blanks around a value are none of it (RFC 9110, 5.5)")
            .serve(|on| by_hand(on, 200, &[], &["access-control-allow-origin:  {page}\t"]))
            .page(GET)
            .gives("200 GET"),
        case("held-out/origin-upper-case", "an origin is compared byte by byte")
            .serve(|on| {
                let on = On { page: on.page.to_uppercase(), ..on.clone() };
                by_hand(&on, 200, &[], PAGE)
            })
            .page(GET)
            .gives(REFUSED)
            .server(["GET /echo: 200"]),
        case("held-out/null-for-a-page", "`null` is no name for every page")
            .serve(|on| by_hand(on, 200, &[], &["access-control-allow-origin: null"]))
            .page(GET)
            .gives(REFUSED),
        case("held-out/origin-with-path", "an origin has no path")
            .serve(|on| by_hand(on, 200, &[], &["access-control-allow-origin: {page}/"]))
            .page(GET)
            .gives(REFUSED),
        case("held-out/credentials-upper-case", "only `true` is true")
            .serve(|on| {
                by_hand(
                    on,
                    200,
                    &[],
                    &[
                        "access-control-allow-origin: {page}",
                        "access-control-allow-credentials: TRUE",
                    ],
                )
            })
            .page(INCLUDED)
            .gives(REFUSED),
        case("held-out/credentials-twice", "and that once")
            .serve(|on| {
                by_hand(
                    on,
                    200,
                    &[],
                    &[
                        "access-control-allow-origin: {page}",
                        "access-control-allow-credentials: true",
                        "access-control-allow-credentials: true",
                    ],
                )
            })
            .page(INCLUDED)
            .gives(REFUSED),
        case(
            "held-out/credentials-same-origin",
            "credentials: 'same-origin' is without them for another origin, so `*` will do",
        )
        .serve(|on| by_hand(on, 200, &[], ANY))
        .page("attempt(api + '/echo', { credentials: 'same-origin' })")
        .gives("200 GET"),
        case(
            "held-out/null-with-credentials",
            "a sandboxed frame reads what names `null`, with credentials",
        )
        .serve(|on| {
            by_hand(
                on,
                200,
                &[],
                &["access-control-allow-origin: null", "access-control-allow-credentials: true"],
            )
        })
        .page(r#"sandboxed("attempt(api + '/echo', include)")"#)
        .gives("200 GET")
        .server(["GET /echo: 200 from null"]),
        case(
            "held-out/exposed-any-with-credentials",
            "`*` exposes nothing with credentials (Fetch, main fetch)",
        )
        .serve(|on| {
            by_hand(
                on,
                200,
                &[],
                &[
                    "access-control-allow-origin: {page}",
                    "access-control-allow-credentials: true",
                    "access-control-expose-headers: *",
                ],
            )
        })
        .page("headers(api + '/echo', include, 'x-request-id', 'x-other')")
        .gives(json!([null, null])),
        case("held-out/exposed-on-two-lines", "the list of exposed headers may stand on two lines")
            .serve(|on| {
                by_hand(
                    on,
                    200,
                    &[],
                    &[
                        "access-control-allow-origin: *",
                        "access-control-expose-headers: X-Request-Id",
                        "access-control-expose-headers: ,x-other",
                    ],
                )
            })
            .page(EXPOSED)
            .gives(json!(["7", "8"])),
        case("held-out/exposed-malformed", "a malformed list exposes nothing")
            .serve(|on| {
                by_hand(
                    on,
                    200,
                    &[],
                    &[
                        "access-control-allow-origin: *",
                        "access-control-expose-headers: x-request-id, a b",
                    ],
                )
            })
            .page(EXPOSED)
            .gives(json!([null, null])),
    ]
}
