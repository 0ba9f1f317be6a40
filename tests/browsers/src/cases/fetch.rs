//! fetch(): modes, methods and headers.

use http::{Method, StatusCode};
use tower_cors::{Any, CorsLayer};

use super::{foreign, listed};
use crate::case::{Case, From, REFUSED, case};

pub fn cases() -> Vec<Case> {
    vec![
        case("fetch/listed", "a GET needs no preflight, and a listed origin reads the response")
            .policy(listed)
            .page("attempt(api + '/echo')")
            .gives("200 GET")
            .server(["GET /echo: 200"]),
        case("fetch/not-listed", "CORS stops no request: it is carried out, and the page cannot read it")
            .policy(foreign)
            .page("attempt(api + '/echo')")
            .gives(REFUSED)
            .server(["GET /echo: 200"]),
        case("fetch/any", "`*` is every origin")
            .policy(|_| CorsLayer::new().allow_origins(Any))
            .page("attempt(api + '/echo')")
            .gives("200 GET")
            .server(["GET /echo: 200"]),
        case("fetch/own-server", "a page of the API itself needs no listing, although its POST has an Origin")
            .policy(foreign)
            .page_at(From::Api, "Promise.all([attempt('/echo'), attempt('/echo', json)])")
            .gives(vec!["200 GET", "200 POST {}"]),
        case("fetch/form-post", "a form's POST needs no preflight, and no listing in allow_methods (Fetch, CORS-safelisted method)")
            .policy(listed)
            .page("attempt(api + '/echo', { method: 'POST', body: new URLSearchParams('a=1') })")
            .gives("200 POST a=1")
            .server(["POST /echo: 200"]),
        case("fetch/text-post-not-listed", "nor does a text's, and a foreign page's is carried out: allow_origins is no guard")
            .policy(foreign)
            .page("attempt(api + '/echo', { method: 'POST', body: 'hello' })")
            .gives(REFUSED)
            .server(["POST /echo: 200"]),
        case("fetch/json-post", "JSON is no form's content type, so the POST is asked for; content-type is always allowed")
            .policy(|on| listed(on).allow_methods([Method::POST]))
            .page("attempt(api + '/echo', json)")
            .gives("200 POST {}")
            .server(["preflight POST /echo [content-type]: 200", "POST /echo: 200"]),
        case("fetch/json-post-default", "FastAPI's allow_methods is GET alone: the preflight is refused and the POST not sent")
            .policy(listed)
            .page("attempt(api + '/echo', json)")
            .gives(REFUSED)
            .server(["preflight POST /echo [content-type]: 400"]),
        case("fetch/json-post-not-listed", "a preflight stops what a form could not send")
            .policy(|on| foreign(on).allow_methods(Any))
            .page("attempt(api + '/echo', json)")
            .gives(REFUSED)
            .server(["preflight POST /echo [content-type]: 400"]),
        case("fetch/no-cors", "an opaque response needs no permission and tells nothing")
            .policy(foreign)
            .page("attempt(api + '/echo', { mode: 'no-cors' })")
            .gives("opaque")
            .server(["GET /echo: 200 without Origin"]),
        case("fetch/no-cors-post", "a no-cors POST carries Origin and is carried out")
            .policy(foreign)
            .page("attempt(api + '/echo', { mode: 'no-cors', method: 'POST', body: 'hello' })")
            .gives("opaque")
            .server(["POST /echo: 200"]),
        case("fetch/same-origin-mode", "mode same-origin sends nothing to another origin")
            .policy(listed)
            .page("attempt(api + '/echo', { mode: 'same-origin' })")
            .gives(REFUSED)
            .server([]),
        case("fetch/head", "HEAD is safelisted")
            .policy(listed)
            .page("attempt(api + '/echo', { method: 'HEAD' })")
            .gives("200")
            .server(["HEAD /echo: 200"]),
        case("fetch/head-with-header", "once a preflight asks, Starlette wants HEAD listed")
            .policy(|on| listed(on).allow_headers(["x-token"]))
            .page("attempt(api + '/echo', { method: 'HEAD', headers: { 'x-token': '1' } })")
            .gives(REFUSED)
            .server(["preflight HEAD /echo [x-token]: 400"]),
        case("fetch/head-with-header-listed", "and takes it when it is")
            .policy(|on| listed(on).allow_headers(["x-token"]).allow_methods(["HEAD"]))
            .page("attempt(api + '/echo', { method: 'HEAD', headers: { 'x-token': '1' } })")
            .gives("200")
            .server(["preflight HEAD /echo [x-token]: 200", "HEAD /echo: 200"]),
        case("fetch/put", "a listed method passes")
            .policy(|on| listed(on).allow_methods(["PUT"]))
            .page("attempt(api + '/echo', put)")
            .gives("200 PUT")
            .server(["preflight PUT /echo: 200", "PUT /echo: 200"]),
        case("fetch/put-not-listed", "another is refused, and not sent")
            .policy(listed)
            .page("attempt(api + '/echo', put)")
            .gives(REFUSED)
            .server(["preflight PUT /echo: 400"]),
        case("fetch/any-method", "`*` is Starlette's eight methods; browsers name them all")
            .policy(|on| listed(on).allow_methods(Any))
            .page("(async () => { const seen = []; for (const method of ['PUT', 'DELETE', 'PATCH', 'QUERY']) seen.push(await attempt(api + '/echo', { method })); return seen })()")
            .gives(vec!["200 PUT", "200 DELETE", "200 PATCH", "200 QUERY"]),
        case("fetch/options", "OPTIONS of a script is asked for like any method, and reaches the application")
            .policy(|on| listed(on).allow_methods(Any))
            .page("attempt(api + '/echo', { method: 'OPTIONS' })")
            .gives("200 OPTIONS")
            .server(["preflight OPTIONS /echo: 200", "OPTIONS /echo: 200"]),
        case("fetch/patch-lower-case", "fetch() does not upper-case patch (Fetch, normalize), and methods are case-sensitive")
            .policy(|on| listed(on).allow_methods(Any))
            .page("attempt(api + '/echo', { method: 'patch' })")
            .gives(REFUSED)
            .server(["preflight patch /echo: 400"]),
        case("fetch/put-lower-case", "it does upper-case put")
            .policy(|on| listed(on).allow_methods(["PUT"]))
            .page("attempt(api + '/echo', { method: 'put' })")
            .gives("200 PUT")
            .server(["preflight PUT /echo: 200", "PUT /echo: 200"]),
        case("fetch/mirror-methods", "mirror_methods takes what comes, as it is spelled")
            .policy(|on| listed(on).mirror_methods())
            .page("Promise.all([attempt(api + '/echo', { method: 'patch' }), attempt(api + '/echo', { method: 'EGG' })])")
            .gives(vec!["200 patch", "200 EGG"]),
        case("fetch/any-and-own-method", "methods of one's own stand beside `*` (difference D6)")
            .policy(|on| listed(on).allow_methods(Any).allow_methods(["PURGE"]))
            .page("attempt(api + '/echo', { method: 'PURGE' })")
            .gives("200 PURGE")
            .server(["preflight PURGE /echo: 200", "PURGE /echo: 200"]),
        case("fetch/preflight-204", "204 is as good as 200 (Fetch, ok status)")
            .policy(|on| listed(on).allow_methods(["PUT"]).preflight_status(StatusCode::NO_CONTENT))
            .page("attempt(api + '/echo', put)")
            .gives("200 PUT")
            .server(["preflight PUT /echo: 204", "PUT /echo: 200"]),
        case("fetch/header", "a listed header passes in any letter case")
            .policy(|on| listed(on).allow_headers(["X-Token"]))
            .page("attempt(api + '/header/x-token', { headers: { 'x-ToKen': '1' } })")
            .gives("200 1")
            .server(["preflight GET /header/x-token [x-token]: 200", "GET /header/x-token: 200"]),
        case("fetch/header-not-listed", "another is refused, and the request not sent")
            .policy(|on| listed(on).allow_headers(["x-token"]))
            .page("attempt(api + '/echo', { headers: { 'x-token': '1', 'x-other': '2' } })")
            .gives(REFUSED)
            .server(["preflight GET /echo [x-other,x-token]: 400"]),
        case("fetch/any-header", "`*` names what is asked for")
            .policy(|on| listed(on).allow_headers(Any))
            .page("attempt(api + '/echo', { headers: { 'X-B': '1', 'x-a': '2', 'content-type': 'text/html' } })")
            .gives("200 GET")
            .server(["preflight GET /echo [content-type,x-a,x-b]: 200", "GET /echo: 200"]),
        case("fetch/authorization", "a Bearer token is a header like others, and needs no credentials")
            .policy(|_| CorsLayer::new().allow_origins(Any).allow_headers(["authorization"]))
            .page("attempt(api + '/header/authorization', { headers: { authorization: 'Bearer 7' } })")
            .gives("200 Bearer 7")
            .server([
                "preflight GET /header/authorization [authorization]: 200",
                "GET /header/authorization: 200 with authorization",
            ]),
        case("fetch/authorization-any-header", "a literal `*` would not cover it (Fetch, CORS non-wildcard request-header name); its name does")
            .policy(|_| CorsLayer::new().allow_origins(Any).allow_headers(Any))
            .page("attempt(api + '/header/authorization', { headers: { authorization: 'Bearer 7' } })")
            .gives("200 Bearer 7"),
        case("fetch/safelisted-header-unsafe-value", "accept with a parenthesis is asked for, and is one of FastAPI's four")
            .policy(listed)
            .page("attempt(api + '/header/accept', { headers: { accept: '(' } })")
            .gives("200 (")
            .server(["preflight GET /header/accept [accept]: 200", "GET /header/accept: 200"]),
        case("fetch/range", "a simple range is safelisted")
            .policy(listed)
            .page("attempt(api + '/range', { headers: { range: 'bytes=0-3' } })")
            .gives("206 0123")
            .server(["GET /range: 206"]),
        case("fetch/range-suffix", "the last bytes are not, and `range` is none of FastAPI's four")
            .policy(listed)
            .page("attempt(api + '/range', { headers: { range: 'bytes=-3' } })")
            .gives(REFUSED)
            .server(["preflight GET /range [range]: 400"]),
        case("fetch/beacon", "a beacon of JSON is asked for, with credentials; nobody reads its response")
            .policy(|on| listed(on).allow_methods(["POST"]).allow_credentials(true))
            .page("navigator.sendBeacon(api + '/echo', new Blob(['{}'], { type: 'application/json' }))")
            .gives(true)
            .server(["preflight POST /echo [content-type]: 200", "POST /echo: 200"]),
        case("fetch/worker", "a worker has its page's origin")
            .policy(listed)
            .page("worker(api + '/echo')")
            .gives("GET")
            .server(["GET /echo: 200"]),
    ]
}
