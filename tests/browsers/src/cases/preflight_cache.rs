//! How long browsers keep a preflight's answer, and for what.

use std::time::Duration;

use axum::{Router, middleware, response::Response};
use http::{HeaderValue, header};
use tower_cors::{Any, CorsLayer, Risk};

use super::listed;
use crate::{
    app,
    case::{Case, On, REFUSED, case},
    engine::Engine::{Chromium, Firefox, WebKit},
};

fn puts(on: &On) -> CorsLayer {
    listed(on).allow_methods(["PUT"])
}

pub fn cases() -> Vec<Case> {
    // Each mode of credentials after each other, at a URL of their own.
    macro_rules! each_mode {
        () => {
            "(async () => { const seen = []; const modes = ['omit', 'same-origin', 'include']; for (const first of modes) for (const then of modes) for (const credentials of [first, then]) seen.push(await attempt(`${api}/header/${first}-${then}`, { method: 'PUT', credentials })); return seen })()"
        };
    }
    const EACH_MODE: &str = each_mode!();
    const EACH_MODE_OF_NULL: &str = concat!("sandboxed(\"", each_mode!(), "\")");
    const TWICE: &str =
        "(async () => [await attempt(api + '/echo', put), await attempt(api + '/echo', put)])()";
    const LATER: &str = "(async () => [await attempt(api + '/echo', put), await pause(6000), await attempt(api + '/echo', put)])()";
    let later = serde_json::json!(["200 PUT", null, "200 PUT"]);
    let both = vec!["200 PUT", "200 PUT"];
    let once = ["preflight PUT /echo: 200", "PUT /echo: 200", "PUT /echo: 200"];
    let each_time = [
        "preflight PUT /echo: 200",
        "PUT /echo: 200",
        "preflight PUT /echo: 200",
        "PUT /echo: 200",
    ];
    vec![
        case("preflight-cache/default", "600 seconds, FastAPI's default")
            .policy(puts)
            .page(TWICE)
            .gives(both.clone())
            .server(once),
        case("preflight-cache/default-later", "which is more than the 5 that browsers take without the header")
            .policy(puts)
            .page(LATER)
            .gives(later.clone())
            .server(once),
        case("preflight-cache/zero", "Duration::ZERO: each request is asked for")
            .policy(|on| puts(on).max_age(Duration::ZERO))
            .page(TWICE)
            .gives(both.clone())
            .server(each_time),
        case("preflight-cache/none", "without the header browsers keep it for 5 seconds (Fetch, CORS-preflight fetch)")
            .policy(|on| puts(on).max_age(None))
            .page(TWICE)
            .gives(both.clone())
            .server(once),
        case("preflight-cache/none-later", "and no longer")
            .policy(|on| puts(on).max_age(None))
            .page(LATER)
            .gives(later)
            .server(each_time),
        case("preflight-cache/one-second", "as long as the policy says")
            .policy(|on| puts(on).max_age(Duration::from_secs(1)))
            .page("(async () => [await attempt(api + '/echo', put), await pause(2000), await attempt(api + '/echo', put)])()")
            .gives(serde_json::json!(["200 PUT", null, "200 PUT"]))
            .server(each_time),
        case("preflight-cache/other-url", "for this URL, query included")
            .policy(puts)
            .page("(async () => [await attempt(api + '/echo', put), await attempt(api + '/echo?2', put)])()")
            .gives(both.clone())
            .server(each_time),
        case("preflight-cache/other-credentials", "not for requests with credentials if asked without (Fetch, CORS-preflight cache)")
            .policy(|on| puts(on).allow_credentials(true))
            .page("(async () => [await attempt(api + '/echo', put), await attempt(api + '/echo', { ...put, ...include })])()")
            .gives(both)
            .server(each_time),
        case("preflight-cache/each-mode", "by the standard whether credentials are sent is the one thing that counts")
            .policy(|on| puts(on).allow_credentials(true))
            .page(EACH_MODE)
            .gives(vec!["200 no such header"; 18]),
        case("preflight-cache/each-mode-of-null", "for a sandboxed frame as well")
            .policy(|_| {
                CorsLayer::new()
                    .allow_origins(["null"])
                    .allow_methods(["PUT"])
                    .allow_credentials(true)
                    .tolerate(Risk::NullOrigin)
            })
            .page(EACH_MODE_OF_NULL)
            .gives(vec!["200 no such header"; 18]),
        case("preflight-cache/all-listed-methods", "for every method of the list, asked for or not")
            .policy(|on| listed(on).allow_methods(["PUT", "DELETE"]))
            .page("(async () => [await attempt(api + '/echo', put), await attempt(api + '/echo', { method: 'DELETE' })])()")
            .gives(vec!["200 PUT", "200 DELETE"])
            .server(["preflight PUT /echo: 200", "PUT /echo: 200", "DELETE /echo: 200"]),
        case("preflight-cache/all-listed-headers", "for every header of the list, asked for or not")
            .policy(|on| listed(on).allow_headers(["x-a", "x-b"]))
            .page("(async () => [await attempt(api + '/echo', { headers: { 'x-a': '1' } }), await attempt(api + '/echo', { headers: { 'x-b': '1' } })])()")
            .gives(vec!["200 GET", "200 GET"])
            .server(["preflight GET /echo [x-a]: 200", "GET /echo: 200", "GET /echo: 200"]),
        case("preflight-cache/any-header", "`*` names only what was asked for, so another header is asked for again")
            .policy(|on| listed(on).allow_headers(Any))
            .page("(async () => [await attempt(api + '/echo', { headers: { 'x-a': '1' } }), await attempt(api + '/echo', { headers: { 'x-b': '1' } })])()")
            .gives(vec!["200 GET", "200 GET"])
            .server([
                "preflight GET /echo [x-a]: 200",
                "GET /echo: 200",
                "preflight GET /echo [x-b]: 200",
                "GET /echo: 200",
            ]),
        case("preflight-cache/literal-wildcard-token", "a kept literal `*` covers no token (Fetch, CORS-preflight cache), though engines let the preflight pass")
            .serve(literal_wildcard)
            .page("(async () => { const seen = []; for (const headers of [{ 'x-a': '1' }, { authorization: 'Bearer 7' }, { authorization: 'Bearer 7' }, { 'x-a': '1' }]) seen.push(await attempt(api + '/echo', { headers })); return seen })()")
            .gives(vec!["200 GET", REFUSED, REFUSED, "200 GET"])
            .except(Chromium, COVERS, vec!["200 GET"; 4])
            .except(Firefox, COVERS, vec!["200 GET"; 4])
            .except(WebKit, COVERS, vec!["200 GET"; 4]),
    ]
}

/// An application that allows any header by a literal `*`.
fn literal_wildcard(_: &On) -> Router {
    app::router().layer(middleware::map_response(async |mut response: Response| {
        let any = HeaderValue::from_static("*");
        let fields = response.headers_mut();
        fields.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, any.clone());
        fields.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, any);
        response
    }))
}

const COVERS: &str = "lets `*` cover Authorization";
