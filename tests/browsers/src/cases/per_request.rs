//! Policies chosen for each request.

use std::sync::{Arc, RwLock};

use axum::{Router, routing::any};
use http::header;
use tower_cors::{Any, AsyncPerRequestLayer, CorsLayer, CorsPolicy, PerRequestLayer};

use super::{foreign, listed};
use crate::{
    app,
    case::{Case, On, REFUSED, case},
};

fn built(cors: CorsLayer) -> CorsPolicy {
    cors.build().expect("the case's policy builds")
}

fn by_path(on: &On) -> Router {
    let public = built(CorsLayer::new().allow_origins(Any));
    let private = built(foreign(on));
    app::router().layer(PerRequestLayer::new(move |head| match head.uri.path() {
        path if path.starts_with("/none/") => None,
        path if path.starts_with("/public/") => Some(public.clone()),
        _ => Some(private.clone()),
    }))
}

/// Tenant `a` allows the page; nobody else does.
fn by_host(on: &On) -> Router {
    let policy = built(listed(on).allow_methods(["PUT"]));
    app::router().layer(PerRequestLayer::new(move |head| {
        let host = head.headers.get(header::HOST)?.to_str().ok()?;
        host.starts_with("a.").then(|| policy.clone())
    }))
}

/// Until somebody asks for `/allow`, the page is not allowed.
fn replaced(on: &On) -> Router {
    let current = Arc::new(RwLock::new(built(foreign(on))));
    let (layers, next) = (current.clone(), built(listed(on)));
    let allow = async move || *current.write().expect("nobody panics here") = next;
    app::router().route("/allow", any(allow)).layer(PerRequestLayer::new(move |_| {
        Some(layers.read().expect("nobody panics here").clone())
    }))
}

fn awaited(on: &On) -> Router {
    let policy = built(listed(on).allow_methods(["PUT"]));
    app::router().layer(AsyncPerRequestLayer::new(move |head| {
        let policy = head.uri.path().starts_with("/public/").then(|| policy.clone());
        async {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            policy
        }
    }))
}

/// The page is allowed to read text.
fn by_accept(on: &On) -> Router {
    let policy = built(listed(on));
    let choose = move |head: &http::request::Parts| {
        let accept = head.headers.get(header::ACCEPT)?;
        (accept == "text/plain").then(|| policy.clone())
    };
    app::router().layer(PerRequestLayer::new(choose).vary([header::ACCEPT]))
}

pub fn cases() -> Vec<Case> {
    vec![
        case("per-request/path", "one policy for a path, another for the rest, none for a third")
            .serve(by_path)
            .page("Promise.all(['/public/echo', '/echo', '/none/echo'].map(path => attempt(api + path)))")
            .gives(vec!["200 GET", REFUSED, REFUSED]),
        case("per-request/none-preflight", "without a policy OPTIONS is the application's own")
            .serve(by_path)
            .page("attempt(api + '/none/echo', put)")
            .gives(REFUSED)
            .server(["preflight PUT /none/echo: 200, by the application"]),
        case("per-request/host", "a policy for each tenant's host, preflights included")
            .serve(by_host)
            .page("Promise.all(['a.localhost', 'b.localhost'].map(host => attempt(api.replace('localhost', host) + '/echo', put)))")
            .gives(vec!["200 PUT", REFUSED]),
        case("per-request/replaced", "a policy replaced under way holds from the next request on")
            .serve(replaced)
            .page("(async () => [await attempt(api + '/echo'), await attempt(api + '/allow', { mode: 'no-cors' }), await attempt(api + '/echo')])()")
            .gives(vec![REFUSED, "opaque", "200 GET"]),
        case("per-request/awaited", "a policy that is looked up")
            .serve(awaited)
            .page("Promise.all(['/public/echo', '/echo'].map(path => attempt(api + path)).concat(attempt(api + '/public/echo', put)))")
            .gives(vec!["200 GET", REFUSED, "200 PUT"]),
        case("per-request/vary", "what the choice reads is in Vary, so no cache mixes up the answers")
            .serve(by_accept)
            .page("(async () => [await attempt(api + '/cached', { headers: { accept: 'text/plain' } }), await attempt(api + '/cached', { headers: { accept: 'text/html' } })])()")
            .gives(vec!["200 kept", REFUSED])
            .server(["GET /cached: 200", "GET /cached: 200"]),
    ]
}
