//! Held out: cookies and WebSockets.

use super::{ANY, FOLLOWS, FRAME_OF_SITE, WITH_CREDENTIALS, by_hand};
use crate::{
    case::{Case, From, REFUSED, case},
    engine::Engine::WebKit,
};

pub(super) fn cookies() -> Vec<Case> {
    vec![
        case("held-out/cookie-strict", "another port is the same site, so a strict cookie goes along")
            .serve(|on| by_hand(on, 200, &[], WITH_CREDENTIALS))
            .page("(async () => { await attempt(api + '/with?set-cookie=a%3D1%3B+SameSite%3DStrict%3B+HttpOnly', include); return attempt(api + '/header/cookie', include) })()")
            .gives("200 a=1"),
        case("held-out/cookie-path", "a cookie is for its path")
            .serve(|on| by_hand(on, 200, &[], WITH_CREDENTIALS))
            .page("(async () => { await attempt(api + '/with?set-cookie=a%3D1%3B+Path%3D/header%3B+SameSite%3DLax', include); const seen = [await attempt(api + '/header/cookie', include), await attempt(api + '/echo', include)]; await attempt(api + '/with?set-cookie=a%3D%3B+Path%3D/header%3B+Max-Age%3D0', include); return seen })()")
            .gives(vec!["200 a=1", "200 GET"])
            .server(["GET /with: 200", "GET /header/cookie: 200 with cookie a=1", "GET /echo: 200", "GET /with: 200"]),
        case("held-out/cookie-removed", "Max-Age=0 takes it away")
            .serve(|on| by_hand(on, 200, &[], WITH_CREDENTIALS))
            .page("(async () => { await attempt(api + '/login', include); await attempt(api + '/with?set-cookie=visitor%3D%3B+Path%3D/%3B+Max-Age%3D0', include); return attempt(api + '/header/cookie', include) })()")
            .gives("200 no such header"),
        case("held-out/cookie-not-kept", "Set-Cookie of a response that was asked for without credentials is ignored")
            .serve(|on| by_hand(on, 200, &[], WITH_CREDENTIALS))
            .page("(async () => { await attempt(api + '/login'); return attempt(api + '/header/cookie', include) })()")
            .gives("200 no such header"),
        case("held-out/cookie-of-preflight", "that of a preflight as well")
            .serve(|on| {
                by_hand(on, 200, &[
                    "access-control-allow-origin: {page}",
                    "access-control-allow-credentials: true",
                    "access-control-allow-methods: PUT",
                    "set-cookie: a=1; Path=/; SameSite=Lax",
                ], WITH_CREDENTIALS)
            })
            .page("(async () => { await attempt(api + '/echo', { ...put, ...include }); return attempt(api + '/header/cookie', include) })()")
            .gives("200 no such header"),
        case("held-out/cookie-other-site", "a cookie with SameSite=Lax is neither kept nor sent across sites")
            .serve(|on| by_hand(on, 200, &[], WITH_CREDENTIALS))
            .page_at(From::Host("127.0.0.1"), "(async () => { await attempt(api + '/login', include); return attempt(api + '/header/cookie', include) })()")
            .gives("200 no such header"),
        case("held-out/cookie-omitted", "credentials: 'omit' sends none to the page's own server")
            .serve(|on| by_hand(on, 200, &[], &[]))
            .page_at(From::Api, "(async () => { await attempt('/login'); return [await attempt('/header/cookie'), await attempt('/header/cookie', { credentials: 'omit' })] })()")
            .gives(vec!["200 visitor=7", "200 no such header"]),
        case("held-out/cookie-of-null", "a sandboxed frame is of no site")
            .serve(|on| by_hand(on, 200, &[], &["access-control-allow-origin: null", "access-control-allow-credentials: true"]))
            .page(r#"sandboxed("(async () => { await attempt(api + '/login', include); return attempt(api + '/header/cookie', include) })()")"#)
            .gives("200 no such header")
            .except(WebKit, FRAME_OF_SITE, "200 visitor=7"),
    ]
}

pub(super) fn sockets() -> Vec<Case> {
    vec![
        case(
            "held-out/socket-refused",
            "a handshake that is answered with 200 opens nothing, whatever the headers",
        )
        .serve(|on| {
            by_hand(on, 200, ANY, ANY)
                .route("/refused/socket", axum::routing::any(async || "hello"))
        })
        .page("socket(api + '/refused')")
        .gives(REFUSED),
        case("held-out/socket-redirected", "a handshake follows no redirect")
            .serve(|on| {
                by_hand(on, 200, ANY, ANY).route(
                    "/moved/socket",
                    axum::routing::any(async || axum::response::Redirect::temporary("/socket")),
                )
            })
            .page("socket(api + '/moved')")
            .gives(REFUSED)
            .except(WebKit, FOLLOWS, "heard hello"),
    ]
}
