//! Layers over layers, and applications that set headers of their own.

use axum::{Router, middleware, response::Response};
use http::{HeaderValue, header};
use tower_cors::{Any, CorsLayer};

use super::{foreign, listed};
use crate::{
    app,
    case::{Case, On, REFUSED, case},
};

/// An application that allows any origin by itself, twice.
fn by_hand() -> Router {
    app::router().layer(middleware::map_response(async |mut response: Response| {
        let fields = response.headers_mut();
        let any = HeaderValue::from_static("*");
        fields.append(header::ACCESS_CONTROL_ALLOW_ORIGIN, any.clone());
        fields.append(header::ACCESS_CONTROL_ALLOW_ORIGIN, any);
        response
    }))
}

/// A public application below a policy for somebody else, with credentials.
fn public_below_private(on: &On) -> Router {
    app::router()
        .layer(CorsLayer::new().allow_origins(Any))
        .layer(foreign(on).allow_credentials(true))
}

pub fn cases() -> Vec<Case> {
    vec![
        case("stacked/outer-allows", "the outer layer's answer replaces the inner one's")
            .serve(|on| {
                app::router().layer(foreign(on)).layer(listed(on).allow_methods(["PUT"]))
            })
            .page("Promise.all([attempt(api + '/echo'), attempt(api + '/echo', put)])")
            .gives(vec!["200 GET", "200 PUT"]),
        case("stacked/both-allow", "two layers that allow a page send one origin, not two")
            .serve(|on| {
                app::router()
                    .layer(CorsLayer::new().allow_origins(Any))
                    .layer(listed(on).allow_credentials(true))
            })
            .page("Promise.all([attempt(api + '/echo'), attempt(api + '/echo', include)])")
            .gives(vec!["200 GET", "200 GET"]),
        case("stacked/outer-preflight", "the outer layer answers all preflights")
            .serve(|on| app::router().layer(listed(on).allow_methods(["PUT"])).layer(listed(on)))
            .page("attempt(api + '/echo', put)")
            .gives(REFUSED)
            .server(["preflight PUT /echo: 400"]),
        case("stacked/by-hand", "what an application says by itself, even twice, is replaced")
            .serve(|on| by_hand().layer(listed(on).allow_credentials(true)))
            .page("attempt(api + '/echo', include)")
            .gives("200 GET"),
        case("stacked/by-hand-alone", "which alone would fail")
            .serve(|_| by_hand())
            .page("attempt(api + '/echo')")
            .gives(REFUSED),
        case("stacked/tower-http-below", "another library's layer below is replaced like anything else")
            .serve(|on| {
                app::router()
                    .layer(tower_http::cors::CorsLayer::permissive())
                    .layer(listed(on).allow_credentials(true).allow_methods(["PUT"]))
            })
            .page("Promise.all([attempt(api + '/echo', include), attempt(api + '/echo', { ...put, ...include })])")
            .gives(vec!["200 GET", "200 PUT"]),
        case("stacked/public-below-private", "a public route stays public, and never becomes a grant with credentials (difference D2)")
            .serve(public_below_private)
            .page("Promise.all([attempt(api + '/echo'), attempt(api + '/echo', include)])")
            .gives(vec!["200 GET", REFUSED]),
    ]
}
