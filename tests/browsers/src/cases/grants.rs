//! Grants that nobody gave (difference D9), and the ways out that the text of a danger names.

use axum::{Router, middleware, response::Response};
use http::{HeaderValue, header};
use tower_cors::{Any, CorsLayer, Risk};

use super::listed;
use crate::{
    app,
    case::{Case, REFUSED, case},
};

/// An application whose handlers grant cookies to a page of their own.
fn grants_to_another() -> Router {
    app::router().layer(middleware::map_response(async |mut response: Response| {
        let fields = response.headers_mut();
        let other = HeaderValue::from_static("https://spa.example");
        fields.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, other);
        let granted = HeaderValue::from_static("true");
        fields.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, granted);
        response
    }))
}

const TWICE: &str =
    "(async () => [await attempt(api + '/echo', include), await attempt(api + '/echo')])()";

const TOKEN: &str =
    "attempt(api + '/header/authorization', { headers: { authorization: 'Bearer 7' } })";
const TOKEN_AND_COOKIES: &str = "attempt(api + '/header/authorization', { ...include, headers: { authorization: 'Bearer 7' } })";
const COOKIES: &str = "(async () => { await attempt(api + '/login', include); return attempt(api + '/header/cookie', include) })()";

pub fn cases() -> Vec<Case> {
    vec![
        case("grants/inner-credentials", "D9: our origin beside the application's credentials is a grant that nobody gave")
            .serve(|on| grants_to_another().layer(listed(on)))
            .page(TWICE)
            .gives(vec![REFUSED, "200 GET"]),
        case("grants/inner-credentials-any", "the same for any origin, which no engine takes with cookies anyway")
            .serve(|_| grants_to_another().layer(CorsLayer::new().allow_origins(Any)))
            .page(TWICE)
            .gives(vec![REFUSED, "200 GET"]),
        case("grants/inner-credentials-tower-http", "the hole: tower-http leaves the application's header beside its own origin")
            .serve(|on| {
                let page = HeaderValue::from_str(&on.page).expect("an origin is a header value");
                grants_to_another().layer(tower_http::cors::CorsLayer::new().allow_origin(page))
            })
            .page(TWICE)
            .gives(vec!["200 GET", "200 GET"]),
        case("grants/any-token", "the first way out of any origin with credentials: a token needs none")
            .policy(|_| CorsLayer::new().allow_origins(Any).allow_headers(["authorization"]))
            .page(TOKEN)
            .gives("200 Bearer 7"),
        case("grants/any-token-with-include", "so the page must drop `credentials: 'include'` too")
            .policy(|_| CorsLayer::new().allow_origins(Any).allow_headers(["authorization"]))
            .page(TOKEN_AND_COOKIES)
            .gives(REFUSED),
        case("grants/any-token-without-header", "and without the allowed header no token passes")
            .policy(|_| CorsLayer::new().allow_origins(Any))
            .page(TOKEN)
            .gives(REFUSED),
        case("grants/any-cookies", "the second way out: the origins by name")
            .policy(|_| {
                CorsLayer::new()
                    .allow_origins(["https://app.example.com", "http://localhost:*"])
                    .allow_credentials(true)
            })
            .page(COOKIES)
            .gives("200 visitor=7"),
        case("grants/any-tolerated", "the third way out: it is intended")
            .policy(|_| {
                CorsLayer::new()
                    .allow_origins(Any)
                    .allow_credentials(true)
                    .allow_headers(["authorization"])
                    .tolerate(Risk::AnyOrigin)
            })
            .page("(async () => { await attempt(api + '/login', include); return [await attempt(api + '/header/cookie', include), await attempt(api + '/header/authorization', { ...include, headers: { authorization: 'Bearer 7' } })] })()")
            .gives(vec!["200 visitor=7", "200 Bearer 7"]),
    ]
}
