//! Pages of another site, and pages under a rebound name, against `enforce_origin` and `allow_hosts`.

use axum::Router;
use tower_cors::{CorsLayer, EnforceOrigin};

use super::foreign;
use crate::{
    app,
    case::{Case, From, On, REFUSED, case},
    engine::Engine::{Firefox, WebKit},
};

/// Another site than `localhost`, where the server is.
const SITE: From = From::Host("127.0.0.1");

fn state_changing(on: &On) -> CorsLayer {
    foreign(on).enforce_origin(EnforceOrigin::StateChanging)
}

fn all_requests(on: &On) -> CorsLayer {
    foreign(on).enforce_origin(EnforceOrigin::AllRequests)
}

fn with_hosts(on: &On) -> CorsLayer {
    all_requests(on).allow_hosts(on.api.strip_prefix("http://"))
}

/// The attacker's page comes from the attacker's server; then the name is rebound. So the page is outside
/// of the layer here.
fn rebound(policy: fn(&On) -> CorsLayer) -> impl Fn(&On) -> Router + Send + Sync {
    move |on| app::pages().fallback_service(app::router().layer(policy(on)))
}

pub fn cases() -> Vec<Case> {
    let mut cases = other_sites();
    cases.extend(service_workers());
    cases.extend(
        rebound_pages().map(|case| {
            case.unplayable_in(WebKit, "WebKitGTK cannot be told where a name points to")
        }),
    );
    cases
}

fn other_sites() -> Vec<Case> {
    let embedded = |name, why, source| {
        case(name, why)
            .policy(all_requests)
            .page_at(SITE, source)
            .server(["GET /echo: 403 without Origin, not carried out"])
    };
    vec![
        case("attack/socket", "a WebSocket of another site is refused")
            .policy(|on| foreign(on).enforce_origin(EnforceOrigin::WebSockets))
            .page_at(SITE, "socket(api)")
            .gives(REFUSED)
            .server(["GET /socket: 403, not carried out"]),
        case("attack/text-plain", "a POST of text/plain needs no preflight, and is refused all the same")
            .policy(state_changing)
            .page_at(SITE, "attempt(api + '/echo', { method: 'POST', mode: 'no-cors', headers: { 'content-type': 'text/plain' }, body: '{}' })")
            .gives("opaque")
            .server(["POST /echo: 403, not carried out"]),
        case("attack/form-in-frame", "a form sent into a frame")
            .policy(state_changing)
            .page_at(SITE, "form(api + '/echo')")
            .gives("sent")
            .server(["POST /echo: 403, not carried out"]),
        case("attack/form", "a form that navigates")
            .policy(all_requests)
            .page_at(SITE, "leaveByForm(api + '/echo')")
            .gives("left")
            .server(["POST /echo: 403, not carried out"]),
        case("attack/image", "an image")
            .policy(all_requests)
            .page_at(SITE, "element('img', { src: api + '/pixel.png' })")
            .gives(REFUSED)
            .server(["GET /pixel.png: 403 without Origin, not carried out"]),
        case("attack/script", "a script, which would run here")
            .policy(all_requests)
            .page_at(SITE, "element('script', { src: api + '/script.js' })")
            .gives(REFUSED)
            .server(["GET /script.js: 403 without Origin, not carried out"]),
        embedded("attack/iframe", "a frame", "embedded('iframe', { src: api + '/echo' })"),
        embedded("attack/object", "an object", "embedded('object', { data: api + '/echo' })"),
        embedded("attack/embed", "an embed", "embedded('embed', { src: api + '/echo' })"),
        case("attack/link", "a link of another site is no attack, and opens the page")
            .policy(all_requests)
            .page_at(SITE, "leaveByLink(api + '/echo')")
            .gives("left")
            .server(["GET /echo: 200 without Origin"]),
    ]
}

fn service_workers() -> Vec<Case> {
    vec![
        case(
            "attack/form-through-worker",
            "a form of another site through the site's own service worker",
        )
        .policy(state_changing)
        .page_at(From::Api, "serve('/worker.js')")
        .gives("served")
        .page_at(SITE, "leaveByForm(api + '/echo')")
        .gives("left")
        .server([
            "GET /: 200 without Origin",
            "GET /page.js: 200 without Origin",
            "POST /echo: 403 from http://127.0.0.1, not carried out",
        ])
        .except_server(
            Firefox,
            "puts the site's own Origin in the place of the attacker's, which no server can see",
            ["GET /: 200 without Origin", "GET /page.js: 200 without Origin", "POST /echo: 200"],
        ),
    ]
}

fn rebound_pages() -> impl Iterator<Item = Case> {
    const SOCKET: &str = "socket(`http://${location.host}`)";
    const POST: &str = "attempt('/echo', { method: 'POST', body: 'hello' })";
    [
        case("rebound/get", "without allow_hosts a rebound page reads: its GET has neither Origin nor Sec-Fetch-Site")
            .serve(rebound(all_requests))
            .page_at(From::Rebound, "attempt('/echo')")
            .gives("200 GET"),
        case("rebound/get-with-hosts", "with allow_hosts it does not")
            .serve(rebound(with_hosts))
            .page_at(From::Rebound, "attempt('/echo')")
            .gives("400 Invalid host header"),
        case("rebound/post", "its POST has an Origin that equals Host, and is refused")
            .serve(rebound(all_requests))
            .page_at(From::Rebound, POST)
            .gives("403 Disallowed CORS origin"),
        case("rebound/post-with-hosts", "the host is refused first")
            .serve(rebound(with_hosts))
            .page_at(From::Rebound, POST)
            .gives("400 Invalid host header"),
        case("rebound/socket", "its WebSocket is refused")
            .serve(rebound(all_requests))
            .page_at(From::Rebound, SOCKET)
            .gives(REFUSED),
        case("rebound/socket-with-hosts", "the same")
            .serve(rebound(with_hosts))
            .page_at(From::Rebound, SOCKET)
            .gives(REFUSED),
        case("rebound/not-enforced", "CORS alone lets all of it pass")
            .serve(rebound(foreign))
            .page_at(From::Rebound, "(async () => [await attempt('/echo'), await attempt('/echo', { method: 'POST', body: 'hello' }), await socket(`http://${location.host}`)])()")
            .gives(vec!["200 GET", "200 POST hello", "heard hello"]),
    ]
    .into_iter()
}
