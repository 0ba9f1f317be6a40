//! Redirects: every hop is checked, and some make the origin `null`.

use std::time::Duration;

use axum::{
    extract::Request,
    middleware::{self, Next},
    response::{IntoResponse, Redirect},
};
use tower_cors::{Any, CorsLayer};

use super::listed;
use crate::{
    app,
    case::{Case, From, REFUSED, case},
    engine::Engine::{Chromium, Firefox, WebKit},
};

const PREFLIGHT_AFTER_303: &str =
    "asks before the GET that follows a 303, though nothing unsafe is left of the POST";

const PREFLIGHT_FOR_DROPPED: &str =
    "asks for the request without the token, though it needs no preflight any more";

/// With a body and without, of two types.
const UNSAFE_POSTS: &str = "(async () => { const seen = []; for (const status of [301, 302]) for (const body of ['{}', undefined]) for (const type of ['application/json', 'text/html']) seen.push(await attempt(redirect(status, api + '/echo'), { method: 'POST', headers: { 'content-type': type, 'accept': '(' }, body })); return seen })()";

const NEEDS_LOCATION: &str = "redirect: 'error' refuses only what says where to";

const PARSES_LOCATION: &str = "refuses a malformed address also where it is not followed";

const DELETE_BECOMES_GET: &str = "makes a GET of a DELETE that is redirected to another origin";

const PREFLIGHT_OF_PAGE: &str = "asks with the page's origin for a request whose origin is null";

/// A redirect that no layer decorates: a proxy's, from `/old` to `/echo`.
async fn proxy(request: Request, next: Next) -> axum::response::Response {
    if request.uri().path() == "/old" {
        return Redirect::permanent("/echo").into_response();
    }
    next.run(request).await
}

pub fn cases() -> Vec<Case> {
    vec![
        case("redirects/same-server", "the layer decorates redirects, so both hops pass")
            .policy(listed)
            .page("attempt(redirect(302, api + '/echo'))")
            .gives("200 GET")
            .server(["GET /redirect/302: 302", "GET /echo: 200"]),
        case("redirects/undecorated", "a redirect made outside of the layer fails, wherever it leads")
            .serve(|on| app::router().layer(listed(on)).layer(middleware::from_fn(proxy)))
            .page("attempt(api + '/old')")
            .gives(REFUSED)
            .server(["GET /old: 308, not carried out"])
            .console(Chromium, &["No 'Access-Control-Allow-Origin' header is present on the requested resource."]),
        case("redirects/preflight", "a preflight must not be redirected, so the layer stands outside of what redirects")
            .serve(|on| {
                app::router().layer(listed(on).allow_methods(["PUT"])).layer(middleware::from_fn(proxy))
            })
            .page("attempt(api + '/old', put)")
            .gives(REFUSED)
            .server(["preflight PUT /old: 308"]),
        case("redirects/preflight-answered", "inside of the layer the preflight is answered and each hop asked for")
            .serve(|on| {
                app::router().layer(middleware::from_fn(proxy)).layer(listed(on).allow_methods(["PUT"]))
            })
            .page("attempt(api + '/old', put)")
            .gives("200 PUT")
            .server([
                "preflight PUT /old: 200",
                "PUT /old: 308, not carried out",
                "preflight PUT /echo: 200",
                "PUT /echo: 200",
            ]),
        case("redirects/other-server", "from one foreign server to another the origin becomes null (Fetch, HTTP-redirect fetch)")
            .policy(listed)
            .beside(listed)
            .page("attempt(redirect(302, beside + '/echo'))")
            .gives(REFUSED)
            .server(["GET /redirect/302: 302"])
            .beside_sees(["GET /echo: 200 from null"]),
        case("redirects/other-server-null-listed", "which may be listed, if there is nothing to lose")
            .policy(listed)
            .beside(|_| CorsLayer::new().allow_origins(["null"]))
            .page("attempt(redirect(302, beside + '/echo'))")
            .gives("200 GET")
            .beside_sees(["GET /echo: 200 from null"]),
        case("redirects/other-server-any", "and is any origin")
            .policy(listed)
            .beside(|_| CorsLayer::new().allow_origins(Any))
            .page("attempt(redirect(307, beside + '/echo'))")
            .gives("200 GET")
            .beside_sees(["GET /echo: 200 from null"]),
        case("redirects/from-own-server", "from its own server to another a page keeps its origin")
            .policy(|_| CorsLayer::new())
            .beside(listed)
            .page_at(From::Api, "attempt(redirect(302, beside + '/echo'))")
            .gives("200 GET")
            .server(["GET /: 200 without Origin", "GET /page.js: 200 without Origin", "GET /redirect/302: 302 without Origin"])
            .beside_sees(["GET /echo: 200"]),
        case("redirects/307-put", "a 307 keeps the method, which is asked for at both URLs")
            .policy(|on| listed(on).allow_methods(["PUT"]))
            .page("attempt(redirect(307, api + '/echo'), put)")
            .gives("200 PUT")
            .server([
                "preflight PUT /redirect/307: 200",
                "PUT /redirect/307: 307",
                "preflight PUT /echo: 200",
                "PUT /echo: 200",
            ]),
        case("redirects/303-post", "a 303 makes a GET of a JSON POST; Firefox and WebKit ask for it, so list GET beside POST")
            .policy(|on| listed(on).allow_methods(["GET", "POST"]))
            .page("attempt(redirect(303, api + '/echo'), json)")
            .gives("200 GET")
            .server([
                "preflight POST /redirect/303 [content-type]: 200",
                "POST /redirect/303: 303",
                "GET /echo: 200",
            ])
            .except_server(Firefox, PREFLIGHT_AFTER_303, [
                "preflight POST /redirect/303 [content-type]: 200",
                "POST /redirect/303: 303",
                "preflight GET /echo: 200",
                "GET /echo: 200",
            ])
            .except_server(WebKit, PREFLIGHT_AFTER_303, [
                "preflight POST /redirect/303 [content-type]: 200",
                "POST /redirect/303: 303",
                "preflight GET /echo [content-type]: 200",
                "GET /echo: 200",
            ]),
        case("redirects/303-post-get-not-listed", "by the standard nothing asks for the GET, so it passes unlisted")
            .policy(|on| listed(on).allow_methods(["POST"]))
            .page("attempt(redirect(303, api + '/echo'), json)")
            .gives("200 GET")
            .server([
                "preflight POST /redirect/303 [content-type]: 200",
                "POST /redirect/303: 303",
                "GET /echo: 200",
            ])
            .except(Firefox, PREFLIGHT_AFTER_303, REFUSED)
            .except_server(Firefox, PREFLIGHT_AFTER_303, [
                "preflight POST /redirect/303 [content-type]: 200",
                "POST /redirect/303: 303",
                "preflight GET /echo: 400",
            ])
            .except(WebKit, PREFLIGHT_AFTER_303, REFUSED)
            .except_server(WebKit, PREFLIGHT_AFTER_303, [
                "preflight POST /redirect/303 [content-type]: 200",
                "POST /redirect/303: 303",
                "preflight GET /echo [content-type]: 400",
            ]),
        case("redirects/authorization-dropped", "a token does not follow to another origin (Fetch, HTTP-redirect fetch)")
            .policy(|on| listed(on).allow_headers(["authorization"]))
            .beside(|_| CorsLayer::new().allow_origins(Any).allow_headers(["authorization"]))
            .page("attempt(redirect(302, beside + '/header/authorization'), { headers: { authorization: 'Bearer 7' } })")
            .gives("200 no such header")
            .server([
                "preflight GET /redirect/302 [authorization]: 200",
                "GET /redirect/302: 302 with authorization",
            ])
            .beside_sees(["GET /header/authorization: 200 from null"])
            .except_beside(Firefox, PREFLIGHT_FOR_DROPPED, [
                "preflight GET /header/authorization: 200",
                "GET /header/authorization: 200 from null",
            ])
            .except_beside(WebKit, PREFLIGHT_FOR_DROPPED, [
                "preflight GET /header/authorization [authorization]: 200 from null",
                "GET /header/authorization: 200 from null",
            ]),
        case("redirects/manual", "redirect: 'manual' shows that there is one, and nothing else")
            .policy(listed)
            .page("attempt(redirect(302, api + '/echo'), { redirect: 'manual' })")
            .gives("opaqueredirect")
            .server(["GET /redirect/302: 302"]),
        case("redirects/without-location", "the status alone makes a redirect, which only 'follow' reads as a response (Fetch, HTTP fetch)")
            .policy(listed)
            .page("(async () => { const seen = []; for (const redirect of ['follow', 'error', 'manual']) seen.push(await attempt(api + '/status/302', { redirect })); return seen })()")
            .gives(vec!["302 status 302", REFUSED, "opaqueredirect"])
            .except(Chromium, NEEDS_LOCATION, vec!["302 status 302", "302 status 302", "opaqueredirect"])
            .except(WebKit, NEEDS_LOCATION, vec!["302 status 302", "302 status 302", "opaqueredirect"]),
        case("redirects/malformed-location", "so an address that is none fails only where it is followed")
            .policy(listed)
            .page("(async () => { const seen = []; for (const redirect of ['follow', 'error', 'manual']) seen.push(await attempt(api + '/redirect/302?to=http://[', { redirect })); return seen })()")
            .gives(vec![REFUSED, REFUSED, "opaqueredirect"])
            .except(Chromium, PARSES_LOCATION, vec![REFUSED; 3]),
        case("redirects/307-delete", "a DELETE stays one on another server")
            .policy(|on| listed(on).allow_methods(["DELETE", "GET"]))
            .beside(|_| CorsLayer::new().allow_origins(Any).allow_methods(["DELETE", "GET"]))
            .page("attempt(redirect(307, beside + '/echo'), { method: 'DELETE' })")
            .gives("200 DELETE")
            .beside_sees(["preflight DELETE /echo: 200 from null", "DELETE /echo: 200 from null"])
            .except(WebKit, DELETE_BECOMES_GET, "200 GET")
            .except_beside(WebKit, DELETE_BECOMES_GET, ["preflight GET /echo: 200 from null", "GET /echo: 200 from null"])
            .except_beside(Firefox, PREFLIGHT_OF_PAGE, ["preflight DELETE /echo: 200", "DELETE /echo: 200 from null"]),
        case("redirects/unsafe-post", "a 301 or 302 makes a GET of a POST, and its content type goes with the body")
            .policy(|on| listed(on).allow_methods(["GET", "POST"]).max_age(Duration::ZERO))
            .page(UNSAFE_POSTS)
            .gives(vec!["200 GET"; 8]),
        case("redirects/unsafe-post-other-server", "on the way to another server as well")
            .policy(|on| listed(on).allow_methods(["GET", "POST"]).max_age(Duration::ZERO))
            .beside(|_| CorsLayer::new().allow_origins(Any).allow_methods(["GET", "POST"]))
            .page("(async () => { const seen = []; for (const status of [301, 302, 303]) seen.push(await attempt(redirect(status, beside + '/echo'), json)); return seen })()")
            .gives(vec!["200 GET"; 3]),
    ]
}
