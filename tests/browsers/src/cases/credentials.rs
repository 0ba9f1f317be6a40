//! Cookies and `credentials: 'include'`.

use serde_json::json;
use tower_cors::{Any, CorsLayer, Risk};

use super::{foreign, listed};
use crate::case::{Case, REFUSED, case};

pub fn cases() -> Vec<Case> {
    vec![
        case("credentials/allowed", "cookies come and go, and the page reads what comes back")
            .policy(|on| listed(on).allow_credentials(true))
            .page("(async () => [await attempt(api + '/login', include), await attempt(api + '/header/cookie', include)])()")
            .gives(vec!["200 welcome", "200 visitor=7"])
            .server(["GET /login: 200", "GET /header/cookie: 200 with cookie visitor=7"]),
        case("credentials/preflight-without", "no preflight has cookies (Fetch, CORS-preflight fetch), so the layer stands outside of authentication")
            .policy(|on| listed(on).allow_credentials(true).allow_methods(["GET", "PUT"]))
            .page("(async () => { await attempt(api + '/login', include); return attempt(api + '/echo', { ...put, ...include }) })()")
            .gives("200 PUT")
            .server([
                "GET /login: 200",
                "preflight PUT /echo: 200",
                "PUT /echo: 200 with cookie visitor=7",
            ]),
        case("credentials/not-allowed", "a request with credentials is carried out, and the page cannot read it; one without it can")
            .policy(listed)
            .page("(async () => [await attempt(api + '/echo', include), await attempt(api + '/echo')])()")
            .gives(vec![REFUSED, "200 GET"])
            .server(["GET /echo: 200", "GET /echo: 200"]),
        case("credentials/not-allowed-preflight", "the preflight fails for the real request's sake, which is not sent")
            .policy(|on| listed(on).allow_methods(["PUT"]))
            .page("attempt(api + '/echo', { ...put, ...include })")
            .gives(REFUSED)
            .server(["preflight PUT /echo: 200"]),
        case("credentials/by-default-none", "fetch() sends no cookies to another origin unless told to")
            .policy(|on| listed(on).allow_credentials(true))
            .page("(async () => { await attempt(api + '/login', include); return attempt(api + '/header/cookie') })()")
            .gives("200 no such header"),
        case("credentials/set-cookie-of-refused", "a failed CORS check does not undo Set-Cookie (Fetch, CORS protocol, examples)")
            .policy(foreign)
            .page("(async () => [await attempt(api + '/login', include), await attempt(api + '/echo', include)])()")
            .gives(vec![REFUSED, REFUSED])
            .server(["GET /login: 200", "GET /echo: 200 with cookie visitor=7"]),
        case("credentials/wildcard-without", "`*` without allow_credentials is not for cookies")
            .policy(|_| CorsLayer::new().allow_origins(Any))
            .page("(async () => [await attempt(api + '/echo', include), await attempt(api + '/echo')])()")
            .gives(vec![REFUSED, "200 GET"]),
        case("credentials/wildcard-tolerated", "`*` with them names the origin, once the risk is tolerated")
            .policy(|_| {
                CorsLayer::new()
                    .allow_origins(Any)
                    .allow_credentials(true)
                    .tolerate(Risk::AnyOrigin)
            })
            .page("(async () => { await attempt(api + '/login', include); return attempt(api + '/header/cookie', include) })()")
            .gives("200 visitor=7"),
        case("credentials/any-header-any-method", "a literal `*` would be a name here; ours are names anyway")
            .policy(|on| listed(on).allow_credentials(true).allow_headers(Any).allow_methods(Any))
            .page("attempt(api + '/echo', { ...put, ...include, headers: { 'x-token': '1' } })")
            .gives("200 PUT")
            .server(["preflight PUT /echo [x-token]: 200", "PUT /echo: 200"]),
        case("credentials/exposed-headers", "headers listed by name are exposed with credentials, too")
            .policy(|on| listed(on).allow_credentials(true).expose_headers(["x-request-id"]))
            .page("headers(api + '/echo', include, 'x-request-id', 'x-other')")
            .gives(json!(["7", null])),
    ]
}
