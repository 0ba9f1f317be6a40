//! XMLHttpRequest and EventSource.

use super::{foreign, listed};
use crate::case::{Case, REFUSED, case};

pub fn cases() -> Vec<Case> {
    vec![
        case("xhr/get", "as fetch()")
            .policy(listed)
            .page("xhr('GET', api + '/echo')")
            .gives("200 GET")
            .server(["GET /echo: 200"]),
        case("xhr/not-listed", "as fetch()")
            .policy(foreign)
            .page("xhr('GET', api + '/echo')")
            .gives(REFUSED)
            .server(["GET /echo: 200"]),
        case("xhr/put-with-header", "as fetch()")
            .policy(|on| listed(on).allow_methods(["PUT"]).allow_headers(["x-token"]))
            .page("xhr('PUT', api + '/echo', { fields: { 'X-Token': '1' }, body: 'hello' })")
            .gives("200 PUT hello"),
        case("xhr/with-credentials", "withCredentials is credentials: 'include'")
            .policy(|on| listed(on).allow_credentials(true))
            .page("(async () => { await attempt(api + '/login', include); return xhr('GET', api + '/header/cookie', { credentials: true }) })()")
            .gives("200 visitor=7"),
        case("xhr/with-credentials-not-allowed", "and needs allow_credentials")
            .policy(listed)
            .page("xhr('GET', api + '/echo', { credentials: true })")
            .gives(REFUSED),
        case("xhr/upload-listener", "who listens to an upload's progress brings a preflight for a POST that needs none (XHR, upload listener flag)")
            .policy(|on| listed(on).allow_methods(["POST"]))
            .page("xhr('POST', api + '/upload', { body: 'hello', listen: true })")
            .gives("200 5 bytes")
            .server(["preflight POST /upload: 200", "POST /upload: 200"]),
        case("xhr/upload-listener-default", "which FastAPI's default methods refuse")
            .policy(listed)
            .page("xhr('POST', api + '/upload', { body: 'hello', listen: true })")
            .gives(REFUSED)
            .server(["preflight POST /upload: 400"]),
        case("event-source/listed", "a stream of events needs no preflight")
            .policy(listed)
            .page("events(api + '/events')")
            .gives("one, two")
            .server(["GET /events: 200"]),
        case("event-source/not-listed", "and no event reaches a page that is not listed")
            .policy(foreign)
            .page("events(api + '/events')")
            .gives(REFUSED)
            .server(["GET /events: 200"]),
        case("event-source/with-credentials", "cookies are sent if the page asks for it and the policy allows it")
            .policy(|on| listed(on).allow_credentials(true))
            .page("(async () => { await attempt(api + '/login', include); return events(api + '/events', { withCredentials: true }) })()")
            .gives("one, two")
            .server(["GET /login: 200", "GET /events: 200 with cookie visitor=7"]),
    ]
}
