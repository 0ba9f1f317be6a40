//! Errors that a page can read, and those that it cannot.

use std::time::Duration;

use axum::{
    extract::Request,
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use http::StatusCode;
use tower_cors::CorsPolicy;
use tower_http::{
    catch_panic::CatchPanicLayer, limit::RequestBodyLimitLayer, timeout::TimeoutLayer,
};

use super::listed;
use crate::{
    app,
    case::{Case, REFUSED, case},
    engine::Engine,
};

const MISSING: &str =
    "No 'Access-Control-Allow-Origin' header is present on the requested resource.";

async fn busy(_: Request, _: Next) -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, "busy").into_response()
}

/// The same, decorated as `CorsPolicy::decorate` is meant for.
async fn decorated(policy: CorsPolicy, request: Request, next: Next) -> Response {
    let asked = request.headers().clone();
    let mut response = busy(request, next).await;
    policy.decorate(&asked, response.headers_mut());
    response
}

pub fn cases() -> Vec<Case> {
    vec![
        case("errors/404", "every status is decorated, so the page learns what went wrong: no such route")
            .policy(listed)
            .page("attempt(api + '/nowhere')")
            .gives("404"),
        case("errors/405", "a route without the method")
            .policy(|on| listed(on).allow_methods(["PUT"]))
            .page("attempt(api + '/only-get', put)")
            .gives("405")
            .server(["preflight PUT /only-get: 200", "PUT /only-get: 405"]),
        case("errors/4xx-5xx", "what the application says")
            .policy(listed)
            .page("Promise.all([400, 401, 403, 422, 429, 500, 503].map(status => attempt(`${api}/status/${status}`)))")
            .gives(vec![
                "400 status 400", "401 status 401", "403 status 403", "422 status 422",
                "429 status 429", "500 status 500", "503 status 503",
            ]),
        case("errors/panic", "a panic that is caught inside of the layer is a 500 that the page can read")
            .policy(listed)
            .page("attempt(api + '/panic')")
            .gives("500 Service panicked")
            .server(["GET /panic: 500"]),
        case("errors/panic-caught-outside", "caught outside of it, it looks like a CORS failure")
            .serve(|on| app::without_catch_panic().layer(listed(on)).layer(CatchPanicLayer::new()))
            .page("attempt(api + '/panic')")
            .gives(REFUSED)
            .server(["GET /panic: 500"])
            .console(Engine::Chromium, &[MISSING])
            .console(Engine::Firefox, &["CORS header ‘Access-Control-Allow-Origin’ missing). Status code: 500."]),
        case("errors/body-limit", "a limit inside of the layer: the 413 is readable")
            .serve(|on| app::router().layer(RequestBodyLimitLayer::new(5)).layer(listed(on)))
            .page("attempt(api + '/upload', { method: 'POST', body: 'more than five' }).then(text => text.slice(0, 3))")
            .gives("413"),
        case("errors/timeout", "a timeout inside of the layer: the 504 is readable")
            .serve(|on| {
                let limit = Duration::from_millis(100);
                app::router()
                    .layer(TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, limit))
                    .layer(listed(on))
            })
            .page("attempt(api + '/slow')")
            .gives("504"),
        case("errors/made-outside", "a load shedder outside of the layer: bare, and refused")
            .serve(|on| app::router().layer(listed(on)).layer(middleware::from_fn(busy)))
            .page("attempt(api + '/echo')")
            .gives(REFUSED)
            .console(Engine::Chromium, &[MISSING]),
        case("errors/made-outside-decorated", "CorsPolicy::decorate makes it readable")
            .serve(|on| {
                let policy = listed(on).build().expect("one origin builds");
                let shed = move |request, next| decorated(policy.clone(), request, next);
                app::router().layer(listed(on)).layer(middleware::from_fn(shed))
            })
            .page("attempt(api + '/echo')")
            .gives("503 busy"),
        case("errors/304", "a 304 that a script asked for is decorated, too")
            .policy(|on| listed(on).allow_headers(["if-none-match"]))
            .page("attempt(api + '/etag', { headers: { 'if-none-match': '\"1\"' } })")
            .gives("304")
            .server(["preflight GET /etag [if-none-match]: 200", "GET /etag: 304"]),
        case("errors/no-content", "204 has no body, and is readable")
            .policy(listed)
            .page("attempt(api + '/status/204')")
            .gives("204"),
    ]
}
