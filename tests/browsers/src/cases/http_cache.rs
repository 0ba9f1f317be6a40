//! The browser's HTTP cache, which keeps the headers of CORS with the response.

use tower_cors::{Any, CorsLayer};

use super::listed;
use crate::case::{Case, From, case};

const GET: &str = "attempt(api + '/cached')";

pub fn cases() -> Vec<Case> {
    vec![
        case("http-cache/two-origins", "Vary: Origin keeps one page's answer from another")
            .policy(|on| listed(on).allow_origins([&on.second]))
            .page(GET)
            .gives("200 kept")
            .page_at(From::Second, GET)
            .gives("200 kept")
            .server(["GET /cached: 200", "GET /cached: 200 from http://localhost"]),
        case("http-cache/image-then-fetch", "and the answer to an image, which has no Origin, from a script")
            .policy(listed)
            .page("(async () => [await element('img', { src: api + '/cached/pixel.png' }), (await fetch(api + '/cached/pixel.png')).status])()")
            .gives(serde_json::json!(["loaded", 200]))
            .server(["GET /cached/pixel.png: 200 without Origin", "GET /cached/pixel.png: 200"]),
        case("http-cache/any-image-then-fetch", "even for `*`, as Starlette does it")
            .policy(|_| CorsLayer::new().allow_origins(Any))
            .page("(async () => [await element('img', { src: api + '/cached/pixel.png' }), (await fetch(api + '/cached/pixel.png')).status])()")
            .gives(serde_json::json!(["loaded", 200]))
            .server(["GET /cached/pixel.png: 200 without Origin", "GET /cached/pixel.png: 200"]),
        case("http-cache/constant-wildcard", "constant_wildcard: one answer for all, so a browser may reuse it")
            .policy(|_| CorsLayer::new().allow_origins(Any).constant_wildcard(true))
            .page("(async () => [await element('img', { src: api + '/cached/pixel.png' }), (await fetch(api + '/cached/pixel.png')).status])()")
            .gives(serde_json::json!(["loaded", 200]))
            .server(["GET /cached/pixel.png: 200 without Origin"])
            .or_server(["GET /cached/pixel.png: 200 without Origin", "GET /cached/pixel.png: 200"]),
        case("http-cache/constant-wildcard-two-origins", "for two pages as well")
            .policy(|_| CorsLayer::new().allow_origins(Any).constant_wildcard(true))
            .page(GET)
            .gives("200 kept")
            .page_at(From::Second, GET)
            .gives("200 kept")
            .server(["GET /cached: 200"])
            .or_server(["GET /cached: 200", "GET /cached: 200 from http://localhost"]),
        case("http-cache/same-page", "the same page may get the kept answer, Vary or not")
            .policy(listed)
            .page("(async () => [await attempt(api + '/cached'), await attempt(api + '/cached')])()")
            .gives(vec!["200 kept", "200 kept"])
            .server(["GET /cached: 200"])
            .or_server(["GET /cached: 200", "GET /cached: 200"]),
        case("http-cache/revalidated", "a 304 that the browser asked for is decorated, and the kept answer read")
            .policy(listed)
            .page("(async () => [await attempt(api + '/etag'), await attempt(api + '/etag')])()")
            .gives(vec!["200 tagged", "200 tagged"])
            .server(["GET /etag: 200", "GET /etag: 304"])
            .or_server(["GET /etag: 200", "GET /etag: 200"]),
    ]
}
