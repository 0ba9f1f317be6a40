//! Held out: what is asked for, what is not sent, and redirects.

use super::{ANY, Lines, NAMES_TWICE, OWN_USER_AGENT, by_hand};
use crate::{
    case::{Case, REFUSED, case},
    engine::Engine::{Chromium, Firefox},
};

/// What is asked for, and what is not sent at all.
pub(super) fn requests() -> Vec<Case> {
    const ALLOWS: Lines = &[
        "access-control-allow-origin: *",
        "access-control-allow-methods: DELETE",
        "access-control-allow-headers: accept-language, content-language, content-type, range, user-agent, x-a, x-b",
    ];
    vec![
        case("held-out/long-value", "a safelisted header of more than 128 bytes is asked for (Fetch, CORS-safelisted request-header)")
            .serve(|on| by_hand(on, 200, ALLOWS, ANY))
            .page("(async () => [await attempt(api + '/echo', { headers: { 'accept-language': 'a'.repeat(128) } }), await attempt(api + '/echo?', { headers: { 'accept-language': 'a'.repeat(129) } })])()")
            .gives(vec!["200 GET", "200 GET"])
            .server(["GET /echo: 200", "preflight GET /echo [accept-language]: 200", "GET /echo: 200"]),
        case("held-out/content-language", "an underscore is not for a language")
            .serve(|on| by_hand(on, 200, ALLOWS, ANY))
            .page("attempt(api + '/echo', { headers: { 'content-language': 'en_US' } })")
            .gives("200 GET")
            .server(["preflight GET /echo [content-language]: 200", "GET /echo: 200"]),
        case("held-out/content-type-parameters", "a form's type may have parameters")
            .serve(|on| by_hand(on, 200, ALLOWS, ANY))
            .page("attempt(api + '/echo', { method: 'POST', headers: { 'content-type': 'Text/Plain; a=b;c=d' }, body: 'hello' })")
            .gives("200 POST hello")
            .server(["POST /echo: 200"]),
        case("held-out/content-type-unsafe-byte", "but no quotation mark")
            .serve(|on| by_hand(on, 200, ALLOWS, ANY))
            .page("attempt(api + '/echo', { method: 'POST', headers: { 'content-type': 'text/plain; a=\"b\"' }, body: 'hello' })")
            .gives("200 POST hello")
            .server(["preflight POST /echo [content-type]: 200", "POST /echo: 200"]),
        case("held-out/range-open", "a range with a beginning is safelisted, two of them are not")
            .serve(|on| by_hand(on, 200, ALLOWS, ANY))
            .page("(async () => [await attempt(api + '/range', { headers: { range: 'bytes=5-' } }), await attempt(api + '/range', { headers: { range: 'bytes=0-1,4-5' } })])()")
            .gives(vec!["200 0123456789", "200 0123456789"])
            .server(["GET /range: 200", "preflight GET /range [range]: 200", "GET /range: 200"]),
        case("held-out/forbidden-headers", "what no script may set is dropped, and asked for by nobody (Fetch, forbidden request-header)")
            .serve(|on| by_hand(on, 200, ALLOWS, ANY))
            .page("attempt(api + '/header/sec-test', { headers: { 'sec-test': '1', 'date': 'today', 'cookie': 'a=1', 'x-http-method-override': 'TRACE' } })")
            .gives("200 no such header")
            .server(["GET /header/sec-test: 200"]),
        case("held-out/no-cors-header", "mode no-cors sends safelisted headers alone (Fetch, request-no-cors guard)")
            .serve(|on| by_hand(on, 200, ALLOWS, ANY))
            .page("attempt(api + '/echo', { mode: 'no-cors', headers: { 'x-a': '1' } })")
            .gives("opaque")
            .server(["GET /echo: 200 without Origin"]),
        case("held-out/user-agent", "user-agent is no forbidden header, and is asked for")
            .serve(|on| by_hand(on, 200, ALLOWS, ANY))
            .page("attempt(api + '/header/user-agent', { headers: { 'user-agent': 'me' } }).then(text => text === '200 me')")
            .gives(true)
            .server(["preflight GET /header/user-agent [user-agent]: 200", "GET /header/user-agent: 200"])
            .except(Chromium, OWN_USER_AGENT, false)
            .except_server(Chromium, OWN_USER_AGENT, ["GET /header/user-agent: 200"]),
        case("held-out/names-sorted", "asked names are in lower case, sorted, once, without blanks")
            .serve(|on| by_hand(on, 200, ALLOWS, ANY))
            .page("attempt(api + '/echo', { headers: [['X-B', '1'], ['x-a', '2'], ['x-b', '3'], ['accept', 'text/html']] })")
            .gives("200 GET")
            .server(["preflight GET /echo [x-a,x-b]: 200", "GET /echo: 200"])
            .except_server(Firefox, NAMES_TWICE, ["preflight GET /echo [x-a,x-b,x-b]: 200", "GET /echo: 200"]),
        case("held-out/method-delete", "delete is put into upper case")
            .serve(|on| by_hand(on, 200, ALLOWS, ANY))
            .page("attempt(api + '/echo', { method: 'dElEtE' })")
            .gives("200 DELETE")
            .server(["preflight DELETE /echo: 200", "DELETE /echo: 200"]),
        case("held-out/forbidden-method", "TRACE is for no script")
            .serve(|on| by_hand(on, 200, ALLOWS, ANY))
            .page("attempt(api + '/echo', { method: 'trace' })")
            .gives(REFUSED)
            .server([]),
    ]
}

pub(super) fn redirects() -> Vec<Case> {
    const ALLOWS: Lines = &[
        "access-control-allow-origin: *",
        "access-control-allow-methods: PUT",
        "access-control-allow-headers: content-type",
    ];
    vec![
        case("held-out/301-form-post", "a 301 makes a GET of a POST, without its body")
            .serve(|on| by_hand(on, 200, ALLOWS, ANY))
            .page("attempt(redirect(301, api + '/echo'), { method: 'POST', body: 'hello' })")
            .gives("200 GET")
            .server(["POST /redirect/301: 301", "GET /echo: 200"]),
        case("held-out/302-put", "a 302 leaves a PUT")
            .serve(|on| by_hand(on, 200, ALLOWS, ANY))
            .page("attempt(redirect(302, api + '/echo'), { ...put, body: 'hello' })")
            .gives("200 PUT hello")
            .server([
                "preflight PUT /redirect/302: 200",
                "PUT /redirect/302: 302",
                "preflight PUT /echo: 200",
                "PUT /echo: 200",
            ]),
        case("held-out/308-json-post", "a 308 sends the body again, to a relative address, too")
            .serve(|on| by_hand(on, 200, ALLOWS, ANY))
            .page("attempt(redirect(308, '/echo'), json)")
            .gives("200 POST {}")
            .server([
                "preflight POST /redirect/308 [content-type]: 200",
                "POST /redirect/308: 308",
                "preflight POST /echo [content-type]: 200",
                "POST /echo: 200",
            ]),
        case(
            "held-out/redirect-without-location",
            "a redirect that names no place is a response like others",
        )
        .serve(|on| by_hand(on, 200, ALLOWS, ANY))
        .page("attempt(api + '/status/302')")
        .gives("302 status 302"),
        case(
            "held-out/redirect-with-password",
            "an address with a password is refused (Fetch, HTTP-redirect fetch)",
        )
        .serve(|on| by_hand(on, 200, ALLOWS, ANY))
        .page("attempt(redirect(302, api.replace('//', '//me:secret@') + '/echo'))")
        .gives(REFUSED)
        .server(["GET /redirect/302: 302"]),
        case("held-out/redirect-error", "redirect: 'error' accepts none")
            .serve(|on| by_hand(on, 200, ALLOWS, ANY))
            .page("attempt(redirect(302, api + '/echo'), { redirect: 'error' })")
            .gives(REFUSED)
            .server(["GET /redirect/302: 302"]),
        case(
            "held-out/redirect-home",
            "back on its own server a page is nobody, and needs leave there as well",
        )
        .serve(|on| by_hand(on, 200, ALLOWS, ANY))
        .page("attempt(redirect(302, page + '/page.js'))")
        .gives(REFUSED)
        .server(["GET /redirect/302: 302"]),
        case("held-out/redirect-no-cors", "an opaque response may have been redirected")
            .serve(|on| by_hand(on, 200, ALLOWS, &[]))
            .page("attempt(redirect(302, api + '/echo'), { mode: 'no-cors' })")
            .gives("opaque")
            .server(["GET /redirect/302: 302 without Origin", "GET /echo: 200 without Origin"]),
    ]
}
