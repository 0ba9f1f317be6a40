//! What consoles say of a refusal, with and without `browser_diagnostics`.

use tower_cors::CorsLayer;

use super::{foreign, listed};
use crate::{
    case::{Case, On, REFUSED, case},
    engine::Engine::{Chromium, Firefox},
};

fn diagnosed(on: &On) -> CorsLayer {
    listed(on).allow_headers(["x-token"]).browser_diagnostics(true)
}

pub fn cases() -> Vec<Case> {
    vec![
        case("diagnostics/off", "FastAPI's 400 hides what was refused")
            .policy(listed)
            .page("attempt(api + '/echo', put)")
            .gives(REFUSED)
            .server(["preflight PUT /echo: 400"])
            .console(Chromium, &["It does not have HTTP ok status."])
            .console(Firefox, &["CORS preflight response did not succeed). Status code: 400."]),
        case("diagnostics/method", "the console names the method (Firefox: the list that it is not in)")
            .policy(diagnosed)
            .page("attempt(api + '/echo', put)")
            .gives(REFUSED)
            .server(["preflight PUT /echo: 200"])
            .console(Chromium, &["Method PUT is not allowed by Access-Control-Allow-Methods in preflight response."])
            .console(Firefox, &["Did not find method in CORS header ‘Access-Control-Allow-Methods’)."]),
        case("diagnostics/header", "the console names the header")
            .policy(diagnosed)
            .page("attempt(api + '/echo', { headers: { 'x-token': '1', 'x-other': '2' } })")
            .gives(REFUSED)
            .server(["preflight GET /echo [x-other,x-token]: 200"])
            .console(Chromium, &["Request header field x-other is not allowed by Access-Control-Allow-Headers in preflight response."])
            .console(Firefox, &["header ‘x-other’ is not allowed according to header ‘Access-Control-Allow-Headers’ from CORS preflight response)."]),
        case("diagnostics/header-of-safelisted-method", "a refused method that browsers take hides behind the header, which is named")
            .policy(diagnosed)
            .page("attempt(api + '/echo', { method: 'HEAD', headers: { 'x-other': '2' } })")
            .gives(REFUSED)
            .server(["preflight HEAD /echo [x-other]: 200"])
            .console(Chromium, &["Request header field x-other is not allowed by Access-Control-Allow-Headers in preflight response."])
            .console(Firefox, &["header ‘x-other’ is not allowed according to"]),
        case("diagnostics/safelisted-method", "what only the status refuses stays refused: browsers ask no list for HEAD")
            .policy(diagnosed)
            .page("attempt(api + '/echo', { method: 'HEAD', headers: { 'x-token': '1' } })")
            .gives(REFUSED)
            .server(["preflight HEAD /echo [x-token]: 400"])
            .console(Chromium, &["It does not have HTTP ok status."]),
        case("diagnostics/origin", "a refused origin is refused, at 200")
            .policy(|on| foreign(on).allow_methods(["PUT"]).browser_diagnostics(true))
            .page("attempt(api + '/echo', put)")
            .gives(REFUSED)
            .server(["preflight PUT /echo: 200"])
            .console(Chromium, &["Response to preflight request doesn't pass access control check: No 'Access-Control-Allow-Origin' header is present"])
            .console(Firefox, &["CORS header ‘Access-Control-Allow-Origin’ missing). Status code: 200."]),
        case("diagnostics/allowed", "what is allowed stays so")
            .policy(|on| diagnosed(on).allow_methods(["PUT"]))
            .page("attempt(api + '/echo', { ...put, headers: { 'x-token': '1' } })")
            .gives("200 PUT")
            .server(["preflight PUT /echo [x-token]: 200", "PUT /echo: 200"]),
        case("diagnostics/credentials", "a page that wants credentials and a policy without: both consoles say so by themselves")
            .policy(listed)
            .page("attempt(api + '/echo', include)")
            .gives(REFUSED)
            .console(Chromium, &["The value of the 'Access-Control-Allow-Credentials' header in the response is '' which must be 'true'"])
            .console(Firefox, &["expected ‘true’ in CORS header ‘Access-Control-Allow-Credentials’)."]),
    ]
}
