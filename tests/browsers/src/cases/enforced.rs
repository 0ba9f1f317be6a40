//! WebSockets, which CORS does not cover, and `enforce_origin`, which does.

use tower_cors::{CorsLayer, EnforceOrigin};

use super::{foreign, listed};
use crate::{
    case::{Case, From, On, REFUSED, case},
    engine::Engine::{Chromium, Firefox},
};

const NULL_ANYWAY: &str =
    "sends Origin: null with whatever a frame of no origin loads, plain images included";

fn foreign_sockets(on: &On) -> CorsLayer {
    foreign(on).enforce_origin(EnforceOrigin::WebSockets)
}

fn foreign_requests(on: &On) -> CorsLayer {
    foreign(on).enforce_origin(EnforceOrigin::AllRequests)
}

pub fn cases() -> Vec<Case> {
    vec![
        case("socket/not-listed", "any page can open a socket: there is no CORS for them")
            .policy(foreign)
            .page("socket(api)")
            .gives("heard hello")
            .server(["GET /socket: 101"]),
        case("socket/not-listed-cookies", "with its visitor's cookies")
            .policy(foreign)
            .page("(async () => { await attempt(api + '/login', include); return socket(api) })()")
            .gives("heard hello")
            .server(["GET /login: 200", "GET /socket: 101 with cookie visitor=7"]),
        case("socket/enforced-not-listed", "EnforceOrigin::WebSockets refuses the handshake")
            .policy(foreign_sockets)
            .page("socket(api)")
            .gives(REFUSED)
            .server(["GET /socket: 403, not carried out"]),
        case("socket/enforced-listed", "and lets listed origins in")
            .policy(|on| listed(on).enforce_origin(EnforceOrigin::WebSockets))
            .page("socket(api)")
            .gives("heard hello")
            .server(["GET /socket: 101"]),
        case("socket/enforced-own-server", "a page of the same server needs no listing")
            .policy(foreign_sockets)
            .page_at(From::Api, "socket(api)")
            .gives("heard hello"),
        case("socket/enforced-null", "a sandboxed frame is not the same server")
            .policy(foreign_sockets)
            .page(r#"sandboxed("socket(api)")"#)
            .gives(REFUSED)
            .server(["GET /socket: 403 from null, not carried out"]),
        case("socket/enforced-pattern", "patterns hold here as for requests")
            .policy(|_| {
                CorsLayer::new()
                    .allow_origins(["http://*.localhost:*"])
                    .enforce_origin(EnforceOrigin::WebSockets)
            })
            .page_at(From::Host("app.localhost"), "socket(api)")
            .gives("heard hello")
            .page_at(From::Page, "socket(api)")
            .gives(REFUSED),
        case("socket/enforced-requests-pass", "other requests are carried out as ever")
            .policy(foreign_sockets)
            .page("attempt(api + '/echo', { method: 'POST', body: 'hello' })")
            .gives(REFUSED)
            .server(["POST /echo: 200"]),
        case("enforced/post", "EnforceOrigin::AllRequests stops what CORS would carry out")
            .policy(foreign_requests)
            .page("attempt(api + '/echo', { method: 'POST', body: 'hello' })")
            .gives(REFUSED)
            .server(["POST /echo: 403, not carried out"]),
        case("enforced/no-cors-post", "a no-cors POST")
            .policy(foreign_requests)
            .page("attempt(api + '/echo', { method: 'POST', mode: 'no-cors', body: 'hello' })")
            .gives("opaque")
            .server(["POST /echo: 403, not carried out"]),
        case("enforced/form", "a form sent by a navigation")
            .policy(foreign_requests)
            .page("form(api + '/echo')")
            .gives("sent")
            .server(["POST /echo: 403, not carried out"]),
        case("enforced/socket", "a WebSocket")
            .policy(foreign_requests)
            .page("socket(api)")
            .gives(REFUSED)
            .server(["GET /socket: 403, not carried out"]),
        case("enforced/no-origin", "an image of another site has no Origin, but Sec-Fetch-Site")
            .policy(foreign_requests)
            .page("element('img', { src: api + '/pixel.png' })")
            .gives("refused")
            .server(["GET /pixel.png: 403 without Origin, not carried out"]),
        case("enforced/listed", "a listed origin is served and reads the response")
            .policy(|on| {
                listed(on).allow_methods(["PUT"]).enforce_origin(EnforceOrigin::AllRequests)
            })
            .page("Promise.all([attempt(api + '/echo'), attempt(api + '/echo', put)])")
            .gives(vec!["200 GET", "200 PUT"]),
        case("enforced/own-server", "a page of the same server needs no listing")
            .policy(foreign_requests)
            .page_at(
                From::Api,
                "Promise.all([attempt('/echo'), attempt('/echo', json), form('/echo')])",
            )
            .gives(vec!["200 GET", "200 POST {}", "sent"]),
        case("enforced/null", "a sandboxed frame of the same server is stopped")
            .policy(foreign_requests)
            .page_at(From::Api, r#"sandboxed("attempt(api + '/echo')")"#)
            .gives(REFUSED),
        case("enforced/null-image", "an image of a sandboxed frame has no Origin by the standard (Fetch, append a request Origin header), but Sec-Fetch-Site")
            .policy(foreign_requests)
            .page(r#"sandboxed("element('img', { src: api + '/pixel.png' })")"#)
            .gives(REFUSED)
            .server(["GET /pixel.png: 403 without Origin, not carried out"])
            .except_server(Chromium, NULL_ANYWAY, ["GET /pixel.png: 403 from null, not carried out"])
            .except_server(Firefox, NULL_ANYWAY, ["GET /pixel.png: 403 from null, not carried out"]),
    ]
}
