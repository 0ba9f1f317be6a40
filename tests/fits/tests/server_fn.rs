//! server_fn 0.8: `#[middleware(..)]` of a server function, as its macro and its axum handler use it.
//!
//! The macro itself is not here: what it writes asks for a client, a browser's or reqwest's.

use std::{convert::Infallible, sync::Arc};

use axum::{Router, body::Body, extract::Request, response::Response, routing::any};
use bytes::Bytes;
use server_fn::{
    error::ServerFnErrorErr,
    middleware::{BoxedService, Layer},
};
use tower::{Service as _, service_fn, util::option_layer};
use tower_cors::{CorsLayer, SameBodyLayer};
use tower_cors_fits::{Call, both, ours, works};

const HOME: Call<Body> = Call::home(Body::from);

/// The type that the macro writes: `vec![Arc::new(cors()), ..]`.
type Middlewares = Vec<Arc<dyn Layer<Request, Response>>>;

/// What its axum handler does with them.
fn function(middlewares: Middlewares) -> BoxedService<Request, Response> {
    let home =
        service_fn(|_: Request| async { Ok::<_, Infallible>(Response::new(Body::from("home"))) });
    let ser = |error: ServerFnErrorErr| Bytes::from(error.to_string());
    middlewares.into_iter().fold(BoxedService::new(ser, home), |inner, layer| layer.layer(inner))
}

#[tokio::test]
async fn middleware_of_a_function() {
    both!(HOME, |cors| function(vec![Arc::new(cors)]));
    both!(HOME, |cors| function(vec![Arc::new(option_layer(Some(cors)))]));
    both!(HOME, |cors| function(vec![Arc::new(tower::ServiceBuilder::new().layer(cors))]));
}

#[tokio::test]
async fn optional_middleware_of_a_setting() {
    let cors: Option<CorsLayer> = Some(ours());
    let cors = option_layer(cors.map(CorsLayer::same_body));
    works(tower_cors_fits::Layered::Ours, &HOME, function(vec![Arc::new(cors)])).await;
}

/// The layer's type in a signature.
fn cors() -> SameBodyLayer<Body> {
    ours().same_body()
}

#[tokio::test]
async fn types_in_signatures() {
    works(tower_cors_fits::Layered::Ours, &HOME, function(vec![Arc::new(cors())])).await;
}

#[tokio::test]
async fn served_by_axum() {
    both!(HOME, |cors| {
        let middlewares: Middlewares = vec![Arc::new(cors)];
        let handler = move |request| {
            let mut service = function(middlewares.clone());
            async move { service.call(request).await.map_err(|error| error.to_string()) }
        };
        Router::new().route("/", any(handler)) as Router
    });
}
