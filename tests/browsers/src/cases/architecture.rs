//! The page from a CDN, everything else through a gateway: each a process of its own.

use crate::{
    case::{Case, REFUSED, case},
    engine::Engine::{Chromium, Firefox},
    roles::{Backend, Habit},
};

const GET: &str = "attempt(api + '/echo')";
const PUT: &str = "attempt(api + '/echo', { ...put, headers: { 'x-token': '1' } })";
const FAILURE: &[&str] = &[
    "Access to fetch at '{api}/echo' from origin '{page}' has been blocked by CORS policy",
    "No 'Access-Control-Allow-Origin' header is present on the requested resource.",
];

pub fn cases() -> Vec<Case> {
    vec![
        case("architecture/fixed", "the gateway passes everything on, and the backend has the layer: all works")
            .processes(&[], Backend::Listed)
            .page(PUT)
            .gives("200 PUT")
            .server(["preflight PUT /echo [x-token]: 200", "PUT /echo: 200"]),
        case("architecture/fixed-credentials", "with cookies, too")
            .processes(&[], Backend::Listed)
            .page("(async () => { await attempt(api + '/login', include); return attempt(api + '/header/cookie', include) })()")
            .gives("200 visitor=7")
            .server(["GET /login: 200", "GET /header/cookie: 200 with cookie visitor=7"]),
        case("architecture/fixed-errors", "the backend's errors are readable through the gateway")
            .processes(&[], Backend::Listed)
            .page("Promise.all([attempt(api + '/status/422'), attempt(api + '/panic'), attempt(api + '/nowhere')])")
            .gives(vec!["422 status 422", "500 Service panicked", "404"]),
        case("architecture/article", "the gateway answers OPTIONS itself before a bare backend: the preflight passes, the PUT is carried out, the page sees a failure")
            .processes(&[Habit::AnswersOptions], Backend::Bare)
            .page(PUT)
            .gives(REFUSED)
            .server(["PUT /echo: 200"])
            .console(Chromium, FAILURE)
            .console(Firefox, &["CORS header ‘Access-Control-Allow-Origin’ missing). Status code: 200."]),
        case("architecture/article-get", "a GET fails alike, without any preflight")
            .processes(&[Habit::AnswersOptions], Backend::Bare)
            .page(GET)
            .gives(REFUSED)
            .server(["GET /echo: 200"])
            .console(Chromium, FAILURE),
        case("architecture/bare", "without the gateway's answers not even the PUT is sent")
            .processes(&[], Backend::Bare)
            .page(PUT)
            .gives(REFUSED)
            .server(["preflight PUT /echo [x-token]: 200, by the application"]),
        case("architecture/mock-kept", "the gateway may keep its answers once the backend has the layer")
            .processes(&[Habit::AnswersOptions], Backend::Listed)
            .page(PUT)
            .gives("200 PUT")
            .server(["PUT /echo: 200"]),
        case("architecture/mock-kept-credentials", "but they stand in the way of credentials")
            .processes(&[Habit::AnswersOptions], Backend::Listed)
            .page("attempt(api + '/echo', { ...put, ...include })")
            .gives(REFUSED)
            .server([])
            .console(Chromium, &["must not be the wildcard '*' when the request's credentials mode is 'include'"])
            .console(Firefox, &["Credential is not supported if the CORS header ‘Access-Control-Allow-Origin’ is ‘*’)."]),
        case("architecture/both", "a gateway that adds headers to those of the backend breaks both: two origins are none")
            .processes(&[Habit::AddsHeaders], Backend::Listed)
            .page(GET)
            .gives(REFUSED)
            .server(["GET /echo: 200"])
            .console(Chromium, &["The 'Access-Control-Allow-Origin' header contains multiple values '{page}, {page}', but only one is allowed."])
            .console(Firefox, &["CORS header ‘Access-Control-Allow-Origin’ does not match ‘{page}, {page}’)."]),
        case("architecture/both-preflight", "and the preflight as well")
            .processes(&[Habit::AddsHeaders], Backend::Listed)
            .page(PUT)
            .gives(REFUSED)
            .server(["preflight PUT /echo [x-token]: 200"]),
        case("architecture/both-wildcard", "equal or not")
            .processes(&[Habit::AddsHeaders], Backend::Wildcard)
            .page(GET)
            .gives(REFUSED)
            .console(Chromium, &["The 'Access-Control-Allow-Origin' header contains multiple values '*, {page}', but only one is allowed."]),
        case("architecture/origin-hidden", "a gateway that keeps Origin to itself gets no answer of CORS, even under `*`")
            .processes(&[Habit::HidesOrigin], Backend::Wildcard)
            .page(GET)
            .gives(REFUSED)
            .server(["GET /echo: 200 without Origin"])
            .console(Chromium, FAILURE),
        case("architecture/origin-hidden-constant", "constant_wildcard answers all the same")
            .processes(&[Habit::HidesOrigin], Backend::Constant)
            .page(GET)
            .gives("200 GET")
            .server(["GET /echo: 200 without Origin"]),
        case("architecture/lists-split", "a gateway that sends a list as several lines is understood (difference D1)")
            .processes(&[Habit::SplitsLists], Backend::Listed)
            .page("attempt(api + '/echo', { ...put, headers: { 'x-token': '1', 'x-trace': '2' } })")
            .gives("200 PUT")
            .server(["preflight PUT /echo [x-token | x-trace]: 200", "PUT /echo: 200"]),
        case("architecture/token-wanted", "a gateway that wants a token of preflights, which never have one, lets none through")
            .processes(&[Habit::WantsToken], Backend::Listed)
            .page(PUT)
            .gives(REFUSED)
            .server([]),
        case("architecture/redirected", "a gateway that redirects preflights breaks them")
            .processes(&[Habit::Redirects], Backend::Listed)
            .page(PUT)
            .gives(REFUSED)
            .server([]),
        case("architecture/backend-down", "the gateway's own 502 looks like a CORS failure")
            .processes(&[], Backend::Down)
            .page(GET)
            .gives(REFUSED)
            .console(Chromium, FAILURE),
        case("architecture/one-origin", "a gateway that serves the page, too, needs no CORS")
            .processes(&[Habit::ServesPage], Backend::Bare)
            .page("attempt('/echo', put)")
            .gives("200 PUT"),
        case("architecture/one-origin-enforced", "a proxy that rewrites Host: enforce_origin cannot know the page as its own, which has to be listed")
            .processes(&[Habit::ServesPage], Backend::Enforcing)
            .page("attempt('/echo', json)")
            .gives("403 Disallowed CORS origin")
            .server(["POST /echo: 403 from http://localhost, not carried out"]),
        case("architecture/enforced", "while the CDN's page is stopped")
            .processes(&[], Backend::Enforcing)
            .page("attempt(api + '/echo', { method: 'POST', body: 'hello' })")
            .gives(REFUSED)
            .server(["POST /echo: 403, not carried out"]),
    ]
}
