//! How long browsers keep a preflight's answer, and for what.

use std::time::Duration;

use tower_cors::{Any, CorsLayer};

use super::listed;
use crate::case::{Case, On, case};

fn puts(on: &On) -> CorsLayer {
    listed(on).allow_methods(["PUT"])
}

pub fn cases() -> Vec<Case> {
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
    ]
}
